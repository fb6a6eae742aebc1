/* Compute kernels, compiled twice from this one file: natively, and to a core module that Tenon compiles.
 * Each is timed with the host's monotonic clock, best of several runs, and printed as `name nanoseconds`
 * with a checksum, so that both sides can be seen to have done the same work.
 */
#include <stdint.h>

#ifdef __wasm__
#define IMPORT(name) __attribute__((import_module("host"), import_name(name)))
IMPORT("now") uint64_t host_now(void);
IMPORT("print") void host_print(const char *text, uint32_t size);
#else
#include <time.h>
#include <unistd.h>
static uint64_t host_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
static void host_print(const char *text, uint32_t size) {
  if (write(1, text, size) < 0)
    _exit(1);
}
#endif

enum { N = 128, GRID = 512, LIMIT = 1 << 20, SLOTS = 1 << 16 };

static double a[N][N], b[N][N], c[N][N];
static double grid[2][GRID][GRID];
static uint8_t composite[LIMIT];
static uint32_t keys[SLOTS], values[SLOTS];

static void gemm_setup(void) {
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < N; ++j) {
      a[i][j] = (i * 7 + j) % 13;
      b[i][j] = (i + j * 5) % 11;
      c[i][j] = 0;
    }
}

/* c += a * b, in an order that vectorises. */
static uint64_t gemm(void) {
  for (int i = 0; i < N; ++i)
    for (int k = 0; k < N; ++k)
      for (int j = 0; j < N; ++j)
        c[i][j] += a[i][k] * b[k][j];
  return (uint64_t)c[N / 2][N / 3];
}

static void stencil_setup(void) {
  for (int i = 0; i < GRID; ++i)
    for (int j = 0; j < GRID; ++j)
      grid[0][i][j] = grid[1][i][j] = (i * j) % 17;
}

static uint64_t stencil(void) {
  for (int step = 0; step < 4; ++step) {
    double(*from)[GRID] = grid[step & 1], (*to)[GRID] = grid[!(step & 1)];
    for (int i = 1; i < GRID - 1; ++i)
      for (int j = 1; j < GRID - 1; ++j)
        to[i][j] = 0.2 * (from[i][j] + from[i - 1][j] + from[i + 1][j] + from[i][j - 1] +
                          from[i][j + 1]);
  }
  return (uint64_t)(grid[0][GRID / 2][GRID / 2] * 1000);
}

static void nothing(void) {}

static uint64_t sieve(void) {
  uint64_t count = 0;
  for (uint32_t i = 0; i < LIMIT; ++i)
    composite[i] = 0;
  for (uint32_t i = 2; i < LIMIT; ++i) {
    if (composite[i])
      continue;
    ++count;
    for (uint64_t j = (uint64_t)i * i; j < LIMIT; j += i)
      composite[j] = 1;
  }
  return count;
}

static uint64_t hash(void) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < SLOTS; ++i)
    keys[i] = 0;
  for (uint32_t i = 1; i < SLOTS / 2; ++i) {
    uint32_t key = i * 2654435761u | 1, slot = key >> 16;
    while (keys[slot] && keys[slot] != key)
      slot = (slot + 1) % SLOTS;
    keys[slot] = key;
    values[slot] = i;
  }
  for (uint32_t i = 1; i < SLOTS; ++i) {
    uint32_t key = i * 2654435761u | 1, slot = key >> 16;
    while (keys[slot] && keys[slot] != key)
      slot = (slot + 1) % SLOTS;
    if (keys[slot])
      sum += values[slot];
  }
  return sum;
}

static uint32_t append(char *line, uint32_t at, uint64_t number) {
  char digits[20];
  uint32_t count = 0;
  do {
    digits[count++] = '0' + number % 10;
    number /= 10;
  } while (number);
  while (count)
    line[at++] = digits[--count];
  return at;
}

static void measure(const char *name, void (*setup)(void), uint64_t (*kernel)(void), int runs) {
  uint64_t best = ~0ull, sum = 0;
  for (int i = 0; i < runs; ++i) {
    setup();
    uint64_t start = host_now();
    sum = kernel();
    uint64_t took = host_now() - start;
    best = took < best ? took : best;
  }
  char line[80];
  uint32_t at = 0;
  while (name[at]) {
    line[at] = name[at];
    ++at;
  }
  line[at++] = ' ';
  at = append(line, at, best);
  line[at++] = ' ';
  at = append(line, at, sum);
  line[at++] = '\n';
  host_print(line, at);
}

#ifdef __wasm__
__attribute__((export_name("run"))) int run(void)
#else
int main(void)
#endif
{
  measure("gemm", gemm_setup, gemm, 200);
  measure("stencil", stencil_setup, stencil, 100);
  measure("sieve", nothing, sieve, 50);
  measure("hash", nothing, hash, 100);
  return 0;
}
