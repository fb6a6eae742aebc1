//===- HostNames.cpp - What an import is called on the host's side --------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostNames.h"
#include "llvm/ADT/Twine.h"

using namespace tenon;

/// What versions that may stand for each other have in common (Explainer.md, canonical interface
/// names): the major version, or up to the first number that is not 0.
static llvm::StringRef trackOf(llvm::StringRef version) {
  llvm::StringRef numbers = version.take_until([](char c) { return c == '+' || c == '-'; });
  size_t end = 0;
  while (end != llvm::StringRef::npos) {
    size_t dot = numbers.find('.', end);
    if (numbers.slice(end, dot) != "0")
      return numbers.substr(0, dot);
    end = dot == llvm::StringRef::npos ? dot : dot + 1;
  }
  return numbers;
}

std::string comp::hostInterfaceOf(llvm::StringRef importName) {
  auto [interface, version] = importName.split('@');
  if (version.empty())
    return interface.str();
  llvm::StringRef track = trackOf(version);
  if (interface.starts_with("wasi:") && track == "0.2")
    return interface.str();
  return (llvm::Twine(interface) + "@" + track).str();
}
