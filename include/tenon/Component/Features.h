//===- Features.h - Features that are not released --------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What WASI has released (async, `map`, `implements`, `external-id`) is always there; everything
// else waits for `--enable=NAME` (Explainer.md#gated-features). Only the validator asks: readers
// and the text format know all of it.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPONENT_FEATURES_H
#define TENON_COMPONENT_FEATURES_H

#include "tenon/Support/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"

namespace tenon::component {

enum class Feature : uint8_t {
#define TENON_FEATURE(Name, Spelling, What) Name,
#include "tenon/Component/Features.def"
};

/// `fixed-length-lists`.
llvm::StringRef spell(Feature feature);

/// A set of features; empty at first.
class Features {
public:
  constexpr Features() = default;
  constexpr Features(std::initializer_list<Feature> features) {
    for (Feature feature : features)
      enable(feature);
  }
  static Features all();

  bool has(Feature feature) const { return bits >> unsigned(feature) & 1; }
  constexpr void enable(Feature feature) { bits |= 1u << unsigned(feature); }
  /// Adds the features of a list, `values,memory64`, or all of them for `all`. An unknown name is
  /// an error.
  LogicalResult enable(llvm::StringRef list, Diagnostics &diags);
  /// The set as a number, for keys.
  uint32_t getBits() const { return bits; }

private:
  uint32_t bits = 0;
};

/// What `--enable` takes, a line for each feature, for `--help`.
std::string describeFeatures();

} // namespace tenon::component

#endif // TENON_COMPONENT_FEATURES_H
