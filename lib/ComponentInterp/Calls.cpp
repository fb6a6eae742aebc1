//===- Calls.cpp - Calls between instances, and builtins ------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md, `canon lift`, `canon lower` and the resource builtins. A trap goes out through
// everything that is in progress and leaves `mayEnter` and `mayLeave` as they are: nothing that was
// entered can be entered again.
//
//===----------------------------------------------------------------------===//

#include "ComponentRuntime.h"

using namespace tenon;
using namespace tenon::interp;
using component::Val;
using component::ValType;

/// Calls of instances within each other; they take the stack of this program.
constexpr unsigned maxDepth = 500;

static llvm::SmallVector<ValType, 8> paramTypes(const component::FuncType &type) {
  llvm::SmallVector<ValType, 8> types;
  for (const component::Param &param : type.params)
    types.push_back(param.type);
  return types;
}

static llvm::SmallVector<ValType, 1> resultTypes(const component::FuncType &type) {
  llvm::SmallVector<ValType, 1> types;
  if (type.result)
    types.push_back(*type.result);
  return types;
}

TrapKind ComponentRuntime::call(const LiftedFunction &function, ComponentInstance *caller,
                                Start start, Resolve resolve, bool isStart) {
  if (function.type->isAsync || function.options.isAsync)
    return TrapKind::NotSupported;
  ComponentInstance &callee = *function.instance;
  bool isDonutWrapping = caller && caller != &callee &&
                         (caller->isSelfOrAncestorOf(&callee) || callee.isSelfOrAncestorOf(caller));
  if (!callee.mayEnterFrom(caller) || (isDonutWrapping && !donutWrapping && !isStart))
    return TrapKind::CannotEnter;
  if (depth == maxDepth)
    return TrapKind::StackExhausted;
  ++depth;
  callee.setMayEnter(caller, false);
  auto run = [&]() -> TrapKind {
    std::vector<Val> args, result;
    SourceStrings strings;
    if (TrapKind kind = start(args, strings); kind != TrapKind::None)
      return kind;
    Task task;
    Context cx(arena, store, function.options, callee, function.resources, strings);
    cx.task = &task;
    cx.isBetweenGuests = caller != nullptr;
    FlatValues flat, flatResults;
    if (!lowerValues(cx, maxFlatParams, args, paramTypes(*function.type), std::nullopt, flat) ||
        !cx.call(*function.callee, flat, flatResults))
      return cx.trap;
    strings.clear();
    if (!liftValues(cx, maxFlatResults, flatResults, resultTypes(*function.type), result))
      return cx.trap;
    if (task.numBorrows)
      return TrapKind::BorrowsRemain;
    if (TrapKind kind = resolve(result, strings); kind != TrapKind::None)
      return kind;
    if (!function.options.postReturn)
      return TrapKind::None;
    FlatValues none;
    callee.mayLeave = false;
    if (!cx.call(*function.options.postReturn, flatResults, none))
      return cx.trap;
    callee.mayLeave = true;
    return TrapKind::None;
  };
  TrapKind kind = run();
  --depth;
  if (kind == TrapKind::None)
    callee.setMayEnter(caller, true);
  return kind;
}

TrapKind ComponentRuntime::callLowered(const LoweredFunction &lowered, llvm::ArrayRef<Value> args,
                                       llvm::MutableArrayRef<Value> results) {
  if (!lowered.instance->mayLeave)
    return TrapKind::CannotLeave;
  if (lowered.options.isAsync)
    return TrapKind::NotSupported;
  FlatValues flat, flatResults;
  for (const Value &arg : args)
    flat.push_back(arg.as<uint64_t>());
  SourceStrings none;
  std::vector<uint32_t> lenders;
  auto contextWith = [&](SourceStrings &strings) {
    Context cx(arena, store, lowered.options, *lowered.instance, lowered.resources, strings);
    cx.isBetweenGuests = true;
    return cx;
  };
  TrapKind kind = call(
      *lowered.callee, lowered.instance,
      [&](std::vector<Val> &values, SourceStrings &strings) {
        Context cx = contextWith(strings);
        liftValues(cx, maxFlatParams, flat, paramTypes(*lowered.type), values);
        lenders = std::move(cx.lenders);
        return cx.trap;
      },
      [&](llvm::ArrayRef<Val> values, SourceStrings &strings) {
        Context cx = contextWith(strings);
        std::optional<uint64_t> outParam;
        if (!flat.empty())
          outParam = flat.back();
        lowerValues(cx, maxFlatResults, values, resultTypes(*lowered.type), outParam, flatResults);
        return cx.trap;
      });
  if (kind != TrapKind::None)
    return kind;
  for (uint32_t lender : lenders) // `Subtask.deliver_resolve`
    --lowered.instance->handles.get(lender).numLends;
  for (auto [result, value] : llvm::zip_equal(results, flatResults))
    result = Value::of(value);
  return TrapKind::None;
}

Function *ComponentRuntime::makeLowered(LoweredFunction lowered, const wasm::FuncType &type) {
  return store.addFunction(
      type, [this, lowered = std::move(lowered)](llvm::ArrayRef<Value> args,
                                                 llvm::MutableArrayRef<Value> results) {
        return callLowered(lowered, args, results);
      });
}

//===----------------------------------------------------------------------===//
// Builtins
//===----------------------------------------------------------------------===//

/// `canon resource.drop`
TrapKind ComponentRuntime::drop(ComponentInstance &self, const ResourceType *type, uint32_t index) {
  if (!self.mayLeave)
    return TrapKind::CannotLeave;
  ResourceHandle *found = nullptr;
  TrapKind trap = self.handles.find(index, type, found);
  if (trap != TrapKind::None)
    return trap;
  ResourceHandle handle = *found;
  if (handle.numLends)
    return TrapKind::HandleLent;
  self.handles.remove(index);
  if (!handle.isOwn) {
    --handle.borrowScope->numBorrows;
    return TrapKind::None;
  }
  if (!type->impl->mayEnterFrom(&self))
    return TrapKind::CannotEnter;
  if (!type->destructor)
    return TrapKind::None;
  if (depth == maxDepth)
    return TrapKind::StackExhausted;
  ++depth;
  type->impl->setMayEnter(&self, false);
  Outcome outcome = store.invoke(*type->destructor, Value::of(handle.rep));
  --depth;
  if (!outcome.returned())
    return outcome.kind == Outcome::Threw ? TrapKind::UncaughtException : outcome.trap;
  type->impl->setMayEnter(&self, true);
  return TrapKind::None;
}

Function *ComponentRuntime::makeBuiltin(const component::Canon &canon, Environment &env) {
  ComponentInstance *self = env.self;
  using Args = llvm::ArrayRef<Value>;
  using Results = llvm::MutableArrayRef<Value>;
  const ResourceType *type =
      canon.resources.empty() ? nullptr : env.resource(canon.resources.front());
  switch (canon.kind) {
  case component::CanonKind::ResourceNew:
    return store.addFunction(canon.coreType, [self, type](Args args, Results results) {
      if (!self->mayLeave)
        return TrapKind::CannotLeave;
      ResourceHandle handle;
      handle.type = type;
      handle.rep = args[0].as<uint32_t>();
      handle.isOwn = true;
      uint32_t index = self->handles.add(handle);
      results[0] = Value::of(index);
      return index ? TrapKind::None : TrapKind::HandleTableFull;
    });
  case component::CanonKind::ResourceRep:
    return store.addFunction(canon.coreType, [self, type](Args args, Results results) {
      ResourceHandle *handle = nullptr;
      TrapKind trap = self->handles.find(args[0].as<uint32_t>(), type, handle);
      if (trap == TrapKind::None)
        results[0] = Value::of(handle->rep);
      return trap;
    });
  case component::CanonKind::ResourceDrop:
    return store.addFunction(canon.coreType, [this, self, type](Args args, Results) {
      return drop(*self, type, args[0].as<uint32_t>());
    });
  default:
    return nullptr;
  }
}
