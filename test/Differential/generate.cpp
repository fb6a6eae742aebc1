//===- generate.cpp - The program `generate-modules` --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   generate-modules [--seed=N] [--modules=N] [--calls=N] [--without=FEATURE,...]
//
// Prints a script of generated modules, each followed by calls of all its exports. The same seed
// gives the same script.
//
//===----------------------------------------------------------------------===//

#include "ModuleGenerator.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"

using namespace tenon::generate;

static bool withoutFeature(Features &features, llvm::StringRef name) {
  std::pair<llvm::StringRef, bool *> all[] = {{"simd", &features.simd},
                                              {"exceptions", &features.exceptions},
                                              {"tail-calls", &features.tailCalls},
                                              {"threads", &features.threads},
                                              {"wide-arithmetic", &features.wideArithmetic},
                                              {"memory64", &features.memory64},
                                              {"multi-memory", &features.multiMemory}};
  for (auto [known, feature] : all)
    if (known == name) {
      *feature = false;
      return true;
    }
  return false;
}

int main(int argc, char **argv) {
  uint64_t seed = 1;
  unsigned modules = 1, calls = 4;
  Features features;
  for (int i = 1; i < argc; ++i) {
    llvm::StringRef arg(argv[i]);
    bool isBad = true;
    if (arg.consume_front("--seed="))
      isBad = arg.getAsInteger(10, seed);
    else if (arg.consume_front("--modules="))
      isBad = arg.getAsInteger(10, modules);
    else if (arg.consume_front("--calls="))
      isBad = arg.getAsInteger(10, calls);
    else if (arg.consume_front("--without=")) {
      llvm::SmallVector<llvm::StringRef> names;
      arg.split(names, ',');
      isBad = !llvm::all_of(names,
                            [&](llvm::StringRef name) { return withoutFeature(features, name); });
    }
    if (isBad) {
      llvm::errs() << "cannot understand '" << argv[i] << "'\n";
      return 2;
    }
  }
  for (unsigned i = 0; i < modules; ++i) {
    Choices choices(seed * 0x100000000 + i);
    llvm::outs() << generateScript(choices, features, calls);
  }
}
