//===- TypeReader.cpp - Types in the binary -------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Binary Format / Types". Of the types of the garbage collection proposal only
// function types are supported, with their recursive groups, supertypes and finality.
//
//===----------------------------------------------------------------------===//

#include "TypeReader.h"
#include "llvm/ADT/StringExtras.h"

using namespace tenon;
using namespace tenon::wasm;

/// More parameters or results than this are refused, as by every engine.
static constexpr uint32_t maxParams = 1000;
static constexpr uint32_t maxTypes = 1000000;

//===----------------------------------------------------------------------===//
// Value types
//===----------------------------------------------------------------------===//

/// The abstract heap type of a code; nothing when there is none or it is not supported yet.
static std::optional<ValType::Heap> abstractHeap(uint8_t code) {
  switch (code) {
  case 0x69:
    return ValType::Exn;
  case 0x6f:
    return ValType::Extern;
  case 0x70:
    return ValType::Func;
  case 0x72:
    return ValType::NoExtern;
  case 0x73:
    return ValType::NoFunc;
  case 0x74:
    return ValType::NoExn;
  default:
    return std::nullopt;
  }
}

/// Heap types of the garbage collection proposal (array, struct, i31, eq, any, none).
static bool isUnsupportedHeap(uint8_t code) {
  return (code >= 0x6a && code <= 0x6e) || code == 0x71;
}

FailureOr<ValType> wasm::readHeapType(ByteCursor &cursor) {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> code = cursor.peekByte();
  if (failed(code))
    return failure();
  if (std::optional<ValType::Heap> heap = abstractHeap(*code)) {
    cursor.setPosition(at + 1);
    return ValType::ref(*heap, /*nullable=*/true);
  }
  if (isUnsupportedHeap(*code))
    return cursor.error("heap type 0x")
           << llvm::utohexstr(*code, true, 2) << " of garbage collection is not supported yet";
  if (*code == 0x62)
    return cursor.error("exact heap types are not supported yet");
  FailureOr<int64_t> index = cursor.readS33();
  if (failed(index))
    return failure();
  if (*index < 0)
    return cursor.errorAt(at, "malformed heap type");
  return ValType::ref(ValType::Concrete, /*nullable=*/true, uint32_t(*index));
}

/// What follows 0x63 or 0x64.
static FailureOr<ValType> readRefBody(ByteCursor &cursor, bool nullable) {
  FailureOr<ValType> type = readHeapType(cursor);
  if (failed(type))
    return failure();
  return ValType::ref(type->getHeap(), nullable, type->getTypeIndex());
}

FailureOr<ValType> wasm::readValType(ByteCursor &cursor) {
  FailureOr<uint8_t> code = cursor.peekByte();
  if (failed(code))
    return failure();
  size_t at = cursor.getPosition();
  ValType type;
  switch (*code) {
  case 0x7f:
    type = ValType::I32;
    break;
  case 0x7e:
    type = ValType::I64;
    break;
  case 0x7d:
    type = ValType::F32;
    break;
  case 0x7c:
    type = ValType::F64;
    break;
  case 0x7b:
    type = ValType::V128;
    break;
  case 0x63:
  case 0x64:
    cursor.setPosition(at + 1);
    return readRefBody(cursor, /*nullable=*/*code == 0x63);
  default: {
    std::optional<ValType::Heap> heap = abstractHeap(*code);
    if (isUnsupportedHeap(*code))
      return readHeapType(cursor);
    if (!heap)
      return cursor.error("malformed value type 0x") << llvm::utohexstr(*code, true, 2);
    type = ValType::ref(*heap, /*nullable=*/true);
    break;
  }
  }
  cursor.setPosition(at + 1);
  return type;
}

FailureOr<ValType> wasm::readRefType(ByteCursor &cursor) {
  size_t at = cursor.getPosition();
  FailureOr<ValType> type = readValType(cursor);
  if (failed(type))
    return failure();
  if (!type->isRef())
    return cursor.errorAt(at, "malformed reference type");
  return type;
}

//===----------------------------------------------------------------------===//
// Types of entities
//===----------------------------------------------------------------------===//

/// Limits after their flags.
static FailureOr<Limits> readLimits(ByteCursor &cursor, uint8_t flags) {
  Limits limits;
  limits.shared = flags & 0x02;
  limits.is64 = flags & 0x04;
  FailureOr<uint64_t> min = cursor.readU64();
  if (failed(min))
    return failure();
  limits.min = *min;
  if (!(flags & 0x01))
    return limits;
  FailureOr<uint64_t> max = cursor.readU64();
  if (failed(max))
    return failure();
  limits.max = *max;
  return limits;
}

static FailureOr<uint8_t> readLimitFlags(ByteCursor &cursor, uint8_t allowed) {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> flags = cursor.readByte();
  if (succeeded(flags) && (*flags & ~allowed))
    return cursor.errorAt(at, "malformed limits flags 0x") << llvm::utohexstr(*flags, true, 2);
  return flags;
}

FailureOr<TableType> wasm::readTableType(ByteCursor &cursor) {
  FailureOr<ValType> element = readRefType(cursor);
  if (failed(element))
    return failure();
  FailureOr<uint8_t> flags = readLimitFlags(cursor, 0x05);
  if (failed(flags))
    return failure();
  FailureOr<Limits> limits = readLimits(cursor, *flags);
  if (failed(limits))
    return failure();
  return TableType{*element, *limits};
}

FailureOr<MemoryType> wasm::readMemoryType(ByteCursor &cursor) {
  FailureOr<uint8_t> flags = readLimitFlags(cursor, 0x0f);
  if (failed(flags))
    return failure();
  FailureOr<Limits> limits = readLimits(cursor, *flags);
  if (failed(limits))
    return failure();
  MemoryType type;
  type.limits = *limits;
  if (!(*flags & 0x08))
    return type;
  size_t at = cursor.getPosition();
  FailureOr<uint32_t> pageSizeLog2 = cursor.readU32();
  if (failed(pageSizeLog2))
    return failure();
  if (*pageSizeLog2 != 0 && *pageSizeLog2 != 16)
    return cursor.errorAt(at, "invalid custom page size: 1 or 65536 bytes expected, found 2^")
           << *pageSizeLog2;
  type.pageSizeLog2 = uint8_t(*pageSizeLog2);
  return type;
}

FailureOr<GlobalType> wasm::readGlobalType(ByteCursor &cursor) {
  FailureOr<ValType> type = readValType(cursor);
  if (failed(type))
    return failure();
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> mutability = cursor.readByte();
  if (failed(mutability))
    return failure();
  if (*mutability > 1)
    return cursor.errorAt(at, "malformed mutability");
  return GlobalType{*type, *mutability == 1};
}

//===----------------------------------------------------------------------===//
// The type section
//===----------------------------------------------------------------------===//

template <unsigned size>
static LogicalResult readResultType(ByteCursor &cursor, llvm::SmallVector<ValType, size> &types,
                                    llvm::StringRef what) {
  size_t at = cursor.getPosition();
  FailureOr<uint32_t> count = cursor.readCount(what);
  if (failed(count))
    return failure();
  if (*count > maxParams)
    return cursor.errorAt(at, "too many ")
           << what << ": no more than " << maxParams << " are supported";
  for (uint32_t i = 0; i < *count; ++i) {
    FailureOr<ValType> type = readValType(cursor);
    if (failed(type))
      return failure();
    types.push_back(*type);
  }
  return success();
}

static FailureOr<FuncType> readCompositeType(ByteCursor &cursor) {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> form = cursor.readByte();
  if (failed(form))
    return failure();
  if (*form == 0x5f || *form == 0x5e)
    return cursor.errorAt(at, *form == 0x5f ? "struct types are not supported yet"
                                            : "array types are not supported yet");
  if (*form == 0x5d)
    return cursor.errorAt(at, "continuation types are not supported yet");
  if (*form == 0x4c || *form == 0x4d)
    return cursor.errorAt(at, "custom descriptors are not supported yet");
  if (*form != 0x60)
    return cursor.errorAt(at, "malformed type form 0x") << llvm::utohexstr(*form, true, 2);
  FuncType type;
  if (failed(readResultType(cursor, type.params, "parameters")) ||
      failed(readResultType(cursor, type.results, "results")))
    return failure();
  return type;
}

/// 0x50 or 0x4f with supertypes, or a bare composite type, which is final.
static LogicalResult readSubType(ByteCursor &cursor, Module &module, TypeDecl decl) {
  decl.location = cursor.getLocation();
  FailureOr<uint8_t> form = cursor.peekByte();
  if (failed(form))
    return failure();
  if (*form == 0x50 || *form == 0x4f) {
    decl.isFinal = *form == 0x4f;
    cursor.setPosition(cursor.getPosition() + 1);
    size_t at = cursor.getPosition();
    FailureOr<uint32_t> count = cursor.readCount("supertypes");
    if (failed(count))
      return failure();
    if (*count > 1)
      return cursor.errorAt(at, "sub type has ") << *count << " supertypes, at most 1 expected";
    if (*count == 1) {
      FailureOr<uint32_t> super = cursor.readU32();
      if (failed(super))
        return failure();
      if (*super >= module.types.size())
        return cursor.errorAt(at, "unknown type ") << *super;
      decl.supertype = *super;
    }
  }
  FailureOr<FuncType> type = readCompositeType(cursor);
  if (failed(type))
    return failure();
  module.types.push_back(std::move(*type));
  module.typeDecls.push_back(decl);
  return success();
}

/// A type can name the types before it and those of its own group.
static LogicalResult checkReferences(ByteCursor &cursor, const Module &module, size_t first) {
  for (size_t i = first; i < module.types.size(); ++i) {
    auto isUnknown = [&](ValType type) {
      return type.isRef() && type.getHeap() == ValType::Concrete &&
             type.getTypeIndex() >= module.types.size();
    };
    for (llvm::ArrayRef<ValType> list : {llvm::ArrayRef<ValType>(module.types[i].params),
                                         llvm::ArrayRef<ValType>(module.types[i].results)})
      for (ValType type : list)
        if (isUnknown(type))
          return cursor.getDiagnostics().error(module.typeDecls[i].location, "unknown type ")
                 << type.getTypeIndex();
  }
  return success();
}

LogicalResult wasm::readRecType(ByteCursor &cursor, Module &module) {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> form = cursor.peekByte();
  if (failed(form))
    return failure();
  uint32_t count = 1;
  if (*form == 0x4e) {
    cursor.setPosition(at + 1);
    FailureOr<uint32_t> members = cursor.readCount("types");
    if (failed(members))
      return failure();
    count = *members;
  }
  size_t first = module.types.size();
  if (count > maxTypes || first + count > maxTypes)
    return cursor.errorAt(at, "too many types: no more than ") << maxTypes << " are supported";
  TypeDecl decl;
  decl.groupStart = uint32_t(first);
  decl.groupSize = count;
  for (uint32_t i = 0; i < count; ++i)
    if (failed(readSubType(cursor, module, decl)))
      return failure();
  return checkReferences(cursor, module, first);
}
