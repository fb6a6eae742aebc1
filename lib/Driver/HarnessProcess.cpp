//===- HarnessProcess.cpp - A program with commands, running --------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HarnessProcess.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Errno.h"
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tenon;
using namespace tenon::driver;

/// In the child: the ends of the pipes become the files of the channel, wherever they are now.
static void becomeChannel(int from, int to, const codegen::Harness &channel) {
  int input = fcntl(from, F_DUPFD_CLOEXEC, 10), output = fcntl(to, F_DUPFD_CLOEXEC, 10);
  dup2(input, channel.input);
  dup2(output, channel.output);
}

HarnessProcess::HarnessProcess(const std::string &path, llvm::ArrayRef<std::string> args,
                               const codegen::Harness &channel) {
  std::vector<char *> argv;
  for (const std::string &arg : args)
    argv.push_back(const_cast<char *>(arg.c_str()));
  argv.push_back(nullptr);
  int toChild[2], fromChild[2];
  if (pipe2(toChild, O_CLOEXEC) || pipe2(fromChild, O_CLOEXEC))
    return;
  pid = fork();
  if (pid == 0) {
    becomeChannel(toChild[0], fromChild[1], channel);
    if (channel.output == 1)
      dup2(open("/dev/null", O_WRONLY), 2); // trap reports
    execv(path.c_str(), argv.data());
    _exit(127);
  }
  close(toChild[0]);
  close(fromChild[1]);
  input = toChild[1];
  output = fdopen(fromChild[0], "r");
}

HarnessProcess::~HarnessProcess() {
  if (output)
    fclose(output);
  if (input >= 0)
    close(input);
  wait();
}

void HarnessProcess::wait() {
  int raw = 0;
  if (pid > 0 && !status && llvm::sys::RetryAfterSignal(-1, waitpid, pid, &raw, 0) == pid)
    status = raw;
}

void HarnessProcess::goOn() {
  char byte = 0;
  if (write(input, &byte, 1) != 1)
    return; // it has ended; next() will tell
}

bool HarnessProcess::readMemory(uint64_t address, size_t size, uint8_t *out) const {
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

/// The next line of `stream`. A signal is no end of it.
static bool readLine(char *&line, size_t &capacity, FILE *stream) {
  while (getline(&line, &capacity, stream) <= 0) {
    if (!ferror(stream) || errno != EINTR)
      return false;
    clearerr(stream);
  }
  return true;
}

std::optional<CommandOutcome> HarnessProcess::next() {
  if (!output)
    return std::nullopt;
  std::optional<CommandOutcome> outcome;
  char *line = nullptr;
  size_t capacity = 0;
  while (!outcome && readLine(line, capacity, output)) {
    llvm::StringRef text(line);
    size_t record = text.find('\x1e');
    if (record != llvm::StringRef::npos)
      outcome = parseOutcome(text.drop_front(record + 1));
  }
  free(line);
  return outcome;
}

std::string HarnessProcess::describeEnd() {
  wait();
  if (!status)
    return "it could not be started";
  if (WIFSIGNALED(*status))
    return std::string("signal ") + strsignal(WTERMSIG(*status));
  return "exit status " + std::to_string(WEXITSTATUS(*status));
}

int HarnessProcess::waitForEnd() {
  wait();
  if (!status)
    return 1;
  return WIFEXITED(*status) ? WEXITSTATUS(*status) : 128 + WTERMSIG(*status);
}
