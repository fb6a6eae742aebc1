//===- preopens.cpp - wasi:filesystem/preopens ----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "granted.h"
#include "syscall.h"
#include "wasi.h"

using namespace tenon::rt;

namespace {

/// `tuple<descriptor, string>`
struct Directory {
  uint32_t descriptor;
  Bytes name;
};

bool isDirectoryGrant(const GrantReader &grant) {
  return grant.tag == TENON_GRANT_DIR || grant.tag == TENON_GRANT_DIR_READ_ONLY;
}

uint32_t openPreopen(const GrantReader &grant) {
  long fd = openat(AtCwd, grant.first, oRDONLY | oDIRECTORY | oCLOEXEC);
  if (fd < 0)
    fatal("cannot open the directory that the program was given:", grant.first,
          static_cast<int>(-fd));
  uint8_t rights = MayRead | ModeRead;
  if (grant.tag == TENON_GRANT_DIR)
    rights |= MayMutate | MayWriteFiles | ModeWrite;
  uint32_t rep = descriptors.allocate();
  descriptors[rep] = {static_cast<int>(fd), 1, KindDirectory, rights, 0};
  return rep;
}

} // namespace

/// Opens the directories anew each time: the caller owns what it gets.
TENON_HOST("wasi:filesystem/preopens#get-directories", void, getDirectories, Bytes *out) {
  uint64_t count = 0;
  for (GrantReader grant; grant.tag; grant.next())
    count += isDirectoryGrant(grant);
  Directory *list = reinterpret_cast<Directory *>(reserveResult(count * sizeof(Directory)));
  uint64_t i = 0;
  for (GrantReader grant; grant.tag; grant.next())
    if (isDirectoryGrant(grant))
      list[i++] = {openPreopen(grant),
                   {reinterpret_cast<const uint8_t *>(grant.second), strlen(grant.second)}};
  *out = {reinterpret_cast<uint8_t *>(list), count};
}
