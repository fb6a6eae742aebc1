//===- ModuleGenerator.cpp - Valid core modules -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyGenerator.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace tenon;
using namespace tenon::generate;
using wasm::Opcode;

namespace {

constexpr uint32_t initialFuel = 5000;
/// The segments of data and elements that put everything back; no body touches them.
constexpr uint32_t resetData = 0, resetElements = 1;
constexpr uint32_t dataBytes = 48;

class ModuleGenerator {
public:
  ModuleGenerator(Choices &choices, const Features &features) : choices(choices) {
    shape.features = features;
  }
  GeneratedModule run();

private:
  Choices &choices;
  ModuleShape shape;
  std::vector<ByteWriter> initialValues; ///< of the globals: constant expressions without `end`

  Types someTypes(unsigned most);
  void decideShape();
  ByteWriter resetBody();
  ByteWriter sumBody();
  ByteWriter wrapperBody(uint32_t function, uint32_t reset, uint32_t sum);
  ByteWriter sections(llvm::ArrayRef<ByteWriter> bodies, llvm::ArrayRef<uint32_t> functionTypes);
};

} // namespace

static void write(ByteWriter &to, Opcode opcode) { writeOpcode(to, opcode); }
static void write(ByteWriter &to, Opcode opcode, uint32_t index) {
  writeOpcode(to, opcode);
  to.u32(index);
}
static void writeI32(ByteWriter &to, int32_t value) {
  writeOpcode(to, Opcode::I32Const);
  to.s32(value);
}
/// An address or a length, in the memory's type.
static void writeIndex(ByteWriter &to, const Memory &memory, int32_t value) {
  writeI32(to, value);
  if (memory.is64)
    write(to, Opcode::I64ExtendI32U);
}

Types ModuleGenerator::someTypes(unsigned most) {
  static constexpr char types[] = {'i', 'l', 'f', 'd', 'v', 'e', 'r'};
  Types result;
  for (uint32_t count = choices.below(most + 1); count > 0; --count) {
    char type = types[choices.below(choices.oneIn(8) ? 7 : 5)];
    result += type == 'v' && !shape.features.simd ? 'l' : type;
  }
  return result;
}

void ModuleGenerator::decideShape() {
  uint32_t memories = shape.features.multiMemory ? 1 + choices.below(2) : 1;
  for (uint32_t i = 0; i < memories; ++i)
    shape.memories.push_back(
        {shape.features.memory64 && choices.oneIn(4), shape.features.threads && choices.oneIn(6)});
  shape.globals.push_back({'i', true});
  for (char type : llvm::StringRef("ilfdvre")) {
    if (type == 'v' && !shape.features.simd)
      continue;
    shape.globals.push_back({type, true});
    if (choices.oneIn(2))
      shape.globals.push_back({type, false});
  }
  for (const Global &global : shape.globals) {
    ByteWriter value;
    writeConstant(value, choices, global.type);
    initialValues.push_back(std::move(value));
  }
  for (uint32_t count = 2 + choices.below(5); count > 0; --count)
    shape.functions.push_back({someTypes(4), choices.oneIn(4) ? someTypes(3) : someTypes(1)});
  shape.tags = {"", "i", "ld"};
  shape.datas = 2;
}

/// Puts memories, table and globals back to where they were.
ByteWriter ModuleGenerator::resetBody() {
  ByteWriter body;
  body.u32(0);
  for (uint32_t i = 0; i < shape.memories.size(); ++i) {
    const Memory &memory = shape.memories[i];
    writeIndex(body, memory, 0);
    writeI32(body, 0);
    write(body, Opcode::MemorySize, i);
    writeOpcode(body, memory.is64 ? Opcode::I64Const : Opcode::I32Const);
    body.s32(16);
    write(body, memory.is64 ? Opcode::I64Shl : Opcode::I32Shl);
    write(body, Opcode::MemoryFill, i);
    for (int32_t at : {0, 65536 - int32_t(dataBytes)}) {
      writeIndex(body, memory, at);
      writeI32(body, 0);
      writeI32(body, dataBytes);
      write(body, Opcode::MemoryInit, resetData);
      body.u32(i);
    }
  }
  writeI32(body, 0);
  writeI32(body, 0);
  writeI32(body, ModuleShape::tableSize);
  write(body, Opcode::TableInit, resetElements);
  body.u32(0);
  for (uint32_t i = 1; i < shape.globals.size(); ++i)
    if (shape.globals[i].isMutable) {
      body.append(initialValues[i]);
      write(body, Opcode::GlobalSet, i);
    }
  writeI32(body, initialFuel);
  write(body, Opcode::GlobalSet, 0);
  write(body, Opcode::End);
  return body;
}

/// A checksum of memories, table and globals, as an i64.
ByteWriter ModuleGenerator::sumBody() {
  ByteWriter body;
  body.u32(2);
  body.u32(1);
  body.byte(typeByte('l')); // local 0: the sum
  body.u32(1);
  body.byte(typeByte('i')); // local 1: a counter
  // Adds the i64 on the stack.
  auto add = [&] {
    write(body, Opcode::LocalGet, 0);
    writeOpcode(body, Opcode::I64Const);
    body.s64(0x100000001b3);
    write(body, Opcode::I64Mul);
    write(body, Opcode::I64Xor);
    write(body, Opcode::LocalSet, 0);
  };
  // `make` adds something that depends on local 1, which counts up to `limit`.
  auto repeat = [&](int32_t limit, int32_t step, llvm::function_ref<void()> make) {
    writeI32(body, 0);
    write(body, Opcode::LocalSet, 1);
    writeOpcode(body, Opcode::Loop);
    body.byte(0x40);
    make();
    add();
    write(body, Opcode::LocalGet, 1);
    writeI32(body, step);
    write(body, Opcode::I32Add);
    write(body, Opcode::LocalTee, 1);
    writeI32(body, limit);
    write(body, Opcode::I32LtU);
    write(body, Opcode::BrIf, 0);
    write(body, Opcode::End);
  };
  for (uint32_t i = 0; i < shape.memories.size(); ++i) {
    repeat(65536, 8, [&] {
      write(body, Opcode::LocalGet, 1);
      if (shape.memories[i].is64)
        write(body, Opcode::I64ExtendI32U);
      writeOpcode(body, Opcode::I64Load);
      body.u32(3 | (i ? 0x40 : 0));
      if (i)
        body.u32(i);
      body.u64(0);
    });
    write(body, Opcode::MemorySize, i);
    if (!shape.memories[i].is64)
      write(body, Opcode::I64ExtendI32U);
    add();
  }
  repeat(ModuleShape::tableSize, 1, [&] {
    write(body, Opcode::LocalGet, 1);
    write(body, Opcode::TableGet, 0);
    write(body, Opcode::RefIsNull);
    write(body, Opcode::I64ExtendI32U);
  });
  for (uint32_t i = 1; i < shape.globals.size(); ++i) {
    write(body, Opcode::GlobalGet, i);
    switch (shape.globals[i].type) {
    case 'i':
      write(body, Opcode::I64ExtendI32U);
      break;
    case 'f':
      write(body, Opcode::I32ReinterpretF32);
      write(body, Opcode::I64ExtendI32U);
      break;
    case 'd':
      write(body, Opcode::I64ReinterpretF64);
      break;
    case 'v':
      writeOpcode(body, Opcode::I64x2ExtractLane);
      body.byte(0);
      add();
      write(body, Opcode::GlobalGet, i);
      writeOpcode(body, Opcode::I64x2ExtractLane);
      body.byte(1);
      break;
    case 'r':
    case 'e':
      write(body, Opcode::RefIsNull);
      write(body, Opcode::I64ExtendI32U);
      break;
    }
    add();
  }
  write(body, Opcode::LocalGet, 0);
  write(body, Opcode::End);
  return body;
}

ByteWriter ModuleGenerator::wrapperBody(uint32_t function, uint32_t reset, uint32_t sum) {
  ByteWriter body;
  body.u32(0);
  write(body, Opcode::Call, reset);
  for (uint32_t i = 0; i < shape.functions[function].params.size(); ++i)
    write(body, Opcode::LocalGet, i);
  write(body, Opcode::Call, function);
  write(body, Opcode::Call, sum);
  write(body, Opcode::End);
  return body;
}

static void writeTypes(ByteWriter &to, const Types &types) {
  to.u32(uint32_t(types.size()));
  for (char type : types)
    to.byte(typeByte(type));
}

/// Everything behind the type section, which must come first and is known last.
ByteWriter ModuleGenerator::sections(llvm::ArrayRef<ByteWriter> bodies,
                                     llvm::ArrayRef<uint32_t> functionTypes) {
  ByteWriter module;
  auto section = [&](uint8_t id, llvm::function_ref<void(ByteWriter &)> fill) {
    ByteWriter contents;
    fill(contents);
    module.section(id, contents);
  };
  uint32_t own = uint32_t(shape.functions.size());
  section(3, [&](ByteWriter &to) {
    to.u32(uint32_t(functionTypes.size()));
    for (uint32_t type : functionTypes)
      to.u32(type);
  });
  section(4, [&](ByteWriter &to) {
    to.u32(1);
    to.byte(typeByte('r'));
    to.byte(0);
    to.u32(ModuleShape::tableSize);
  });
  section(5, [&](ByteWriter &to) {
    to.u32(uint32_t(shape.memories.size()));
    for (const Memory &memory : shape.memories) {
      to.byte(1 | (memory.isShared ? 2 : 0) | (memory.is64 ? 4 : 0));
      to.u32(1);
      to.u32(3);
    }
  });
  std::vector<uint32_t> tagTypes;
  for (const Types &tag : shape.tags)
    tagTypes.push_back(shape.typeIndex({tag, ""}));
  if (shape.features.exceptions)
    section(13, [&](ByteWriter &to) {
      to.u32(uint32_t(tagTypes.size()));
      for (uint32_t type : tagTypes) {
        to.byte(0);
        to.u32(type);
      }
    });
  section(6, [&](ByteWriter &to) {
    to.u32(uint32_t(shape.globals.size()));
    for (uint32_t i = 0; i < shape.globals.size(); ++i) {
      to.byte(typeByte(shape.globals[i].type));
      to.byte(shape.globals[i].isMutable);
      to.append(initialValues[i]);
      write(to, Opcode::End);
    }
  });
  section(7, [&](ByteWriter &to) {
    to.u32(own);
    for (uint32_t i = 0; i < own; ++i) {
      to.name("f" + std::to_string(i));
      to.byte(0);
      to.u32(own + 2 + i);
    }
  });
  auto elements = [&](ByteWriter &to) {
    to.u32(ModuleShape::tableSize);
    for (uint32_t i = 0; i < ModuleShape::tableSize; ++i)
      to.u32(i % own);
  };
  section(9, [&](ByteWriter &to) {
    to.u32(2);
    to.u32(0); // active, at 0
    writeI32(to, 0);
    write(to, Opcode::End);
    elements(to);
    to.u32(1); // passive, functions
    to.byte(0);
    elements(to);
  });
  section(12, [&](ByteWriter &to) { to.u32(1 + shape.datas); });
  section(10, [&](ByteWriter &to) {
    to.u32(uint32_t(bodies.size()));
    for (const ByteWriter &body : bodies)
      to.sized(body);
  });
  section(11, [&](ByteWriter &to) {
    to.u32(1 + shape.datas);
    for (uint32_t i = 0; i <= shape.datas; ++i) {
      to.u32(1); // passive
      uint32_t size = i == resetData ? dataBytes : 16;
      to.u32(size);
      for (uint32_t k = 0; k < size; ++k)
        to.byte(uint8_t(choices.number(1)));
    }
  });
  return module;
}

GeneratedModule ModuleGenerator::run() {
  decideShape();
  uint32_t own = uint32_t(shape.functions.size()), reset = own, sum = own + 1;
  std::vector<ByteWriter> bodies;
  std::vector<uint32_t> functionTypes;
  for (uint32_t i = 0; i < own; ++i) {
    bodies.push_back(BodyGenerator(shape, choices, i).run());
    functionTypes.push_back(shape.typeIndex(shape.functions[i]));
  }
  bodies.push_back(resetBody());
  functionTypes.push_back(shape.typeIndex({}));
  bodies.push_back(sumBody());
  functionTypes.push_back(shape.typeIndex({"", "l"}));
  GeneratedModule result;
  for (uint32_t i = 0; i < own; ++i) {
    bodies.push_back(wrapperBody(i, reset, sum));
    result.exports.push_back({shape.functions[i].params, shape.functions[i].results + "l"});
    functionTypes.push_back(shape.typeIndex(result.exports.back()));
  }
  ByteWriter rest = sections(bodies, functionTypes);

  ByteWriter module;
  module.raw(llvm::StringRef("\0asm\1\0\0\0", 8));
  ByteWriter types;
  types.u32(uint32_t(shape.types.size()));
  for (const Signature &type : shape.types) {
    types.byte(0x60);
    writeTypes(types, type.params);
    writeTypes(types, type.results);
  }
  module.section(1, types);
  module.append(rest);
  result.bytes = module.takeBytes();
  return result;
}

GeneratedModule generate::generateModule(Choices &choices, const Features &features) {
  return ModuleGenerator(choices, features).run();
}

/// `nan:0x...`, or an exact number.
static std::string floatText(double value, bool isNaN, bool isNegative, uint64_t payload) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (isNaN)
    os << (isNegative ? "-" : "") << "nan:" << llvm::format_hex(payload, 3);
  else if (value == HUGE_VAL || value == -HUGE_VAL)
    os << (value < 0 ? "-inf" : "inf");
  else
    os << llvm::format("%a", value);
  return text;
}

static std::string argumentText(Choices &choices, char type) {
  uint64_t bits = interestingBits(choices, type);
  switch (type) {
  case 'i':
    return "(i32.const " + std::to_string(uint32_t(bits)) + ")";
  case 'l':
    return "(i64.const " + std::to_string(bits) + ")";
  case 'f': {
    float value = llvm::bit_cast<float>(uint32_t(bits));
    return "(f32.const " + floatText(value, value != value, bits >> 31, bits & 0x7fffff) + ")";
  }
  case 'd': {
    double value = llvm::bit_cast<double>(bits);
    return "(f64.const " + floatText(value, value != value, bits >> 63, bits & 0xfffffffffffff) +
           ")";
  }
  case 'v':
    return "(v128.const i64x2 " + std::to_string(bits) + " " +
           std::to_string(interestingBits(choices, 'd')) + ")";
  case 'r':
    return "(ref.null func)";
  default:
    return bits & 1 ? "(ref.null extern)" : "(ref.extern " + std::to_string(bits % 100) + ")";
  }
}

std::string generate::generateScript(Choices &choices, const Features &features,
                                     unsigned callsPerExport) {
  GeneratedModule module = generateModule(choices, features);
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "(module binary";
  for (size_t i = 0; i < module.bytes.size(); ++i) {
    if (i % 32 == 0)
      os << (i ? "\"\n  \"" : "\n  \"");
    os << '\\' << llvm::format_hex_no_prefix(module.bytes[i], 2);
  }
  os << "\")\n";
  for (size_t i = 0; i < module.exports.size(); ++i)
    for (unsigned k = 0; k < callsPerExport; ++k) {
      os << "(invoke \"f" << i << '"';
      for (char param : module.exports[i].params)
        os << ' ' << argumentText(choices, param);
      os << ")\n";
    }
  return text;
}
