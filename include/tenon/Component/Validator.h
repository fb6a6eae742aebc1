//===- Validator.h - Is it a component? -------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_VALIDATOR_H
#define TENON_COMPONENT_VALIDATOR_H

#include "tenon/Component/Component.h"

namespace tenon::component {

/// Which language is accepted (Explainer.md#gated-features). Async and `map` are part of it.
struct ValidatorOptions {
  /// Names as today's grammar has them. Otherwise the removed forms `url=<>`, `integrity=<>`,
  /// `relative-url=<>`, `locked-dep=<>` and `unlocked-dep=<>` are names too.
  bool strictNames = true;
  /// Validate the core modules as well (which also fills in their summaries).
  bool validateCoreModules = true;
  bool fixedLists = true;     ///< fixed-length lists
  bool errorContext = true;   ///< error-context
  bool threads = true;        ///< thread.*
  bool stackful = true;       ///< `async` lift without callback
  bool moreAsync = true;      ///< canonical options on more async builtins
  bool memory64 = true;       ///< 64-bit memories in canonical options
  bool nestedNames = false;   ///< nested namespaces and packages
  bool canonicalNames = true; ///< `@1` versions with a version suffix
};

/// Validates a component with everything in it and fills in all that is marked "validated". Reports
/// the first error of each component and goes no further in it.
LogicalResult validateComponent(Component &component, TypeArena &arena, Diagnostics &diags,
                                const ValidatorOptions &options = {});

/// The type of a core module (Explainer.md, core:moduletype).
ModuleTypeId moduleTypeOf(const wasm::Module &module, TypeArena &arena);

} // namespace tenon::component

#endif // TENON_COMPONENT_VALIDATOR_H
