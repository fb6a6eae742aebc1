//===- ToolIdentity.cpp - Which compiler this is --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The linker hashes what it links and leaves the hash in a note, the build id, which is in memory
// in every process. So nothing has to be read, and a rebuilt compiler, or another libLLVM, never
// meets entries of the old one. A file without a build id counts with its size and time.
//
//===----------------------------------------------------------------------===//

#include "tenon/Support/Cache.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/FileSystem.h"
#include <link.h>

using namespace tenon;

/// The build id in a note segment; empty: there is none.
static llvm::StringRef findBuildId(llvm::StringRef notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes.data(), sizeof(note));
    notes = notes.drop_front(sizeof(note));
    uint64_t nameBytes = llvm::alignTo(note.n_namesz, 4), bytes = llvm::alignTo(note.n_descsz, 4);
    if (nameBytes + bytes > notes.size())
      return "";
    if (note.n_type == NT_GNU_BUILD_ID && notes.starts_with(llvm::StringRef("GNU\0", 4)))
      return notes.substr(nameBytes, note.n_descsz);
    notes = notes.drop_front(nameBytes + bytes);
  }
  return "";
}

static int addLoaded(dl_phdr_info *info, size_t, void *context) {
  if (llvm::StringRef(info->dlpi_name).starts_with("linux-vdso")) // the kernel's
    return 0;
  CacheKeyBuilder &key = *static_cast<CacheKeyBuilder *>(context);
  llvm::StringRef id;
  for (size_t i = 0; i < info->dlpi_phnum && id.empty(); ++i) {
    const ElfW(Phdr) &segment = info->dlpi_phdr[i];
    if (segment.p_type == PT_NOTE)
      id = findBuildId(
          {reinterpret_cast<const char *>(info->dlpi_addr + segment.p_vaddr), segment.p_memsz});
  }
  if (!id.empty()) {
    key.add(id);
    return 0;
  }
  llvm::StringRef path = *info->dlpi_name ? info->dlpi_name : "/proc/self/exe";
  llvm::sys::fs::file_status status;
  key.add(path);
  if (!llvm::sys::fs::status(path, status))
    key.add(status.getSize()).add(status.getLastModificationTime().time_since_epoch().count());
  return 0;
}

CacheKey tenon::toolIdentity() {
  CacheKeyBuilder key("tool");
  dl_iterate_phdr(addLoaded, &key);
  return key.finish();
}
