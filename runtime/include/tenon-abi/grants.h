//===- grants.h - What of the host a program was given ----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written by the compiler when it links, read by the runtime: one block of bytes at the symbol
// `tenon_grants`, without pointers, so that the linker can lay it down. A program without the
// symbol was given nothing. The block is a sequence of entries, each a tag byte followed by
// NUL-terminated strings, ended by TENON_GRANT_END.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_ABI_GRANTS_H
#define TENON_ABI_GRANTS_H

enum tenon_grant_tag {
  TENON_GRANT_END = 0,
  TENON_GRANT_DIR = 'd',           ///< host path, guest path
  TENON_GRANT_DIR_READ_ONLY = 'r', ///< host path, guest path
  TENON_GRANT_ENV = 'e',           ///< name, value
  TENON_GRANT_ENV_INHERITED = 'i', ///< name
  TENON_GRANT_ENV_ALL = 'a'        ///< the whole environment; no string
};

#endif // TENON_ABI_GRANTS_H
