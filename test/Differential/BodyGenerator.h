//===- BodyGenerator.h - Function bodies --------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Expressions are made from the type that is wanted, downwards: an instruction with that result,
// then its operands. So whatever is decided, the body is valid. Every loop and every function takes
// from a global called fuel and traps where there is none, so every call ends.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEST_DIFFERENTIAL_BODYGENERATOR_H
#define TENON_TEST_DIFFERENTIAL_BODYGENERATOR_H

#include "ModuleGenerator.h"
#include "tenon/Support/ByteWriter.h"
#include "tenon/Wasm/Operators.h"

namespace tenon::generate {

struct Memory {
  bool is64 = false;
  bool isShared = false;
};

struct Global {
  char type;
  bool isMutable;
};

/// What bodies can refer to.
struct ModuleShape {
  Features features;
  std::vector<Signature> types; ///< the type section; grows while bodies are made
  std::vector<Signature> functions;
  std::vector<Memory> memories;
  std::vector<Global> globals; ///< 0 is the fuel
  std::vector<Types> tags;
  uint32_t datas = 0; ///< passive segments that may be dropped
  static constexpr uint32_t tableSize = 12;

  uint32_t typeIndex(const Signature &signature);
};

/// Bytes of a function's code: locals and instructions.
ByteWriter generateBody(ModuleShape &shape, Choices &choices, uint32_t function);

/// An opcode without its immediates.
void writeOpcode(ByteWriter &to, wasm::Opcode opcode);
/// A type of a value.
uint8_t typeByte(char type);
/// A constant instruction.
void writeConstant(ByteWriter &to, Choices &choices, char type);

} // namespace tenon::generate

#endif // TENON_TEST_DIFFERENTIAL_BODYGENERATOR_H
