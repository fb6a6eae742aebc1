//===- exception.h - The parts of exception handling ---------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_EXCEPTION_H
#define TENON_RUNTIME_EXCEPTION_H

#include "base.h"
#include "registers.h"
#include "tenon-abi/exception.h"

extern "C" tenon_exception_in_flight tenon_thrown;
extern "C" [[noreturn, gnu::cold]] void tenon_uncaught(const tenon_exception *exception);

namespace tenon::rt {

/// Finds the handler for an exception that was thrown by a call in the frame that `registers`
/// describe, and goes on there.
[[noreturn]] void unwind(const tenon_exception *exception, Registers &registers);

} // namespace tenon::rt

#endif // TENON_RUNTIME_EXCEPTION_H
