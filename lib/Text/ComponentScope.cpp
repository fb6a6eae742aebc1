//===- ComponentScope.cpp - What a component's text has defined -----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Index spaces, and how definitions are packed: neighbours of one kind share a section (Binary.md,
// "Component Definitions"); declarators of a type have a tag each and are counted.
//
//===----------------------------------------------------------------------===//

#include "ComponentScope.h"

using namespace tenon;
using namespace tenon::text;

namespace {
struct SortInfo {
  llvm::StringLiteral keyword;
  uint8_t code;
};
} // namespace

static constexpr SortInfo sortInfos[numSorts] = {
    {"func", 0x00}, {"table", 0x01},     {"memory", 0x02},   {"global", 0x03}, {"tag", 0x04},
    {"type", 0x10}, {"module", 0x11},    {"instance", 0x12}, {"func", 0x01},   {"value", 0x02},
    {"type", 0x03}, {"component", 0x04}, {"instance", 0x05},
};

llvm::StringRef tenon::text::getKeyword(Sort sort) { return sortInfos[size_t(sort)].keyword; }

std::string tenon::text::describe(Sort sort) {
  return (isCore(sort) ? "core " : "") + getKeyword(sort).str();
}

std::optional<Sort> tenon::text::parseSort(llvm::StringRef keyword, bool core) {
  for (size_t i = 0; i < numSorts; ++i)
    if (isCore(Sort(i)) == core && getKeyword(Sort(i)) == keyword)
      return Sort(i);
  return std::nullopt;
}

void tenon::text::writeSort(ByteWriter &out, Sort sort) {
  if (isCore(sort))
    out.byte(0x00);
  out.byte(sortInfos[size_t(sort)].code);
}

bool Scope::bind(Sort sort, llvm::StringRef id, uint32_t index) {
  return getSpace(sort).ids.try_emplace(id, index).second;
}

std::optional<uint32_t> Scope::lookup(Sort sort, llvm::StringRef id) const {
  const IndexSpace &space = spaces[size_t(sort)];
  auto found = space.ids.find(id);
  if (found != space.ids.end())
    return found->second;
  auto alias = space.outerAliases.find(id);
  if (alias != space.outerAliases.end())
    return alias->second;
  return std::nullopt;
}

/// The tag before a declarator (Binary.md, "Type Definitions").
static uint8_t getDeclaratorTag(Scope::Kind kind, Item item) {
  bool module = kind == Scope::ModuleType;
  switch (item) {
  case Item::CoreType:
    return module ? 0x01 : 0x00;
  case Item::Type:
    return 0x01;
  case Item::Alias:
    return 0x02;
  case Item::Import:
    return module ? 0x00 : 0x03;
  case Item::Export:
    return module ? 0x03 : 0x04;
  case Item::CoreModule:
  case Item::CoreInstance:
  case Item::Component:
  case Item::Instance:
  case Item::Canon:
  case Item::Start:
  case Item::Value:
    break;
  }
  llvm_unreachable("the parser makes no such declarator");
}

void Scope::append(Item item, const ByteWriter &bytes, uint64_t textOffset) {
  if (!isComponent()) {
    ++numDeclarators;
    body.mark(textOffset);
    body.byte(getDeclaratorTag(kind, item));
    body.append(bytes);
    return;
  }
  // These sections hold one definition each, without a count.
  if (item == Item::CoreModule || item == Item::Component || item == Item::Start) {
    flushSection();
    body.mark(textOffset);
    body.section(uint8_t(item), bytes);
    return;
  }
  if (sectionItem != item) {
    flushSection();
    sectionItem = item;
    sectionOffset = textOffset;
  }
  ++sectionCount;
  section.mark(textOffset);
  section.append(bytes);
}

void Scope::flushSection() {
  if (!sectionItem)
    return;
  ByteWriter contents;
  contents.u32(sectionCount);
  contents.append(section);
  body.mark(sectionOffset);
  body.section(uint8_t(*sectionItem), contents);
  section = ByteWriter();
  sectionItem.reset();
  sectionCount = 0;
}

void Scope::writeDeclarators(ByteWriter &out) const {
  out.u32(numDeclarators);
  out.append(body);
}

void Scope::writeComponent(ByteWriter &out, uint64_t textOffset) {
  for (const LaterExport &later : laterExports) {
    append(Item::Export, later.bytes, later.textOffset);
    add(later.sort);
  }
  laterExports.clear();
  flushSection();
  static constexpr uint8_t preamble[] = {0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00};
  out.mark(textOffset);
  out.raw(llvm::ArrayRef<uint8_t>(preamble));
  out.append(body);
  out.mark(textOffset);
  writeNameSection(out);
}

// Binary.md, "Name Section".
void Scope::writeNameSection(ByteWriter &out) const {
  ByteWriter contents;
  contents.name("component-name");
  size_t empty = contents.size();
  if (!name.empty()) {
    ByteWriter component;
    component.name(name);
    contents.section(0, component);
  }
  for (size_t i = 0; i < numSorts; ++i) {
    const IndexSpace &space = spaces[i];
    if (space.names.empty())
      continue;
    ByteWriter names;
    writeSort(names, Sort(i));
    names.u32(uint32_t(space.names.size()));
    for (auto [index, name] : space.names) {
      names.u32(index);
      names.name(name);
    }
    contents.section(1, names);
  }
  if (contents.size() != empty)
    out.section(0, contents);
}
