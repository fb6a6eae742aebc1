//===- LinkTest.cpp - Linking, and the runtime that is linked -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime's own tests (runtime/test) are objects beside the build's other products: linked here
// as any program is, and run in a folder of their own.
//
//===----------------------------------------------------------------------===//

#include "tenon/Link/Link.h"
#include "tenon/Link/RuntimeFiles.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>
#include <set>

using namespace tenon;
using link::LinkOptions;

namespace {

/// `<build>/<tail>`, seen from `<build>/test/Unit/LinkTests`.
std::string inBuild(llvm::StringRef tail) {
  static int anchor;
  llvm::SmallString<128> path(llvm::sys::fs::getMainExecutable("LinkTests", &anchor));
  for (int i = 0; i < 3; ++i)
    llvm::sys::path::remove_filename(path);
  llvm::sys::path::append(path, tail);
  return std::string(path);
}

struct Outcome {
  int status = -1;
  std::string output, errors;
};

std::string readFile(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : "";
}

class LinkTest : public ::testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("tenon-link-test", dir));
    ASSERT_FALSE(llvm::sys::fs::current_path(previous));
    ASSERT_FALSE(llvm::sys::fs::set_current_path(dir));
    options.triple = "x86_64-unknown-linux-gnu";
    options.runtimeDir = inBuild("lib/tenon");
    options.output = "program";
  }
  void TearDown() override {
    llvm::sys::fs::set_current_path(previous);
    llvm::sys::fs::remove_directories(dir);
  }

  llvm::StringRef arch() const { return link::runtimeArch(options.triple); }

  LogicalResult linkTest(llvm::StringRef name) {
    auto object =
        llvm::MemoryBuffer::getFile(inBuild(("runtime/test/" + arch() + "/" + name + ".o").str()));
    EXPECT_TRUE(!!object) << "no test object " << name.str();
    if (!object)
      return failure();
    Diagnostics diags(
        [this](const Diagnostic &diagnostic) { messages += diagnostic.message + "\n"; });
    return link::linkExecutable((*object)->getMemBufferRef(), options, diags);
  }

  Outcome run(std::vector<std::string> args = {}, llvm::StringRef input = "") {
    std::error_code error;
    llvm::raw_fd_ostream("input", error) << input;
    std::vector<llvm::StringRef> argv = {"program"};
    argv.insert(argv.end(), args.begin(), args.end());
    std::optional<llvm::StringRef> redirects[] = {"input", "output", "errors"};
    std::vector<llvm::StringRef> environment = {"INHERITED=a=b", "PRIVATE=secret"};
    Outcome outcome;
    outcome.status = llvm::sys::ExecuteAndWait("./program", argv, environment, redirects, 60);
    outcome.output = readFile("output");
    outcome.errors = readFile("errors");
    return outcome;
  }

  LinkOptions options;
  std::string messages;

private:
  llvm::SmallString<128> dir, previous;
};

TEST_F(LinkTest, FilesStayInTheirDirectory) {
  options.grants.preopens = {{"box", "/", false}, {"box", "/ro", true}};
  ASSERT_TRUE(succeeded(linkTest("files"))) << messages;
  Outcome outcome = run();
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
}

TEST_F(LinkTest, Streams) {
  options.grants.preopens = {{".", "/", false}};
  options.grants.env = {{"FIXED", "value"}};
  options.grants.inheritedEnv = {"INHERITED", "ABSENT"};
  ASSERT_TRUE(succeeded(linkTest("streams"))) << messages;
  Outcome outcome = run({"argument"}, "ab");
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
}

TEST_F(LinkTest, KernelsForStrings) {
  ASSERT_TRUE(succeeded(linkTest("strings"))) << messages;
  Outcome outcome = run();
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
}

class MemoryTest : public LinkTest {
protected:
  void SetUp() override {
    LinkTest::SetUp();
    options.sections.push_back({"tenon.image.0", 0x70000000});
    options.symbols.push_back({"test.memory.0", 0x70000000});
  }
};

TEST_F(MemoryTest, MemoriesAndProtection) {
  ASSERT_TRUE(succeeded(linkTest("memory"))) << messages;
  Outcome outcome = run();
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(run({"fail"}).status, 1);
}

TEST_F(MemoryTest, TrapsAreReported) {
  ASSERT_TRUE(succeeded(linkTest("memory"))) << messages;
  const std::pair<const char *, const char *> cases[] = {
      {"outside", "trap: out of bounds memory access\n"},
      {"exhaust", "trap: call stack exhausted\n"},
      {"divide", "trap: integer divide by zero\n"},
      {"missing", "trap: call of a function that nobody provides: wasi:http/types#nobody\n"}};
  for (auto [argument, message] : cases) {
    Outcome outcome = run({argument});
    EXPECT_EQ(outcome.status, 134) << argument;
    EXPECT_TRUE(llvm::StringRef(outcome.errors).starts_with(message)) << outcome.errors;
    // The line table's file is what a function is in generated code.
    EXPECT_NE(outcome.errors.find("memory.cpp (line "), std::string::npos) << outcome.errors;
  }
  Outcome bug = run({"null"});
  EXPECT_EQ(bug.status, 139);
  EXPECT_TRUE(llvm::StringRef(bug.errors).starts_with("internal fault: ")) << bug.errors;
}

TEST_F(MemoryTest, CommandsGoOnAfterATrap) {
  options.entry = "tenon_start_harness";
  ASSERT_TRUE(succeeded(linkTest("memory"))) << messages;
  Outcome outcome = run();
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "\x1e"
                            "10 ok 2a 2\n\x1e"
                            "11 trap 2 out of bounds memory access\n\x1e"
                            "12 trap 10 call stack exhausted\n\x1e"
                            "13 trap 10 call stack exhausted\n\x1e"
                            "14 ok 2c\n");
}

TEST_F(MemoryTest, TheSameInputGivesTheSameBytes) {
  ASSERT_TRUE(succeeded(linkTest("memory"))) << messages;
  std::string first = readFile("program");
  llvm::sys::fs::create_directory("elsewhere");
  options.output = "elsewhere/another-name";
  ASSERT_TRUE(succeeded(linkTest("memory"))) << messages;
  EXPECT_FALSE(first.empty());
  EXPECT_TRUE(first == readFile("elsewhere/another-name"));
  // Code, data and an image far apart, without what lies between them.
  EXPECT_LT(first.size(), 200000u);
}

TEST_F(LinkTest, AFailureLeavesNothingBehind) {
  Diagnostics diags([this](const Diagnostic &diagnostic) { messages += diagnostic.message; });
  llvm::MemoryBufferRef garbage("not an object", "garbage");
  EXPECT_TRUE(failed(link::linkExecutable(garbage, options, diags)));
  EXPECT_NE(messages.find("linking failed"), std::string::npos) << messages;
  std::error_code error;
  EXPECT_EQ(llvm::sys::fs::directory_iterator(".", error), llvm::sys::fs::directory_iterator());
}

/// What the compiler believes the runtime has, and what it has.
TEST_F(LinkTest, HostFunctionsAreThoseOfTheList) {
  std::set<std::string> listed = {
#define HOST(name) name,
#include "tenon-abi/host-functions.def"
#undef HOST
  };
  for (llvm::StringRef triple : {"x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"}) {
    auto file = llvm::MemoryBuffer::getFile(link::runtimeArchive(options.runtimeDir, triple));
    ASSERT_TRUE(!!file);
    llvm::Expected<std::unique_ptr<llvm::object::Archive>> archive =
        llvm::object::Archive::create((*file)->getMemBufferRef());
    ASSERT_TRUE(!!archive);
    std::set<std::string> defined;
    for (const llvm::object::Archive::Symbol &symbol : (*archive)->symbols())
      if (symbol.getName().starts_with("wasi:"))
        defined.insert(symbol.getName().str());
    EXPECT_EQ(listed, defined);
  }
}

/// What is compiled for later processors must not be taken for code that all of them run.
TEST_F(LinkTest, FunctionsOfLevelsAreNamedAfterThem) {
  auto file = llvm::MemoryBuffer::getFile(link::runtimeArchive(options.runtimeDir, options.triple));
  ASSERT_TRUE(!!file);
  auto archive = llvm::cantFail(llvm::object::Archive::create((*file)->getMemBufferRef()));
  unsigned functions = 0;
  llvm::Error error = llvm::Error::success();
  for (const llvm::object::Archive::Child &member : archive->children(error)) {
    llvm::StringRef level =
        llvm::cantFail(member.getName()).rsplit('-').second.split('.').first; // name-level.o
    if (level.empty())
      continue;
    auto object = llvm::cantFail(
        llvm::object::ObjectFile::createObjectFile(llvm::cantFail(member.getMemoryBufferRef())));
    for (const llvm::object::SymbolRef &symbol : object->symbols()) {
      uint32_t flags = llvm::cantFail(symbol.getFlags());
      if (!(flags & llvm::object::SymbolRef::SF_Global) ||
          llvm::cantFail(symbol.getType()) != llvm::object::SymbolRef::ST_Function)
        continue;
      llvm::StringRef name = llvm::cantFail(symbol.getName());
      EXPECT_TRUE(name.contains(level)) << name.str();
      ++functions;
    }
  }
  EXPECT_FALSE(!!error);
  EXPECT_GT(functions, 0u);
}

TEST_F(LinkTest, SeveralObjectsBecomeOne) {
  auto object = llvm::MemoryBuffer::getFile(inBuild("runtime/test/x86_64/files.o"));
  ASSERT_TRUE(!!object);
  Diagnostics diags([this](const Diagnostic &diagnostic) { messages += diagnostic.message; });
  llvm::MemoryBufferRef input = (*object)->getMemBufferRef();
  ASSERT_TRUE(succeeded(link::linkRelocatable(input, options.triple, "joined.o", diags)))
      << messages;
  llvm::MemoryBufferRef twice[] = {input, input};
  EXPECT_TRUE(failed(link::linkRelocatable(twice, options.triple, "twice.o", diags)));
  EXPECT_FALSE(llvm::sys::fs::exists("twice.o"));
  EXPECT_NE(messages.find("duplicate symbol"), std::string::npos) << messages;
}

/// Linked, not run: that takes another machine.
TEST_F(MemoryTest, AArch64) {
  options.triple = "aarch64-unknown-linux-gnu";
  for (const char *name : {"files", "streams"}) {
    LinkOptions withImage = options;
    options.sections.clear();
    EXPECT_TRUE(succeeded(linkTest(name))) << messages;
    options = withImage;
  }
  ASSERT_TRUE(succeeded(linkTest("memory"))) << messages;
  constexpr size_t machineOffset = 18;
  constexpr char machineAArch64 = static_cast<char>(0xb7);
  std::string program = readFile("program");
  ASSERT_GT(program.size(), machineOffset);
  EXPECT_EQ(program[machineOffset], machineAArch64);
}

TEST_F(LinkTest, UnknownTarget) {
  auto object = llvm::MemoryBuffer::getFile(inBuild("runtime/test/x86_64/files.o"));
  ASSERT_TRUE(!!object);
  options.triple = "riscv64-unknown-linux-gnu";
  Diagnostics diags(
      [this](const Diagnostic &diagnostic) { messages += diagnostic.message + "\n"; });
  EXPECT_TRUE(failed(link::linkExecutable((*object)->getMemBufferRef(), options, diags)));
  EXPECT_EQ(messages, "linking for 'riscv64-unknown-linux-gnu' is not supported yet\n");
}

} // namespace
