//===- ScriptModules.h - The modules of a script ----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Core modules are linked with what was registered before; each component is a root of its own. All
// of them end up in one program.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_SCRIPTMODULES_H
#define TENON_DRIVER_SCRIPTMODULES_H

#include "Frontend.h"
#include "tenon/Codegen/Commands.h"
#include "tenon/Driver/HostInterface.h"
#include "tenon/Text/Script.h"
#include <deque>

namespace tenon::driver {

struct PlannedCommand;

/// Modules that code generation refused, and why; by where they stand in the script's text.
using RefusedModules = std::map<uint64_t, std::string>;

/// The module `spectest` that the official core suite may import from, as text.
std::string spectestText();

/// Reads and validates a core module of a script; null, with the reason in `why`, when it is none.
std::unique_ptr<wasm::Module> readScriptModule(const text::ScriptModule &module, std::string &why);

/// Something that a script can call.
struct ScriptFunction {
  std::string symbol;
  wasm::FuncType coreType;
  const component::FuncType *componentType = nullptr;
  std::string mark; ///< of the instance that exports it
};

/// An instance of a module or component of the script.
struct ScriptInstance {
  const wasm::Module *module = nullptr; ///< core
  uint32_t index = 0;                   ///< core: in the program
  uint64_t offset = UINT64_MAX;         ///< core: of its definition, in the script's text
  const component::Component *component = nullptr;
  std::string prefix; ///< component: of the names of its exports in the program
  /// The symbols that instantiate it, in order. A component's are known when the program is made.
  std::vector<std::string> instantiate;
  /// What linking it depends on when the program runs; the first `dependences` of them are the
  /// marks of other instances, the others sizes of what it imports.
  std::vector<codegen::CommandCheck> checks;
  unsigned dependences = 0;
  /// A number that the program sets when it was linked; empty: it always is.
  std::string mark;
};

class ScriptModules {
public:
  /// `refused` takes what is refused here, too.
  ScriptModules(FileStore &files, Frontend &frontend, const component::Features &features,
                Diagnostics &diags, RefusedModules &refused);
  ~ScriptModules();

  const component::TypeArena &getArena() const { return frontend.getArena(); }

  // Failures are answered by null, false or nothing, with the reason in `why`.
  bool isValid(const text::ScriptModule &module, std::string &why);
  bool define(const text::ScriptModule &module, std::string &why);

  /// What becomes of an instance.
  enum Use : uint8_t {
    Current,  ///< takes part in the program, and is the current module from now on
    Unnamed,  ///< takes part in the program, and no directive can refer to it
    Discarded ///< was only tried
  };
  const ScriptInstance *instantiate(const text::ScriptModule &module, std::string &why,
                                    Use use = Current);
  const ScriptInstance *instantiateDefinition(llvm::StringRef definition, llvm::StringRef id,
                                              std::string &why);
  bool registerAs(llvm::StringRef name, llvm::StringRef id);
  /// Until `leaveThread` only the instances with these ids are known.
  bool enterThread(llvm::ArrayRef<std::string> shared, std::string &why);
  void leaveThread();
  std::optional<ScriptFunction> findFunction(const text::ScriptAction &action, std::string &why);

  /// Where the module stands on whose behalf a module of ours was made, by our module's file name.
  const std::map<std::string, uint64_t, std::less<>> &getAskers() const { return askers; }

  /// Lowers all components, completes the program, and fills in the symbols that instantiate
  /// components in `commands`.
  FailureOr<codegen::Program> makeProgram(llvm::StringRef triple,
                                          std::vector<PlannedCommand> &commands);
  /// After that: functions of the host that it does not have yet.
  llvm::ArrayRef<std::string> getAbsentFunctions() const { return absent; }

private:
  /// A definition: validated, not yet instantiated.
  struct Definition {
    std::unique_ptr<wasm::Module> module;
    std::unique_ptr<Unit> unit;   ///< a component
    uint64_t offset = UINT64_MAX; ///< in the script's text; none: it is not of the script
  };

  /// What directives can refer to.
  struct Scope {
    std::map<std::string, Definition *, std::less<>> definitionsById;
    std::map<std::string, ScriptInstance *, std::less<>> instancesById;
    /// By the name under which others import; null for one that was refused.
    std::map<std::string, ScriptInstance *, std::less<>> registered;
    std::map<std::string, ScriptInstance *> spectest; ///< its parts
    Definition *lastDefinition = nullptr;
    ScriptInstance *current = nullptr;
  };

  FileStore &files;
  Frontend &frontend;
  component::Features features; ///< of the script's components
  Diagnostics &diags;
  RefusedModules &refused;
  codegen::Program program;
  mlir::OwningOpRef<mlir::ModuleOp> components;
  std::optional<HostInterface> host; ///< once a component imports something
  std::vector<std::string> absent;
  std::deque<Definition> definitions;
  std::deque<ScriptInstance> instances;
  Scope scope, outer; ///< `outer` while a thread is planned
  /// Of instances that no directive makes; they go before the next one that does.
  std::vector<std::string> pendingInstantiate;
  std::map<std::pair<uint32_t, uint32_t>, std::string> exportedSymbols; ///< (instance, function)

  bool checkHostImports(const component::Component &component, std::string &why);
  Definition *makeDefinition(const text::ScriptModule &module, std::string &why);
  ScriptInstance *makeInstance(const Definition &definition, std::string &why, bool keep);
  ScriptInstance *makeCoreInstance(const Definition &definition, std::string &why, bool keep);
  ScriptInstance *makeComponentInstance(const Definition &definition, std::string &why, bool keep);
  ScriptInstance *findProvider(const wasm::Import &import, uint64_t asker, std::string &why);
  ScriptInstance *findInstance(llvm::StringRef id);
  ScriptFunction coreFunction(const ScriptInstance &instance, uint32_t index);

  // Linking (ScriptLinking.cpp).
  bool addImports(codegen::CoreInstance &instance, const Definition &definition,
                  ScriptInstance &linked, std::string &why);
  bool matchesImport(const ScriptInstance &provider, const wasm::Export &found,
                     const wasm::Module &module, const wasm::Import &import,
                     ScriptInstance &linked);

  // Modules of our own (ScriptOwnModules.cpp).
  std::map<std::string, uint64_t, std::less<>> askers;
  const Definition &addOwnModule(llvm::StringRef text, uint64_t asker);
  ScriptInstance *findSpectest(llvm::StringRef name, uint64_t asker);
  ScriptFunction addGetter(llvm::StringRef text, uint64_t asker,
                           llvm::function_ref<void(codegen::CoreInstance &instance)> bind);
  /// A function that answers the value of an exported global.
  std::optional<ScriptFunction> globalGetter(const ScriptInstance &instance, llvm::StringRef name,
                                             std::string &why);
};

} // namespace tenon::driver

#endif // TENON_DRIVER_SCRIPTMODULES_H
