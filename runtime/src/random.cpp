//===- random.cpp - wasi:random -------------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "syscall.h"
#include "wasi.h"

using namespace tenon::rt;

namespace {

/// The kernel's generator serves all three interfaces: good numbers are good "insecure" ones, too.
void fill(uint8_t *bytes, uint64_t size) {
  while (size) {
    long got = syscall(SysGetrandom, address(bytes), static_cast<long>(size), 0);
    if (got == -eINTR)
      continue;
    if (got <= 0)
      fatal("the kernel has no random numbers");
    bytes += got;
    size -= static_cast<uint64_t>(got);
  }
}

void randomBytes(uint64_t size, Bytes *out) {
  uint8_t *bytes = reserveResult(size);
  fill(bytes, size);
  *out = {bytes, size};
}

uint64_t random64() {
  uint64_t value;
  fill(reinterpret_cast<uint8_t *>(&value), sizeof(value));
  return value;
}

} // namespace

TENON_HOST("wasi:random/random#get-random-bytes", void, getRandomBytes, uint64_t size, Bytes *out) {
  randomBytes(size, out);
}

TENON_HOST("wasi:random/random#get-random-u64", uint64_t, getRandomU64) { return random64(); }

TENON_HOST("wasi:random/insecure#get-insecure-random-bytes", void, getInsecureRandomBytes,
           uint64_t size, Bytes *out) {
  randomBytes(size, out);
}

TENON_HOST("wasi:random/insecure#get-insecure-random-u64", uint64_t, getInsecureRandomU64) {
  return random64();
}

/// `tuple<u64, u64>`
struct InsecureSeed {
  uint64_t first, second;
};

TENON_HOST("wasi:random/insecure-seed#insecure-seed", void, insecureSeed, InsecureSeed *out) {
  *out = {random64(), random64()};
}
