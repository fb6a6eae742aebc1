//===- Diagnostics.h - Errors with a place ----------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One idiom on every floor: a function that can fail on bad input takes a `Diagnostics &`, reports
// there, and returns `LogicalResult` or `FailureOr<T>`:
//
//   return diags.error(loc, "unknown import '") << name << "'";
//
// A place is a file and an offset: into the text the user wrote, or into the bytes of a binary.
// Text becomes bytes before anything reads it, so an offset into *encoded* bytes is translated back
// to a line of the text by the map that the encoder leaves in the SourceFile.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_SUPPORT_DIAGNOSTICS_H
#define TENON_SUPPORT_DIAGNOSTICS_H

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/LogicalResult.h"
#include "llvm/Support/raw_ostream.h"
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace tenon {

using llvm::failed;
using llvm::failure;
using llvm::FailureOr;
using llvm::LogicalResult;
using llvm::succeeded;
using llvm::success;

/// What a Location's offset counts in.
enum class OffsetSpace : uint8_t {
  Text,  ///< bytes of the text that the user wrote
  Binary ///< bytes of the wasm binary (read from the file, or encoded from its text)
};

/// One input file. Lives as long as anything that may still report an error in it.
class SourceFile {
public:
  /// `name` is what diagnostics print; `contents` is what the file held (text or binary).
  SourceFile(std::string name, std::string contents)
      : name(std::move(name)), contents(std::move(contents)) {}

  llvm::StringRef getName() const { return name; }
  llvm::StringRef getContents() const { return contents; }

  /// Records that the bytes encoded from `binaryOffset` on came from the text at `textOffset`.
  /// Calls come in ascending order of `binaryOffset`.
  void mapEncoded(uint64_t binaryOffset, uint64_t textOffset);
  bool hasEncodingMap() const { return !encodingMap.empty(); }
  /// The text offset of an encoded byte, or of the nearest mapped byte before it.
  uint64_t textOffsetOf(uint64_t binaryOffset) const;

  /// 1-based line and column of an offset into the text.
  std::pair<unsigned, unsigned> lineAndColumn(uint64_t textOffset) const;

private:
  std::string name;
  std::string contents;
  std::vector<std::pair<uint64_t, uint64_t>> encodingMap;
  mutable std::vector<uint64_t> lineStarts; // made at the first question
  mutable std::once_flag lineStartsMade;
};

/// A place in an input file. A default-constructed Location is "nowhere" (a command-line error).
struct Location {
  const SourceFile *file = nullptr;
  uint64_t offset = 0;
  OffsetSpace space = OffsetSpace::Binary;

  static Location text(const SourceFile &file, uint64_t offset) {
    return {&file, offset, OffsetSpace::Text};
  }
  static Location binary(const SourceFile &file, uint64_t offset) {
    return {&file, offset, OffsetSpace::Binary};
  }
  Location advanced(uint64_t by) const { return {file, offset + by, space}; }

  /// `a.wat:3:7`, `b.wasm:0x1f`, or nothing for a place that is nowhere.
  std::string str() const;
};

enum class Severity : uint8_t { Note, Warning, Error };

/// A finished diagnostic. Lower case, no final period, what was found and what was expected.
struct Diagnostic {
  Severity severity = Severity::Error;
  Location location;
  std::string message;
  /// The location as it is printed, for a diagnostic whose file is not at hand any more.
  std::string knownPlace = {};

  std::string place() const { return knownPlace.empty() ? location.str() : knownPlace; }
  /// `a.wat:3:7: error: message`
  std::string str() const;
};

class Diagnostics;

/// A diagnostic under construction; it is reported when it dies. Converts to failure.
class [[nodiscard]] PendingDiagnostic {
public:
  PendingDiagnostic(Diagnostics &owner, Severity severity, Location location)
      : owner(&owner), diagnostic{severity, location, {}, {}} {}
  PendingDiagnostic(PendingDiagnostic &&other)
      : owner(std::exchange(other.owner, nullptr)), diagnostic(std::move(other.diagnostic)) {}
  PendingDiagnostic &operator=(PendingDiagnostic &&) = delete;
  ~PendingDiagnostic();

  /// Appends anything that a raw_ostream can print.
  template <typename T> PendingDiagnostic &operator<<(const T &value) & {
    llvm::raw_string_ostream(diagnostic.message) << value;
    return *this;
  }
  template <typename T> PendingDiagnostic &&operator<<(const T &value) && {
    llvm::raw_string_ostream(diagnostic.message) << value;
    return std::move(*this);
  }

  operator LogicalResult() const { return failure(); }
  template <typename T> operator FailureOr<T>() const { return failure(); }

private:
  Diagnostics *owner;
  Diagnostic diagnostic;
};

/// Where diagnostics go. Thread-safe; counts errors. The default handler prints to `stderr`.
class Diagnostics {
public:
  using Handler = std::function<void(const Diagnostic &)>;

  Diagnostics();
  explicit Diagnostics(Handler handler) : handler(std::move(handler)) {}
  Diagnostics(const Diagnostics &) = delete;

  PendingDiagnostic error(Location location, const llvm::Twine &message = "");
  PendingDiagnostic warning(Location location, const llvm::Twine &message = "");
  /// Adds to the error or warning before it.
  PendingDiagnostic note(Location location, const llvm::Twine &message = "");

  void report(const Diagnostic &diagnostic);
  unsigned getNumErrors() const { return numErrors; }

private:
  Handler handler;
  std::mutex mutex;
  unsigned numErrors = 0;
};

/// Prints a diagnostic on `os`, with colours where `os` has them.
void printDiagnostic(llvm::raw_ostream &os, const Diagnostic &diagnostic);

} // namespace tenon

#endif // TENON_SUPPORT_DIAGNOSTICS_H
