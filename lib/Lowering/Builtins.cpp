//===- Builtins.cpp - Core functions made by canon resource.* -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// resource.drop is an adapter of its own: it calls the destructor as a lowered lift would be
// called, with the check that the implementing instance may be entered.
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "tenon-abi/state.h"
#include "tenon/Dialect/Core/CoreDialect.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

namespace {

/// The body of a builtin, with its way to flags of instances.
struct Builtin {
  const BuiltinSpec &spec;
  Emitter e;

  Builtin(const BuiltinSpec &spec, Functions &functions, bool hasResult)
      : spec(spec), e(functions, define(spec, functions, hasResult)) {}

  static LLVM::LLVMFuncOp define(const BuiltinSpec &spec, Functions &functions, bool hasResult) {
    MLIRContext *context = spec.side.self.getContext();
    Type i32 = IntegerType::get(context, 32);
    Type result = hasResult ? i32 : LLVM::LLVMVoidType::get(context);
    LLVM::LLVMFuncOp function =
        functions.define(spec.name, LLVM::LLVMFunctionType::get(result, {i32}));
    markAsAdapter(function);
    return function;
  }

  Value self(FlatSymbolRefAttr name) {
    return core::SelfAddrOp::create(e.getBuilder(), e.getLoc(), e.ptrType(), name);
  }
  Value flag(FlatSymbolRefAttr name, uint64_t offset) { return e.offset(self(name), offset); }
  Value isSet(Value flag) { return e.isNonZero(e.load(e.intType(8), flag, 1)); }
  void set(Value flag, bool value) { e.store(e.constant(e.intType(8), value), flag, 1); }
  Value argument() { return e.arguments().front(); }

  void checkMayLeave() {
    if (spec.side.mayLeaveMatters)
      e.trapIf(isSet(flag(spec.side.self, offsetof(tenon_self, cannot_leave))), Trap::CannotLeave);
  }
  Value handle(StringRef function) {
    return e.runtime(function, {self(spec.side.self), e.i32(spec.resource), argument()});
  }
  void destroy(Value rep);
};

} // namespace

LLVM::LLVMFuncOp lowering::buildResourceNew(const BuiltinSpec &spec, Functions &functions) {
  Builtin b(spec, functions, /*hasResult=*/true);
  b.checkMayLeave();
  b.e.ret(b.handle("tenon_handle_new_own"));
  return b.e.getFunction();
}

LLVM::LLVMFuncOp lowering::buildResourceRep(const BuiltinSpec &spec, Functions &functions) {
  Builtin b(spec, functions, /*hasResult=*/true);
  b.e.ret(b.handle("tenon_handle_rep"));
  return b.e.getFunction();
}

void Builtin::destroy(Value rep) {
  for (const Entered &instance : spec.entered)
    if (instance.check)
      e.trapIf(isSet(flag(instance.self, offsetof(tenon_self, cannot_enter))), Trap::CannotEnter);
  if (!spec.destructor)
    return;
  for (const Entered &instance : spec.entered)
    set(flag(instance.self, offsetof(tenon_self, cannot_enter)), true);
  // It is a synchronous task of its own.
  Values context;
  Value call;
  if (spec.implementer.usesContext)
    context = saveContext(e, self(spec.implementer.self));
  if (spec.tracksTask) {
    call = e.stackSlot(sizeof(tenon_call), alignof(tenon_call));
    e.runtime("tenon_call_begin", {call, self(spec.implementer.self), e.i32(0), e.i32(0)});
  }
  e.call(spec.destructor, rep);
  if (call)
    e.runtime("tenon_call_end", call);
  if (!context.empty())
    restoreContext(e, self(spec.implementer.self), context);
  for (const Entered &instance : spec.entered)
    set(flag(instance.self, offsetof(tenon_self, cannot_enter)), false);
}

LLVM::LLVMFuncOp lowering::buildResourceDrop(const BuiltinSpec &spec, Functions &functions) {
  Builtin b(spec, functions, /*hasResult=*/false);
  b.checkMayLeave();
  Value dropped = b.handle("tenon_handle_drop");
  Value wasOwned = b.e.isNonZero(b.e.shiftRight(dropped, 32));
  b.e.ifThen(wasOwned, [&] { b.destroy(b.e.trunc(dropped, 32)); });
  b.e.ret({});
  return b.e.getFunction();
}
