//===- syscall.h - System calls without a libc ---------------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One inline function per number of arguments; the kernel's results (-errno) are passed on as they
// are. Only what differs between the architectures has two versions.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_SYSCALL_H
#define TENON_RUNTIME_SYSCALL_H

#include "base.h"

namespace tenon::rt {

#if defined(__x86_64__)
#define TENON_SYSCALL(name, x86, arm) name = x86
#elif defined(__aarch64__)
#define TENON_SYSCALL(name, x86, arm) name = arm
#else
#error "the runtime knows x86-64 and AArch64"
#endif

enum Syscall : long {
  TENON_SYSCALL(SysRead, 0, 63),
  TENON_SYSCALL(SysWrite, 1, 64),
  TENON_SYSCALL(SysClose, 3, 57),
  TENON_SYSCALL(SysFstat, 5, 80),
  TENON_SYSCALL(SysMmap, 9, 222),
  TENON_SYSCALL(SysMprotect, 10, 226),
  TENON_SYSCALL(SysMunmap, 11, 215),
  TENON_SYSCALL(SysSigaction, 13, 134),
  TENON_SYSCALL(SysIoctl, 16, 29),
  TENON_SYSCALL(SysPread, 17, 67),
  TENON_SYSCALL(SysPwrite, 18, 68),
  TENON_SYSCALL(SysMremap, 25, 216),
  TENON_SYSCALL(SysClone, 56, 220),
  TENON_SYSCALL(SysExit, 60, 93),
  TENON_SYSCALL(SysFcntl, 72, 25),
  TENON_SYSCALL(SysFutex, 202, 98),
  TENON_SYSCALL(SysFsync, 74, 82),
  TENON_SYSCALL(SysFdatasync, 75, 83),
  TENON_SYSCALL(SysFtruncate, 77, 46),
  TENON_SYSCALL(SysSigaltstack, 131, 132),
  TENON_SYSCALL(SysGetdents, 217, 61),
  TENON_SYSCALL(SysFadvise, 221, 223),
  TENON_SYSCALL(SysClockGettime, 228, 113),
  TENON_SYSCALL(SysClockGetres, 229, 114),
  TENON_SYSCALL(SysExitGroup, 231, 94),
  TENON_SYSCALL(SysOpenat, 257, 56),
  TENON_SYSCALL(SysMkdirat, 258, 34),
  TENON_SYSCALL(SysFstatat, 262, 79),
  TENON_SYSCALL(SysUnlinkat, 263, 35),
  TENON_SYSCALL(SysLinkat, 265, 37),
  TENON_SYSCALL(SysSymlinkat, 266, 36),
  TENON_SYSCALL(SysReadlinkat, 267, 78),
  TENON_SYSCALL(SysPpoll, 271, 73),
  TENON_SYSCALL(SysUtimensat, 280, 88),
  TENON_SYSCALL(SysRenameat2, 316, 276),
  TENON_SYSCALL(SysGetrandom, 318, 278),
  TENON_SYSCALL(SysPwritev2, 328, 287),
  TENON_SYSCALL(SysOpenat2, 437, 437),
};
#undef TENON_SYSCALL

// A version for three, four and six arguments: every register that need not be set is an
// instruction less where the call is inlined. Missing ones are 0 and the kernel does not look at
// them.
#if defined(__x86_64__)
inline long syscall(Syscall number, long a = 0, long b = 0, long c = 0) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c)
                   : "rcx", "r11", "memory");
  return result;
}

inline long syscall(Syscall number, long a, long b, long c, long d) {
  long result;
  register long r10 __asm__("r10") = d;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                   : "rcx", "r11", "memory");
  return result;
}

inline long syscall(Syscall number, long a, long b, long c, long d, long e, long f = 0) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#else
inline long syscall(Syscall number, long a = 0, long b = 0, long c = 0) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
}

inline long syscall(Syscall number, long a, long b, long c, long d, long e = 0, long f = 0) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}
#endif

inline long address(const void *pointer) { return reinterpret_cast<long>(pointer); }

//===--- errno ------------------------------------------------------------===//

enum Errno : int {
  ePERM = 1,
  eNOENT = 2,
  eINTR = 4,
  eIO = 5,
  eBADF = 9,
  eAGAIN = 11,
  eNOMEM = 12,
  eACCES = 13,
  eBUSY = 16,
  eEXIST = 17,
  eXDEV = 18,
  eNODEV = 19,
  eNOTDIR = 20,
  eISDIR = 21,
  eINVAL = 22,
  eNOTTY = 25,
  eTXTBSY = 26,
  eFBIG = 27,
  eNOSPC = 28,
  eSPIPE = 29,
  eROFS = 30,
  eMLINK = 31,
  ePIPE = 32,
  eDEADLK = 35,
  eNAMETOOLONG = 36,
  eNOLCK = 37,
  eNOSYS = 38,
  eNOTEMPTY = 39,
  eLOOP = 40,
  eOVERFLOW = 75,
  eTIMEDOUT = 110,
  eILSEQ = 84,
  eMSGSIZE = 90,
  eOPNOTSUPP = 95,
  eALREADY = 114,
  eINPROGRESS = 115,
  eDQUOT = 122,
  eNOTRECOVERABLE = 131,
  eNXIO = 6,
};

//===--- memory -----------------------------------------------------------===//

enum { ProtNone = 0, ProtRead = 1, ProtReadWrite = 3 };
enum {
  MapPrivate = 0x02,
  MapFixed = 0x10,
  MapAnonymous = 0x20,
  MapNoReserve = 0x4000,
  MapStack = 0x20000,
  MapFixedNoReplace = 0x100000,
};

inline bool isError(long result) { return static_cast<unsigned long>(result) > -4096ul; }

inline long mmap(void *at, uint64_t size, int protection, int flags, int fd = -1) {
  return syscall(SysMmap, address(at), static_cast<long>(size), protection, flags, fd, 0);
}

//===--- files ------------------------------------------------------------===//

#if defined(__x86_64__)
constexpr int oDIRECTORY = 0x10000, oNOFOLLOW = 0x20000;
#else
constexpr int oDIRECTORY = 0x4000, oNOFOLLOW = 0x8000;
#endif
enum {
  oRDONLY = 0,
  oWRONLY = 1,
  oRDWR = 2,
  oCREAT = 0100,
  oEXCL = 0200,
  oNOCTTY = 0400,
  oTRUNC = 01000,
  oCLOEXEC = 02000000,
  oPATH = 010000000,
};
enum { AtCwd = -100, AtSymlinkNofollow = 0x100, AtRemovedir = 0x200, AtEmptyPath = 0x1000 };
enum : uint64_t { ResolveNoMagiclinks = 0x02, ResolveBeneath = 0x08 };

struct OpenHow {
  uint64_t flags, mode, resolve;
};

struct Timespec {
  int64_t seconds, nanoseconds;
};

/// `struct stat` of the kernel.
struct FileStat {
  uint64_t dev, ino;
#if defined(__x86_64__)
  uint64_t nlink;
  uint32_t mode, uid, gid, pad0;
  uint64_t rdev;
  int64_t size, blksize, blocks;
#else
  uint32_t mode, nlink, uid, gid;
  uint64_t rdev, pad0;
  int64_t size;
  int32_t blksize, pad1;
  int64_t blocks;
#endif
  Timespec atime, mtime, ctime;
  int64_t unused[3];
};

enum : uint32_t {
  ModeType = 0170000,
  ModeFifo = 0010000,
  ModeCharacter = 0020000,
  ModeDirectory = 0040000,
  ModeBlock = 0060000,
  ModeRegular = 0100000,
  ModeLink = 0120000,
  ModeSocket = 0140000,
};

inline long close(int fd) { return syscall(SysClose, fd); }
inline long fstat(int fd, FileStat *out) { return syscall(SysFstat, fd, address(out)); }
inline long fstatat(int fd, const char *name, FileStat *out, int flags) {
  return syscall(SysFstatat, fd, address(name), address(out), flags);
}
inline long openat(int fd, const char *path, int flags, int mode = 0) {
  return syscall(SysOpenat, fd, address(path), flags, mode);
}
inline long write(int fd, const void *bytes, uint64_t size) {
  return syscall(SysWrite, fd, address(bytes), static_cast<long>(size));
}
inline long read(int fd, void *bytes, uint64_t size) {
  return syscall(SysRead, fd, address(bytes), static_cast<long>(size));
}

struct PollFd {
  int fd;
  int16_t events, revents;
};
enum { PollIn = 1, PollOut = 4 };

/// Waits until one is ready or the time is up; no timeout: for ever.
inline long ppoll(PollFd *fds, uint64_t count, const Timespec *timeout) {
  return syscall(SysPpoll, address(fds), static_cast<long>(count), address(timeout), 0, 8);
}

enum Clock { ClockRealtime = 0, ClockMonotonic = 1 };

[[noreturn]] inline void exitProcess(int status) {
  for (;;)
    syscall(SysExitGroup, status);
}

} // namespace tenon::rt

#endif // TENON_RUNTIME_SYSCALL_H
