//===- Backend.h - Program -> LLVM IR, object, executable -------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_BACKEND_H
#define TENON_DRIVER_BACKEND_H

#include "tenon/Codegen/Commands.h"
#include "tenon/Driver/Options.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace tenon::driver {

/// A core module as a program of one instance, its imports unprovided, its functions exported.
codegen::Program programOfModule(const wasm::Module &module);

/// The triple that `options.target` stands for.
std::string targetTriple(const Options &options);

/// The LLVM half of the pipeline.
class Backend {
public:
  /// `cache` may be null.
  Backend(const Options &options, Cache *cache, Diagnostics &diags)
      : options(options), diags(diags), cache(cache) {}

  /// Whether the target is known and the runtime is there; before any work is done.
  LogicalResult check();
  llvm::StringRef getTriple() const { return triple; }

  /// Generates code and writes what `options.stage` asks for. Host functions in `absent` trap. An
  /// executable does `call`, if there is one, through the channel of HarnessProcess.h, or else runs
  /// `program.run`.
  LogicalResult emit(const codegen::Program &program, llvm::ArrayRef<std::string> absent,
                     const codegen::Command *call = nullptr);

  /// The object or executable that `emit` wrote; null: it wrote none, or there is no cache.
  const llvm::MemoryBuffer *getWritten() const { return written.get(); }

  codegen::CodegenOptions codegenOptions() const;
  /// Adds the functions of the host that it does not have: they trap.
  LogicalResult addAbsentFunctions(codegen::CodegenResult &code,
                                   llvm::ArrayRef<std::string> absent);
  /// Links objects to an executable; `entry` as in link::LinkOptions.
  LogicalResult link(const codegen::CodegenResult &code, llvm::StringRef entry,
                     llvm::StringRef path);

private:
  const Options &options;
  Diagnostics &diags;
  LogicalResult linkProgram(codegen::CodegenResult &code, const codegen::Program &program,
                            const codegen::Command *call);
  LogicalResult writeObject(llvm::ArrayRef<codegen::ObjectFile> objects);
  LogicalResult reportEdges(const codegen::Program &program);

  std::string triple;
  std::unique_ptr<llvm::MemoryBuffer> runtime, written;
  Cache *cache;
};

} // namespace tenon::driver

#endif // TENON_DRIVER_BACKEND_H
