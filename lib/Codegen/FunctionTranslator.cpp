//===- FunctionTranslator.cpp - One wasm body -> LLVM IR -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"

using namespace tenon;
using namespace tenon::codegen;

FunctionTranslator::FunctionTranslator(ModuleBuilder &mb, StateModel &state, uint32_t instance,
                                       uint32_t index, llvm::Function *function, Diagnostics &diags)
    : mb(mb), facts(mb.facts), state(state), instanceIndex(instance), functionIndex(index),
      instance(facts.instance(instance)), module(*this->instance.module),
      body(module.definedFunc(index)), function(function), diags(diags),
      builder(mb.context, llvm::ConstantFolder(), Inserter(*this)), reader(body, diags) {}

LogicalResult FunctionTranslator::run() {
  if (failed(begin()))
    return failure();
  Operator op;
  while (!frames.empty()) {
    if (failed(reader.next(op)))
      return failure();
    if (!reachable && skipUnreachable(op))
      continue;
    offset = op.offset;
    if (failed(translate(op)))
      return failure();
  }
  eraseUnusedConditions();
  return success();
}

/// Whether an instruction can end in a trap, or call what does: a fault's place, or a return
/// address, is looked up in the line table.
static bool isLookedUp(const llvm::Instruction &inst) {
  if (const llvm::Value *at = llvm::getLoadStorePointerOperand(&inst))
    return !llvm::isa<llvm::AllocaInst>(at);
  return llvm::isa<llvm::CallBase>(inst);
}

/// A third of the time of -O0 went into locations and rows of the line table. There, what can't
/// trap has the location of what could before it. No two operators have the same location, so LLVM
/// need not look for an equal one. Lines count from the start of the body, so that code does not
/// change with what stands before it (CodeOffsets.h); line 0 means nowhere.
llvm::DILocation *FunctionTranslator::locationOf(const llvm::Instruction &inst) {
  unsigned line = offset + 1;
  bool isKept = location &&
                (location->getLine() == line || (mb.optLevel == 0 && !isLookedUp(inst)));
  if (!isKept)
    location = llvm::DILocation::getDistinct(mb.context, line, 0, subprogram);
  return location;
}

LogicalResult FunctionTranslator::begin() {
  subprogram = mb.subprogram(instanceIndex, functionIndex, function->getName());
  function->setSubprogram(subprogram);
  builder.SetInsertPoint(llvm::BasicBlock::Create(mb.context, "entry", function));
  state.enterFunction(builder);

  wasm::LocalDecls decls;
  if (failed(reader.readLocals(decls)))
    return failure();
  const wasm::FuncType &type = module.typeOfFunc(functionIndex);
  localTypes.assign(type.params.begin(), type.params.end());
  for (auto [count, declared] : decls.runs)
    localTypes.insert(localTypes.end(), count, declared);
  locals.reserve(localTypes.size());
  for (wasm::ValType local : localTypes)
    locals.push_back({builder.CreateAlloca(mb.typeOf(local))});

  unsigned firstParam = function->arg_size() - type.params.size();
  for (size_t i = 0; i < locals.size(); ++i) {
    llvm::Type *slot = locals[i].slot->getAllocatedType();
    bool isParam = i < type.params.size();
    setLocal(locals[i], isParam ? static_cast<llvm::Value *>(function->getArg(firstParam + i))
                                : llvm::Constant::getNullValue(slot));
  }

  Frame frame;
  frame.kind = Frame::Function;
  frame.results.append(type.results.begin(), type.results.end());
  frame.labelTypes = frame.results;
  frames.push_back(std::move(frame));
  return success();
}

LogicalResult FunctionTranslator::translate(const Operator &op) {
  if (wasm::infoOf(op.opcode).prefix == wasm::vectorPrefix)
    return translateVector(op) ? success() : unsupported(op);
  bool isTranslated = translateVariable(op) || translateInteger(op) || translateMemory(op) ||
                      translateControl(op) || translateCall(op) || translateFloat(op) ||
                      translateConversion(op) || translateTable(op) || translateWide(op) ||
                      translateException(op) || translateAtomic(op);
  return isTranslated ? success() : unsupported(op);
}

LogicalResult FunctionTranslator::unsupported(const Operator &op) {
  return diags.error(reader.locationOf(op.offset), wasm::nameOf(op.opcode))
         << " is not supported yet";
}

/// Behind an unconditional branch: true if `op` can't run. What can run again begins at the `else`
/// or `end` of the innermost open frame.
bool FunctionTranslator::skipUnreachable(const Operator &op) {
  switch (op.opcode) {
  case Opcode::Block:
  case Opcode::Loop:
  case Opcode::If:
  case Opcode::Try:
  case Opcode::TryTable:
    ++skipped;
    return true;
  case Opcode::Else:
  case Opcode::Catch:
  case Opcode::CatchAll:
    return skipped > 0;
  case Opcode::End:
  case Opcode::Delegate:
    if (skipped == 0)
      return false;
    --skipped;
    return true;
  default:
    return true;
  }
}

llvm::SmallVector<llvm::Value *, 8> FunctionTranslator::popMany(size_t count) {
  assert(stack.size() - frames.back().height >= count && "validation counted the operands");
  llvm::SmallVector<llvm::Value *, 8> values(stack.end() - count, stack.end());
  stack.truncate(stack.size() - count);
  return values;
}

llvm::BasicBlock *FunctionTranslator::newBlock(const llvm::Twine &name) {
  return llvm::BasicBlock::Create(mb.context, name, function);
}

void FunctionTranslator::trapIf(llvm::Value *condition, TrapKind kind) {
  trapIf(condition, [&] { return builder.getInt32(uint32_t(kind)); });
}

void FunctionTranslator::trapIf(llvm::Value *condition, llvm::function_ref<llvm::Value *()> kind) {
  auto *known = llvm::dyn_cast<llvm::ConstantInt>(condition);
  if (known && known->isZero())
    return;
  llvm::BasicBlock *trapping = newBlock("trap"), *going = newBlock();
  bool isOptimizing = mb.optLevel > 0;
  builder.CreateCondBr(condition, trapping, going, isOptimizing ? mb.unlikely : nullptr);
  builder.SetInsertPoint(trapping);
  mb.emitTrap(builder, kind());
  builder.SetInsertPoint(going);
}

void FunctionTranslator::trap(TrapKind kind) {
  mb.emitTrap(builder, kind);
  becomeUnreachable();
}

void FunctionTranslator::becomeUnreachable() {
  reachable = false;
  stack.truncate(frames.back().height);
}

llvm::Value *FunctionTranslator::getLocal(Local &local) {
  if (local.block == builder.GetInsertBlock())
    return local.value;
  local.block = builder.GetInsertBlock();
  return local.value = builder.CreateLoad(local.slot->getAllocatedType(), local.slot);
}

void FunctionTranslator::setLocal(Local &local, llvm::Value *value) {
  builder.CreateStore(value, local.slot);
  local.value = value;
  local.block = builder.GetInsertBlock();
}

llvm::Value *FunctionTranslator::loadGlobal(uint32_t global) {
  llvm::LoadInst *loaded =
      builder.CreateLoad(mb.typeOf(facts.globals[global].type.type), state.global(builder, global));
  state.annotateState(*loaded);
  return loaded;
}

bool FunctionTranslator::translateVariable(const Operator &op) {
  switch (op.opcode) {
  case Opcode::LocalGet:
    push(getLocal(locals[op.index]), localTypes[op.index]);
    return true;
  case Opcode::LocalSet:
    setLocal(locals[op.index], pop());
    return true;
  case Opcode::LocalTee:
    setLocal(locals[op.index], stack.back());
    return true;
  case Opcode::GlobalGet: {
    uint32_t global = instance.globals[op.index];
    const GlobalFacts &known = facts.globals[global];
    if (known.isConstant && known.init.func)
      push(state.functionRecord(builder, *known.init.func), known.type.type);
    else if (known.isConstant)
      push(mb.constantOf(known.init));
    else
      push(loadGlobal(global), known.type.type);
    return true;
  }
  case Opcode::GlobalSet:
    state.annotateState(
        *builder.CreateStore(pop(), state.global(builder, instance.globals[op.index])));
    return true;
  case Opcode::I32Const:
    push(builder.getInt32(uint32_t(op.bits)));
    return true;
  case Opcode::I64Const:
    push(builder.getInt64(op.bits));
    return true;
  case Opcode::F32Const:
    push(mb.constantOf({wasm::ValType::F32, uint32_t(op.bits), {}}));
    return true;
  case Opcode::F64Const:
    push(mb.constantOf({wasm::ValType::F64, op.bits, {}}));
    return true;
  case Opcode::Drop:
    pop();
    return true;
  case Opcode::Nop:
    return true;
  default:
    return false;
  }
}
