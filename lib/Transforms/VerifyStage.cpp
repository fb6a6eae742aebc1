//===- VerifyStage.cpp - comp-verify-stage --------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table of stages in docs/Architecture.md, as a check. At stage `fused` also that component
// instances are isolated: what a core instance is given belongs to its own component instance,
// adapters included, and so do the memories and functions that an adapter uses on each side. (Who
// can reach what of the host, RuntimeGraph.cpp, relies on it.)
//
//===----------------------------------------------------------------------===//

#include "tenon/Transforms/Passes.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"
#include <optional>

namespace tenon::comp {
#define GEN_PASS_DEF_COMPVERIFYSTAGE
#include "tenon/Transforms/Passes.h.inc"
} // namespace tenon::comp

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

namespace {
enum class Stage { Graph, Linked, Flat, Fused };
} // namespace

static std::optional<Stage> parseStage(StringRef name) {
  return llvm::StringSwitch<std::optional<Stage>>(name)
      .Case("graph", Stage::Graph)
      .Case("linked", Stage::Linked)
      .Case("flat", Stage::Flat)
      .Case("fused", Stage::Fused)
      .Default(std::nullopt);
}

static bool isAdapter(Operation &op) {
  return isa<AdapterOp, HostAdapterOp, HostFuncOp, HostResourceOp>(op);
}

/// Legal while components are nested: everything as written.
static bool isLegalNested(Operation &op, Stage stage) {
  if (ImportOp import = dyn_cast<ImportOp>(op))
    return stage == Stage::Graph ||
           isa<InstanceType, FuncType, comp::ResourceType>(import.getType());
  return !isAdapter(op) && !isa<CoreInstanceOp>(op);
}

static bool isStructure(Operation &op) {
  return isa<DefineOp, ReturnOp, InstantiateOp, BundleOp, CoreInstantiateOp, CoreBundleOp>(op);
}

static bool isLegalFlat(Operation &op) {
  if (RootExportOp exported = dyn_cast<RootExportOp>(op))
    return isa<FuncType>(exported.getValue().getType());
  if (ImportOp import = dyn_cast<ImportOp>(op))
    return isa<InstanceType, FuncType, comp::ResourceType>(import.getType());
  return !isStructure(op) && !isAdapter(op);
}

static bool isLegalFused(Operation &op) {
  if (RootExportOp exported = dyn_cast<RootExportOp>(op))
    return isa_and_nonnull<LiftOp, HostFuncOp>(exported.getValue().getDefiningOp());
  if (isa<LiftOp>(op))
    return llvm::all_of(op.getUsers(), llvm::IsaPred<RootExportOp>);
  return !isStructure(op) && !isa<ImportOp, ExportOp, LowerOp>(op);
}

//===----------------------------------------------------------------------===//
// Isolation
//===----------------------------------------------------------------------===//

/// The state of the component instance that a core value belongs to.
static Value ownerOf(Value value) {
  return llvm::TypeSwitch<Operation *, Value>(value.getDefiningOp())
      .Case([](CoreExportOp exported) {
        CoreInstanceOp instance = exported.getInstance().getDefiningOp<CoreInstanceOp>();
        return instance ? Value(instance.getSelf()) : Value();
      })
      .Case([](AdapterOp adapter) { return adapter.getCallerSelf(); })
      .Case([](HostAdapterOp adapter) { return adapter.getCallerSelf(); })
      .Case([](ResourceNewOp builtin) { return builtin.getSelf(); })
      .Case([](ResourceRepOp builtin) { return builtin.getSelf(); })
      .Case([](ResourceDropOp builtin) { return builtin.getSelf(); })
      .Case([](BuiltinOp builtin) { return builtin.getSelf(); })
      .Default([](Operation *) { return Value(); });
}

static LogicalResult checkOwner(Operation *op, Value self, ValueRange values) {
  for (Value value : values)
    if (value && ownerOf(value) != self)
      return op->emitOpError("uses a core value of another component instance");
  return success();
}

static LogicalResult checkIsolation(Operation &op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](CoreInstanceOp instance) {
        return checkOwner(&op, instance.getSelf(), instance.getImports());
      })
      .Case([&](LiftOp lift) {
        return checkOwner(&op, lift.getSelf(),
                          {lift.getCallee(), lift.getMemory(), lift.getRealloc(),
                           lift.getPostReturn(), lift.getCallback()});
      })
      .Case([&](AdapterOp adapter) {
        if (failed(checkOwner(&op, adapter.getCallerSelf(),
                              {adapter.getCallerMemory(), adapter.getCallerRealloc()})))
          return failure();
        return checkOwner(&op, adapter.getCalleeSelf(),
                          {adapter.getCallee(), adapter.getCalleeMemory(),
                           adapter.getCalleeRealloc(), adapter.getCalleePostReturn(),
                           adapter.getCalleeCallback()});
      })
      .Case([&](HostAdapterOp adapter) {
        return checkOwner(&op, adapter.getCallerSelf(),
                          {adapter.getCallerMemory(), adapter.getCallerRealloc()});
      })
      .Case([&](BuiltinOp builtin) {
        return checkOwner(&op, builtin.getSelf(), {builtin.getMemory(), builtin.getRealloc()});
      })
      .Case([&](comp::ResourceOp resource) {
        return checkOwner(&op, resource.getSelf(), {resource.getDtor()});
      })
      .Default([](Operation *) { return success(); });
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

static bool isLegal(Operation &op, Stage stage) {
  switch (stage) {
  case Stage::Graph:
  case Stage::Linked:
    return isLegalNested(op, stage);
  case Stage::Flat:
    return isLegalFlat(op);
  case Stage::Fused:
    return isLegalFused(op);
  }
  llvm_unreachable("every stage is handled");
}

namespace {
struct VerifyStagePass : comp::impl::CompVerifyStageBase<VerifyStagePass> {
  using CompVerifyStageBase::CompVerifyStageBase;

  void runOnOperation() override {
    std::optional<Stage> parsed = parseStage(stage);
    if (!parsed) {
      getOperation().emitError() << "there is no stage '" << stage << "'";
      return signalPassFailure();
    }
    getOperation().walk([&](Operation *op) {
      if (!isa_and_nonnull<CompDialect>(op->getDialect()))
        return;
      if (!isLegal(*op, *parsed)) {
        op->emitOpError() << "is not legal at stage " << stage;
        signalPassFailure();
      } else if (*parsed == Stage::Fused && failed(checkIsolation(*op))) {
        signalPassFailure();
      }
    });
  }
};
} // namespace
