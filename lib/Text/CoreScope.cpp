//===- CoreScope.cpp - What the ids of a core module mean -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreScope.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;

LogicalResult IndexSpace::add(Parser &parser, std::optional<StringRef> id, uint64_t textOffset) {
  uint32_t index = count++;
  if (!id)
    return success();
  if (!indices.try_emplace(*id, index).second)
    return parser.errorAt(textOffset, "duplicate ") << what << " '$" << *id << "'";
  ids.emplace_back(index, *id);
  return success();
}

LogicalResult IndexSpace::add(Parser &parser, const LocalName &name, uint64_t textOffset) {
  if (name.annotated)
    setDebugName(count, *name.annotated);
  return add(parser, name.id, textOffset);
}

FailureOr<uint32_t> IndexSpace::parse(Parser &parser) const {
  if (!parser.peekId())
    return parser.parseU32((what + " index").str());
  StringRef id = parser.getBuffer().value(parser.peek());
  auto found = indices.find(id);
  if (found == indices.end())
    return parser.error("unknown ") << what << " '$" << id << "'";
  parser.next();
  return found->second;
}

std::vector<std::pair<uint32_t, StringRef>> IndexSpace::getNames() const {
  std::vector<std::pair<uint32_t, StringRef>> names;
  for (auto [index, id] : ids)
    if (!debugNames.contains(index))
      names.emplace_back(index, id);
  for (auto [index, name] : debugNames)
    names.emplace_back(index, name);
  llvm::sort(names); // the map has no order, the result has
  return names;
}

static std::string encodingOf(const wasm::FuncType &type) {
  ByteWriter writer;
  writeFuncType(writer, type);
  return std::string(writer.getBytes().begin(), writer.getBytes().end());
}

void TypeList::add(wasm::FuncType type) {
  byEncoding.try_emplace(encodingOf(type), size());
  types.push_back(std::move(type));
}

uint32_t TypeList::intern(const wasm::FuncType &type) {
  auto [entry, isNew] = byEncoding.try_emplace(encodingOf(type), size());
  if (isNew)
    types.push_back(type);
  return entry->second;
}

FailureOr<uint32_t> CoreScope::resolve(Parser &parser, TypeUse &use) {
  if (!use.index)
    return typeList.intern(use.type);
  const wasm::FuncType *named = typeList.find(*use.index);
  if (use.hasInline && named && *named != use.type)
    return parser.errorAt(use.textOffset,
                          "inline function type is not the type that the index names");
  if (use.hasInline && !named)
    return parser.errorAt(use.textOffset, "unknown type ") << *use.index;
  if (named && !use.hasInline)
    use.type = *named;
  return *use.index;
}
