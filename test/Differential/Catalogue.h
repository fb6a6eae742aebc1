//===- Catalogue.h - What bodies are made of ----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEST_DIFFERENTIAL_CATALOGUE_H
#define TENON_TEST_DIFFERENTIAL_CATALOGUE_H

#include "ModuleGenerator.h"
#include "tenon/Support/ByteWriter.h"
#include "tenon/Wasm/Operators.h"
#include <map>

namespace tenon::generate {

struct Candidate {
  wasm::Opcode opcode;
  Types params;
};

/// Instructions whose types Opcodes.def says, by their only result; ' ' for those without one.
class Catalogue {
public:
  explicit Catalogue(const Features &features);
  llvm::ArrayRef<Candidate> resulting(char type) const { return byResult.at(type); }

private:
  std::map<char, std::vector<Candidate>> byResult;
  void add(wasm::Opcode opcode, const Features &features);
};

/// An opcode without its immediates.
void writeOpcode(ByteWriter &to, wasm::Opcode opcode);
/// A type of a value.
uint8_t typeByte(char type);
/// A constant instruction.
void writeConstant(ByteWriter &to, Choices &choices, char type);

} // namespace tenon::generate

#endif // TENON_TEST_DIFFERENTIAL_CATALOGUE_H
