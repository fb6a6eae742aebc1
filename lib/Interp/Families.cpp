//===- Families.cpp - What is known of an opcode --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instructions with a signature in Opcodes.def need nothing here.
//
//===----------------------------------------------------------------------===//

#include "Code.h"
#include "llvm/Support/ErrorHandling.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Immediates;
using wasm::Opcode;

/// The family of an instruction with a signature; the table of opcodes says it all.
static Family familyOfSimple(const wasm::OpcodeInfo &info) {
  bool isAccess =
      info.immediates == Immediates::MemArg || info.immediates == Immediates::MemArgLane;
  if (info.prefix == 0xfe)
    return Family::Atomic;
  if (info.prefix == 0xfd)
    return isAccess ? Family::VectorMemory : Family::Vector;
  if (isAccess)
    return Family::Memory;
  if (llvm::StringRef(info.signature).find_first_of("fd") != llvm::StringRef::npos)
    return Family::Float;
  return Family::Integer;
}

Family interp::familyOf(Opcode opcode) {
  switch (opcode) {
  case Opcode::LocalGet:
  case Opcode::LocalSet:
  case Opcode::LocalTee:
  case Opcode::GlobalGet:
  case Opcode::GlobalSet:
  case Opcode::I32Const:
  case Opcode::I64Const:
  case Opcode::F32Const:
  case Opcode::F64Const:
  case Opcode::V128Const:
  case Opcode::Drop:
  case Opcode::Select:
  case Opcode::SelectTyped:
  case Opcode::RefNull:
  case Opcode::RefIsNull:
  case Opcode::RefFunc:
  case Opcode::RefAsNonNull:
    return Family::Variable;
  case Opcode::Unreachable:
  case Opcode::If:
  case Opcode::Else:
  case Opcode::Br:
  case Opcode::BrIf:
  case Opcode::BrTable:
  case Opcode::BrOnNull:
  case Opcode::BrOnNonNull:
  case Opcode::Return:
  case Opcode::Call:
  case Opcode::CallIndirect:
  case Opcode::CallRef:
  case Opcode::ReturnCall:
  case Opcode::ReturnCallIndirect:
  case Opcode::ReturnCallRef:
    return Family::Control;
  case Opcode::Throw:
  case Opcode::ThrowRef:
  case Opcode::Rethrow:
    return Family::Exception;
  case Opcode::MemorySize:
  case Opcode::MemoryGrow:
  case Opcode::MemoryInit:
  case Opcode::MemoryCopy:
  case Opcode::MemoryFill:
  case Opcode::DataDrop:
    return Family::Bulk;
  case Opcode::TableGet:
  case Opcode::TableSet:
  case Opcode::TableSize:
  case Opcode::TableGrow:
  case Opcode::TableInit:
  case Opcode::TableCopy:
  case Opcode::TableFill:
  case Opcode::ElemDrop:
    return Family::Table;
  default:
    return familyOfSimple(wasm::infoOf(opcode));
  }
}

int interp::effectOfSpecial(Opcode opcode) {
  switch (opcode) {
  case Opcode::LocalGet:
  case Opcode::GlobalGet:
  case Opcode::RefNull:
  case Opcode::RefFunc:
  case Opcode::TableSize:
    return 1;
  case Opcode::LocalTee:
  case Opcode::RefIsNull:
  case Opcode::RefAsNonNull:
  case Opcode::TableGet:
    return 0;
  case Opcode::Drop:
  case Opcode::LocalSet:
  case Opcode::GlobalSet:
  case Opcode::TableGrow:
    return -1;
  case Opcode::Select:
  case Opcode::SelectTyped:
  case Opcode::TableSet:
    return -2;
  case Opcode::MemoryCopy:
  case Opcode::TableInit:
  case Opcode::TableCopy:
  case Opcode::TableFill:
    return -3;
  default:
    llvm_unreachable("other instructions have a signature");
  }
}
