//===- Partition.h - Cutting the program into parts ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_PARTITION_H
#define TENON_LIB_CODEGEN_PARTITION_H

#include "Facts.h"

namespace tenon::codegen {

/// Functions that are translated, optimised and emitted together.
struct Part {
  std::string name; ///< the symbol of its first function
  std::vector<FuncPointer> functions;
  bool isHuge = false; ///< a single function (HugeFunctions.h)
};

/// The parts of the program: consecutive functions of consecutive instances. Depends on the program
/// alone, and hardly on the sizes of single functions (Partition.cpp).
std::vector<Part> partition(const Facts &facts);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_PARTITION_H
