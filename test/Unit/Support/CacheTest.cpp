//===- CacheTest.cpp - Entries of the compile cache -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Support/Cache.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"
#include <thread>

using namespace tenon;

namespace {

class CacheTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("tenon-cache-test", folder));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  static CacheKey keyOf(llvm::StringRef text) { return CacheKeyBuilder("test").add(text).finish(); }
  static std::string contentsOf(const std::optional<CacheEntry> &entry) {
    return entry ? entry->getContents().str() : "nothing";
  }

  llvm::SmallString<128> folder;
};

TEST(CacheKeyTest, FieldsDoNotRunTogether) {
  auto key = [](std::initializer_list<llvm::StringRef> fields) {
    CacheKeyBuilder builder("test");
    for (llvm::StringRef field : fields)
      builder.add(field);
    return builder.finish();
  };
  EXPECT_EQ(key({"ab", "c"}), key({"ab", "c"}));
  EXPECT_NE(key({"ab", "c"}), key({"a", "bc"}));
  EXPECT_NE(key({"ab", ""}), key({"ab"}));
  EXPECT_NE(CacheKeyBuilder("a").finish(), CacheKeyBuilder("b").finish());
}

TEST(CacheKeyTest, AProcessHasOneIdentity) { EXPECT_EQ(toolIdentity(), toolIdentity()); }

TEST_F(CacheTest, FindsWhatWasStored) {
  Cache cache(std::string(folder) + "/made/later");
  EXPECT_FALSE(cache.find(keyOf("a")));
  cache.store(keyOf("a"), "contents");
  cache.store(keyOf("empty"), "");
  EXPECT_EQ(contentsOf(cache.find(keyOf("a"))), "contents");
  EXPECT_EQ(contentsOf(cache.find(keyOf("empty"))), "");
  EXPECT_FALSE(cache.find(keyOf("b")));
  cache.store(keyOf("a"), "other");
  EXPECT_EQ(contentsOf(cache.find(keyOf("a"))), "other");
}

TEST_F(CacheTest, ManyWritersOfOneEntry) {
  std::string contents(100000, 'x');
  auto work = [&] {
    Cache cache(std::string{folder});
    for (int i = 0; i < 50; ++i) {
      cache.store(keyOf("a"), contents);
      EXPECT_EQ(contentsOf(cache.find(keyOf("a"))), contents);
      cache.countHit(CacheKind::Part);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work);
  for (std::thread &thread : threads)
    thread.join();
  CacheSummary summary = Cache(std::string{folder}).summarize();
  EXPECT_EQ(summary.entries, 1u);
  EXPECT_EQ(summary.counts[size_t(CacheKind::Part)].hits, 200u);
}

TEST_F(CacheTest, TrimKeepsWhatWasUsedLast) {
  Cache cache(std::string{folder});
  std::string contents(1000, 'x');
  for (const char *name : {"a", "b", "c"})
    cache.store(keyOf(name), contents);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_TRUE(cache.find(keyOf("a")));
  cache.trim(1500);
  EXPECT_TRUE(cache.find(keyOf("a")));
  EXPECT_FALSE(cache.find(keyOf("b")));
  EXPECT_FALSE(cache.find(keyOf("c")));
  cache.clear();
  EXPECT_FALSE(cache.find(keyOf("a")));
  EXPECT_EQ(cache.summarize().bytes, 0u);
}

} // namespace
