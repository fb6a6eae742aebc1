//===- LinkNames.h - How adapters name what code generation defines -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The contract between the adapters' bitcode and code generation. In the bitcode stand
// declarations:
//
//   function  `<instance path>!<export>`         the core function that this core instance exports
//   global    `<instance path>!<export>$base`    i8 array, external hidden: the first byte of that
//   memory global    `<instance path>!<export>$memory`  the memory's `tenon_memory` record
//   (tenon-abi/state.h) global    `self:<path>`                      the `tenon_self` record of a
//   component instance
//
// Code generation, importing adapters into a part, renames them to its own symbols (an export may
// turn out to be an import that the instance passes on: it follows the wiring). Everything else
// that the bitcode declares is a function of the runtime (tenon-abi/functions.def) or of the host.
//
// Names of exports are arbitrary text, so `!`, `$`, `%` and NUL in them (and in paths) are written
// `%XX`; names are therefore unique, and can be taken apart again.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LOWERING_LINKNAMES_H
#define TENON_LOWERING_LINKNAMES_H

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace tenon::lowering {

/// What a link name stands for.
enum class LinkKind : uint8_t { Function, MemoryBase, MemoryRecord, Self };

/// A link name taken apart. `exportName` is empty for a Self.
struct LinkName {
  LinkKind kind = LinkKind::Function;
  std::string path;
  std::string exportName;
};

/// `text` with the characters that link names use themselves as `%XX`.
inline std::string escapeLinkPart(llvm::StringRef text) {
  std::string out;
  for (char c : text) {
    if (c == '!' || c == '$' || c == '%' || c == '\0') {
      out += '%';
      out += llvm::hexdigit((c >> 4) & 15);
      out += llvm::hexdigit(c & 15);
    } else {
      out += c;
    }
  }
  return out;
}

/// The inverse of escapeLinkPart; none if `text` is not something that it makes.
inline std::optional<std::string> unescapeLinkPart(llvm::StringRef text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !llvm::isHexDigit(text[i + 1]) || !llvm::isHexDigit(text[i + 2]))
      return std::nullopt;
    out += char(llvm::hexFromNibbles(text[i + 1], text[i + 2]));
    i += 2;
  }
  return out;
}

/// The link name of a core instance's exported function.
inline std::string linkNameOfFunction(llvm::StringRef path, llvm::StringRef exportName) {
  return escapeLinkPart(path) + "!" + escapeLinkPart(exportName);
}
/// The link name of the first byte of a memory.
inline std::string linkNameOfMemoryBase(llvm::StringRef path, llvm::StringRef exportName) {
  return linkNameOfFunction(path, exportName) + "$base";
}
/// The link name of the `tenon_memory` record of a memory.
inline std::string linkNameOfMemoryRecord(llvm::StringRef path, llvm::StringRef exportName) {
  return linkNameOfFunction(path, exportName) + "$memory";
}
/// The link name of a component instance's `tenon_self` record.
inline std::string linkNameOfSelf(llvm::StringRef path) { return "self:" + escapeLinkPart(path); }

/// The symbol of a root export's entry. `@` in an ELF symbol would start a version.
inline std::string symbolOfExport(llvm::StringRef exportName) {
  std::string symbol = "tenon.export." + escapeLinkPart(exportName);
  for (char &c : symbol)
    c = c == '@' ? '~' : c;
  return symbol;
}
/// The symbol of a host function, and of the destructor of a host resource. `interface` has no
/// version.
inline std::string symbolOfHostFunction(llvm::StringRef interface, llvm::StringRef name) {
  std::string symbol = (interface + "#" + name).str();
  for (char &c : symbol)
    c = c == '@' ? '~' : c;
  return symbol;
}
inline std::string symbolOfHostDestructor(llvm::StringRef interface, llvm::StringRef name) {
  return symbolOfHostFunction(interface, ("[resource-drop]" + name).str());
}

/// Takes a symbol apart; none if it is no link name (a function of the runtime or of the host).
inline std::optional<LinkName> parseLinkName(llvm::StringRef symbol) {
  LinkName name;
  auto [path, rest] = symbol.split('!');
  if (rest.data() == nullptr || path.size() == symbol.size()) {
    if (!symbol.consume_front("self:"))
      return std::nullopt;
    name.kind = LinkKind::Self;
    path = symbol;
    rest = "";
  } else if (rest.consume_back("$base")) {
    name.kind = LinkKind::MemoryBase;
  } else if (rest.consume_back("$memory")) {
    name.kind = LinkKind::MemoryRecord;
  }
  std::optional<std::string> plainPath = unescapeLinkPart(path);
  std::optional<std::string> plainExport = unescapeLinkPart(rest);
  if (!plainPath || !plainExport)
    return std::nullopt;
  name.path = std::move(*plainPath);
  name.exportName = std::move(*plainExport);
  return name;
}

} // namespace tenon::lowering

#endif // TENON_LOWERING_LINKNAMES_H
