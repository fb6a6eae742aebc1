//===- ValidateMemory.cpp - Memories, tables, segments, lanes -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Validator.h. core specification, "Validation / Instructions": Memory, Table and Vector
// Instructions. Addresses are i64 where the memory or table says so.
//
//===----------------------------------------------------------------------===//

#include "Validator.h"
#include "tenon/Wasm/Subtyping.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::wasm;

//===----------------------------------------------------------------------===//
// Memories
//===----------------------------------------------------------------------===//

FailureOr<ValType> Validator::memoryAddress(uint32_t memory) const {
  if (failed(checkIndex(memory, module.memoryTypes.size(), "memory")))
    return failure();
  return addressOf(module.memoryTypes[memory].limits);
}

LogicalResult Validator::checkMemArg(const OpcodeInfo &info) {
  const MemArg &arg = op.memArg;
  FailureOr<ValType> address = memoryAddress(arg.memory);
  if (failed(address))
    return failure();
  if (arg.alignLog2 > info.alignLog2)
    return error("alignment must not be larger than natural: 2^")
           << arg.alignLog2 << " for " << info.name;
  if (info.prefix == 0xfe && arg.alignLog2 != info.alignLog2)
    return error("atomic alignment must be natural: 2^") << arg.alignLog2 << " for " << info.name;
  if (*address == ValType::I32 && arg.offset > UINT32_MAX)
    return error("offset out of range: ") << arg.offset << " in a 32-bit memory";
  return success();
}

/// Stores have no results; atomic read-modify-writes do both.
void Validator::noteAccess(const OpcodeInfo &info) {
  constexpr uint16_t firstReadModifyWrite = 0x1e;
  bool isStore = llvm::StringRef(info.signature).ends_with(":");
  bool isBoth = info.prefix == 0xfe && info.code >= firstReadModifyWrite;
  if (isStore || isBoth) {
    summary->writesMemory = true;
    llvm::SmallVector<uint32_t, 0> &written = summary->memoriesWritten;
    if (written.empty() || written.back() != op.memArg.memory)
      written.push_back(op.memArg.memory);
  }
  summary->readsMemory |= !isStore || isBoth;
}

LogicalResult Validator::stepMemoryCopy() {
  FailureOr<ValType> to = memoryAddress(op.index);
  if (failed(to))
    return failure();
  FailureOr<ValType> from = memoryAddress(op.index2);
  if (failed(from))
    return failure();
  summary->readsMemory = summary->writesMemory = true;
  summary->memoriesWritten.push_back(op.index);
  ValType count = *to == ValType::I64 && *from == ValType::I64 ? ValType::I64 : ValType::I32;
  return pop({*to, *from, count});
}

//===----------------------------------------------------------------------===//
// Lanes and segments
//===----------------------------------------------------------------------===//

LogicalResult Validator::checkLanes(const OpcodeInfo &info) {
  if (info.immediates == Immediates::Shuffle) {
    for (uint8_t lane : op.bytes)
      if (lane >= 32)
        return error("invalid lane index ") << unsigned(lane);
    return success();
  }
  unsigned lanes = 0;
  if (info.immediates == Immediates::MemArgLane) {
    lanes = 16u >> info.alignLog2;
  } else {
    // The shape is in the name: i8x16.extract_lane_s.
    bool malformed =
        llvm::StringRef(info.name).split('x').second.split('.').first.getAsInteger(10, lanes);
    assert(!malformed && "lane instructions begin with a shape");
    (void)malformed;
  }
  if (op.lane >= lanes)
    return error("invalid lane index ") << unsigned(op.lane) << ": there are " << lanes;
  return success();
}

LogicalResult Validator::checkDataSegment(uint32_t index) const {
  // Code comes before data: only the announced number is known to a streaming validator.
  if (!module.dataCount)
    return error("data count section required");
  return checkIndex(index, *module.dataCount, "data segment");
}

FailureOr<ValType> Validator::checkSimple(const OpcodeInfo &info) {
  switch (info.immediates) {
  case Immediates::MemArgLane:
    if (failed(checkLanes(info)))
      return failure();
    [[fallthrough]];
  case Immediates::MemArg:
    if (failed(checkMemArg(info)))
      return failure();
    noteAccess(info);
    return memoryAddress(op.memArg.memory);
  case Immediates::Memory:
    if (op.opcode == Opcode::MemoryGrow) {
      summary->growsMemory = true;
      summary->memoriesGrown.push_back(op.index);
    } else if (op.opcode == Opcode::MemoryFill) {
      summary->writesMemory = true;
      summary->memoriesWritten.push_back(op.index);
    }
    return memoryAddress(op.index);
  case Immediates::DataMemory:
    if (failed(checkDataSegment(op.index)))
      return failure();
    summary->writesMemory = true;
    summary->memoriesWritten.push_back(op.index2);
    return memoryAddress(op.index2);
  case Immediates::Data:
    if (failed(checkDataSegment(op.index)))
      return failure();
    return ValType(ValType::I32);
  case Immediates::Elem:
    if (failed(checkIndex(op.index, module.elements.size(), "elem segment")))
      return failure();
    return ValType(ValType::I32);
  case Immediates::Lane:
  case Immediates::Shuffle:
    if (failed(checkLanes(info)))
      return failure();
    return ValType(ValType::I32);
  default:
    return ValType(ValType::I32); // constants, fence: nothing to check
  }
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

LogicalResult Validator::stepTable() {
  bool isInit = op.opcode == Opcode::TableInit;
  uint32_t index = isInit ? op.index2 : op.index;
  if (failed(checkIndex(index, module.tableTypes.size(), "table")))
    return failure();
  const TableType &table = module.tableTypes[index];
  ValType address = addressOf(table.limits), element = table.element;
  if (op.opcode != Opcode::TableGet && op.opcode != Opcode::TableSize)
    summary->tablesWritten.push_back(index);

  switch (op.opcode) {
  case Opcode::TableGet:
    if (failed(pop(address)))
      return failure();
    return push(element);
  case Opcode::TableSet:
    return pop({address, element});
  case Opcode::TableSize:
    return push(address);
  case Opcode::TableGrow:
    if (failed(pop({element, address})))
      return failure();
    return push(address);
  case Opcode::TableFill:
    return pop({address, element, address});
  case Opcode::TableInit: {
    if (failed(checkIndex(op.index, module.elements.size(), "elem segment")))
      return failure();
    ValType given = module.elements[op.index].type;
    if (!isSubtype(given, element))
      return error("type mismatch: elements of ")
             << toString(given) << " in a table of " << toString(element);
    return pop({address, ValType::I32, ValType::I32});
  }
  default: {
    assert(op.opcode == Opcode::TableCopy && "the other table instructions are above");
    if (failed(checkIndex(op.index2, module.tableTypes.size(), "table")))
      return failure();
    const TableType &from = module.tableTypes[op.index2];
    if (!isSubtype(from.element, element))
      return error("type mismatch: copying a table of ")
             << toString(from.element) << " to one of " << toString(element);
    ValType fromAddress = addressOf(from.limits);
    bool is64 = table.limits.is64 && from.limits.is64;
    return pop({address, fromAddress, is64 ? ValType::I64 : ValType::I32});
  }
  }
}
