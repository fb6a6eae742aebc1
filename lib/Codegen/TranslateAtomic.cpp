//===- TranslateAtomic.cpp - Atomic accesses, wait and notify -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The threads proposal. Every atomic access is sequentially consistent, and traps unless it is
// aligned, before anything else is looked at. It is volatile, else LLVM drops the access of a
// read-modify-write that changes nothing (`or` with 0) and leaves a fence. The opcodes are regular:
// loads, stores and each kind of read-modify-write are seven in a row, of the types and sizes that
// `infoOf` knows.
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"

using namespace tenon;
using namespace tenon::codegen;

static constexpr llvm::AtomicOrdering seqCst = llvm::AtomicOrdering::SequentiallyConsistent;
static constexpr unsigned atomicPrefix = 0xfe;
static constexpr unsigned firstLoad = 0x10, firstStore = 0x17, firstReadModifyWrite = 0x1e,
                          formsOfEach = 7;

bool FunctionTranslator::translateAtomic(const Operator &op) {
  const wasm::OpcodeInfo &info = wasm::infoOf(op.opcode);
  if (info.prefix != atomicPrefix)
    return false;
  unsigned bytes = 1u << info.alignLog2;
  switch (op.opcode) {
  case Opcode::AtomicFence:
    return builder.CreateFence(seqCst), true;
  case Opcode::MemoryAtomicNotify:
    return atomicNotify(op.memArg), true;
  case Opcode::MemoryAtomicWait32:
  case Opcode::MemoryAtomicWait64:
    return atomicWait(op.memArg, bytes), true;
  default:
    break;
  }
  if (info.code >= firstReadModifyWrite)
    atomicReadModifyWrite(op.memArg, (info.code - firstReadModifyWrite) / formsOfEach, bytes);
  else if (info.code >= firstStore)
    atomicStore(op.memArg, bytes);
  else
    atomicLoad(op.memArg, bytes, info.signature[2] == 'l' ? mb.i64 : mb.i32);
  assert(info.code >= firstLoad && "the others have cases");
  return true;
}

/// Pops the index of an atomic access of `bytes` bytes.
llvm::Value *FunctionTranslator::atomicAddress(const wasm::MemArg &arg, unsigned bytes) {
  if (bytes > 1) {
    llvm::Value *index = builder.CreateZExt(stack.back(), mb.i64);
    llvm::Value *sum = builder.CreateAdd(index, builder.getInt64(arg.offset));
    trapIf(builder.CreateIsNotNull(builder.CreateAnd(sum, builder.getInt64(bytes - 1))),
           TrapKind::UnalignedAtomic);
  }
  return address(arg, bytes);
}

/// What all atomic accesses have.
template <typename T> T *FunctionTranslator::finishAtomic(T *access, const wasm::MemArg &arg) {
  access->setVolatile(true);
  annotate(*access, arg);
  return access;
}

/// A seq_cst load of the bytes at `at`: it traps where the access would.
llvm::Value *FunctionTranslator::loadAtomic(const wasm::MemArg &arg, llvm::Value *at,
                                            unsigned bytes) {
  llvm::LoadInst *access =
      builder.CreateAlignedLoad(builder.getIntNTy(bytes * 8), at, llvm::Align(bytes));
  access->setAtomic(seqCst);
  return finishAtomic(access, arg);
}

void FunctionTranslator::atomicLoad(const wasm::MemArg &arg, unsigned bytes, llvm::Type *result) {
  llvm::Value *at = atomicAddress(arg, bytes);
  push(builder.CreateZExt(loadAtomic(arg, at, bytes), result));
}

void FunctionTranslator::atomicStore(const wasm::MemArg &arg, unsigned bytes) {
  llvm::Value *value = builder.CreateTrunc(pop(), builder.getIntNTy(bytes * 8));
  llvm::Value *at = atomicAddress(arg, bytes);
  llvm::StoreInst *access = builder.CreateAlignedStore(value, at, llvm::Align(bytes));
  access->setAtomic(seqCst);
  finishAtomic(access, arg);
}

void FunctionTranslator::atomicReadModifyWrite(const wasm::MemArg &arg, unsigned kind,
                                               unsigned bytes) {
  using RMW = llvm::AtomicRMWInst;
  static constexpr RMW::BinOp operations[] = {RMW::Add, RMW::Sub, RMW::And,
                                              RMW::Or,  RMW::Xor, RMW::Xchg};
  llvm::Value *operand = pop();
  llvm::Type *result = operand->getType(), *accessed = builder.getIntNTy(bytes * 8);
  operand = builder.CreateTrunc(operand, accessed);
  llvm::Value *old = nullptr;
  if (kind < std::size(operations)) {
    llvm::Value *at = atomicAddress(arg, bytes);
    old = finishAtomic(
        builder.CreateAtomicRMW(operations[kind], at, operand, llvm::Align(bytes), seqCst), arg);
  } else {
    llvm::Value *expected = builder.CreateTrunc(pop(), accessed);
    llvm::Value *at = atomicAddress(arg, bytes);
    llvm::AtomicCmpXchgInst *access = finishAtomic(
        builder.CreateAtomicCmpXchg(at, expected, operand, llvm::Align(bytes), seqCst, seqCst),
        arg);
    old = builder.CreateExtractValue(access, 0);
  }
  push(builder.CreateZExt(old, result));
}

void FunctionTranslator::atomicWait(const wasm::MemArg &arg, unsigned bytes) {
  llvm::Value *timeout = pop(), *expected = pop();
  bool isShared = memoryOf(arg).type.limits.shared;
  llvm::Value *at = atomicAddress(arg, bytes);
  if (!isShared)
    return trap(TrapKind::ExpectedSharedMemory);
  loadAtomic(arg, at, bytes);
  RuntimeFunction wait =
      bytes == 8 ? RuntimeFunction::tenon_memory_wait64 : RuntimeFunction::tenon_memory_wait32;
  push(builder.CreateCall(mb.runtime(wait), {at, expected, timeout}));
}

void FunctionTranslator::atomicNotify(const wasm::MemArg &arg) {
  constexpr unsigned bytes = 4;
  llvm::Value *count = pop();
  llvm::Value *at = atomicAddress(arg, bytes);
  loadAtomic(arg, at, bytes);
  // Nobody can wait there.
  if (!memoryOf(arg).type.limits.shared)
    return push(builder.getInt32(0));
  push(builder.CreateCall(mb.runtime(RuntimeFunction::tenon_memory_notify), {at, count}));
}
