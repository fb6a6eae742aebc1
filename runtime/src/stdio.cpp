//===- stdio.cpp - wasi:cli/stdin, stdout, stderr, terminal-* -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Terminals have no functions: their resources only say that the stream is one.
//
//===----------------------------------------------------------------------===//

#include "syscall.h"
#include "wasi.h"

using namespace tenon::rt;

namespace {

uint32_t makeOutput(int fd) {
  uint32_t rep = outputStreams.allocate();
  outputStreams[rep] = {0, 0, fd, StreamStdio, false, 0};
  return rep;
}

void askTerminal(int fd, Option<uint32_t> *out) {
  constexpr long getAttributes = 0x5401; // TCGETS
  uint8_t attributes[64];
  bool isTerminal = !isError(syscall(SysIoctl, fd, getAttributes, address(attributes)));
  *out = {isTerminal, static_cast<uint32_t>(fd)};
}

} // namespace

TENON_HOST("wasi:cli/stdin#get-stdin", uint32_t, getStdin) {
  uint32_t rep = inputStreams.allocate();
  inputStreams[rep] = {0, 0, 0, StreamStdio, false, 0};
  return rep;
}

TENON_HOST("wasi:cli/stdout#get-stdout", uint32_t, getStdout) { return makeOutput(1); }
TENON_HOST("wasi:cli/stderr#get-stderr", uint32_t, getStderr) { return makeOutput(2); }

TENON_HOST("wasi:cli/terminal-stdin#get-terminal-stdin", void, getTerminalStdin,
           Option<uint32_t> *out) {
  askTerminal(0, out);
}

TENON_HOST("wasi:cli/terminal-stdout#get-terminal-stdout", void, getTerminalStdout,
           Option<uint32_t> *out) {
  askTerminal(1, out);
}

TENON_HOST("wasi:cli/terminal-stderr#get-terminal-stderr", void, getTerminalStderr,
           Option<uint32_t> *out) {
  askTerminal(2, out);
}

TENON_HOST("wasi:cli/terminal-input#[resource-drop]terminal-input", void, dropTerminalInput,
           uint32_t) {}
TENON_HOST("wasi:cli/terminal-output#[resource-drop]terminal-output", void, dropTerminalOutput,
           uint32_t) {}
