//===- Names.cpp - The grammar of import and export names -----------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Names.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace tenon;
using namespace tenon::component;

static bool isLowerCase(char c) { return c >= 'a' && c <= 'z'; }
static bool isUpperCase(char c) { return c >= 'A' && c <= 'Z'; }

//===----------------------------------------------------------------------===//
// Labels
//===----------------------------------------------------------------------===//

/// word, or with `acronyms` also acronym: one case only, digits anywhere.
static bool isFragment(llvm::StringRef text, bool acronyms) {
  if (text.empty())
    return false;
  bool lower = llvm::all_of(text, [](char c) { return isLowerCase(c) || llvm::isDigit(c); });
  bool upper = llvm::all_of(text, [](char c) { return isUpperCase(c) || llvm::isDigit(c); });
  return lower || (acronyms && upper);
}

/// label, or without acronyms `words`: fragments joined by '-', the first of which starts with a
/// letter.
static bool isKebab(llvm::StringRef text, bool acronyms) {
  if (text.empty() || llvm::isDigit(text.front()))
    return false;
  while (true) {
    size_t dash = text.find('-');
    if (!isFragment(text.substr(0, dash), acronyms))
      return false;
    if (dash == llvm::StringRef::npos)
      return true;
    text = text.substr(dash + 1);
  }
}

bool component::isLabel(llvm::StringRef text) { return isKebab(text, /*acronyms=*/true); }

//===----------------------------------------------------------------------===//
// Versions
//===----------------------------------------------------------------------===//

/// `0`, or digits that do not start with one.
static bool isNumber(llvm::StringRef text) {
  return !text.empty() && llvm::all_of(text, [](char c) { return llvm::isDigit(c); }) &&
         (text.size() == 1 || text.front() != '0');
}

/// Dot-separated identifiers of semver.org; numeric ones of a pre-release have no leading zero.
static bool areIdentifiers(llvm::StringRef text, bool isPreRelease) {
  while (true) {
    auto [identifier, rest] = text.split('.');
    if (identifier.empty() ||
        !llvm::all_of(identifier, [](char c) { return llvm::isAlnum(c) || c == '-'; }))
      return false;
    bool numeric = llvm::all_of(identifier, [](char c) { return llvm::isDigit(c); });
    if (isPreRelease && numeric && !isNumber(identifier))
      return false;
    if (identifier.size() == text.size())
      return true;
    text = rest;
  }
}

bool component::isSemver(llvm::StringRef text) {
  size_t plus = text.find('+');
  if (plus != llvm::StringRef::npos) {
    if (!areIdentifiers(text.substr(plus + 1), /*isPreRelease=*/false))
      return false;
    text = text.substr(0, plus);
  }
  size_t dash = text.find('-');
  if (dash != llvm::StringRef::npos) {
    if (!areIdentifiers(text.substr(dash + 1), /*isPreRelease=*/true))
      return false;
    text = text.substr(0, dash);
  }
  llvm::SmallVector<llvm::StringRef, 4> parts;
  text.split(parts, '.');
  return parts.size() == 3 && llvm::all_of(parts, isNumber);
}

/// canonversion.
static bool isCanonVersion(llvm::StringRef text) {
  if (text == "0.0.0")
    return true;
  if (text.consume_front("0."))
    text.consume_front("0.");
  return isNumber(text) && text != "0";
}

std::optional<llvm::StringRef> component::versionTrack(llvm::StringRef version) {
  if (!isSemver(version))
    return isCanonVersion(version) ? std::optional(version) : std::nullopt;
  size_t firstDot = version.find('.');
  if (version.substr(0, firstDot) != "0")
    return version.substr(0, firstDot);
  size_t secondDot = version.find('.', firstDot + 1);
  if (version.substr(firstDot + 1, secondDot - firstDot - 1) != "0")
    return version.substr(0, secondDot);
  return version.substr(0, version.find_first_of("-+", secondDot));
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static std::optional<ParsedName> parseInterface(llvm::StringRef name) {
  ParsedName result;
  result.kind = NameKind::Interface;
  size_t at = name.find('@');
  if (at != llvm::StringRef::npos) {
    result.version = name.substr(at + 1);
    result.isCanonicalVersion = isCanonVersion(result.version);
    if (!result.isCanonicalVersion && !isSemver(result.version))
      return std::nullopt;
    name = name.substr(0, at);
  }
  size_t slash = name.find('/');
  if (slash == llvm::StringRef::npos)
    return std::nullopt;
  result.package = name.substr(0, slash);
  result.projection = name.substr(slash + 1);

  llvm::SmallVector<llvm::StringRef, 4> namespaces, projections;
  result.package.split(namespaces, ':');
  result.projection.split(projections, '/');
  if (namespaces.size() < 2 ||
      !llvm::all_of(namespaces, [](llvm::StringRef s) { return isKebab(s, false); }) ||
      !llvm::all_of(projections, isLabel))
    return std::nullopt;
  result.isNested = namespaces.size() > 2 || projections.size() > 1;
  return result;
}

/// `[method]l.l` and its like, without the annotation.
static std::optional<ParsedName> parseMember(NameKind kind, llvm::StringRef text) {
  size_t dot = text.find('.');
  if (dot == llvm::StringRef::npos)
    return std::nullopt;
  ParsedName result;
  result.kind = kind;
  result.label = text.substr(0, dot);
  result.member = text.substr(dot + 1);
  if (!isLabel(result.label) || !isLabel(result.member))
    return std::nullopt;
  return result;
}

static std::optional<llvm::StringRef> angled(llvm::StringRef &text, llvm::StringRef keyword) {
  llvm::StringRef rest = text;
  if (!rest.consume_front(keyword) || !rest.consume_front("=<"))
    return std::nullopt;
  // A version range has angles of its own: `a:b@{>=1.0.0 <2.0.0}`.
  size_t brace = rest.find('{');
  size_t end = rest.find('>');
  if (brace < end)
    end = rest.find('>', rest.find('}', brace));
  if (end == llvm::StringRef::npos)
    return std::nullopt;
  text = rest.substr(end + 1);
  return rest.substr(0, end);
}

static std::optional<ParsedName> parseRemovedForm(llvm::StringRef name) {
  static constexpr std::pair<llvm::StringLiteral, NameKind> forms[] = {
      {"relative-url", NameKind::RelativeUrl},
      {"url", NameKind::Url},
      {"locked-dep", NameKind::Dependency},
      {"unlocked-dep", NameKind::Dependency},
      {"integrity", NameKind::Integrity}};
  for (const auto &[keyword, kind] : forms) {
    llvm::StringRef rest = name;
    std::optional<llvm::StringRef> target = angled(rest, keyword);
    if (!target)
      continue;
    ParsedName result;
    result.kind = kind;
    (kind == NameKind::Integrity ? result.integrity : result.target) = *target;
    if (kind != NameKind::Integrity && rest.consume_front(",")) {
      std::optional<llvm::StringRef> integrity = angled(rest, "integrity");
      if (!integrity)
        return std::nullopt;
      result.integrity = *integrity;
    }
    if (!rest.empty())
      return std::nullopt;
    return result;
  }
  return std::nullopt;
}

std::optional<ParsedName> component::parseName(llvm::StringRef name, bool removedForms) {
  llvm::StringRef rest = name;
  if (rest.consume_front("[constructor]")) {
    ParsedName result;
    result.kind = NameKind::Constructor;
    result.label = rest;
    return isLabel(rest) ? std::optional(result) : std::nullopt;
  }
  if (rest.consume_front("[method]"))
    return parseMember(NameKind::Method, rest);
  if (rest.consume_front("[static]"))
    return parseMember(NameKind::Static, rest);
  if (removedForms && name.contains("=<"))
    return parseRemovedForm(name);
  if (name.contains(':'))
    return parseInterface(name);
  ParsedName result;
  result.label = name;
  return isLabel(name) ? std::optional(result) : std::nullopt;
}

std::string component::uniquenessKey(llvm::StringRef name) {
  std::string key = name.lower();
  llvm::StringRef rest = key;
  if (rest.consume_front("[method]") || rest.consume_front("[static]")) {
    auto [resource, member] = rest.split('.');
    return (resource == member ? resource : rest).str();
  }
  if (rest.starts_with("[") && !rest.starts_with("[constructor]"))
    return rest.substr(rest.find(']') + 1).str();
  return key;
}
