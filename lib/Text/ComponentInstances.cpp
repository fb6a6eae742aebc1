//===- ComponentInstances.cpp - Instances of modules and components -----===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Explainer.md, "Instance Definitions". An instance written inside a `with` is defined before the
// instance that takes it.
//
//===----------------------------------------------------------------------===//

#include "ComponentParser.h"

using namespace tenon;
using namespace tenon::text;

//===--- Component instances --------------------------------------------------===//

LogicalResult ComponentParser::parseInstance(uint64_t textOffset) {
  FailureOr<Head> head = parseHead(Sort::Instance, textOffset);
  if (failed(head))
    return failure();
  FailureOr<bool> done = parseImportedOrAliased(*head);
  if (failed(done) || *done)
    return LogicalResult(done);
  ByteWriter bytes;
  const WrittenTypes::Exports *exports = nullptr;
  if (parser.consumeIfField("instantiate")) {
    if (failed(parseInstantiate(bytes, exports)) || failed(close()))
      return failure();
  } else if (failed(parseInlineInstanceBody(bytes, exports))) {
    return failure();
  }
  if (failed(close()))
    return failure();
  scope->types.instances[scope->getSpace(Sort::Instance).size] = exports;
  return finish(*head, Item::Instance, bytes);
}

// `(export "name" attribute* externidx)*`
LogicalResult ComponentParser::parseInlineInstanceBody(ByteWriter &out,
                                                       const WrittenTypes::Exports *&known) {
  ByteWriter exports;
  WrittenTypes::Exports &bundle = scope->types.makeBundle();
  known = &bundle;
  uint32_t count = 0;
  for (; parser.peekField("export"); ++count) {
    exports.mark(parser.getOffset());
    parser.next();
    parser.next();
    FailureOr<ExternName> name = parseExternName();
    if (failed(name))
      return failure();
    FailureOr<SortIndex> item = parseExternIndex(/*core=*/false);
    if (failed(item) || failed(close()))
      return failure();
    noteExport(name->name, item->sort, item->index, bundle);
    exports.append(name->bytes);
    writeSort(exports, item->sort);
    exports.u32(item->index);
  }
  if (!parser.peekRParen())
    return parser.expected("'(instantiate', '(export' or ')'");
  out.byte(0x01);
  out.u32(count);
  out.append(exports);
  return success();
}

LogicalResult ComponentParser::parseInstantiate(ByteWriter &out,
                                                const WrittenTypes::Exports *&exports) {
  FailureOr<uint32_t> component = parseReference(Sort::Component);
  if (failed(component))
    return failure();
  ByteWriter args;
  uint32_t count = 0;
  for (; parser.peekField("with"); ++count)
    if (failed(parseWith(args)))
      return failure();
  exports = scope->types.components.lookup(*component);
  out.byte(0x00);
  out.u32(*component);
  out.u32(count);
  out.append(args);
  return success();
}

/// Whether `(instance (export ...)*)` is next, rather than `(instance $i)`.
static bool peekInlineInstance(const Parser &parser) {
  return parser.peekField("instance") &&
         (parser.peek(2).kind == Token::RParen || parser.peek(2).kind == Token::LParen);
}

// `(with "name" externidx)` or `(with "name" (instance (export ...)*))`
LogicalResult ComponentParser::parseWith(ByteWriter &out) {
  uint64_t textOffset = parser.getOffset();
  parser.next();
  parser.next();
  FailureOr<llvm::StringRef> name = parser.parseName();
  if (failed(name))
    return failure();
  SortIndex item{Sort::Instance, 0};
  if (peekInlineInstance(parser)) {
    uint64_t instanceOffset = parser.getOffset();
    parser.next();
    parser.next();
    ByteWriter bytes;
    const WrittenTypes::Exports *exports = nullptr;
    if (failed(parseInlineInstanceBody(bytes, exports)) || failed(close()))
      return failure();
    scope->append(Item::Instance, bytes, instanceOffset);
    item.index = scope->add(Sort::Instance);
    scope->types.instances[item.index] = exports;
  } else {
    FailureOr<SortIndex> written = parseExternIndex(/*core=*/false);
    if (failed(written))
      return failure();
    item = *written;
  }
  out.mark(textOffset);
  out.name(*name);
  writeSort(out, item.sort);
  out.u32(item.index);
  return close();
}

//===--- Core instances ---------------------------------------------------------===//

LogicalResult ComponentParser::parseCoreInstance(uint64_t textOffset) {
  Id id;
  if (failed(parseId(id)))
    return failure();
  Head head{Sort::CoreInstance, id, textOffset, {}};
  ByteWriter bytes;
  if (parser.consumeIfField("instantiate")) {
    if (failed(parseCoreInstantiate(bytes)) || failed(close()))
      return failure();
  } else if (failed(parseCoreInlineInstanceBody(bytes))) {
    return failure();
  }
  if (failed(close()))
    return failure();
  return finish(head, Item::CoreInstance, bytes);
}

LogicalResult ComponentParser::parseCoreInlineInstanceBody(ByteWriter &out) {
  ByteWriter exports;
  uint32_t count = 0;
  for (; parser.peekField("export"); ++count) {
    exports.mark(parser.getOffset());
    parser.next();
    parser.next();
    FailureOr<llvm::StringRef> name = parser.parseName();
    if (failed(name))
      return failure();
    FailureOr<SortIndex> item = parseExternIndex(/*core=*/true);
    if (failed(item) || failed(close()))
      return failure();
    exports.name(*name);
    ByteWriter sort;
    writeSort(sort, item->sort);
    exports.raw(sort.getBytes().drop_front()); // `core:sort`: without the 0x00
    exports.u32(item->index);
  }
  if (!parser.peekRParen())
    return parser.expected("'(instantiate', '(export' or ')'");
  out.byte(0x01);
  out.u32(count);
  out.append(exports);
  return success();
}

LogicalResult ComponentParser::parseCoreInstantiate(ByteWriter &out) {
  FailureOr<uint32_t> module = parseReference(Sort::CoreModule, /*flatNames=*/true);
  if (failed(module))
    return failure();
  ByteWriter args;
  uint32_t count = 0;
  for (; parser.peekField("with"); ++count)
    if (failed(parseCoreWith(args)))
      return failure();
  out.byte(0x00);
  out.u32(*module);
  out.u32(count);
  out.append(args);
  return success();
}

// `(with "name" (instance $i))` or `(with "name" (instance (export ...)*))`
LogicalResult ComponentParser::parseCoreWith(ByteWriter &out) {
  uint64_t textOffset = parser.getOffset();
  parser.next();
  parser.next();
  FailureOr<llvm::StringRef> name = parser.parseName();
  if (failed(name))
    return failure();
  uint32_t index = 0;
  if (peekInlineInstance(parser)) {
    uint64_t instanceOffset = parser.getOffset();
    parser.next();
    parser.next();
    ByteWriter bytes;
    if (failed(parseCoreInlineInstanceBody(bytes)) || failed(close()))
      return failure();
    scope->append(Item::CoreInstance, bytes, instanceOffset);
    index = scope->add(Sort::CoreInstance);
  } else {
    if (!parser.peekField("instance") && !parser.peekField("core", "instance"))
      return parser.expected("'(instance'");
    FailureOr<uint32_t> written = parseReference(Sort::CoreInstance);
    if (failed(written))
      return failure();
    index = *written;
  }
  out.mark(textOffset);
  out.name(*name);
  out.byte(0x12);
  out.u32(index);
  return close();
}
