//===- clock.h - Reading the clocks --------------------------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_CLOCK_H
#define TENON_RUNTIME_CLOCK_H

#include "syscall.h"

namespace tenon::rt {

/// clock_gettime, through the kernel's vDSO where there is one (20 ns instead of 200).
Timespec readClock(Clock clock);

} // namespace tenon::rt

#endif // TENON_RUNTIME_CLOCK_H
