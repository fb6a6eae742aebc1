//===- ModuleBuilder.h - The LLVM module of one part ------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declares, in the module of one part, whatever of the program its functions refer to: other
// functions, state, functions of the runtime, debug information. Nothing here depends on the world
// (see StateModel).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_MODULEBUILDER_H
#define TENON_LIB_CODEGEN_MODULEBUILDER_H

#include "Facts.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/DIBuilder.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace tenon::codegen {

/// Functions of the runtime (tenon-abi/functions.def).
enum class RuntimeFunction : uint8_t {
#define RT(name, result, params, attributes) name,
#include "tenon-abi/functions.def"
#undef RT
};

/// Ways to trap (tenon-abi/traps.def).
enum class TrapKind : uint32_t {
#define TRAP(name, code, text) name = code,
#include "tenon-abi/traps.def"
#undef TRAP
};

class ModuleBuilder {
public:
  ModuleBuilder(const Facts &facts, llvm::LLVMContext &context, llvm::StringRef name,
                const llvm::DataLayout &layout);
  ~ModuleBuilder();

  const Facts &facts;
  /// Of this part; the options' level is the program's.
  unsigned optLevel;
  llvm::LLVMContext &context;
  std::unique_ptr<llvm::Module> module;
  /// On every access to a guest's memory: it aliases what may be anything (adapters' accesses,
  /// bytes), and nothing of the runtime's own records, handle tables above all.
  llvm::MDNode *guestMemoryTag = nullptr;
  /// On loads of a memory's size: the runtime's 64-bit integers alias it, accesses to guests'
  /// memories do not.
  llvm::MDNode *recordTag = nullptr;
  /// Weights of a branch whose first target traps.
  llvm::MDNode *likely = nullptr, *unlikely = nullptr;
  /// Whether the target multiplies and adds in one instruction, rounding once.
  bool hasFusedMultiplyAdd = false;

  llvm::Type *typeOf(wasm::ValType type);
  llvm::FunctionType *functionType(const wasm::FuncType &type);
  /// Of core functions, and of whatever a function record points to; everything else is C.
  llvm::CallingConv::ID coreConvention() const {
    return facts.usesTailCalls ? llvm::CallingConv::Tail : llvm::CallingConv::C;
  }
  /// A call by the callee's convention.
  llvm::CallInst *call(llvm::IRBuilderBase &builder, llvm::Function *callee,
                       llvm::ArrayRef<llvm::Value *> args);

  /// A declaration of the function (or what there is by its symbol already).
  llvm::Function *coreFunction(uint32_t instance, uint32_t index);
  /// The same for any function but one that traps.
  llvm::Function *function(const FuncRef &ref, const wasm::FuncType &type);
  llvm::Function *runtime(RuntimeFunction function);
  /// A new function with our attributes.
  llvm::Function *createFunction(llvm::FunctionType *type, const llvm::Twine &name);
  /// A pointer to the `tenon_func` record of a function. Every part has its own copy of the ones it
  /// names.
  llvm::Constant *functionRecord(FuncPointer pointer);
  llvm::Constant *constantOf(const ConstValue &value);

  /// An external hidden variable, declared.
  llvm::GlobalVariable *external(llvm::Type *type, const llvm::Twine &name);
  /// A NUL-terminated text.
  llvm::Constant *text(llvm::StringRef text);

  /// What the unwind tables of a function with handlers name.
  llvm::Function *personality();
  /// The runtime's exception in flight, as bytes.
  llvm::GlobalVariable *thrown();
  /// Makes the call one that traps if an exception comes out of it.
  void guard(llvm::CallInst &call);

  /// Calls the runtime's trap; the block ends there.
  void emitTrap(llvm::IRBuilderBase &builder, TrapKind kind);
  void emitTrap(llvm::IRBuilderBase &builder, llvm::Value *kind);
  void emitMissing(llvm::IRBuilderBase &builder, llvm::StringRef what);

  llvm::DISubprogram *subprogram(uint32_t instance, uint32_t index, llvm::StringRef symbol);
  /// Once, when nothing is added any more.
  void finishDebugInfo();

  /// Every function that `coreFunction` declared, by its symbol.
  llvm::StringMap<FuncPointer> coreFunctions;

  // tenon-abi/state.h as LLVM types.
  llvm::StructType *memoryRecordType, *tableRecordType, *funcRecordType;
  llvm::PointerType *ptrType;
  llvm::IntegerType *i8, *i32, *i64;

  /// A function that calls the runtime's trap: what a reference to one that nobody provides calls.
  llvm::Function *trapStub(const FuncRef &ref, const wasm::FuncType &type);
  /// What the record of a function points to; it has the core convention.
  llvm::Function *recordCode(FuncPointer pointer);

private:
  llvm::Function *conventionThunk(llvm::Function *function);
  llvm::DICompileUnit *unitOf(uint32_t instance);

  /// By instance and index: what `coreFunction` said before.
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, llvm::Function *> declared;
  /// One builder a unit, since a DIBuilder has one unit.
  std::map<uint32_t, std::unique_ptr<llvm::DIBuilder>> debugBuilders;
  llvm::DenseMap<uint32_t, llvm::DICompileUnit *> units;
};

/// Attributes of every function that we define.
void setFunctionAttributes(llvm::Function &function);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_MODULEBUILDER_H
