//===- ReadCoreTypes.cpp - Core types of the binary format ----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Binary.md#type-definitions: core:type, and of the core specification what stands inside of it.
//
//===----------------------------------------------------------------------===//

#include "ReaderImpl.h"

using namespace tenon;
using namespace tenon::component;

static std::optional<wasm::ValType::Heap> abstractHeapType(uint8_t byte) {
  switch (byte) {
  case 0x70:
    return wasm::ValType::Func;
  case 0x6f:
    return wasm::ValType::Extern;
  case 0x69:
    return wasm::ValType::Exn;
  case 0x73:
    return wasm::ValType::NoFunc;
  case 0x72:
    return wasm::ValType::NoExtern;
  case 0x74:
    return wasm::ValType::NoExn;
  default:
    return std::nullopt;
  }
}

LogicalResult Parser::readCoreValType(wasm::ValType &out) {
  size_t at = cursor.getPosition();
  uint8_t byte;
  if (failed(read(byte)))
    return failure();
  switch (byte) {
  case 0x7f:
    out = wasm::ValType::I32;
    return success();
  case 0x7e:
    out = wasm::ValType::I64;
    return success();
  case 0x7d:
    out = wasm::ValType::F32;
    return success();
  case 0x7c:
    out = wasm::ValType::F64;
    return success();
  case 0x7b:
    out = wasm::ValType::V128;
    return success();
  }
  if (std::optional<wasm::ValType::Heap> heap = abstractHeapType(byte)) {
    out = wasm::ValType::ref(*heap, /*nullable=*/true);
    return success();
  }
  if (byte != 0x63 && byte != 0x64)
    return cursor.errorAt(at, "invalid core value type ") << unsigned(byte);
  size_t heapAt = cursor.getPosition();
  FailureOr<int64_t> heapType = cursor.readS33();
  if (failed(heapType))
    return failure();
  if (*heapType >= 0) { // of the index space that the type stands in
    out =
        wasm::ValType::ref(wasm::ValType::Concrete, /*nullable=*/byte == 0x63, uint32_t(*heapType));
    return success();
  }
  std::optional<wasm::ValType::Heap> heap =
      *heapType >= -64 ? abstractHeapType(uint8_t(*heapType & 0x7f)) : std::nullopt;
  if (!heap)
    return cursor.errorAt(heapAt, "invalid heap type");
  out = wasm::ValType::ref(*heap, /*nullable=*/byte == 0x63);
  return success();
}

LogicalResult Parser::readCoreFuncType(wasm::FuncType &out) {
  std::vector<wasm::ValType> params, results;
  auto readOne = [&](wasm::ValType &type) { return readCoreValType(type); };
  if (failed(readVec(params, "parameters", readOne)) ||
      failed(readVec(results, "results", readOne)))
    return failure();
  out.params.assign(params.begin(), params.end());
  out.results.assign(results.begin(), results.end());
  return success();
}

LogicalResult Parser::readCoreType(CoreTypeDecl &out) {
  size_t at = cursor.getPosition();
  uint8_t opcode;
  if (failed(read(opcode)))
    return failure();
  switch (opcode) {
  case 0x60:
    return readCoreFuncType(out.func);
  case 0x50:
    out.isModule = true;
    if (nesting >= maxNesting)
      return cursor.error("types nested too deep: at most ") << maxNesting << " levels";
    ++nesting;
    if (failed(readVec(out.decls, "declarations",
                       [&](CoreModuleDecl &decl) { return readCoreModuleDecl(decl); })))
      return failure();
    --nesting;
    return success();
  case 0x00: // keeps a non-final subtype apart from a module type
    if (failed(expect(0x50, "a non-final subtype")))
      return failure();
    return readCoreSubtype(out);
  case 0x4f:
    return readCoreSubtype(out);
  case 0x4e:
    return cursor.errorAt(at, "recursive core types are not supported yet");
  case 0x5e:
  case 0x5f:
    return cursor.errorAt(at, "core types other than functions are not supported yet");
  default:
    return cursor.errorAt(at, "invalid leading byte of a core type: ") << unsigned(opcode);
  }
}

/// core:subtype after its opcode: supertypes and a composite type. Without supertypes it is the
/// type.
LogicalResult Parser::readCoreSubtype(CoreTypeDecl &out) {
  size_t at = cursor.getPosition();
  std::vector<uint32_t> supertypes;
  if (failed(readVec(supertypes, "supertypes", [&](uint32_t &index) { return read(index); })))
    return failure();
  if (!supertypes.empty())
    return cursor.errorAt(at, "supertypes of core types are not supported yet");
  at = cursor.getPosition();
  uint8_t opcode;
  if (failed(read(opcode)))
    return failure();
  if (opcode != 0x60)
    return cursor.errorAt(at, "core types other than functions are not supported yet");
  return readCoreFuncType(out.func);
}

LogicalResult Parser::readCoreModuleDecl(CoreModuleDecl &out) {
  out.location = cursor.getLocation();
  size_t at = cursor.getPosition();
  uint8_t opcode;
  if (failed(read(opcode)))
    return failure();
  switch (opcode) {
  case 0x00:
    out.kind = CoreModuleDecl::Import;
    if (failed(read(out.module)) || failed(read(out.name)))
      return failure();
    return readCoreExternType(out.externType);
  case 0x01:
    out.kind = CoreModuleDecl::Type;
    return readCoreType(out.type);
  case 0x02:
    out.kind = CoreModuleDecl::Alias;
    if (failed(expect(0x10, "the sort type")) || failed(expect(0x01, "an outer alias")) ||
        failed(read(out.outerCount)))
      return failure();
    return read(out.outerIndex);
  case 0x03:
    out.kind = CoreModuleDecl::Export;
    return failed(read(out.name)) ? failure() : readCoreExternType(out.externType);
  default:
    return cursor.errorAt(at, "invalid leading byte of a module declaration: ") << unsigned(opcode);
  }
}

/// Core specification, "Types / Limits": bit 0 maximum, bit 1 shared, bit 2 64-bit addresses.
LogicalResult Parser::readLimits(wasm::Limits &out, uint8_t &flags) {
  size_t at = cursor.getPosition();
  if (failed(read(flags)))
    return failure();
  if (flags > 0x0f)
    return cursor.errorAt(at, "malformed limits flags ") << unsigned(flags);
  FailureOr<uint64_t> min = cursor.readU64();
  if (failed(min))
    return failure();
  out.min = *min;
  if (flags & 1) {
    FailureOr<uint64_t> max = cursor.readU64();
    if (failed(max))
      return failure();
    out.max = *max;
  }
  out.shared = flags & 2;
  out.is64 = flags & 4;
  return success();
}

LogicalResult Parser::readCoreExternType(CoreExternDecl &out) {
  size_t at = cursor.getPosition();
  uint8_t sort, flags;
  if (failed(read(sort)))
    return failure();
  switch (sort) {
  case 0x00:
    out.kind = wasm::ExternKind::Func;
    return read(out.typeIndex);
  case 0x01:
    out.kind = wasm::ExternKind::Table;
    if (failed(readCoreValType(out.table.element)))
      return failure();
    at = cursor.getPosition();
    if (failed(readLimits(out.table.limits, flags)))
      return failure();
    return flags & ~5 ? cursor.errorAt(at, "malformed limits flags ") << unsigned(flags)
                      : success();
  case 0x02:
    out.kind = wasm::ExternKind::Memory;
    if (failed(readLimits(out.memory.limits, flags)))
      return failure();
    if (flags & 8) {
      uint32_t pageSizeLog2;
      at = cursor.getPosition();
      if (failed(read(pageSizeLog2)))
        return failure();
      if (pageSizeLog2 != 0 && pageSizeLog2 != 16)
        return cursor.errorAt(at, "invalid custom page size");
      out.memory.pageSizeLog2 = uint8_t(pageSizeLog2);
    }
    return success();
  case 0x03:
    out.kind = wasm::ExternKind::Global;
    if (failed(readCoreValType(out.global.type)))
      return failure();
    return readFlag(out.global.isMutable, "the mutability of a global");
  case 0x04:
    out.kind = wasm::ExternKind::Tag;
    return failed(expect(0, "a tag's attribute")) ? failure() : read(out.typeIndex);
  default:
    return cursor.errorAt(at, "invalid core sort ") << unsigned(sort);
  }
}
