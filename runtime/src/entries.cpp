//===- entries.cpp - wasi:filesystem/types: what is done by path ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each function checks that the descriptor is a directory with the right to do it, in the order
// that wasmtime does, then resolves the path (path.h). `open-at` is made to be inlined.
//
//===----------------------------------------------------------------------===//

#include "path.h"
#include "stat.h"
#include "syscall.h"
#include "utf8.h"
#include "wasi.h"

using namespace tenon::rt;

namespace tenon::rt {

enum PathFlags : uint32_t { SymlinkFollow = 1 };
enum OpenFlags : uint32_t {
  OpenCreate = 1,
  OpenDirectory = 2,
  OpenExclusive = 4,
  OpenTruncate = 8
};
enum DescriptorFlags : uint32_t { FlagRead = 1, FlagWrite = 2, FlagAnySync = 4 | 8 | 16 };

/// How `open-at` opens: the kernel's flags, and the new descriptor's rights.
struct OpenPlan {
  int flags;
  uint8_t rights;
  DescriptorKind kind;
};

/// WASI's flags as the kernel's. Like wasmtime: to create is to write, and what is not opened for
/// writing is opened for reading, whether it may be read later or not.
inline OpenPlan planOpen(uint32_t pathFlags, uint32_t openFlags, uint32_t flags) {
  bool writes = (flags & FlagWrite) || (openFlags & OpenCreate);
  bool kernelWrites = writes || (openFlags & OpenTruncate);
  bool reads = (flags & FlagRead) || !(flags & FlagWrite);
  OpenPlan plan;
  plan.flags = oNOCTTY | (!kernelWrites ? oRDONLY : reads ? oRDWR : oWRONLY);
  plan.flags |= openFlags & OpenCreate ? oCREAT : 0;
  plan.flags |= (openFlags & OpenCreate) && (openFlags & OpenExclusive) ? oEXCL : 0;
  plan.flags |= openFlags & OpenTruncate ? oTRUNC : 0;
  plan.flags |= openFlags & OpenDirectory ? oDIRECTORY : 0;
  plan.flags |= pathFlags & SymlinkFollow ? 0 : oNOFOLLOW;
  plan.rights =
      static_cast<uint8_t>((reads ? MayRead | ModeRead : 0) | (writes ? MayWrite | ModeWrite : 0));
  plan.kind = openFlags & OpenDirectory ? KindDirectory : kernelWrites ? KindFile : KindUnknown;
  return plan;
}

TENON_COLD void failOpen(FileResult<uint32_t> *out, ErrorCode code) { out->fail(code); }
TENON_COLD void failOpenWith(FileResult<uint32_t> *out, long error) { out->failWith(error); }

} // namespace tenon::rt

TENON_HOST("wasi:filesystem/types#[method]descriptor.open-at", void, openAt, uint32_t self,
           uint32_t pathFlags, const uint8_t *path, uint64_t pathSize, uint32_t openFlags,
           uint32_t flags, FileResult<uint32_t> *out) {
  // Both are small numbers of the directory: the entry itself may move when one is made.
  int dir = descriptors[self].fd;
  uint8_t rights = descriptors[self].rights;
  bool changes = (openFlags & (OpenCreate | OpenTruncate)) || (flags & FlagWrite);
  constexpr uint8_t toChange = MayMutate | MayWriteFiles;
  if (descriptors[self].kind == KindFile) [[unlikely]]
    return failOpen(out, ErrorCode::NotDirectory);
  if (changes && (rights & toChange) != toChange) [[unlikely]]
    return failOpen(out, ErrorCode::NotPermitted);
  if (flags & FlagAnySync) [[unlikely]]
    return failOpen(out, ErrorCode::Unsupported);
  if ((openFlags & OpenDirectory) && (openFlags & ~OpenDirectory)) [[unlikely]]
    return failOpen(out, ErrorCode::Invalid);
  char *name = tenon_path_buffer[0];
  if (long error = copyPath(name, {path, pathSize})) [[unlikely]]
    return failOpenWith(out, error);
  OpenPlan plan = planOpen(pathFlags, openFlags, flags);
  constexpr int newFileMode = 0666;
  long fd = openBeneath(dir, name, plan.flags, plan.flags & oCREAT ? newFileMode : 0);
  if (fd < 0) [[unlikely]]
    return failOpenWith(out, fd);
  uint32_t rep = descriptors.allocate();
  descriptors[rep] = {static_cast<int>(fd), 1, plan.kind,
                      static_cast<uint8_t>(plan.rights | (rights & toChange)), 0};
  out->succeed(rep);
}

namespace {

/// Whether `self` is a directory with `right`; else why not.
bool checkDirectory(uint32_t self, DescriptorRights right, ErrorCode &refusal) {
  refusal = isDirectory(descriptors[self]) ? ErrorCode::NotPermitted : ErrorCode::NotDirectory;
  return refusal == ErrorCode::NotPermitted && (descriptors[self].rights & right);
}

/// Opens a path as a place (O_PATH), a link in the last place only where `pathFlags` says so.
long openPlace(uint32_t self, uint32_t pathFlags, const char *path) {
  return openBeneath(descriptors[self].fd, path,
                     oPATH | (pathFlags & SymlinkFollow ? 0 : oNOFOLLOW));
}

long statPath(uint32_t self, uint32_t pathFlags, Bytes path, FileStat &stat) {
  char *name = tenon_path_buffer[0];
  if (long error = copyPath(name, path))
    return error;
  // A single name is asked about with one system call.
  if (isPlainName(name)) {
    long error = fstatat(descriptors[self].fd, name, &stat, AtSymlinkNofollow);
    bool isLink = !error && (stat.mode & ModeType) == ModeLink;
    if (!isLink || !(pathFlags & SymlinkFollow))
      return error;
  }
  long place = openPlace(self, pathFlags, name);
  if (place < 0)
    return place;
  long error = fstat(static_cast<int>(place), &stat);
  close(static_cast<int>(place));
  return error;
}

/// Does `operation(directory, name)` for a path beneath `self`, which must be a directory that may
/// be changed.
template <typename Operation>
void changeEntry(uint32_t self, Bytes path, FileResult<void> *out, Operation operation) {
  ErrorCode refusal;
  if (!checkDirectory(self, MayMutate, refusal))
    return out->fail(refusal);
  char *text = tenon_path_buffer[0];
  if (long error = copyPath(text, path))
    return out->finish(error);
  ParentOf parent(descriptors[self].fd, text);
  out->finish(parent.error ? parent.error : operation(parent.fd, parent.name));
}

} // namespace

TENON_HOST("wasi:filesystem/types#[method]descriptor.stat-at", void, statAt, uint32_t self,
           uint32_t pathFlags, const uint8_t *path, uint64_t pathSize,
           FileResult<DescriptorStat> *out) {
  ErrorCode refusal;
  if (!checkDirectory(self, MayRead, refusal))
    return out->fail(refusal);
  FileStat stat;
  if (long error = statPath(self, pathFlags, {path, pathSize}, stat))
    return out->failWith(error);
  out->succeed(describe(stat));
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.metadata-hash-at", void, metadataHashAt,
           uint32_t self, uint32_t pathFlags, const uint8_t *path, uint64_t pathSize,
           FileResult<MetadataHash> *out) {
  ErrorCode refusal;
  if (!checkDirectory(self, MayRead, refusal))
    return out->fail(refusal);
  FileStat stat;
  if (long error = statPath(self, pathFlags, {path, pathSize}, stat))
    return out->failWith(error);
  out->succeed(hashOf(stat));
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.create-directory-at", void, createDirectoryAt,
           uint32_t self, const uint8_t *path, uint64_t pathSize, FileResult<void> *out) {
  constexpr long newDirectoryMode = 0777;
  changeEntry(self, {path, pathSize}, out, [](int dir, const char *name) {
    return syscall(SysMkdirat, dir, address(name), newDirectoryMode);
  });
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.remove-directory-at", void, removeDirectoryAt,
           uint32_t self, const uint8_t *path, uint64_t pathSize, FileResult<void> *out) {
  changeEntry(self, {path, pathSize}, out, [](int dir, const char *name) {
    return syscall(SysUnlinkat, dir, address(name), AtRemovedir);
  });
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.unlink-file-at", void, unlinkFileAt,
           uint32_t self, const uint8_t *path, uint64_t pathSize, FileResult<void> *out) {
  changeEntry(self, {path, pathSize}, out, [](int dir, const char *name) {
    return syscall(SysUnlinkat, dir, address(name), 0);
  });
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.symlink-at", void, symlinkAt, uint32_t self,
           const uint8_t *oldPath, uint64_t oldSize, const uint8_t *newPath, uint64_t newSize,
           FileResult<void> *out) {
  char *target = tenon_path_buffer[1];
  if (long error = copyPath(target, {oldPath, oldSize}))
    return out->finish(error);
  changeEntry(self, {newPath, newSize}, out, [target](int dir, const char *name) -> long {
    // An absolute target could only ever lead outside.
    if (target[0] == '/')
      return -ePERM;
    return syscall(SysSymlinkat, address(target), dir, address(name));
  });
}

namespace {

/// link-at and rename-at: `operation(old directory, old name, new directory, new name)`.
template <typename Operation>
void changeTwoEntries(uint32_t self, Bytes oldPath, uint32_t other, Bytes newPath,
                      FileResult<void> *out, Operation operation) {
  ErrorCode refusal;
  if (!checkDirectory(self, MayMutate, refusal) || !checkDirectory(other, MayMutate, refusal))
    return out->fail(refusal);
  for (unsigned i = 0; i < 2; ++i)
    if (long error = copyPath(tenon_path_buffer[i], i ? newPath : oldPath))
      return out->finish(error);
  ParentOf from(descriptors[self].fd, tenon_path_buffer[0]);
  if (from.error)
    return out->finish(from.error);
  ParentOf to(descriptors[other].fd, tenon_path_buffer[1]);
  out->finish(to.error ? to.error : operation(from, to));
}

} // namespace

TENON_HOST("wasi:filesystem/types#[method]descriptor.link-at", void, linkAt, uint32_t self,
           uint32_t oldPathFlags, const uint8_t *oldPath, uint64_t oldSize, uint32_t newDescriptor,
           const uint8_t *newPath, uint64_t newSize, FileResult<void> *out) {
  if (oldPathFlags & SymlinkFollow)
    return out->fail(ErrorCode::Invalid);
  changeTwoEntries(self, {oldPath, oldSize}, newDescriptor, {newPath, newSize}, out,
                   [](ParentOf &from, ParentOf &to) -> long {
                     // A slash would make the kernel follow a link; only a directory may stand
                     // before one, and those have no hard links.
                     if (from.hasTrailingSlash)
                       return -eNOTDIR;
                     return syscall(SysLinkat, from.fd, address(from.name), to.fd, address(to.name),
                                    0);
                   });
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.rename-at", void, renameAt, uint32_t self,
           const uint8_t *oldPath, uint64_t oldSize, uint32_t newDescriptor, const uint8_t *newPath,
           uint64_t newSize, FileResult<void> *out) {
  changeTwoEntries(self, {oldPath, oldSize}, newDescriptor, {newPath, newSize}, out,
                   [](ParentOf &from, ParentOf &to) {
                     return syscall(SysRenameat2, from.fd, address(from.name), to.fd,
                                    address(to.name), 0);
                   });
}

TENON_HOST("wasi:filesystem/types#[method]descriptor.readlink-at", void, readlinkAt, uint32_t self,
           const uint8_t *path, uint64_t pathSize, FileResult<Bytes> *out) {
  ErrorCode refusal;
  if (!checkDirectory(self, MayRead, refusal))
    return out->fail(refusal);
  char *name = tenon_path_buffer[0];
  if (long error = copyPath(name, {path, pathSize}))
    return out->failWith(error);
  long place = openPlace(self, 0, name);
  if (place < 0)
    return out->failWith(place);
  uint8_t *text = reserveResult(maxPath);
  long size = syscall(SysReadlinkat, place, address(""), address(text), maxPath);
  close(static_cast<int>(place));
  // Asked with an empty name, the kernel says ENOENT for what is not a link.
  if (size < 0)
    return out->failWith(size == -eNOENT ? -eINVAL : size);
  if (text[0] == '/')
    return out->fail(ErrorCode::NotPermitted);
  if (!isUtf8({text, static_cast<uint64_t>(size)}))
    return out->fail(ErrorCode::IllegalByteSequence);
  out->succeed({text, static_cast<uint64_t>(size)});
}

namespace {

/// Sets the times of an O_PATH descriptor. Kernels before 5.8 take no empty path here: go through
/// /proc.
long setTimesOf(int place, const Timespec *times) {
  long error = syscall(SysUtimensat, place, address(""), address(times), AtEmptyPath);
  if (error != -eINVAL)
    return error;
  char link[32] = "/proc/self/fd/";
  uint64_t size = strlen(link);
  int divisor = 1;
  while (place / divisor >= 10)
    divisor *= 10;
  for (; divisor; divisor /= 10)
    link[size++] = static_cast<char>('0' + place / divisor % 10);
  link[size] = 0;
  return syscall(SysUtimensat, AtCwd, address(link), address(times), 0);
}

} // namespace

TENON_HOST("wasi:filesystem/types#[method]descriptor.set-times-at", void, setTimesAt, uint32_t self,
           uint32_t pathFlags, const uint8_t *path, uint64_t pathSize, uint32_t accessKind,
           uint64_t accessSeconds, uint32_t accessNanoseconds, uint32_t modificationKind,
           uint64_t modificationSeconds, uint32_t modificationNanoseconds, FileResult<void> *out) {
  ErrorCode refusal;
  if (!checkDirectory(self, MayMutate, refusal))
    return out->fail(refusal);
  Timespec times[2];
  if (!toTimespec(accessKind, accessSeconds, accessNanoseconds, times[0]) ||
      !toTimespec(modificationKind, modificationSeconds, modificationNanoseconds, times[1]))
    return out->fail(ErrorCode::Invalid);
  char *name = tenon_path_buffer[0];
  if (long error = copyPath(name, {path, pathSize}))
    return out->finish(error);
  long place = openPlace(self, pathFlags, name);
  if (place < 0)
    return out->finish(place);
  out->finish(setTimesOf(static_cast<int>(place), times));
  close(static_cast<int>(place));
}
