//===- CoreModuleWriter.h - Core modules that the importer makes -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Core binary format, as much of it as the modules of ValueModules.cpp want.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_IMPORT_COREMODULEWRITER_H
#define TENON_LIB_IMPORT_COREMODULEWRITER_H

#include "tenon/Support/ByteWriter.h"
#include "tenon/Wasm/Types.h"

namespace tenon {

/// Instructions that `Body` has no method for.
enum class CoreOp : uint8_t {
  Unreachable = 0x00,
  If = 0x04, ///< with a block type behind it: `Body::beginIf`
  End = 0x0b,
  Select = 0x1b,
  I32Load = 0x28,
  I64Load = 0x29,
  F32Load = 0x2a,
  F64Load = 0x2b,
  I32Load8U = 0x2d,
  I32Load16U = 0x2f,
  I32Store = 0x36,
  I64Store = 0x37,
  F32Store = 0x38,
  F64Store = 0x39,
  I32Store8 = 0x3a,
  I32Store16 = 0x3b,
  I32Eq = 0x46,
  I32LtU = 0x49,
  I32Add = 0x6a,
  I64GtU = 0x56,
  I64Add = 0x7c,
  I64Sub = 0x7d,
  I64And = 0x83,
  I64Shl = 0x86,
  I64ShrU = 0x88,
  I32WrapI64 = 0xa7,
  I64ExtendI32U = 0xad,
  I32ReinterpretF32 = 0xbc,
  I64ReinterpretF64 = 0xbd
};

/// A function body. Addresses are constants.
class CoreBody {
public:
  void op(CoreOp op) { code.byte(uint8_t(op)); }
  void i32(uint32_t value) { code.byte(0x41), code.s32(int32_t(value)); }
  void i64(uint64_t value) { code.byte(0x42), code.s64(int64_t(value)); }
  void f32(uint32_t bits) { code.byte(0x43), code.fixed32(bits); }
  void f64(uint64_t bits) { code.byte(0x44), code.fixed64(bits); }
  void call(uint32_t function) { indexed(0x10, function); }
  void localGet(uint32_t local) { indexed(0x20, local); }
  void localSet(uint32_t local) { indexed(0x21, local); }
  void globalGet(uint32_t global) { indexed(0x23, global); }
  void globalSet(uint32_t global) { indexed(0x24, global); }
  void memorySize() { indexed(0x3f, 0); }
  void memoryGrow() { indexed(0x40, 0); }
  void memoryCopy() { code.byte(0xfc), code.u32(10), code.byte(0), code.byte(0); }
  /// A load or store; no alignment is promised.
  void access(CoreOp op) { this->op(op), code.byte(0), code.byte(0); }
  /// `if` without parameters and results.
  void beginIf() { op(CoreOp::If), code.byte(0x40); }

  /// Returns its index. The first locals are the parameters.
  uint32_t addLocal(wasm::ValType type) {
    locals.push_back(type);
    return firstLocal + uint32_t(locals.size()) - 1;
  }
  explicit CoreBody(uint32_t numParams = 0) : firstLocal(numParams) {}

private:
  friend class CoreModuleWriter;
  uint32_t firstLocal;
  std::vector<wasm::ValType> locals;
  ByteWriter code;

  void indexed(uint8_t opcode, uint32_t index) { code.byte(opcode), code.u32(index); }
};

/// Definitions come in any order, but imported functions before defined ones.
class CoreModuleWriter {
public:
  explicit CoreModuleWriter(llvm::StringRef name) : name(name.str()) {}

  uint32_t importFunc(llvm::StringRef module, llvm::StringRef field, const wasm::FuncType &type);
  void importMemory(llvm::StringRef module, llvm::StringRef field);
  uint32_t addFunc(const wasm::FuncType &type, const CoreBody &body);
  /// A mutable global, at first 0 or the value.
  uint32_t addGlobal(wasm::ValType type, uint64_t value = 0);
  void addMemory(uint32_t pages, std::optional<uint32_t> max);
  void exportFunc(llvm::StringRef field, uint32_t index) { addExport(field, 0x00, index); }
  void exportMemory(llvm::StringRef field) { addExport(field, 0x02, 0); }
  void setStart(uint32_t function) { start = function; }
  /// The contents of memory 0 from address 0 on.
  void addData(llvm::ArrayRef<uint8_t> bytes);

  std::vector<uint8_t> take();

private:
  /// The entries of a section that is a vector.
  struct Entries {
    uint32_t count = 0;
    ByteWriter bytes;
  };
  std::string name;
  Entries types, imports, functions, memories, globals, exports, bodies, datas;
  std::optional<uint32_t> start;
  uint32_t numFuncs = 0;

  uint32_t addType(const wasm::FuncType &type);
  void addExport(llvm::StringRef field, uint8_t kind, uint32_t index);
  void addSegment(uint32_t address, llvm::ArrayRef<uint8_t> bytes);
};

} // namespace tenon

#endif // TENON_LIB_IMPORT_COREMODULEWRITER_H
