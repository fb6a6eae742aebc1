//===- Features.cpp - Features that are not released ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Features.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace tenon;
using namespace tenon::component;

namespace {

struct FeatureInfo {
  Feature feature;
  llvm::StringLiteral name, what;
};

constexpr FeatureInfo infos[] = {
#define TENON_FEATURE(Name, Spelling, What) {Feature::Name, Spelling, What},
#include "tenon/Component/Features.def"
};

} // namespace

llvm::StringRef component::spell(Feature feature) { return infos[unsigned(feature)].name; }

Features Features::all() {
  Features result;
  for (const FeatureInfo &info : infos)
    result.enable(info.feature);
  return result;
}

static const FeatureInfo *findInfo(llvm::StringRef name) {
  for (const FeatureInfo &info : infos)
    if (info.name == name)
      return &info;
  return nullptr;
}

LogicalResult Features::enable(llvm::StringRef list, Diagnostics &diags) {
  llvm::SmallVector<llvm::StringRef> names;
  list.split(names, ',');
  for (llvm::StringRef name : names) {
    if (name == "all") {
      *this = all();
      continue;
    }
    if (const FeatureInfo *info = findInfo(name)) {
      enable(info->feature);
      continue;
    }
    PendingDiagnostic error = diags.error({}, "there is no feature '") << name << "' to enable: ";
    for (const FeatureInfo &info : infos)
      error << info.name << ", ";
    return error << "and all are known";
  }
  return success();
}

std::string component::describeFeatures() {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "FEATURES of --enable:\n";
  for (const FeatureInfo &info : infos)
    os << "  " << llvm::left_justify(info.name, 22) << ' ' << info.what << '\n';
  os << "  " << llvm::left_justify("all", 22) << " all of these\n";
  return text;
}
