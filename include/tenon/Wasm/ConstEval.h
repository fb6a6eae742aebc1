//===- ConstEval.h - The value of a constant expression ---------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Initialisers of globals, offsets of segments, elements: most are known at compile time, some
// depend on an imported global whose value only the program knows.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_WASM_CONSTEVAL_H
#define TENON_WASM_CONSTEVAL_H

#include "tenon/Wasm/Module.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <array>

namespace tenon::wasm {

/// What a constant expression evaluates to.
struct ConstValue {
  enum Kind : uint8_t {
    Number, ///< of `type`: `bits` (i32 zero-extended, floats as their bits) or `vector` (v128)
    Null,   ///< a null reference of `type`
    Func,   ///< a reference to function `index`
    /// Global `index`, whose value is not known here, plus `bits` (wrapping; zero for types other
    /// than i32 and i64).
    Global,
    /// Depends on globals in another way (a product of them, say): walk the operators.
    Dynamic,
  };
  Kind kind = Number;
  ValType type;
  uint64_t bits = 0;
  uint32_t index = 0;
  std::array<uint8_t, 16> vector = {};

  static ConstValue i32(uint32_t value) { return {Number, ValType::I32, value, 0, {}}; }
  static ConstValue i64(uint64_t value) { return {Number, ValType::I64, value, 0, {}}; }
  static ConstValue func(uint32_t index, ValType type) { return {Func, type, 0, index, {}}; }
  static ConstValue null(ValType type) { return {Null, type, 0, 0, {}}; }
  bool isNumber() const { return kind == Number; }
};

/// Says what is known of a global's value (of this module, by index); nothing when nothing is. It
/// may answer with a `Global` value, too.
using GlobalValues = llvm::function_ref<std::optional<ConstValue>(uint32_t)>;

/// Evaluates an expression of a validated module (core specification, "Constant Expressions", with
/// extended arithmetic).
ConstValue evaluate(const Module &module, const ConstExpr &expr, GlobalValues globals);

/// What is known of every global of a module, by index: of imported ones what `imported` says, of
/// immutable defined ones what their initialisers say. Of mutable ones it is the first value.
/// Linear, whatever refers to whatever.
std::vector<ConstValue> evaluateGlobals(const Module &module, GlobalValues imported);

} // namespace tenon::wasm

#endif // TENON_WASM_CONSTEVAL_H
