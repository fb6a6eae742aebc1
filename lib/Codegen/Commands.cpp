//===- Commands.cpp - A script's commands as data -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small modules that are made by hand beside the program's parts. One thunk per symbol reads arguments from the command's slots and writes results back; the list and the
// slots are plain data of an object of their own.
//
//===----------------------------------------------------------------------===//

#include "tenon/Codegen/Commands.h"
#include "Target.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

using namespace tenon;
using namespace tenon::codegen;

namespace {

unsigned slotsOf(wasm::ValType type) { return type.getKind() == wasm::ValType::V128 ? 2 : 1; }

class CommandEmitter {
public:
  CommandEmitter(llvm::Module &module)
      : module(module), context(module.getContext()), i32(llvm::Type::getInt32Ty(context)),
        i64(llvm::Type::getInt64Ty(context)), ptr(llvm::PointerType::get(context, 0)) {}

  void emit(llvm::ArrayRef<Command> commands) {
    llvm::StructType *entryType = llvm::StructType::get(context, {ptr, ptr, i32, i32});
    std::vector<llvm::Constant *> entries;
    for (const Command &command : commands)
      entries.push_back(llvm::ConstantStruct::get(
          entryType, {thunkOf(command), slots(command),
                      llvm::ConstantInt::get(i32, resultSlots(command.type)),
                      llvm::ConstantInt::get(i32, command.id)}));
    auto *arrayType = llvm::ArrayType::get(entryType, entries.size());
    auto *array = new llvm::GlobalVariable(module, arrayType, true,
                                           llvm::GlobalValue::PrivateLinkage,
                                           llvm::ConstantArray::get(arrayType, entries));
    llvm::StructType *listType = llvm::StructType::get(context, {i64, ptr});
    new llvm::GlobalVariable(
        module, listType, true, llvm::GlobalValue::ExternalLinkage,
        llvm::ConstantStruct::get(listType, {llvm::ConstantInt::get(i64, entries.size()), array}),
        "tenon_commands");
  }

private:
  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::Type *i32, *i64;
  llvm::PointerType *ptr;
  llvm::StringMap<llvm::Function *> thunks;

  static uint32_t resultSlots(const wasm::FuncType &type) {
    uint32_t count = 0;
    for (wasm::ValType result : type.results)
      count += slotsOf(result);
    return count;
  }

  llvm::Constant *slots(const Command &command) {
    std::vector<uint64_t> values = command.args;
    values.resize(std::max<size_t>(values.size(), resultSlots(command.type)));
    if (values.empty())
      return llvm::ConstantPointerNull::get(ptr);
    llvm::Constant *initial = llvm::ConstantDataArray::get(context, values);
    auto *variable = new llvm::GlobalVariable(module, initial->getType(), false,
                                              llvm::GlobalValue::PrivateLinkage, initial);
    variable->setAlignment(llvm::Align(16));
    return variable;
  }

  llvm::Type *typeOf(wasm::ValType type) {
    switch (type.getKind()) {
    case wasm::ValType::I32:
      return i32;
    case wasm::ValType::I64:
      return i64;
    case wasm::ValType::F32:
      return llvm::Type::getFloatTy(context);
    case wasm::ValType::F64:
      return llvm::Type::getDoubleTy(context);
    case wasm::ValType::V128:
      return llvm::FixedVectorType::get(llvm::Type::getInt8Ty(context), 16);
    case wasm::ValType::Ref:
      return ptr;
    case wasm::ValType::Bottom:
      break;
    }
    llvm_unreachable("no value has the bottom type");
  }

  llvm::FunctionType *functionType(const wasm::FuncType &type) {
    llvm::SmallVector<llvm::Type *> params, results;
    for (wasm::ValType param : type.params)
      params.push_back(typeOf(param));
    for (wasm::ValType result : type.results)
      results.push_back(typeOf(result));
    llvm::Type *result = results.empty()       ? llvm::Type::getVoidTy(context)
                         : results.size() == 1 ? results.front()
                                               : llvm::StructType::get(context, results);
    return llvm::FunctionType::get(result, params, false);
  }

  llvm::Function *thunkOf(const Command &command) {
    llvm::Function *&thunk = thunks[command.symbol];
    if (thunk)
      return thunk;
    llvm::FunctionCallee callee =
        module.getOrInsertFunction(command.symbol, functionType(command.type));
    thunk = llvm::Function::Create(
        llvm::FunctionType::get(llvm::Type::getVoidTy(context), {ptr}, false),
        llvm::GlobalValue::InternalLinkage, "command " + command.symbol, module);
    llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", thunk));
    llvm::Value *base = thunk->getArg(0);
    unsigned slot = 0;
    llvm::SmallVector<llvm::Value *> args;
    for (wasm::ValType param : command.type.params) {
      args.push_back(builder.CreateAlignedLoad(typeOf(param), slotAddress(builder, base, slot),
                                               llvm::Align(8)));
      slot += slotsOf(param);
    }
    llvm::Value *result = builder.CreateCall(callee, args);
    storeResults(builder, base, command.type, result);
    builder.CreateRetVoid();
    return thunk;
  }

  llvm::Value *slotAddress(llvm::IRBuilder<> &builder, llvm::Value *base, unsigned slot) {
    return builder.CreateConstGEP1_64(i64, base, slot);
  }

  void storeResults(llvm::IRBuilder<> &builder, llvm::Value *base, const wasm::FuncType &type,
                    llvm::Value *result) {
    unsigned slot = 0;
    for (auto [index, valType] : llvm::enumerate(type.results)) {
      llvm::Value *value =
          type.results.size() == 1 ? result : builder.CreateExtractValue(result, index);
      if (slotsOf(valType) == 1) // the rest of the slot is zero
        builder.CreateAlignedStore(llvm::ConstantInt::get(i64, 0), slotAddress(builder, base, slot),
                                   llvm::Align(8));
      builder.CreateAlignedStore(value, slotAddress(builder, base, slot), llvm::Align(8));
      slot += slotsOf(valType);
    }
  }
};

/// A module of its own, filled by `fill`, as an object.
FailureOr<ObjectFile> emitModule(llvm::StringRef name, const CodegenOptions &options,
                                 Diagnostics &diags,
                                 llvm::function_ref<void(llvm::Module &)> fill) {
  initializeTargets();
  FailureOr<std::unique_ptr<llvm::TargetMachine>> machine = makeTargetMachine(options, diags);
  if (failed(machine))
    return failure();
  llvm::LLVMContext context;
  llvm::Module module(name, context);
  module.setTargetTriple((*machine)->getTargetTriple());
  module.setDataLayout((*machine)->createDataLayout());
  fill(module);
  return ObjectFile{(name + ".o").str(), emitObject(module, **machine, options)};
}

void defineAbsent(llvm::Module &module, llvm::StringRef symbol) {
  llvm::LLVMContext &context = module.getContext();
  llvm::Type *none = llvm::Type::getVoidTy(context);
  auto *function =
      llvm::Function::Create(llvm::FunctionType::get(none, {}, false),
                             llvm::GlobalValue::ExternalLinkage, symbol, module);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", function));
  llvm::FunctionCallee trap = module.getOrInsertFunction(
      "tenon_trap_missing", none, llvm::PointerType::get(context, 0));
  builder.CreateCall(trap, {builder.CreateGlobalString(symbol)});
  builder.CreateUnreachable();
}

} // namespace

FailureOr<ObjectFile> tenon::codegen::emitCommands(llvm::ArrayRef<Command> commands,
                                                   const CodegenOptions &options,
                                                   Diagnostics &diags) {
  return emitModule("commands", options, diags, [&](llvm::Module &module) {
    CommandEmitter(module).emit(commands);
  });
}

FailureOr<ObjectFile> tenon::codegen::emitAbsentFunctions(llvm::ArrayRef<std::string> symbols,
                                                          const CodegenOptions &options,
                                                          Diagnostics &diags) {
  return emitModule("absent", options, diags, [&](llvm::Module &module) {
    for (const std::string &symbol : symbols)
      defineAbsent(module, symbol);
  });
}
