//===- CoreModuleWriter.cpp - Core modules that the importer makes --------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreModuleWriter.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;

/// So many bytes of zero between others are left to the memory, which has them anyway.
static constexpr size_t longGap = 64;

static uint8_t codeOf(wasm::ValType type) {
  switch (type.getKind()) {
  case wasm::ValType::I32:
    return 0x7f;
  case wasm::ValType::I64:
    return 0x7e;
  case wasm::ValType::F32:
    return 0x7d;
  case wasm::ValType::F64:
    return 0x7c;
  default:
    llvm_unreachable("the Canonical ABI flattens to numbers");
  }
}

static void write(ByteWriter &out, llvm::ArrayRef<wasm::ValType> types) {
  out.u32(types.size());
  for (wasm::ValType type : types)
    out.byte(codeOf(type));
}

uint32_t CoreModuleWriter::addType(const wasm::FuncType &type) {
  types.bytes.byte(0x60);
  write(types.bytes, type.params);
  write(types.bytes, type.results);
  return types.count++;
}

uint32_t CoreModuleWriter::importFunc(llvm::StringRef module, llvm::StringRef field,
                                      const wasm::FuncType &type) {
  assert(!functions.count && "imports come first");
  imports.bytes.name(module);
  imports.bytes.name(field);
  imports.bytes.byte(0x00);
  imports.bytes.u32(addType(type));
  ++imports.count;
  return numFuncs++;
}

void CoreModuleWriter::importMemory(llvm::StringRef module, llvm::StringRef field) {
  imports.bytes.name(module);
  imports.bytes.name(field);
  imports.bytes.byte(0x02);
  imports.bytes.byte(0x00); // no maximum
  imports.bytes.u32(0);
  ++imports.count;
}

uint32_t CoreModuleWriter::addFunc(const wasm::FuncType &type, const CoreBody &body) {
  functions.bytes.u32(addType(type));
  ++functions.count;
  ByteWriter whole;
  whole.u32(body.locals.size());
  for (wasm::ValType local : body.locals) {
    whole.u32(1);
    whole.byte(codeOf(local));
  }
  whole.append(body.code);
  whole.byte(uint8_t(CoreOp::End));
  bodies.bytes.sized(whole);
  ++bodies.count;
  return numFuncs++;
}

uint32_t CoreModuleWriter::addGlobal(wasm::ValType type, uint64_t value) {
  globals.bytes.byte(codeOf(type));
  globals.bytes.byte(0x01); // mutable
  CoreBody init;
  switch (type.getKind()) {
  case wasm::ValType::I32:
    init.i32(uint32_t(value));
    break;
  case wasm::ValType::I64:
    init.i64(value);
    break;
  case wasm::ValType::F32:
    init.f32(uint32_t(value));
    break;
  default:
    init.f64(value);
  }
  init.op(CoreOp::End);
  globals.bytes.append(init.code);
  return globals.count++;
}

void CoreModuleWriter::addMemory(uint32_t pages, std::optional<uint32_t> max) {
  memories.bytes.byte(max.has_value());
  memories.bytes.u32(pages);
  if (max)
    memories.bytes.u32(*max);
  ++memories.count;
}

void CoreModuleWriter::addExport(llvm::StringRef field, uint8_t kind, uint32_t index) {
  exports.bytes.name(field);
  exports.bytes.byte(kind);
  exports.bytes.u32(index);
  ++exports.count;
}

void CoreModuleWriter::addSegment(uint32_t address, llvm::ArrayRef<uint8_t> bytes) {
  datas.bytes.u32(0);
  CoreBody offset;
  offset.i32(address);
  offset.op(CoreOp::End);
  datas.bytes.append(offset.code);
  datas.bytes.u32(bytes.size());
  datas.bytes.raw(bytes);
  ++datas.count;
}

void CoreModuleWriter::addData(llvm::ArrayRef<uint8_t> bytes) {
  auto isZero = [](uint8_t byte) { return byte == 0; };
  const uint8_t *at = bytes.begin();
  while ((at = std::find_if_not(at, bytes.end(), isZero)) != bytes.end()) {
    const uint8_t *end = std::search_n(at, bytes.end(), longGap, uint8_t(0));
    addSegment(at - bytes.begin(), llvm::ArrayRef(at, end));
    at = end;
  }
}

std::vector<uint8_t> CoreModuleWriter::take() {
  ByteWriter out;
  out.raw(llvm::StringRef("\0asm\1\0\0\0", 8));
  auto section = [&](uint8_t id, const Entries &entries) {
    if (!entries.count)
      return;
    ByteWriter contents;
    contents.u32(entries.count);
    contents.append(entries.bytes);
    out.section(id, contents);
  };
  section(1, types);
  section(2, imports);
  section(3, functions);
  section(5, memories);
  section(6, globals);
  section(7, exports);
  if (start) {
    ByteWriter contents;
    contents.u32(*start);
    out.section(8, contents);
  }
  section(10, bodies);
  section(11, datas);
  ByteWriter nameOfModule, names;
  nameOfModule.name(name);
  names.name("name");
  names.section(0, nameOfModule);
  out.section(0, names);
  return out.takeBytes();
}
