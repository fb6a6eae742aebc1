//===- FuseAdapters.cpp - comp-fuse-adapters ------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A lower takes a component function, and after flattening there are only two kinds of those:
// lifts, with which it makes an adapter, and functions of the host. First the imports that are left
// get their host names: a resource is one value for each interface and name, whichever version of
// the interface it was imported from. That both sides of an adapter agree on the resources was
// proven when the components were validated; it is checked again here, on the values, because a
// mistake would hand one instance's handles to another.
//
//===----------------------------------------------------------------------===//

#include "HostNames.h"
#include "RemoveUnused.h"
#include "tenon/Transforms/Passes.h"
#include "llvm/ADT/MapVector.h"

namespace tenon::comp {
#define GEN_PASS_DEF_COMPFUSEADAPTERS
#include "tenon/Transforms/Passes.h.inc"
} // namespace tenon::comp

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

//===----------------------------------------------------------------------===//
// Naming the host
//===----------------------------------------------------------------------===//

namespace {
class HostNamer {
public:
  explicit HostNamer(Block &body) : body(body), atStart(OpBuilder::atBlockBegin(&body)) {}

  LogicalResult run();

private:
  Block &body;
  OpBuilder atStart; ///< resources stand before everything that may need them
  llvm::DenseMap<std::pair<StringAttr, StringAttr>, Value> resources;

  LogicalResult nameInstance(ImportOp import);
  LogicalResult replace(Operation *op, StringRef interface, StringAttr name);
};
} // namespace

LogicalResult HostNamer::run() {
  for (ImportOp import : llvm::make_early_inc_range(body.getOps<ImportOp>())) {
    LogicalResult named = isa<InstanceType>(import.getType())
                              ? nameInstance(import)
                              : replace(import, rootInterface, import.getNameAttr());
    if (failed(named))
      return failure();
  }
  return success();
}

LogicalResult HostNamer::nameInstance(ImportOp import) {
  std::string interface = hostInterfaceOf(import.getInterface());
  for (Operation *user : llvm::make_early_inc_range(import->getUsers())) {
    ExportOp exported = dyn_cast<ExportOp>(user);
    if (!exported)
      return user->emitError() << "the imported instance " << import.getNameAttr()
                               << " was not taken apart";
    if (failed(replace(exported, interface, exported.getNameAttr())))
      return failure();
  }
  import.erase();
  return success();
}

/// Puts the host's function or resource in the place of `op`.
LogicalResult HostNamer::replace(Operation *op, StringRef interface, StringAttr name) {
  Value result = op->getResult(0);
  StringAttr interfaceAttr = StringAttr::get(op->getContext(), interface);
  Value host;
  if (isa<FuncType>(result.getType())) {
    OpBuilder builder(op);
    host = HostFuncOp::create(builder, op->getLoc(), result.getType(), interfaceAttr, name);
  } else if (isa<comp::ResourceType>(result.getType())) {
    Value &known = resources[{interfaceAttr, name}];
    if (!known)
      known = HostResourceOp::create(atStart, op->getLoc(), interfaceAttr, name);
    host = known;
  } else {
    return op->emitError() << "nothing provides the import " << name << ", " << result.getType();
  }
  result.replaceAllUsesWith(host);
  op->erase();
  return success();
}

//===----------------------------------------------------------------------===//
// Fusing
//===----------------------------------------------------------------------===//

/// Both sides of an adapter name the same function type and the same resources.
static LogicalResult checkSides(LowerOp lower, LiftOp lift) {
  if (lower.getCallee().getType() != lift.getType())
    return lower.emitError() << "lowers " << lower.getCallee().getType()
                             << ", but what is lifted is " << lift.getType();
  for (auto [slot, pair] :
       llvm::enumerate(llvm::zip_equal(lower.getResources(), lift.getResources()))) {
    auto [lowered, lifted] = pair;
    if (lowered == lifted)
      continue;
    InFlightDiagnostic error = lower.emitError()
                               << "resource slot " << slot << " is another resource than where the "
                               << "function is lifted";
    error.attachNote(lift.getLoc()) << "lifted here";
    return error;
  }
  return success();
}

static LogicalResult fuse(LowerOp lower) {
  OpBuilder builder(lower);
  Value adapter;
  Operation *callee = lower.getCallee().getDefiningOp();
  if (LiftOp lift = dyn_cast_or_null<LiftOp>(callee)) {
    if (failed(checkSides(lower, lift)))
      return failure();
    adapter = AdapterOp::create(builder, lower.getLoc(), lower.getType(), lift.getCallee(),
                                TypeAttr::get(lift.getType()), lift.getSelf(), lift.getMemory(),
                                lift.getRealloc(), lift.getPostReturn(), lift.getCallback(),
                                lower.getSelf(), lower.getMemory(), lower.getRealloc(),
                                lower.getResources(), lift.getOptions(), lower.getOptions());
  } else if (isa_and_nonnull<HostFuncOp>(callee)) {
    adapter = HostAdapterOp::create(builder, lower.getLoc(), lower.getType(), lower.getCallee(),
                                    lower.getSelf(), lower.getMemory(), lower.getRealloc(),
                                    lower.getResources(), lower.getOptions());
  } else {
    return lower.emitError("lowers neither a lifted function nor one of the host");
  }
  lower.getResult().replaceAllUsesWith(adapter);
  lower.erase();
  return success();
}

namespace {
struct FuseAdaptersPass : comp::impl::CompFuseAdaptersBase<FuseAdaptersPass> {
  void runOnOperation() override {
    Block &body = *getOperation().getBody();
    if (failed(HostNamer(body).run()))
      return signalPassFailure();
    for (LowerOp lower : llvm::make_early_inc_range(body.getOps<LowerOp>()))
      if (failed(fuse(lower)))
        return signalPassFailure();
    removeUnused(body);
  }
};
} // namespace
