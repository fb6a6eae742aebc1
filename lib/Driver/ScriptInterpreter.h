//===- ScriptInterpreter.h - Scripts, interpreted ---------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a script through the reference interpreters, one directive after the other. Threads of a
// script take turns: one runs until it waits or ends, or its turn is over.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_SCRIPTINTERPRETER_H
#define TENON_DRIVER_SCRIPTINTERPRETER_H

#include "ScriptComponents.h"
#include "tenon/Interp/Store.h"
#include "tenon/Text/Script.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <map>
#include <set>

namespace tenon::driver {

/// What became of a directive.
struct Verdict {
  enum Kind : uint8_t { Passed, Failed, Skipped };
  Kind kind = Passed;
  std::string why;
  /// What a call did (printCoreResults, a value in WAVE, or how it ended otherwise), for
  /// comparison.
  std::string outcome;

  static Verdict passed() { return {}; }
  static Verdict failed(const llvm::Twine &why) { return {Failed, why.str(), {}}; }
  static Verdict skipped(const llvm::Twine &why) { return {Skipped, why.str(), {}}; }
};

class ScriptInterpreter {
public:
  ScriptInterpreter(const component::Features &features, bool donutWrapping)
      : store(limitsOfScript()), components(store, features, donutWrapping) {}

  using Report = llvm::function_ref<void(const text::Directive &, const Verdict &)>;

  /// Runs every directive and reports each once.
  void run(const text::Script &script, Report report);

private:
  /// An instance of a core module or of a component, or a component that is skipped.
  struct Named {
    interp::Instance *instance = nullptr;
    bool isComponent = false;
    const interp::ComponentExports *exports = nullptr;
    std::string why; ///< it is skipped
  };

  /// What a thread of the script has: names of its own, and where it is.
  struct ScriptThread {
    llvm::ArrayRef<text::Directive> directives;
    std::map<std::string, Named, std::less<>> instances;
    std::map<std::string, const wasm::Module *, std::less<>> definitions;
    std::set<std::string, std::less<>> registeredNames, refusedNames;
    interp::ImportMap registered;
    std::map<std::string, ScriptThread *, std::less<>> threads; ///< that it started
    const wasm::Module *lastDefinition = nullptr;
    std::map<std::string, const component::Component *, std::less<>> components;
    const component::Component *lastComponent = nullptr;
    /// Why a definition is skipped, by its id; empty for the last one without.
    std::map<std::string, std::string, std::less<>> skippedComponents;
    Named current;
    size_t next = 0;
    std::unique_ptr<interp::Thread> call; ///< of the directive at `next`
    const wasm::FuncType *callType = nullptr;

    bool isDone() const { return next == directives.size(); }
  };

  static interp::Limits limitsOfScript();

  interp::Store store;
  ScriptComponents components;
  std::vector<std::unique_ptr<wasm::Module>> modules;
  std::vector<uint8_t> spectestBytes;
  std::deque<ScriptThread> threads; ///< the first is the script itself

  bool runTurn(ScriptThread &thread, Report report);
  bool passTime();
  /// What became of a directive, or nothing: then a call was started.
  std::optional<Verdict> begin(ScriptThread &thread, const text::Directive &directive);

  const wasm::Module *define(const text::ScriptModule &module, std::string &why);
  std::optional<Verdict> beginModule(ScriptThread &thread, const text::Directive &directive);
  std::optional<Verdict> beginTrappingModule(ScriptThread &thread,
                                             const text::Directive &directive);
  /// `id`: what to call it; nothing when it is not to be the current module.
  std::optional<Verdict> instantiate(ScriptThread &thread, const text::Directive &directive,
                                     const wasm::Module &module, std::optional<llvm::StringRef> id);
  interp::Instance *allocate(ScriptThread &thread, const wasm::Module &module, std::string &why);
  std::optional<Verdict> beginAction(ScriptThread &thread, const text::Directive &directive);
  std::optional<Verdict> beginCall(ScriptThread &thread, interp::Function &function,
                                   llvm::ArrayRef<interp::Value> args);
  Verdict runComponent(ScriptThread &thread, const text::Directive &directive);
  Verdict instantiateComponent(ScriptThread &thread, const text::Directive &directive,
                               const component::Component *definition, llvm::StringRef id,
                               std::string why);
  Verdict checkRejected(const text::Directive &directive);
  Verdict checkUnlinkable(ScriptThread &thread, const text::Directive &directive);
  Verdict registerModule(ScriptThread &thread, const text::Directive &directive);
  Verdict startThread(ScriptThread &thread, const text::Directive &directive);
  const Named *find(ScriptThread &thread, llvm::StringRef id) const;
  void addSpectest(ScriptThread &thread);
};

} // namespace tenon::driver

#endif // TENON_DRIVER_SCRIPTINTERPRETER_H
