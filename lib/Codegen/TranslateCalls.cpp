//===- TranslateCalls.cpp - Calls of functions -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"
#include "ValueTypes.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateCall(const Operator &op) {
  switch (op.opcode) {
  case Opcode::Call:
  case Opcode::ReturnCall:
    callResolved({instanceIndex, op.index}, module.typeOfFunc(op.index),
                 op.opcode == Opcode::ReturnCall);
    return true;
  case Opcode::CallIndirect:
  case Opcode::ReturnCallIndirect:
    callIndirect(op.index, op.index2, op.opcode == Opcode::ReturnCallIndirect);
    return true;
  case Opcode::CallRef:
  case Opcode::ReturnCallRef:
    callReference(module.types[op.index], op.opcode == Opcode::ReturnCallRef);
    return true;
  default:
    return false;
  }
}

/// Calls a known function; its arguments are on the stack.
void FunctionTranslator::callResolved(FuncPointer pointer, const wasm::FuncType &type,
                                      bool isTail) {
  FuncRef ref = facts.resolve(pointer);
  if (ref.kind == FuncRef::Trap) {
    mb.emitMissing(builder, ref.symbol);
    return becomeUnreachable();
  }
  llvm::Function *code = mb.function(ref, type);
  emitCall({type, code->getFunctionType(), code, state.contextArgument(), code->getCallingConv(),
            facts.mayThrow(ref)},
           isTail);
}

/// A tail call of a core function takes the place of this one's frame. A host function or an
/// adapter has the C convention, so it is called, and its results are returned.
void FunctionTranslator::emitCall(const Callee &callee, bool isTail) {
  bool isReplacing = isTail && callee.convention == llvm::CallingConv::Tail;
  llvm::SmallVector<llvm::Value *, 8> args;
  if (callee.context)
    args.push_back(callee.context);
  llvm::AllocaInst *area = nullptr;
  if (returnsInMemory(callee.type)) {
    // The function that tail-calls returns what the other does, so it hands on its own area.
    if (!isReplacing)
      area = newResultArea(llvmResultStruct(mb.context, callee.type));
    args.push_back(area ? area : resultArea());
  }
  args.append(popMany(callee.type.params.size()));
  if (isReplacing) {
    // Out of all handlers' ranges: this function is left before the other is entered.
    llvm::CallInst *call = builder.CreateCall(callee.signature, callee.code, args);
    call->setCallingConv(callee.convention);
    if (!callee.mayThrow)
      call->setDoesNotThrow();
    call->setTailCallKind(llvm::CallInst::TCK_MustTail);
    if (call->getType()->isVoidTy())
      builder.CreateRetVoid();
    else
      builder.CreateRet(call);
    return becomeUnreachable();
  }
  pushResults(callee.type, createCall(callee, args), area);
  if (isTail) {
    emitReturn(popMany(callee.type.results.size()));
    becomeUnreachable();
  }
}

/// Room for what one call gives. The optimiser sees how long each area lives; without it one must
/// do for all calls, or the frame grows with their number.
llvm::AllocaInst *FunctionTranslator::newResultArea(llvm::StructType *type) {
  uint64_t bytes = mb.module->getDataLayout().getTypeAllocSize(type);
  bool isShared = mb.optLevel == 0;
  if (!isShared || !sharedArea) {
    llvm::BasicBlock &entry = function->getEntryBlock();
    llvm::IRBuilder<> early(&entry, entry.getFirstInsertionPt());
    llvm::AllocaInst *area = early.CreateAlloca(llvm::ArrayType::get(mb.i8, bytes));
    area->setAlignment(llvm::Align(16));
    if (!isShared) {
      builder.CreateLifetimeStart(area);
      return area;
    }
    sharedArea = area;
  }
  if (bytes > sharedArea->getAllocatedType()->getArrayNumElements())
    sharedArea->setAllocatedType(llvm::ArrayType::get(mb.i8, bytes));
  return sharedArea;
}

void FunctionTranslator::pushResults(const wasm::FuncType &type, llvm::CallBase *call,
                                     llvm::AllocaInst *area) {
  if (type.results.size() == 1)
    return push(call, type.results.front());
  llvm::StructType *layout = llvmResultStruct(mb.context, type);
  for (auto [i, result] : llvm::enumerate(type.results))
    push(area ? builder.CreateLoad(layout->getElementType(i),
                                   builder.CreateStructGEP(layout, area, i))
              : builder.CreateExtractValue(call, i),
         result);
  if (area && area != sharedArea)
    builder.CreateLifetimeEnd(area);
}

/// A record never changes once there is a pointer to it.
llvm::Value *FunctionTranslator::recordField(llvm::Value *record, llvm::Type *type,
                                             unsigned number) {
  llvm::LoadInst *loaded =
      builder.CreateLoad(type, builder.CreateStructGEP(mb.funcRecordType, record, number));
  loaded->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(mb.context, {}));
  return loaded;
}

/// What a record that is not null points to.
FunctionTranslator::Callee FunctionTranslator::calleeOf(llvm::Value *record,
                                                        const wasm::FuncType &type) {
  llvm::Value *context = state.contextArgument() ? recordField(record, mb.ptrType, 2) : nullptr;
  return {type,    mb.functionType(type), recordField(record, mb.ptrType, 0),
          context, mb.coreConvention(),   facts.mayIndirectThrow()};
}

void FunctionTranslator::callReference(const wasm::FuncType &type, bool isTail) {
  llvm::Value *reference = pop();
  if (!nonNulls.contains(reference))
    trapIf(builder.CreateIsNull(reference), TrapKind::NullFunctionReference);
  emitCall(calleeOf(reference, type), isTail);
}

void FunctionTranslator::callIndirect(uint32_t typeIndex, uint32_t tableIndex, bool isTail) {
  const wasm::FuncType &type = module.types[typeIndex];
  uint32_t table = instance.tables[tableIndex];
  llvm::Value *index = pop();
  if (foldIndirectCall(type, typeIndex, table, index, isTail))
    return;

  index = builder.CreateZExt(index, mb.i64);
  trapIf(builder.CreateICmpUGE(index, state.tableSize(builder, table)), TrapKind::UndefinedElement);
  llvm::Value *element = builder.CreateLoad(
      mb.ptrType, builder.CreateGEP(mb.ptrType, state.tableElements(builder, table), index));
  if (facts.tables[table].type.element.isNullable())
    trapIf(builder.CreateIsNull(element), TrapKind::UninitializedElement);
  checkCalleeType(recordField(element, mb.i64, 1), facts.typeNumber(instanceIndex, typeIndex));
  emitCall(calleeOf(element, type), isTail);
}

/// Which types are subtypes is known for the whole program, so a switch over their numbers does; a
/// type without subtypes, which is nearly every one, needs a single compare.
void FunctionTranslator::checkCalleeType(llvm::Value *number, uint64_t wanted) {
  llvm::ArrayRef<uint64_t> subtypes = facts.strictSubtypes(wanted);
  if (subtypes.empty())
    return trapIf(builder.CreateICmpNE(number, builder.getInt64(wanted)),
                  TrapKind::IndirectCallTypeMismatch);
  llvm::BasicBlock *trapping = newBlock("trap"), *going = newBlock();
  llvm::SwitchInst *check = builder.CreateSwitch(number, trapping, subtypes.size() + 1);
  check->addCase(builder.getInt64(wanted), going);
  for (uint64_t subtype : subtypes)
    check->addCase(builder.getInt64(subtype), going);
  builder.SetInsertPoint(trapping);
  mb.emitTrap(builder, TrapKind::IndirectCallTypeMismatch);
  builder.SetInsertPoint(going);
}

bool FunctionTranslator::foldIndirectCall(const wasm::FuncType &type, uint32_t typeIndex,
                                          uint32_t table, llvm::Value *index, bool isTail) {
  const TableFacts &known = facts.tables[table];
  auto *constant = llvm::dyn_cast<llvm::ConstantInt>(index);
  if (!constant || !known.isConstant())
    return false;
  uint64_t at = constant->getZExtValue();
  if (at >= known.type.limits.min)
    return trap(TrapKind::UndefinedElement), true;
  const std::optional<FuncPointer> callee =
      known.elements.empty() ? std::nullopt : known.elements[at].func;
  if (!callee)
    return trap(TrapKind::UninitializedElement), true;
  uint64_t given = facts.typeNumberOf(*callee), wanted = facts.typeNumber(instanceIndex, typeIndex);
  if (given != wanted && !llvm::is_contained(facts.strictSubtypes(wanted), given))
    return trap(TrapKind::IndirectCallTypeMismatch), true;
  callResolved(*callee, type, isTail);
  return true;
}
