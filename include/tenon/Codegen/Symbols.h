//===- Symbols.h - Names of what code generation defines --------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Symbols read like the graph, so that `nm`, `perf` and `gdb` tell the story: a function is
// `<instance path>.<its name>`, state is named by its number in the program. ELF gives `@` in a
// name a meaning of its own (versions), so it is written `~` there.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_SYMBOLS_H
#define TENON_CODEGEN_SYMBOLS_H

#include "tenon/Codegen/Program.h"

namespace tenon::codegen {

/// `text` with what a symbol can't hold (control characters, `@`) replaced.
std::string symbolText(llvm::StringRef text);

/// Names of the functions of a module, unique in it: of the name section, else of an export, else
/// `func[N]`. By function index.
std::vector<std::string> functionNames(const wasm::Module &module);

/// The base of memory `index` of the program: an absolute symbol in the closed world.
std::string symbolOfMemoryBase(uint32_t index);
/// The `tenon_memory` record of a memory.
std::string symbolOfMemory(uint32_t index);
/// The `tenon_table` record of a table, and its elements.
std::string symbolOfTable(uint32_t index);
std::string symbolOfTableElements(uint32_t index);
std::string symbolOfGlobal(uint32_t index);
/// The `tenon_tag` of a tag.
std::string symbolOfTag(uint32_t index);
/// The `tenon_self` record of a component instance.
std::string symbolOfSelf(uint32_t index);
/// The function that instantiates core instance `index`: `void ()`.
std::string symbolOfInstantiate(uint32_t index);

} // namespace tenon::codegen

#endif // TENON_CODEGEN_SYMBOLS_H
