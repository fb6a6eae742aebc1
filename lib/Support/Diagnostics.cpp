//===- Diagnostics.cpp - Errors with a place ------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Support/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include <cassert>

using namespace tenon;

void SourceFile::mapEncoded(uint64_t binaryOffset, uint64_t textOffset) {
  assert((encodingMap.empty() || encodingMap.back().first <= binaryOffset) &&
         "the encoder writes front to back");
  encodingMap.emplace_back(binaryOffset, textOffset);
}

uint64_t SourceFile::textOffsetOf(uint64_t binaryOffset) const {
  auto after = llvm::upper_bound(encodingMap, binaryOffset, [](uint64_t offset, const auto &entry) {
    return offset < entry.first;
  });
  return after == encodingMap.begin() ? 0 : std::prev(after)->second;
}

std::pair<unsigned, unsigned> SourceFile::lineAndColumn(uint64_t textOffset) const {
  std::call_once(lineStartsMade, [&] {
    lineStarts.push_back(0);
    for (size_t i = 0; i < contents.size(); ++i)
      if (contents[i] == '\n')
        lineStarts.push_back(i + 1);
  });
  auto after = llvm::upper_bound(lineStarts, textOffset);
  auto line = std::prev(after);
  return {line - lineStarts.begin() + 1, textOffset - *line + 1};
}

std::string Location::str() const {
  if (!file)
    return {};
  std::string result;
  llvm::raw_string_ostream os(result);
  os << file->getName();
  bool isText = space == OffsetSpace::Text || file->hasEncodingMap();
  if (!isText) {
    os << llvm::format(":0x%llx", static_cast<unsigned long long>(offset));
    return result;
  }
  uint64_t textOffset = space == OffsetSpace::Text ? offset : file->textOffsetOf(offset);
  auto [line, column] = file->lineAndColumn(textOffset);
  os << ':' << line << ':' << column;
  return result;
}

static llvm::StringRef spell(Severity severity) {
  switch (severity) {
  case Severity::Note:
    return "note: ";
  case Severity::Warning:
    return "warning: ";
  case Severity::Error:
    return "error: ";
  }
  llvm_unreachable("a severity that is none");
}

std::string Diagnostic::str() const {
  std::string place = this->place();
  return (place.empty() ? "" : place + ": ") + spell(severity).str() + message;
}

void tenon::printDiagnostic(llvm::raw_ostream &os, const Diagnostic &diagnostic) {
  std::string place = diagnostic.place();
  llvm::raw_ostream::Colors color = diagnostic.severity == Severity::Error ? llvm::raw_ostream::RED
                                    : diagnostic.severity == Severity::Warning
                                        ? llvm::raw_ostream::MAGENTA
                                        : llvm::raw_ostream::CYAN;
  bool colored = os.has_colors();
  if (colored)
    os.changeColor(llvm::raw_ostream::SAVEDCOLOR, /*Bold=*/true);
  os << (place.empty() ? "tenon" : place) << ": ";
  if (colored)
    os.changeColor(color, /*Bold=*/true);
  os << spell(diagnostic.severity);
  if (colored)
    os.resetColor();
  os << diagnostic.message << '\n';
}

PendingDiagnostic::~PendingDiagnostic() {
  if (owner)
    owner->report(diagnostic);
}

Diagnostics::Diagnostics()
    : handler([](const Diagnostic &diagnostic) { printDiagnostic(llvm::errs(), diagnostic); }) {}

PendingDiagnostic Diagnostics::error(Location location, const llvm::Twine &message) {
  return PendingDiagnostic(*this, Severity::Error, location) << message;
}

PendingDiagnostic Diagnostics::warning(Location location, const llvm::Twine &message) {
  return PendingDiagnostic(*this, Severity::Warning, location) << message;
}

PendingDiagnostic Diagnostics::note(Location location, const llvm::Twine &message) {
  return PendingDiagnostic(*this, Severity::Note, location) << message;
}

void Diagnostics::report(const Diagnostic &diagnostic) {
  std::lock_guard<std::mutex> lock(mutex);
  numErrors += diagnostic.severity == Severity::Error;
  handler(diagnostic);
}
