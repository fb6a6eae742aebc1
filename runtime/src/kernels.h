//===- kernels.h - The kernels, of every level ---------------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_KERNELS_H
#define TENON_RUNTIME_KERNELS_H

#include "levels.h"

#define KERNEL(result, name, parameters, arguments) result name parameters;
namespace tenon::rt::baseline {
#include "kernels.def"
}
#if defined(__x86_64__)
namespace tenon::rt::avx2 {
#include "kernels.def"
}
namespace tenon::rt::avx512 {
#include "kernels.def"
}
#endif
#undef KERNEL

extern "C" {
#define KERNEL(result, name, parameters, arguments) result tenon_##name parameters;
#include "kernels.def"
#undef KERNEL
}

#endif // TENON_RUNTIME_KERNELS_H
