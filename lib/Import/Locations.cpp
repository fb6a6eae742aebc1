//===- Locations.cpp - Places in inputs, and MLIR's locations -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Import/Import.h"

using namespace tenon;

mlir::Location tenon::convertLocation(mlir::MLIRContext *context, const Location &location) {
  if (!location.file)
    return mlir::UnknownLoc::get(context);
  const SourceFile &file = *location.file;
  bool isText = location.space == OffsetSpace::Text;
  if (!isText && !file.hasEncodingMap())
    return mlir::FileLineColLoc::get(context, file.getName(), 0, location.offset);
  uint64_t offset = isText ? location.offset : file.textOffsetOf(location.offset);
  auto [line, column] = file.lineAndColumn(offset);
  return mlir::FileLineColLoc::get(context, file.getName(), line, column);
}

/// The offset of a 1-based line and column.
static uint64_t offsetOf(llvm::StringRef text, unsigned line, unsigned column) {
  size_t at = 0;
  for (; line > 1; --line) {
    size_t end = text.find('\n', at);
    if (end == llvm::StringRef::npos)
      break;
    at = end + 1;
  }
  return std::min<uint64_t>(at + column - 1, text.size());
}

Location
tenon::convertLocation(mlir::Location location,
                       llvm::function_ref<const SourceFile *(llvm::StringRef name)> files) {
  mlir::FileLineColLoc place = location->findInstanceOf<mlir::FileLineColLoc>();
  const SourceFile *file = place ? files(place.getFilename().getValue()) : nullptr;
  if (!file)
    return {};
  if (place.getLine() == 0)
    return Location::binary(*file, place.getColumn());
  return Location::text(*file, offsetOf(file->getContents(), place.getLine(), place.getColumn()));
}
