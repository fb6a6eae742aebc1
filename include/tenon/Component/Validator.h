//===- Validator.h - Is it a component? -------------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_VALIDATOR_H
#define TENON_COMPONENT_VALIDATOR_H

#include "tenon/Component/Component.h"
#include "tenon/Component/Features.h"

namespace tenon::component {

/// Which language is accepted.
struct ValidatorOptions {
  /// Names as today's grammar has them. Otherwise the removed forms `url=<>`, `integrity=<>`,
  /// `relative-url=<>`, `locked-dep=<>` and `unlocked-dep=<>` are names too.
  bool strictNames = true;
  /// Validate the core modules as well (which also fills in their summaries).
  bool validateCoreModules = true;
  /// What is accepted beside what is released.
  Features features;
};

/// Validates a component with everything in it and fills in all that is marked "validated". Reports
/// the first error of each component and goes no further in it.
LogicalResult validateComponent(Component &component, TypeArena &arena, Diagnostics &diags,
                                const ValidatorOptions &options = {});

/// The type of a core module (Explainer.md, core:moduletype).
ModuleTypeId moduleTypeOf(const wasm::Module &module, TypeArena &arena);

} // namespace tenon::component

#endif // TENON_COMPONENT_VALIDATOR_H
