//===- InstancedTest.cpp - Two instances of a program in one process ------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The objects of the instanced world are linked into this process, and run twice over.
//
//===----------------------------------------------------------------------===//

#include "Modules.h"
#include "ProgramMaker.h"
#include "tenon-abi/state.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include <sys/mman.h>

using namespace tenon;
using namespace tenon::codegen;

namespace {

// What the runtime does, as far as the module needs it.
void createMemory(tenon_memory *memory, uint64_t bytes) {
  void *base = mmap(nullptr, memory->reserved ? memory->reserved : bytes, PROT_NONE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(base, MAP_FAILED);
  ASSERT_EQ(mprotect(base, bytes, PROT_READ | PROT_WRITE), 0);
  memory->base = static_cast<uint8_t *>(base);
  memory->bytes = bytes;
}
void trap(uint32_t kind) { FAIL() << "trap " << kind; }

class Linked {
public:
  explicit Linked(CodegenResult code) {
    jit = llvm::cantFail(llvm::orc::LLJITBuilder().create());
    define("tenon_memory_create", reinterpret_cast<void *>(createMemory));
    define("tenon_trap", reinterpret_cast<void *>(trap));
    define("memcpy", reinterpret_cast<void *>(memcpy));
    for (const ObjectFile &object : code.objects)
      llvm::cantFail(jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
          llvm::StringRef(object.bytes.data(), object.bytes.size()), object.name)));
  }

  template <typename T> T get(llvm::StringRef symbol) {
    return llvm::cantFail(jit->lookup(symbol)).toPtr<T>();
  }

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;

  void define(llvm::StringRef name, void *address) {
    llvm::cantFail(jit->getMainJITDylib().define(llvm::orc::absoluteSymbols(
        {{jit->mangleAndIntern(name),
          {llvm::orc::ExecutorAddr::fromPtr(address), llvm::JITSymbolFlags::Exported}}})));
  }
};

/// The counter with 64-bit addresses.
std::vector<uint8_t> counter64() {
  std::vector<uint8_t> bytes(std::begin(counter), std::end(counter));
  auto replace = [&](std::initializer_list<uint8_t> from, std::initializer_list<uint8_t> to) {
    auto at = std::search(bytes.begin(), bytes.end(), from.begin(), from.end());
    ASSERT_NE(at, bytes.end());
    std::copy(to.begin(), to.end(), at);
  };
  replace({0x05, 0x03, 0x01, 0x00, 0x01}, {0x05, 0x03, 0x01, 0x04, 0x01});
  replace({0x41, 0x00, 0x41, 0x00, 0x28}, {0x42, 0x00, 0x42, 0x00, 0x28});
  replace({0x41, 0x10, 0x2d}, {0x42, 0x10, 0x2d});
  replace({0x41, 0x00, 0x28}, {0x42, 0x00, 0x28});
  replace({0x41, 0x10, 0x0b}, {0x42, 0x10, 0x0b});
  return bytes;
}

struct Config {
  unsigned optLevel;
  Bounds bounds;
  bool is64;
};

class Instanced : public testing::TestWithParam<Config> {
protected:
  void SetUp() override {
    llvm::Triple host(llvm::sys::getProcessTriple());
    if (host.getArch() != llvm::Triple::x86_64)
      GTEST_SKIP() << "runs on x86-64 only";
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  }
};

TEST_P(Instanced, TwoInstancesShareNothing) {
  ProgramMaker maker;
  uint32_t counterInstance =
      GetParam().is64 ? maker.add("root/main", counter64()) : maker.add("root/main", counter);
  maker.program.exports.push_back({"count", ProgramMaker::core(counterInstance, 1)});
  maker.program.exports.push_back({"sum", ProgramMaker::core(counterInstance, 2)});
  CodegenOptions options;
  options.world = World::Instanced;
  options.optLevel = GetParam().optLevel;
  options.bounds = GetParam().bounds;
  Linked linked(maker.objects(options));

  uint64_t bytes = *linked.get<const uint64_t *>("tenon_instance_bytes");
  auto *init = linked.get<void (*)(void *)>("tenon_instance_init");
  auto *count = linked.get<uint32_t (*)(void *, uint32_t)>("count");
  auto *sum = linked.get<uint32_t (*)(void *)>("sum");
  std::vector<uint64_t> first(bytes / 8 + 1), second(bytes / 8 + 1);
  init(first.data());
  init(second.data());
  EXPECT_EQ(count(first.data(), 0), 1u);
  EXPECT_EQ(count(first.data(), 0), 2u);
  EXPECT_EQ(count(second.data(), 0), 1u);
  EXPECT_EQ(sum(first.data()), 10u);
  EXPECT_EQ(sum(second.data()), 5u);
}

TEST_P(Instanced, TailCallsTakeTheContextAlong) {
  ProgramMaker maker;
  uint32_t main = maker.add("root/main", tailCallsOfState);
  maker.program.exports.push_back({"few", ProgramMaker::core(main, 0)});
  CodegenOptions options;
  options.world = World::Instanced;
  options.optLevel = GetParam().optLevel;
  options.bounds = GetParam().bounds;
  Linked linked(maker.objects(options));

  struct Results {
    uint64_t seven;
    uint32_t eight;
    uint64_t calls;
  };
  uint64_t bytes = *linked.get<const uint64_t *>("tenon_instance_bytes");
  auto *init = linked.get<void (*)(void *)>("tenon_instance_init");
  auto *few = linked.get<void (*)(void *, Results *, uint64_t)>("few");
  std::vector<uint64_t> first(bytes / 8 + 1), second(bytes / 8 + 1);
  init(first.data());
  init(second.data());
  Results results = {};
  few(first.data(), &results, 1000000);
  EXPECT_EQ(results.seven, 7u);
  EXPECT_EQ(results.eight, 8u);
  EXPECT_EQ(results.calls, 1000001u);
  few(second.data(), &results, 1);
  EXPECT_EQ(results.calls, 2u);
  few(first.data(), &results, 0);
  EXPECT_EQ(results.calls, 1000002u);
}

INSTANTIATE_TEST_SUITE_P(
    Levels, Instanced,
    testing::Values(Config{0, Bounds::Guard, false}, Config{2, Bounds::Guard, false},
                    Config{2, Bounds::Explicit, false}, Config{0, Bounds::Guard, true},
                    Config{2, Bounds::Guard, true}, Config{2, Bounds::Explicit, true}));

} // namespace
