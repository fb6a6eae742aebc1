//===- CallRecords.h - Which calls are left ----------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_CALLRECORDS_H
#define TENON_LIB_CODEGEN_CALLRECORDS_H

#include "tenon/Codegen/Codegen.h"

namespace llvm {
class Module;
} // namespace llvm

namespace tenon::codegen {

/// Appends what became of calls in the functions that an optimised part defines: sorted, each once.
void collectCalls(const llvm::Module &module, std::vector<CallRecord> &records);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_CALLRECORDS_H
