//===- CoreToLLVM.cpp - The pass core-to-llvm -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where a piece of state lies is asked of a StateModel, and nothing else here knows which world it
// is in. The closed world answers with symbols, which code generation resolves.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "tenon-abi/state.h"
#include "tenon/Dialect/Core/CoreDialect.h"
#include "tenon/Lowering/LinkNames.h"
#include "tenon/Lowering/Passes.h"
#include "llvm/ADT/StringMap.h"

namespace tenon::lowering {
#define GEN_PASS_DEF_CORETOLLVMPASS
#include "tenon/Lowering/Passes.h.inc"
} // namespace tenon::lowering

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

namespace {

/// Where state lies, as a value of type `!llvm.ptr` at the builder's place.
class StateModel {
public:
  virtual ~StateModel() = default;
  virtual Value memoryBase(OpBuilder &builder, Location loc, StringRef instance,
                           StringRef memory) = 0;
  /// The `tenon_memory` record.
  virtual Value memoryRecord(OpBuilder &builder, Location loc, StringRef instance,
                             StringRef memory) = 0;
  virtual Value self(OpBuilder &builder, Location loc, StringRef path) = 0;
};

/// Each piece of state exists once and has a symbol.
class ClosedWorld : public StateModel {
public:
  explicit ClosedWorld(mlir::ModuleOp module) : module(module) {}

  Value memoryBase(OpBuilder &builder, Location loc, StringRef instance,
                   StringRef memory) override {
    return address(builder, loc, linkNameOfMemoryBase(instance, memory));
  }
  Value memoryRecord(OpBuilder &builder, Location loc, StringRef instance,
                     StringRef memory) override {
    return address(builder, loc, linkNameOfMemoryRecord(instance, memory));
  }
  Value self(OpBuilder &builder, Location loc, StringRef path) override {
    return address(builder, loc, linkNameOfSelf(path));
  }

private:
  Value address(OpBuilder &builder, Location loc, const std::string &name) {
    LLVM::GlobalOp &global = globals[name];
    if (!global) {
      OpBuilder top = OpBuilder::atBlockBegin(module.getBody());
      // No size: code generation knows it, and LLVM must not guess.
      Type type = LLVM::LLVMArrayType::get(top.getIntegerType(8), 0);
      global = LLVM::GlobalOp::create(top, module.getLoc(), type, /*isConstant=*/false,
                                      LLVM::Linkage::External, name, Attribute());
      global.setVisibility_(LLVM::Visibility::Hidden);
    }
    return LLVM::AddressOfOp::create(builder, loc, global);
  }

  mlir::ModuleOp module;
  llvm::StringMap<LLVM::GlobalOp> globals;
};

struct CoreToLLVM : lowering::impl::CoreToLLVMPassBase<CoreToLLVM> {
  void runOnOperation() override {
    eraseStructure();
    ClosedWorld model(getOperation());
    getOperation().walk([&](Operation *op) { lower(op, model); });
  }

  void eraseStructure() {
    for (Operation &op : llvm::make_early_inc_range(*getOperation().getBody()))
      if (isa<core::ModuleOp, core::SelfOp, core::InstanceOp, core::ExportOp>(op))
        op.erase();
  }

  static void replace(Operation *op, Value value) {
    op->getResult(0).replaceAllUsesWith(value);
    op->erase();
  }

  static void lower(Operation *op, StateModel &model) {
    OpBuilder builder(op);
    Location loc = op->getLoc();
    if (core::MemoryBaseOp base = dyn_cast<core::MemoryBaseOp>(op)) {
      replace(op, model.memoryBase(builder, loc, base.getInstance(), base.getMemory()));
    } else if (core::MemoryBytesOp bytes = dyn_cast<core::MemoryBytesOp>(op)) {
      Value record = model.memoryRecord(builder, loc, bytes.getInstance(), bytes.getMemory());
      LLVM::GEPArg offset = int32_t(offsetof(tenon_memory, bytes));
      Value field = LLVM::GEPOp::create(builder, loc, record.getType(), builder.getIntegerType(8),
                                        record, offset);
      replace(op, LLVM::LoadOp::create(builder, loc, builder.getIntegerType(64), field, 8u));
    } else if (core::MemoryRecordOp record = dyn_cast<core::MemoryRecordOp>(op)) {
      replace(op, model.memoryRecord(builder, loc, record.getInstance(), record.getMemory()));
    } else if (core::SelfAddrOp address = dyn_cast<core::SelfAddrOp>(op)) {
      StringRef path = address.getSelf();
      path.consume_front("self:");
      replace(op, model.self(builder, loc, path));
    }
  }
};

} // namespace
