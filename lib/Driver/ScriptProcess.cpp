//===- ScriptProcess.cpp - The program of a script, running ---------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScriptProcess.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include <csignal>
#include <fcntl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tenon::driver;

ScriptProcess::ScriptProcess(const std::string &path) {
  int toChild[2], fromChild[2];
  if (pipe2(toChild, O_CLOEXEC) || pipe2(fromChild, O_CLOEXEC))
    return;
  pid = fork();
  if (pid == 0) {
    dup2(toChild[0], 0);
    dup2(fromChild[1], 1);
    int null = open("/dev/null", O_WRONLY);
    dup2(null, 2); // trap reports
    execl(path.c_str(), path.c_str(), static_cast<char *>(nullptr));
    _exit(127);
  }
  close(toChild[0]);
  close(fromChild[1]);
  input = toChild[1];
  output = fdopen(fromChild[0], "r");
}

ScriptProcess::~ScriptProcess() {
  if (output)
    fclose(output);
  if (input >= 0)
    close(input);
  wait();
}

void ScriptProcess::wait() {
  int raw = 0;
  if (pid > 0 && !status && waitpid(pid, &raw, 0) == pid)
    status = raw;
}

void ScriptProcess::goOn() {
  char byte = 0;
  if (write(input, &byte, 1) != 1)
    return; // it has ended; next() will tell
}

bool ScriptProcess::readMemory(uint64_t address, size_t size, uint8_t *out) const {
  iovec local = {out, size};
  iovec remote = {reinterpret_cast<void *>(address), size};
  return process_vm_readv(pid, &local, 1, &remote, 1, 0) == ssize_t(size);
}

/// `<id> ok <hex>...` or `<id> trap <kind> <text>`
static std::optional<CommandOutcome> parseOutcome(llvm::StringRef line) {
  CommandOutcome outcome;
  auto [id, rest] = line.trim().split(' ');
  auto [word, values] = rest.split(' ');
  if (id.getAsInteger(10, outcome.id))
    return std::nullopt;
  if (word == "trap") {
    auto [kind, text] = values.split(' ');
    outcome.text = text.str();
    if (kind.getAsInteger(10, outcome.trap))
      return std::nullopt;
    return outcome;
  }
  if (word == "unlinked") {
    if (values.getAsInteger(10, outcome.unlinked.emplace()))
      return std::nullopt;
    return outcome;
  }
  llvm::SmallVector<llvm::StringRef> slots;
  llvm::SplitString(values, slots);
  for (llvm::StringRef slot : slots) {
    slot.consume_front("0x");
    if (slot.getAsInteger(16, outcome.slots.emplace_back()))
      return std::nullopt;
  }
  return outcome;
}

std::optional<CommandOutcome> ScriptProcess::next() {
  if (!output)
    return std::nullopt;
  std::optional<CommandOutcome> outcome;
  char *line = nullptr;
  size_t capacity = 0;
  while (!outcome && getline(&line, &capacity, output) > 0) {
    llvm::StringRef text(line);
    size_t record = text.find('\x1e');
    if (record != llvm::StringRef::npos)
      outcome = parseOutcome(text.drop_front(record + 1));
  }
  free(line);
  return outcome;
}

std::string ScriptProcess::describeEnd() {
  wait();
  if (!status)
    return "it could not be started";
  if (WIFSIGNALED(*status))
    return std::string("signal ") + strsignal(WTERMSIG(*status));
  return "exit status " + std::to_string(WEXITSTATUS(*status));
}
