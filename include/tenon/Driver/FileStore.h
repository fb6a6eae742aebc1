//===- FileStore.h - Input files, each read once ----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DRIVER_FILESTORE_H
#define TENON_DRIVER_FILESTORE_H

#include "tenon/Support/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"
#include <map>
#include <memory>

namespace tenon::driver {

/// An input file as bytes: read, or encoded from its text.
struct InputFile {
  std::unique_ptr<SourceFile> source;
  std::vector<uint8_t> encoded; ///< empty when the file itself is binary
  llvm::ArrayRef<uint8_t> bytes;
  std::string directory; ///< paths in the file are relative to this

  Location start() const { return Location::binary(*source, 0); }
};

/// Reads files, text or binary, and keeps them alive for as long as anyone may report an error in
/// them.
class FileStore {
public:
  /// `strict`: text with import names that are paths is refused.
  explicit FileStore(Diagnostics &diags, bool strict = false) : diags(diags), strict(strict) {}

  /// The file at `path`; `from` is the place that asks for it.
  FailureOr<const InputFile *> load(llvm::StringRef path, Location from);
  /// The same for text that is not in a file.
  FailureOr<const InputFile *> loadText(llvm::StringRef name, llvm::StringRef text);

  /// A file that the caller keeps, and that others may refer to by its name.
  void addBorrowed(const SourceFile &file) { borrowed.push_back(&file); }

  /// Whether there is anything at `path`.
  bool exists(llvm::StringRef path);

  /// Every path that was asked for, and the file that was found there; null: none.
  const std::map<std::string, const InputFile *> &getAsked() const { return asked; }

  /// The source of that name (as diagnostics print it); null when there is none.
  const SourceFile *find(llvm::StringRef name) const;

private:
  Diagnostics &diags;
  bool strict;
  std::map<std::string, std::unique_ptr<InputFile>> files; ///< by real path
  std::vector<const SourceFile *> borrowed;
  std::map<std::string, const InputFile *> asked;

  FailureOr<const InputFile *> read(llvm::StringRef path, Location from);
  FailureOr<const InputFile *> add(std::string key, std::unique_ptr<SourceFile> source);
};

} // namespace tenon::driver

#endif // TENON_DRIVER_FILESTORE_H
