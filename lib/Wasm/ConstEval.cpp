//===- ConstEval.cpp - The value of a constant expression -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Validation / Instructions / Constant Expressions". Validated expressions
// have few kinds of operators; a global of unknown value is kept as `global + constant`, which is
// what position independent code adds up.
//
//===----------------------------------------------------------------------===//

#include "tenon/Wasm/ConstEval.h"
#include "tenon/Wasm/Operators.h"

using namespace tenon;
using namespace tenon::wasm;

/// The value of a global that nothing is known of.
static ConstValue unknownGlobal(const Module &module, uint32_t index) {
  ConstValue value;
  value.kind = ConstValue::Global;
  value.type = module.globalTypes[index].type;
  value.index = index;
  return value;
}

/// i32 or i64 arithmetic, as far as it stays a number or `global + constant`.
static ConstValue combine(Opcode opcode, ConstValue left, ConstValue right) {
  ConstValue dynamic;
  dynamic.kind = ConstValue::Dynamic;
  dynamic.type = left.type;
  if (left.kind == ConstValue::Dynamic || right.kind == ConstValue::Dynamic)
    return dynamic;
  ConstValue result = left.isNumber() ? right : left; // the global, if there is one
  switch (opcode) {
  case Opcode::I32Add:
  case Opcode::I64Add:
    if (!left.isNumber() && !right.isNumber())
      return dynamic;
    result.bits = left.bits + right.bits;
    break;
  case Opcode::I32Sub:
  case Opcode::I64Sub:
    if (!right.isNumber())
      return dynamic;
    result.bits = left.bits - right.bits;
    break;
  default: // multiplications
    if (!left.isNumber() || !right.isNumber())
      return dynamic;
    result.bits = left.bits * right.bits;
    break;
  }
  if (result.type == ValType::I32)
    result.bits = uint32_t(result.bits);
  return result;
}

static ConstValue number(ValType type, uint64_t bits) {
  ConstValue value;
  value.type = type;
  value.bits = bits;
  return value;
}

/// The value of an operator that takes none.
static ConstValue leaf(const Module &module, const Operator &op, GlobalValues globals) {
  switch (op.opcode) {
  case Opcode::I32Const:
    return ConstValue::i32(uint32_t(op.bits));
  case Opcode::I64Const:
    return ConstValue::i64(op.bits);
  case Opcode::F32Const:
    return number(ValType::F32, op.bits);
  case Opcode::F64Const:
    return number(ValType::F64, op.bits);
  case Opcode::V128Const: {
    ConstValue value = number(ValType::V128, 0);
    value.vector = op.bytes;
    return value;
  }
  case Opcode::RefNull:
    return ConstValue::null(op.type);
  case Opcode::RefFunc:
    return ConstValue::func(
        op.index, ValType::ref(ValType::Concrete, /*nullable=*/false, module.funcTypes[op.index]));
  default:
    assert(op.opcode == Opcode::GlobalGet && "validated expressions are constant");
    return globals(op.index).value_or(unknownGlobal(module, op.index));
  }
}

ConstValue wasm::evaluate(const Module &module, const ConstExpr &expr, GlobalValues globals) {
  Diagnostics silent([](const Diagnostic &) {});
  OperatorReader reader(expr, silent);
  Operator op;
  llvm::SmallVector<ConstValue, 4> stack;
  while (true) {
    LogicalResult read = reader.next(op);
    assert(succeeded(read) && "the expression was validated");
    (void)read;
    switch (op.opcode) {
    case Opcode::End:
      return stack.back();
    case Opcode::I32Add:
    case Opcode::I32Sub:
    case Opcode::I32Mul:
    case Opcode::I64Add:
    case Opcode::I64Sub:
    case Opcode::I64Mul: {
      ConstValue right = stack.pop_back_val();
      stack.back() = combine(op.opcode, stack.back(), right);
      break;
    }
    default:
      stack.push_back(leaf(module, op, globals));
      break;
    }
  }
}

std::vector<ConstValue> wasm::evaluateGlobals(const Module &module, GlobalValues imported) {
  std::vector<ConstValue> values;
  values.reserve(module.globalTypes.size());
  for (uint32_t i = 0; i < module.numImportedGlobals; ++i)
    values.push_back(imported(i).value_or(unknownGlobal(module, i)));
  for (const Global &global : module.globals)
    values.push_back(evaluate(module, global.init, [&](uint32_t index) {
      return std::optional<ConstValue>(values[index]);
    }));
  return values;
}
