//===- Program.cpp - The pass comp-lower-adapters -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two walks over the one block of stage `fused`. The first collects what adapters must know of the
// whole program (who can be entered again, whose flags matter). The second makes a function of each
// adapter and an operation of the dialect `core` of each part of the structure; then the graph is
// erased.
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "Builtins.h"
#include "tenon/Lowering/LinkNames.h"
#include "tenon/Lowering/Passes.h"
#include "llvm/ADT/TypeSwitch.h"

namespace tenon::lowering {
#define GEN_PASS_DEF_LOWERADAPTERSPASS
#include "tenon/Lowering/Passes.h.inc"
} // namespace tenon::lowering

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// Parts of a function's type, written out, that one adapter may have; and their nesting.
static constexpr uint64_t maxParts = 100000;
static constexpr uint32_t maxDepth = 120;

Program::Program(ModuleOp module, bool lockdown, bool donutWrapping)
    : module(module), donutWrapping(donutWrapping), builder(module.getContext()), functions(module),
      reentrance(lockdown) {
  builder.setInsertionPointToStart(module.getBody());
}

//===----------------------------------------------------------------------===//
// The first walk
//===----------------------------------------------------------------------===//

LogicalResult Program::checkOptions(Operation *op, comp::OptionsAttr options,
                                    comp::FuncType function) {
  uint64_t parts = 0;
  SmallVector<Type> all(function.getParamTypes());
  all.push_back(function.getResult());
  for (Type type : all) {
    abi::Type converted = types.convert(type);
    parts += abi::partCount(converted);
    if (abi::depth(converted) > maxDepth)
      return op->emitError("types nested more than ") << maxDepth << " deep are not supported yet";
    // Sizes come from outside (fixed lists): a value must fit a memory.
    if (abi::elemSize(converted, abi::PtrKind::Native) > abi::maxListByteLength)
      return op->emitError("values of more than 256 MiB are not supported yet");
  }
  if (parts > maxParts)
    return op->emitError("a function type of ") << parts << " parts is not supported yet";
  return success();
}

void Program::addSelf(comp::SelfOp op) {
  SelfInfo *parent = op.getDetached() ? nullptr : infoOf(op.getParent());
  SelfInfo info;
  info.path = op.getName().str();
  info.symbol = FlatSymbolRefAttr::get(module.getContext(), "self:" + info.path);
  info.number =
      reentrance.addInstance(parent ? parent->number : Reentrance::outside, op.getDetached());
  selfSymbols.push_back(info.symbol);
  selves[op.getSelf()] = info;
}

Program::SelfInfo *Program::infoOf(Value self) {
  auto found = selves.find(self);
  return found == selves.end() ? nullptr : &found->second;
}

void Program::addResource(Value resource, SelfInfo *owner) {
  Resource info;
  info.number = resources.size() + 1;
  if (owner)
    info.self = owner->symbol;
  resources[resource] = info;
}

/// Code of this instance runs while it may not leave it.
void Program::noteRealloc(Value self, bool hasCallback) {
  if (SelfInfo *info = infoOf(self))
    info->mayLeaveMatters |= hasCallback;
}

LogicalResult Program::collect() {
  for (Operation &op : *module.getBody()) {
    auto number = [&](Value self) { return self ? infoOf(self)->number : Reentrance::outside; };
    LogicalResult result =
        llvm::TypeSwitch<Operation *, LogicalResult>(&op)
            .Case([&](comp::SelfOp self) {
              addSelf(self);
              return success();
            })
            .Case([&](comp::ResourceOp resource) {
              addResource(resource.getResource(), infoOf(resource.getSelf()));
              return success();
            })
            .Case([&](comp::HostResourceOp resource) {
              addResource(resource.getResource(), nullptr);
              return success();
            })
            .Case([&](comp::AdapterOp adapter) -> LogicalResult {
              unsigned caller = number(adapter.getCallerSelf());
              unsigned callee = number(adapter.getCalleeSelf());
              if (donutWrapping || !reentrance.isDonutWrapping(caller, callee))
                reentrance.addCall(caller, callee);
              noteRealloc(adapter.getCallerSelf(), !!adapter.getCallerRealloc());
              if (adapter.getCalleeOptions().getIsAsync())
                withTaskBuiltins.push_back(number(adapter.getCalleeSelf()));
              noteRealloc(adapter.getCalleeSelf(),
                          adapter.getCalleeRealloc() || adapter.getCalleePostReturn());
              comp::FuncType type = cast<comp::FuncType>(adapter.getFunction());
              return success(succeeded(checkOptions(&op, adapter.getCalleeOptions(), type)) &&
                             succeeded(checkOptions(&op, adapter.getCallerOptions(), type)));
            })
            .Case([&](comp::HostAdapterOp adapter) {
              noteRealloc(adapter.getCallerSelf(), !!adapter.getCallerRealloc());
              return checkOptions(&op, adapter.getCallerOptions(), adapter.getCallee().getType());
            })
            .Case([&](comp::LiftOp lift) -> LogicalResult {
              reentrance.addCall(Reentrance::outside, number(lift.getSelf()));
              if (lift.getOptions().getIsAsync())
                withTaskBuiltins.push_back(number(lift.getSelf()));
              noteRealloc(lift.getSelf(), lift.getRealloc() || lift.getPostReturn());
              return checkOptions(&op, lift.getOptions(), lift.getResult().getType());
            })
            .Case([&](comp::BuiltinOp builtin) {
              noteBuiltin(builtin);
              comp::FuncType type = builtin.getFunction().value_or(comp::FuncType());
              return type ? checkOptions(&op, builtin.getOptions(), type) : success();
            })
            .Case([&](comp::ResourceDropOp drop) {
              comp::ResourceOp made = drop.getResource().getDefiningOp<comp::ResourceOp>();
              if (made)
                reentrance.addCall(number(drop.getSelf()), number(made.getSelf()));
              return success();
            })
            .Default([](Operation *) { return success(); });
    if (failed(result))
      return failure();
  }
  reentrance.analyze();
  return success();
}

//===----------------------------------------------------------------------===//
// The second walk
//===----------------------------------------------------------------------===//

Resource Program::resourceOf(Value resource) {
  assert(resources.contains(resource) &&
         "every resource is made in the same block, before its use");
  return resources.lookup(resource);
}

void Program::fillEntered(SmallVectorImpl<Entered> &entered, Value caller, Value callee) {
  SelfInfo *calleeInfo = infoOf(callee);
  if (!calleeInfo)
    return;
  unsigned callerNumber = caller ? infoOf(caller)->number : Reentrance::outside;
  for (Reentrance::Entered each : reentrance.enteredBy(callerNumber, calleeInfo->number))
    entered.push_back({selfSymbols[each.instance], each.check});
}

LLVM::LLVMFunctionType Program::typeOf(comp::CoreFuncType type) {
  MLIRContext *context = module.getContext();
  auto convert = [&](Type each) -> Type {
    return isa<comp::CoreRefType>(each) ? LLVM::LLVMPointerType::get(context) : each;
  };
  FunctionType signature = type.getSignature();
  SmallVector<Type> params = llvm::map_to_vector(signature.getInputs(), convert);
  SmallVector<Type> results = llvm::map_to_vector(signature.getResults(), convert);
  Type result = results.empty()       ? LLVM::LLVMVoidType::get(context)
                : results.size() == 1 ? results.front()
                                      : LLVM::LLVMStructType::getLiteral(context, results);
  return LLVM::LLVMFunctionType::get(result, params);
}

/// The function that a core function of the graph is called by; null, with a diagnostic, if there
/// is none.
LLVM::LLVMFuncOp Program::functionOf(Value coreFunc) {
  if (LLVM::LLVMFuncOp function = made.lookup(coreFunc))
    return function;
  comp::CoreExportOp exported = coreFunc.getDefiningOp<comp::CoreExportOp>();
  comp::CoreInstanceOp instance =
      exported ? exported.getInstance().getDefiningOp<comp::CoreInstanceOp>() : nullptr;
  comp::CoreFuncType type = dyn_cast<comp::CoreFuncType>(coreFunc.getType());
  if (!instance || !type) {
    emitError(coreFunc.getLoc(), "expected a function of a core instance or an adapter");
    return {};
  }
  std::string name = linkNameOfFunction(instance.getPath(), exported.getName());
  LLVM::LLVMFuncOp function = functions.declare(name, typeOf(type));
  if (!function)
    exported.emitError("is used with two different types");
  return function;
}

LogicalResult Program::lowerOp(Operation &op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](comp::SelfOp self) { return lowerSelf(self), success(); })
      .Case([&](comp::CoreModuleOp coreModule) { return lowerModule(coreModule), success(); })
      .Case([&](comp::CoreInstanceOp instance) { return lowerInstance(instance); })
      .Case([&](comp::AdapterOp adapter) { return lowerAdapter(adapter); })
      .Case([&](comp::HostAdapterOp adapter) { return lowerHostAdapter(adapter); })
      .Case([&](comp::RootExportOp root) { return lowerRootExport(root); })
      .Case([&](comp::BuiltinOp builtin) { return lowerAsyncBuiltin(builtin); })
      .Case<comp::ResourceNewOp, comp::ResourceRepOp, comp::ResourceDropOp>([&](auto builtin) {
        return lowerBuiltin(builtin, builtin.getResource(), builtin.getSelf());
      })
      .Case<comp::HostOp, comp::ResourceOp, comp::HostResourceOp, comp::HostFuncOp, comp::LiftOp,
            comp::CoreExportOp, comp::CoreBundleOp, comp::ImportOp>(
          [](Operation *) { return success(); }) // looked at where it is used
      .Default([](Operation *other) -> LogicalResult {
        if (isa_and_nonnull<comp::CompDialect>(other->getDialect()))
          return other->emitOpError("is not legal at stage 'fused'");
        return success();
      });
}

LogicalResult Program::lower() {
  SmallVector<Operation *> graph;
  for (Operation &op : *module.getBody())
    if (isa_and_nonnull<comp::CompDialect>(op.getDialect()))
      graph.push_back(&op);
  for (Operation *op : graph)
    if (failed(lowerOp(*op)))
      return failure();
  buildTaskReturns();
  for (Operation *op : llvm::reverse(graph))
    op->erase();
  return success();
}

namespace {

struct LowerAdapters : lowering::impl::LowerAdaptersPassBase<LowerAdapters> {
  using LowerAdaptersPassBase::LowerAdaptersPassBase;

  void runOnOperation() override {
    Program program(getOperation(), lockdown, donutWrapping);
    if (failed(program.collect()) || failed(program.lower()))
      signalPassFailure();
  }
};

} // namespace
