//===- ReadTypes.cpp - Type definitions of the binary format --------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Binary.md#type-definitions; core types: ReadCoreTypes.cpp.
//
//===----------------------------------------------------------------------===//

#include "ReaderImpl.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// Value types
//===----------------------------------------------------------------------===//

static std::optional<Primitive> primitiveOf(uint8_t opcode) {
  switch (opcode) {
  case 0x7f:
    return Primitive::Bool;
  case 0x7e:
    return Primitive::S8;
  case 0x7d:
    return Primitive::U8;
  case 0x7c:
    return Primitive::S16;
  case 0x7b:
    return Primitive::U16;
  case 0x7a:
    return Primitive::S32;
  case 0x79:
    return Primitive::U32;
  case 0x78:
    return Primitive::S64;
  case 0x77:
    return Primitive::U64;
  case 0x76:
    return Primitive::F32;
  case 0x75:
    return Primitive::F64;
  case 0x74:
    return Primitive::Char;
  case 0x73:
    return Primitive::String;
  case 0x64:
    return Primitive::ErrorContext;
  default:
    return std::nullopt;
  }
}

/// Whether a byte is a type opcode, that is a negative one-byte SLEB128.
static bool isOpcode(uint8_t byte) { return byte >= 0x40 && byte < 0x80; }

LogicalResult Parser::readValType(ValTypeRef &out) {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> first = cursor.peekByte();
  if (failed(first))
    return failure();
  if (!isOpcode(*first)) {
    FailureOr<int64_t> index = cursor.readS33();
    if (failed(index))
      return failure();
    if (*index < 0)
      return cursor.errorAt(at, "invalid value type");
    out.index = uint32_t(*index);
    return success();
  }
  out.primitive = primitiveOf(*first);
  if (!out.primitive)
    return cursor.errorAt(at, "invalid value type ") << unsigned(*first);
  return cursor.readByte();
}

LogicalResult Parser::readOptionalValType(std::optional<ValTypeRef> &out) {
  bool present;
  if (failed(readFlag(present, "the presence of a type")))
    return failure();
  return present ? readValType(out.emplace()) : success();
}

LogicalResult Parser::readResultList(std::optional<ValTypeRef> &out) {
  bool none;
  if (failed(readFlag(none, "the kind of a result list")))
    return failure();
  return none ? expect(0, "an empty result list") : readValType(out.emplace());
}

LogicalResult Parser::readMembers(ValTypeDecl &out, llvm::StringRef what, bool named, bool typed) {
  return readVec(out.members, what, [&](MemberDecl &member) -> LogicalResult {
    member.location = cursor.getLocation();
    if (named && failed(read(member.name)))
      return failure();
    return typed ? readValType(member.type.emplace()) : success();
  });
}

LogicalResult Parser::readDefValType(uint8_t opcode, ValTypeDecl &out) {
  auto single = [&](TypeKind kind) {
    out.kind = kind;
    return readValType(out.members.emplace_back().type.emplace());
  };
  auto optionalSingle = [&](TypeKind kind) {
    out.kind = kind;
    return readOptionalValType(out.members.emplace_back().type);
  };
  switch (opcode) {
  case 0x72:
    out.kind = TypeKind::Record;
    return readMembers(out, "fields", /*named=*/true, /*typed=*/true);
  case 0x71:
    out.kind = TypeKind::Variant;
    return readVec(out.members, "cases", [&](MemberDecl &member) -> LogicalResult {
      member.location = cursor.getLocation();
      if (failed(read(member.name)) || failed(readOptionalValType(member.type)))
        return failure();
      return expect(0, "the end of a case");
    });
  case 0x70:
    return single(TypeKind::List);
  case 0x67:
    if (failed(single(TypeKind::FixedList)))
      return failure();
    return read(out.length);
  case 0x6f:
    out.kind = TypeKind::Tuple;
    return readMembers(out, "types", /*named=*/false, /*typed=*/true);
  case 0x6e:
    out.kind = TypeKind::Flags;
    return readMembers(out, "flags", /*named=*/true, /*typed=*/false);
  case 0x6d:
    out.kind = TypeKind::Enum;
    return readMembers(out, "cases", /*named=*/true, /*typed=*/false);
  case 0x6b:
    return single(TypeKind::Option);
  case 0x6a:
    out.kind = TypeKind::Result;
    out.members.resize(2);
    out.members[0].name = "ok";
    out.members[1].name = "error";
    if (failed(readOptionalValType(out.members[0].type)))
      return failure();
    return readOptionalValType(out.members[1].type);
  case 0x69:
    out.kind = TypeKind::Own;
    return read(out.resourceType);
  case 0x68:
    out.kind = TypeKind::Borrow;
    return read(out.resourceType);
  case 0x66:
    return optionalSingle(TypeKind::Stream);
  case 0x65:
    return optionalSingle(TypeKind::Future);
  case 0x63:
    if (failed(single(TypeKind::Map)))
      return failure();
    return single(TypeKind::Map);
  default:
    llvm_unreachable("the caller knows the opcodes");
  }
}

//===----------------------------------------------------------------------===//
// Type definitions
//===----------------------------------------------------------------------===//

LogicalResult Parser::readType(TypeDecl &out) {
  size_t at = cursor.getPosition();
  uint8_t opcode;
  if (failed(read(opcode)))
    return failure();
  if (std::optional<Primitive> primitive = primitiveOf(opcode)) {
    out.value.primitive = *primitive;
    return success();
  }
  switch (opcode) {
  case 0x40:
  case 0x43:
    out.kind = TypeDecl::Func;
    out.func.isAsync = opcode == 0x43;
    return readFuncType(out.func);
  case 0x41:
  case 0x42:
    out.kind = opcode == 0x41 ? TypeDecl::Component : TypeDecl::Instance;
    return readTypeScope(out);
  case 0x3f:
    out.kind = TypeDecl::Resource;
    return readResource(out.resource);
  case 0x72:
  case 0x71:
  case 0x70:
  case 0x67:
  case 0x6f:
  case 0x6e:
  case 0x6d:
  case 0x6b:
  case 0x6a:
  case 0x69:
  case 0x68:
  case 0x66:
  case 0x65:
  case 0x63:
    return readDefValType(opcode, out.value);
  default:
    return cursor.errorAt(at, "invalid leading byte of a type definition: ") << unsigned(opcode);
  }
}

LogicalResult Parser::readFuncType(FuncTypeDecl &out) {
  LogicalResult params = readVec(out.params, "parameters", [&](MemberDecl &param) -> LogicalResult {
    param.location = cursor.getLocation();
    if (failed(read(param.name)))
      return failure();
    return readValType(param.type.emplace());
  });
  return failed(params) ? failure() : readResultList(out.result);
}

LogicalResult Parser::readResource(ResourceDecl &out) {
  bool hasDtor;
  if (failed(readCoreValType(out.rep)) || failed(readFlag(hasDtor, "the presence of a destructor")))
    return failure();
  return hasDtor ? read(out.dtor.emplace()) : success();
}

LogicalResult Parser::readTypeScope(TypeDecl &out) {
  if (nesting >= maxNesting)
    return cursor.error("types nested too deep: at most ") << maxNesting << " levels";
  ++nesting;
  bool isComponent = out.kind == TypeDecl::Component;
  LogicalResult result = readVec(out.decls, "declarations", [&](TypeScopeDecl &decl) {
    return readTypeScopeDecl(decl, isComponent);
  });
  --nesting;
  return result;
}

LogicalResult Parser::readTypeScopeDecl(TypeScopeDecl &out, bool isComponent) {
  out.location = cursor.getLocation();
  size_t at = cursor.getPosition();
  uint8_t opcode;
  if (failed(read(opcode)))
    return failure();
  switch (opcode) {
  case 0x00:
    out.kind = TypeScopeDecl::CoreType;
    out.coreType = std::make_unique<CoreTypeDecl>();
    return readCoreType(*out.coreType);
  case 0x01:
    out.kind = TypeScopeDecl::Type;
    out.type = std::make_unique<TypeDecl>();
    return readType(*out.type);
  case 0x02:
    out.kind = TypeScopeDecl::Alias;
    return readAlias(out.alias);
  case 0x03:
    if (!isComponent)
      break;
    out.kind = TypeScopeDecl::Import;
    return failed(readExternName(out.name)) ? failure() : readExternType(out.externType);
  case 0x04:
    out.kind = TypeScopeDecl::Export;
    return failed(readExternName(out.name)) ? failure() : readExternType(out.externType);
  }
  return cursor.errorAt(at, "invalid leading byte of a declaration: ") << unsigned(opcode);
}

LogicalResult Parser::readExternType(ExternDecl &out) {
  out.location = cursor.getLocation();
  size_t at = cursor.getPosition();
  uint8_t sort, bound;
  if (failed(read(sort)))
    return failure();
  switch (sort) {
  case 0x00:
    out.kind = ExternKind::CoreModule;
    return failed(expect(0x11, "the sort module")) ? failure() : read(out.index);
  case 0x01:
    out.kind = ExternKind::Func;
    return read(out.index);
  case 0x02:
    out.kind = ExternKind::Value;
    at = cursor.getPosition();
    if (failed(read(bound)))
      return failure();
    if (bound == 0x00)
      return read(out.index);
    out.bound = ExternDecl::Of;
    if (bound == 0x01)
      return readValType(out.value);
    return cursor.errorAt(at, "invalid bound of a value: ") << unsigned(bound);
  case 0x03:
    out.kind = ExternKind::Type;
    at = cursor.getPosition();
    if (failed(read(bound)))
      return failure();
    if (bound == 0x00)
      return read(out.index);
    out.bound = ExternDecl::SubResource;
    if (bound == 0x01)
      return success();
    return cursor.errorAt(at, "invalid bound of a type: ") << unsigned(bound);
  case 0x04:
    out.kind = ExternKind::Component;
    return read(out.index);
  case 0x05:
    out.kind = ExternKind::Instance;
    return read(out.index);
  default:
    return cursor.errorAt(at, "invalid sort of an import or export: ") << unsigned(sort);
  }
}
