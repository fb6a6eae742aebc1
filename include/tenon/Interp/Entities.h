//===- Entities.h - What a store holds --------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime structures of the specification ("Execution / Runtime Structure"): functions, tables,
// memories, globals, tags, exceptions, and module instances that refer to them. Tests may read and
// change all of it between two calls.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_INTERP_ENTITIES_H
#define TENON_INTERP_ENTITIES_H

#include "tenon/Interp/Trap.h"
#include "tenon/Interp/Value.h"
#include "tenon/Wasm/Module.h"
#include <functional>
#include <memory>

namespace tenon::interp {

struct Code;
struct Instance;

/// Bytes that start as zeros and take machine memory only where they were written. They move when
/// they grow.
class SparseBytes {
public:
  SparseBytes() = default;
  SparseBytes(const SparseBytes &) = delete;
  ~SparseBytes();

  uint64_t size() const { return used; }
  uint8_t *data() const { return begin; }
  /// Grows to `size` bytes; false when the machine refuses.
  bool grow(uint64_t size);

private:
  uint8_t *begin = nullptr;
  uint64_t used = 0;
  uint64_t mapped = 0;
};

/// What the host does when it is called: reads the arguments, fills in the results (they are
/// zeros before), and says whether it traps.
using HostFunction =
    std::function<TrapKind(llvm::ArrayRef<Value> args, llvm::MutableArrayRef<Value> results)>;

struct Function {
  Function();
  ~Function();

  Ref ref = 0;                          ///< to this function
  const wasm::Module *module = nullptr; ///< in which `typeIndex` counts
  uint32_t typeIndex = 0;
  uint32_t typeId = 0;          ///< the same number for the same type, in the whole store
  Instance *instance = nullptr; ///< null: a function of the host
  uint32_t index = 0;           ///< in its instance's module
  HostFunction host;
  std::unique_ptr<Code> code; ///< decoded at the first call

  const wasm::FuncType &type() const { return module->types[typeIndex]; }
};

struct Table {
  const wasm::Module *module = nullptr; ///< in which the element type counts
  wasm::TableType type;                 ///< `limits.min` is the current size
  SparseBytes bytes;

  uint64_t size() const { return bytes.size() / sizeof(Ref); }
  llvm::MutableArrayRef<Ref> elements() const {
    return {reinterpret_cast<Ref *>(bytes.data()), size_t(size())};
  }
};

struct Memory {
  wasm::MemoryType type; ///< `limits.min` is the current size
  SparseBytes bytes;

  uint64_t pages() const { return bytes.size() >> type.pageSizeLog2; }
};

struct Global {
  const wasm::Module *module = nullptr;
  wasm::GlobalType type;
  Value value;
};

struct Tag {
  const wasm::Module *module = nullptr;
  uint32_t typeIndex = 0;

  const wasm::FuncType &type() const { return module->types[typeIndex]; }
};

struct Exception {
  const Tag *tag = nullptr;
  llvm::SmallVector<Value, 2> payload;
};

/// One of the above, as imports and exports pass it on.
struct Extern {
  wasm::ExternKind kind = wasm::ExternKind::Func;
  union {
    Function *function = nullptr;
    Table *table;
    Memory *memory;
    Global *global;
    Tag *tag;
  };

  Extern() = default;
  Extern(Function *function) : kind(wasm::ExternKind::Func), function(function) {}
  Extern(Table *table) : kind(wasm::ExternKind::Table), table(table) {}
  Extern(Memory *memory) : kind(wasm::ExternKind::Memory), memory(memory) {}
  Extern(Global *global) : kind(wasm::ExternKind::Global), global(global) {}
  Extern(Tag *tag) : kind(wasm::ExternKind::Tag), tag(tag) {}
};

/// A module instance: its index spaces, resolved.
struct Instance {
  const wasm::Module *module = nullptr;
  std::vector<Function *> functions;
  std::vector<Table *> tables;
  std::vector<Memory *> memories;
  std::vector<Global *> globals;
  std::vector<Tag *> tags;
  std::vector<std::vector<Ref>> elements;     ///< segments; empty when dropped
  std::vector<llvm::ArrayRef<uint8_t>> datas; ///< segments; empty when dropped
  std::vector<uint32_t> typeIds;              ///< of the module's types

  std::optional<Extern> findExport(llvm::StringRef name) const;
  /// Null when there is no such function.
  Function *findFunction(llvm::StringRef name) const;
};

} // namespace tenon::interp

#endif // TENON_INTERP_ENTITIES_H
