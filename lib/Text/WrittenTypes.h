//===- WrittenTypes.h - What the text says of value types -------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How a value is written depends on its type, and a type may be known only by a way that leads
// through exports, aliases and instances to where it was defined. This is that way, for each scope:
// nothing here is checked, which is the validator's task, and a way that ends nowhere (in a
// component that is not written here) is unknown.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_TEXT_WRITTENTYPES_H
#define TENON_LIB_TEXT_WRITTENTYPES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include <deque>
#include <vector>

namespace tenon::text {

class WrittenTypes {
public:
  /// A type, by its index in the scope that has it.
  struct Ref {
    const WrittenTypes *home = nullptr;
    uint32_t index = 0;
  };
  /// What an instance exports, or an instance of a component would.
  struct Exports {
    llvm::StringMap<Ref> types;
    llvm::StringMap<const Exports *> instances;
  };

  // By index. Null, or no entry: unknown.
  llvm::DenseMap<uint32_t, std::vector<uint8_t>> valueTypes; ///< the encoding
  llvm::DenseMap<uint32_t, Ref> typeAliases;
  llvm::DenseMap<uint32_t, const Exports *> externTypes; ///< types of instances and components
  llvm::DenseMap<uint32_t, const Exports *> instances;
  llvm::DenseMap<uint32_t, const Exports *> components;
  /// Of the component, or of the instances of the type, that this scope is.
  Exports exports;

  /// The encoding of a value type, and the scope in which its indices count; null when unknown.
  std::pair<llvm::ArrayRef<uint8_t>, const WrittenTypes *> findValueType(uint32_t index) const {
    Ref at = resolve(index);
    auto found = at.home->valueTypes.find(at.index);
    if (found == at.home->valueTypes.end())
      return {{}, nullptr};
    return {found->second, at.home};
  }
  const Exports *findExternType(uint32_t index) const {
    Ref at = resolve(index);
    return at.home->externTypes.lookup(at.index);
  }
  /// The exports of an instance that is a list of them.
  Exports &makeBundle() { return bundles.emplace_back(); }

private:
  std::deque<Exports> bundles;

  /// Every index refers to one before it, or to a scope around: it ends.
  Ref resolve(uint32_t index) const {
    Ref at{this, index};
    for (auto alias = typeAliases.find(index); alias != at.home->typeAliases.end();
         alias = at.home->typeAliases.find(at.index))
      at = alias->second;
    return at;
  }
};

} // namespace tenon::text

#endif // TENON_LIB_TEXT_WRITTENTYPES_H
