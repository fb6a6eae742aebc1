//===- ClosedWorld.h - Declarations of state at constant addresses -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_CLOSEDWORLD_H
#define TENON_LIB_CODEGEN_CLOSEDWORLD_H

#include "ModuleBuilder.h"

namespace tenon::codegen {

// Declarations in a part of variables that the program's own part defines (ProgramPart.cpp).
llvm::GlobalVariable *declareMemoryBase(ModuleBuilder &builder, uint32_t memory);
llvm::GlobalVariable *declareMemoryRecord(ModuleBuilder &builder, uint32_t memory);
llvm::GlobalVariable *declareTableRecord(ModuleBuilder &builder, uint32_t table);
/// A small constant table comes with its contents.
llvm::GlobalVariable *declareTableElements(ModuleBuilder &builder, uint32_t table);
llvm::GlobalVariable *declareGlobal(ModuleBuilder &builder, uint32_t global);
llvm::GlobalVariable *declareTag(ModuleBuilder &builder, uint32_t tag);
llvm::GlobalVariable *declareSelf(ModuleBuilder &builder, uint32_t self);
llvm::GlobalVariable *declareDataSize(ModuleBuilder &builder, uint32_t instance, uint32_t segment);
llvm::GlobalVariable *declareDataBytes(ModuleBuilder &builder, uint32_t instance, uint32_t segment);
llvm::GlobalVariable *declareElementSize(ModuleBuilder &builder, uint32_t instance,
                                         uint32_t segment);
llvm::GlobalVariable *declareElementPointers(ModuleBuilder &builder, uint32_t instance,
                                             uint32_t segment);
/// What a table holds at first: an array of pointers.
llvm::Constant *tableContents(ModuleBuilder &builder, uint32_t table);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_CLOSEDWORLD_H
