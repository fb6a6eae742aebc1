/* memcpy for the sizes of lists.wat: prints `bytes calls nanoseconds` of the fastest of 200 groups
 * of calls. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static uint8_t source[1 << 21] __attribute__((aligned(4096)));
static uint8_t target[1 << 21] __attribute__((aligned(4096)));

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void measure(size_t size, uint32_t calls) {
  memset(source, 'a', size);
  memset(target, 'b', size);
  uint64_t best = UINT64_MAX;
  for (int group = 0; group < 200; ++group) {
    uint64_t start = now();
    for (uint32_t i = 0; i < calls; ++i) {
      memcpy(target, source, size);
      __asm__ volatile("" : : "r"(target), "r"(source) : "memory");
    }
    uint64_t took = now() - start;
    best = took < best ? took : best;
  }
  printf("%zu %u %llu\n", size, calls, (unsigned long long)best);
}

int main(void) {
  measure(4096, 1000);
  measure(65536, 60);
  measure(1048576, 4);
  return 0;
}
