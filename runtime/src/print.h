//===- print.h - Messages for people, without a libc ---------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_PRINT_H
#define TENON_RUNTIME_PRINT_H

#include "syscall.h"

namespace tenon::rt {

/// Collects a message and writes it in one piece (or a few, when it is long).
class Printer {
public:
  explicit Printer(int fd) : fd(fd) {}
  ~Printer() { flush(); }

  Printer &operator<<(char c) {
    if (used == sizeof(buffer))
      flush();
    buffer[used++] = c;
    return *this;
  }
  Printer &operator<<(const char *text) {
    while (*text)
      *this << *text++;
    return *this;
  }
  Printer &decimal(uint64_t value) {
    char digits[20];
    int count = 0;
    do
      digits[count++] = static_cast<char>('0' + value % 10);
    while (value /= 10);
    while (count)
      *this << digits[--count];
    return *this;
  }
  Printer &hex(uint64_t value) {
    int shift = 60;
    while (shift && !(value >> shift))
      shift -= 4;
    for (; shift >= 0; shift -= 4)
      *this << "0123456789abcdef"[(value >> shift) & 15];
    return *this;
  }
  void flush() {
    for (uint32_t done = 0; done < used;) {
      long n = rt::write(fd, buffer + done, used - done);
      if (n == -eINTR)
        continue;
      if (n <= 0)
        break;
      done += static_cast<uint32_t>(n);
    }
    used = 0;
  }

private:
  int fd;
  uint32_t used = 0;
  char buffer[500];
};

} // namespace tenon::rt

#endif // TENON_RUNTIME_PRINT_H
