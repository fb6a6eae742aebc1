//===- NamesTest.cpp - The grammar of import and export names -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Component/Names.h"
#include <gtest/gtest.h>

using namespace tenon::component;

TEST(Names, LabelsAreKebabCase) {
  for (llvm::StringRef good : {"a", "a-b-c", "a1-2-3", "A", "A-B-C", "A1-2-3", "a11-w0rds",
                               "A11-4CR0NYMS", "m1x3d-4CR0NYMS"})
    EXPECT_TRUE(isLabel(good)) << good.str();
  for (llvm::StringRef bad : {"", "1-2-3", "a-", "-a", "a--b", "aBc", "a_b", "a.b"})
    EXPECT_FALSE(isLabel(bad)) << bad.str();
}

TEST(Names, InterfaceNamesHaveParts) {
  std::optional<ParsedName> parsed = parseName("wasi:http/types@0.2.12");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->kind, NameKind::Interface);
  EXPECT_EQ(parsed->package, "wasi:http");
  EXPECT_EQ(parsed->projection, "types");
  EXPECT_EQ(parsed->version, "0.2.12");
  EXPECT_FALSE(parsed->isNested);
  EXPECT_FALSE(parsed->isCanonicalVersion);
  EXPECT_TRUE(parseName("a:b:c/d/e")->isNested);
  EXPECT_TRUE(parseName("a:b/c@1")->isCanonicalVersion);
  for (llvm::StringRef bad :
       {"a:b", "A:b/c", "a:B/c", "a:b/c@", "a:b/c@1.0", "a:b/c@01.0.0", "a:/b", ":a/b", "a:b/"})
    EXPECT_FALSE(parseName(bad)) << bad.str();
}

TEST(Names, AnnotationsHaveLabels) {
  std::optional<ParsedName> method = parseName("[method]descriptor.read-via-stream");
  ASSERT_TRUE(method);
  EXPECT_EQ(method->kind, NameKind::Method);
  EXPECT_EQ(method->label, "descriptor");
  EXPECT_EQ(method->member, "read-via-stream");
  EXPECT_EQ(parseName("[constructor]fields")->kind, NameKind::Constructor);
  EXPECT_EQ(parseName("[static]fields.from-list")->kind, NameKind::Static);
  for (llvm::StringRef bad :
       {"[method]a", "[method]a.b.c", "[static].a", "[constructor]", "[other]a"})
    EXPECT_FALSE(parseName(bad)) << bad.str();
}

TEST(Names, RemovedFormsAreNamesOnlyWhenAskedFor) {
  llvm::StringRef name = "relative-url=<./virtualize.wasm>,integrity=<sha256-abc>";
  EXPECT_FALSE(parseName(name));
  std::optional<ParsedName> parsed = parseName(name, /*removedForms=*/true);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->kind, NameKind::RelativeUrl);
  EXPECT_EQ(parsed->target, "./virtualize.wasm");
  EXPECT_EQ(parsed->integrity, "sha256-abc");
  EXPECT_EQ(parseName("unlocked-dep=<a:b@{>=1.0.0}>", true)->kind, NameKind::Dependency);
  EXPECT_FALSE(parseName("url=<x", true));
  EXPECT_FALSE(parseName("url=<x>y", true));
}

TEST(Names, UniquenessIgnoresCaseAndAnnotations) {
  EXPECT_EQ(uniquenessKey("foo-BAR"), uniquenessKey("FOO-bar"));
  EXPECT_EQ(uniquenessKey("[method]foo.foo"), uniquenessKey("foo"));
  EXPECT_EQ(uniquenessKey("[static]foo.bar"), uniquenessKey("[method]foo.bar"));
  EXPECT_NE(uniquenessKey("[constructor]foo"), uniquenessKey("foo"));
  EXPECT_NE(uniquenessKey("[method]foo.bar"), uniquenessKey("foo-bar"));
}

TEST(Names, VersionsOfOneTrackAreCompatible) {
  EXPECT_EQ(versionTrack("0.2.12"), "0.2");
  EXPECT_EQ(versionTrack("0.2.6-rc.1"), "0.2");
  EXPECT_EQ(versionTrack("1.2.3"), "1");
  EXPECT_EQ(versionTrack("0.0.1-alpha"), "0.0.1");
  EXPECT_EQ(versionTrack("0.2"), "0.2");
  EXPECT_EQ(versionTrack("1.2"), std::nullopt);
  EXPECT_TRUE(isSemver("1.0.0-abcd.1.2+efg.4.ee.5"));
  EXPECT_FALSE(isSemver("1.0.0-01"));
  EXPECT_FALSE(isSemver("1.0.0+"));
}
