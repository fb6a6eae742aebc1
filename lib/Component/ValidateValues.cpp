//===- ValidateValues.cpp - Value definitions and start -------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Binary.md#start-definitions and #value-definitions: a value's bytes are what its type asks for,
// and every value of a component is consumed exactly once, by an export, an instantiation or a
// start function. What an export adds to the index space counts as consumed.
//
//===----------------------------------------------------------------------===//

#include "ValidatorImpl.h"
#include "tenon/Component/ValueBytes.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

void Validator::addValue(Scope &scope, ValType type, Location location, bool isConsumed) {
  scope.spaces->values.push_back(type);
  scope.values.push_back({location, uint32_t(scope.values.size()), isConsumed});
}

LogicalResult Validator::checkSameValue(Scope &scope, uint32_t found, uint32_t expected,
                                        const llvm::Twine &what, Location location) {
  if (failed(checkIndex(expected, scope.spaces->values, "value", location)))
    return failure();
  if (scope.values[found].original != scope.values[expected].original)
    return diags.error(location, what)
           << ": expected value " << expected << ", found value " << found;
  return success();
}

LogicalResult Validator::visit(Scope &scope, const Value &value, Location location) {
  if (failed(checkEnabled(Feature::Values, "a value definition", location)))
    return failure();
  FailureOr<ValType> type = resolve(scope, value.type, location);
  if (failed(type))
    return failure();
  ByteCursor cursor(value.bytes, value.location, diags);
  if (failed(ValueReader(arena, cursor).check(*type)))
    return failure();
  if (!cursor.atEnd())
    return cursor.error("") << cursor.remaining() << " bytes after a value of the type "
                            << arena.str(*type);
  addValue(scope, *type, location, /*isConsumed=*/false);
  return success();
}

FailureOr<ValType> Validator::consumeValue(Scope &scope, uint32_t index, Location location) {
  if (failed(checkIndex(index, scope.spaces->values, "value", location)))
    return failure();
  if (std::exchange(scope.values[index].isConsumed, true))
    return diags.error(location, "value ") << index << " is consumed a second time";
  return scope.spaces->values[index];
}

LogicalResult Validator::visit(Scope &scope, const Start &start, Location location) {
  if (failed(checkEnabled(Feature::Values, "a component's start function", location)) ||
      failed(checkIndex(start.func, scope.spaces->funcs, "func", location)))
    return failure();
  const FuncType &func = arena.getFunc(scope.spaces->funcs[start.func]);
  if (start.args.size() != func.params.size())
    return diags.error(location, "start function: ")
           << start.args.size() << " arguments given, " << func.params.size() << " expected";
  for (auto [index, param] : llvm::zip_equal(start.args, func.params)) {
    FailureOr<ValType> found = consumeValue(scope, index, location);
    if (failed(found))
      return failure();
    if (!arena.isEqual(*found, param.type))
      return diags.error(location, "start function, argument '")
             << param.name << "': expected " << arena.str(param.type) << ", found "
             << arena.str(*found);
  }
  unsigned numResults = func.result ? 1 : 0;
  if (start.numResults != numResults)
    return diags.error(location, "start function: ")
           << start.numResults << " results named, " << numResults << " expected";
  if (func.result)
    addValue(scope, *func.result, location, /*isConsumed=*/false);
  return success();
}

LogicalResult Validator::checkAllConsumed(const Scope &scope) {
  for (auto [index, value] : llvm::enumerate(scope.values))
    if (!value.isConsumed)
      return diags.error(value.location, "value ")
             << index << " is never consumed: an export, an instantiation or a start function has "
             << "to take it";
  return success();
}
