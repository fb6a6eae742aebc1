//===- Origins.cpp - What an index stands for -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Origins.h"

using namespace tenon;
using namespace tenon::component;

static bool isItem(SortIndex a, SortIndex b) { return a.sort == b.sort && a.index == b.index; }

static std::string quoted(llvm::StringRef word, llvm::StringRef name) {
  return (word + " '" + name + "'").str();
}

const Definition *component::findDefinition(const Component &component, SortIndex item) {
  for (const Definition &definition : component.definitions)
    if (definition.defines && isItem(*definition.defines, item))
      return &definition;
  return nullptr;
}

/// Every step goes to an earlier definition. A chain of instances in instances is as long as the
/// bytes say; nobody reads more than a few links of it.
std::string component::describeOrigin(const Component &component, SortIndex item) {
  std::string prefix, suffix;
  for (unsigned links = 0; links < 8; ++links) {
    const Definition *definition = findDefinition(component, item);
    if (!definition)
      return {};
    if (const auto *import = definition->getIf<Import>())
      return prefix + quoted("import", import->name.name) + suffix;
    if (const auto *exported = definition->getIf<Export>()) {
      item = exported->item;
    } else if (const auto *canon = definition->getIf<Canon>()) {
      if (canon->kind != CanonKind::Lower)
        return prefix + spell(canon->kind).str() + suffix;
      prefix += "lower of ";
      item = {Sort::Func, canon->func};
    } else if (const auto *alias = definition->getIf<Alias>();
               alias && alias->target == Alias::Export) {
      suffix = ", " + quoted("export", alias->name) + suffix;
      item = {Sort::Instance, alias->instance};
    } else if (suffix.empty()) {
      return {};
    } else {
      llvm::StringRef name = component.nameOf(item.sort, item.index);
      return prefix + (name.empty() ? spell(item.sort).str() : quoted(spell(item.sort), name)) +
             suffix;
    }
  }
  return {};
}

std::string component::describeUse(const Component &component, SortIndex item) {
  for (const Definition &definition : component.definitions) {
    if (const auto *exported = definition.getIf<Export>(); exported && isItem(exported->item, item))
      return quoted("export", exported->name.name);
    const auto *instance = definition.getIf<Instance>();
    if (!instance)
      continue;
    for (const Instance::Arg &arg : instance->args)
      if (isItem(arg.item, item))
        return quoted("argument", arg.name);
    for (const Instance::InlineExport &one : instance->exports)
      if (isItem(one.item, item))
        return quoted("export", one.name.name);
  }
  return {};
}

std::optional<SortIndex> component::findCoreItem(const Component &component, uint32_t coreInstance,
                                                 llvm::StringRef name) {
  const Definition *definition = findDefinition(component, {Sort::CoreInstance, coreInstance});
  const CoreInstance *instance = definition ? definition->getIf<CoreInstance>() : nullptr;
  if (instance)
    for (const CoreInlineExport &one : instance->exports)
      if (one.name == name)
        return one.item;
  return std::nullopt;
}
