//===- memory.cpp - Memories, traps and the harness -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With the entry `_start` it does what its argument says and (mostly) dies of it; with
// `tenon_start_harness` it goes through a list of commands.
//
//===----------------------------------------------------------------------===//

#include "../src/process.h"
#include "../src/trap.h"
#include "check.h"
#include "tenon-abi/harness.h"

extern "C" int64_t tenon_memory_grow(tenon_memory *memory, uint64_t delta);
extern "C" int64_t tenon_table_grow(tenon_table *table, uint64_t delta, void *value);
extern "C" void tenon_trap_missing(const char *name);
extern "C" double nearbyint(double);
extern "C" double floor(double);
extern "C" double ceil(double);
extern "C" float truncf(float);

namespace {

constexpr uint64_t wasmPage = 65536;
constexpr uintptr_t memoryBase = 0x70000000;

/// A constant of the linker's.
extern "C" const uint8_t testMemoryBase[] __asm__("test.memory.0");

tenon_memory memory = {
    reinterpret_cast<uint8_t *>(memoryBase), 0, 65536, (8ull << 30) + wasmPage, 16, 0};
tenon_memory moving = {nullptr, 0, 10, 0, 16, 1};

/// The linker puts it at `memoryBase`.
__attribute__((section("tenon.image.0"), used, aligned(4096))) uint8_t image[8192] =
    "from the image";

const tenon_memory_def definitions[] = {{&memory, 2 * wasmPage, 0, sizeof(image), "test memory 0"},
                                        {&moving, wasmPage, 0, 0, "test memory 1"}};

volatile uint8_t &byteAt(uint64_t offset) {
  return *reinterpret_cast<volatile uint8_t *>(memoryBase + offset);
}

void testMemory() {
  CHECK_EQUAL(address(testMemoryBase), memoryBase);
  CHECK_EQUAL(byteAt(0), 'f');
  CHECK_EQUAL(byteAt(sizeof(image)), 0);
  byteAt(2 * wasmPage - 1) = 1;
  CHECK_EQUAL(tenon_memory_grow(&memory, 1), 2);
  byteAt(3 * wasmPage - 1) = 1;
  CHECK_EQUAL(tenon_memory_grow(&memory, 0), 3);
  CHECK_EQUAL(tenon_memory_grow(&memory, 65536), -1);
  CHECK_EQUAL(tenon_memory_grow(&memory, ~0ull), -1);
  CHECK_EQUAL(memory.bytes, 3 * wasmPage);
  moving.base[wasmPage - 1] = 42;
  CHECK_EQUAL(tenon_memory_grow(&moving, 9), 1);
  CHECK_EQUAL(moving.base[wasmPage - 1], 42);
  moving.base[10 * wasmPage - 1] = 1;
  CHECK_EQUAL(tenon_memory_grow(&moving, 1), -1);
}

void testTable() {
  static void *first[4];
  tenon_table table = {first, 4, 1000, 4};
  CHECK_EQUAL(tenon_table_grow(&table, 100, first), 4);
  CHECK(table.elements[3] == nullptr && table.elements[4] == first && table.elements[103] == first);
  CHECK_EQUAL(tenon_table_grow(&table, 897, nullptr), -1);
  CHECK_EQUAL(tenon_table_grow(&table, 896, nullptr), 104);
}

/// Every size and overlap up to a few hundred bytes, against byte loops.
void testMove() {
  static uint8_t bytes[6000], expected[6000];
  auto fill = [](uint8_t *at) {
    for (unsigned i = 0; i < 6000; ++i)
      at[i] = static_cast<uint8_t>(i * 7 + i / 256);
  };
  for (unsigned size = 0; size < 300; size += size < 70 ? 1 : 13)
    for (int shift = -70; shift <= 70; shift += 7) {
      fill(bytes);
      fill(expected);
      uint8_t *from = expected + 1000, *to = from + shift;
      for (unsigned i = 0; i < size; ++i) {
        unsigned at = shift > 0 ? size - 1 - i : i;
        to[at] = from[at];
        __asm__ volatile("" : : : "memory");
      }
      memmove(bytes + 1000 + shift, bytes + 1000, size);
      CHECK_EQUAL(memcmp(bytes, expected, sizeof(bytes)), 0);
    }
  fill(bytes);
  memmove(bytes + 1, bytes, 5000);
  fill(expected);
  CHECK_EQUAL(memcmp(bytes + 1, expected, 5000), 0);
  memmove(bytes, bytes + 1, 5000);
  CHECK_EQUAL(memcmp(bytes, expected, 5000), 0);
  memset(bytes, 0x5a, 5999);
  CHECK(bytes[0] == 0x5a && bytes[5998] == 0x5a && memcmp("abcdefgh1", "abcdefgh2", 9) < 0);
}

void testRounding() {
  CHECK(nearbyint(2.5) == 2 && nearbyint(-3.5) == -4 && nearbyint(0.49999999999999994) == 0);
  CHECK(floor(-0.5) == -1 && floor(1e300) == 1e300 && ceil(0.2) == 1);
  CHECK(__builtin_signbit(ceil(-0.5)) && __builtin_signbit(nearbyint(-0.2)) && truncf(-7.9f) == -7);
}

__attribute__((noinline)) int recurse(volatile int *from) {
  if (*from < 0)
    return 0;
  volatile int mine[10];
  mine[0] = *from + 1;
  return recurse(mine) + mine[1];
}

void accessOutside(void *) { byteAt(5 * wasmPage) = 1; }
void exhaust(void *) {
  volatile int start = 0;
  recurse(&start);
}
void divide(void *) { tenon_trap(IntegerDivideByZero); }

void testProtect() {
  for (int i = 0; i < 3; ++i) {
    CHECK_EQUAL(tenon_protect(accessOutside, nullptr), MemoryOutOfBounds);
    CHECK_EQUAL(tenon_protect(exhaust, nullptr), StackExhausted);
    CHECK_EQUAL(tenon_protect(divide, nullptr), IntegerDivideByZero);
  }
  auto nested = [](void *) {
    CHECK_EQUAL(tenon_protect(divide, nullptr), IntegerDivideByZero);
    accessOutside(nullptr);
  };
  CHECK_EQUAL(tenon_protect(nested, nullptr), MemoryOutOfBounds);
  CHECK(!tenon_recovery);
}

uint32_t run() {
  const char *what = process.argc > 1 ? process.argv[1] : "";
  Bytes word = {data(what), strlen(what)};
  if (equals(word, "outside"))
    accessOutside(nullptr);
  if (equals(word, "exhaust"))
    exhaust(nullptr);
  if (equals(word, "divide"))
    divide(nullptr);
  if (equals(word, "missing"))
    tenon_trap_missing("wasi:http/types#nobody");
  if (equals(word, "null"))
    *reinterpret_cast<volatile int *>(16) = 1;
  if (equals(word, "fail"))
    return 1;
  testMemory();
  testTable();
  testMove();
  testRounding();
  testProtect();
  exitProcess(failures);
}

uint64_t slots[] = {40, 2};
void add(uint64_t *at) { at[0] += at[1]; }
void addAndAccess(uint64_t *) { accessOutside(nullptr); }
void addAndExhaust(uint64_t *) { exhaust(nullptr); }
constexpr tenon_command command(void (*run)(uint64_t *), uint64_t *slots, uint32_t results,
                                uint32_t id) {
  return {run, slots, results, id, 0, 0, 0, 0, 0, nullptr, nullptr};
}
const tenon_command commands[] = {command(add, slots, 2, 10), command(addAndAccess, nullptr, 0, 11),
                                  command(addAndExhaust, nullptr, 0, 12),
                                  command(addAndExhaust, nullptr, 0, 13),
                                  command(add, slots, 1, 14)};

} // namespace

const struct tenon_command_list tenon_commands = {5, commands, 1, 0, 0};
const struct tenon_program_info tenon_program_info = {TENON_ABI_VERSION, 2,       definitions, 0,
                                                      nullptr,           nullptr, 1 << 20,     run};
