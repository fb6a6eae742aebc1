//===- Names.h - The grammar of import and export names ---------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Explainer.md#import-and-export-definitions (externname) and #name-uniqueness.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_NAMES_H
#define TENON_COMPONENT_NAMES_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace tenon::component {

enum class NameKind : uint8_t {
  Label,       ///< `a-b`
  Constructor, ///< `[constructor]a`
  Method,      ///< `[method]a.b`
  Static,      ///< `[static]a.b`
  Interface,   ///< `ns:pkg/iface@1.2.3`
  // Removed from today's grammar:
  Url,         ///< `url=<...>`, with an optional `,integrity=<...>`
  RelativeUrl, ///< `relative-url=<...>`, the same
  Dependency,  ///< `locked-dep=<...>`, `unlocked-dep=<...>`
  Integrity    ///< `integrity=<...>`
};

struct ParsedName {
  NameKind kind = NameKind::Label;
  /// Label, Constructor, Method, Static: the (first) label.
  llvm::StringRef label;
  llvm::StringRef member;          ///< Method, Static: the second one
  llvm::StringRef package;         ///< Interface: `ns:pkg`
  llvm::StringRef projection;      ///< Interface: `iface`
  llvm::StringRef version;         ///< Interface: what follows the `@`; empty without
  bool isNested = false;           ///< Interface: more than one namespace or projection
  bool isCanonicalVersion = false; ///< Interface: `@1`, `@0.2`
  llvm::StringRef target;          ///< removed forms: what stands in the angle brackets
  llvm::StringRef integrity;       ///< removed forms: the hash, if any
};

/// Nothing when the name is none of today's grammar (or, if `removedForms`, of yesterday's).
std::optional<ParsedName> parseName(llvm::StringRef name, bool removedForms = false);

/// A kebab-case label.
bool isLabel(llvm::StringRef text);

/// Two names are strongly unique exactly when these differ (Explainer.md#name-uniqueness).
std::string uniquenessKey(llvm::StringRef name);

/// `valid semver` (semver.org 2.0.0).
bool isSemver(llvm::StringRef text);

/// The part of a version that compatible versions share: `0.2` of `0.2.12`, `1` of `1.2.3`
/// (Explainer.md#canonical-interface-name). Nothing when it is no version.
std::optional<llvm::StringRef> versionTrack(llvm::StringRef version);

} // namespace tenon::component

#endif // TENON_COMPONENT_NAMES_H
