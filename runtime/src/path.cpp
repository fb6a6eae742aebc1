//===- path.cpp - Paths that cannot leave a directory ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "path.h"

using namespace tenon::rt;

extern "C" char tenon_path_buffer[2][maxPath] = {};

namespace {

bool isDotDot(const char *name, uint64_t size) {
  return size == 2 && name[0] == '.' && name[1] == '.';
}

/// The directories between the start and where the walk stands. `..` goes back to one that was come
/// through, so a directory that somebody moves meanwhile leads nowhere else.
class DirectoryStack {
public:
  explicit DirectoryStack(int start) : start(start) {}
  ~DirectoryStack() {
    while (depth)
      pop();
  }
  int top() const { return depth ? fds[depth - 1] : start; }
  bool isAtStart() const { return depth == 0; }
  bool push(int fd) {
    if (depth == maxDepth)
      return false;
    fds[depth++] = fd;
    return true;
  }
  void pop() { close(fds[--depth]); }

private:
  static constexpr uint32_t maxDepth = 2048;
  static int fds[maxDepth];
  int start;
  uint32_t depth = 0;
};
int DirectoryStack::fds[DirectoryStack::maxDepth];

/// What is left of the path; a symbolic link puts its text in front.
class Remaining {
public:
  explicit Remaining(const char *path) {
    uint64_t size = strlen(path);
    begin = sizeof(text) - 1 - size;
    memcpy(text + begin, path, size);
    text[sizeof(text) - 1] = 0;
  }
  bool isAbsolute() const { return text[begin] == '/'; }
  bool isEmpty() const { return !text[begin]; }
  /// The next component, terminated in place; `isLast` when nothing (no slash either) follows.
  const char *next(bool &isLast) {
    const char *component = text + begin;
    while (text[begin] && text[begin] != '/')
      ++begin;
    isLast = !text[begin];
    while (text[begin] == '/')
      text[begin++] = 0;
    return component;
  }
  /// Makes what follows the link's text; the component that named it has been taken.
  bool prepend(const char *link, uint64_t size) {
    if (size + wasFollowed > begin)
      return false;
    if (wasFollowed)
      text[--begin] = '/';
    begin -= size;
    memcpy(text + begin, link, size);
    return true;
  }
  /// Whether a slash stood behind the component taken last.
  bool wasFollowed = false;

private:
  static char text[2 * maxPath];
  uint64_t begin;
};
char Remaining::text[2 * maxPath];

constexpr int maxLinks = 40;
char linkText[maxPath];

/// Opens the component as a thing of its own, link or not, and answers its type.
long lookAt(int dir, const char *name, uint32_t &type) {
  long fd = openat(dir, name, oPATH | oNOFOLLOW | oCLOEXEC);
  if (fd < 0)
    return fd;
  FileStat stat;
  long error = fstat(static_cast<int>(fd), &stat);
  if (error < 0) {
    close(static_cast<int>(fd));
    return error;
  }
  type = stat.mode & ModeType;
  return fd;
}

/// Replaces a link (opened as `fd`, which is closed) by its text.
long followLink(int fd, Remaining &rest, int &links) {
  long size = syscall(SysReadlinkat, fd, address(""), address(linkText), maxPath);
  close(fd);
  if (size < 0)
    return size;
  if (++links > maxLinks)
    return -eLOOP;
  if (size == 0)
    return -eNOENT;
  if (linkText[0] == '/')
    return -ePERM;
  return rest.prepend(linkText, static_cast<uint64_t>(size)) ? 0 : -eNAMETOOLONG;
}

/// Takes a component that something follows: a directory, or a link to be replaced.
long enter(DirectoryStack &stack, const char *name, Remaining &rest, int &links) {
  if (isDotDot(name, strlen(name))) {
    if (stack.isAtStart())
      return -ePERM;
    stack.pop();
    return 0;
  }
  uint32_t type;
  long fd = lookAt(stack.top(), name, type);
  if (fd < 0)
    return fd;
  if (type == ModeLink)
    return followLink(static_cast<int>(fd), rest, links);
  if (type == ModeDirectory && stack.push(static_cast<int>(fd)))
    return 0;
  close(static_cast<int>(fd));
  return type == ModeDirectory ? -eNAMETOOLONG : -eNOTDIR;
}

} // namespace

long tenon::rt::openBeneathByWalking(int dir, const char *path, int flags, int mode) {
  Remaining rest(path);
  if (rest.isEmpty())
    return -eNOENT;
  if (rest.isAbsolute())
    return -ePERM;
  DirectoryStack stack(dir);
  int links = 0;
  while (!rest.isEmpty()) {
    bool isLast;
    const char *name = rest.next(isLast);
    rest.wasFollowed = !isLast;
    if (name[0] == '.' && !name[1])
      continue;
    if (!isLast || isDotDot(name, strlen(name))) {
      if (long error = enter(stack, name, rest, links))
        return error;
      continue;
    }
    // The last component. A link there is followed unless the caller (or O_EXCL) says otherwise.
    bool mayFollow = !(flags & oNOFOLLOW) && (flags & (oCREAT | oEXCL)) != (oCREAT | oEXCL);
    uint32_t type = 0;
    long fd = mayFollow ? lookAt(stack.top(), name, type) : -eNOENT;
    if (fd >= 0 && type == ModeLink) {
      if (long error = followLink(static_cast<int>(fd), rest, links))
        return error;
      continue;
    }
    if (fd >= 0)
      close(static_cast<int>(fd));
    return openat(stack.top(), name, flags | oNOFOLLOW | oCLOEXEC, mode);
  }
  // The path ended in `.`, `..` or a slash: the directory itself.
  return openat(stack.top(), ".", flags | oCLOEXEC, mode);
}

long tenon::rt::openBeneathAgain(int dir, const char *path, int flags, int mode, long error) {
  // The kernel gives up when something is renamed meanwhile.
  constexpr int attempts = 100;
  for (int i = 0; i < attempts && error == -eAGAIN; ++i)
    error = openBeneathOnce(dir, path, flags, mode);
  if (error >= 0)
    return error;
  if (error == -eXDEV)
    return -ePERM;
  if (error == -eNOSYS)
    return openBeneathByWalking(dir, path, flags, mode);
  if (error != -ePERM)
    return error;
  // Old seccomp filters answer EPERM to system calls that they do not know.
  long probe = openBeneathOnce(dir, ".", oPATH, 0);
  if (probe == -ePERM)
    return openBeneathByWalking(dir, path, flags, mode);
  if (probe >= 0)
    close(static_cast<int>(probe));
  return error;
}

bool tenon::rt::isPlainName(const char *path) {
  uint64_t size = 0;
  for (; path[size]; ++size)
    if (path[size] == '/')
      return false;
  return size && !isDotDot(path, size);
}

tenon::rt::ParentOf::ParentOf(int dir, char *path) : fd(dir) {
  if (!path[0] || path[0] == '/') {
    error = path[0] ? -ePERM : -eNOENT;
    return;
  }
  uint64_t end = strlen(path);
  while (path[end - 1] == '/')
    --end;
  hasTrailingSlash = path[end];
  uint64_t start = end;
  while (start && path[start - 1] != '/')
    --start;
  name = path + start;
  // `..` names no entry: the kernel refuses what is to be done with it. Where it leads outside,
  // that comes first.
  if (isDotDot(name, end - start)) {
    long probe = openBeneath(dir, path, oPATH);
    if (probe < 0) {
      error = probe;
      return;
    }
    close(static_cast<int>(probe));
  }
  if (!start)
    return;
  path[start - 1] = 0;
  long parent = openBeneath(dir, path, oPATH | oDIRECTORY);
  if (parent < 0) {
    error = parent;
    return;
  }
  fd = static_cast<int>(parent);
  owned = true;
}
