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

#include "Catalogue.h"
#include "llvm/ADT/STLExtras.h"

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

/// Makes the body of one function.
class BodyGenerator {
public:
  BodyGenerator(ModuleShape &shape, Choices &choices, uint32_t function)
      : shape(shape), choices(choices), function(function), signature(shape.functions[function]),
        catalogue(shape.features) {}

  /// Locals and instructions: what follows the size in the code section.
  ByteWriter run();

private:
  ModuleShape &shape;
  Choices &choices;
  uint32_t function;
  const Signature signature;
  Catalogue catalogue;
  ByteWriter code;
  Types locals;              ///< with the parameters; two of each type behind them, then counters
  std::vector<Types> labels; ///< what a branch takes along; innermost last
  unsigned budget = 0;   ///< instructions that may still be made before everything becomes short
  unsigned counters = 0; ///< loops with a counter that are open
  static constexpr unsigned maxDepth = 7;
  static constexpr unsigned maxCounters = 2;
  uint32_t firstCounter = 0;

  void op(wasm::Opcode opcode) {
    writeOpcode(code, opcode);
    budget -= budget > 0;
  }
  void op(wasm::Opcode opcode, uint32_t index) {
    op(opcode);
    code.u32(index);
  }
  void constant(char type) { writeConstant(code, choices, type); }
  void i32(int32_t value) {
    op(wasm::Opcode::I32Const);
    code.s32(value);
  }
  char anyType() {
    static constexpr char types[] = {'i', 'l', 'f', 'd', 'v'};
    return types[choices.below(shape.features.simd ? 5 : 4)];
  }
  void block(wasm::Opcode opcode, const Signature &type) {
    op(opcode);
    blockType(type);
  }
  void blockType(const Signature &type);
  void end() { op(wasm::Opcode::End); }
  void open(const Types &label) { labels.push_back(label); }
  void close() {
    labels.pop_back();
    end();
  }

  uint32_t localOf(char type);
  /// A function to call: mostly one of those behind this one, so that calls come to an end.
  uint32_t callee();
  void fuel();
  void expression(char type, unsigned depth);
  void expressions(const Types &types, unsigned depth) {
    for (char type : types)
      expression(type, depth);
  }
  void leaf(char type);
  void operation(const Candidate &candidate, unsigned depth);
  void address(const Memory &memory, unsigned depth);
  void closeNaN(wasm::Opcode opcode, char type);
  void call(uint32_t called, unsigned depth);
  bool callResulting(char type, unsigned depth);
  void conditional(char type, unsigned depth);
  void blockExpression(char type, unsigned depth);
  void guarded(char type, unsigned depth);
  void branchWithValue(char type, unsigned depth);
  void statements(unsigned depth);
  void statement(unsigned depth);
  void discard(const Types &types);
  void loop(unsigned depth);
  void counted(unsigned depth);
  void bulk(unsigned depth);
  void table(unsigned depth);
  void wide(unsigned depth);
  void callIndirect(unsigned depth);
  /// What ends a block early; nothing is reached behind it.
  void leave(unsigned depth);
  void branchTable(unsigned depth);
};

} // namespace tenon::generate

#endif // TENON_TEST_DIFFERENTIAL_BODYGENERATOR_H
