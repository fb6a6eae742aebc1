//===- ReadSegments.cpp - Element and data segments -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Binary Format / Modules": Element Section, Data Section. An element segment
// begins with three flag bits:
//
//   bit 0  passive or declarative (otherwise active)
//   bit 1  active: a table index is given; otherwise: declarative
//   bit 2  elements are expressions (otherwise function indices)
//
// Active segments without a table index leave out their kind or type as well.
//
//===----------------------------------------------------------------------===//

#include "SectionReader.h"
#include "tenon/Wasm/Operators.h"

using namespace tenon;
using namespace tenon::wasm;

/// The byte in front of function indices, which allows no kind but functions.
static LogicalResult readElementKind(ByteCursor &cursor) {
  size_t at = cursor.getPosition();
  FailureOr<uint8_t> kind = cursor.readByte();
  if (failed(kind))
    return failure();
  if (*kind != 0)
    return cursor.errorAt(at, "malformed element kind");
  return success();
}

LogicalResult SectionReader::readElements(ByteCursor &cursor, ElementSegment &segment) {
  size_t at = cursor.getPosition();
  FailureOr<uint32_t> count = cursor.readCount("elements");
  if (failed(count) || failed(checkNumber(cursor, at, *count, maxSegmentElements, "elements")))
    return failure();
  for (uint32_t i = 0; i < *count; ++i) {
    if (segment.usesExpressions) {
      FailureOr<ConstExpr> expr = readConstExpr(cursor);
      if (failed(expr))
        return failure();
      segment.expressions.push_back(*expr);
      continue;
    }
    FailureOr<uint32_t> function = cursor.readU32();
    if (failed(function))
      return failure();
    segment.functions.push_back(*function);
  }
  return success();
}

LogicalResult SectionReader::readElementSegment(ByteCursor &cursor) {
  ElementSegment segment;
  segment.location = cursor.getLocation();
  size_t at = cursor.getPosition();
  FailureOr<uint32_t> flags = cursor.readU32();
  if (failed(flags))
    return failure();
  if (*flags > 7)
    return cursor.errorAt(at, "malformed elements segment kind ") << *flags;
  bool isActive = !(*flags & 1), hasBit1 = *flags & 2;
  segment.usesExpressions = *flags & 4;
  segment.mode =
      isActive ? SegmentMode::Active : (hasBit1 ? SegmentMode::Declared : SegmentMode::Passive);
  if (isActive) {
    if (hasBit1) {
      FailureOr<uint32_t> table = cursor.readU32();
      if (failed(table))
        return failure();
      segment.table = *table;
    }
    FailureOr<ConstExpr> offset = readConstExpr(cursor);
    if (failed(offset))
      return failure();
    segment.offset = *offset;
  }
  // Function indices can't be null, which is what the type says.
  segment.type = segment.usesExpressions ? ValType::funcref() : ValType::ref(ValType::Func, false);
  if (!isActive || hasBit1) {
    if (segment.usesExpressions) {
      FailureOr<ValType> type = readRefType(cursor);
      if (failed(type))
        return failure();
      segment.type = *type;
    } else if (failed(readElementKind(cursor))) {
      return failure();
    }
  }
  if (failed(readElements(cursor, segment)))
    return failure();
  module.elements.push_back(std::move(segment));
  return success();
}

LogicalResult SectionReader::readDataSegment(ByteCursor &cursor) {
  DataSegment segment;
  segment.location = cursor.getLocation();
  size_t at = cursor.getPosition();
  FailureOr<uint32_t> flags = cursor.readU32();
  if (failed(flags))
    return failure();
  if (*flags > 2)
    return cursor.errorAt(at, "malformed data segment kind ") << *flags;
  segment.mode = *flags == 1 ? SegmentMode::Passive : SegmentMode::Active;
  if (*flags == 2) {
    FailureOr<uint32_t> memory = cursor.readU32();
    if (failed(memory))
      return failure();
    segment.memory = *memory;
  }
  if (segment.mode == SegmentMode::Active) {
    FailureOr<ConstExpr> offset = readConstExpr(cursor);
    if (failed(offset))
      return failure();
    segment.offset = *offset;
  }
  FailureOr<ByteCursor> contents = cursor.readSized("data segment");
  if (failed(contents))
    return failure();
  segment.bytes = contents->getBytes();
  module.datas.push_back(segment);
  return success();
}
