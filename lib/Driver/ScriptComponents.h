//===- ScriptComponents.h - The components of a script, interpreted -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_DRIVER_SCRIPTCOMPONENTS_H
#define TENON_LIB_DRIVER_SCRIPTCOMPONENTS_H

#include "tenon/Component/Features.h"
#include "tenon/ComponentInterp/ComponentStore.h"
#include "tenon/Text/Script.h"

namespace tenon::driver {

struct Verdict;

/// Defines, instantiates and calls the components of a script in the reference interpreter. What is
/// not supported yet is skipped, with what depends on it.
class ScriptComponents {
public:
  ScriptComponents(interp::Store &store, const component::Features &features, bool donutWrapping)
      : features(features), components(arena, store) {
    if (!donutWrapping)
      components.forbidDonutWrapping();
  }

  /// Null, with the reason in `why`, when it is invalid.
  const component::Component *define(const text::ScriptModule &module, std::string &why);

  struct Instance {
    const interp::ComponentExports *exports = nullptr; ///< null: it trapped, or `why` says it
    interp::TrapKind trap = interp::TrapKind::None;
    std::string trapText;
    std::string why;
  };
  Instance instantiate(const component::Component &component);

  /// An action on an instance, and what its directive expects of it.
  Verdict act(const text::Directive &directive, const interp::ComponentExports &exports);

private:
  component::Features features;
  component::TypeArena arena;
  std::vector<std::unique_ptr<component::Component>> definitions;
  interp::ComponentStore components;

  Verdict judge(const text::Directive &directive, const component::FuncType &type,
                const interp::ComponentStore::CallOutcome &outcome);
};

} // namespace tenon::driver

#endif // TENON_LIB_DRIVER_SCRIPTCOMPONENTS_H
