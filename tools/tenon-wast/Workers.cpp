//===- Workers.cpp - Scripts in processes of their own --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// This process only waits; every script is compiled and run by a child, which writes a line for
// each thing that its listener hears:
//
//   d LINE KIND      a directive, in order
//   p INDEX          it passed
//   f INDEX MESSAGE  it failed
//   s INDEX MESSAGE  it was skipped
//   e 0 MESSAGE      the script's program has ended too early
//
// A child that ends early, or that has written nothing for too long, leaves directives without a
// result: they have failed. The child leads a process group, so the script's program dies with it.
//
//===----------------------------------------------------------------------===//

#include "Workers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tenon;
using namespace tenon::wast;

using Clock = std::chrono::steady_clock;

static double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

//===----------------------------------------------------------------------===//
// The child
//===----------------------------------------------------------------------===//

namespace {

class PipeListener final : public driver::ScriptListener {
public:
  explicit PipeListener(int pipe) : os(pipe, /*shouldClose=*/false) {}

  void begin(llvm::ArrayRef<driver::ScriptDirective> directives) override {
    for (const driver::ScriptDirective &one : directives)
      os << "d " << one.line << ' ' << one.kind << '\n';
    os.flush();
  }
  void result(size_t index, const std::string *failure) override {
    if (failure)
      os << "f " << index << ' ' << oneLine(*failure) << '\n';
    else
      os << "p " << index << '\n';
    os.flush();
  }
  void skipped(size_t index, const std::string &reason) override {
    os << "s " << index << ' ' << oneLine(reason) << '\n';
    os.flush();
  }

  void endedEarly(const std::string &why) override {
    os << "e 0 " << oneLine(why) << '\n';
    os.flush();
  }

private:
  llvm::raw_fd_ostream os;

  static std::string oneLine(std::string text) {
    llvm::replace(text, '\n', ' ');
    return text;
  }
};

} // namespace

[[noreturn]] static void runChild(const Job &job, driver::ScriptOptions options, int pipe) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  PipeListener listener(pipe);
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(job.path);
  if (!buffer) {
    listener.begin({{1, "script"}});
    std::string why = "cannot read it: " + buffer.getError().message();
    listener.result(0, &why);
    _exit(0);
  }
  options.optLevel = job.optLevel;
  SourceFile file(job.path, (*buffer)->getBuffer().str());
  driver::runScript(file, options, listener);
  _exit(0);
}

//===----------------------------------------------------------------------===//
// This process
//===----------------------------------------------------------------------===//

namespace {

/// A child at work on a job.
class Worker {
public:
  Worker(size_t index, const Job &job, const WorkerOptions &options, llvm::StringRef directory);

  int getPipe() const { return pipe; }
  size_t getIndex() const { return index; }
  double secondsSilent() const { return secondsSince(lastHeard); }

  /// Reads what the child has written; false when it has ended.
  bool read();
  void kill();
  /// Waits for the child's end.
  FileResult finish();

private:
  size_t index;
  FileResult result;
  std::string early; ///< how the script's program ended, if it did too early
  std::string directory;
  pid_t pid = -1;
  int pipe = -1;
  unsigned timeoutSeconds;
  bool isKept;
  bool isKilled = false;
  std::string buffer; ///< an unfinished line
  Clock::time_point start = Clock::now(), lastHeard = start;

  void readLine(llvm::StringRef line);
  std::string describeEnd(int status) const;
};

} // namespace

Worker::Worker(size_t index, const Job &job, const WorkerOptions &options, llvm::StringRef parent)
    : index(index), timeoutSeconds(options.timeoutSeconds), isKept(!options.keep.empty()) {
  result.path = job.path;
  result.optLevel = job.optLevel;
  directory = (parent + "/" + llvm::Twine(index)).str();
  driver::ScriptOptions scriptOptions = options.script;
  scriptOptions.workDir = directory;
  int ends[2];
  if (llvm::sys::fs::create_directory(directory) || pipe2(ends, O_CLOEXEC))
    return;
  pid = fork();
  if (pid == 0)
    runChild(job, std::move(scriptOptions), ends[1]);
  close(ends[1]);
  pipe = ends[0];
}

void Worker::readLine(llvm::StringRef line) {
  auto [word, rest] = line.split(' ');
  auto [number, text] = rest.split(' ');
  unsigned value = 0;
  if (number.getAsInteger(10, value))
    return;
  if (word == "d") {
    result.directives.push_back({value, text.str(), Outcome::Crashed, ""});
    return;
  }
  if (word == "e")
    early = text.str();
  if (word == "e" || value >= result.directives.size())
    return;
  result.directives[value].outcome = word == "p"   ? Outcome::Passed
                                     : word == "s" ? Outcome::Skipped
                                                   : Outcome::Failed;
  result.directives[value].message = text.str();
}

bool Worker::read() {
  char bytes[1 << 16];
  ssize_t count = ::read(pipe, bytes, sizeof bytes);
  if (count <= 0)
    return count < 0 && errno == EINTR;
  lastHeard = Clock::now();
  buffer.append(bytes, count);
  llvm::StringRef rest = buffer;
  while (rest.contains('\n')) {
    auto [line, after] = rest.split('\n');
    readLine(line);
    rest = after;
  }
  buffer = rest.str();
  return true;
}

void Worker::kill() {
  isKilled = true;
  if (pid > 0)
    ::kill(-pid, SIGKILL);
}

std::string Worker::describeEnd(int status) const {
  if (isKilled)
    return "nothing happened for " + std::to_string(timeoutSeconds) + " seconds";
  if (WIFSIGNALED(status))
    return std::string("the compiler crashed: signal ") + strsignal(WTERMSIG(status));
  return "the compiler ended: exit status " + std::to_string(WEXITSTATUS(status));
}

FileResult Worker::finish() {
  int status = 0;
  if (pid > 0) {
    waitpid(pid, &status, 0);
    ::kill(-pid, SIGKILL); // the script's program, should it have survived
    close(pipe);
  }
  if (!isKept)
    llvm::sys::fs::remove_directories(directory);
  result.seconds = secondsSince(start);
  std::string why = pid <= 0        ? "no process can be started"
                    : early.empty() ? describeEnd(status)
                                    : early;
  for (DirectiveResult &one : result.directives)
    if (one.outcome == Outcome::Crashed)
      one.message = why;
  bool ended = pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && !isKilled;
  if (result.directives.empty() && !ended)
    result.directives.push_back({1, "script", Outcome::Crashed, why});
  return std::move(result);
}

/// Waits until a child has something to say, or until one has been silent for too long.
static void waitForNews(std::vector<std::unique_ptr<Worker>> &workers, unsigned timeoutSeconds) {
  std::vector<pollfd> polled;
  double left = timeoutSeconds;
  for (const std::unique_ptr<Worker> &worker : workers) {
    polled.push_back({worker->getPipe(), POLLIN, 0});
    left = std::min(left, timeoutSeconds - worker->secondsSilent());
  }
  poll(polled.data(), polled.size(), std::max(0, int(left * 1000)) + 1);
  for (auto [worker, descriptor] : llvm::zip_equal(workers, polled)) {
    if (descriptor.revents)
      continue;
    if (worker->secondsSilent() >= timeoutSeconds)
      worker->kill(); // the end of its pipe is news
  }
}

LogicalResult tenon::wast::runJobs(llvm::ArrayRef<Job> jobs, const WorkerOptions &options,
                                   llvm::function_ref<void(FileResult)> done, Diagnostics &diags) {
  llvm::SmallString<128> directory;
  directory = options.keep;
  if (options.keep.empty() ? llvm::sys::fs::createUniqueDirectory("tenon-wast", directory)
                           : llvm::sys::fs::create_directories(directory))
    return diags.error({}, "cannot create the folder '") << directory << "'";
  llvm::scope_exit removeDirectory([&] {
    if (options.keep.empty())
      llvm::sys::fs::remove_directories(directory);
  });

  std::vector<std::unique_ptr<Worker>> workers;
  std::map<size_t, FileResult> finished; // out of turn
  size_t started = 0, reported = 0;
  while (reported < jobs.size()) {
    while (workers.size() < std::max(1u, options.jobs) && started < jobs.size()) {
      workers.push_back(std::make_unique<Worker>(started, jobs[started], options, directory.str()));
      ++started;
    }
    waitForNews(workers, options.timeoutSeconds);
    llvm::erase_if(workers, [&](std::unique_ptr<Worker> &worker) {
      pollfd descriptor = {worker->getPipe(), POLLIN, 0};
      bool hasNews = descriptor.fd < 0 || poll(&descriptor, 1, 0) > 0;
      if (!hasNews || (descriptor.fd >= 0 && worker->read()))
        return false;
      finished[worker->getIndex()] = worker->finish();
      return true;
    });
    for (auto it = finished.find(reported); it != finished.end(); it = finished.find(reported)) {
      done(std::move(it->second));
      finished.erase(it);
      ++reported;
    }
  }
  return success();
}
