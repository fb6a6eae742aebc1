//===- EdgeReport.h - What became of calls between instances ----*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_EDGEREPORT_H
#define TENON_DRIVER_EDGEREPORT_H

#include "tenon/Codegen/Codegen.h"

namespace tenon::driver {

/// Prints a line for each edge between instances (a core import that another component instance or
/// the host provides): `folded`, `inlined`, `direct` or `indirect`, and why.
void printEdges(const codegen::Program &program, llvm::ArrayRef<codegen::CallRecord> calls,
                llvm::raw_ostream &os);

} // namespace tenon::driver

#endif // TENON_DRIVER_EDGEREPORT_H
