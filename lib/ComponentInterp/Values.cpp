//===- Values.cpp - Value definitions and start functions -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Explainer.md#value-definitions and #start-definitions. A value is there from its definition on,
// and whoever takes it lowers it. Validation sees to it that a component takes each of its values
// once; but an instance's export is a new value for each alias. That is the same as a copy, unless
// it owns handles: those are gone when they were taken.
//
//===----------------------------------------------------------------------===//

#include "ComponentRuntime.h"
#include "tenon/Component/ValueBytes.h"

using namespace tenon;
using namespace tenon::interp;
using component::TypeKind;
using component::Val;
using component::ValType;

/// Of one definition: its tree is much larger than its bytes.
constexpr size_t maxBytes = size_t(16) << 20;

/// Whether the value (not only its type) has a handle in it.
static bool ownsHandle(const component::TypeArena &arena, ValType given, const Val &val) {
  ValType type = component::withoutAlias(arena, given);
  if (type.isPrimitive() || !arena.mentionsResource(type.getType()))
    return false;
  component::TypeId id = type.getType();
  auto ownsPart = [&](size_t index, ValType part) {
    return ownsHandle(arena, part, val.elements[index]);
  };
  switch (arena.getKind(id)) {
  case TypeKind::Own:
    return true;
  case TypeKind::Record:
  case TypeKind::Tuple:
    for (auto [index, member] : llvm::enumerate(arena.getMembers(id)))
      if (ownsPart(index, *member.type))
        return true;
    return false;
  case TypeKind::Variant:
  case TypeKind::Option:
  case TypeKind::Result:
    return !val.elements.empty() &&
           ownsPart(0, *component::getPayloadType(arena, id, uint32_t(val.bits)));
  case TypeKind::List:
  case TypeKind::FixedList:
    return llvm::any_of(val.elements, [&](const Val &element) {
      return ownsHandle(arena, arena.getElement(id), element);
    });
  case TypeKind::Map:
    return llvm::any_of(val.elements, [&](const Val &entry) {
      return llvm::any_of(llvm::enumerate(arena.getMembers(id)), [&](const auto &member) {
        return ownsHandle(arena, *member.value().type, entry.elements[member.index()]);
      });
    });
  default:
    return false;
  }
}

TrapKind ComponentRuntime::take(const ComponentValue &value, Val &out) {
  if (value.isTaken) {
    lastHandle = 1; // the first of whoever kept it, to which it had come alone
    return TrapKind::UnknownHandle;
  }
  value.isTaken = ownsHandle(arena, value.type, value.val);
  out = value.val;
  return TrapKind::None;
}

LogicalResult ComponentRuntime::defineValue(Environment &env, const component::Value &value,
                                            Diagnostics &diags) {
  const ComponentValue *&known = definedValues[&value];
  if (!known) {
    if (value.bytes.size() > maxBytes)
      return diags.error(value.location, "interpreting a value definition of more than ")
             << (maxBytes >> 20) << " MiB is not supported yet";
    ValType type = env.component->spaces.values[env.values.size()];
    ComponentValue &made = values.emplace_back(ComponentValue{type, {}});
    ByteCursor cursor(value.bytes, value.location, diags);
    if (failed(component::ValueReader(arena, cursor).read(type, made.val)))
      return failure();
    known = &made;
  }
  env.values.push_back(known);
  return success();
}

LogicalResult ComponentRuntime::runStart(Environment &env, const component::Start &start,
                                         Location location, Diagnostics &diags) {
  const LiftedFunction &function = *env.funcs[start.func];
  if (function.type->isAsync || function.options.isAsync)
    return diags.error(location, "a start function that is async is not supported yet");
  trap = call(
      function, env.self,
      [&](std::vector<Val> &args, SourceStrings &) {
        for (uint32_t index : start.args)
          if (TrapKind kind = take(*env.values[index], args.emplace_back()); kind != TrapKind::None)
            return kind;
        return TrapKind::None;
      },
      [&](llvm::ArrayRef<Val> results, SourceStrings &) {
        for (const Val &result : results)
          env.values.push_back(
              &values.emplace_back(ComponentValue{*function.type->result, result}));
        return TrapKind::None;
      },
      /*isStart=*/true);
  return success(trap == TrapKind::None);
}
