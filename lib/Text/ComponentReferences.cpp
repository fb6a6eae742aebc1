//===- ComponentReferences.cpp - Indices and aliases ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How a definition names another (Explainer.md, "Index Spaces" and "Alias Definitions"). An inline
// alias `(func $i "a" "b")` appends one alias a name, an id of an enclosing scope appends an outer
// alias: each before the definition that is being parsed.
//
//===----------------------------------------------------------------------===//

#include "ComponentParser.h"

using namespace tenon;
using namespace tenon::text;

//===--- Resolution ---------------------------------------------------------===//

/// `outeraliassort` of Explainer.md.
static bool mayAliasOuter(Sort sort) {
  return sort == Sort::CoreModule || sort == Sort::CoreType || sort == Sort::Type ||
         sort == Sort::Component;
}

FailureOr<uint32_t> ComponentParser::resolve(Sort sort, llvm::StringRef id, uint64_t textOffset) {
  if (std::optional<uint32_t> index = scope->lookup(sort, id))
    return *index;
  uint32_t count = 1;
  for (Scope *outer = scope->getParent(); outer; outer = outer->getParent(), ++count) {
    std::optional<uint32_t> index = outer->lookup(sort, id);
    if (!index)
      continue;
    if (!mayAliasOuter(sort))
      return parser.errorAt(textOffset, "'$")
             << id << "' is a " << describe(sort)
             << " of an enclosing component: only core modules, core types, components and types "
                "can be used from there";
    uint32_t alias = aliasOuter(sort, count, *index, textOffset);
    scope->getSpace(sort).outerAliases[id] = alias;
    return alias;
  }
  return parser.errorAt(textOffset, "unknown ") << describe(sort) << " '$" << id << "'";
}

FailureOr<uint32_t> ComponentParser::parseIndex(Sort sort) {
  uint64_t textOffset = parser.getOffset();
  if (std::optional<llvm::StringRef> id = parser.parseOptionalId())
    return resolve(sort, *id, textOffset);
  if (!parser.peekInteger())
    return parser.expected("a " + describe(sort) + " index");
  FailureOr<uint32_t> index = parser.parseU32("an index");
  if (failed(index))
    return failure();
  uint32_t size = scope->getSpace(sort).size;
  if (*index < size)
    return *index;
  return parser.errorAt(textOffset, "unknown ")
         << describe(sort) << " " << *index << ": " << describe(sort) << " index out of bounds, "
         << size << " are defined here";
}

FailureOr<uint32_t> ComponentParser::parseReference(Sort sort, bool flatNames) {
  if (!parser.peekLParen()) {
    if (flatNames)
      return parseIndexAndNames(sort);
    return parseIndex(sort);
  }
  parser.next();
  // The older text had no `core` where only a core sort can stand.
  bool core = parser.consumeIfKeyword("core");
  if ((core && !isCore(sort)) || !parser.peekKeyword(getKeyword(sort)))
    return parser.expected("'" + describe(sort) + "'");
  parser.next();
  FailureOr<uint32_t> index = parseIndexAndNames(sort);
  if (failed(index) || failed(close()))
    return failure();
  return *index;
}

FailureOr<ComponentParser::SortIndex> ComponentParser::parseExternIndex(bool core) {
  if (failed(parser.consumeLParen()))
    return failure();
  core |= parser.consumeIfKeyword("core");
  std::optional<Sort> sort;
  if (parser.peek().kind == Token::Keyword)
    sort = parseSort(parser.spelling(), core);
  if (!sort)
    return parser.expected(core ? "a core sort" : "a sort");
  parser.next();
  FailureOr<uint32_t> index = parseIndexAndNames(*sort);
  if (failed(index) || failed(close()))
    return failure();
  return SortIndex{*sort, *index};
}

/// Whether exports of `sort` come from core instances (a module is an export of a component).
static bool isExportOfCoreInstance(Sort sort) {
  return isCore(sort) && sort != Sort::CoreModule && sort != Sort::CoreInstance;
}

FailureOr<uint32_t> ComponentParser::parseIndexAndNames(Sort sort) {
  if (parser.peek(1).kind != Token::String)
    return parseIndex(sort);
  bool core = isExportOfCoreInstance(sort);
  FailureOr<uint32_t> index = parseIndex(core ? Sort::CoreInstance : Sort::Instance);
  if (failed(index))
    return failure();
  while (parser.peekString()) {
    uint64_t textOffset = parser.getOffset();
    FailureOr<llvm::StringRef> name = parser.parseName();
    if (failed(name))
      return failure();
    bool last = !parser.peekString();
    if (core && !last)
      return parser.errorAt(textOffset, "a core instance exports no instances");
    index = aliasExport(last ? sort : Sort::Instance, *index, *name, textOffset);
  }
  return *index;
}

//===--- Aliases --------------------------------------------------------------===//

uint32_t ComponentParser::aliasExport(Sort sort, uint32_t instance, llvm::StringRef name,
                                      uint64_t textOffset) {
  ByteWriter bytes;
  writeSort(bytes, sort);
  bytes.byte(isExportOfCoreInstance(sort) ? 0x01 : 0x00);
  bytes.u32(instance);
  bytes.name(name);
  scope->append(Item::Alias, bytes, textOffset);
  uint32_t alias = scope->add(sort);
  const WrittenTypes::Exports *exports =
      isExportOfCoreInstance(sort) ? nullptr : scope->types.instances.lookup(instance);
  if (exports && sort == Sort::Type && exports->types.contains(name))
    scope->types.typeAliases[alias] = exports->types.lookup(name);
  else if (exports && sort == Sort::Instance)
    scope->types.instances[alias] = exports->instances.lookup(name);
  return alias;
}

static Scope *findScope(Scope *scope, uint32_t count) {
  for (; scope && count; --count)
    scope = scope->getParent();
  return scope;
}

uint32_t ComponentParser::aliasOuter(Sort sort, uint32_t count, uint32_t index,
                                     uint64_t textOffset) {
  ByteWriter bytes;
  if (scope->getKind() == Scope::ModuleType) { // `core:alias`
    bytes.byte(0x10);
    bytes.byte(0x01);
  } else {
    writeSort(bytes, sort);
    bytes.byte(0x02);
  }
  bytes.u32(count);
  bytes.u32(index);
  scope->append(Item::Alias, bytes, textOffset);
  uint32_t alias = scope->add(sort);
  const WrittenTypes &outer = findScope(scope, count)->types;
  if (sort == Sort::Type)
    scope->types.typeAliases[alias] = {&outer, index};
  else if (sort == Sort::Component)
    scope->types.components[alias] = outer.components.lookup(index);
  return alias;
}

/// `(alias export i "n")` and the like, closed at once: the sort stands outside.
bool ComponentParser::peekInlineAlias() const {
  if (!parser.peekField("alias"))
    return false;
  if (parser.peekKeyword("outer", 2))
    return parser.peek(5).kind == Token::RParen;
  size_t at = parser.peekKeyword("core", 2) ? 3 : 2;
  return parser.peekKeyword("export", at) && parser.peek(at + 3).kind == Token::RParen;
}

LogicalResult ComponentParser::parseAlias() {
  uint64_t textOffset = parser.getOffset();
  Id id;
  FailureOr<SortIndex> alias = parseAliasTarget(std::nullopt, id);
  if (failed(alias))
    return failure();
  return bind(alias->sort, id, alias->index, textOffset);
}

FailureOr<ComponentParser::SortIndex> ComponentParser::parseAliasTarget(std::optional<Sort> sort,
                                                                        Id &id) {
  uint64_t textOffset = parser.getOffset();
  if (failed(parser.consumeLParen()) || failed(parser.consumeKeyword("alias")))
    return failure();
  if (parser.consumeIfKeyword("outer"))
    return parseOuterTarget(sort, id, textOffset);
  bool core = parser.consumeIfKeyword("core");
  if (!parser.consumeIfKeyword("export"))
    return parser.expected("'export', 'core export' or 'outer'");
  FailureOr<uint32_t> instance = parseIndex(core ? Sort::CoreInstance : Sort::Instance);
  if (failed(instance))
    return failure();
  FailureOr<llvm::StringRef> name = parser.parseName();
  if (failed(name))
    return failure();
  if (!sort) {
    FailureOr<Sort> written = parseAliasSort(core, id);
    if (failed(written))
      return failure();
    sort = *written;
  }
  if (isExportOfCoreInstance(*sort) != core)
    return parser.errorAt(textOffset, "a ")
           << describe(*sort) << " is no export of a " << (core ? "core instance" : "instance");
  if (failed(close()))
    return failure();
  return SortIndex{*sort, aliasExport(*sort, *instance, *name, textOffset)};
}

// `(sort $id?)`
FailureOr<Sort> ComponentParser::parseAliasSort(bool core, Id &id) {
  if (failed(parser.consumeLParen()))
    return failure();
  core |= parser.consumeIfKeyword("core");
  std::optional<Sort> sort;
  if (parser.peek().kind == Token::Keyword)
    sort = parseSort(parser.spelling(), core || scope->getKind() == Scope::ModuleType);
  if (!sort)
    return parser.expected(core ? "a core sort" : "a sort");
  parser.next();
  if (failed(parseId(id)) || failed(close()))
    return failure();
  return *sort;
}

/// The scope that the first index of an outer alias means, and how far out it is. Null when there
/// is no such scope.
static std::pair<Scope *, uint32_t> findScope(Scope *scope, llvm::StringRef id) {
  for (uint32_t count = 0; scope; scope = scope->getParent(), ++count)
    if (scope->getId() == id)
      return {scope, count};
  return {nullptr, 0};
}

FailureOr<ComponentParser::SortIndex>
ComponentParser::parseOuterTarget(std::optional<Sort> sort, Id &id, uint64_t textOffset) {
  Scope *target = nullptr;
  uint32_t count = 0;
  if (std::optional<llvm::StringRef> component = parser.parseOptionalId()) {
    std::tie(target, count) = findScope(scope, *component);
    if (!target)
      return parser.errorAt(textOffset, "unknown enclosing component '$") << *component << "'";
  } else {
    FailureOr<uint32_t> number = parser.parseU32("a number of components to skip");
    if (failed(number))
      return failure();
    count = *number;
    target = findScope(scope, count);
    if (!target)
      return parser.errorAt(textOffset, "outer alias count ")
             << count << " is invalid: there are not so many enclosing components";
  }
  // Which index space is meant is said after the index.
  const Token &indexToken = parser.peek();
  std::optional<llvm::StringRef> targetId = parser.parseOptionalId();
  FailureOr<uint32_t> index = targetId ? FailureOr<uint32_t>(0) : parser.parseU32("an index");
  if (failed(index))
    return failure();
  if (!sort) {
    FailureOr<Sort> written = parseAliasSort(false, id);
    if (failed(written))
      return failure();
    sort = *written;
  }
  if (!mayAliasOuter(*sort))
    return parser.errorAt(textOffset, "a ")
           << describe(*sort) << " can't be aliased from an enclosing component";
  std::optional<uint32_t> found = targetId ? target->lookup(*sort, *targetId) : *index;
  if (!found || *found >= target->getSpace(*sort).size)
    return parser.errorAt(indexToken, "unknown ")
           << describe(*sort) << " '" << parser.getBuffer().spelling(indexToken)
           << "' in that component";
  if (failed(close()))
    return failure();
  return SortIndex{*sort, aliasOuter(*sort, count, *found, textOffset)};
}
