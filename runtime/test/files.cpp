//===- files.cpp - The file system, and that nothing leads out of it ------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../src/path.h"
#include "check.h"

HOST_FUNCTION("wasi:filesystem/preopens#get-directories", void, getDirectories, Bytes *);
#define DESCRIPTOR(name) "wasi:filesystem/types#[method]descriptor." name
HOST_FUNCTION(DESCRIPTOR("open-at"), void, openAt, uint32_t, uint32_t, const uint8_t *, uint64_t,
              uint32_t, uint32_t, FileResult<uint32_t> *);
struct ReadOutcome {
  Bytes bytes;
  uint8_t isEnd;
};
HOST_FUNCTION(DESCRIPTOR("read"), void, readAt, uint32_t, uint64_t, uint64_t,
              FileResult<ReadOutcome> *);
HOST_FUNCTION(DESCRIPTOR("write"), void, writeAt, uint32_t, const uint8_t *, uint64_t, uint64_t,
              FileResult<uint64_t> *);
HOST_FUNCTION(DESCRIPTOR("get-flags"), void, getFlags, uint32_t, FileResult<uint8_t> *);
HOST_FUNCTION(DESCRIPTOR("get-type"), void, getType, uint32_t, FileResult<DescriptorType> *);
HOST_FUNCTION(DESCRIPTOR("stat-at"), void, statAt, uint32_t, uint32_t, const uint8_t *, uint64_t,
              FileResult<DescriptorStat> *);
HOST_FUNCTION(DESCRIPTOR("stat"), void, statOf, uint32_t, FileResult<DescriptorStat> *);
HOST_FUNCTION(DESCRIPTOR("set-size"), void, setSize, uint32_t, uint64_t, FileResult<void> *);
HOST_FUNCTION(DESCRIPTOR("set-times-at"), void, setTimesAt, uint32_t, uint32_t, const uint8_t *,
              uint64_t, uint32_t, uint64_t, uint32_t, uint32_t, uint64_t, uint32_t,
              FileResult<void> *);
HOST_FUNCTION(DESCRIPTOR("create-directory-at"), void, createDirectoryAt, uint32_t, const uint8_t *,
              uint64_t, FileResult<void> *);
HOST_FUNCTION(DESCRIPTOR("remove-directory-at"), void, removeDirectoryAt, uint32_t, const uint8_t *,
              uint64_t, FileResult<void> *);
HOST_FUNCTION(DESCRIPTOR("unlink-file-at"), void, unlinkFileAt, uint32_t, const uint8_t *, uint64_t,
              FileResult<void> *);
HOST_FUNCTION(DESCRIPTOR("symlink-at"), void, symlinkAt, uint32_t, const uint8_t *, uint64_t,
              const uint8_t *, uint64_t, FileResult<void> *);
HOST_FUNCTION(DESCRIPTOR("readlink-at"), void, readlinkAt, uint32_t, const uint8_t *, uint64_t,
              FileResult<Bytes> *);
HOST_FUNCTION(DESCRIPTOR("rename-at"), void, renameAt, uint32_t, const uint8_t *, uint64_t,
              uint32_t, const uint8_t *, uint64_t, FileResult<void> *);
HOST_FUNCTION(DESCRIPTOR("link-at"), void, linkAt, uint32_t, uint32_t, const uint8_t *, uint64_t,
              uint32_t, const uint8_t *, uint64_t, FileResult<void> *);
HOST_FUNCTION(DESCRIPTOR("is-same-object"), uint32_t, isSameObject, uint32_t, uint32_t);
HOST_FUNCTION(DESCRIPTOR("metadata-hash-at"), void, metadataHashAt, uint32_t, uint32_t,
              const uint8_t *, uint64_t, FileResult<MetadataHash> *);
HOST_FUNCTION(DESCRIPTOR("read-directory"), void, readDirectory, uint32_t, FileResult<uint32_t> *);
struct DirectoryEntry {
  DescriptorType type;
  Bytes name;
};
HOST_FUNCTION("wasi:filesystem/types#[method]directory-entry-stream.read-directory-entry", void,
              readEntry, uint32_t, FileResult<Option<DirectoryEntry>> *);
HOST_FUNCTION("wasi:filesystem/types#[resource-drop]directory-entry-stream", void, dropEntries,
              uint32_t);
HOST_FUNCTION("wasi:filesystem/types#[resource-drop]descriptor", void, drop, uint32_t);

namespace {

enum {
  Follow = 1,
  Create = 1,
  DirectoryOnly = 2,
  Exclusive = 4,
  Truncate = 8,
  Read = 1,
  Write = 2
};
constexpr int noError = 0xff;

uint32_t box, readOnlyBox;

/// Opens and answers the error, or `noError` with `last` set.
uint32_t last;
int open(uint32_t dir, const char *path, uint32_t pathFlags, uint32_t openFlags, uint32_t flags) {
  FileResult<uint32_t> result;
  openAt(dir, pathFlags, data(path), strlen(path), openFlags, flags, &result);
  if (result.isError)
    return static_cast<int>(result.error);
  last = result.value;
  return noError;
}
int openAndDrop(const char *path, uint32_t pathFlags = Follow, uint32_t openFlags = 0) {
  int error = open(box, path, pathFlags, openFlags, Read);
  if (error == noError)
    drop(last);
  return error;
}
int code(const FileResult<void> &result) {
  return result.isError ? static_cast<int>(result.error) : noError;
}
int code(ErrorCode error) { return static_cast<int>(error); }

using OnePath = void(uint32_t, const uint8_t *, uint64_t, FileResult<void> *);
int change(OnePath *function, const char *path, uint32_t dir = box) {
  FileResult<void> result;
  function(dir, data(path), strlen(path), &result);
  return code(result);
}
int symlink(const char *target, const char *path) {
  FileResult<void> result;
  symlinkAt(box, data(target), strlen(target), data(path), strlen(path), &result);
  return code(result);
}
int rename(const char *from, const char *to, uint32_t toDir = box) {
  FileResult<void> result;
  renameAt(box, data(from), strlen(from), toDir, data(to), strlen(to), &result);
  return code(result);
}
int link(const char *from, const char *to, uint32_t flags = 0) {
  FileResult<void> result;
  linkAt(box, flags, data(from), strlen(from), box, data(to), strlen(to), &result);
  return code(result);
}
int stat(const char *path, uint32_t flags, DescriptorStat *out = nullptr) {
  FileResult<DescriptorStat> result;
  statAt(box, flags, data(path), strlen(path), &result);
  if (out && !result.isError)
    *out = result.value;
  return result.isError ? static_cast<int>(result.error) : noError;
}

/// Around the box: a secret beside it, and links that lead there.
void prepare() {
  syscall(SysMkdirat, AtCwd, address("box"), 0777);
  syscall(SysMkdirat, AtCwd, address("box/sub"), 0777);
  syscall(SysMkdirat, AtCwd, address("outside"), 0777);
  const char *const files[] = {"secret", "outside/secret", "box/inner", "box/sub/deep"};
  for (const char *name : files) {
    long fd = openat(AtCwd, name, oWRONLY | oCREAT | oTRUNC, 0666);
    write(static_cast<int>(fd), "text", 4);
    close(static_cast<int>(fd));
  }
  const char *links[][2] = {{"../secret", "box/out"},        {"../outside", "box/outdir"},
                            {"/etc/passwd", "box/abs"},      {"inner", "box/in"},
                            {"../inner", "box/sub/up"},      {"loop", "box/loop"},
                            {"sub/../sub/up", "box/far"},    {"sub", "box/dirlink"},
                            {"../../secret", "box/sub/out"}, {"nowhere", "box/dangling"}};
  for (const auto &link : links)
    syscall(SysSymlinkat, address(link[0]), AtCwd, address(link[1]));
}

/// Linked with `box` as `/`, and again read-only as `/ro`.
void takePreopens() {
  struct Directory {
    uint32_t descriptor;
    Bytes name;
  };
  Bytes list;
  getDirectories(&list);
  CHECK_EQUAL(list.size, 2);
  const Directory *directories = reinterpret_cast<const Directory *>(list.data);
  CHECK(equals(directories[0].name, "/") && equals(directories[1].name, "/ro"));
  box = directories[0].descriptor;
  readOnlyBox = directories[1].descriptor;
}

void testReadAndWrite() {
  CHECK_EQUAL(open(box, "new", Follow, Create, Read | Write), noError);
  uint32_t file = last;
  FileResult<uint64_t> written;
  writeAt(file, data("hello world"), 11, 0, &written);
  CHECK(!written.isError && written.value == 11);
  FileResult<ReadOutcome> got;
  readAt(file, 100, 6, &got);
  CHECK(!got.isError && equals(got.value.bytes, "world") && !got.value.isEnd);
  readAt(file, 100, 11, &got);
  CHECK(!got.isError && got.value.bytes.size == 0 && got.value.isEnd);
  FileResult<void> sized;
  setSize(file, 3 << 20, &sized);
  CHECK_EQUAL(code(sized), noError);
  readAt(file, ~0ull, 5, &got);
  CHECK(!got.isError && got.value.bytes.size == maxRead && got.value.bytes.data[0] == ' ');
  FileResult<uint8_t> flags;
  getFlags(file, &flags);
  CHECK_EQUAL(flags.value, 3);
  drop(file);
  CHECK_EQUAL(open(box, "new", Follow, Create | Exclusive, Write), code(ErrorCode::Exist));
  CHECK_EQUAL(open(box, "new", Follow, Truncate, Write), noError);
  readAt(last, 1, 0, &got);
  CHECK(got.isError && got.error == ErrorCode::NotPermitted);
  drop(last);
  CHECK_EQUAL(open(box, "sub", Follow, 0, Read), noError);
  readAt(last, 1, 0, &got);
  CHECK(got.isError && got.error == ErrorCode::BadDescriptor);
  writeAt(last, data("x"), 1, 0, &written);
  CHECK(written.isError && written.error == ErrorCode::BadDescriptor);
  // A directory opened through another one inherits the right to change it.
  CHECK_EQUAL(change(createDirectoryAt, "made", last), noError);
  CHECK_EQUAL(change(removeDirectoryAt, "made", last), noError);
  drop(last);
}

/// What must fail whichever way the path is resolved, and what must not.
const char *const escapes[] = {"../secret",
                               "sub/../../secret",
                               "/etc/passwd",
                               "/",
                               "..",
                               "out",
                               "outdir",
                               "outdir/secret",
                               "abs",
                               "sub/out",
                               "sub/..//../secret",
                               "../box/inner"};
const char *const allowed[] = {
    "inner",     "in", "sub/up", "far",    "sub/../inner", "./inner",  "dirlink/deep",
    "sub//deep", ".",  "sub/.",  "sub/..", "sub/",         "dirlink/", "dirlink/../inner"};

void testPaths() {
  for (const char *path : escapes)
    CHECK_EQUAL(openAndDrop(path), code(ErrorCode::NotPermitted));
  for (const char *path : allowed)
    CHECK_EQUAL(openAndDrop(path), noError);
  CHECK_EQUAL(openAndDrop("loop"), code(ErrorCode::Loop));
  CHECK_EQUAL(openAndDrop("in", 0), code(ErrorCode::Loop));
  CHECK_EQUAL(openAndDrop(""), code(ErrorCode::NoEntry));
  CHECK_EQUAL(openAndDrop("missing"), code(ErrorCode::NoEntry));
  CHECK_EQUAL(openAndDrop("inner/x"), code(ErrorCode::NotDirectory));
  CHECK_EQUAL(openAndDrop("inner/"), code(ErrorCode::NotDirectory));
  CHECK_EQUAL(openAndDrop("inner", Follow, DirectoryOnly), code(ErrorCode::NotDirectory));
  CHECK_EQUAL(openAndDrop("sub", Follow, DirectoryOnly), noError);
}

/// The same by the walk that stands in for openat2.
void testWalk() {
  auto walk = [](const char *path, int flags = oRDONLY) {
    long fd = openBeneathByWalking(descriptors[box].fd, path, flags, 0);
    if (fd >= 0)
      close(static_cast<int>(fd));
    return fd >= 0 ? 0 : fd;
  };
  for (const char *path : escapes)
    CHECK_EQUAL(-walk(path), ePERM);
  for (const char *path : allowed)
    CHECK_EQUAL(-walk(path), 0);
  CHECK_EQUAL(-walk("loop"), eLOOP);
  CHECK_EQUAL(-walk("in", oNOFOLLOW), eLOOP);
  CHECK_EQUAL(-walk("in", oNOFOLLOW | oPATH), 0);
  CHECK_EQUAL(-walk(""), eNOENT);
  CHECK_EQUAL(-walk("missing"), eNOENT);
  CHECK_EQUAL(-walk("dangling"), eNOENT);
  CHECK_EQUAL(-walk("inner/x"), eNOTDIR);
  CHECK_EQUAL(-walk("inner/"), eNOTDIR);
  CHECK_EQUAL(-walk("inner", oDIRECTORY), eNOTDIR);
}

void testNames() {
  FileResult<uint32_t> result;
  openAt(box, Follow, data("inner\0x"), 7, 0, Read, &result);
  CHECK(result.isError && result.error == ErrorCode::Invalid);
  static uint8_t longName[5000];
  memset(longName, 'x', sizeof(longName));
  openAt(box, Follow, longName, sizeof(longName), 0, Read, &result);
  CHECK(result.isError && result.error == ErrorCode::NameTooLong);
  openAt(box, Follow, longName, 300, 0, Read, &result);
  CHECK(result.isError && result.error == ErrorCode::NameTooLong);
}

void testEntries() {
  int escape = code(ErrorCode::NotPermitted);
  CHECK_EQUAL(change(createDirectoryAt, "../evil"), escape);
  CHECK_EQUAL(change(createDirectoryAt, "outdir/evil"), escape);
  CHECK_EQUAL(change(createDirectoryAt, "/evil"), escape);
  CHECK_EQUAL(change(createDirectoryAt, ".."), escape);
  CHECK_EQUAL(change(unlinkFileAt, "outdir/secret"), escape);
  CHECK_EQUAL(change(unlinkFileAt, "../secret"), escape);
  CHECK_EQUAL(change(removeDirectoryAt, "../outside"), escape);
  CHECK_EQUAL(rename("inner", "../inner"), escape);
  CHECK_EQUAL(rename("../secret", "stolen"), escape);
  CHECK_EQUAL(rename("outdir/secret", "stolen"), escape);
  CHECK_EQUAL(link("../secret", "stolen"), escape);
  CHECK_EQUAL(link("inner", "outdir/given"), escape);
  CHECK_EQUAL(link("in", "linked", Follow), code(ErrorCode::Invalid));
  CHECK_EQUAL(symlink("/etc", "evil"), escape);
  CHECK_EQUAL(symlink("inner", "outdir/evil"), escape);
  CHECK_EQUAL(stat("out", Follow), escape);
  CHECK_EQUAL(stat("../secret", 0), escape);

  CHECK_EQUAL(change(createDirectoryAt, "d"), noError);
  CHECK_EQUAL(change(createDirectoryAt, "d"), code(ErrorCode::Exist));
  CHECK_EQUAL(change(createDirectoryAt, "d/e/"), noError);
  CHECK_EQUAL(change(removeDirectoryAt, "d"), code(ErrorCode::NotEmpty));
  CHECK_EQUAL(change(unlinkFileAt, "d"), code(ErrorCode::IsDirectory));
  CHECK_EQUAL(change(removeDirectoryAt, "d/e"), noError);
  CHECK_EQUAL(change(removeDirectoryAt, "d"), noError);
  CHECK_EQUAL(link("inner", "second"), noError);
  DescriptorStat about;
  CHECK_EQUAL(stat("second", 0, &about), noError);
  CHECK(about.type == DescriptorType::RegularFile && about.linkCount == 2 && about.size == 4);
  CHECK_EQUAL(rename("second", "sub/third"), noError);
  CHECK_EQUAL(change(unlinkFileAt, "sub/third"), noError);
  CHECK_EQUAL(stat("sub/third", 0), code(ErrorCode::NoEntry));
  CHECK_EQUAL(stat("in", 0, &about), noError);
  CHECK(about.type == DescriptorType::SymbolicLink);
  CHECK_EQUAL(stat("in", Follow, &about), noError);
  CHECK(about.type == DescriptorType::RegularFile);
  CHECK_EQUAL(symlink("inner", "s"), noError);
  FileResult<Bytes> target;
  readlinkAt(box, data("s"), 1, &target);
  CHECK(!target.isError && equals(target.value, "inner"));
  readlinkAt(box, data("inner"), 5, &target);
  CHECK(target.isError && target.error == ErrorCode::Invalid);
  readlinkAt(box, data("abs"), 3, &target);
  CHECK(target.isError && target.error == ErrorCode::NotPermitted);
  CHECK_EQUAL(change(unlinkFileAt, "s"), noError);

  FileResult<void> result;
  enum { NoChange, Now, Timestamp };
  setTimesAt(box, Follow, data("in"), 2, Timestamp, 1000, 5, Timestamp, 2000, 7, &result);
  CHECK_EQUAL(code(result), noError);
  CHECK_EQUAL(stat("inner", 0, &about), noError);
  CHECK(about.access.value.seconds == 1000 && about.modification.value.nanoseconds == 7);
  setTimesAt(box, Follow, data("in"), 2, NoChange, 0, 0, Timestamp, 0, 2000000000, &result);
  CHECK_EQUAL(code(result), code(ErrorCode::Invalid));
  FileResult<MetadataHash> first, second;
  metadataHashAt(box, Follow, data("in"), 2, &first);
  metadataHashAt(box, 0, data("inner"), 5, &second);
  CHECK(!first.isError && first.value.lower == second.value.lower);
  metadataHashAt(box, 0, data("in"), 2, &second);
  CHECK(first.value.lower != second.value.lower);
}

void testReadOnly() {
  int no = code(ErrorCode::NotPermitted);
  CHECK_EQUAL(open(readOnlyBox, "inner", Follow, 0, Read), noError);
  FileResult<uint64_t> written;
  writeAt(last, data("x"), 1, 0, &written);
  CHECK(written.isError && written.error == ErrorCode::NotPermitted);
  drop(last);
  CHECK_EQUAL(open(readOnlyBox, "inner", Follow, 0, Write), no);
  CHECK_EQUAL(open(readOnlyBox, "inner", Follow, Truncate, Read), no);
  CHECK_EQUAL(open(readOnlyBox, "fresh", Follow, Create, Read), no);
  CHECK_EQUAL(change(createDirectoryAt, "fresh", readOnlyBox), no);
  CHECK_EQUAL(change(unlinkFileAt, "inner", readOnlyBox), no);
  CHECK_EQUAL(rename("inner", "moved", readOnlyBox), no);
  CHECK(isSameObject(box, readOnlyBox));
}

void testListing() {
  FileResult<uint32_t> stream;
  CHECK_EQUAL(open(box, "sub", Follow, DirectoryOnly, Read), noError);
  readDirectory(last, &stream);
  drop(last);
  CHECK(!stream.isError);
  unsigned count = 0;
  FileResult<Option<DirectoryEntry>> entry;
  for (;; ++count) {
    readEntry(stream.value, &entry);
    if (entry.isError || !entry.value.isSome)
      break;
    if (equals(entry.value.value.name, "deep")) {
      CHECK(entry.value.value.type == DescriptorType::RegularFile);
    }
  }
  CHECK(!entry.isError);
  CHECK_EQUAL(count, 3);
  dropEntries(stream.value);
}

/// Slabs grow, and give back what was dropped.
void testMany() {
  static uint32_t all[500];
  for (uint32_t &one : all) {
    CHECK_EQUAL(open(box, "inner", Follow, 0, Read), noError);
    one = last;
  }
  FileResult<ReadOutcome> got;
  for (uint32_t one : all) {
    readAt(one, 10, 0, &got);
    CHECK(!got.isError && equals(got.value.bytes, "text"));
  }
  for (uint32_t one : all)
    drop(one);
  uint32_t used = descriptors.used;
  CHECK_EQUAL(openAndDrop("inner"), noError);
  CHECK_EQUAL(descriptors.used, used);
}

uint32_t run() {
  prepare();
  takePreopens();
  testReadAndWrite();
  testPaths();
  testWalk();
  testNames();
  testEntries();
  testReadOnly();
  testListing();
  testMany();
  exitProcess(failures);
}

} // namespace

const struct tenon_program_info tenon_program_info = {TENON_ABI_VERSION, 0,       nullptr, 0,
                                                      nullptr,           nullptr, 1 << 20, run};
