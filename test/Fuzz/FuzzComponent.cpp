//===- FuzzComponent.cpp - Components that nobody would write -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whatever the bytes: a component is read and valid without a diagnostic, or there is one. Of a
// valid one every type can be printed, every resource that a canonical definition mentions can be
// found as a value, whatever imports it can be given it, and its value definitions are read as
// trees.
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Reader.h"
#include "tenon/Component/Subtype.h"
#include "tenon/Component/Validator.h"
#include "tenon/Component/ValueBytes.h"
#include <cstdlib>

using namespace tenon;
using namespace tenon::component;

static void require(bool condition) {
  if (!condition)
    std::abort();
}

static bool canFind(llvm::ArrayRef<const Component *> scopes, ResourceId resource) {
  for (const Component *scope : scopes)
    if (scope->pathOf(resource))
      return true;
  return false;
}

static void readValue(const Value &value, ValType type, const TypeArena &arena) {
  Diagnostics none([](const Diagnostic &) { std::abort(); });
  ByteCursor cursor(value.bytes, value.location, none);
  Val tree;
  require(succeeded(ValueReader(arena, cursor).read(type, tree)) && cursor.atEnd());
}

static void walk(const Component &component, const TypeArena &arena,
                 llvm::SmallVectorImpl<const Component *> &scopes) {
  scopes.push_back(&component);
  for (const Definition &definition : component.definitions) {
    if (const auto *nested = definition.getIf<NestedComponent>())
      walk(*nested->component, arena, scopes);
    if (const auto *canon = definition.getIf<Canon>())
      for (ResourceId resource : canon->resources)
        require(canFind(scopes, resource));
    if (const auto *value = definition.getIf<Value>())
      readValue(*value, component.spaces.values[definition.defines->index], arena);
  }
  for (TypeId type : component.spaces.types)
    require(!arena.str(type).empty());
  scopes.pop_back();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  SourceFile file("fuzz.wasm", "");
  Diagnostics diags([](const Diagnostic &) {});
  TypeArena arena;
  ValidatorOptions options;
  options.features = Features::all();
  FailureOr<std::unique_ptr<Component>> component =
      readComponent(llvm::ArrayRef(data, size), Location::binary(file, 0), diags);
  bool isValid =
      succeeded(component) && succeeded(validateComponent(**component, arena, diags, options));
  require(isValid == (diags.getNumErrors() == 0));
  if (!isValid)
    return 0;
  llvm::SmallVector<const Component *> scopes;
  walk(**component, arena, scopes);
  // An equal type that is another one: only comparing tells.
  TypeId type = (*component)->type;
  TypeId again = arena.makeComponent(arena.getComponent(type));
  require(succeeded(checkSubtype(arena, ExternType::of(ExternKind::Component, type),
                                 ExternType::of(ExternKind::Component, again), "itself",
                                 Location::binary(file, 0), diags)));
  Instantiation(arena, type, diags).finish();
  return 0;
}
