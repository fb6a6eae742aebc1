//===- ExpectedFailures.cpp - Directives that may fail --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExpectedFailures.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace tenon;
using namespace tenon::wast;

static constexpr unsigned anyLine = 0;

LogicalResult ExpectedFailures::read(llvm::StringRef path, Diagnostics &diags) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return diags.error({}, "cannot read '") << path << "': " << buffer.getError().message();
  SourceFile source(path.str(), (*buffer)->getBuffer().str());
  llvm::SmallVector<llvm::StringRef> lines;
  source.getContents().split(lines, '\n');
  for (llvm::StringRef line : lines) {
    if (line.trim().empty() || line.starts_with("#"))
      continue;
    Location location = Location::text(source, line.data() - source.getContents().data());
    auto [place, reason] = line.split(' ');
    auto [file, number] = place.rsplit(':');
    unsigned wanted = anyLine;
    if (file.empty() || (number != "*" && (number.getAsInteger(10, wanted) || !wanted)))
      return diags.error(location, "expected FILE:LINE or FILE:*, found '") << place << "'";
    if (reason.trim().empty())
      return diags.error(location, "expected a reason after '") << place << "'";
    entries[file.str()].insert(wanted);
  }
  return success();
}

/// Whether `file` is the end of `path`, by whole names.
static bool isEndOf(llvm::StringRef file, llvm::StringRef path) {
  return path.consume_back(file) && (path.empty() || path.ends_with("/"));
}

/// Marks the failures at a line, or any. The passes there are failures if there are no failures.
static void applyLine(unsigned line, FileResult &file) {
  bool fails = false;
  DirectiveResult *passing = nullptr;
  for (DirectiveResult &one : file.directives) {
    if (line != anyLine && one.line != line)
      continue;
    if (one.outcome == Outcome::Failed)
      one.outcome = Outcome::ExpectedFailure;
    fails |= one.outcome == Outcome::ExpectedFailure || one.outcome == Outcome::Crashed;
    if (!passing)
      passing = &one;
  }
  if (fails)
    return;
  if (!passing || line == anyLine)
    passing = &file.directives.emplace_back(DirectiveResult{line, "list", Outcome::Failed, ""});
  passing->outcome = Outcome::Failed;
  passing->message = passing->kind == "list" && line != anyLine
                         ? "no directive starts here, but one is listed as an expected failure"
                         : "passes, but is listed as an expected failure";
}

void ExpectedFailures::apply(FileResult &file) const {
  for (const auto &[name, lines] : entries)
    if (isEndOf(name, file.path))
      for (unsigned line : lines)
        applyLine(line, file);
}
