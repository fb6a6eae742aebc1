//===- execute.c - Two core instances for execute.mlir --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plays the core modules of `parent/child` (the caller) and `parent/virt` (the callee, which implements the
// resource `descriptor`), with two memories of a page, and checks what adapters do to them.
//
//===----------------------------------------------------------------------===//

#include "tenon-abi/state.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMED(text) __asm__(text)

enum {
  DescriptorType = 1, // numbers that the lowering gives resources
  PollableType = 2,
#define TRAP(name, code, text) name = code,
#include "tenon-abi/traps.def"
#undef TRAP
};

//===--- state ------------------------------------------------------------===//

uint8_t childBytes[1 << 18] NAMED("parent/child.m!mem$base");
uint8_t virtBytes[1 << 18] NAMED("parent/virt.m!mem$base");
struct tenon_memory childMemory NAMED("parent/child.m!mem$memory") = {.bytes = 65536};
struct tenon_memory virtMemory NAMED("parent/virt.m!mem$memory") = {.bytes = 65536};
struct tenon_self child NAMED("self:parent/child");
struct tenon_self virt NAMED("self:parent/virt");

static uint32_t *childWords(uint32_t at) { return (uint32_t *)(childBytes + at); }
static uint32_t *virtWords(uint32_t at) { return (uint32_t *)(virtBytes + at); }

//===--- the runtime's part -----------------------------------------------===//

static jmp_buf recovery;
static uint32_t lastTrap;

_Noreturn void tenon_trap(uint32_t kind) {
  lastTrap = kind;
  longjmp(recovery, 1);
}
_Noreturn void tenon_trap_handle(uint32_t kind, uint32_t handle) {
  (void)handle;
  tenon_trap(kind);
}
void fatal(void) NAMED("_ZN5tenon2rt5fatalEPKcS2_i");
void fatal(void) { abort(); }
uint32_t tenon_handle_new_own(struct tenon_self *, uint32_t, uint32_t);
uint64_t tenon_handle_drop(struct tenon_self *, uint32_t, uint32_t);

#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      printf("line %d: %s is not so\n", __LINE__, #condition);                                     \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

#define TRAPS(kind, call)                                                                          \
  do {                                                                                             \
    lastTrap = 0;                                                                                  \
    if (!setjmp(recovery))                                                                         \
      call;                                                                                        \
    if (lastTrap != (kind)) {                                                                      \
      printf("line %d: %s: expected %s, got trap %u\n", __LINE__, #call, #kind, lastTrap);         \
      exit(1);                                                                                     \
    }                                                                                              \
    child.cannot_leave = virt.cannot_leave = 0;                                                    \
    child.task = virt.task = NULL;                                                                 \
  } while (0)

//===--- adapters ---------------------------------------------------------===//

uint32_t newDescriptor(uint32_t rep) NAMED("parent/virt: resource.new descriptor");
uint32_t repOfDescriptor(uint32_t handle) NAMED("parent/virt: resource.rep descriptor");
void dropDescriptor(uint32_t handle) NAMED("parent/child: resource.drop descriptor");
void callOpen(uint32_t self, uint32_t text, uint32_t length,
              uint32_t result) NAMED("parent/child -> parent/virt: open");
void callAll(uint32_t params, uint32_t result) NAMED("parent/child -> parent/virt: all");
void callLend(uint32_t isSome, uint32_t handle) NAMED("parent/child -> parent/virt: lend");
void callPair(uint32_t list, uint32_t length,
              uint32_t own) NAMED("parent/child -> parent/virt: pair");

//===--- core functions ---------------------------------------------------===//

static uint32_t childTop = 4096, virtTop = 4096, childReallocAdds;

static uint32_t bump(uint32_t *top, uint32_t alignment, uint32_t size) {
  uint32_t at = (*top + alignment - 1) & -alignment;
  *top = at + size;
  return at;
}
uint32_t childRealloc(uint32_t old, uint32_t oldSize, uint32_t alignment,
                      uint32_t size) NAMED("parent/child.m!realloc");
uint32_t childRealloc(uint32_t old, uint32_t oldSize, uint32_t alignment, uint32_t size) {
  CHECK(old == 0 && oldSize == 0 && child.cannot_leave);
  return bump(&childTop, alignment, size) + childReallocAdds;
}
uint32_t virtRealloc(uint32_t old, uint32_t oldSize, uint32_t alignment,
                     uint32_t size) NAMED("parent/virt.m!realloc");
uint32_t virtRealloc(uint32_t old, uint32_t oldSize, uint32_t alignment, uint32_t size) {
  CHECK(old == 0 && oldSize == 0 && virt.cannot_leave);
  return bump(&virtTop, alignment, size);
}

static uint32_t destroyed;
void destroy(uint32_t rep) NAMED("parent/virt.m!dtor");
void destroy(uint32_t rep) { destroyed = rep; }

// open: func(self: borrow<descriptor>, path: string) -> result<own<descriptor>, string>
static enum { ReturnsOk, ReturnsError, BadCase, BadAlignment, BadAddress } openMode;
static uint32_t seenRep, posts;
uint32_t open_(uint32_t rep, uint32_t text, uint32_t length) NAMED("parent/virt.m!open");
uint32_t open_(uint32_t rep, uint32_t text, uint32_t length) {
  seenRep = rep;
  CHECK(length == 5 && !memcmp(virtBytes + text, "h\xc3\xa9lo", 5));
  switch (openMode) {
  case ReturnsOk:
    virtBytes[100] = 0;
    *virtWords(104) = newDescriptor(77);
    return 100;
  case ReturnsError:
    virtBytes[100] = 1;
    memcpy(virtBytes + 200, "oops", 4);
    *virtWords(104) = 200;
    *virtWords(108) = 4;
    return 100;
  case BadCase:
    virtBytes[100] = 2;
    return 100;
  case BadAlignment:
    return 101;
  case BadAddress:
    return 65532;
  }
  return 0;
}
void postOpen(uint32_t result) NAMED("parent/virt.m!post");
void postOpen(uint32_t result) {
  CHECK(virt.cannot_leave && result == 100);
  ++posts;
}

static int keepsBorrow;
void lend(uint32_t isSome, uint32_t handle) NAMED("parent/virt.m!lend");
void lend(uint32_t isSome, uint32_t handle) {
  if (isSome && !keepsBorrow)
    CHECK(tenon_handle_drop(&virt, PollableType, handle) == 42); // not owned
}

void pair(uint32_t list, uint32_t length, uint32_t own) NAMED("parent/virt.m!pair");
void pair(uint32_t list, uint32_t length, uint32_t own) {
  CHECK(length == 2);
  for (uint32_t i = 0; i < 2; ++i) {
    CHECK(child.handles[childWords(0)[i]].lends == 1);
    CHECK(tenon_handle_drop(&virt, PollableType, virtWords(list)[i]) == 50 + i);
  }
  CHECK(tenon_handle_drop(&virt, PollableType, own) == ((uint64_t)1 << 32 | 60));
}

/// The parameters of `all` as they lie in memory.
struct All {
  uint8_t a;
  int8_t b;
  uint16_t c;
  int16_t d;
  uint32_t e;
  int32_t f;
  uint64_t g;
  int64_t h;
  float i;
  double j;
  uint32_t k; // char
  uint8_t l;  // bool
  uint32_t text, textLength, points, pointsLength, chars, charsLength, lists, listsLength;
};

uint32_t all(uint32_t params) NAMED("parent/virt.m!all");
uint32_t all(uint32_t params) {
  struct All *all = (struct All *)(virtBytes + params);
  CHECK(all->a == 200 && all->b == -3 && all->c == 65535 && all->d == -2 && all->e == 7);
  CHECK(all->f == -8 && all->g == ~(uint64_t)0 && all->h == -9 && all->i == 1.5f);
  CHECK(all->j == 2.25 && all->k == 0x1f600 && all->l == 1);
  CHECK(all->textLength == 2 && !memcmp(virtBytes + all->text, "ab", 2));
  CHECK(all->pointsLength == 2 && virtWords(all->points)[3] == 4);
  CHECK(all->charsLength == 2 && virtWords(all->chars)[1] == 'z');
  uint32_t *outer = virtWords(all->lists);
  CHECK(all->listsLength == 1 && outer[1] == 2);
  uint32_t *strings = virtWords(outer[0]);
  CHECK(strings[1] == 3 && !memcmp(virtBytes + strings[0], "xyz", 3) && strings[3] == 0);

  // tuple<u8, option<list<u64>>, result<own<0>, f64>, flags<a, b, c>>
  memset(virtBytes + 512, 0xff, 64);
  virtBytes[512] = 9;
  virtBytes[516] = 1;
  *virtWords(520) = 600;
  *virtWords(524) = 2;
  ((uint64_t *)(virtBytes + 600))[1] = 12;
  virtBytes[528] = 1;
  *(double *)(virtBytes + 536) = 3.5;
  return 512;
}

//===--- tests ------------------------------------------------------------===//

static void testResources(uint32_t handle) {
  uint32_t mine = newDescriptor(5);
  CHECK(repOfDescriptor(mine) == 5 && virt.handles[mine].own);
  openMode = ReturnsOk;
  callOpen(handle, 10, 5, 32);
  uint32_t opened = *childWords(36);
  CHECK(seenRep == 5 && childBytes[32] == 0 && posts == 1);
  CHECK(child.handles[opened].rep == 77 && child.handles[opened].own);
  dropDescriptor(opened);
  CHECK(destroyed == 77);
  TRAPS(UnknownHandle, dropDescriptor(opened));
  TRAPS(UnknownHandle, dropDescriptor(0));
  TRAPS(UnknownHandle, dropDescriptor(~0u));
  TRAPS(UnknownHandle, callOpen(99, 10, 5, 32));
  child.cannot_leave = 1;
  TRAPS(CannotLeave, callOpen(handle, 10, 5, 32));
  child.cannot_leave = 1;
  TRAPS(CannotLeave, dropDescriptor(handle));
}

static void testStringsAndResults(uint32_t handle) {
  openMode = ReturnsError;
  callOpen(handle, 10, 5, 32);
  CHECK(childBytes[32] == 1 && *childWords(40) == 4);
  CHECK(!memcmp(childBytes + *childWords(36), "oops", 4) && posts == 2);
  childReallocAdds = 1 << 17;
  TRAPS(StringTooLong, callOpen(handle, 10, 5, 32));
  childReallocAdds = 0;
  openMode = BadCase;
  TRAPS(InvalidDiscriminant, callOpen(handle, 10, 5, 32));
  openMode = BadAlignment;
  TRAPS(PointerMisaligned, callOpen(handle, 10, 5, 32));
  openMode = BadAddress;
  TRAPS(PointerOutOfBounds, callOpen(handle, 10, 5, 32));
  openMode = ReturnsOk;
  TRAPS(PointerMisaligned, callOpen(handle, 10, 5, 33));
  TRAPS(PointerOutOfBounds, callOpen(handle, 10, 5, 65528));
  TRAPS(StringTooLong, callOpen(handle, 65532, 5, 32));
  TRAPS(StringTooLong, callOpen(handle, ~0u, 5, 32));
  TRAPS(StringTooLong, callOpen(handle, 10, ~0u, 32));
  TRAPS(InvalidUTF8, callOpen(handle, 12, 1, 32));
}

static void testBorrows(uint32_t descriptor) {
  uint32_t pollable = tenon_handle_new_own(&child, PollableType, 42);
  TRAPS(HandleTypeMismatch, callOpen(pollable, 10, 5, 32));
  callLend(1, pollable);
  callLend(0, 0);
  TRAPS(InvalidDiscriminant, callLend(2, pollable));
  TRAPS(HandleTypeMismatch, callLend(1, descriptor));
  keepsBorrow = 1;
  TRAPS(BorrowsRemain, callLend(1, pollable));

  childWords(0)[0] = tenon_handle_new_own(&child, PollableType, 50);
  childWords(0)[1] = tenon_handle_new_own(&child, PollableType, 51);
  uint32_t own = tenon_handle_new_own(&child, PollableType, 60);
  callPair(0, 2, own);
  CHECK(child.handles[childWords(0)[0]].lends == 0);
  CHECK(child.handles[childWords(0)[1]].lends == 0);
  TRAPS(HandleLent, callPair(0, 2, childWords(0)[0]));
  TRAPS(PointerMisaligned, callPair(1, 2, own));
  TRAPS(ListTooLong, callPair(65532, 2, own));
  TRAPS(ListTooLong, callPair(0, 1u << 30, own));
}

static void testEveryType(void) {
  struct All *all = (struct All *)(childBytes + 1024);
  *all = (struct All){200,  -3, 65535, -2, 7,    -8, ~(uint64_t)0, -9, 1.5f, 2.25, 0x1f600,
                      55, 2000, 2,  2008, 2,  2024,          2,  2032, 1};
  memcpy(childBytes + 2000, "ab", 2);
  childWords(2008)[3] = 4;
  childWords(2024)[1] = 'z';
  childWords(2032)[0] = 2040;
  childWords(2032)[1] = 2;
  childWords(2040)[0] = 2060;
  childWords(2040)[1] = 3;
  memcpy(childBytes + 2060, "xyz", 3);
  memset(childBytes + 3000, 0xee, 64);
  callAll(1024, 3000);
  CHECK(childBytes[3000] == 9 && childBytes[3004] == 1 && *childWords(3012) == 2);
  CHECK(((uint64_t *)(childBytes + *childWords(3008)))[1] == 12);
  CHECK(childBytes[3016] == 1 && *(double *)(childBytes + 3024) == 3.5);
  CHECK(childBytes[3032] == 7);                                // three flags, no more
  CHECK(childBytes[3001] == 0xee && childBytes[3033] == 0xee); // padding is left alone
  all->k = 0xd800;
  TRAPS(InvalidChar, callAll(1024, 3000));
  all->k = 0x110000;
  TRAPS(InvalidChar, callAll(1024, 3000));
  all->k = 65;
  TRAPS(PointerMisaligned, callAll(1025, 3000));
  childWords(2040)[0] = 65530;
  childWords(2040)[1] = 10;
  TRAPS(StringTooLong, callAll(1024, 3000));
}

int main(void) {
  memcpy(childBytes + 10, "h\xc3\xa9lo", 5);
  uint32_t handle = tenon_handle_new_own(&child, DescriptorType, 5);
  testResources(handle);
  testStringsAndResults(handle);
  testBorrows(handle);
  testEveryType();
  puts("all as the Canonical ABI says");
  return 0;
}
