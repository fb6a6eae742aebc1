//===- Subtyping.cpp - When one core type matches another -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Types are compared by digests, within a module and across modules. A digest covers a recursive
// group as a whole: a reference to a member is written as its position in the group, a reference to
// an earlier type as that type's digest. So equal digests mean equal types under the
// specification's rolling and unrolling, whatever the indices (core specification, "Conventions /
// Defined Types").
//
//===----------------------------------------------------------------------===//

#include "tenon/Wasm/Subtyping.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/BLAKE3.h"

using namespace tenon;
using namespace tenon::wasm;

//===----------------------------------------------------------------------===//
// Digests
//===----------------------------------------------------------------------===//

namespace {
/// Writes a recursive group such that equal groups give equal bytes. Types from `start` on are of
/// the group itself, those before have a digest.
class GroupWriter {
public:
  GroupWriter(uint32_t start, llvm::function_ref<const TypeDigest &(uint32_t)> digestOf)
      : start(start), digestOf(digestOf) {}

  void member(const FuncType &type, bool isFinal, std::optional<uint32_t> supertype) {
    bytes.push_back(isFinal);
    bytes.push_back(supertype.has_value());
    if (supertype)
      reference(*supertype);
    list(type.params);
    list(type.results);
  }
  TypeDigest groupDigest() const { return llvm::BLAKE3::hash<32>(bytes); }
  /// Of the type at a position of a group.
  static TypeDigest memberDigest(const TypeDigest &group, uint32_t position) {
    llvm::BLAKE3 hasher;
    hasher.update(group);
    uint8_t number[4] = {uint8_t(position), uint8_t(position >> 8), uint8_t(position >> 16),
                         uint8_t(position >> 24)};
    hasher.update(number);
    return hasher.final<32>();
  }

private:
  uint32_t start;
  llvm::function_ref<const TypeDigest &(uint32_t)> digestOf;
  llvm::SmallVector<uint8_t, 128> bytes;

  void number(uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8)
      bytes.push_back(uint8_t(value >> shift));
  }
  void reference(uint32_t index) {
    bytes.push_back(index >= start);
    if (index >= start)
      return number(index - start);
    const TypeDigest &digest = digestOf(index);
    bytes.append(digest.begin(), digest.end());
  }
  void list(llvm::ArrayRef<ValType> types) {
    number(uint32_t(types.size()));
    for (ValType type : types) {
      bytes.push_back(type.getKind());
      if (!type.isRef())
        continue;
      bytes.push_back(type.getHeap());
      bytes.push_back(type.isNullable());
      if (type.getHeap() == ValType::Concrete)
        reference(type.getTypeIndex());
    }
  }
};
} // namespace

void wasm::canonicalizeTypes(Module &module) {
  llvm::StringMap<uint32_t> firstOf;
  auto digestOf = [&](uint32_t index) -> const TypeDigest & {
    return module.typeDecls[index].digest;
  };
  for (uint32_t start = 0; start < module.types.size();) {
    uint32_t size = module.typeDecls[start].groupSize;
    GroupWriter writer(start, digestOf);
    for (uint32_t i = start; i < start + size; ++i)
      writer.member(module.types[i], module.typeDecls[i].isFinal, module.typeDecls[i].supertype);
    TypeDigest group = writer.groupDigest();
    for (uint32_t i = 0; i < size; ++i) {
      TypeDecl &decl = module.typeDecls[start + i];
      decl.digest = GroupWriter::memberDigest(group, i);
      llvm::StringRef key(reinterpret_cast<const char *>(decl.digest.data()), decl.digest.size());
      decl.canonical = firstOf.try_emplace(key, start + i).first->second;
    }
    start += size;
  }
}

TypeDigest wasm::digestOf(const FuncType &type,
                          llvm::function_ref<const TypeDigest &(uint32_t)> digestOfReferenced) {
  GroupWriter writer(/*start=*/UINT32_MAX, digestOfReferenced);
  writer.member(type, /*isFinal=*/true, /*supertype=*/std::nullopt);
  return GroupWriter::memberDigest(writer.groupDigest(), 0);
}

//===----------------------------------------------------------------------===//
// Matching
//===----------------------------------------------------------------------===//

bool wasm::matchesDefined(const Module &subModule, uint32_t sub, const Module &superModule,
                          uint32_t super) {
  const TypeDigest &wanted = superModule.typeDecls[super].digest;
  // Supertypes have lower indices, so this ends; validation bounds its length.
  for (std::optional<uint32_t> type = sub; type; type = subModule.typeDecls[*type].supertype)
    if (subModule.typeDecls[*type].digest == wanted)
      return true;
  return false;
}

static bool matchesHeap(const Module &subModule, ValType sub, const Module &superModule,
                        ValType super) {
  ValType::Heap want = super.getHeap();
  switch (sub.getHeap()) {
  case ValType::NoHeap:
    return true;
  case ValType::NoFunc:
    return want == ValType::NoFunc || want == ValType::Func || want == ValType::Concrete;
  case ValType::NoExtern:
    return want == ValType::NoExtern || want == ValType::Extern;
  case ValType::NoExn:
    return want == ValType::NoExn || want == ValType::Exn;
  case ValType::Concrete:
    return want == ValType::Func ||
           (want == ValType::Concrete &&
            matchesDefined(subModule, sub.getTypeIndex(), superModule, super.getTypeIndex()));
  case ValType::Func:
  case ValType::Extern:
  case ValType::Exn:
  case ValType::Any:
    return sub.getHeap() == want;
  }
  llvm_unreachable("every heap type is above");
}

bool wasm::matches(const Module &subModule, ValType sub, const Module &superModule, ValType super) {
  if (sub.getKind() != super.getKind())
    return sub.getKind() == ValType::Bottom;
  if (!sub.isRef())
    return true;
  if (sub.isNullable() && !super.isNullable())
    return false;
  return matchesHeap(subModule, sub, superModule, super);
}

static bool matchesLimits(const Limits &given, const Limits &wanted) {
  if (given.is64 != wanted.is64 || given.shared != wanted.shared || given.min < wanted.min)
    return false;
  return !wanted.max || (given.max && *given.max <= *wanted.max);
}

ExternType wasm::typeOfExport(const Module &module, const Export &one) {
  ExternType type;
  type.kind = one.kind;
  switch (one.kind) {
  case ExternKind::Func:
    type.typeIndex = module.funcTypes[one.index];
    break;
  case ExternKind::Tag:
    type.typeIndex = module.tagTypes[one.index];
    break;
  case ExternKind::Table:
    type.table = module.tableTypes[one.index];
    break;
  case ExternKind::Memory:
    type.memory = module.memoryTypes[one.index];
    break;
  case ExternKind::Global:
    type.global = module.globalTypes[one.index];
    break;
  }
  return type;
}

bool wasm::matchesImport(const Module &exporter, const ExternType &given, const Module &importer,
                         const Import &wanted) {
  if (given.kind != wanted.kind)
    return false;
  auto matchesBothWays = [&](ValType a, ValType b) {
    return matches(exporter, a, importer, b) && matches(importer, b, exporter, a);
  };
  switch (wanted.kind) {
  case ExternKind::Func:
    return matchesDefined(exporter, given.typeIndex, importer, wanted.typeIndex);
  case ExternKind::Tag:
    return exporter.typeDecls[given.typeIndex].digest ==
           importer.typeDecls[wanted.typeIndex].digest;
  case ExternKind::Table:
    return matchesLimits(given.table.limits, wanted.table.limits) &&
           matchesBothWays(given.table.element, wanted.table.element);
  case ExternKind::Memory:
    return given.memory.pageSizeLog2 == wanted.memory.pageSizeLog2 &&
           matchesLimits(given.memory.limits, wanted.memory.limits);
  case ExternKind::Global:
    if (given.global.isMutable != wanted.global.isMutable)
      return false;
    return given.global.isMutable
               ? matchesBothWays(given.global.type, wanted.global.type)
               : matches(exporter, given.global.type, importer, wanted.global.type);
  }
  llvm_unreachable("every kind is above");
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static std::string heapName(ValType type) {
  switch (type.getHeap()) {
  case ValType::Func:
    return "func";
  case ValType::Extern:
    return "extern";
  case ValType::Exn:
    return "exn";
  case ValType::NoFunc:
    return "nofunc";
  case ValType::NoExtern:
    return "noextern";
  case ValType::NoExn:
    return "noexn";
  case ValType::Any:
    return "any";
  case ValType::NoHeap:
    return "bot";
  case ValType::Concrete:
    return std::to_string(type.getTypeIndex());
  }
  llvm_unreachable("every heap type is above");
}

std::string wasm::toString(ValType type) {
  switch (type.getKind()) {
  case ValType::I32:
    return "i32";
  case ValType::I64:
    return "i64";
  case ValType::F32:
    return "f32";
  case ValType::F64:
    return "f64";
  case ValType::V128:
    return "v128";
  case ValType::Bottom:
    return "any type";
  case ValType::Ref:
    break;
  }
  if (type == ValType::funcref())
    return "funcref";
  if (type == ValType::externref())
    return "externref";
  if (type == ValType::exnref())
    return "exnref";
  return (type.isNullable() ? "(ref null " : "(ref ") + heapName(type) + ")";
}
