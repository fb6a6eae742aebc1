//===- Script.h - .wast scripts ---------------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test scripts of the core specification (interpreter/README.md, "Scripts") and of the Component
// Model: modules, components, and what is to be observed of them. A module is encoded while its
// script is parsed; when that fails, its diagnostics are kept and the script goes on, for a script
// may expect it.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEXT_SCRIPT_H
#define TENON_TEXT_SCRIPT_H

#include "tenon/Support/Diagnostics.h"
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tenon::text {

/// A module or component in a script.
struct ScriptModule {
  enum Form : uint8_t { Text, Binary, Quote };
  Form form = Text;
  bool isComponent = false;
  std::string id; ///< without `$`; may be empty
  /// Empty when `errors` is not.
  std::vector<uint8_t> bytes;
  /// Of the first byte, in the binary space of the script's file: all modules of a script follow
  /// each other there, so diagnostics about any of them print lines of the script.
  Location binaryStart;
  /// Why it could not be encoded.
  std::vector<Diagnostic> errors;
  Location location;

  bool isEncoded() const { return errors.empty(); }
};

/// What a floating-point number of a result may be.
enum class NanPattern : uint8_t { None, Canonical, Arithmetic };

/// An argument or an expected result, of a core function or of a component function (`f32.const`
/// and `f64.const` are both).
struct ScriptValue {
  enum Kind : uint8_t {
    // Core. References are patterns where `bits` is not given.
    I32,       ///< bits
    I64,       ///< bits
    V128,      ///< bytes; lanes, laneNans
    RefNull,   ///< text: the heap type, as it is written; may be empty
    RefFunc,   ///< any function, or bits
    RefExtern, ///< the host's reference number `bits`, as an externref; or any
    RefHost,   ///< the host's reference number `bits`, as an anyref
    RefExn,    ///< any
    RefOther,  ///< text: `any`, `eq`, `i31`, `struct`, `array`
    Either,    ///< elements: one of them
    // Both.
    F32, ///< bits, nan
    F64, ///< bits, nan
    // Component.
    Bool, ///< bits
    S8,   ///< bits, sign-extended (all of S8 to S64)
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    Char,    ///< bits
    String,  ///< text
    List,    ///< elements
    Record,  ///< labels, elements
    Tuple,   ///< elements
    Variant, ///< text: the case; elements: none or its payload
    Enum,    ///< text
    OptionNone,
    OptionSome, ///< elements: one
    ResultOk,   ///< elements: none or one
    ResultErr,  ///< elements: none or one
    Flags       ///< labels
  };
  /// How a vector was written.
  enum Shape : uint8_t { I8x16, I16x8, I32x4, I64x2, F32x4, F64x2 };

  Kind kind = I32;
  std::optional<uint64_t> bits;
  NanPattern nan = NanPattern::None;
  std::array<uint8_t, 16> bytes{};
  Shape shape = I8x16;
  std::array<NanPattern, 4> laneNans{};
  std::string text;
  std::vector<std::string> labels;
  std::vector<ScriptValue> elements;
  Location location;
};

/// `(invoke $id? "name" value*)`, `(get $id? "name")`
struct ScriptAction {
  enum Kind : uint8_t { Invoke, Get };
  Kind kind = Invoke;
  std::string module; ///< id; empty for the latest
  std::string name;
  std::vector<ScriptValue> arguments;
  Location location;
};

struct Directive {
  enum Kind : uint8_t {
    Module,           ///< define and instantiate `module`
    ModuleDefinition, ///< define `module` under its id
    ModuleInstance,   ///< instantiate the definition `module id` as `id`; isComponent
    Register,         ///< `name`, `id`
    Action,           ///< `action`
    AssertReturn,     ///< `action`, `results`
    AssertTrap,       ///< `action` or `module` (its instantiation), `message`
    AssertExhaustion, ///< `action`, `message`
    AssertException,  ///< `action`
    AssertSuspension, ///< `action`, `message`
    AssertInvalid,    ///< `module`, `message`
    AssertMalformed,  ///< `module`, `message`
    AssertUnlinkable, ///< `module`, `message`
    AssertInvalidCustom,
    AssertMalformedCustom,
    Thread, ///< `id`, `shared` (ids of modules), `thread`
    Wait    ///< `id`
  };
  Kind kind = Module;
  Location location;
  std::optional<ScriptModule> module;
  std::optional<ScriptAction> action;
  std::vector<ScriptValue> results;
  std::string id;
  std::string definition; ///< ModuleInstance: what is instantiated; empty for the latest definition
  std::string name;
  std::string message;
  bool isComponent = false; ///< ModuleInstance
  std::vector<std::string> shared;
  std::vector<Directive> thread;
};

/// A directive as it is written: `assert_return`, `module definition`.
llvm::StringRef spell(const Directive &directive);

struct Script {
  std::vector<Directive> directives;
};

/// Parses a script. A file of module fields alone is a script of one module. Fills the file's
/// encoding map. Fails when the script itself, outside of its modules, is malformed.
FailureOr<Script> parseScript(SourceFile &file, Diagnostics &diags);

} // namespace tenon::text

#endif // TENON_TEXT_SCRIPT_H
