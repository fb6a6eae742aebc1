//===- ProgramMaker.h - Programs made by hand -------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_TEST_UNIT_CODEGEN_PROGRAMMAKER_H
#define TENON_TEST_UNIT_CODEGEN_PROGRAMMAKER_H

#include "tenon/Codegen/Codegen.h"
#include "tenon/Wasm/Reader.h"
#include <gtest/gtest.h>

namespace tenon::codegen {

/// A program made by hand, instance by instance.
class ProgramMaker {
public:
  Program program;
  Diagnostics diags{[this](const Diagnostic &one) { message = one.message; }};
  std::string message;

  uint32_t add(llvm::StringRef path, llvm::ArrayRef<uint8_t> bytes,
               std::vector<FuncRef> functions = {}, std::vector<uint32_t> tables = {}) {
    FailureOr<std::unique_ptr<wasm::Module>> module =
        wasm::readModule(bytes, Location::binary(source, 0), diags);
    EXPECT_TRUE(succeeded(module));
    EXPECT_TRUE(succeeded(wasm::validateModule(**module, diags)));
    uint32_t index = program.instances.size();
    CoreInstance inst;
    inst.path = path.str();
    inst.module = module->get();
    inst.importedFuncs = std::move(functions);
    inst.tables = std::move(tables);
    define(index, inst.memories, program.memories, inst.module->memoryTypes.size());
    define(index, inst.tables, program.tables, inst.module->tableTypes.size());
    define(index, inst.globals, program.globals, inst.module->globalTypes.size());
    program.instances.push_back(std::move(inst));
    modules.push_back(std::move(*module));
    return index;
  }

  static FuncRef core(uint32_t instance, uint32_t index) {
    FuncRef ref;
    ref.kind = FuncRef::Core;
    ref.instance = instance;
    ref.index = index;
    return ref;
  }

  /// The IR of the program; `beforeOptimizer` as it was translated.
  std::string text(unsigned level, bool beforeOptimizer) {
    CodegenOptions options;
    options.optLevel = level;
    options.verify = options.emitLLVM = true;
    options.beforeOptimizer = beforeOptimizer;
    FailureOr<CodegenResult> result = generate(program, options, diags);
    EXPECT_TRUE(succeeded(result)) << message;
    return succeeded(result) ? result->llvmText : std::string();
  }

  CodegenResult objects(CodegenOptions options) {
    options.verify = true;
    FailureOr<CodegenResult> result = generate(program, options, diags);
    EXPECT_TRUE(succeeded(result)) << message;
    return succeeded(result) ? std::move(*result) : CodegenResult();
  }

private:
  SourceFile source{"test.wasm", ""};
  std::vector<std::unique_ptr<wasm::Module>> modules;

  static void define(uint32_t instance, std::vector<uint32_t> &space, std::vector<StateDef> &all,
                     size_t size) {
    for (uint32_t i = space.size(); i < size; ++i) {
      space.push_back(all.size());
      all.push_back({instance, i});
    }
  }
};

} // namespace tenon::codegen

#endif // TENON_TEST_UNIT_CODEGEN_PROGRAMMAKER_H
