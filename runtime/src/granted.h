//===- granted.h - What the program was given ----------------- -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_RUNTIME_GRANTED_H
#define TENON_RUNTIME_GRANTED_H

#include "base.h"
#include "tenon-abi/grants.h"

/// The linker lays it down when something was granted (tenon-abi/grants.h).
extern "C" [[gnu::weak]] const char tenon_grants[];

namespace tenon::rt {

/// Walks the grants: `tag` is TENON_GRANT_END behind the last.
class GrantReader {
public:
  GrantReader() { read(); }
  char tag = TENON_GRANT_END;
  const char *first = nullptr, *second = nullptr;

  void next() { read(); }

private:
  const char *at = tenon_grants;

  void read() {
    tag = at ? *at : static_cast<char>(TENON_GRANT_END);
    if (tag == TENON_GRANT_END)
      return;
    ++at;
    bool isPair =
        tag == TENON_GRANT_DIR || tag == TENON_GRANT_DIR_READ_ONLY || tag == TENON_GRANT_ENV;
    if (isPair || tag == TENON_GRANT_ENV_INHERITED)
      first = readString();
    if (isPair)
      second = readString();
  }
  const char *readString() {
    const char *text = at;
    at += strlen(at) + 1;
    return text;
  }
};

} // namespace tenon::rt

#endif // TENON_RUNTIME_GRANTED_H
