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
#include "CoreInvocation.h"
#include "tenon/Component/Reader.h"
#include "tenon/Driver/FileStore.h"
#include "tenon/Driver/Pipeline.h"
#include "tenon/Interp/Store.h"
#include "tenon/Wasm/Reader.h"

using namespace tenon;
using namespace tenon::driver;
using interp::Outcome;
using interp::Value;
using wasm::ValType;

/// As `abort` would end it, like compiled programs.
constexpr int trapStatus = 134;

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

static llvm::SmallVector<uint64_t, 4> toSlots(llvm::ArrayRef<ValType> types,
                                              llvm::ArrayRef<Value> values) {
  llvm::SmallVector<uint64_t, 4> slots;
  for (auto [type, value] : llvm::zip_equal(types, values)) {
    interp::Lanes<uint64_t> lanes = value.as<interp::Lanes<uint64_t>>();
    slots.append(lanes.begin(), lanes.begin() + (type.getKind() == ValType::V128 ? 2 : 1));
  }
  return slots;
}

static FailureOr<int> interpret(const wasm::Module &module, const Options &options,
                                llvm::ArrayRef<std::string> args, Diagnostics &diags) {
  FailureOr<CoreInvocation> call = CoreInvocation::parse(options, args, module, diags);
  if (failed(call))
    return failure();
  interp::Store store;
  if (options.fuel)
    store.fuel = *options.fuel;
  FailureOr<interp::Instance *> instance = store.allocate(module, {}, diags);
  if (failed(instance))
    return failure();
  Outcome outcome = store.initialize(**instance);
  if (outcome.returned() && call->function) {
    llvm::SmallVector<Value, 4> values;
    for (uint64_t slot : call->slots)
      values.push_back(Value::of(slot));
    outcome = store.invoke(*(*instance)->findFunction(call->function->name), values);
    if (outcome.returned())
      printCoreResults(llvm::outs(), call->type.results,
                       toSlots(call->type.results, outcome.results));
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
