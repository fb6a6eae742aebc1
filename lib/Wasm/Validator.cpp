//===- Validator.cpp - Operand types, locals, simple instructions ---------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Validator.h. core specification, "Appendix / Validation Algorithm".
//
//===----------------------------------------------------------------------===//

#include "Validator.h"
#include "tenon/Wasm/Reader.h"
#include "tenon/Wasm/Subtyping.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::wasm;

/// No real body comes near it; without a limit a call of a function with 1000 results takes two
/// bytes to make us keep 1000 operands.
static constexpr size_t maxOperands = 1000000;

bool wasm::namesKnownType(const Module &module, ValType type) {
  return !type.isRef() || type.getHeap() != ValType::Concrete ||
         type.getTypeIndex() < module.types.size();
}

LogicalResult Validator::checkType(ValType type) const {
  if (namesKnownType(module, type))
    return success();
  return error("unknown type ") << type.getTypeIndex();
}

bool Validator::isSubtype(ValType sub, ValType super) const {
  return sub == super || matches(module, sub, super);
}

//===----------------------------------------------------------------------===//
// The operand stack
//===----------------------------------------------------------------------===//

PendingDiagnostic Validator::mismatch(const llvm::Twine &expected) const {
  PendingDiagnostic diagnostic = error("type mismatch: ");
  diagnostic << nameOf(op.opcode) << " expects " << expected.str() << ", found ";
  if (stack.size() > frames.back().height)
    diagnostic << toString(stack.back());
  else
    diagnostic << "nothing";
  return diagnostic;
}

LogicalResult Validator::push(ValType type) {
  stack.push_back(type);
  return success();
}

LogicalResult Validator::push(llvm::ArrayRef<ValType> types) {
  if (stack.size() + types.size() > maxOperands)
    return error("more than ") << maxOperands << " operands are not supported";
  stack.insert(stack.end(), types.begin(), types.end());
  return success();
}

FailureOr<ValType> Validator::popAny() {
  if (stack.size() > frames.back().height) {
    ValType type = stack.back();
    stack.pop_back();
    return type;
  }
  if (frames.back().isUnreachable)
    return ValType(ValType::Bottom);
  return mismatch("a value");
}

FailureOr<ValType> Validator::popRef() {
  if (stack.size() > frames.back().height && !stack.back().isRef() &&
      stack.back().getKind() != ValType::Bottom)
    return mismatch("a reference");
  FailureOr<ValType> type = popAny();
  if (failed(type) || type->isRef())
    return type;
  return ValType::ref(ValType::NoHeap, /*nullable=*/false);
}

LogicalResult Validator::popSlow(ValType expected) {
  if (stack.size() <= frames.back().height) {
    if (frames.back().isUnreachable)
      return success();
    return mismatch(toString(expected));
  }
  if (!isSubtype(stack.back(), expected))
    return mismatch(toString(expected));
  stack.pop_back();
  return success();
}

LogicalResult Validator::pop(llvm::ArrayRef<ValType> types) {
  for (ValType type : llvm::reverse(types))
    if (failed(pop(type)))
      return failure();
  return success();
}

LogicalResult Validator::checkTop(llvm::ArrayRef<ValType> types) {
  const Frame &frame = frames.back();
  size_t available = stack.size() - frame.height;
  if (available < types.size() && !frame.isUnreachable)
    return error("type mismatch: ")
           << nameOf(op.opcode) << " expects " << types.size() << " values, found " << available;
  for (size_t i = 1; i <= std::min(available, types.size()); ++i) {
    ValType found = stack[stack.size() - i], expected = types[types.size() - i];
    if (!isSubtype(found, expected))
      return error("type mismatch: ") << nameOf(op.opcode) << " expects " << toString(expected)
                                      << ", found " << toString(found);
  }
  return success();
}

LogicalResult Validator::replace(llvm::ArrayRef<ValType> types) {
  if (failed(pop(types)))
    return failure();
  return push(types);
}

void Validator::setUnreachable() {
  stack.resize(frames.back().height);
  frames.back().isUnreachable = true;
}

//===----------------------------------------------------------------------===//
// Locals, globals, references
//===----------------------------------------------------------------------===//

LogicalResult Validator::declareLocals(const Function &function) {
  const FuncType &type = module.types[function.typeIndex];
  locals.assign(type.params.begin(), type.params.end());
  isUnset.assign(locals.size(), false);
  LocalDecls decls;
  op.offset = 0;
  if (failed(reader->readLocals(decls)))
    return failure();
  for (auto [count, localType] : decls.runs) {
    if (failed(checkType(localType)))
      return failure();
    locals.insert(locals.end(), count, localType);
    isUnset.insert(isUnset.end(), count, localType.isRef() && !localType.isNullable());
  }
  return success();
}

LogicalResult Validator::stepLocal() {
  if (failed(checkIndex(op.index, locals.size(), "local")))
    return failure();
  ValType type = locals[op.index];
  if (op.opcode == Opcode::LocalGet) {
    if (isUnset[op.index])
      return error("uninitialized local ") << op.index;
    return push(type);
  }
  if (failed(pop(type)))
    return failure();
  if (isUnset[op.index]) {
    isUnset[op.index] = false;
    initialized.push_back(op.index);
  }
  return op.opcode == Opcode::LocalTee ? push(type) : success();
}

LogicalResult Validator::stepGlobal() {
  if (failed(checkIndex(op.index, module.globalTypes.size(), "global")))
    return failure();
  const GlobalType &global = module.globalTypes[op.index];
  if (op.opcode == Opcode::GlobalGet)
    return push(global.type);
  if (!global.isMutable)
    return error("immutable global: global ") << op.index << " can't be written";
  summary->globalsWritten.push_back(op.index);
  return pop(global.type);
}

LogicalResult Validator::stepSelect() {
  if (op.opcode == Opcode::SelectTyped && failed(checkType(op.type)))
    return failure();
  if (failed(pop(ValType::I32)))
    return failure();
  if (op.opcode == Opcode::SelectTyped) {
    if (failed(pop(op.type)) || failed(pop(op.type)))
      return failure();
    return push(op.type);
  }
  FailureOr<ValType> second = popAny();
  if (failed(second))
    return failure();
  FailureOr<ValType> first = popAny();
  if (failed(first))
    return failure();
  if (first->isRef() || second->isRef())
    return error("type mismatch: select without a type expects numbers or vectors");
  bool isKnown = first->getKind() != ValType::Bottom && second->getKind() != ValType::Bottom;
  if (isKnown && *first != *second)
    return error("type mismatch: select between ")
           << toString(*first) << " and " << toString(*second);
  return push(first->getKind() == ValType::Bottom ? *second : *first);
}

LogicalResult Validator::stepReference() {
  switch (op.opcode) {
  case Opcode::RefNull:
    if (failed(checkType(op.type)))
      return failure();
    return push(op.type);
  case Opcode::RefFunc:
    if (failed(checkIndex(op.index, module.funcTypes.size(), "function")))
      return failure();
    if (!module.summary.funcEscapes[op.index])
      return error("undeclared function reference: function ")
             << op.index << " occurs in no export, segment or initialiser";
    summary->funcRefs.push_back(op.index);
    return push(ValType::ref(ValType::Concrete, /*nullable=*/false, module.funcTypes[op.index]));
  case Opcode::RefIsNull:
    if (failed(popRef()))
      return failure();
    return push(ValType::I32);
  default: {
    assert(op.opcode == Opcode::RefAsNonNull && "the other reference instructions are above");
    FailureOr<ValType> type = popRef();
    if (failed(type))
      return failure();
    return push(ValType::ref(type->getHeap(), /*nullable=*/false, type->getTypeIndex()));
  }
  }
}

//===----------------------------------------------------------------------===//
// Instructions
//===----------------------------------------------------------------------===//

static ValType typeOfLetter(char letter, ValType address) {
  switch (letter) {
  case 'i':
    return ValType::I32;
  case 'l':
    return ValType::I64;
  case 'f':
    return ValType::F32;
  case 'd':
    return ValType::F64;
  case 'v':
    return ValType::V128;
  case 'a':
    return address;
  }
  llvm_unreachable("a letter that Opcodes.def does not explain");
}

LogicalResult Validator::applySignature(const char *signature, ValType address) {
  const char *colon = signature;
  while (*colon != ':')
    ++colon;
  for (const char *at = colon; at != signature;)
    if (failed(pop(typeOfLetter(*--at, address))))
      return failure();
  for (const char *at = colon + 1; *at; ++at)
    stack.push_back(typeOfLetter(*at, address));
  return success();
}

LogicalResult Validator::stepSimple(const OpcodeInfo &info) {
  ValType address = ValType::I32;
  if (info.immediates != Immediates::None) {
    FailureOr<ValType> checked = checkSimple(info);
    if (failed(checked))
      return failure();
    address = *checked;
  }
  return applySignature(info.signature, address);
}

LogicalResult Validator::stepSpecial() {
  switch (op.opcode) {
  case Opcode::LocalGet:
  case Opcode::LocalSet:
  case Opcode::LocalTee:
    return stepLocal();
  case Opcode::GlobalGet:
  case Opcode::GlobalSet:
    return stepGlobal();
  case Opcode::Drop: {
    FailureOr<ValType> dropped = popAny();
    return dropped;
  }
  case Opcode::Select:
  case Opcode::SelectTyped:
    return stepSelect();
  case Opcode::RefNull:
  case Opcode::RefFunc:
  case Opcode::RefIsNull:
  case Opcode::RefAsNonNull:
    return stepReference();
  case Opcode::MemoryCopy:
    return stepMemoryCopy();
  case Opcode::TableGet:
  case Opcode::TableSet:
  case Opcode::TableInit:
  case Opcode::TableCopy:
  case Opcode::TableGrow:
  case Opcode::TableSize:
  case Opcode::TableFill:
    return stepTable();
  default:
    return stepControl();
  }
}

LogicalResult Validator::step() {
  ++summary->numOperators;
  const OpcodeInfo &info = infoOf(op.opcode);
  return *info.signature ? stepSimple(info) : stepSpecial();
}

void Validator::resetState() {
  stack.clear();
  frames.clear();
  locals.clear();
  isUnset.clear();
  initialized.clear();
  numBranchTables = 0;
}

LogicalResult Validator::run(BlockType type) {
  pushFrame(Opcode::Block, type);
  while (!frames.empty())
    if (failed(reader->next(op)) || failed(step()))
      return failure();
  if (!reader->atEnd())
    return diags.error(reader->locationOf(reader->getOffset()),
                       "section size mismatch: operators after the function's end");
  return success();
}

/// Sorts a list of indices and keeps each once.
template <typename List> static void makeSet(List &list) {
  llvm::sort(list);
  list.erase(llvm::unique(list), list.end());
}

LogicalResult Validator::validateFunction(Function &function) {
  OperatorReader bodyReader(function, diags);
  reader = &bodyReader;
  function.summary = FuncSummary();
  summary = &function.summary;
  resetState();
  if (failed(declareLocals(function)))
    return failure();
  functionResults = module.types[function.typeIndex].results;
  BlockType type;
  type.kind = BlockType::TypeIndex;
  type.typeIndex = function.typeIndex;
  if (failed(run(type)))
    return failure();
  makeSet(summary->directCallees);
  makeSet(summary->globalsWritten);
  makeSet(summary->tablesWritten);
  makeSet(summary->memoriesWritten);
  makeSet(summary->memoriesGrown);
  makeSet(summary->funcRefs);
  return success();
}

LogicalResult wasm::validateBody(const Module &module, Function &function, Diagnostics &diags) {
  return Validator(module, diags).validateFunction(function);
}

//===----------------------------------------------------------------------===//
// Constant expressions
//===----------------------------------------------------------------------===//

/// core specification, "Validation / Instructions / Constant Expressions".
LogicalResult Validator::checkConstant(uint32_t numGlobals) {
  switch (op.opcode) {
  case Opcode::I32Const:
  case Opcode::I64Const:
  case Opcode::F32Const:
  case Opcode::F64Const:
  case Opcode::V128Const:
  case Opcode::RefNull:
  case Opcode::RefFunc:
  case Opcode::I32Add:
  case Opcode::I32Sub:
  case Opcode::I32Mul:
  case Opcode::I64Add:
  case Opcode::I64Sub:
  case Opcode::I64Mul:
  case Opcode::End:
    return success();
  case Opcode::GlobalGet:
    if (failed(checkIndex(op.index, numGlobals, "global")))
      return failure();
    if (!module.globalTypes[op.index].isMutable)
      return success();
    return error("constant expression required: global ") << op.index << " is mutable";
  default:
    return error("constant expression required, found ") << nameOf(op.opcode);
  }
}

LogicalResult Validator::validateConstant(const ConstExpr &expr, ValType expected,
                                          uint32_t numGlobals,
                                          llvm::SmallVectorImpl<uint32_t> &funcRefs) {
  OperatorReader exprReader(expr, diags);
  reader = &exprReader;
  FuncSummary unused;
  summary = &unused;
  resetState();
  BlockType type;
  type.kind = BlockType::Value;
  type.type = expected;
  pushFrame(Opcode::Block, type);
  while (!frames.empty()) {
    if (failed(reader->next(op)) || failed(checkConstant(numGlobals)))
      return failure();
    // A reference here is the declaration that others need.
    if (op.opcode == Opcode::RefFunc) {
      if (failed(checkIndex(op.index, module.funcTypes.size(), "function")))
        return failure();
      funcRefs.push_back(op.index);
      stack.push_back(
          ValType::ref(ValType::Concrete, /*nullable=*/false, module.funcTypes[op.index]));
    } else if (failed(step())) {
      return failure();
    }
  }
  return success();
}
