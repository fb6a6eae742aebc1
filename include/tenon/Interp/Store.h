//===- Store.h - The reference interpreter ----------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An interpreter of core WebAssembly, written for reading: the oracle against which compiled code
// is tested. It runs every module that validateModule accepts, deterministically:
//
//  - The specification's deterministic profile: a NaN that an operator makes is the canonical one,
//    positive and with the quiet bit alone, as compiled code has it under --canonicalize-nans;
//    relaxed vector instructions do what their non-relaxed counterparts do, relaxed_madd rounds
//    twice.
//  - One thread runs at a time, and changes only when it waits, ends, or its turn is over.
//  - Nothing is reachable but what the imports give.
//  - Time and space are bounded by Limits and fuel: an instruction costs one unit, operations on
//    many bytes or elements one for every sixteen more. The host's stack is never used in depth.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_INTERP_STORE_H
#define TENON_INTERP_STORE_H

#include "tenon-abi/state.h"
#include "tenon/Interp/Entities.h"
#include "llvm/ADT/StringMap.h"
#include <deque>
#include <map>
#include <memory>

namespace tenon::interp {

class Machine;
class Store;

/// What the embedder allows.
struct Limits {
  uint64_t maxMemoryBytes = uint64_t(1) << 33;            ///< of all memories together
  uint64_t maxTableElements = 1 << 26;                    ///< of all tables together
  uint64_t maxElementsOfTable = tenon_max_table_elements; ///< of one: as in compiled programs
  uint32_t maxCallDepth = 100000;
  uint32_t maxStackValues = 1 << 22; ///< locals and operands of a thread
  uint32_t maxExceptions = 1 << 20;  ///< that something still refers to
};

/// How a call ended.
struct Outcome {
  enum Kind : uint8_t { Returned, Trapped, Threw };
  Kind kind = Returned;
  TrapKind trap = TrapKind::None;       ///< Trapped
  const Exception *exception = nullptr; ///< Threw; valid until the next call
  llvm::SmallVector<Value, 2> results;  ///< Returned

  bool returned() const { return kind == Returned; }
  static Outcome trapped(TrapKind kind) { return {Trapped, kind, nullptr, {}}; }
};

/// What modules can import.
class ImportMap {
public:
  void define(llvm::StringRef module, llvm::StringRef name, Extern value) {
    values[{module.str(), name.str()}] = value;
  }
  /// All exports of an instance.
  void define(llvm::StringRef module, const Instance &instance);
  std::optional<Extern> find(llvm::StringRef module, llvm::StringRef name) const;

private:
  std::map<std::pair<std::string, std::string>, Extern> values;
};

/// A call in progress, which may wait for others (threads proposal).
class Thread {
public:
  enum State : uint8_t {
    Ready,   ///< its turn ended; `run` goes on
    Blocked, ///< it waits to be notified, or for its timeout
    Done     ///< `takeOutcome` says how it ended
  };

  Thread(Store &store, Function &function, llvm::ArrayRef<Value> args);
  ~Thread();

  /// Runs for at most `turn` instructions.
  State run(uint64_t turn = UINT64_MAX);
  State getState() const;
  /// Blocked: how long it would wait; nothing when for ever.
  std::optional<uint64_t> getTimeout() const;
  /// Blocked: its time is up; it becomes ready.
  void timeOut();
  /// Blocked: nobody is left to end the wait; it traps.
  void abandon();
  Outcome takeOutcome();

private:
  Store &store;
  std::unique_ptr<Machine> machine;
};

class Store {
public:
  explicit Store(const Limits &limits = {});
  ~Store();
  Store(const Store &) = delete;

  const Limits &getLimits() const { return limits; }
  /// How many instructions may still be executed.
  uint64_t fuel = UINT64_MAX;

  /// Resolves the imports and allocates (core specification, "Modules / Allocation"). Fails, with
  /// a diagnostic, when an import is unknown or of the wrong type, or a limit is passed. The module
  /// is validated and outlives the store.
  FailureOr<Instance *> allocate(const wasm::Module &module, const ImportMap &imports,
                                 Diagnostics &diags);
  /// Copies the active segments of an allocated instance.
  Outcome copySegments(Instance &instance);
  /// Copies the segments and calls the start function.
  Outcome initialize(Instance &instance);

  /// Calls a function. A wait that nobody can end is a trap.
  Outcome invoke(Function &function, llvm::ArrayRef<Value> args = {});

  // Entities that the host makes. Types refer to no type of a module.
  Function *addFunction(const wasm::FuncType &type, HostFunction host);
  /// Null when a limit is passed.
  Table *addTable(const wasm::TableType &type, Ref init = 0);
  Memory *addMemory(const wasm::MemoryType &type);
  Global *addGlobal(const wasm::GlobalType &type, Value value);
  Tag *addTag(const wasm::FuncType &type);

  /// The function of a reference that is not null.
  Function &functionOf(Ref ref) { return functions[ref - 1]; }
  const Exception &exceptionOf(Ref ref) const { return exceptions[ref - 1]; }

private:
  friend class Machine;
  friend class Thread;

  /// A thread that waits at a place of a memory.
  struct Waiter {
    const Memory *memory;
    uint64_t address;
    Machine *machine;
  };

  Limits limits;
  uint64_t memoryBytes = 0, tableElements = 0;
  std::deque<Function> functions;
  std::deque<Table> tables;
  std::deque<Memory> memories;
  std::deque<Global> globals;
  std::deque<Tag> tags;
  std::deque<Exception> exceptions;
  std::vector<Ref> freeExceptions; ///< numbers that can be used again
  std::deque<Instance> instances;
  std::deque<wasm::Module> hostTypes; ///< a module of one type for each entity of the host
  llvm::StringMap<uint32_t> typeIds;  ///< digest -> id
  std::vector<Waiter> waiters;        ///< first come first
  std::vector<Machine *> machines;    ///< all that were made; they live as long as the store
  std::vector<std::unique_ptr<Machine>> idleMachines;

  uint32_t typeIdOf(const wasm::Module &module, uint32_t typeIndex);
  const wasm::Module *addHostType(const wasm::FuncType &type);
  Function &addFunction(const wasm::Module &module, uint32_t typeIndex);
  Table *addTable(const wasm::Module *module, const wasm::TableType &type, Ref init);
  /// 0 when there are too many.
  Ref addException(const Tag *tag, llvm::ArrayRef<Value> payload);
  void collectExceptions();
  bool growTable(Table &table, uint64_t by, Ref init);
  bool growMemory(Memory &memory, uint64_t by);

  LogicalResult bindImports(Instance &instance, const ImportMap &imports, Diagnostics &diags);
  LogicalResult addTables(Instance &instance, Diagnostics &diags);
  LogicalResult addMemories(Instance &instance, Diagnostics &diags);
  void addGlobals(Instance &instance);
  void evaluateElements(Instance &instance);
  Value evaluate(Instance &instance, const wasm::ConstExpr &expr);
  TrapKind copyElements(Instance &instance, uint32_t segment);
  TrapKind copyData(Instance &instance, uint32_t segment);

  std::unique_ptr<Machine> takeMachine();
  void giveBack(std::unique_ptr<Machine> machine);
};

/// A digest of everything that a module instance can see of its state: bytes and sizes of memories,
/// globals, and tables (where functions are told apart by their order in the store). Equal programs
/// that did the same have equal digests.
uint64_t hashState(const Instance &instance);

} // namespace tenon::interp

#endif // TENON_INTERP_STORE_H
