//===- streams.h - Reading and writing streams ---------------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_STREAMS_H
#define TENON_RUNTIME_STREAMS_H

#include "wasi.h"

namespace tenon::rt {

/// What `check-write` permits.
constexpr uint64_t writePermit = 1 << 20;

enum class Wait : bool { No, Yes };

/// Reads up to `size` bytes into `buffer`: the number, 0 when nothing is there yet (and `wait` is
/// No), a negative errno, or `streamEnd`.
constexpr long streamEnd = -4095;
long readStream(InputStream &stream, uint8_t *buffer, uint64_t size, Wait wait);

/// Writes everything: 0 or a negative errno.
long writeStream(OutputStream &stream, const uint8_t *bytes, uint64_t size);

} // namespace tenon::rt

#endif // TENON_RUNTIME_STREAMS_H
