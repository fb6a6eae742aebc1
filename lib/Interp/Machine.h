//===- Machine.h - What executes code ---------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The abstract machine of the specification ("Execution"), one for each thread: operands, locals
// and frames on stacks of its own. An instruction is executed by a function of its family:
//
//   Machine.cpp      the loop; variables and constants
//   Control.cpp      branches, calls
//   Exceptions.cpp   throwing
//   Integer.cpp      numbers
//   Float.cpp
//   Memory.cpp       loads, stores, operations on many bytes
//   Tables.cpp       tables
//   Vector*.cpp      vectors
//   Atomic.cpp       atomics
//
// Each answers whether to go on; when not, `state` says why.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_INTERP_MACHINE_H
#define TENON_LIB_INTERP_MACHINE_H

#include "Code.h"
#include "tenon/Interp/Store.h"

namespace tenon::interp {

class Machine {
public:
  enum State : uint8_t { Running, Finished, Trapped, Threw, Blocked };

  explicit Machine(Store &store);

  /// Forgets everything and gets ready to call a function, or to evaluate a constant.
  void start(Function &function, llvm::ArrayRef<Value> args);
  void start(const Code &constant, Instance &instance);
  /// Runs at most `turn` instructions.
  State run(uint64_t turn = UINT64_MAX);
  State getState() const { return state; }
  /// How it ended.
  Outcome takeOutcome();

  /// Blocked: the wait ends with this result.
  void resume(uint32_t result);
  /// Blocked: the wait ends with a trap.
  void abandon();
  std::optional<uint64_t> getTimeout() const { return timeout; }
  /// All locals and operands.
  llvm::ArrayRef<Value> getStack() const { return {stack.get(), size_t(sp - stack.get())}; }

private:
  /// A caller, to return to.
  struct Frame {
    const Code *code;
    const Instr *pc;
    Value *locals;
    Instance *instance;
  };

  Store &store;
  std::unique_ptr<Value[]> stack;
  Value *stackEnd;
  std::vector<Frame> frames;

  // The running function: its code, the next instruction, its first local, one past the topmost
  // operand.
  const Code *code = nullptr;
  const Instr *pc = nullptr;
  Value *locals = nullptr;
  Value *sp;
  Instance *instance = nullptr;

  State state = Finished;
  TrapKind trapKind = TrapKind::None;
  Ref thrown = 0;
  std::optional<uint64_t> timeout;
  Code halt; ///< the one instruction that ends a run

  bool trap(TrapKind kind) {
    trapKind = kind;
    state = Trapped;
    return false;
  }
  /// Pays for work on `count` bytes or elements.
  bool charge(uint64_t count);
  void reset();
  bool dispatch(const Instr &instr);

  // Operands. An i32 may be popped as 64 bits.
  template <typename T> T pop() { return (--sp)->as<T>(); }
  template <typename T> bool push(T number) {
    *sp++ = Value::of(number);
    return true;
  }
  /// Puts a result in the place of the topmost `count` operands.
  bool replace(unsigned count, const Value &result) {
    sp -= count - 1;
    sp[-1] = result;
    return true;
  }
  template <typename T, typename F> bool unary(F operation) {
    sp[-1] = Value::of(operation(sp[-1].as<T>()));
    return true;
  }
  template <typename T, typename F> bool binary(F operation) {
    T right = pop<T>();
    sp[-1] = Value::of(operation(sp[-1].as<T>(), right));
    return true;
  }

  // Machine.cpp
  bool stepVariable(const Instr &instr);
  // Integer.cpp
  bool stepInteger(const Instr &instr);
  template <typename T> bool divide(const Instr &instr);
  bool stepWide(const Instr &instr);
  // Float.cpp
  bool stepFloat(const Instr &instr);
  bool stepConversion(const Instr &instr);
  template <typename Int, typename Float> bool truncate();

  // Control.cpp
  bool stepControl(const Instr &instr);
  bool takeBranch(uint32_t number);
  bool call(Function &callee);
  bool tailCall(Function &callee);
  bool callHost(Function &callee);
  bool enter(Function &callee, Value *newLocals);
  bool returnToCaller();
  void leaveFrame();
  /// Null, after a trap.
  Function *popIndirect(const Instr &instr);
  Function *popReference();

  // Exceptions.cpp
  bool stepException(const Instr &instr);
  bool raise(Ref exception);
  const Clause *findClause(const Exception &exception) const;
  bool handle(const Clause &clause, Ref exception);

  // Memory.cpp
  /// The `size` bytes at an address plus the instruction's offset; null when they are not in the
  /// memory.
  uint8_t *access(const Instr &instr, const Value &address, uint64_t size);
  template <typename Stored, typename Result> bool load(const Instr &instr);
  template <typename Stored> bool storeNumber(const Instr &instr);
  bool stepMemory(const Instr &instr);
  bool stepBulk(const Instr &instr);
  bool growMemory(Memory &memory);
  bool initMemory(const Instr &instr);
  bool copyMemory(const Instr &instr);
  bool fillMemory(const Instr &instr);

  // Tables.cpp
  bool stepTable(const Instr &instr);
  bool growTable(Table &table);
  bool initTable(const Instr &instr);
  bool copyTable(const Instr &instr);
  bool fillTable(const Instr &instr);

  // Vector.cpp, VectorInteger.cpp, VectorWiden.cpp, VectorFloat.cpp: each does what it knows and
  // hands the rest to the next.
  bool stepVector(const Instr &instr);
  bool stepVectorInteger(const Instr &instr);
  bool stepVectorWidening(const Instr &instr);
  bool stepVectorFloat(const Instr &instr);
  // VectorMemory.cpp
  bool stepVectorMemory(const Instr &instr);

  // Atomic.cpp
  bool stepAtomic(const Instr &instr);
  bool stepAtomicUpdate(const Instr &instr);
  uint8_t *accessAligned(const Instr &instr, const Value &address, uint64_t size);
  template <typename Stored, typename Result> bool atomicLoad(const Instr &instr);
  template <typename Stored> bool atomicStore(const Instr &instr);
  template <typename Stored, typename Result, typename F>
  bool modify(const Instr &instr, F operation);
  template <typename Stored, typename Result> bool compareExchange(const Instr &instr);
  template <typename T> bool wait(const Instr &instr);
  bool notify(const Instr &instr);
  void stopWaiting();
};

} // namespace tenon::interp

#endif // TENON_LIB_INTERP_MACHINE_H
