//===- Functions.cpp - What adapters call, and their own names ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Adapter.h"
#include "llvm/BinaryFormat/Dwarf.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

Functions::Functions(ModuleOp module) : module(module), builder(module.getContext()) {
  builder.setInsertionPointToEnd(module.getBody());
  for (LLVM::LLVMFuncOp function : module.getOps<LLVM::LLVMFuncOp>())
    byName[function.getSymName()] = function;
  MLIRContext *context = module.getContext();
  LLVM::DIFileAttr file = LLVM::DIFileAttr::get(context, "adapter", "");
  compileUnit = LLVM::DICompileUnitAttr::get(
      DistinctAttr::create(UnitAttr::get(context)), llvm::dwarf::DW_LANG_C99, file,
      StringAttr::get(context, "tenon"), /*isOptimized=*/true,
      LLVM::DIEmissionKind::LineTablesOnly);
}

LLVM::LLVMFuncOp Functions::declare(StringRef name, LLVM::LLVMFunctionType type) {
  LLVM::LLVMFuncOp &function = byName[name];
  if (!function)
    function = LLVM::LLVMFuncOp::create(builder, module.getLoc(), name, type);
  return function.getFunctionType() == type ? function : LLVM::LLVMFuncOp();
}

/// The signature of a function of functions.def, and whether it never returns.
static LLVM::LLVMFunctionType runtimeType(StringRef wanted, MLIRContext *context, bool &noReturn) {
  Type VOID = LLVM::LLVMVoidType::get(context);
  Type I32 = IntegerType::get(context, 32), I64 = IntegerType::get(context, 64);
  Type PTR = LLVM::LLVMPointerType::get(context);
  enum Attributes { NONE, COLD_NORETURN, THROWS };
#define LIST(...) {__VA_ARGS__}
#define RT(name, result, parameters, attributes)                                                   \
  if (wanted == #name) {                                                                           \
    noReturn = attributes != NONE;                                                                 \
    return LLVM::LLVMFunctionType::get(result, SmallVector<Type> LIST parameters);                 \
  }
#include "tenon-abi/functions.def"
#undef RT
#undef LIST
  (void)VOID, (void)I32, (void)I64, (void)PTR;
  return {};
}

LLVM::LLVMFuncOp Functions::runtime(StringRef name) {
  if (LLVM::LLVMFuncOp function = byName.lookup(name))
    return function;
  bool noReturn = false;
  LLVM::LLVMFunctionType type = runtimeType(name, module.getContext(), noReturn);
  assert(type && "not in tenon-abi/functions.def");
  LLVM::LLVMFuncOp function = declare(name, type);
  if (noReturn)
    function.setPassthroughAttr(builder.getStrArrayAttr({"cold", "noreturn"}));
  return function;
}

LLVM::LLVMFuncOp Functions::define(StringRef name, LLVM::LLVMFunctionType type) {
  std::string unique = name.str();
  for (unsigned number = 2; byName.contains(unique); ++number)
    unique = (name + " (" + Twine(number) + ")").str();

  MLIRContext *context = module.getContext();
  LLVM::DISubprogramAttr scope = LLVM::DISubprogramAttr::get(
      context, DistinctAttr::create(UnitAttr::get(context)), compileUnit, compileUnit.getFile(),
      StringAttr::get(context, unique), StringAttr::get(context, unique), compileUnit.getFile(),
      /*line=*/1, /*scopeLine=*/1,
      LLVM::DISubprogramFlags::Definition | LLVM::DISubprogramFlags::Optimized,
      LLVM::DISubroutineTypeAttr::get(context, {}), /*retainedNodes=*/{}, /*annotations=*/{});
  Location place = FileLineColLoc::get(context, "adapter", 1, 1);
  Location loc = FusedLoc::get({place}, scope, context);
  LLVM::LLVMFuncOp function = LLVM::LLVMFuncOp::create(builder, loc, unique, type);
  byName[unique] = function;
  return function;
}

void lowering::markAsAdapter(LLVM::LLVMFuncOp function) {
  Builder builder(function.getContext());
  function.setPassthroughAttr(
      builder.getArrayAttr({builder.getStringAttr("inlinehint"),
                            builder.getStrArrayAttr({"disable-tail-calls", "true"})}));
  function.setVisibility_(LLVM::Visibility::Hidden);
}
