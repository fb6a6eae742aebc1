//===- LowerAdapters.cpp - What each adapter is made from -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the operands of an operation into an AdapterSpec; AdapterBuilder does the rest.
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Program.h"
#include "tenon/Lowering/LinkNames.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

static Encoding encodingOf(comp::OptionsAttr options) {
  switch (options ? options.getEncoding() : comp::StringEncoding::UTF8) {
  case comp::StringEncoding::UTF8:
    return Encoding::UTF8;
  case comp::StringEncoding::UTF16:
    return Encoding::UTF16;
  case comp::StringEncoding::Latin1UTF16:
    return Encoding::Latin1UTF16;
  }
  llvm_unreachable("all encodings are listed");
}

Side Program::guestSide(Value self, Value memory, Value realloc, comp::OptionsAttr options) {
  SelfInfo *info = infoOf(self);
  Side side;
  side.ptr = abi::PtrKind::I32;
  side.encoding = encodingOf(options);
  side.self = info->symbol;
  side.mayLeaveMatters = info->mayLeaveMatters;
  side.usesContext = info->usesContext;
  if (memory) {
    if (cast<comp::CoreMemoryType>(memory.getType()).getIs64())
      side.ptr = abi::PtrKind::I64;
    comp::CoreExportOp exported = memory.getDefiningOp<comp::CoreExportOp>();
    comp::CoreInstanceOp instance =
        exported ? exported.getInstance().getDefiningOp<comp::CoreInstanceOp>() : nullptr;
    if (instance) {
      side.memoryInstance = FlatSymbolRefAttr::get(instance.getPathAttr());
      side.memoryExport = exported.getNameAttr();
    }
  }
  if (realloc)
    side.realloc = functionOf(realloc);
  return side;
}

AdapterSpec Program::newSpec(std::string name, comp::FuncType type, ValueRange resourceValues) {
  AdapterSpec spec;
  spec.name = std::move(name);
  for (Type param : type.getParamTypes())
    spec.params.push_back(types.convert(param));
  if (type.getResult())
    spec.results.push_back(types.convert(type.getResult()));
  for (Value resource : resourceValues)
    spec.resources.push_back(resourceOf(resource));
  spec.isAsyncType = type.getIsAsync();
  if (!resourceValues.empty() || type.getNumSlots() == 0)
    numberEnds(spec, type, resourceValues);
  return spec;
}

/// Whether a side has what carrying these values wants; fused IR can be written by hand.
static LogicalResult checkSide(Operation *op, const Side &side, ArrayRef<abi::Type> lowered,
                               ArrayRef<abi::Type> lifted, bool memoryForLowered,
                               bool memoryForLifted) {
  if (side.isNative())
    return success();
  bool allocates = llvm::any_of(lowered, abi::containsPointer) || memoryForLowered;
  bool reads = llvm::any_of(lifted, abi::containsPointer) || memoryForLifted;
  if ((allocates || reads) && !side.memoryInstance)
    return op->emitError("carries values through memory, but names no memory of a core instance");
  if (allocates && !side.realloc)
    return op->emitError("lowers values into memory, but names no realloc");
  return success();
}

LogicalResult Program::finish(Operation *op, const AdapterSpec &spec, Value result) {
  LLVM::LLVMFuncOp target = spec.target;
  if (!target)
    return failure();
  abi::FlatSignature signature = callerSignature(spec);
  abi::FlatSignature callee = calleeSignature(spec);
  if (failed(checkSide(op, spec.callee, spec.params, spec.results, callee.paramsInMemory,
                       callee.resultsInMemory)) ||
      failed(checkSide(op, spec.caller, spec.results, spec.params, false,
                       signature.paramsInMemory || signature.resultsInMemory)))
    return failure();
  LLVM::LLVMFunctionType type = llvmType(op->getContext(), signature);
  if (result && typeOf(cast<comp::CoreFuncType>(result.getType())) != type)
    return op->emitError("the Canonical ABI gives it the core type ") << type;
  if (LLVM::LLVMFunctionType want = llvmType(op->getContext(), callee);
      target.getFunctionType() != want)
    return op->emitError("expected a callee of type ")
           << want << ", found " << target.getFunctionType();
  LLVM::LLVMFuncOp function = functions.define(spec.name, type);
  markAsAdapter(function);
  if (spec.deliverer)
    AdapterBuilder(spec, functions, spec.deliverer).buildDeliverer();
  AdapterBuilder(spec, functions, function).build();
  if (result)
    made[result] = function;
  return success();
}

/// What a function is called in names of adapters: as its core export, or as whatever stands there.
static std::string calleeName(Value function) {
  if (comp::CoreExportOp exported = function.getDefiningOp<comp::CoreExportOp>())
    return escapeLinkPart(exported.getName());
  return "function";
}

static abi::Async asyncOf(comp::OptionsAttr options, Value callback) {
  if (!options.getIsAsync())
    return abi::Async::No;
  return callback ? abi::Async::Callback : abi::Async::Yes;
}

/// What an adapter calls, as it is lifted.
LogicalResult Program::setCallee(AdapterSpec &spec, comp::FuncType type, ValueRange resources,
                                 Value callee, Value self, Value memory, Value postReturn,
                                 Value callback, comp::OptionsAttr options) {
  spec.target = functionOf(callee);
  spec.postReturn = postReturn ? functionOf(postReturn) : LLVM::LLVMFuncOp();
  spec.callback = callback ? functionOf(callback) : LLVM::LLVMFuncOp();
  spec.callee.async = asyncOf(options, callback);
  spec.tracksTask = tracksTask(self);
  Type i32 = IntegerType::get(module.getContext(), 32);
  LLVM::LLVMFunctionType callbackType = LLVM::LLVMFunctionType::get(i32, {i32, i32, i32});
  if (spec.callback && spec.callback.getFunctionType() != callbackType)
    return emitError(callback.getLoc(), "a callback has the core type ") << callbackType;
  if (!spec.target || (postReturn && !spec.postReturn) || (callback && !spec.callback))
    return failure();
  if (spec.callee.async != abi::Async::No) {
    spec.signature = signatureOf(type.getResult(), resources);
    addDeliverer(spec, {memory, options.getEncoding()});
  }
  return success();
}

LogicalResult Program::lowerAdapter(comp::AdapterOp op) {
  SelfInfo *caller = infoOf(op.getCallerSelf());
  SelfInfo *callee = infoOf(op.getCalleeSelf());
  std::string name = caller->path + " -> " + callee->path + ": " + calleeName(op.getCallee());
  AdapterSpec spec = newSpec(name, cast<comp::FuncType>(op.getFunction()), op.getResources());
  spec.caller = guestSide(op.getCallerSelf(), op.getCallerMemory(), op.getCallerRealloc(),
                          op.getCallerOptions());
  spec.caller.async = asyncOf(op.getCallerOptions(), Value());
  spec.callee = guestSide(op.getCalleeSelf(), op.getCalleeMemory(), op.getCalleeRealloc(),
                          op.getCalleeOptions());
  if (failed(setCallee(spec, cast<comp::FuncType>(op.getFunction()), op.getResources(),
                       op.getCallee(), op.getCalleeSelf(), op.getCalleeMemory(),
                       op.getCalleePostReturn(), op.getCalleeCallback(), op.getCalleeOptions())))
    return failure();
  fillEntered(spec.entered, op.getCallerSelf(), op.getCalleeSelf());
  spec.cannotEnter = !donutWrapping && reentrance.isDonutWrapping(caller->number, callee->number);
  // Own arguments after borrowed ones may want the same handle.
  spec.lendsMatter = reentrance.reaches(callee->number, caller->number) ||
                     llvm::any_of(spec.params, abi::containsOwn);
  return finish(op, spec, op.getResult());
}

LLVM::LLVMFuncOp Program::hostFunction(comp::HostFuncOp op) {
  comp::FuncType type = op.getResult().getType();
  AdapterSpec spec = newSpec("", type, {});
  abi::FlatSignature signature =
      abi::flattenFunctype(spec.params, spec.results, abi::PtrKind::Native, abi::Context::Lower);
  LLVM::LLVMFuncOp function = functions.declare(
      symbolOfHostFunction(op.getInterface(), op.getName()), llvmType(op.getContext(), signature));
  if (!function)
    op.emitError("the host function '") << op.getName() << "' is used with two different types";
  return function;
}

LogicalResult Program::lowerHostAdapter(comp::HostAdapterOp op) {
  comp::HostFuncOp host = op.getCallee().getDefiningOp<comp::HostFuncOp>();
  if (!host)
    return op.emitError("expected a function of the host");
  std::string name = infoOf(op.getCallerSelf())->path + " -> " +
                     symbolOfHostFunction(host.getInterface(), host.getName());
  AdapterSpec spec = newSpec(name, op.getCallee().getType(), op.getResources());
  spec.caller = guestSide(op.getCallerSelf(), op.getCallerMemory(), op.getCallerRealloc(),
                          op.getCallerOptions());
  spec.caller.async = asyncOf(op.getCallerOptions(), Value());
  spec.callee.trusted = true;
  spec.callee.takesViews = true;
  spec.target = hostFunction(host);
  spec.lendsMatter = llvm::any_of(spec.params, abi::containsOwn);
  return finish(op, spec, op.getResult());
}

LogicalResult Program::lowerRootExport(comp::RootExportOp op) {
  std::string symbol = symbolOfExport(op.getName());
  auto publish = [&](LLVM::LLVMFuncOp function) {
    core::ExportOp::create(builder, op.getLoc(), op.getNameAttr(),
                           FlatSymbolRefAttr::get(function));
    return success();
  };
  if (comp::HostFuncOp host = op.getValue().getDefiningOp<comp::HostFuncOp>()) {
    LLVM::LLVMFuncOp function = hostFunction(host);
    return function ? publish(function) : failure();
  }
  comp::LiftOp lift = op.getValue().getDefiningOp<comp::LiftOp>();
  if (!lift)
    return isa<comp::FuncType>(op.getValue().getType())
               ? op.emitError("expected a lifted function or one of the host")
               : success(); // types and components are nothing to call
  AdapterSpec spec = newSpec(symbol, lift.getResult().getType(), lift.getResources());
  spec.callee = guestSide(lift.getSelf(), lift.getMemory(), lift.getRealloc(), lift.getOptions());
  if (failed(setCallee(spec, lift.getResult().getType(), lift.getResources(), lift.getCallee(),
                       lift.getSelf(), lift.getMemory(), lift.getPostReturn(), lift.getCallback(),
                       lift.getOptions())))
    return failure();
  fillEntered(spec.entered, Value(), lift.getSelf());
  if (failed(finish(op, spec, Value())))
    return failure();
  return publish(functions.lookup(symbol));
}

LogicalResult Program::lowerBuiltin(Operation *op, Value resource, Value self) {
  BuiltinSpec spec;
  spec.side = guestSide(self, Value(), Value());
  spec.resource = resourceOf(resource).number;
  comp::ResourceOp guest = resource.getDefiningOp<comp::ResourceOp>();
  comp::HostResourceOp host = resource.getDefiningOp<comp::HostResourceOp>();
  std::string name = host ? symbolOfHostFunction(host.getInterface(), host.getName())
                          : escapeLinkPart(guest.getName());
  std::string caller = infoOf(self)->path;

  LLVM::LLVMFuncOp function;
  if (isa<comp::ResourceNewOp>(op)) {
    spec.name = caller + ": resource.new " + name;
    function = buildResourceNew(spec, functions);
  } else if (isa<comp::ResourceRepOp>(op)) {
    spec.name = caller + ": resource.rep " + name;
    function = buildResourceRep(spec, functions);
  } else {
    spec.name = caller + ": resource.drop " + name;
    Type i32 = IntegerType::get(op->getContext(), 32);
    if (host) {
      spec.destructor = functions.declare(
          symbolOfHostDestructor(host.getInterface(), host.getName()),
          LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(op->getContext()), i32));
    } else {
      fillEntered(spec.entered, self, guest.getSelf());
      spec.implementer = guestSide(guest.getSelf(), Value(), Value());
      spec.tracksTask = tracksTask(guest.getSelf());
      if (guest.getDtor() && !(spec.destructor = functionOf(guest.getDtor())))
        return failure();
    }
    function = buildResourceDrop(spec, functions);
  }
  made[op->getResult(0)] = function;
  return success();
}
