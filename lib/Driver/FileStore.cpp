//===- FileStore.cpp - Input files, each read once ------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Driver/FileStore.h"
#include "tenon/Support/Files.h"
#include "tenon/Text/Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace tenon;
using namespace tenon::driver;

static constexpr llvm::StringRef binaryMagic("\0asm", 4);

FailureOr<const InputFile *> FileStore::load(llvm::StringRef path, Location from) {
  FailureOr<const InputFile *> file = read(path, from);
  if (succeeded(file))
    asked[path.str()] = *file;
  return file;
}

bool FileStore::exists(llvm::StringRef path) {
  if (llvm::sys::fs::exists(path))
    return true;
  asked[path.str()] = nullptr;
  return false;
}

/// Why a file is neither the binary format nor text; empty when it may be text. An error of the
/// text's lexer would not say what is wrong with an executable or an archive.
static std::string whyNotText(llvm::StringRef contents) {
  if (contents.trim().empty())
    return "the file is empty";
  llvm::StringRef head = contents.take_front(16);
  auto isForeign = [](char c) {
    auto byte = static_cast<uint8_t>(c);
    return (byte < 0x20 && !llvm::isSpace(c)) || byte >= 0xf8; // no UTF-8 has the latter
  };
  if (llvm::none_of(head, isForeign))
    return "";
  return "neither WebAssembly nor its text: the file begins with " +
         llvm::toHex(head.take_front(4));
}

FailureOr<const InputFile *> FileStore::read(llvm::StringRef path, Location from) {
  llvm::SmallString<256> real;
  if (llvm::sys::fs::real_path(path, real))
    real = path;
  auto known = files.find(std::string(real));
  if (known != files.end())
    return known->second.get();

  if (llvm::sys::fs::is_directory(path))
    return diags.error(from, "cannot read '") << path << "': it is a directory";
  if (from.file && isSpecialFile(path)) // a stranger's component may name one that never ends
    return diags.error(from, "cannot read '")
           << path << "': an import cannot be a device or a pipe";
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      llvm::MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return diags.error(from, "cannot read '") << path << "': " << buffer.getError().message();
  llvm::StringRef contents = (*buffer)->getBuffer();
  if (!contents.starts_with(binaryMagic))
    if (std::string why = whyNotText(contents); !why.empty())
      return diags.error(from, "cannot read '") << path << "': " << why;
  FailureOr<const InputFile *> file =
      add(std::string(real), std::make_unique<SourceFile>(path.str(), contents.str()));
  return file;
}

FailureOr<const InputFile *> FileStore::loadText(llvm::StringRef name, llvm::StringRef text) {
  return add(name.str(), std::make_unique<SourceFile>(name.str(), text.str()));
}

const SourceFile *FileStore::find(llvm::StringRef name) const {
  for (const auto &[path, file] : files)
    if (file->source->getName() == name)
      return file->source.get();
  for (const SourceFile *file : borrowed)
    if (file->getName() == name)
      return file;
  return nullptr;
}

FailureOr<const InputFile *> FileStore::add(std::string key, std::unique_ptr<SourceFile> source) {
  auto file = std::make_unique<InputFile>();
  llvm::StringRef contents = source->getContents();
  if (contents.starts_with(binaryMagic)) {
    file->bytes =
        llvm::ArrayRef(reinterpret_cast<const uint8_t *>(contents.data()), contents.size());
  } else {
    text::Options options;
    options.allowPathImports = !strict;
    FailureOr<std::vector<uint8_t>> encoded = text::encode(*source, diags, options);
    if (failed(encoded))
      return failure();
    file->encoded = std::move(*encoded);
    file->bytes = file->encoded;
  }
  file->directory = llvm::sys::path::parent_path(source->getName()).str();
  file->source = std::move(source);
  return (files[key] = std::move(file)).get();
}
