//===- CoreTypes.cpp - Text of core types ---------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/CoreTypes.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;
using wasm::ValType;

//===----------------------------------------------------------------------===//
// Value types
//===----------------------------------------------------------------------===//

static std::optional<ValType> numberType(StringRef word) {
  return llvm::StringSwitch<std::optional<ValType>>(word)
      .Case("i32", ValType::I32)
      .Case("i64", ValType::I64)
      .Case("f32", ValType::F32)
      .Case("f64", ValType::F64)
      .Case("v128", ValType::V128)
      .Default(std::nullopt);
}

/// `funcref` and its kind: abbreviations of `(ref null heap)`.
static std::optional<ValType> shortRefType(StringRef word) {
  auto nullable = [](ValType::Heap heap) { return ValType::ref(heap, /*nullable=*/true); };
  return llvm::StringSwitch<std::optional<ValType>>(word)
      .Case("funcref", nullable(ValType::Func))
      .Case("externref", nullable(ValType::Extern))
      .Case("exnref", nullable(ValType::Exn))
      .Case("anyref", nullable(ValType::Any))
      .Case("nullfuncref", nullable(ValType::NoFunc))
      .Case("nullexternref", nullable(ValType::NoExtern))
      .Case("nullexnref", nullable(ValType::NoExn))
      .Default(std::nullopt);
}

static std::optional<ValType> abstractHeapType(StringRef word) {
  auto nullable = [](ValType::Heap heap) { return ValType::ref(heap, /*nullable=*/true); };
  return llvm::StringSwitch<std::optional<ValType>>(word)
      .Case("func", nullable(ValType::Func))
      .Case("extern", nullable(ValType::Extern))
      .Case("exn", nullable(ValType::Exn))
      .Case("any", nullable(ValType::Any))
      .Case("nofunc", nullable(ValType::NoFunc))
      .Case("noextern", nullable(ValType::NoExtern))
      .Case("noexn", nullable(ValType::NoExn))
      .Default(std::nullopt);
}

static bool isUnsupportedRefType(StringRef word) {
  return llvm::StringSwitch<bool>(word)
      .Cases({"eqref", "i31ref", "structref", "arrayref", "nullref", "contref", "nullcontref"},
             true)
      .Default(false);
}

static bool isUnsupportedHeapType(StringRef word) {
  return llvm::StringSwitch<bool>(word)
      .Cases({"eq", "i31", "struct", "array", "none", "cont", "nocont"}, true)
      .Default(false);
}

bool tenon::text::peekValType(const Parser &parser) {
  if (parser.peekField("ref"))
    return true;
  if (parser.peek().kind != Token::Keyword)
    return false;
  StringRef word = parser.spelling();
  return numberType(word) || shortRefType(word) || isUnsupportedRefType(word);
}

FailureOr<ValType> tenon::text::parseHeapType(Parser &parser, TypeIndexParser types) {
  if (parser.peekIndex()) {
    FailureOr<uint32_t> index = types(parser);
    if (failed(index))
      return failure();
    return ValType::ref(ValType::Concrete, /*nullable=*/true, *index);
  }
  if (parser.peek().kind == Token::Keyword) {
    if (std::optional<ValType> type = abstractHeapType(parser.spelling())) {
      parser.next();
      return *type;
    }
    if (isUnsupportedHeapType(parser.spelling()))
      return parser.error("the heap type '") << parser.spelling() << "' is not supported yet";
  }
  if (parser.peekField("exact"))
    return parser.error("exact heap types are not supported yet");
  return parser.expected("a heap type");
}

FailureOr<ValType> tenon::text::parseRefType(Parser &parser, TypeIndexParser types) {
  if (parser.peek().kind == Token::Keyword) {
    if (std::optional<ValType> type = shortRefType(parser.spelling())) {
      parser.next();
      return *type;
    }
    if (isUnsupportedRefType(parser.spelling()))
      return parser.error("the type '") << parser.spelling() << "' is not supported yet";
  }
  if (!parser.consumeIfField("ref"))
    return parser.expected("a reference type");
  bool nullable = parser.consumeIfKeyword("null");
  FailureOr<ValType> heap = parseHeapType(parser, types);
  if (failed(heap) || failed(parser.consumeRParen()))
    return failure();
  return ValType::ref(heap->getHeap(), nullable, heap->getTypeIndex());
}

FailureOr<ValType> tenon::text::parseValType(Parser &parser, TypeIndexParser types) {
  if (parser.peek().kind == Token::Keyword) {
    if (std::optional<ValType> type = numberType(parser.spelling())) {
      parser.next();
      return *type;
    }
  }
  if (!peekValType(parser))
    return parser.expected("a value type");
  return parseRefType(parser, types);
}

//===----------------------------------------------------------------------===//
// Function types
//===----------------------------------------------------------------------===//

FailureOr<std::optional<StringRef>> tenon::text::parseNameAnnotation(Parser &parser) {
  std::optional<StringRef> result;
  for (const Annotation &annotation : parser.annotationsHere()) {
    if (annotation.name != "name")
      continue;
    if (result)
      return parser.errorAt(annotation.offset, "@name annotation: multiple names");
    Parser inside(parser.getBuffer(), annotation, parser.getDiagnostics());
    FailureOr<StringRef> name = inside.parseName("the name of a @name annotation");
    if (failed(name))
      return failure();
    if (!inside.atEnd())
      return inside.error("@name annotation: unexpected token");
    result = *name;
  }
  return result;
}

FailureOr<LocalName> tenon::text::parseLocalName(Parser &parser) {
  LocalName name;
  name.id = parser.parseOptionalId();
  FailureOr<std::optional<StringRef>> annotated = parseNameAnnotation(parser);
  if (failed(annotated))
    return failure();
  name.annotated = *annotated;
  return name;
}

LogicalResult tenon::text::parseParamsAndResults(Parser &parser, TypeIndexParser types,
                                                 wasm::FuncType &type,
                                                 std::vector<LocalName> *paramNames) {
  while (parser.consumeIfField("param")) {
    if (parser.peekId() && !paramNames)
      return parser.error("unexpected token: a parameter has no name here");
    FailureOr<LocalName> name = parseLocalName(parser);
    if (failed(name))
      return failure();
    bool named = name->id || name->annotated; // then it is one
    do {
      if (!named && parser.peekRParen())
        break; // `(param)`
      FailureOr<ValType> param = parseValType(parser, types);
      if (failed(param))
        return failure();
      type.params.push_back(*param);
      if (paramNames)
        paramNames->push_back(*name);
    } while (!named);
    if (failed(parser.consumeRParen()))
      return failure();
  }
  while (parser.consumeIfField("result")) {
    while (!parser.peekRParen()) {
      FailureOr<ValType> result = parseValType(parser, types);
      if (failed(result))
        return failure();
      type.results.push_back(*result);
    }
    parser.next();
  }
  return success();
}

FailureOr<TypeUse> tenon::text::parseTypeUse(Parser &parser, TypeIndexParser types,
                                             bool allowParamNames) {
  TypeUse use;
  use.textOffset = parser.getOffset();
  if (parser.peekField("exact"))
    return parser.error("exact function types are not supported yet");
  if (parser.consumeIfField("type")) {
    FailureOr<uint32_t> index = types(parser);
    if (failed(index) || failed(parser.consumeRParen()))
      return failure();
    use.index = *index;
  }
  use.hasInline = parser.peekField("param") || parser.peekField("result");
  if (failed(parseParamsAndResults(parser, types, use.type,
                                   allowParamNames ? &use.paramNames : nullptr)))
    return failure();
  return use;
}

//===----------------------------------------------------------------------===//
// Tables, memories, globals
//===----------------------------------------------------------------------===//

/// `i32`, `i64` or nothing: the address type. True for i64.
static bool parseAddressType(Parser &parser) {
  if (parser.consumeIfKeyword("i64"))
    return true;
  parser.consumeIfKeyword("i32");
  return false;
}

FailureOr<wasm::Limits> tenon::text::parseLimits(Parser &parser) {
  wasm::Limits limits;
  limits.is64 = parseAddressType(parser);
  FailureOr<uint64_t> min = parser.parseU64("a minimum size");
  if (failed(min))
    return failure();
  limits.min = *min;
  if (parser.peekInteger()) {
    FailureOr<uint64_t> max = parser.parseU64("a maximum size");
    if (failed(max))
      return failure();
    limits.max = *max;
  }
  limits.shared = parser.consumeIfKeyword("shared");
  return limits;
}

FailureOr<uint8_t> tenon::text::parseOptionalPageSize(Parser &parser) {
  if (!parser.consumeIfField("pagesize"))
    return uint8_t(16);
  FailureOr<uint64_t> size = parser.parseU64("a page size");
  if (failed(size))
    return failure();
  if (!llvm::isPowerOf2_64(*size))
    return parser.error("invalid custom page size: ") << *size << " is not a power of two";
  if (failed(parser.consumeRParen()))
    return failure();
  return uint8_t(llvm::Log2_64(*size));
}

FailureOr<wasm::MemoryType> tenon::text::parseMemoryType(Parser &parser) {
  FailureOr<wasm::Limits> limits = parseLimits(parser);
  if (failed(limits))
    return failure();
  FailureOr<uint8_t> pageSize = parseOptionalPageSize(parser);
  if (failed(pageSize))
    return failure();
  return wasm::MemoryType{*limits, *pageSize};
}

FailureOr<wasm::TableType> tenon::text::parseTableType(Parser &parser, TypeIndexParser types) {
  FailureOr<wasm::Limits> limits = parseLimits(parser);
  if (failed(limits))
    return failure();
  FailureOr<ValType> element = parseRefType(parser, types);
  if (failed(element))
    return failure();
  return wasm::TableType{*element, *limits};
}

FailureOr<wasm::GlobalType> tenon::text::parseGlobalType(Parser &parser, TypeIndexParser types) {
  bool isMutable = parser.consumeIfField("mut");
  FailureOr<ValType> type = parseValType(parser, types);
  if (failed(type) || (isMutable && failed(parser.consumeRParen())))
    return failure();
  return wasm::GlobalType{*type, isMutable};
}

FailureOr<ExternDesc> tenon::text::parseExternDesc(Parser &parser, TypeIndexParser types) {
  ExternDesc desc;
  desc.textOffset = parser.getOffset();
  if (failed(parser.consumeLParen()))
    return failure();
  FailureOr<StringRef> word = parser.parseKeyword("'func', 'table', 'memory', 'global' or 'tag'");
  if (failed(word))
    return failure();
  desc.id = parser.parseOptionalId();

  // Each branch assigns a FailureOr's value or leaves with its failure.
  auto take = [](auto &to, auto from) -> LogicalResult {
    if (failed(from))
      return failure();
    to = std::move(*from);
    return success();
  };
  LogicalResult parsed = failure();
  if (*word == "func" || *word == "tag") {
    desc.kind = *word == "func" ? wasm::ExternKind::Func : wasm::ExternKind::Tag;
    parsed = take(desc.typeUse, parseTypeUse(parser, types));
  } else if (*word == "table") {
    desc.kind = wasm::ExternKind::Table;
    parsed = take(desc.table, parseTableType(parser, types));
  } else if (*word == "memory") {
    desc.kind = wasm::ExternKind::Memory;
    parsed = take(desc.memory, parseMemoryType(parser));
  } else if (*word == "global") {
    desc.kind = wasm::ExternKind::Global;
    parsed = take(desc.global, parseGlobalType(parser, types));
  } else
    return parser.errorAt(desc.textOffset, "expected 'func', 'table', 'memory', 'global' or "
                                           "'tag', found '")
           << *word << "'";
  if (failed(parsed) || failed(parser.consumeRParen()))
    return failure();
  return desc;
}

//===----------------------------------------------------------------------===//
// Encoding
//===----------------------------------------------------------------------===//

/// Binary Format / Types / Heap Types.
static uint8_t heapCode(ValType::Heap heap) {
  switch (heap) {
  case ValType::Func:
    return 0x70;
  case ValType::Extern:
    return 0x6f;
  case ValType::Exn:
    return 0x69;
  case ValType::NoFunc:
    return 0x73;
  case ValType::NoExtern:
    return 0x72;
  case ValType::NoExn:
    return 0x74;
  case ValType::Any:
    return 0x6e;
  case ValType::Concrete:
  case ValType::NoHeap:
    break;
  }
  llvm_unreachable("a concrete heap type has an index, the lowest one no code at all");
}

void tenon::text::writeHeapType(ByteWriter &out, const ValType &type) {
  if (type.getHeap() == ValType::Concrete)
    out.s33(type.getTypeIndex());
  else
    out.byte(heapCode(type.getHeap()));
}

void tenon::text::writeValType(ByteWriter &out, const ValType &type) {
  switch (type.getKind()) {
  case ValType::I32:
    return out.byte(0x7f);
  case ValType::I64:
    return out.byte(0x7e);
  case ValType::F32:
    return out.byte(0x7d);
  case ValType::F64:
    return out.byte(0x7c);
  case ValType::V128:
    return out.byte(0x7b);
  case ValType::Ref:
    if (!type.isNullable() || type.getHeap() == ValType::Concrete)
      out.byte(type.isNullable() ? 0x63 : 0x64);
    return writeHeapType(out, type);
  case ValType::Bottom:
    break;
  }
  llvm_unreachable("the bottom type can't be written");
}

void tenon::text::writeFuncType(ByteWriter &out, const wasm::FuncType &type) {
  out.byte(0x60);
  out.u32(type.params.size());
  for (ValType param : type.params)
    writeValType(out, param);
  out.u32(type.results.size());
  for (ValType result : type.results)
    writeValType(out, result);
}

void tenon::text::writeLimits(ByteWriter &out, const wasm::Limits &limits, bool customPageSize) {
  out.byte(uint8_t(limits.max.has_value()) | limits.shared << 1 | limits.is64 << 2 |
           customPageSize << 3);
  out.u64(limits.min);
  if (limits.max)
    out.u64(*limits.max);
}

void tenon::text::writeMemoryType(ByteWriter &out, const wasm::MemoryType &type) {
  bool customPageSize = type.pageSizeLog2 != 16;
  writeLimits(out, type.limits, customPageSize);
  if (customPageSize)
    out.u32(type.pageSizeLog2);
}

void tenon::text::writeTableType(ByteWriter &out, const wasm::TableType &type) {
  writeValType(out, type.element);
  writeLimits(out, type.limits);
}

void tenon::text::writeGlobalType(ByteWriter &out, const wasm::GlobalType &type) {
  writeValType(out, type.type);
  out.byte(type.isMutable);
}

void tenon::text::writeExternDesc(ByteWriter &out, const ExternDesc &desc, uint32_t typeIndex) {
  out.byte(uint8_t(desc.kind));
  switch (desc.kind) {
  case wasm::ExternKind::Func:
    return out.u32(typeIndex);
  case wasm::ExternKind::Table:
    return writeTableType(out, desc.table);
  case wasm::ExternKind::Memory:
    return writeMemoryType(out, desc.memory);
  case wasm::ExternKind::Global:
    return writeGlobalType(out, desc.global);
  case wasm::ExternKind::Tag:
    out.byte(0); // attribute: exception
    return out.u32(typeIndex);
  }
}
