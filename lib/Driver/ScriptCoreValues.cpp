//===- ScriptCoreValues.cpp - Core values of a script ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScriptValues.h"
#include "llvm/Support/Format.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"

using namespace tenon;
using namespace tenon::driver;
using text::NanPattern;
using text::ScriptValue;

/// Host reference N is the address N + 1, so that 0 is not null.
static uint64_t hostReference(uint64_t number) { return number + 1; }

std::optional<llvm::SmallVector<uint64_t, 2>> tenon::driver::encodeCore(const ScriptValue &value) {
  bool isPattern =
      value.nan != NanPattern::None ||
      llvm::any_of(value.laneNans, [](NanPattern lane) { return lane != NanPattern::None; });
  if (isPattern)
    return std::nullopt;
  switch (value.kind) {
  case ScriptValue::I32:
  case ScriptValue::F32:
    return llvm::SmallVector<uint64_t, 2>{uint32_t(*value.bits)};
  case ScriptValue::I64:
  case ScriptValue::F64:
    return llvm::SmallVector<uint64_t, 2>{*value.bits};
  case ScriptValue::V128:
    return llvm::SmallVector<uint64_t, 2>{llvm::support::endian::read64le(value.bytes.data()),
                                          llvm::support::endian::read64le(value.bytes.data() + 8)};
  case ScriptValue::RefNull:
    return llvm::SmallVector<uint64_t, 2>{0};
  case ScriptValue::RefExtern:
  case ScriptValue::RefHost:
    if (value.bits)
      return llvm::SmallVector<uint64_t, 2>{hostReference(*value.bits)};
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

bool tenon::driver::matchesMessage(llvm::StringRef expected, llvm::StringRef text) {
  return text.starts_with(expected) || expected.starts_with(text) || text.contains(expected) ||
         expected.contains(text);
}

static bool isNaN(uint64_t bits, bool is64) {
  return is64 ? (bits & ~(1ull << 63)) > 0x7ff0000000000000 : (bits & 0x7fffffff) > 0x7f800000;
}

bool tenon::driver::matchesFloat(uint64_t bits, bool is64, NanPattern pattern, uint64_t expected) {
  uint64_t quiet = is64 ? 0x7ff8000000000000 : 0x7fc00000;
  uint64_t magnitude = is64 ? bits & ~(1ull << 63) : bits & 0x7fffffff;
  switch (pattern) {
  case NanPattern::None:
    return bits == expected;
  case NanPattern::Canonical:
    return magnitude == quiet;
  case NanPattern::Arithmetic:
    return isNaN(bits, is64) && (bits & quiet) == quiet;
  }
  llvm_unreachable("a pattern that is none");
}

static bool matchesVector(const ScriptValue &expected, llvm::ArrayRef<uint64_t> slots) {
  bool isF32 = expected.shape == ScriptValue::F32x4, isF64 = expected.shape == ScriptValue::F64x2;
  const uint8_t *bytes = expected.bytes.data();
  if (!isF32 && !isF64)
    return slots[0] == llvm::support::endian::read64le(bytes) &&
           slots[1] == llvm::support::endian::read64le(bytes + 8);
  for (unsigned lane = 0; lane < (isF32 ? 4u : 2u); ++lane) {
    uint64_t got = isF64 ? slots[lane] : uint32_t(slots[lane / 2] >> (lane % 2 * 32));
    uint64_t want = isF64 ? llvm::support::endian::read64le(bytes + lane * 8)
                          : llvm::support::endian::read32le(bytes + lane * 4);
    if (!matchesFloat(got, isF64, expected.laneNans[lane], want))
      return false;
  }
  return true;
}

/// Whether a heap type, as a script writes it, is of the hierarchy of `type`. A type index may be
/// of any but the host's and exceptions'.
static bool isOfHierarchy(llvm::StringRef heap, wasm::ValType type) {
  bool isExtern = heap == "extern" || heap == "noextern";
  bool isExn = heap == "exn" || heap == "noexn";
  bool isFunc = heap == "func" || heap == "nofunc";
  switch (type.getHeap()) {
  case wasm::ValType::Extern:
  case wasm::ValType::NoExtern:
    return isExtern;
  case wasm::ValType::Exn:
  case wasm::ValType::NoExn:
    return isExn;
  case wasm::ValType::Func:
  case wasm::ValType::NoFunc:
  case wasm::ValType::Concrete:
    return isFunc || (!isExtern && !isExn && heap != "any" && heap != "none");
  default:
    return !isExtern && !isExn && !isFunc;
  }
}

bool tenon::driver::fitsCore(const ScriptValue &value, wasm::ValType type) {
  switch (value.kind) {
  case ScriptValue::I32:
    return type == wasm::ValType::I32;
  case ScriptValue::I64:
    return type == wasm::ValType::I64;
  case ScriptValue::F32:
    return type == wasm::ValType::F32;
  case ScriptValue::F64:
    return type == wasm::ValType::F64;
  case ScriptValue::V128:
    return type == wasm::ValType::V128;
  case ScriptValue::RefNull:
    return type.isRef() && (value.text.empty() || isOfHierarchy(value.text, type));
  case ScriptValue::RefFunc:
    return type.isFuncRef();
  case ScriptValue::RefExtern:
    return type.isRef() && isOfHierarchy("extern", type);
  case ScriptValue::RefExn:
    return type.isRef() && isOfHierarchy("exn", type);
  case ScriptValue::RefHost:  // of type anyref
  case ScriptValue::RefOther: // eqref and below
    return type.isRef() && isOfHierarchy("any", type);
  default:
    return false;
  }
}

bool tenon::driver::matchesCore(const ScriptValue &expected, wasm::ValType type,
                                llvm::ArrayRef<uint64_t> slots) {
  if (expected.kind == ScriptValue::Either)
    return llvm::any_of(expected.elements, [&](const ScriptValue &choice) {
      return matchesCore(choice, type, slots);
    });
  if (!fitsCore(expected, type))
    return false;
  switch (expected.kind) {
  case ScriptValue::I32:
    return uint32_t(slots[0]) == uint32_t(*expected.bits);
  case ScriptValue::I64:
    return slots[0] == *expected.bits;
  case ScriptValue::F32:
    return matchesFloat(uint32_t(slots[0]), false, expected.nan, expected.bits.value_or(0));
  case ScriptValue::F64:
    return matchesFloat(slots[0], true, expected.nan, expected.bits.value_or(0));
  case ScriptValue::V128:
    return matchesVector(expected, slots);
  case ScriptValue::RefNull:
    return slots[0] == 0;
  case ScriptValue::RefExtern:
    return expected.bits ? slots[0] == hostReference(*expected.bits) : slots[0] != 0;
  default: // any reference of the kind
    return slots[0] != 0;
  }
}

std::string tenon::driver::printCoreResults(llvm::ArrayRef<wasm::ValType> types,
                                            llvm::ArrayRef<uint64_t> slots) {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (wasm::ValType type : types) {
    if (type.isRef())
      os << (slots.front() ? " ref" : " null");
    else if (type.getKind() == wasm::ValType::V128)
      os << ' ' << llvm::format_hex(slots[0], 3) << ':' << llvm::format_hex(slots[1], 3);
    else
      os << ' ' << llvm::format_hex(slots.front(), 3);
    slots = slots.drop_front(type.getKind() == wasm::ValType::V128 ? 2 : 1);
  }
  return text;
}
