//===- Facts.h - What is known of the whole program -------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Computed once from the program and the summaries, before any part is translated, and read by all
// parts from then on (it never changes, so threads share it): who a function is, where state lies,
// what never changes, and what instantiation leaves behind. A part's IR depends on its functions'
// bytes and on these facts, nothing else.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_FACTS_H
#define TENON_LIB_CODEGEN_FACTS_H

#include "tenon/Codegen/Codegen.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include <map>

namespace tenon::codegen {

/// A function as an instance names it: `index` may be an import.
struct FuncPointer {
  uint32_t instance = 0;
  uint32_t index = 0;
};

/// The value of a constant expression. Every constant expression is known at compile time: it reads
/// immutable globals only, whose values are constant expressions in turn.
struct ConstValue {
  wasm::ValType type;
  uint64_t bits = 0;               ///< numbers; of v128 the lower half
  std::optional<FuncPointer> func; ///< references to functions; none: null
  uint64_t upperBits = 0;          ///< of v128
};

/// Bytes of an image that cover the pages [begin, begin + bytes.size()) of a memory.
struct MemoryImage {
  uint64_t begin = 0;
  std::vector<uint8_t> bytes;
};

/// How accesses to a memory are kept inside.
enum class MemoryCheck : uint8_t {
  None,  ///< guard pages: every sum of an index and an offset lies in the reservation
  Index, ///< a compare of the index with a constant, then guard pages; as Size for large offsets
  Size   ///< a compare with the memory's size
};

struct MemoryFacts {
  wasm::MemoryType type;
  uint64_t address = 0; ///< of its base, where that is constant; else 0
  uint64_t minBytes = 0;
  uint64_t maxPages = 0; ///< that it can grow to: declared, or as far as there is room for it
  MemoryCheck check = MemoryCheck::None;
  uint64_t indexEnd = 0; ///< MemoryCheck::Index: a power of two, no smaller than the memory
  /// Bytes of address space from its base on, guard included; 0: none, it moves when it grows.
  uint64_t reserved = 0;
  bool isGrown = false; ///< some instance has a memory.grow on it
  MemoryImage image;
  std::string name;
};

struct TableFacts {
  wasm::TableType type;
  uint64_t max = 0;
  bool isGrown = false;
  bool isWritten = false; ///< table.set/fill/copy/init, or an active segment that runs
  /// Elements never change after instantiation, and nobody can look before that.
  bool isConstant() const { return !isGrown && !isWritten; }
  std::vector<ConstValue> elements; ///< what instantiation leaves; empty: all null
};

struct GlobalFacts {
  wasm::GlobalType type;
  bool isConstant = false;
  ConstValue init;
};

/// What an exception of a tag carries (tenon-abi/exception.h).
struct TagFacts {
  const wasm::FuncType *type = nullptr;
  std::vector<uint32_t> offsets; ///< of the parameters, in the payload
  uint64_t payloadBytes = 0;
};

/// What instantiating an instance still has to do when the program runs, in order.
struct InstantiationPlan {
  std::vector<uint32_t> elements; ///< active element segments, by index
  std::vector<uint32_t> datas;    ///< active data segments, by index
  std::optional<uint32_t> start;
  bool isEmpty() const { return elements.empty() && datas.empty() && !start; }
};

class Facts {
public:
  /// Fails with a diagnostic when the program needs what can't be done yet.
  static FailureOr<std::unique_ptr<Facts>>
  compute(const Program &program, const CodegenOptions &options, Diagnostics &diags);

  const Program &program;
  const CodegenOptions &options;
  std::vector<MemoryFacts> memories;
  std::vector<TableFacts> tables;
  std::vector<GlobalFacts> globals;
  std::vector<TagFacts> tags;
  std::vector<InstantiationPlan> plans; ///< by instance
  /// Some function of the program makes tail calls. Functions meet through tables, references and
  /// imports, so all core functions have one calling convention.
  bool usesTailCalls = false;

  const CoreInstance &instance(uint32_t index) const { return program.instances[index]; }
  const wasm::Module &moduleOf(uint32_t instance) const {
    return *program.instances[instance].module;
  }
  /// Who a function really is.
  FuncRef resolve(FuncPointer pointer) const;
  const wasm::FuncType &typeOf(FuncPointer pointer) const {
    return moduleOf(pointer.instance).typeOfFunc(pointer.index);
  }
  /// The program's number of a module's type: equal for equal types, never 0.
  uint64_t typeNumber(uint32_t instance, uint32_t typeIndex) const {
    return typeNumbers.at(program.instances[instance].module)[typeIndex];
  }
  /// Of the type that the function is defined with. An import may say a supertype of it.
  uint64_t typeNumberOf(FuncPointer pointer) const {
    if (FuncRef ref = resolve(pointer); ref.kind == FuncRef::Core)
      pointer = {ref.instance, ref.index};
    return typeNumber(pointer.instance, moduleOf(pointer.instance).funcTypes[pointer.index]);
  }
  /// The other types of functions of the program that are declared as subtypes of the type with
  /// this number, ascending. Empty in most programs.
  llvm::ArrayRef<uint64_t> strictSubtypes(uint64_t typeNumber) const {
    auto found = subtypes.find(typeNumber);
    if (found == subtypes.end())
      return {};
    return found->second;
  }
  /// Symbol of a function that instance `instance` defines.
  std::string symbolOf(uint32_t instance, uint32_t index) const;
  std::string symbolOf(const FuncRef &ref) const;
  llvm::StringRef nameOf(FuncPointer pointer) const {
    return names.at(program.instances[pointer.instance].module)[pointer.index];
  }
  /// An instance by its path, if there is one.
  std::optional<uint32_t> findInstance(llvm::StringRef path) const;
  std::optional<uint32_t> findSelf(llvm::StringRef path) const;

  /// Whether any exception is ever thrown.
  bool throws() const { return !throwers.empty(); }
  /// Whether a call of the function may end with an exception. Adapters and host functions let none
  /// out.
  bool mayThrow(const FuncRef &ref) const {
    return throws() && ref.kind == FuncRef::Core && throwers[ref.instance][ref.index];
  }
  /// The same for a function that is called through a table or a reference.
  bool mayIndirectThrow() const { return indirectThrows; }

  /// Evaluates an expression that was validated.
  ConstValue evaluate(uint32_t instance, const wasm::ConstExpr &expr) const;
  /// Element `i` of a segment.
  ConstValue elementOf(uint32_t instance, const wasm::ElementSegment &segment, size_t i) const;

private:
  Facts(const Program &program, const CodegenOptions &options)
      : program(program), options(options) {}

  void nameEverything();
  void numberTypes();
  void findSubtypes();
  void findTailCalls();
  LogicalResult collectState(Diagnostics &diags);
  void collectWrites();
  LogicalResult collectTags(Diagnostics &diags);
  void findThrowers();

  std::map<const wasm::Module *, std::vector<uint64_t>> typeNumbers;
  std::map<uint64_t, std::vector<uint64_t>> subtypes; ///< by the supertype's number
  std::map<const wasm::Module *, std::vector<std::string>> names;
  llvm::StringMap<uint32_t> instancesByPath, selvesByPath;
  std::vector<llvm::BitVector> throwers; ///< by instance and function; empty: nothing throws
  bool indirectThrows = false;
};

/// Decides how much address space each memory gets, where, and how its accesses are checked
/// (PlaceMemories.cpp). Fails with a diagnostic when there is not enough.
LogicalResult placeMemories(Facts &facts, Diagnostics &diags);

/// Decides what of instantiation happens at compile time (InitialState.cpp): fills images, elements
/// and plans.
void planInstantiation(Facts &facts);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_FACTS_H
