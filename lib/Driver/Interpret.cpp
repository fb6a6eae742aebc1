//===- Interpret.cpp - Interpret at once ----------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `tenon run --interp`: a core module that imports nothing, in the reference interpreter. What is
// printed and the exit status are those of compiled programs as far as they have them. Components:
// InterpretComponent.cpp.
//
//===----------------------------------------------------------------------===//

#include "Interpret.h"
#include "tenon/Component/Reader.h"
#include "tenon/Driver/FileStore.h"
#include "tenon/Driver/Pipeline.h"
#include "tenon/Interp/Store.h"
#include "tenon/Wasm/Reader.h"
#include "tenon/Wasm/Subtyping.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Format.h"

using namespace tenon;
using namespace tenon::driver;
using interp::Outcome;
using interp::Value;
using wasm::ValType;

/// As `abort` would end it, like compiled programs.
constexpr int trapStatus = 134;

//===----------------------------------------------------------------------===//
// Values as text
//===----------------------------------------------------------------------===//

static std::optional<Value> parseInteger(llvm::StringRef text, unsigned bits) {
  int64_t number;
  uint64_t large;
  if (text.starts_with("-")) {
    if (text.getAsInteger(0, number) || (bits == 32 && number < INT32_MIN))
      return std::nullopt;
    large = uint64_t(number);
  } else if (text.getAsInteger(0, large) || (bits == 32 && large > UINT32_MAX)) {
    return std::nullopt;
  }
  return bits == 32 ? Value::of(uint32_t(large)) : Value::of(large);
}

static std::optional<Value> parseFloat(llvm::StringRef text, const llvm::fltSemantics &semantics) {
  llvm::APFloat number(semantics);
  if (text.empty() ||
      llvm::errorToBool(
          number.convertFromString(text, llvm::APFloat::rmNearestTiesToEven).takeError()))
    return std::nullopt;
  return Value::of(number.bitcastToAPInt().getZExtValue());
}

static FailureOr<Value> parseArgument(llvm::StringRef text, ValType type, Diagnostics &diags) {
  std::optional<Value> value;
  if (type == ValType::I32 || type == ValType::I64)
    value = parseInteger(text, type == ValType::I32 ? 32 : 64);
  else if (type == ValType::F32)
    value = parseFloat(text, llvm::APFloat::IEEEsingle());
  else if (type == ValType::F64)
    value = parseFloat(text, llvm::APFloat::IEEEdouble());
  else
    return diags.error({}, "an argument of type ")
           << wasm::toString(type) << " is not supported yet";
  if (!value)
    return diags.error({}, "argument '")
           << text << "' is not a number of type " << wasm::toString(type);
  return *value;
}

static void printFloat(const llvm::APFloat &number, llvm::raw_ostream &os) {
  llvm::SmallString<32> text;
  number.toString(text);
  os << text;
  if (number.isNaN())
    os << ":0x" << llvm::utohexstr(number.bitcastToAPInt().getZExtValue(), /*LowerCase=*/true);
}

static void printValue(const Value &value, ValType type, llvm::raw_ostream &os) {
  switch (type.getKind()) {
  case ValType::I32:
    os << value.as<int32_t>();
    break;
  case ValType::I64:
    os << value.as<int64_t>();
    break;
  case ValType::F32:
    printFloat(llvm::APFloat(llvm::APFloat::IEEEsingle(), llvm::APInt(32, value.as<uint32_t>())),
               os);
    break;
  case ValType::F64:
    printFloat(llvm::APFloat(llvm::APFloat::IEEEdouble(), llvm::APInt(64, value.as<uint64_t>())),
               os);
    break;
  case ValType::V128:
    os << "i32x4";
    for (uint32_t lane : value.as<interp::Lanes<uint32_t>>())
      os << ' ' << llvm::format_hex(lane, 10);
    break;
  case ValType::Ref:
    os << (value.as<interp::Ref>() == 0 ? "null" : "reference");
    break;
  case ValType::Bottom:
    llvm_unreachable("no value has this type");
  }
  os << '\n';
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

int tenon::driver::reportTrap(interp::TrapKind trap, llvm::StringRef text) {
  if (trap == interp::TrapKind::None)
    return 0;
  llvm::errs() << "trap: " << text << '\n';
  return trapStatus;
}

static int report(const Outcome &outcome) {
  interp::TrapKind trap =
      outcome.kind == Outcome::Threw ? interp::TrapKind::UncaughtException : outcome.trap;
  return reportTrap(trap, interp::trapText(trap));
}

/// What to call: the export that was asked for, or `_start` if there is one.
static FailureOr<interp::Function *> findEntry(const interp::Instance &instance,
                                               const Options &options, Diagnostics &diags) {
  interp::Function *entry =
      instance.findFunction(options.invoke.empty() ? "_start" : options.invoke);
  if (!entry && !options.invoke.empty())
    return diags.error(instance.module->location, "no function '")
           << options.invoke << "' is exported";
  return entry;
}

static FailureOr<int> interpret(const wasm::Module &module, const Options &options,
                                llvm::ArrayRef<std::string> args, Diagnostics &diags) {
  interp::Store store;
  if (options.fuel)
    store.fuel = *options.fuel;
  for (const wasm::Import &import : module.imports)
    (void)LogicalResult(diags.error(import.location, "nobody provides the import '")
                        << import.module << "' '" << import.name << "'");
  if (!module.imports.empty())
    return failure();
  FailureOr<interp::Instance *> instance = store.allocate(module, {}, diags);
  if (failed(instance))
    return failure();
  FailureOr<interp::Function *> entry = findEntry(**instance, options, diags);
  if (failed(entry))
    return failure();
  llvm::ArrayRef<ValType> params = *entry ? (*entry)->type().params : llvm::ArrayRef<ValType>();
  if (params.size() != args.size())
    return diags.error({}, "") << params.size() << " arguments expected, found " << args.size();
  llvm::SmallVector<Value, 4> values;
  for (auto [text, type] : llvm::zip_equal(args, params)) {
    FailureOr<Value> value = parseArgument(text, type, diags);
    if (failed(value))
      return failure();
    values.push_back(*value);
  }
  Outcome outcome = store.initialize(**instance);
  if (outcome.returned() && *entry) {
    outcome = store.invoke(**entry, values);
    for (auto [value, type] : llvm::zip(outcome.results, (*entry)->type().results))
      printValue(value, type, llvm::outs());
  }
  return report(outcome);
}

int tenon::driver::interpretProgram(const Options &options, llvm::ArrayRef<std::string> args,
                                    Diagnostics &diags) {
  FileStore files(diags, /*strict=*/true);
  FailureOr<const InputFile *> file = files.load(options.input, {});
  if (failed(file))
    return 1;
  if (component::isComponent((*file)->bytes)) {
    FailureOr<int> status = interpretComponent(options, files, diags);
    return succeeded(status) ? *status : 1;
  }
  FailureOr<std::unique_ptr<wasm::Module>> module =
      wasm::readModule((*file)->bytes, (*file)->start(), diags);
  if (failed(module) || failed(wasm::validateModule(**module, diags)))
    return 1;
  FailureOr<int> status = interpret(**module, options, args, diags);
  return succeeded(status) ? *status : 1;
}
