//===- ValidateCanon.cpp - Canonical definitions --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#canonical-definitions, what "validation specifies" of each; each leaves the core
// signature of what it makes (`lift`: of what it takes).
//
//===----------------------------------------------------------------------===//

#include "CoreSubtype.h"
#include "Origins.h"
#include "ValidatorImpl.h"
#include "tenon/Wasm/Subtyping.h"

using namespace tenon;
using namespace tenon::component;

using Core = wasm::ValType;

static wasm::FuncType signature(llvm::ArrayRef<Core> params, llvm::ArrayRef<Core> results) {
  wasm::FuncType type;
  type.params.assign(params.begin(), params.end());
  type.results.assign(results.begin(), results.end());
  return type;
}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

LogicalResult Validator::checkCoreFunc(Scope &scope, uint32_t index, const wasm::FuncType &expected,
                                       const char *what, Location location) {
  if (failed(checkIndex(index, scope.spaces->coreFuncs, "core func", location)))
    return failure();
  const wasm::FuncType &found = scope.spaces->coreFuncs[index];
  if (found == expected)
    return success();
  return diags.error(location, what)
         << ": expected a core function " << str(expected) << ", found " << str(found);
}

/// canonopt validation; `pointer` is the address type of the memory (i32 without one).
LogicalResult Validator::checkOptions(Scope &scope, const CanonOptions &opts, Location location,
                                      wasm::ValType &pointer) {
  pointer = Core::I32;
  if (opts.memory) {
    const std::vector<wasm::MemoryType> &memories = scope.spaces->coreMemories;
    if (failed(checkIndex(*opts.memory, memories, "core memory", location)))
      return failure();
    const wasm::MemoryType &memory = memories[*opts.memory];
    if (memory.limits.is64 &&
        failed(checkEnabled(Feature::Memory64, "a 64-bit memory in canonical options", location)))
      return failure();
    // The ABI counts bytes: the size of a page, which is not part of the released language, is
    // nothing to it.
    if (memory.limits.shared)
      return diags.error(location, "the memory of canonical options must match (memory 0), which "
                                   "a shared memory does not");
    if (memory.limits.is64)
      pointer = Core::I64;
  }
  if (opts.realloc) {
    if (!opts.memory)
      return diags.error(location, "canonical option 'realloc' requires 'memory' as well");
    wasm::FuncType type = signature({pointer, pointer, pointer, pointer}, {pointer});
    if (failed(checkCoreFunc(scope, *opts.realloc, type, "canonical option 'realloc'", location)))
      return failure();
  }
  if (opts.callback) {
    if (!opts.isAsync)
      return diags.error(location, "canonical option 'callback' requires 'async' as well");
    wasm::FuncType type = signature({Core::I32, Core::I32, Core::I32}, {Core::I32});
    if (failed(checkCoreFunc(scope, *opts.callback, type, "canonical option 'callback'", location)))
      return failure();
  }
  if (opts.postReturn && opts.isAsync)
    return diags.error(location, "canonical option 'post-return' can't go with 'async'");
  return success();
}

LogicalResult Validator::require(const CanonOptions &opts, bool memory, bool realloc,
                                 Location location) {
  if ((memory || realloc) && !opts.memory)
    return diags.error(location, "canonical option 'memory' is required");
  if (realloc && !opts.realloc)
    return diags.error(location, "canonical option 'realloc' is required");
  return success();
}

//===----------------------------------------------------------------------===//
// lift and lower
//===----------------------------------------------------------------------===//

LogicalResult Validator::visitLift(Scope &scope, Canon &canon, Location location) {
  const CanonOptions &opts = canon.options;
  FailureOr<TypeId> type = typeIndex(scope, canon.type, TypeKind::Func, location);
  wasm::ValType pointer;
  if (failed(type) || failed(checkOptions(scope, opts, location, pointer)))
    return failure();
  const FuncType &func = arena.getFunc(*type);
  if (opts.isAsync && !func.isAsync)
    return diags.error(location, "canonical option 'async' requires an async function type");
  if (opts.isAsync && !opts.callback &&
      failed(checkEnabled(Feature::Stackful, "an async function without 'callback'", location)))
    return failure();
  canon.funcType = *type;
  canon.resources.assign(func.resources.begin(), func.resources.end());
  canon.coreType = flattener.flatten(func, opts, /*isLift=*/true, pointer);
  if (failed(checkCoreFunc(scope, canon.func, canon.coreType, "lift", location))) {
    uint32_t made = scope.spaces->funcs.size();
    std::string use = describeUse(*scope.component, {Sort::Func, made});
    diags.note(location, "to be ") << (use.empty() ? "" : use + ": ") << arena.str(*type);
    return failure();
  }
  if (opts.postReturn &&
      failed(checkCoreFunc(scope, *opts.postReturn, signature(canon.coreType.results, {}),
                           "canonical option 'post-return'", location)))
    return failure();

  bool realloc = flattener.flattenParams(func, pointer).size() > maxFlatParams;
  for (const Param &param : func.params)
    realloc |= flattener.containsPointer(param.type);
  unsigned maxResults = opts.isAsync ? maxFlatParams : maxFlatResults;
  bool memory = flattener.flattenResult(func, pointer).size() > maxResults ||
                (func.result && flattener.containsPointer(*func.result));
  if (failed(require(opts, memory, realloc, location)))
    return failure();
  scope.spaces->funcs.push_back(*type);
  return success();
}

LogicalResult Validator::visitLower(Scope &scope, Canon &canon, Location location) {
  const CanonOptions &opts = canon.options;
  wasm::ValType pointer;
  if (failed(checkIndex(canon.func, scope.spaces->funcs, "func", location)) ||
      failed(checkOptions(scope, opts, location, pointer)))
    return failure();
  TypeId type = scope.spaces->funcs[canon.func];
  const FuncType &func = arena.getFunc(type);
  if (opts.postReturn)
    return diags.error(location, "canonical option 'post-return' can't go with lower");
  if (opts.callback)
    return diags.error(location, "canonical option 'callback' can't go with lower");
  if (opts.isAsync && !func.isAsync)
    return diags.error(location, "canonical option 'async' requires an async function type");
  canon.funcType = type;
  canon.resources.assign(func.resources.begin(), func.resources.end());
  canon.coreType = flattener.flatten(func, opts, /*isLift=*/false, pointer);

  unsigned maxParams = opts.isAsync ? maxFlatAsyncParams : maxFlatParams;
  unsigned maxResults = opts.isAsync ? 0 : maxFlatResults;
  // Not just because of `async`, whatever CanonicalABI.md says: the official tests do without.
  bool memory = flattener.flattenParams(func, pointer).size() > maxParams ||
                flattener.flattenResult(func, pointer).size() > maxResults;
  for (const Param &param : func.params)
    memory |= flattener.containsPointer(param.type);
  bool realloc = func.result && flattener.containsPointer(*func.result);
  return require(opts, memory, realloc, location);
}

//===----------------------------------------------------------------------===//
// Resources
//===----------------------------------------------------------------------===//

LogicalResult Validator::visitResourceBuiltin(Scope &scope, Canon &canon, Location location) {
  FailureOr<TypeId> type = typeIndex(scope, canon.type, TypeKind::Resource, location);
  if (failed(type))
    return failure();
  ResourceId resource = arena.getResource(*type);
  canon.resources.assign(1, resource);
  if (canon.kind == CanonKind::ResourceDrop) {
    canon.coreType = signature({Core::I32}, {});
    return success();
  }
  auto defined = scope.definedResources.find(resource.index);
  if (defined == scope.definedResources.end())
    return diags.error(location, spell(canon.kind))
           << " needs a resource that this component defines: type " << canon.type << " is not one";
  canon.coreType = canon.kind == CanonKind::ResourceNew ? signature({defined->second}, {Core::I32})
                                                        : signature({Core::I32}, {defined->second});
  return success();
}

//===----------------------------------------------------------------------===//
// Async
//===----------------------------------------------------------------------===//

LogicalResult Validator::visitTaskReturn(Scope &scope, Canon &canon, Location location) {
  const CanonOptions &opts = canon.options;
  wasm::ValType pointer;
  if (failed(checkOptions(scope, opts, location, pointer)))
    return failure();
  if (opts.realloc || opts.postReturn || opts.callback || opts.isAsync)
    return diags.error(location,
                       "task.return takes only 'memory' and 'string-encoding' as options");
  llvm::SmallVector<Param, 1> params;
  if (canon.result) {
    FailureOr<ValType> type = resolve(scope, *canon.result, location);
    if (failed(type))
      return failure();
    params.push_back({"result", *type});
  }
  canon.funcType = arena.makeFunc(params, std::nullopt, /*isAsync=*/false);
  const FuncType &func = arena.getFunc(canon.funcType);
  canon.resources.assign(func.resources.begin(), func.resources.end());
  canon.coreType = flattener.flatten(func, opts, /*isLift=*/false, pointer);
  bool memory = flattener.flattenParams(func, pointer).size() > maxFlatParams ||
                (canon.result && flattener.containsPointer(params.front().type));
  return require(opts, memory, /*realloc=*/false, location);
}

LogicalResult Validator::visitStreamBuiltin(Scope &scope, Canon &canon, Location location) {
  bool isStream = canon.kind >= CanonKind::StreamNew && canon.kind <= CanonKind::StreamDropWritable;
  FailureOr<TypeId> type =
      typeIndex(scope, canon.type, isStream ? TypeKind::Stream : TypeKind::Future, location);
  if (failed(type))
    return failure();
  if (canon.isAsync &&
      failed(checkEnabled(Feature::MoreAsyncBuiltins, spell(canon.kind) + " with async", location)))
    return failure();
  Param end{"t", *type};
  canon.funcType = arena.makeFunc(end, std::nullopt, /*isAsync=*/false);
  const FuncType &func = arena.getFunc(canon.funcType);
  canon.resources.assign(func.resources.begin(), func.resources.end());
  switch (canon.kind) {
  case CanonKind::StreamNew:
  case CanonKind::FutureNew:
    canon.coreType = signature({}, {Core::I64});
    return success();
  case CanonKind::StreamCancelRead:
  case CanonKind::StreamCancelWrite:
  case CanonKind::FutureCancelRead:
  case CanonKind::FutureCancelWrite:
    canon.coreType = signature({Core::I32}, {Core::I32});
    return success();
  case CanonKind::StreamDropReadable:
  case CanonKind::StreamDropWritable:
  case CanonKind::FutureDropReadable:
  case CanonKind::FutureDropWritable:
    canon.coreType = signature({Core::I32}, {});
    return success();
  default:
    break; // read and write
  }
  const CanonOptions &opts = canon.options;
  wasm::ValType pointer;
  if (failed(checkOptions(scope, opts, location, pointer)))
    return failure();
  if (opts.postReturn || opts.callback)
    return diags.error(location, spell(canon.kind))
           << " takes neither 'post-return' nor 'callback' as an option";
  if (!opts.isAsync && failed(checkEnabled(Feature::MoreAsyncBuiltins,
                                           spell(canon.kind) + " without async", location)))
    return failure();
  canon.coreType = isStream ? signature({Core::I32, pointer, pointer}, {pointer})
                            : signature({Core::I32, pointer}, {Core::I32});
  std::optional<ValType> element = arena.getMembers(*type)[0].type;
  bool isRead = canon.kind == CanonKind::StreamRead || canon.kind == CanonKind::FutureRead;
  bool realloc = isRead && element && flattener.containsPointer(*element);
  return require(opts, element.has_value(), realloc, location);
}

LogicalResult Validator::visitErrorContext(Scope &scope, Canon &canon, Location location) {
  if (failed(checkEnabled(Feature::ErrorContext, spell(canon.kind), location)))
    return failure();
  if (canon.kind == CanonKind::ErrorContextDrop) {
    canon.coreType = signature({Core::I32}, {});
    return success();
  }
  const CanonOptions &opts = canon.options;
  wasm::ValType pointer;
  if (failed(checkOptions(scope, opts, location, pointer)))
    return failure();
  if (opts.isAsync || opts.postReturn || opts.callback)
    return diags.error(location, spell(canon.kind))
           << " takes neither 'async' nor 'post-return' nor 'callback' as an option";
  bool isNew = canon.kind == CanonKind::ErrorContextNew;
  canon.coreType =
      isNew ? signature({pointer, pointer}, {Core::I32}) : signature({Core::I32, pointer}, {});
  return require(opts, /*memory=*/true, /*realloc=*/!isNew, location);
}

LogicalResult Validator::visitWait(Scope &scope, Canon &canon, Location location) {
  CanonOptions opts;
  opts.memory = canon.memory;
  wasm::ValType pointer;
  if (failed(checkOptions(scope, opts, location, pointer)))
    return failure();
  canon.coreType = signature({Core::I32, pointer}, {Core::I32});
  return success();
}

/// The built-ins that start threads; the others need no check.
LogicalResult Validator::visitThread(Scope &scope, Canon &canon, Location location) {
  if (failed(checkEnabled(Feature::Threading, spell(canon.kind), location)))
    return failure();
  if (canon.kind == CanonKind::ThreadAvailableParallelism) {
    canon.coreType = signature({}, {Core::I32});
    return success();
  }
  const std::vector<CoreTypeEntry> &types = scope.spaces->coreTypes;
  if (failed(checkIndex(canon.type, types, "core type", location)))
    return failure();
  const CoreTypeEntry &start = types[canon.type];
  bool takesOne = !start.isModule && start.func.params.size() == 1 && start.func.results.empty();
  bool isWord =
      takesOne && (start.func.params[0] == Core::I32 ||
                   (options.features.has(Feature::Memory64) && start.func.params[0] == Core::I64));
  if (!isWord)
    return diags.error(location, spell(canon.kind))
           << ": expected a core function type [i32] -> []";
  Core context = start.func.params[0];
  if (canon.kind == CanonKind::ThreadSpawnRef) {
    canon.coreType = signature({Core::funcref(), context}, {Core::I32});
    return diags.error(location, "thread.spawn-ref is not supported yet");
  }
  if (failed(checkIndex(canon.table, scope.spaces->coreTables, "core table", location)))
    return failure();
  const wasm::TableType &table = scope.spaces->coreTables[canon.table];
  if (table.element != Core::funcref())
    return diags.error(location, spell(canon.kind)) << ": expected a table of funcref";
  canon.coreType = signature({table.limits.is64 ? Core::I64 : Core::I32, context}, {Core::I32});
  return success();
}

//===----------------------------------------------------------------------===//
// All of them
//===----------------------------------------------------------------------===//

LogicalResult Validator::visit(Scope &scope, Canon &canon, Location location) {
  LogicalResult result = success();
  switch (canon.kind) {
  case CanonKind::Lift:
    return visitLift(scope, canon, location);
  case CanonKind::Lower:
    result = visitLower(scope, canon, location);
    break;
  case CanonKind::ResourceNew:
  case CanonKind::ResourceDrop:
  case CanonKind::ResourceRep:
    result = visitResourceBuiltin(scope, canon, location);
    break;
  case CanonKind::TaskReturn:
    result = visitTaskReturn(scope, canon, location);
    break;
  case CanonKind::ContextGet:
  case CanonKind::ContextSet: {
    if (canon.contextType == Core::I64 &&
        failed(checkEnabled(Feature::Memory64, spell(canon.kind) + " of i64", location)))
      return failure();
    if (canon.contextType != Core::I32 && canon.contextType != Core::I64)
      return diags.error(location, spell(canon.kind)) << ": expected i32";
    if (canon.contextSlot >= 2)
      return diags.error(location, spell(canon.kind))
             << ": slot 0 or 1 expected, found " << canon.contextSlot;
    if (scope.contextType.value_or(canon.contextType) != canon.contextType)
      return diags.error(location, spell(canon.kind))
             << ": expected " << wasm::toString(*scope.contextType)
             << ", which others of the component have, found " << wasm::toString(canon.contextType);
    scope.contextType = canon.contextType;
    canon.coreType = canon.kind == CanonKind::ContextGet ? signature({}, {canon.contextType})
                                                         : signature({canon.contextType}, {});
    break;
  }
  case CanonKind::StreamNew:
  case CanonKind::StreamRead:
  case CanonKind::StreamWrite:
  case CanonKind::StreamCancelRead:
  case CanonKind::StreamCancelWrite:
  case CanonKind::StreamDropReadable:
  case CanonKind::StreamDropWritable:
  case CanonKind::FutureNew:
  case CanonKind::FutureRead:
  case CanonKind::FutureWrite:
  case CanonKind::FutureCancelRead:
  case CanonKind::FutureCancelWrite:
  case CanonKind::FutureDropReadable:
  case CanonKind::FutureDropWritable:
    result = visitStreamBuiltin(scope, canon, location);
    break;
  case CanonKind::ErrorContextNew:
  case CanonKind::ErrorContextDebugMessage:
  case CanonKind::ErrorContextDrop:
    result = visitErrorContext(scope, canon, location);
    break;
  case CanonKind::WaitableSetWait:
  case CanonKind::WaitableSetPoll:
    result = visitWait(scope, canon, location);
    break;
  case CanonKind::ThreadNewIndirect:
  case CanonKind::ThreadSpawnRef:
  case CanonKind::ThreadSpawnIndirect:
  case CanonKind::ThreadAvailableParallelism:
    result = visitThread(scope, canon, location);
    break;
  case CanonKind::SubtaskCancel:
    if (canon.isAsync &&
        failed(checkEnabled(Feature::MoreAsyncBuiltins, "subtask.cancel with async", location)))
      return failure();
    canon.coreType = signature({Core::I32}, {Core::I32});
    break;
  case CanonKind::BackpressureInc:
  case CanonKind::BackpressureDec:
  case CanonKind::TaskCancel:
    canon.coreType = signature({}, {});
    break;
  case CanonKind::WaitableSetNew:
  case CanonKind::ThreadYield:
    canon.coreType = signature({}, {Core::I32});
    break;
  case CanonKind::ThreadIndex:
  case CanonKind::ThreadSuspend:
    if (failed(checkEnabled(Feature::Threading, spell(canon.kind), location)))
      return failure();
    canon.coreType = signature({}, {Core::I32});
    break;
  case CanonKind::SubtaskDrop:
  case CanonKind::WaitableSetDrop:
    canon.coreType = signature({Core::I32}, {});
    break;
  case CanonKind::WaitableJoin:
    canon.coreType = signature({Core::I32, Core::I32}, {});
    break;
  case CanonKind::ThreadResumeLater:
    if (failed(checkEnabled(Feature::Threading, spell(canon.kind), location)))
      return failure();
    canon.coreType = signature({Core::I32}, {});
    break;
  case CanonKind::ThreadSuspendThenResume:
  case CanonKind::ThreadYieldThenResume:
  case CanonKind::ThreadSuspendThenPromote:
  case CanonKind::ThreadYieldThenPromote:
    if (failed(checkEnabled(Feature::Threading, spell(canon.kind), location)))
      return failure();
    canon.coreType = signature({Core::I32}, {Core::I32});
    break;
  }
  if (failed(result))
    return failure();
  scope.spaces->coreFuncs.push_back(canon.coreType);
  return success();
}
