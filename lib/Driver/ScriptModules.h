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
};

/// What an instance needs of a memory or table that it imports: one that was declared smaller.
struct SizeCheck {
  ScriptFunction size; ///< answers what it is
  uint64_t min = 0;
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
  /// Must hold before it is instantiated.
  std::vector<SizeCheck> checks;
};

class ScriptModules {
public:
  /// `refused` takes what is refused here, too.
  ScriptModules(FileStore &files, Frontend &frontend, Diagnostics &diags, RefusedModules &refused);
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
  std::optional<ScriptFunction> findFunction(const text::ScriptAction &action, std::string &why);

  /// Where the module stands on whose behalf a module of ours was made, by our module's file name.
  const std::map<std::string, uint64_t, std::less<>> &getAskers() const { return askers; }

  /// Lowers all components, completes the program, and fills in the symbols that instantiate
  /// components in `commands`.
  FailureOr<codegen::Program> makeProgram(llvm::StringRef triple,
                                          std::vector<PlannedCommand> &commands);

private:
  /// A definition: validated, not yet instantiated.
  struct Definition {
    std::unique_ptr<wasm::Module> module;
    std::unique_ptr<Unit> unit;   ///< a component
    uint64_t offset = UINT64_MAX; ///< in the script's text; none: it is not of the script
  };

  FileStore &files;
  Frontend &frontend;
  Diagnostics &diags;
  RefusedModules &refused;
  codegen::Program program;
  mlir::OwningOpRef<mlir::ModuleOp> components;
  std::deque<Definition> definitions;
  std::deque<ScriptInstance> instances;
  std::map<std::string, Definition *, std::less<>> definitionsById;
  std::map<std::string, ScriptInstance *, std::less<>> instancesById;
  /// By the name under which others import; null for one that was refused.
  std::map<std::string, ScriptInstance *, std::less<>> registered;
  Definition *lastDefinition = nullptr;
  ScriptInstance *current = nullptr;
  std::map<std::string, ScriptInstance *> spectest; ///< its parts
  /// Of instances that no directive makes; they go before the next one that does.
  std::vector<std::string> pendingInstantiate;
  std::map<std::pair<uint32_t, uint32_t>, std::string> exportedSymbols; ///< (instance, function)

  Definition *makeDefinition(const text::ScriptModule &module, std::string &why);
  ScriptInstance *makeInstance(const Definition &definition, std::string &why, bool keep);
  ScriptInstance *makeCoreInstance(const Definition &definition, std::string &why, bool keep);
  ScriptInstance *makeComponentInstance(const Definition &definition, std::string &why, bool keep);
  bool addImports(codegen::CoreInstance &instance, const Definition &definition,
                  std::vector<SizeCheck> &checks, std::string &why);
  ScriptInstance *findProvider(const wasm::Import &import, uint64_t asker, std::string &why);
  ScriptInstance *findInstance(llvm::StringRef id);
  ScriptFunction coreFunction(const ScriptInstance &instance, uint32_t index);

  // Modules of our own (ScriptOwnModules.cpp).
  std::map<std::string, uint64_t, std::less<>> askers;
  const Definition &addOwnModule(llvm::StringRef text, uint64_t asker);
  ScriptInstance *findSpectest(llvm::StringRef name, uint64_t asker);
  ScriptFunction addGetter(llvm::StringRef text, uint64_t asker,
                           llvm::function_ref<void(codegen::CoreInstance &instance)> bind);
  /// A function that answers the value of an exported global.
  std::optional<ScriptFunction> globalGetter(const ScriptInstance &instance, llvm::StringRef name,
                                             std::string &why);
  /// A function that answers the size of an exported memory or table.
  ScriptFunction sizeGetter(const ScriptInstance &instance, const wasm::Export &exported);
};

} // namespace tenon::driver

#endif // TENON_DRIVER_SCRIPTMODULES_H
