/* The program of calls.wat in C: one part of it for each value of PART, each compiled by itself and linked
 * with -flto. The virtualizer is compiled once for each LEVEL and calls the level below; TOP is the last.
 * Here a handle is a pointer: there is nobody whom C would have to check.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define JOIN(name, level) JOINED(name, level)
#define JOINED(name, level) name##level
#define DECLARE(level)                                                                             \
  uint32_t JOIN(mix, level)(uint32_t a, uint32_t b);                                               \
  struct counter *JOIN(make, level)(uint32_t start);                                               \
  uint32_t JOIN(add, level)(struct counter * self, uint32_t a);

struct counter;
#define LEAF 0
#define VIRTUALIZER 1
#define CHILD 2
#define MAIN 3

#if PART == LEAF
DECLARE(0)
struct counter {
  uint32_t value;
};
static uint32_t state = 1;
static struct counter counter;
static uint32_t rotl5(uint32_t x) { return x << 5 | x >> 27; }

uint32_t mix0(uint32_t a, uint32_t b) { return state = (rotl5(state) ^ a) + b; }
struct counter *make0(uint32_t start) {
  counter.value = start;
  return &counter;
}
uint32_t add0(struct counter *self, uint32_t a) { return self->value = rotl5(self->value) + a; }

#elif PART == VIRTUALIZER
DECLARE(BELOW)
DECLARE(LEVEL)
struct counter {
  struct counter *inner;
};
static struct counter counter;

uint32_t JOIN(mix, LEVEL)(uint32_t a, uint32_t b) { return JOIN(mix, BELOW)(a, b); }
struct counter *JOIN(make, LEVEL)(uint32_t start) {
  counter.inner = JOIN(make, BELOW)(start);
  return &counter;
}
uint32_t JOIN(add, LEVEL)(struct counter *self, uint32_t a) {
  return JOIN(add, BELOW)(self->inner, a);
}

#elif PART == CHILD
DECLARE(TOP)
uint32_t scalars(uint32_t count) {
  uint32_t x = 0;
  for (uint32_t i = 0; i < count; ++i)
    x = JOIN(mix, TOP)(x, i);
  return x;
}
uint32_t handles(uint32_t count) {
  uint32_t x = 0;
  struct counter *counter = JOIN(make, TOP)(count);
  for (uint32_t i = 0; i < count; ++i)
    x = JOIN(add, TOP)(counter, x + i);
  return x;
}

#else
uint32_t scalars(uint32_t count);
uint32_t handles(uint32_t count);
static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
static void measure(const char *name, uint32_t (*loop)(uint32_t), uint32_t count) {
  uint64_t start = now();
  uint32_t result = loop(count);
  printf("%s %u %llu %u\n", name, count, (unsigned long long)(now() - start), result);
}
int main(void) {
  measure("scalars", scalars, 100000000);
  measure("handles", handles, 50000000);
  return 0;
}
#endif
