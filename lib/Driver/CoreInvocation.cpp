//===- CoreInvocation.cpp - One call of a core module's function ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreInvocation.h"
#include "tenon/Wasm/Subtyping.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Format.h"

using namespace tenon;
using namespace tenon::driver;
using wasm::ValType;

//===----------------------------------------------------------------------===//
// Values as text
//===----------------------------------------------------------------------===//

static std::optional<uint64_t> parseInteger(llvm::StringRef text, unsigned bits) {
  int64_t number;
  uint64_t large;
  if (text.starts_with("-")) {
    if (text.getAsInteger(0, number) || (bits == 32 && number < INT32_MIN))
      return std::nullopt;
    large = uint64_t(number);
  } else if (text.getAsInteger(0, large) || (bits == 32 && large > UINT32_MAX)) {
    return std::nullopt;
  }
  return bits == 32 ? uint32_t(large) : large;
}

static std::optional<uint64_t> parseFloat(llvm::StringRef text,
                                          const llvm::fltSemantics &semantics) {
  llvm::APFloat number(semantics);
  if (text.empty() ||
      llvm::errorToBool(
          number.convertFromString(text, llvm::APFloat::rmNearestTiesToEven).takeError()))
    return std::nullopt;
  return number.bitcastToAPInt().getZExtValue();
}

static FailureOr<uint64_t> parseArgument(llvm::StringRef text, ValType type, Diagnostics &diags) {
  std::optional<uint64_t> value;
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

static void printValue(llvm::ArrayRef<uint64_t> slots, ValType type, llvm::raw_ostream &os) {
  switch (type.getKind()) {
  case ValType::I32:
    os << int32_t(slots[0]);
    break;
  case ValType::I64:
    os << int64_t(slots[0]);
    break;
  case ValType::F32:
    printFloat(llvm::APFloat(llvm::APFloat::IEEEsingle(), llvm::APInt(32, uint32_t(slots[0]))), os);
    break;
  case ValType::F64:
    printFloat(llvm::APFloat(llvm::APFloat::IEEEdouble(), llvm::APInt(64, slots[0])), os);
    break;
  case ValType::V128:
    os << "i32x4";
    for (uint64_t slot : slots)
      os << ' ' << llvm::format_hex(uint32_t(slot), 10) << ' ' << llvm::format_hex(slot >> 32, 10);
    break;
  case ValType::Ref:
    os << (slots[0] == 0 ? "null" : "reference");
    break;
  case ValType::Bottom:
    llvm_unreachable("no value has this type");
  }
  os << '\n';
}

void tenon::driver::printCoreResults(llvm::raw_ostream &os, llvm::ArrayRef<ValType> types,
                                     llvm::ArrayRef<uint64_t> slots) {
  for (ValType type : types) {
    size_t count = type.getKind() == ValType::V128 ? 2 : 1;
    printValue(slots.take_front(count), type, os);
    slots = slots.drop_front(count);
  }
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

static LogicalResult checkImports(const wasm::Module &module, Diagnostics &diags) {
  for (const wasm::Import &import : module.imports)
    (void)LogicalResult(diags.error(import.location, "nobody provides the import '")
                        << import.module << "' '" << import.name << "'");
  return success(module.imports.empty());
}

static std::string printTypes(llvm::ArrayRef<ValType> types) {
  std::string text = "(";
  for (auto [index, type] : llvm::enumerate(types))
    text += (index ? ", " : "") + wasm::toString(type);
  return text + ")";
}

static PendingDiagnostic &listFunctions(PendingDiagnostic &error, const wasm::Module &module) {
  std::string list;
  for (const wasm::Export &exported : module.exports) {
    if (exported.kind != wasm::ExternKind::Func)
      continue;
    const wasm::FuncType &type = module.typeOfFunc(exported.index);
    list += "\n  " + exported.name.str() + ": " + printTypes(type.params) + " -> " +
            printTypes(type.results);
  }
  return error << (list.empty() ? ": it exports no functions" : "; it exports" + list);
}

FailureOr<CoreInvocation> CoreInvocation::parse(const Options &options,
                                                llvm::ArrayRef<std::string> args,
                                                const wasm::Module &module, Diagnostics &diags) {
  if (failed(checkImports(module, diags)))
    return failure();
  CoreInvocation call;
  llvm::StringRef name = options.invoke.empty() ? llvm::StringRef("_start") : options.invoke;
  const wasm::Export *found = module.findExport(name);
  if (found && found->kind == wasm::ExternKind::Func) {
    call.function = found;
    call.type = module.typeOfFunc(found->index);
  } else if (!options.invoke.empty() || !module.start) {
    PendingDiagnostic error = diags.error(module.location, "'");
    error << options.input << "' exports no function '" << name << "'";
    if (options.invoke.empty())
      error << " and has no start function: there is nothing to run (--invoke NAME calls another)";
    else if (name.ends_with(")"))
      error << " (arguments of a core module's function follow the file)";
    return listFunctions(error, module);
  }
  if (call.type.params.size() != args.size())
    return diags.error({}, "") << call.type.params.size() << " arguments expected, found "
                               << args.size();
  for (auto [text, type] : llvm::zip_equal(args, call.type.params)) {
    FailureOr<uint64_t> value = parseArgument(text, type, diags);
    if (failed(value))
      return failure();
    call.slots.push_back(*value);
  }
  return call;
}
