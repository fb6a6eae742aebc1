//===- Emitter.cpp - Structured building of LLVM dialect ------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Blocks are appended in the order in which control reaches them; the blocks that trap, one for
// each kind, stand behind them. Everything has a location in the function's own scope, since an
// adapter is inlined into functions that have debug information.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

Values Emitter::call(LLVM::LLVMFuncOp callee, ValueRange arguments) {
  LLVM::CallOp call = LLVM::CallOp::create(builder, loc, callee, arguments);
  return Values(call.getResults());
}

Value Emitter::runtime(StringRef name, ValueRange arguments) {
  Values results = call(functions.runtime(name), arguments);
  return results.empty() ? Value() : results.front();
}

Emitter::Emitter(Functions &functions, LLVM::LLVMFuncOp function)
    : functions(functions), function(function),
      loc(FileLineColLoc::get(function.getContext(), "adapter", 1, 1)),
      builder(function.getContext()) {
  builder.setInsertionPointToStart(function.addEntryBlock(builder));
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Value Emitter::constant(Type type, uint64_t value) {
  APInt bits(type.getIntOrFloatBitWidth(), value, /*isSigned=*/false, /*implicitTrunc=*/true);
  return LLVM::ConstantOp::create(builder, loc, type, IntegerAttr::get(type, bits));
}
Value Emitter::zero(Type type) { return LLVM::ZeroOp::create(builder, loc, type); }
Value Emitter::add(Value a, Value b) { return LLVM::AddOp::create(builder, loc, a, b); }
Value Emitter::sub(Value a, Value b) { return LLVM::SubOp::create(builder, loc, a, b); }
Value Emitter::mul(Value a, Value b) { return LLVM::MulOp::create(builder, loc, a, b); }
Value Emitter::bitAnd(Value a, Value b) { return LLVM::AndOp::create(builder, loc, a, b); }
Value Emitter::bitOr(Value a, Value b) { return LLVM::OrOp::create(builder, loc, a, b); }
Value Emitter::bitXor(Value a, Value b) { return LLVM::XOrOp::create(builder, loc, a, b); }
Value Emitter::shiftRight(Value a, unsigned bits) {
  return LLVM::LShrOp::create(builder, loc, a, constant(a.getType(), bits));
}
Value Emitter::compare(LLVM::ICmpPredicate predicate, Value a, Value b) {
  return LLVM::ICmpOp::create(builder, loc, predicate, a, b);
}
Value Emitter::above(Value a, uint64_t limit) {
  return compare(LLVM::ICmpPredicate::ugt, a, constant(a.getType(), limit));
}
Value Emitter::isNonZero(Value a) {
  return compare(LLVM::ICmpPredicate::ne, a, constant(a.getType(), 0));
}
Value Emitter::zext(Value a, unsigned bits) {
  return LLVM::ZExtOp::create(builder, loc, intType(bits), a);
}
Value Emitter::sext(Value a, unsigned bits) {
  return LLVM::SExtOp::create(builder, loc, intType(bits), a);
}
Value Emitter::trunc(Value a, unsigned bits) {
  return LLVM::TruncOp::create(builder, loc, intType(bits), a);
}
Value Emitter::toWidth(Value a, unsigned bits) {
  unsigned have = a.getType().getIntOrFloatBitWidth();
  return have == bits ? a : have < bits ? zext(a, bits) : trunc(a, bits);
}
Value Emitter::bitcast(Value a, Type type) {
  return LLVM::BitcastOp::create(builder, loc, type, a);
}
Value Emitter::ptrToInt(Value a) { return LLVM::PtrToIntOp::create(builder, loc, intType(64), a); }
Value Emitter::intToPtr(Value a) { return LLVM::IntToPtrOp::create(builder, loc, ptrType(), a); }

Value Emitter::pack(ValueRange values) {
  Types types(values.getTypes());
  Type type = LLVM::LLVMStructType::getLiteral(builder.getContext(), types);
  Value structure = LLVM::PoisonOp::create(builder, loc, type);
  for (auto [i, value] : llvm::enumerate(values))
    structure = LLVM::InsertValueOp::create(builder, loc, structure, value, int64_t(i));
  return structure;
}

Values Emitter::unpack(Value structure) {
  Values values;
  for (unsigned i = 0; i < cast<LLVM::LLVMStructType>(structure.getType()).getBody().size(); ++i)
    values.push_back(LLVM::ExtractValueOp::create(builder, loc, structure, int64_t(i)));
  return values;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value Emitter::offset(Value pointer, Value bytes) {
  LLVM::GEPArg index = bytes;
  return LLVM::GEPOp::create(builder, loc, ptrType(), intType(8), pointer, index);
}
Value Emitter::offset(Value pointer, uint64_t bytes) {
  return bytes == 0 ? pointer : offset(pointer, i64(bytes));
}
Value Emitter::load(Type type, Value pointer, unsigned alignment) {
  return LLVM::LoadOp::create(builder, loc, type, pointer, alignment);
}
void Emitter::store(Value value, Value pointer, unsigned alignment) {
  LLVM::StoreOp::create(builder, loc, value, pointer, alignment);
}
void Emitter::copy(Value to, Value from, Value bytes, bool mayOverlap) {
  if (mayOverlap)
    LLVM::MemmoveOp::create(builder, loc, to, from, bytes, /*isVolatile=*/false);
  else
    LLVM::MemcpyOp::create(builder, loc, to, from, bytes, /*isVolatile=*/false);
}

Value Emitter::atEntry(llvm::function_ref<Value()> build) {
  OpBuilder::InsertionGuard guard(builder);
  Block &entry = function.getBody().front();
  if (lastAtEntry)
    builder.setInsertionPointAfter(lastAtEntry);
  else
    builder.setInsertionPointToStart(&entry);
  Value value = build();
  lastAtEntry = &*std::prev(builder.getInsertionPoint());
  return value;
}

Value Emitter::stackSlot(uint64_t bytes, unsigned alignment) {
  return atEntry([&]() -> Value {
    Value count = i64(std::max<uint64_t>(bytes, 1));
    return LLVM::AllocaOp::create(builder, loc, ptrType(), intType(8), count, alignment);
  });
}

Value Emitter::zeroedSlot(Type type) {
  Value slot = stackSlot(8, 8);
  return atEntry([&] {
    store(zero(type), slot, 8);
    return slot;
  });
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

Block *Emitter::newBlock(TypeRange arguments) {
  Block *block = new Block();
  block->addArguments(arguments, SmallVector<Location>(arguments.size(), loc));
  function.getBody().push_back(block);
  return block;
}

void Emitter::trapIf(Value condition, Trap kind) {
  Block *&trap = trapBlocks[unsigned(kind)];
  if (!trap) {
    trap = newBlock();
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(trap);
    runtime("tenon_trap", i32(uint32_t(kind)));
    LLVM::UnreachableOp::create(builder, loc);
  }
  Block *next = newBlock();
  LLVM::CondBrOp::create(builder, loc, condition, trap, ValueRange(), next, ValueRange());
  builder.setInsertionPointToStart(next);
}

void Emitter::trap(Trap kind) { trapIf(constant(intType(1), 1), kind); }

void Emitter::ifThen(Value condition, llvm::function_ref<void()> then) {
  Block *body = newBlock();
  Block *next = newBlock();
  LLVM::CondBrOp::create(builder, loc, condition, body, ValueRange(), next, ValueRange());
  builder.setInsertionPointToStart(body);
  then();
  LLVM::BrOp::create(builder, loc, ValueRange(), next);
  builder.setInsertionPointToStart(next);
}

Values Emitter::ifElse(Value condition, TypeRange results, llvm::function_ref<Values()> then,
                       llvm::function_ref<Values()> otherwise) {
  Block *yes = newBlock(), *no = newBlock(), *join = newBlock(results);
  LLVM::CondBrOp::create(builder, loc, condition, yes, ValueRange(), no, ValueRange());
  builder.setInsertionPointToStart(yes);
  LLVM::BrOp::create(builder, loc, then(), join);
  builder.setInsertionPointToStart(no);
  LLVM::BrOp::create(builder, loc, otherwise(), join);
  builder.setInsertionPointToStart(join);
  return Values(join->getArguments());
}

void Emitter::loop(Value count, llvm::function_ref<void(Value)> body) {
  Block *head = newBlock(intType(64));
  Block *inside = newBlock();
  Block *next = newBlock();
  LLVM::BrOp::create(builder, loc, ValueRange(i64(0)), head);
  builder.setInsertionPointToStart(head);
  Value index = head->getArgument(0);
  Value more = compare(LLVM::ICmpPredicate::ult, index, count);
  LLVM::CondBrOp::create(builder, loc, more, inside, ValueRange(), next, ValueRange());
  builder.setInsertionPointToStart(inside);
  body(index);
  Value following = add(index, i64(1));
  LLVM::BrOp::create(builder, loc, ValueRange(following), head);
  builder.setInsertionPointToStart(next);
}

Value Emitter::whileLoop(Value start, llvm::function_ref<Value(Value)> goesOn,
                         llvm::function_ref<Value(Value)> next) {
  Block *head = newBlock(start.getType());
  Block *inside = newBlock();
  Block *behind = newBlock();
  LLVM::BrOp::create(builder, loc, ValueRange(start), head);
  builder.setInsertionPointToStart(head);
  Value value = head->getArgument(0);
  Value more = goesOn(value);
  LLVM::CondBrOp::create(builder, loc, more, inside, ValueRange(), behind, ValueRange());
  builder.setInsertionPointToStart(inside);
  Value following = next(value);
  LLVM::BrOp::create(builder, loc, ValueRange(following), head);
  builder.setInsertionPointToStart(behind);
  return value;
}

Values Emitter::switchOn(Value selector, unsigned count, TypeRange results,
                         llvm::function_ref<bool(unsigned)> isEmpty,
                         llvm::function_ref<Values(unsigned)> branch) {
  Block *join = newBlock(results);
  Block *empty = nullptr;
  Block *head = builder.getBlock();
  SmallVector<int32_t> caseValues;
  SmallVector<Block *> caseBlocks;
  auto build = [&](unsigned i) {
    Block *block = newBlock();
    builder.setInsertionPointToStart(block);
    Values values = branch(i);
    LLVM::BrOp::create(builder, loc, values, join);
    return block;
  };
  for (unsigned i = 0; i < count; ++i) {
    if (isEmpty(i)) {
      if (!empty)
        empty = build(i);
      continue;
    }
    caseValues.push_back(int32_t(i));
    caseBlocks.push_back(build(i));
  }
  builder.setInsertionPointToEnd(head);
  // Whatever is not listed has no payload; when everything is listed, the last case is the rest.
  Block *rest = empty;
  if (!rest) {
    rest = caseBlocks.pop_back_val();
    caseValues.pop_back();
  }
  SmallVector<ValueRange> noOperands(caseBlocks.size());
  if (caseBlocks.empty())
    LLVM::BrOp::create(builder, loc, ValueRange(), rest);
  else
    LLVM::SwitchOp::create(builder, loc, selector, rest, ValueRange(), caseValues,
                           BlockRange(caseBlocks), noOperands);
  builder.setInsertionPointToStart(join);
  return Values(join->getArguments());
}

void Emitter::ret(ValueRange values) { LLVM::ReturnOp::create(builder, loc, values); }
