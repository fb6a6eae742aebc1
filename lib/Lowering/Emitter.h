//===- Emitter.h - Structured building of LLVM dialect ----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Adapters are straight lines with checks, a branch for each case of a variant, a loop for each
// list. This builder has just that: bodies are callables, blocks are its own business.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_LOWERING_EMITTER_H
#define TENON_LIB_LOWERING_EMITTER_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace tenon::lowering {

/// The kinds of tenon-abi/traps.def.
enum class Trap : uint32_t {
#define TRAP(name, code, text) name = code,
#include "tenon-abi/traps.def"
#undef TRAP
};

using Values = llvm::SmallVector<mlir::Value>;
using Types = llvm::SmallVector<mlir::Type>;

/// The module's functions by name: finds or declares what adapters call, makes names unique.
class Functions {
public:
  explicit Functions(mlir::ModuleOp module);

  /// The declaration of `name`; null if it exists with another type.
  mlir::LLVM::LLVMFuncOp declare(llvm::StringRef name, mlir::LLVM::LLVMFunctionType type);
  /// A function of tenon-abi/functions.def.
  mlir::LLVM::LLVMFuncOp runtime(llvm::StringRef name);
  /// A new function with a body to come. `name` gets a suffix if it is taken.
  mlir::LLVM::LLVMFuncOp define(llvm::StringRef name, mlir::LLVM::LLVMFunctionType type);
  mlir::LLVM::LLVMFuncOp lookup(llvm::StringRef name) const { return byName.lookup(name); }

private:
  mlir::ModuleOp module;
  mlir::OpBuilder builder;
  llvm::StringMap<mlir::LLVM::LLVMFuncOp> byName;
  mlir::LLVM::DICompileUnitAttr compileUnit;
};

/// Builds the body of one function.
class Emitter {
public:
  Emitter(Functions &functions, mlir::LLVM::LLVMFuncOp function);

  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::Location getLoc() const { return loc; }
  mlir::LLVM::LLVMFuncOp getFunction() const { return function; }
  mlir::Block::BlockArgListType arguments() { return function.getBody().getArguments(); }

  // Types.
  mlir::Type intType(unsigned bits) { return builder.getIntegerType(bits); }
  mlir::Type ptrType() { return mlir::LLVM::LLVMPointerType::get(builder.getContext()); }

  // Values.
  mlir::Value constant(mlir::Type type, uint64_t value);
  mlir::Value i32(uint32_t value) { return constant(intType(32), value); }
  mlir::Value i64(uint64_t value) { return constant(intType(64), value); }
  /// 0, 0.0 or null.
  mlir::Value zero(mlir::Type type);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value bitAnd(mlir::Value a, mlir::Value b);
  mlir::Value bitOr(mlir::Value a, mlir::Value b);
  mlir::Value bitXor(mlir::Value a, mlir::Value b);
  mlir::Value shiftRight(mlir::Value a, unsigned bits);
  mlir::Value compare(mlir::LLVM::ICmpPredicate predicate, mlir::Value a, mlir::Value b);
  /// Unsigned `a > constant`.
  mlir::Value above(mlir::Value a, uint64_t limit);
  mlir::Value isNonZero(mlir::Value a);
  mlir::Value zext(mlir::Value a, unsigned bits);
  mlir::Value sext(mlir::Value a, unsigned bits);
  mlir::Value trunc(mlir::Value a, unsigned bits);
  /// Zero-extends or truncates to `bits`.
  mlir::Value toWidth(mlir::Value a, unsigned bits);
  mlir::Value bitcast(mlir::Value a, mlir::Type type);
  mlir::Value ptrToInt(mlir::Value a);
  mlir::Value intToPtr(mlir::Value a);
  /// A struct of these values, and the parts of one.
  mlir::Value pack(mlir::ValueRange values);
  Values unpack(mlir::Value structure);

  // Memory.
  mlir::Value offset(mlir::Value pointer, mlir::Value bytes);
  mlir::Value offset(mlir::Value pointer, uint64_t bytes);
  mlir::Value load(mlir::Type type, mlir::Value pointer, unsigned alignment);
  void store(mlir::Value value, mlir::Value pointer, unsigned alignment);
  void copy(mlir::Value to, mlir::Value from, mlir::Value bytes, bool mayOverlap);
  /// Memory that lives until the function returns.
  mlir::Value stackSlot(uint64_t bytes, unsigned alignment);
  /// A stack slot that holds zero from the function's entry on.
  mlir::Value zeroedSlot(mlir::Type type);
  /// Builds something at the function's entry, after what was built there before.
  mlir::Value atEntry(llvm::function_ref<mlir::Value()> build);

  // Control.
  void trapIf(mlir::Value condition, Trap kind);
  /// Ends the program here; what is built behind it is never reached.
  void trap(Trap kind);
  void ifThen(mlir::Value condition, llvm::function_ref<void()> then);
  /// `then()` or `otherwise()`, whose values have the types `results`.
  Values ifElse(mlir::Value condition, mlir::TypeRange results, llvm::function_ref<Values()> then,
                llvm::function_ref<Values()> otherwise);
  /// Calls `body` once, for an index that runs from 0 to `count` - 1 (64 bits).
  void loop(mlir::Value count, llvm::function_ref<void(mlir::Value index)> body);
  /// The first of `start`, `next(start)`, ... for which `goesOn` (an i1) does not hold.
  mlir::Value whileLoop(mlir::Value start, llvm::function_ref<mlir::Value(mlir::Value)> goesOn,
                        llvm::function_ref<mlir::Value(mlir::Value)> next);
  /// One branch for each value of `selector` below `count` (checked before); each gives `results`.
  Values switchOn(mlir::Value selector, unsigned count, mlir::TypeRange results,
                  llvm::function_ref<bool(unsigned)> isEmpty,
                  llvm::function_ref<Values(unsigned)> branch);
  void ret(mlir::ValueRange values);

  // Calls.
  Values call(mlir::LLVM::LLVMFuncOp callee, mlir::ValueRange arguments);
  /// A function of tenon-abi/functions.def; its result, or null.
  mlir::Value runtime(llvm::StringRef name, mlir::ValueRange arguments);

private:
  mlir::Block *newBlock(mlir::TypeRange arguments = {});

  Functions &functions;
  mlir::LLVM::LLVMFuncOp function;
  mlir::Location loc;
  mlir::OpBuilder builder;
  mlir::Operation *lastAtEntry = nullptr;
  llvm::DenseMap<unsigned, mlir::Block *> trapBlocks;
};

} // namespace tenon::lowering

#endif // TENON_LIB_LOWERING_EMITTER_H
