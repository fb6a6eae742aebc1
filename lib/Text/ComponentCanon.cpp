//===- ComponentCanon.cpp - Canonical definitions -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `canon lift`, `canon lower` and the built-ins (Explainer.md, "Canonical Definitions"; Binary.md,
// the same). A built-in is one line of a table: its name, its byte and its operands, which stand in
// the same order in text and binary.
//
//===----------------------------------------------------------------------===//

#include "ComponentParser.h"

using namespace tenon;
using namespace tenon::text;

namespace {
enum class Operand : uint8_t {
  None,
  Type,         ///< typeidx
  CoreFuncType, ///< core:typeidx
  CoreTable,    ///< core:tableidx
  Slot,         ///< core:valtype u32
  Memory,       ///< (memory core:memoryidx)
  Result,       ///< (result valtype)?
  Options,      ///< canonopt*
  Async,        ///< async?
  Cancellable,  ///< cancellable?
  Shared        ///< shared?
};

struct Builtin {
  llvm::StringLiteral name;
  uint8_t opcode;
  Operand operands[3];
};
} // namespace

static constexpr Builtin builtins[] = {
    {"resource.new", 0x02, {Operand::Type}},
    {"resource.drop", 0x03, {Operand::Type}},
    {"resource.rep", 0x04, {Operand::Type}},
    {"task.cancel", 0x05, {}},
    {"subtask.cancel", 0x06, {Operand::Async}},
    {"task.return", 0x09, {Operand::Result, Operand::Options}},
    {"context.get", 0x0a, {Operand::Slot}},
    {"context.set", 0x0b, {Operand::Slot}},
    {"thread.yield", 0x0c, {Operand::Cancellable}},
    {"subtask.drop", 0x0d, {}},
    {"stream.new", 0x0e, {Operand::Type}},
    {"stream.read", 0x0f, {Operand::Type, Operand::Options}},
    {"stream.write", 0x10, {Operand::Type, Operand::Options}},
    {"stream.cancel-read", 0x11, {Operand::Type, Operand::Async}},
    {"stream.cancel-write", 0x12, {Operand::Type, Operand::Async}},
    {"stream.drop-readable", 0x13, {Operand::Type}},
    {"stream.drop-writable", 0x14, {Operand::Type}},
    {"future.new", 0x15, {Operand::Type}},
    {"future.read", 0x16, {Operand::Type, Operand::Options}},
    {"future.write", 0x17, {Operand::Type, Operand::Options}},
    {"future.cancel-read", 0x18, {Operand::Type, Operand::Async}},
    {"future.cancel-write", 0x19, {Operand::Type, Operand::Async}},
    {"future.drop-readable", 0x1a, {Operand::Type}},
    {"future.drop-writable", 0x1b, {Operand::Type}},
    {"error-context.new", 0x1c, {Operand::Options}},
    {"error-context.debug-message", 0x1d, {Operand::Options}},
    {"error-context.drop", 0x1e, {}},
    {"waitable-set.new", 0x1f, {}},
    {"waitable-set.wait", 0x20, {Operand::Cancellable, Operand::Memory}},
    {"waitable-set.poll", 0x21, {Operand::Cancellable, Operand::Memory}},
    {"waitable-set.drop", 0x22, {}},
    {"waitable.join", 0x23, {}},
    {"backpressure.inc", 0x24, {}},
    {"backpressure.dec", 0x25, {}},
    {"thread.index", 0x26, {}},
    {"thread.new-indirect", 0x27, {Operand::CoreFuncType, Operand::CoreTable}},
    {"thread.resume-later", 0x28, {}},
    {"thread.suspend", 0x29, {Operand::Cancellable}},
    {"thread.suspend-then-resume", 0x2a, {Operand::Cancellable}},
    {"thread.yield-then-resume", 0x2b, {Operand::Cancellable}},
    {"thread.suspend-then-promote", 0x2c, {Operand::Cancellable}},
    {"thread.yield-then-promote", 0x2d, {Operand::Cancellable}},
    {"thread.spawn-ref", 0x40, {Operand::Shared, Operand::CoreFuncType}},
    {"thread.spawn-indirect", 0x41, {Operand::Shared, Operand::CoreFuncType, Operand::CoreTable}},
    {"thread.available-parallelism", 0x42, {Operand::Shared}},
};

//===--- Definitions ------------------------------------------------------------===//

// `(canon lift ... (func $f ...))` or `(canon ... (core func $f))`
LogicalResult ComponentParser::parseCanon() {
  uint64_t textOffset = parser.getOffset();
  parser.next();
  parser.next();
  if (parser.consumeIfKeyword("lift"))
    return parseLift(textOffset);
  ByteWriter bytes;
  if (failed(parseCoreFuncCanon(bytes)))
    return failure();
  Head head{Sort::CoreFunc, {}, textOffset, {}};
  if (!parser.peekRParen()) {
    if (!parser.consumeIfField("core", "func"))
      return parser.expected("'(core func' or ')'");
    if (failed(parseId(head.id)) || failed(close()))
      return failure();
  }
  if (failed(close()))
    return failure();
  return finish(head, Item::Canon, bytes);
}

LogicalResult ComponentParser::parseLift(uint64_t textOffset) {
  ByteWriter bytes;
  if (failed(parseLiftOperands(bytes)))
    return failure();
  if (!parser.consumeIfField("func"))
    return parser.expected("'(func'");
  FailureOr<Head> head = parseHead(Sort::Func, textOffset);
  if (failed(head))
    return failure();
  if (head->inlines.import)
    return parser.errorAt(head->inlines.import->textOffset, "a lifted function is no import");
  FailureOr<uint32_t> type = parseTypeUseBody(Sort::Func);
  if (failed(type) || failed(close()) || failed(close()))
    return failure();
  bytes.u32(*type);
  return finish(*head, Item::Canon, bytes);
}

LogicalResult ComponentParser::parseLiftOperands(ByteWriter &out) {
  FailureOr<uint32_t> func = parseReference(Sort::CoreFunc, /*flatNames=*/true);
  if (failed(func))
    return failure();
  out.byte(0x00);
  out.byte(0x00);
  out.u32(*func);
  return parseCanonOptions(out);
}

LogicalResult ComponentParser::parseCoreFuncCanon(ByteWriter &out) {
  const Token &nameToken = parser.peek();
  FailureOr<llvm::StringRef> name = parser.parseKeyword("a canonical definition");
  if (failed(name))
    return failure();
  if (*name == "lower") {
    FailureOr<uint32_t> func = parseReference(Sort::Func, /*flatNames=*/true);
    if (failed(func))
      return failure();
    out.byte(0x01);
    out.byte(0x00);
    out.u32(*func);
    return parseCanonOptions(out);
  }
  for (const Builtin &builtin : builtins) {
    if (builtin.name != *name)
      continue;
    out.byte(builtin.opcode);
    for (Operand operand : builtin.operands)
      if (failed(parseCanonOperand(uint8_t(operand), out)))
        return failure();
    return success();
  }
  return parser.errorAt(nameToken, "unknown canonical definition '") << *name << "'";
}

LogicalResult ComponentParser::parseCanonOperand(uint8_t kind, ByteWriter &out) {
  auto index = [&](FailureOr<uint32_t> found) -> LogicalResult {
    if (failed(found))
      return failure();
    out.u32(*found);
    return success();
  };
  auto flag = [&](llvm::StringRef word) -> LogicalResult {
    out.byte(parser.consumeIfKeyword(word) ? 0x01 : 0x00);
    return success();
  };
  switch (Operand(kind)) {
  case Operand::None:
    return success();
  case Operand::Type:
    return index(parseReference(Sort::Type));
  case Operand::CoreFuncType:
    return index(parseReference(Sort::CoreType));
  case Operand::CoreTable:
    return index(parseReference(Sort::CoreTable, /*flatNames=*/true));
  case Operand::Slot:
    if (failed(parseCoreValType(out)))
      return failure();
    return index(parser.parseU32("a slot"));
  case Operand::Memory:
    if (!parser.consumeIfField("memory"))
      return parser.expected("'(memory'");
    if (failed(index(parseReference(Sort::CoreMemory, /*flatNames=*/true))))
      return failure();
    return close();
  case Operand::Result:
    return parseResultList(out);
  case Operand::Options:
    return parseCanonOptions(out);
  case Operand::Async:
    return flag("async");
  case Operand::Cancellable:
    return flag("cancellable");
  case Operand::Shared:
    return flag("shared");
  }
  llvm_unreachable("every operand has a case");
}

//===--- Options ------------------------------------------------------------------===//

LogicalResult ComponentParser::parseCanonOptions(ByteWriter &out) {
  ByteWriter list;
  uint32_t count = 0;
  while (true) {
    list.mark(parser.getOffset());
    FailureOr<bool> found = parseCanonOption(list);
    if (failed(found))
      return failure();
    if (!*found)
      break;
    ++count;
  }
  out.u32(count);
  out.append(list);
  return success();
}

FailureOr<bool> ComponentParser::parseCanonOption(ByteWriter &out) {
  struct WordOption {
    llvm::StringLiteral word;
    uint8_t opcode;
  };
  static constexpr WordOption words[] = {{"string-encoding=utf8", 0x00},
                                         {"string-encoding=utf16", 0x01},
                                         {"string-encoding=latin1+utf16", 0x02},
                                         {"async", 0x06}};
  for (const WordOption &option : words) {
    if (!parser.consumeIfKeyword(option.word))
      continue;
    out.byte(option.opcode);
    return true;
  }
  struct IndexOption {
    llvm::StringLiteral word;
    uint8_t opcode;
    Sort sort;
  };
  static constexpr IndexOption fields[] = {{"memory", 0x03, Sort::CoreMemory},
                                           {"realloc", 0x04, Sort::CoreFunc},
                                           {"post-return", 0x05, Sort::CoreFunc},
                                           {"callback", 0x07, Sort::CoreFunc}};
  for (const IndexOption &option : fields) {
    if (!parser.consumeIfField(option.word))
      continue;
    FailureOr<uint32_t> index = parseReference(option.sort, /*flatNames=*/true);
    if (failed(index) || failed(close()))
      return failure();
    out.byte(option.opcode);
    out.u32(*index);
    return true;
  }
  if (parser.peekField("core-type") || parser.peekKeyword("gc"))
    return parser.error("canonical option '")
           << (parser.peekLParen() ? "core-type" : "gc") << "' is not supported yet";
  return false;
}
