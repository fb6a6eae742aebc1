//===- ImportPaths.cpp - Where an import may be found ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImportPaths.h"
#include "tenon/Component/Names.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"

using namespace tenon;
using namespace tenon::driver;

namespace {

bool looksLikePath(llvm::StringRef text) {
  return text.starts_with("./") || text.starts_with("../") || text.starts_with("/") ||
         text.ends_with(".wasm") || text.ends_with(".wat");
}

/// The list of places under construction.
class Places {
public:
  explicit Places(llvm::StringRef directory) : directory(directory) {}

  /// A path, relative to the importing file; with the other extension after it.
  void addPath(llvm::StringRef path) {
    if (llvm::sys::path::is_absolute(path))
      return addWithText(path);
    llvm::SmallString<128> full(directory);
    llvm::sys::path::append(full, path);
    llvm::sys::path::remove_dots(full);
    addWithText(full.empty() ? "." : full.str());
  }

  /// `ns:name@version` below `root` (a path as addPath takes it); nested namespaces are folders in
  /// each other.
  void addPackage(llvm::StringRef root, llvm::StringRef package, llvm::StringRef version) {
    llvm::SmallVector<llvm::StringRef, 2> labels;
    package.split(labels, ':');
    llvm::SmallString<128> base(root);
    for (llvm::StringRef label : labels)
      llvm::sys::path::append(base, label);
    if (!version.empty())
      addPath((base + "/" + version + ".wasm").str());
    addPath((base + ".wasm").str());
  }

  std::vector<std::string> take() { return std::move(places); }

private:
  llvm::StringRef directory;
  std::vector<std::string> places;

  void addOne(llvm::StringRef path) {
    if (!llvm::is_contained(places, path))
      places.push_back(path.str());
  }
  void addWithText(llvm::StringRef path) {
    addOne(path);
    if (path.ends_with(".wasm"))
      addOne((path.drop_back(5) + ".wat").str());
  }
};

/// `ns:pkg@1.2.3`, or `ns:pkg@{>=1.0.0 <2.0.0}` as unlocked-dep writes it, without the version
/// there.
std::pair<llvm::StringRef, llvm::StringRef> splitDependency(llvm::StringRef target) {
  auto [package, version] = target.split('@');
  return {package, component::isSemver(version) ? version : llvm::StringRef()};
}

} // namespace

std::vector<std::string> tenon::driver::pathsOfImport(const component::ExternName &name,
                                                      llvm::StringRef directory,
                                                      const Options &options) {
  for (const auto &[key, path] : options.imports)
    if (key == name.name)
      return {path};

  Places places(directory);
  if (name.externalId && !name.externalId->empty())
    places.addPath(*name.externalId);
  std::optional<component::ParsedName> parsed =
      component::parseName(name.name, /*removedForms=*/true);
  llvm::StringRef package;
  std::string version;
  if (parsed) {
    switch (parsed->kind) {
    case component::NameKind::Url:
    case component::NameKind::RelativeUrl:
      places.addPath(parsed->target);
      break;
    case component::NameKind::Dependency:
      std::tie(package, version) = splitDependency(parsed->target);
      break;
    case component::NameKind::Interface:
      package = parsed->package;
      version = (parsed->version + name.versionSuffix.value_or("")).str();
      break;
    case component::NameKind::Label:
    case component::NameKind::Constructor:
    case component::NameKind::Method:
    case component::NameKind::Static:
    case component::NameKind::Integrity:
      break;
    }
  } else if (looksLikePath(name.name)) {
    places.addPath(name.name);
  }

  std::vector<std::string> roots = {"deps"};
  for (const std::string &searchPath : options.searchPaths) {
    llvm::SmallString<128> absolute(searchPath); // -L counts from the working directory
    llvm::sys::fs::make_absolute(absolute);
    roots.push_back(std::string(absolute));
  }
  for (const std::string &root : roots) {
    if (!package.empty())
      places.addPackage(root, package, version);
    else if (parsed && parsed->kind == component::NameKind::Label)
      places.addPath((root + "/" + name.name + ".wasm").str());
  }
  return places.take();
}

std::optional<std::string> tenon::driver::integrityOf(llvm::StringRef name) {
  std::optional<component::ParsedName> parsed = component::parseName(name, /*removedForms=*/true);
  if (!parsed || parsed->integrity.empty())
    return std::nullopt;
  return parsed->integrity.str();
}

std::optional<bool> tenon::driver::hasIntegrity(llvm::StringRef contents,
                                                llvm::StringRef integrity) {
  llvm::StringRef expected = integrity;
  if (!expected.consume_front("sha256-"))
    return std::nullopt;
  std::array<uint8_t, 32> hash = llvm::SHA256::hash(
      llvm::ArrayRef(reinterpret_cast<const uint8_t *>(contents.data()), contents.size()));
  return llvm::encodeBase64(hash) == expected;
}
