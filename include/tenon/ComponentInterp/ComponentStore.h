//===- ComponentStore.h - The reference interpreter of components -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instantiates components as their definitions stand, one after the other, over the interpreter of
// core modules, and carries calls between them by the Canonical ABI: every value is lifted into a
// tree and lowered out of it again. Written for reading, after CanonicalABI.md; it shares nothing
// with what compiles adapters, so that each can be compared with the other.
//
// Synchronous code only. There is no host: what a root imports must be a component or a core module
// that the resolver has, or hold only types.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENTINTERP_COMPONENTSTORE_H
#define TENON_COMPONENTINTERP_COMPONENTSTORE_H

#include "tenon/Component/Component.h"
#include "tenon/Component/Val.h"
#include "tenon/Interp/Store.h"

namespace tenon::interp {

struct LiftedFunction;
struct ComponentValue;
struct ComponentExports;
class ComponentRuntime;

/// What the import of a component or of a core module by `importer` was resolved to.
struct ResolvedImport {
  const component::Component *component = nullptr;
  const wasm::Module *module = nullptr;
};
using ImportResolver =
    std::function<ResolvedImport(const component::Component &importer, llvm::StringRef name)>;

class ComponentStore {
public:
  /// The arena has the types of every component that is instantiated, all of which are validated
  /// and outlive the store.
  ComponentStore(component::TypeArena &arena, Store &store, ImportResolver resolver = {});
  ~ComponentStore();

  /// Let calls between an instance and one around it trap; CanonicalABI.md allows them.
  void forbidDonutWrapping();

  /// How an instantiation ended.
  struct Instantiated {
    TrapKind trap = TrapKind::None;
    std::string trapText;                      ///< as compiled programs print it, without the place
    const ComponentExports *exports = nullptr; ///< without a trap
  };
  /// Fails, with a diagnostic, when an import is not provided or something is not supported yet.
  FailureOr<Instantiated> instantiate(const component::Component &root, Diagnostics &diags);

  /// A function by the name that the graph has for it: `func`, `ns:pkg/iface#func`. Null: none.
  const LiftedFunction *findFunction(const ComponentExports &exports, llvm::StringRef name) const;
  const component::FuncType &typeOf(const LiftedFunction &function) const;
  /// The same for values.
  const ComponentValue *findValue(const ComponentExports &exports, llvm::StringRef name) const;
  component::ValType typeOf(const ComponentValue &value) const;

  /// How a call ended. The result, where there is no trap and the function has one.
  struct CallOutcome {
    TrapKind trap = TrapKind::None;
    std::string trapText;
    std::optional<component::Val> result;
  };
  /// An instance in which something trapped can't be entered again.
  CallOutcome invoke(const LiftedFunction &function, llvm::ArrayRef<component::Val> args);
  /// Takes an exported value: a trap if it had handles and they were taken before.
  CallOutcome take(const ComponentValue &value);

private:
  std::unique_ptr<ComponentRuntime> runtime;
};

} // namespace tenon::interp

#endif // TENON_COMPONENTINTERP_COMPONENTSTORE_H
