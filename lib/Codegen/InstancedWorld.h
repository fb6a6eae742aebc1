//===- InstancedWorld.h - State in a struct ------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The whole graph can be instantiated many times: its state is one struct, reached through the
// context argument that every function takes first. This is the layout of the struct: offsets only.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_INSTANCEDWORLD_H
#define TENON_LIB_CODEGEN_INSTANCEDWORLD_H

#include "ModuleBuilder.h"

namespace tenon::codegen {

/// Offsets into the state struct, in bytes. Depends on the facts alone.
class StateLayout {
public:
  explicit StateLayout(const Facts &facts);

  uint64_t size = 0;
  std::vector<uint64_t> memoryRecords, tableRecords, tableElements, globals, tags, selves;
  /// Of every function that a reference may point to, its `tenon_func` record.
  std::vector<std::pair<FuncPointer, uint64_t>> records;

  uint64_t recordOf(FuncPointer pointer) const {
    return recordOffsets.at({pointer.instance, pointer.index});
  }
  uint64_t dataSize(uint32_t instance, uint32_t segment) const {
    return dataSizes.at({instance, segment});
  }
  uint64_t elementSize(uint32_t instance, uint32_t segment) const {
    return elementSizes.at({instance, segment});
  }
  uint64_t elementPointers(uint32_t instance, uint32_t segment) const {
    return elementArrays.at({instance, segment});
  }

private:
  using Key = std::pair<uint32_t, uint32_t>;
  std::map<Key, uint64_t> recordOffsets, dataSizes, elementSizes, elementArrays;

  uint64_t allocate(uint64_t bytes);
  void addInstance(const Facts &facts, uint32_t instance);
};

/// Defines `tenon_instance_bytes` (how large the struct is), `void tenon_instance_init(ptr)` (makes
/// an instance of a struct of zeros at a multiple of 16: memories, tables, segments, start
/// functions), `tenon.instantiate.<i>`, and the exports, all of which take the struct first.
void buildInstancedProgramPart(ModuleBuilder &builder);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_INSTANCEDWORLD_H
