//===- TranslateMemory.cpp - Loads, stores, bulk operations on memories --===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An access is at base + zext(index) + offset. With guard pages the reservation covers every sum of
// a 32-bit index and a 32-bit offset, so nothing is compared. LLVM's plain loads lose traps; each
// is followed by a pin (Pins.h), or volatile where nothing is optimised. Where a compare keeps
// accesses inside (PlaceMemories.cpp), the branch to the trap is what stays, and a load is a load.
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"
#include "Pins.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/MDBuilder.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateMemory(const Operator &op) {
  llvm::Type *i8 = mb.i8, *i16 = builder.getInt16Ty(), *i32 = mb.i32, *i64 = mb.i64;
  switch (op.opcode) {
  case Opcode::I32Load:
    return load(op.memArg, i32, i32, false), true;
  case Opcode::I64Load:
    return load(op.memArg, i64, i64, false), true;
  case Opcode::F32Load:
    return load(op.memArg, builder.getFloatTy(), builder.getFloatTy(), false), true;
  case Opcode::F64Load:
    return load(op.memArg, builder.getDoubleTy(), builder.getDoubleTy(), false), true;
  case Opcode::I32Load8S:
    return load(op.memArg, i8, i32, true), true;
  case Opcode::I32Load8U:
    return load(op.memArg, i8, i32, false), true;
  case Opcode::I32Load16S:
    return load(op.memArg, i16, i32, true), true;
  case Opcode::I32Load16U:
    return load(op.memArg, i16, i32, false), true;
  case Opcode::I64Load8S:
    return load(op.memArg, i8, i64, true), true;
  case Opcode::I64Load8U:
    return load(op.memArg, i8, i64, false), true;
  case Opcode::I64Load16S:
    return load(op.memArg, i16, i64, true), true;
  case Opcode::I64Load16U:
    return load(op.memArg, i16, i64, false), true;
  case Opcode::I64Load32S:
    return load(op.memArg, i32, i64, true), true;
  case Opcode::I64Load32U:
    return load(op.memArg, i32, i64, false), true;
  case Opcode::I32Store:
  case Opcode::I64Store:
  case Opcode::F32Store:
  case Opcode::F64Store:
    return store(op.memArg, stack.back()->getType()), true;
  case Opcode::I32Store8:
  case Opcode::I64Store8:
    return store(op.memArg, i8), true;
  case Opcode::I32Store16:
  case Opcode::I64Store16:
    return store(op.memArg, i16), true;
  case Opcode::I64Store32:
    return store(op.memArg, i32), true;
  case Opcode::MemorySize:
    return memorySize(op.index), true;
  case Opcode::MemoryGrow:
    return memoryGrow(op.index), true;
  case Opcode::MemoryFill:
    return memoryFill(op.index), true;
  case Opcode::MemoryCopy:
    return memoryCopy(op.index, op.index2), true;
  case Opcode::MemoryInit:
    return memoryInit(op.index, op.index2), true;
  case Opcode::DataDrop:
    if (module.datas[op.index].mode == wasm::SegmentMode::Passive)
      builder.CreateStore(builder.getInt64(0), state.dataSize(builder, instanceIndex, op.index));
    return true;
  default:
    return false;
  }
}

llvm::Value *FunctionTranslator::memoryAddress(uint32_t memory, llvm::Value *index) {
  return builder.CreatePtrAdd(state.memoryBase(builder, instance.memories[memory]), index);
}

/// Nothing here may wrap: index + offset + bytes is a number of 66 bits.
void FunctionTranslator::checkAccess(uint32_t memory, llvm::Value *index, uint64_t offset,
                                     uint64_t bytes) {
  const MemoryFacts &known = facts.memories[instance.memories[memory]];
  if (known.check == MemoryCheck::None)
    return;
  constexpr TrapKind kind = TrapKind::MemoryOutOfBounds;
  if (known.check == MemoryCheck::Index && offset <= UINT32_MAX)
    return trapIf(builder.CreateICmpUGE(index, builder.getInt64(known.indexEnd)), kind);
  uint64_t end = offset + bytes;
  if (end < offset)
    return trapIf(builder.getTrue(), kind);
  llvm::Value *reach = builder.getInt64(end);
  llvm::Value *size = memoryBytes(memory);
  if (end > known.minBytes)
    trapIf(builder.CreateICmpUGT(reach, size), kind);
  llvm::Value *last = builder.CreateSub(size, reach, "", /*HasNUW=*/true);
  trapIf(builder.CreateICmpUGT(index, last), kind);
}

/// Pops the index of an access of `bytes` bytes.
llvm::Value *FunctionTranslator::address(const wasm::MemArg &arg, uint64_t bytes) {
  llvm::Value *index = popIndex();
  checkAccess(arg.memory, index, arg.offset, bytes);
  if (std::optional<uint64_t> base = state.constantBase(instance.memories[arg.memory])) {
    llvm::Value *sum = builder.CreateAdd(index, builder.getInt64(*base + arg.offset));
    return builder.CreateIntToPtr(sum, mb.ptrType);
  }
  llvm::Value *at = memoryAddress(arg.memory, index);
  return arg.offset ? builder.CreatePtrAdd(at, builder.getInt64(arg.offset)) : at;
}

/// Says what the access can't alias.
void FunctionTranslator::annotate(llvm::Instruction &access, const wasm::MemArg &arg) {
  if (mb.optLevel == 0)
    return; // nobody asks
  access.setMetadata(llvm::LLVMContext::MD_tbaa, mb.guestMemoryTag);
  state.annotate(access, instance.memories[arg.memory]);
}

llvm::Value *FunctionTranslator::loadFrom(const wasm::MemArg &arg, llvm::Type *type) {
  llvm::Value *at = address(arg, type->getPrimitiveSizeInBits() / 8);
  llvm::LoadInst *access =
      builder.CreateAlignedLoad(type, at, llvm::Align(1), isVolatile(arg.memory));
  annotate(*access, arg);
  if (needsPin(arg.memory))
    emitPin(builder, access);
  return access;
}

void FunctionTranslator::load(const wasm::MemArg &arg, llvm::Type *loaded, llvm::Type *result,
                              bool isSigned) {
  llvm::Value *value = loadFrom(arg, loaded);
  if (loaded != result)
    value = builder.CreateIntCast(value, result, isSigned);
  push(value);
}

void FunctionTranslator::store(const wasm::MemArg &arg, llvm::Type *stored) {
  llvm::Value *value = pop();
  if (value->getType() != stored)
    value = builder.CreateTrunc(value, stored);
  storeTo(arg, value);
}

void FunctionTranslator::storeTo(const wasm::MemArg &arg, llvm::Value *value) {
  llvm::Value *at = address(arg, value->getType()->getPrimitiveSizeInBits() / 8);
  llvm::StoreInst *access =
      builder.CreateAlignedStore(value, at, llvm::Align(1), isVolatile(arg.memory));
  annotate(*access, arg);
}

llvm::Value *codegen::loadMemoryBytes(ModuleBuilder &mb, StateModel &state,
                                      llvm::IRBuilderBase &builder, uint32_t memory) {
  const MemoryFacts &known = mb.facts.memories[memory];
  if (!known.isGrown)
    return builder.getInt64(known.minBytes);
  llvm::Value *record = state.memoryRecord(builder, memory);
  llvm::LoadInst *bytes =
      builder.CreateLoad(mb.i64, builder.CreateStructGEP(mb.memoryRecordType, record, 1));
  bytes->setMetadata(llvm::LLVMContext::MD_tbaa, mb.recordTag);
  if (known.type.limits.shared) { // another thread may be growing it
    bytes->setAlignment(llvm::Align(8));
    bytes->setAtomic(llvm::AtomicOrdering::Monotonic);
  }
  // Memories don't shrink: what lies in the first pages is known to be inside.
  llvm::MDBuilder metadata(mb.context);
  bytes->setMetadata(
      llvm::LLVMContext::MD_range,
      metadata.createRange(llvm::APInt(64, known.minBytes), llvm::APInt::getSignedMinValue(64)));
  return bytes;
}

llvm::Value *FunctionTranslator::memoryBytes(uint32_t memory) {
  return loadMemoryBytes(mb, state, builder, instance.memories[memory]);
}

/// Whether `value` is an address of 32 bits, whose sums can't wrap.
static bool isNarrow(llvm::Value *value) {
  if (auto *constant = llvm::dyn_cast<llvm::ConstantInt>(value))
    return constant->getValue().isIntN(32);
  return llvm::isa<llvm::ZExtInst>(value);
}

/// Traps unless [start, start + count) lies in [0, size). Operands are i64, `size` below 2^63.
void FunctionTranslator::checkRange(llvm::Value *start, llvm::Value *count, llvm::Value *size,
                                    TrapKind kind) {
  if (isNarrow(start) && isNarrow(count)) {
    llvm::Value *end = builder.CreateAdd(start, count, "", /*HasNUW=*/true, /*HasNSW=*/true);
    return trapIf(builder.CreateICmpUGT(end, size), kind);
  }
  llvm::Value *sum =
      builder.CreateBinaryIntrinsic(llvm::Intrinsic::uadd_with_overflow, start, count);
  llvm::Value *isOutside = builder.CreateICmpUGT(builder.CreateExtractValue(sum, 0), size);
  trapIf(builder.CreateOr(isOutside, builder.CreateExtractValue(sum, 1)), kind);
}

void FunctionTranslator::memorySize(uint32_t memory) {
  const wasm::MemoryType &type = facts.memories[instance.memories[memory]].type;
  pushIndex(builder.CreateLShr(memoryBytes(memory), type.pageSizeLog2), type.limits);
}

void FunctionTranslator::memoryGrow(uint32_t memory) {
  llvm::Value *delta = popIndex();
  uint32_t index = instance.memories[memory];
  llvm::Value *record = state.memoryRecord(builder, index);
  llvm::Value *old =
      builder.CreateCall(mb.runtime(RuntimeFunction::tenon_memory_grow), {record, delta});
  pushIndex(old, facts.memories[index].type.limits);
}

void FunctionTranslator::memoryFill(uint32_t memory) {
  llvm::Value *count = popIndex();
  llvm::Value *byte = builder.CreateTrunc(pop(), mb.i8);
  llvm::Value *start = popIndex();
  checkRange(start, count, memoryBytes(memory), TrapKind::MemoryOutOfBounds);
  builder.CreateMemSet(memoryAddress(memory, start), byte, count, llvm::MaybeAlign(1),
                       isVolatile(memory));
}

void FunctionTranslator::memoryCopy(uint32_t to, uint32_t from) {
  llvm::Value *count = popIndex();
  llvm::Value *source = popIndex();
  llvm::Value *destination = popIndex();
  checkRange(source, count, memoryBytes(from), TrapKind::MemoryOutOfBounds);
  checkRange(destination, count, memoryBytes(to), TrapKind::MemoryOutOfBounds);
  builder.CreateMemMove(memoryAddress(to, destination), llvm::MaybeAlign(1),
                        memoryAddress(from, source), llvm::MaybeAlign(1), count,
                        isVolatile(to) || isVolatile(from));
}

void FunctionTranslator::memoryInit(uint32_t segment, uint32_t memory) {
  llvm::Value *count = popIndex();
  llvm::Value *source = popIndex();
  llvm::Value *destination = popIndex();
  // Instantiation drops active segments.
  bool isPassive = module.datas[segment].mode == wasm::SegmentMode::Passive;
  llvm::Value *size = builder.getInt64(0);
  if (isPassive)
    size = builder.CreateLoad(mb.i64, state.dataSize(builder, instanceIndex, segment));
  checkRange(source, count, size, TrapKind::MemoryOutOfBounds);
  checkRange(destination, count, memoryBytes(memory), TrapKind::MemoryOutOfBounds);
  if (!isPassive)
    return;
  llvm::Value *bytes = state.dataBytes(builder, instanceIndex, segment);
  builder.CreateMemCpy(memoryAddress(memory, destination), llvm::MaybeAlign(1),
                       builder.CreatePtrAdd(bytes, source), llvm::MaybeAlign(1), count,
                       isVolatile(memory));
}
