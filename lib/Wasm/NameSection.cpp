//===- NameSection.cpp - Names for diagnostics and symbols ----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Appendix / Custom Sections / Name Section". Names change nothing about a
// program, so a malformed section only ends the reading of names, silently.
//
//===----------------------------------------------------------------------===//

#include "SectionReader.h"

using namespace tenon;
using namespace tenon::wasm;

namespace {
enum Subsection : uint8_t { ModuleName = 0, FunctionNames = 1 };
}

static LogicalResult readFunctionNames(ByteCursor &cursor, Module &module) {
  FailureOr<uint32_t> count = cursor.readCount("names");
  if (failed(count))
    return failure();
  for (uint32_t i = 0; i < *count; ++i) {
    FailureOr<uint32_t> index = cursor.readU32();
    if (failed(index))
      return failure();
    FailureOr<llvm::StringRef> name = cursor.readName();
    if (failed(name) || *index >= module.funcTypes.size())
      return failure();
    if (*index >= module.funcNames.size())
      module.funcNames.resize(*index + 1);
    module.funcNames[*index] = *name;
  }
  return success();
}

void wasm::readNames(const CustomSection &section, Module &module) {
  Diagnostics silent([](const Diagnostic &) {});
  ByteCursor cursor(section.bytes, section.location, silent);
  while (!cursor.atEnd()) {
    FailureOr<uint8_t> id = cursor.readByte();
    if (failed(id))
      return;
    FailureOr<ByteCursor> contents = cursor.readSized("subsection");
    if (failed(contents))
      return;
    if (*id == ModuleName) {
      FailureOr<llvm::StringRef> name = contents->readName();
      if (failed(name))
        return;
      module.nameOfModule = *name;
    }
    if (*id == FunctionNames && failed(readFunctionNames(*contents, module)))
      return;
  }
}

const Export *Module::findExport(llvm::StringRef name) const {
  auto found = exportsByName.find(name);
  return found == exportsByName.end() ? nullptr : &exports[found->second];
}

llvm::StringRef Module::moduleName() const { return nameOfModule; }

llvm::StringRef Module::funcName(uint32_t index) const {
  return index < funcNames.size() ? funcNames[index] : llvm::StringRef();
}
