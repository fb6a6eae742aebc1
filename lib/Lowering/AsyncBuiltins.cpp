//===- AsyncBuiltins.cpp - Core functions made by built-ins of async ------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#canonical-definitions, from `canon context.get` on. The state machines are the
// runtime's; here is what each function looks like from the guest: its arguments and results, the
// check that it may leave, the event that is stored in its memory.
//
//===----------------------------------------------------------------------===//

#include "AsyncBuiltins.h"
#include "tenon-abi/state.h"
#include "tenon/Dialect/Core/CoreDialect.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

namespace {

/// How a built-in becomes a call of the runtime.
enum class Shape {
  Unknown,
  ContextGet,
  ContextSet,
  Simple,   ///< (self, arguments...) -> its result
  Event,    ///< the same, and stores an event
  New,      ///< (self, type of end) -> both ends
  Copy,     ///< read or write
  Cancel,   ///< (self, type of end, argument, async) -> its result
  Drop,     ///< (self, type of end, argument)
  Delivers, ///< task.return
  NotYet    ///< would start a thread, or wait for one
};

struct Plan {
  Shape shape = Shape::Unknown;
  StringRef callee;
  unsigned params = 0, results = 0; ///< of the core function
};

} // namespace

static Plan planOf(StringRef name) {
  auto [family, operation] = name.split('.');
  if (family == "stream" || family == "future")
    return llvm::StringSwitch<Plan>(operation)
        .Case("new", {Shape::New, "tenon_end_new", 0, 1})
        .Cases({"read", "write"}, {Shape::Copy, "tenon_end_copy", family == "stream" ? 3u : 2u, 1})
        .Cases({"cancel-read", "cancel-write"}, {Shape::Cancel, "tenon_end_cancel", 1, 1})
        .Cases({"drop-readable", "drop-writable"}, {Shape::Drop, "tenon_end_drop", 1, 0})
        .Default({});
  return llvm::StringSwitch<Plan>(name)
      .Case("context.get", {Shape::ContextGet, "", 0, 1})
      .Case("context.set", {Shape::ContextSet, "", 1, 0})
      .Case("backpressure.inc", {Shape::Simple, "tenon_backpressure_inc", 0, 0})
      .Case("backpressure.dec", {Shape::Simple, "tenon_backpressure_dec", 0, 0})
      .Case("task.return", {Shape::Delivers, "tenon_call_return"})
      .Case("task.cancel", {Shape::Simple, "tenon_call_cancel", 0, 0})
      .Case("thread.yield", {Shape::Simple, "tenon_thread_yield", 0, 1})
      .Case("thread.index", {Shape::Simple, "tenon_thread_index", 0, 1})
      .Case("thread.suspend", {Shape::Simple, "tenon_thread_suspend", 0, 1})
      .Case("waitable-set.new", {Shape::Simple, "tenon_waitable_set_new", 0, 1})
      .Case("waitable-set.drop", {Shape::Simple, "tenon_waitable_set_drop", 1, 0})
      .Case("waitable-set.wait", {Shape::Event, "tenon_waitable_set_wait", 2, 1})
      .Case("waitable-set.poll", {Shape::Event, "tenon_waitable_set_poll", 2, 1})
      .Case("waitable.join", {Shape::Simple, "tenon_waitable_join", 2, 0})
      .Case("subtask.cancel", {Shape::Simple, "tenon_subtask_cancel", 1, 1})
      .Case("subtask.drop", {Shape::Simple, "tenon_subtask_drop", 1, 0})
      .Case("error-context.drop", {Shape::Simple, "tenon_error_context_drop", 1, 0})
      .StartsWith("thread.", {Shape::NotYet, "tenon_async_unsupported"})
      .Default({});
}

bool lowering::isAsyncBuiltin(StringRef name, LLVM::LLVMFunctionType type) {
  Plan plan = planOf(name);
  if (plan.shape == Shape::NotYet || plan.shape == Shape::Delivers)
    return true; // no argument is looked at; or all are the deliverer's
  unsigned results = isa<LLVM::LLVMVoidType>(type.getReturnType()) ? 0 : 1;
  return plan.shape != Shape::Unknown && type.getNumParams() == plan.params &&
         results == plan.results && llvm::all_of(type.getParams(), llvm::IsaPred<IntegerType>) &&
         (!results || isa<IntegerType>(type.getReturnType()));
}

/// The code of tenon-abi/async.def.
static uint32_t codeOf(StringRef name) {
#define ASYNC(Name, code, text)                                                                    \
  if (name == text)                                                                                \
    return code;
#include "tenon-abi/async.def"
#undef ASYNC
  llvm_unreachable("everything that is not there yet is listed");
}

namespace {

class Body {
public:
  Body(const AsyncBuiltinSpec &spec, Functions &functions, LLVM::LLVMFuncOp function)
      : spec(spec), e(functions, function) {}

  void build();
  void buildTaskReturn(ArrayRef<LLVM::LLVMFuncOp> deliverers);

private:
  const AsyncBuiltinSpec &spec;
  Emitter e;

  Value self() {
    return core::SelfAddrOp::create(e.getBuilder(), e.getLoc(), e.ptrType(), spec.side.self);
  }
  Value contextSlot() {
    return e.offset(self(), offsetof(tenon_self, context) + spec.slot * sizeof(uint64_t));
  }
  void checkMayLeave();
  Value memory();
  Value copy();
  Value call(const Plan &plan);
  void returns(Value value);
};

} // namespace

void Body::checkMayLeave() {
  if (!spec.side.mayLeaveMatters)
    return;
  Value flag = e.load(e.intType(8), e.offset(self(), offsetof(tenon_self, cannot_leave)), 1);
  e.trapIf(e.isNonZero(flag), Trap::CannotLeave);
}

/// The record of the memory that the options name; null if they name none.
Value Body::memory() {
  if (!spec.side.memoryInstance)
    return e.zero(e.ptrType());
  return core::MemoryRecordOp::create(e.getBuilder(), e.getLoc(), e.ptrType(),
                                      spec.side.memoryInstance, spec.side.memoryExport);
}

Value Body::copy() {
  Block::BlockArgListType arguments = e.arguments();
  Value count = arguments.size() > 2 ? e.toWidth(arguments[2], 64) : e.i64(1);
  uint64_t traits = spec.traits | (spec.isAsync ? uint64_t(tenon_copy_async) : 0);
  return e.runtime("tenon_end_copy", {self(), e.i32(spec.end), arguments[0], memory(),
                                      e.toWidth(arguments[1], 64), count, e.i64(traits)});
}

Value Body::call(const Plan &plan) {
  Values arguments = {self()};
  switch (plan.shape) {
  case Shape::Unknown:
  case Shape::ContextGet:
  case Shape::ContextSet:
  case Shape::Delivers:
    llvm_unreachable("is no call of the runtime");
  case Shape::Simple:
    llvm::append_range(arguments, e.arguments());
    break;
  case Shape::Event:
    arguments.append({e.arguments().front(), memory(), e.toWidth(e.arguments().back(), 64)});
    break;
  case Shape::New:
    arguments.push_back(e.i32(spec.end));
    break;
  case Shape::Copy:
    return copy();
  case Shape::Cancel:
    arguments.append({e.i32(spec.end), e.arguments().front(), e.i32(spec.isAsync)});
    break;
  case Shape::Drop:
    arguments.append({e.i32(spec.end), e.arguments().front()});
    break;
  case Shape::NotYet:
    e.runtime(plan.callee, e.i32(codeOf(spec.name)));
    return {};
  }
  return e.runtime(plan.callee, arguments);
}

/// Returns `value`, as wide as the function's type says; zero for one that is never reached.
void Body::returns(Value value) {
  Type wanted = spec.type.getReturnType();
  if (isa<LLVM::LLVMVoidType>(wanted))
    return e.ret({});
  e.ret(value ? e.toWidth(value, wanted.getIntOrFloatBitWidth()) : e.zero(wanted));
}

void Body::build() {
  Plan plan = planOf(spec.name);
  if (plan.shape == Shape::ContextGet)
    return returns(e.load(e.intType(64), contextSlot(), 8));
  if (plan.shape == Shape::ContextSet) {
    e.store(e.toWidth(e.arguments().front(), 64), contextSlot(), 8);
    return returns({});
  }
  if (!spec.name.starts_with("backpressure."))
    checkMayLeave();
  returns(call(plan));
}

void Body::buildTaskReturn(ArrayRef<LLVM::LLVMFuncOp> deliverers) {
  checkMayLeave();
  Value call = e.runtime("tenon_call_return", {self(), e.i32(spec.signature)});
  Values arguments = {call};
  llvm::append_range(arguments, e.arguments());
  if (!deliverers.empty()) { // else no task has the signature, and this is never reached
    Value number = e.load(e.intType(32), e.offset(call, offsetof(tenon_call, deliverer)), 4);
    e.switchOn(
        number, deliverers.size(), {}, [](unsigned) { return false; },
        [&](unsigned i) {
          if (deliverers[i])
            e.call(deliverers[i], arguments);
          else
            e.trap(Trap::BadTaskReturn);
          return Values();
        });
  }
  returns({});
}

void lowering::buildAsyncBuiltin(const AsyncBuiltinSpec &spec, Functions &functions,
                                 LLVM::LLVMFuncOp function) {
  Body(spec, functions, function).build();
}

void lowering::buildTaskReturn(const AsyncBuiltinSpec &spec, Functions &functions,
                               LLVM::LLVMFuncOp function, ArrayRef<LLVM::LLVMFuncOp> deliverers) {
  Body(spec, functions, function).buildTaskReturn(deliverers);
}
