//===- Validate.cpp - Checking files, strictly ----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Reader.h"
#include "tenon/Component/Validator.h"
#include "tenon/Driver/FileStore.h"
#include "tenon/Driver/Pipeline.h"
#include "tenon/Wasm/Reader.h"

using namespace tenon;
using namespace tenon::driver;

static LogicalResult validateFile(const InputFile &file, const component::Features &features,
                                  Diagnostics &diags) {
  if (component::isComponent(file.bytes)) {
    FailureOr<std::unique_ptr<component::Component>> component =
        component::readComponent(file.bytes, file.start(), diags);
    component::TypeArena arena;
    component::ValidatorOptions options;
    options.features = features;
    return failed(component) ? LogicalResult(failure())
                             : component::validateComponent(**component, arena, diags, options);
  }
  FailureOr<std::unique_ptr<wasm::Module>> module =
      wasm::readModule(file.bytes, file.start(), diags);
  return failed(module) ? LogicalResult(failure()) : wasm::validateModule(**module, diags);
}

LogicalResult tenon::driver::validateFiles(llvm::ArrayRef<std::string> paths,
                                           const component::Features &features,
                                           Diagnostics &diags) {
  if (paths.empty())
    return diags.error({}, "no input file");
  FileStore files(diags, /*strict=*/true);
  bool allValid = true;
  for (const std::string &path : paths) {
    FailureOr<const InputFile *> file = files.load(path, {});
    allValid &= succeeded(file) && succeeded(validateFile(**file, features, diags));
  }
  return success(allValid);
}
