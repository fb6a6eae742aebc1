//===- debugline.h - The line table: from a code address to a function - -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_DEBUGLINE_H
#define TENON_RUNTIME_DEBUGLINE_H

#include "base.h"

namespace tenon::rt {

/// A row of the line table. Generated code puts the function, with its instance's path, where a C
/// compiler puts the file, and the offset in its body, plus one, where it puts the line.
struct LineRow {
  Bytes directory; ///< empty: none
  Bytes file;
  uint64_t line;
};

/// Finds the row that covers `pc` in a `.debug_line` section (DWARF 4 or 5); the strings of DWARF 5
/// stand in `.debug_line_str`. False when no row does, or when the table is damaged.
bool findLine(Bytes debugLine, Bytes debugLineStrings, uintptr_t pc, LineRow &row);

} // namespace tenon::rt

#endif // TENON_RUNTIME_DEBUGLINE_H
