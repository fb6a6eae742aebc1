// A million throws from as many frames below a handler as there are arguments: what throw.wat does.
#include <cstdio>

__attribute__((noinline)) static void thrower(int value) { throw value; }
static void (*volatile pointer)(int) = thrower;

__attribute__((noinline)) static void deep(int value, int depth) {
  if (!depth)
    pointer(value);
  else
    deep(value, depth - 1);
  asm volatile("");
}

int main(int argc, char **) {
  int sum = 0;
  for (int i = 0; i < 1000000; ++i) {
    try {
      deep(i, argc - 1);
    } catch (int value) {
      sum += value;
    }
  }
  printf("%d\n", sum);
}
