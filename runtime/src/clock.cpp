//===- clock.cpp - Reading the clocks -------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The vDSO is a small shared object that the kernel maps into every process. Its one function that
// is wanted here is found by name at the first use; the system call stands in where it is not.
//
//===----------------------------------------------------------------------===//

#include "clock.h"
#include "process.h"

using namespace tenon::rt;

namespace {

#if defined(__x86_64__)
constexpr char functionName[] = "__vdso_clock_gettime";
#else
constexpr char functionName[] = "__kernel_clock_gettime";
#endif

/// The parts of ELF-64 that are read here.
struct FileHeader {
  uint8_t ident[16];
  uint16_t type, machine;
  uint32_t version;
  uint64_t entry, programHeaders, sectionHeaders;
  uint32_t flags;
  uint16_t headerSize, programHeaderSize, programHeaderCount;
};
struct ProgramHeader {
  uint32_t type, flags;
  uint64_t offset, address, physical, fileSize, memorySize, alignment;
};
struct DynamicEntry {
  uint64_t tag, value;
};
struct Symbol {
  uint32_t name;
  uint8_t info, other;
  uint16_t section;
  uint64_t value, size;
};
enum { SegmentLoad = 1, SegmentDynamic = 2 };
enum { DynamicStrings = 5, DynamicSymbols = 6 };

using ClockGettime = long(long clock, Timespec *out);

bool equals(const char *a, const char *b) {
  while (*a && *a == *b)
    ++a, ++b;
  return *a == *b;
}

ClockGettime *findInVdso(const uint8_t *vdso) {
  const FileHeader &header = *reinterpret_cast<const FileHeader *>(vdso);
  const ProgramHeader *segments =
      reinterpret_cast<const ProgramHeader *>(vdso + header.programHeaders);
  const uint8_t *bias = nullptr;
  const DynamicEntry *dynamic = nullptr;
  for (unsigned i = 0; i < header.programHeaderCount; ++i) {
    if (segments[i].type == SegmentLoad && !bias)
      bias = vdso + segments[i].offset - segments[i].address;
    if (segments[i].type == SegmentDynamic)
      dynamic = reinterpret_cast<const DynamicEntry *>(vdso + segments[i].offset);
  }
  if (!bias || !dynamic)
    return nullptr;
  const uint8_t *strings = nullptr, *symbols = nullptr;
  for (; dynamic->tag; ++dynamic) {
    if (dynamic->tag == DynamicStrings)
      strings = bias + dynamic->value;
    if (dynamic->tag == DynamicSymbols)
      symbols = bias + dynamic->value;
  }
  // The strings follow the symbols: their number stands nowhere else that all kernels agree on.
  if (!symbols || strings <= symbols)
    return nullptr;
  const Symbol *end = reinterpret_cast<const Symbol *>(symbols) +
                      static_cast<uint64_t>(strings - symbols) / sizeof(Symbol);
  for (const Symbol *symbol = reinterpret_cast<const Symbol *>(symbols); symbol != end; ++symbol)
    if (symbol->section &&
        equals(reinterpret_cast<const char *>(strings) + symbol->name, functionName))
      return reinterpret_cast<ClockGettime *>(const_cast<uint8_t *>(bias + symbol->value));
  return nullptr;
}

long askKernel(long clock, Timespec *out) { return syscall(SysClockGettime, clock, address(out)); }

ClockGettime *clockGettime = nullptr;

} // namespace

Timespec tenon::rt::readClock(Clock clock) {
  if (!clockGettime) {
    clockGettime = process.vdso ? findInVdso(process.vdso) : nullptr;
    if (!clockGettime)
      clockGettime = askKernel;
  }
  Timespec time = {0, 0};
  clockGettime(clock, &time);
  return time;
}
