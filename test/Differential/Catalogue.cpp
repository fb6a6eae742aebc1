//===- Catalogue.cpp - What bodies are made of --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Catalogue.h"
#include "llvm/ADT/StringRef.h"

using namespace tenon;
using namespace tenon::generate;
using wasm::Immediates;
using wasm::Opcode;
using wasm::OpcodeInfo;

Catalogue::Catalogue(const Features &features) {
#define WASM_OP(enumerator, ...) add(Opcode::enumerator, features);
#include "tenon/Wasm/Opcodes.def"
}

void Catalogue::add(Opcode opcode, const Features &features) {
  const OpcodeInfo &info = wasm::infoOf(opcode);
  auto [params, results] = llvm::StringRef(info.signature).split(':');
  llvm::StringRef name(info.name);
  bool isKnown = info.immediates == Immediates::None || info.immediates == Immediates::MemArg ||
                 info.immediates == Immediates::MemArgLane || info.immediates == Immediates::Lane ||
                 info.immediates == Immediates::Shuffle;
  if (!info.isSupported || !isKnown || params.empty() || results.size() > 1 ||
      name.contains("relaxed") || name.contains("atomic.wait"))
    return;
  if ((info.prefix == 0xfd && !features.simd) || (info.prefix == 0xfe && !features.threads))
    return;
  byResult[results.empty() ? ' ' : results[0]].push_back({opcode, params.str()});
}

uint8_t generate::typeByte(char type) {
  switch (type) {
  case 'i':
    return 0x7f;
  case 'l':
    return 0x7e;
  case 'f':
    return 0x7d;
  case 'd':
    return 0x7c;
  case 'v':
    return 0x7b;
  case 'r':
    return 0x70;
  case 'e':
    return 0x6f;
  case 'x':
    return 0x69;
  }
  llvm_unreachable("not a type of a value");
}

void generate::writeOpcode(ByteWriter &to, Opcode opcode) {
  const OpcodeInfo &info = wasm::infoOf(opcode);
  if (info.prefix == 0)
    return to.byte(uint8_t(info.code));
  to.byte(info.prefix);
  to.u32(info.code);
}

uint64_t generate::interestingBits(Choices &choices, char type) {
  // clang-format off
  static constexpr uint64_t integers[] = {
      0, 1, uint64_t(-1), 2, 7, 8, 31, 32, 63, 127, 128, 255, 256, 65535, 65536, 0x7fffffff,
      0x80000000, 0xffffffff, 0x7fffffffffffffff, 0x8000000000000000};
  static constexpr uint64_t singles[] = {
      0, 0x3f800000, 0x80000000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0x7fa00000,
      0xffc12345, 1, 0x007fffff, 0x4f000000, 0xcf000000, 0x4f800000, 0x5f000000, 0x3f000000};
  static constexpr uint64_t doubles[] = {
      0, 0x3ff0000000000000, 0x8000000000000000, 0x7ff0000000000000, 0xfff0000000000000,
      0x7ff8000000000000, 0x7ff4000000000000, 0xfff8000012345678, 1, 0x41dfffffffc00000,
      0xc1e0000000000000, 0x41efffffffe00000, 0x43e0000000000000, 0x3fe0000000000000,
      0x47efffffe0000000, 0x36a0000000000000};
  // clang-format on
  if (choices.oneIn(3))
    return choices.number(type == 'i' || type == 'f' ? 4 : 8);
  uint64_t bits = type == 'f'   ? choices.of(llvm::ArrayRef(singles))
                  : type == 'd' ? choices.of(llvm::ArrayRef(doubles))
                                : choices.of(llvm::ArrayRef(integers));
  return type == 'i' ? uint32_t(bits) : bits;
}

void generate::writeConstant(ByteWriter &to, Choices &choices, char type) {
  switch (type) {
  case 'i':
    writeOpcode(to, Opcode::I32Const);
    return to.s32(int32_t(interestingBits(choices, type)));
  case 'l':
    writeOpcode(to, Opcode::I64Const);
    return to.s64(int64_t(interestingBits(choices, type)));
  case 'f':
    writeOpcode(to, Opcode::F32Const);
    return to.fixed32(uint32_t(interestingBits(choices, type)));
  case 'd':
    writeOpcode(to, Opcode::F64Const);
    return to.fixed64(interestingBits(choices, type));
  case 'v':
    writeOpcode(to, Opcode::V128Const);
    to.fixed64(interestingBits(choices, choices.oneIn(2) ? 'd' : 'l'));
    return to.fixed64(interestingBits(choices, choices.oneIn(2) ? 'd' : 'l'));
  default:
    writeOpcode(to, Opcode::RefNull);
    return to.byte(typeByte(type));
  }
}
