//===- Symbols.cpp - Names of what code generation defines ----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Codegen/Symbols.h"
#include "llvm/ADT/StringMap.h"

using namespace tenon;
using namespace tenon::codegen;

std::string codegen::symbolText(llvm::StringRef text) {
  std::string out = text.str();
  for (char &c : out) {
    if (c == '@')
      c = '~';
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '_';
  }
  return out;
}

std::vector<std::string> codegen::functionNames(const wasm::Module &module) {
  std::vector<std::string> names(module.funcTypes.size());
  llvm::StringMap<unsigned> uses;
  for (uint32_t i = 0; i < names.size(); ++i)
    names[i] = symbolText(module.funcName(i));
  for (const wasm::Export &exported : module.exports)
    if (exported.kind == wasm::ExternKind::Func && names[exported.index].empty())
      names[exported.index] = symbolText(exported.name);
  for (const std::string &name : names)
    ++uses[name];
  // A name that stands twice says nothing alone. `func[N]` in a name section could be anyone's too.
  for (uint32_t i = 0; i < names.size(); ++i) {
    std::string number = "func[" + std::to_string(i) + "]";
    if (names[i].empty())
      names[i] = number;
    else if (uses[names[i]] > 1 || llvm::StringRef(names[i]).contains("func["))
      names[i] += "." + number;
  }
  return names;
}

std::string codegen::symbolOfMemoryBase(uint32_t index) {
  return "tenon.memory.base." + std::to_string(index);
}
std::string codegen::symbolOfMemory(uint32_t index) {
  return "tenon.memory." + std::to_string(index);
}
std::string codegen::symbolOfTable(uint32_t index) {
  return "tenon.table." + std::to_string(index);
}
std::string codegen::symbolOfTableElements(uint32_t index) {
  return "tenon.table.elements." + std::to_string(index);
}
std::string codegen::symbolOfGlobal(uint32_t index) {
  return "tenon.global." + std::to_string(index);
}
std::string codegen::symbolOfTag(uint32_t index) { return "tenon.tag." + std::to_string(index); }
std::string codegen::symbolOfSelf(uint32_t index) { return "tenon.self." + std::to_string(index); }
std::string codegen::symbolOfInstantiate(uint32_t index) {
  return "tenon.instantiate." + std::to_string(index);
}
