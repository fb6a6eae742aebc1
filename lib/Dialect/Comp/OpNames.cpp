//===- OpNames.cpp - What SSA values are called in printed IR -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Dialect/Comp/CompOps.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

/// The last part of a name, which says most: `types` of `wasi:filesystem/types@0.2.6`, `read` of
/// `[method]descriptor.read`.
static StringRef lastPart(StringRef name) {
  name = name.split('@').first;
  for (char separator : {'/', '.', ']'}) {
    size_t at = name.rfind(separator);
    if (at != StringRef::npos)
      name = name.substr(at + 1);
  }
  return name;
}

/// The printer makes names unique; one that starts with a digit would not be a name.
static void nameAfter(Value value, StringRef name, OpAsmSetValueNameFn setNameFn) {
  name = lastPart(name);
  if (!name.empty() && !llvm::isDigit(name.front()))
    setNameFn(value, name);
}

void DefineOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) {
  nameAfter(getResult(), getName(), setNameFn);
}

void DefineOp::getAsmBlockArgumentNames(Region &, OpAsmSetValueNameFn setNameFn) {
  setNameFn(getParent(), "parent");
  for (auto [name, argument] : llvm::zip(getImportNames().getAsRange<StringAttr>(), getImports()))
    nameAfter(argument, name.getValue(), setNameFn);
}

void HostOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) { setNameFn(getResult(), "host"); }

void SelfOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) { setNameFn(getResult(), "self"); }

void InstantiateOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) {
  nameAfter(getResult(), getName(), setNameFn);
}

void ExportOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) {
  nameAfter(getResult(), getName(), setNameFn);
}

void comp::ResourceOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) {
  nameAfter(getResult(), getName(), setNameFn);
}

void CoreModuleOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) {
  nameAfter(getResult(), getName(), setNameFn);
}

void CoreInstantiateOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) {
  nameAfter(getResult(), getName(), setNameFn);
}

void CoreInstanceOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) {
  nameAfter(getResult(), getPath(), setNameFn);
}

void CoreExportOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) {
  nameAfter(getResult(), getName(), setNameFn);
}

void ImportOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) {
  nameAfter(getResult(), getName(), setNameFn);
}

void HostFuncOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) {
  nameAfter(getResult(), getName(), setNameFn);
}

void HostResourceOp::getAsmResultNames(OpAsmSetValueNameFn setNameFn) {
  nameAfter(getResult(), getName(), setNameFn);
}
