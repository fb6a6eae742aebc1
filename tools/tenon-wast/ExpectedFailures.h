//===- ExpectedFailures.h - Directives that may fail --------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The list of directives that are expected to fail. A line is `FILE:LINE REASON`, where FILE is the
// end of a path, by whole names: `core/binary.wast:12` is not about
// `custom-descriptors/binary.wast`. Lines that start with # are comments.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_WAST_EXPECTEDFAILURES_H
#define TENON_WAST_EXPECTEDFAILURES_H

#include "Results.h"
#include "tenon/Support/Diagnostics.h"
#include <set>

namespace tenon::wast {

class ExpectedFailures {
public:
  /// Reads a list, in addition to others.
  LogicalResult read(llvm::StringRef path, Diagnostics &diags);

  /// Marks the failures of a file that are expected. An entry that names a line where nothing fails
  /// becomes a failure: of the directive that passes there, or of one that is not there.
  void apply(FileResult &file) const;

private:
  /// Lines by file. Line 0 is written `*` and means all failures of a file, of which there is one
  /// at least.
  std::map<std::string, std::set<unsigned>> entries;
};

} // namespace tenon::wast

#endif // TENON_WAST_EXPECTEDFAILURES_H
