//===- ValidateControl.cpp - Blocks, branches, calls, exceptions ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Validator.h. core specification, "Validation / Instructions / Control Instructions", and the
// legacy exception handling proposal.
//
//===----------------------------------------------------------------------===//

#include "Validator.h"
#include "tenon/Wasm/Subtyping.h"

using namespace tenon;
using namespace tenon::wasm;

//===----------------------------------------------------------------------===//
// Frames
//===----------------------------------------------------------------------===//

llvm::ArrayRef<ValType> Validator::params(const BlockType &type) const {
  if (type.kind == BlockType::TypeIndex)
    return module.types[type.typeIndex].params;
  return {};
}

llvm::ArrayRef<ValType> Validator::results(const BlockType &type) const {
  switch (type.kind) {
  case BlockType::Empty:
    return {};
  case BlockType::Value:
    return type.type;
  case BlockType::TypeIndex:
    return module.types[type.typeIndex].results;
  }
  llvm_unreachable("every kind of block type is above");
}

llvm::ArrayRef<ValType> Validator::labelTypes(const Frame &frame) const {
  return frame.opcode == Opcode::Loop ? params(frame.type) : results(frame.type);
}

LogicalResult Validator::checkBlockType(const BlockType &type) const {
  if (type.kind == BlockType::TypeIndex)
    return checkIndex(type.typeIndex, module.types.size(), "type");
  return type.kind == BlockType::Value ? checkType(type.type) : success();
}

void Validator::pushFrame(Opcode opcode, const BlockType &type) {
  Frame frame;
  frame.opcode = opcode;
  frame.type = type;
  frame.height = uint32_t(stack.size());
  frame.initHeight = uint32_t(initialized.size());
  frames.push_back(frame);
}

FailureOr<Validator::Frame> Validator::popFrame() {
  Frame frame = frames.back();
  if (failed(pop(results(frame.type))))
    return failure();
  if (stack.size() != frame.height)
    return error("type mismatch: values remaining on stack at end of block: ")
           << stack.size() - frame.height << " too many";
  for (; initialized.size() > frame.initHeight; initialized.pop_back())
    isUnset[initialized.back()] = true;
  frames.pop_back();
  return frame;
}

Validator::Frame *Validator::findLabel(uint32_t depth) {
  if (failed(checkIndex(depth, frames.size(), "label")))
    return nullptr;
  return &frames[frames.size() - 1 - depth];
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

LogicalResult Validator::enterBlock() {
  if (failed(checkBlockType(op.blockType)))
    return failure();
  if (op.opcode == Opcode::If && failed(pop(ValType::I32)))
    return failure();
  summary->hasLoop |= op.opcode == Opcode::Loop;
  summary->hasTry |= op.opcode == Opcode::Try || op.opcode == Opcode::TryTable;
  llvm::ArrayRef<ValType> types = params(op.blockType);
  if (failed(pop(types)))
    return failure();
  pushFrame(op.opcode, op.blockType);
  return push(types);
}

LogicalResult Validator::checkCatch(const Catch &clause) {
  llvm::SmallVector<ValType, 8> types;
  if (clause.kind == Catch::One || clause.kind == Catch::OneRef) {
    if (failed(checkIndex(clause.tag, module.tagTypes.size(), "tag")))
      return failure();
    types.append(module.types[module.tagTypes[clause.tag]].params);
  }
  if (clause.kind == Catch::OneRef || clause.kind == Catch::AllRef)
    types.push_back(ValType::ref(ValType::Exn, /*nullable=*/false));
  Frame *target = findLabel(clause.label);
  if (!target)
    return failure();
  llvm::ArrayRef<ValType> expected = labelTypes(*target);
  bool fits = types.size() == expected.size();
  for (size_t i = 0; fits && i < types.size(); ++i)
    fits = isSubtype(types[i], expected[i]);
  if (!fits)
    return error("type mismatch: what a catch clause brings is not what label ")
           << clause.label << " expects";
  return success();
}

LogicalResult Validator::enterTryTable() {
  // The labels of the clauses count from outside the block.
  if (failed(checkBlockType(op.blockType)))
    return failure();
  for (const Catch &clause : op.catches)
    if (failed(checkCatch(clause)))
      return failure();
  return enterBlock();
}

LogicalResult Validator::stepElse() {
  if (frames.back().opcode != Opcode::If)
    return error("else found outside of an if");
  FailureOr<Frame> frame = popFrame();
  if (failed(frame))
    return failure();
  pushFrame(Opcode::Else, frame->type);
  return push(params(frame->type));
}

LogicalResult Validator::stepEnd() {
  FailureOr<Frame> frame = popFrame();
  if (failed(frame))
    return failure();
  llvm::ArrayRef<ValType> types = results(frame->type);
  if (frame->opcode == Opcode::If) {
    // The missing else hands on the parameters.
    llvm::ArrayRef<ValType> given = params(frame->type);
    bool fits = given.size() == types.size();
    for (size_t i = 0; fits && i < given.size(); ++i)
      fits = isSubtype(given[i], types[i]);
    if (!fits)
      return error("type mismatch: if without else must leave its parameters as results");
  }
  return frames.empty() ? success() : push(types);
}

//===----------------------------------------------------------------------===//
// Exceptions
//===----------------------------------------------------------------------===//

LogicalResult Validator::stepLegacyCatch() {
  Opcode opened = frames.back().opcode;
  if (opened != Opcode::Try && opened != Opcode::Catch)
    return error("catch found outside of a try");
  bool isAll = op.opcode == Opcode::CatchAll;
  if (!isAll && failed(checkIndex(op.index, module.tagTypes.size(), "tag")))
    return failure();
  FailureOr<Frame> frame = popFrame();
  if (failed(frame))
    return failure();
  pushFrame(op.opcode, frame->type);
  return isAll ? success() : push(module.types[module.tagTypes[op.index]].params);
}

LogicalResult Validator::stepDelegate() {
  if (frames.back().opcode != Opcode::Try)
    return error("delegate found outside of a try");
  FailureOr<Frame> frame = popFrame();
  if (failed(frame) || !findLabel(op.index))
    return failure();
  return push(results(frame->type));
}

LogicalResult Validator::stepRethrow() {
  Frame *target = findLabel(op.index);
  if (!target)
    return failure();
  if (target->opcode != Opcode::Catch && target->opcode != Opcode::CatchAll)
    return error("invalid rethrow label ") << op.index << ": it is not a catch";
  summary->throws = true;
  setUnreachable();
  return success();
}

LogicalResult Validator::stepThrow() {
  summary->throws = true;
  if (op.opcode == Opcode::ThrowRef) {
    if (failed(pop(ValType::exnref())))
      return failure();
  } else if (failed(checkIndex(op.index, module.tagTypes.size(), "tag")) ||
             failed(pop(module.types[module.tagTypes[op.index]].params))) {
    return failure();
  }
  setUnreachable();
  return success();
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

LogicalResult Validator::stepBranch() {
  if (op.opcode == Opcode::BrIf && failed(pop(ValType::I32)))
    return failure();
  Frame *target = findLabel(op.index);
  if (!target)
    return failure();
  if (op.opcode == Opcode::BrIf)
    return replace(labelTypes(*target));
  if (failed(pop(labelTypes(*target))))
    return failure();
  setUnreachable();
  return success();
}

LogicalResult Validator::stepBranchTable() {
  if (failed(pop(ValType::I32)))
    return failure();
  Frame *otherwise = findLabel(op.index);
  if (!otherwise || failed(checkTop(labelTypes(*otherwise))))
    return failure();
  size_t arity = labelTypes(*otherwise).size();
  // Tables have many labels and few targets: each target is checked once.
  ++numBranchTables;
  for (uint32_t label : op.labels) {
    Frame *target = findLabel(label);
    if (!target)
      return failure();
    if (target->checkedBy == numBranchTables)
      continue;
    target->checkedBy = numBranchTables;
    llvm::ArrayRef<ValType> types = labelTypes(*target);
    if (types.size() != arity)
      return error("type mismatch: label ")
             << label << " of br_table has " << types.size() << " operands, the default " << arity;
    if (failed(checkTop(types)))
      return failure();
  }
  setUnreachable();
  return success();
}

LogicalResult Validator::stepBranchOnNull() {
  FailureOr<ValType> type = popRef();
  if (failed(type))
    return failure();
  Frame *target = findLabel(op.index);
  if (!target)
    return failure();
  ValType nonNull = ValType::ref(type->getHeap(), /*nullable=*/false, type->getTypeIndex());
  llvm::ArrayRef<ValType> types = labelTypes(*target);
  if (op.opcode == Opcode::BrOnNull) {
    if (failed(replace(types)))
      return failure();
    return push(nonNull);
  }
  if (types.empty() || !isSubtype(nonNull, types.back()))
    return error("type mismatch: label ")
           << op.index << " does not expect " << toString(nonNull) << " last";
  return replace(types.drop_back());
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// What is called; pops the operand that says so.
FailureOr<const FuncType *> Validator::popCallee() {
  switch (op.opcode) {
  case Opcode::Call:
  case Opcode::ReturnCall:
    if (failed(checkIndex(op.index, module.funcTypes.size(), "function")))
      return failure();
    // Lists get long in generated code; keep the commonest repetition out.
    if (summary->directCallees.empty() || summary->directCallees.back() != op.index)
      summary->directCallees.push_back(op.index);
    return &module.typeOfFunc(op.index);
  case Opcode::CallIndirect:
  case Opcode::ReturnCallIndirect: {
    summary->callsIndirect = true;
    if (failed(checkIndex(op.index2, module.tableTypes.size(), "table")) ||
        failed(checkIndex(op.index, module.types.size(), "type")))
      return failure();
    const TableType &table = module.tableTypes[op.index2];
    if (!isSubtype(table.element, ValType::funcref()))
      return error("type mismatch: call_indirect through a table of ") << toString(table.element);
    if (failed(pop(addressOf(table.limits))))
      return failure();
    return &module.types[op.index];
  }
  default:
    summary->callsIndirect = true;
    if (failed(checkIndex(op.index, module.types.size(), "type")) ||
        failed(pop(ValType::ref(ValType::Concrete, /*nullable=*/true, op.index))))
      return failure();
    return &module.types[op.index];
  }
}

LogicalResult Validator::stepCall() {
  FailureOr<const FuncType *> callee = popCallee();
  if (failed(callee) || failed(pop((*callee)->params)))
    return failure();
  if (op.opcode == Opcode::Call || op.opcode == Opcode::CallIndirect ||
      op.opcode == Opcode::CallRef)
    return push((*callee)->results);
  summary->tailCalls = true;
  llvm::ArrayRef<ValType> given = (*callee)->results;
  bool fits = given.size() == functionResults.size();
  for (size_t i = 0; fits && i < given.size(); ++i)
    fits = isSubtype(given[i], functionResults[i]);
  if (!fits)
    return error("type mismatch: the results of a tail call are not those of the function");
  setUnreachable();
  return success();
}

LogicalResult Validator::stepControl() {
  switch (op.opcode) {
  case Opcode::Unreachable:
    setUnreachable();
    return success();
  case Opcode::Block:
  case Opcode::Loop:
  case Opcode::If:
  case Opcode::Try:
    return enterBlock();
  case Opcode::TryTable:
    return enterTryTable();
  case Opcode::Else:
    return stepElse();
  case Opcode::End:
    return stepEnd();
  case Opcode::Catch:
  case Opcode::CatchAll:
    return stepLegacyCatch();
  case Opcode::Delegate:
    return stepDelegate();
  case Opcode::Rethrow:
    return stepRethrow();
  case Opcode::Throw:
  case Opcode::ThrowRef:
    return stepThrow();
  case Opcode::Br:
  case Opcode::BrIf:
    return stepBranch();
  case Opcode::BrTable:
    return stepBranchTable();
  case Opcode::BrOnNull:
  case Opcode::BrOnNonNull:
    return stepBranchOnNull();
  case Opcode::Return:
    if (failed(pop(functionResults)))
      return failure();
    setUnreachable();
    return success();
  case Opcode::Call:
  case Opcode::CallIndirect:
  case Opcode::CallRef:
  case Opcode::ReturnCall:
  case Opcode::ReturnCallIndirect:
  case Opcode::ReturnCallRef:
    return stepCall();
  default:
    llvm_unreachable("an instruction without signature that nobody validates");
  }
}
