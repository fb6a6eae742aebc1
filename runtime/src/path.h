//===- path.h - Paths that cannot leave a directory ----------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A guest's path is relative to a directory descriptor and must stay beneath it, whatever `..` or
// symbolic links it goes through, and whoever renames directories meanwhile.
// `openat2(RESOLVE_BENEATH)` is exactly that; where the kernel lacks it (before 5.6), a walk by
// component that never follows a link itself does the same. Results are a file descriptor, or a
// negative errno; an attempt to leave is -EPERM, which WASI calls not-permitted.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_PATH_H
#define TENON_RUNTIME_PATH_H

#include "syscall.h"

namespace tenon::rt {

constexpr uint64_t maxPath = 4096; ///< of the kernel, the NUL included

/// Where paths are made NUL-terminated; two, because link-at and rename-at take two.
extern "C" char tenon_path_buffer[2][maxPath];

/// Copies a guest's path: 0, or a negative errno when it is too long or holds a NUL.
inline long copyPath(char *to, Bytes path) {
  if (path.size >= maxPath) [[unlikely]]
    return -eNAMETOOLONG;
  bool hasNul = false;
#pragma clang loop vectorize(disable) unroll(disable)
  for (uint64_t i = 0; i < path.size; ++i) {
    char c = static_cast<char>(path.data[i]);
    hasNul |= c == 0;
    // Keeps the loop from becoming a call of memcpy: paths are short.
    __asm__ volatile("" : "+r"(c));
    to[i] = c;
  }
  to[path.size] = 0;
  return hasNul ? -eINVAL : 0;
}

/// What `openBeneath` does when the first attempt failed with `error`.
TENON_COLD long openBeneathAgain(int dir, const char *path, int flags, int mode, long error);

inline long openBeneathOnce(int dir, const char *path, int flags, int mode) {
  OpenHow how = {static_cast<uint64_t>(flags | oCLOEXEC), static_cast<uint64_t>(mode),
                 ResolveBeneath | ResolveNoMagiclinks};
  return syscall(SysOpenat2, dir, address(path), address(&how), sizeof(how));
}

/// Opens `path` beneath `dir`. With oNOFOLLOW a link in the last place is not followed.
inline long openBeneath(int dir, const char *path, int flags, int mode = 0) {
  long fd = openBeneathOnce(dir, path, flags, mode);
  if (fd < 0) [[unlikely]]
    return openBeneathAgain(dir, path, flags, mode, fd);
  return fd;
}

/// The walk by component, for kernels without openat2 (and for tests).
long openBeneathByWalking(int dir, const char *path, int flags, int mode);

/// A directory and a name in it: what functions that change entries need. The name is one
/// component, perhaps followed by slashes; no system call follows a link in its place.
class ParentOf {
public:
  /// Splits `path` (a buffer that is changed); `error` is 0 or a negative errno.
  ParentOf(int dir, char *path);
  ~ParentOf() {
    if (owned)
      close(fd);
  }
  long error = 0;
  int fd;
  const char *name = nullptr;
  bool hasTrailingSlash = false;

private:
  bool owned = false;
};

/// Whether `path` is a single name that cannot lead anywhere else: no slash, not `..`.
bool isPlainName(const char *path);

} // namespace tenon::rt

#endif // TENON_RUNTIME_PATH_H
