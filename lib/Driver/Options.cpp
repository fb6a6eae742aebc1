//===- Options.cpp - What the user asked for ------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Driver/Options.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSwitch.h"

using namespace tenon::driver;

std::optional<Stage> tenon::driver::parseStage(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<Stage>>(name)
      .Case("wasm", Stage::Wasm)
      .Case("graph", Stage::Graph)
      .Case("linked", Stage::Linked)
      .Case("flat", Stage::Flat)
      .Case("fused", Stage::Fused)
      .Case("core", Stage::Core)
      .Case("llvm", Stage::LLVM)
      .Case("obj", Stage::Object)
      .Case("exe", Stage::Executable)
      .Default(std::nullopt);
}

std::optional<ProgressMode> tenon::driver::parseProgressMode(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<ProgressMode>>(name)
      .Case("auto", ProgressMode::Auto)
      .Case("always", ProgressMode::Always)
      .Case("never", ProgressMode::Never)
      .Default(std::nullopt);
}

std::optional<DirGrant> tenon::driver::parseDirGrant(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef, 3> parts;
  text.split(parts, "::");
  if (parts.size() > 3 || parts[0].empty())
    return std::nullopt;
  DirGrant grant{parts[0].str(), parts.size() > 1 ? parts[1].str() : parts[0].str(), false};
  if (grant.guest.empty())
    return std::nullopt;
  if (parts.size() == 3) {
    if (parts[2] != "ro" && parts[2] != "rw")
      return std::nullopt;
    grant.readOnly = parts[2] == "ro";
  }
  return grant;
}
