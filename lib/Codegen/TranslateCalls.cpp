//===- TranslateCalls.cpp - Direct and indirect calls --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"

using namespace tenon;
using namespace tenon::codegen;

bool FunctionTranslator::translateCall(const Operator &op) {
  switch (op.opcode) {
  case Opcode::Call:
    callResolved({instanceIndex, op.index}, module.typeOfFunc(op.index));
    return true;
  case Opcode::CallIndirect:
    callIndirect(op.index, op.index2);
    return true;
  default:
    return false;
  }
}

/// Calls a known function; its arguments are on the stack.
void FunctionTranslator::callResolved(FuncPointer pointer, const wasm::FuncType &type) {
  FuncRef ref = facts.resolve(pointer);
  if (ref.kind == FuncRef::Trap) {
    mb.emitMissing(builder, ref.symbol);
    return becomeUnreachable();
  }
  llvm::Function *callee = mb.function(ref, type);
  emitCall(callee->getFunctionType(), callee, state.contextArgument(), type, facts.mayThrow(ref));
}

void FunctionTranslator::emitCall(llvm::FunctionType *type, llvm::Value *callee,
                                  llvm::Value *context, const wasm::FuncType &wasmType,
                                  bool mayThrow) {
  llvm::SmallVector<llvm::Value *, 8> args = popMany(wasmType.params.size());
  if (context)
    args.insert(args.begin(), context);
  llvm::CallBase *call = createCall(type, callee, args, mayThrow);
  size_t results = wasmType.results.size();
  if (results == 1)
    push(call);
  for (unsigned i = 0; results > 1 && i < results; ++i)
    push(
        builder.CreateBitCast(builder.CreateExtractValue(call, i), mb.typeOf(wasmType.results[i])));
}

void FunctionTranslator::callIndirect(uint32_t typeIndex, uint32_t tableIndex) {
  const wasm::FuncType &type = module.types[typeIndex];
  uint32_t table = instance.tables[tableIndex];
  llvm::Value *index = pop();
  if (foldIndirectCall(type, typeIndex, table, index))
    return;

  index = builder.CreateZExt(index, mb.i64);
  trapIf(builder.CreateICmpUGE(index, state.tableSize(builder, table)), TrapKind::UndefinedElement);
  llvm::Value *element = builder.CreateLoad(
      mb.ptrType, builder.CreateGEP(mb.ptrType, state.tableElements(builder, table), index));
  trapIf(builder.CreateIsNull(element), TrapKind::UninitializedElement);

  // A record never changes once there is a pointer to it.
  auto field = [&](llvm::Type *fieldType, unsigned number) {
    llvm::LoadInst *loaded =
        builder.CreateLoad(fieldType, builder.CreateStructGEP(mb.funcRecordType, element, number));
    loaded->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(mb.context, {}));
    return loaded;
  };
  uint64_t number = facts.typeNumber(instanceIndex, typeIndex);
  trapIf(builder.CreateICmpNE(field(mb.i64, 1), builder.getInt64(number)),
         TrapKind::IndirectCallTypeMismatch);
  llvm::Value *context = state.contextArgument() ? field(mb.ptrType, 2) : nullptr;
  emitCall(mb.functionType(type), field(mb.ptrType, 0), context, type, facts.mayIndirectThrow());
}

bool FunctionTranslator::foldIndirectCall(const wasm::FuncType &type, uint32_t typeIndex,
                                          uint32_t table, llvm::Value *index) {
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
  if (facts.typeNumberOf(*callee) != facts.typeNumber(instanceIndex, typeIndex))
    return trap(TrapKind::IndirectCallTypeMismatch), true;
  callResolved(*callee, type);
  return true;
}
