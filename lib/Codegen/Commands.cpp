//===- Commands.cpp - A list of commands as data --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small modules that are made by hand beside the program's parts. One thunk per symbol reads
// arguments from the command's slots and writes results back; the list and the slots are plain data
// of an object of their own.
//
//===----------------------------------------------------------------------===//

#include "tenon/Codegen/Commands.h"
#include "Target.h"
#include "ValueTypes.h"
#include "tenon-abi/harness.h"
#include "llvm/ADT/StringExtras.h"
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

  void emit(llvm::ArrayRef<Command> commands, const Harness &harness) {
    static_assert(sizeof(tenon_command) == 64 && sizeof(tenon_check) == 16);
    llvm::StructType *entryType =
        llvm::StructType::get(context, {ptr, ptr, i32, i32, i32, i32, i32, i32, i64, ptr, ptr});
    std::vector<llvm::Constant *> entries;
    for (const Command &command : commands)
      entries.push_back(llvm::ConstantStruct::get(
          entryType,
          {thunkOf(command), slots(command), number(resultSlots(command)), number(command.id),
           number(command.waits), number(command.thread), number(command.starts),
           number(command.joins), llvm::ConstantInt::get(i64, command.checks.size()),
           checks(command), marks(command)}));
    auto *arrayType = llvm::ArrayType::get(entryType, entries.size());
    auto *array =
        new llvm::GlobalVariable(module, arrayType, true, llvm::GlobalValue::PrivateLinkage,
                                 llvm::ConstantArray::get(arrayType, entries));
    llvm::StructType *listType = llvm::StructType::get(context, {i64, ptr, i32, i32, i32});
    static_assert(sizeof(tenon_command_list) == 32);
    new llvm::GlobalVariable(
        module, listType, true, llvm::GlobalValue::ExternalLinkage,
        llvm::ConstantStruct::get(listType, {llvm::ConstantInt::get(i64, entries.size()), array,
                                             number(harness.output), number(harness.input),
                                             number(harness.endsWithTrap)}),
        "tenon_commands");
  }

private:
  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::Type *i32, *i64;
  llvm::PointerType *ptr;
  llvm::StringMap<llvm::Function *> thunks;

  llvm::Constant *number(uint32_t value) { return llvm::ConstantInt::get(i32, value); }

  static uint32_t resultSlots(const Command &command) {
    if (command.areaBytes)
      return 1;
    uint32_t count = 0;
    for (wasm::ValType result : command.type.results)
      count += slotsOf(result);
    return count;
  }

  llvm::GlobalVariable *variable(llvm::Constant *initial) {
    auto *result = new llvm::GlobalVariable(module, initial->getType(), false,
                                            llvm::GlobalValue::PrivateLinkage, initial);
    result->setAlignment(llvm::Align(16));
    return result;
  }

  llvm::Constant *null() { return llvm::ConstantPointerNull::get(ptr); }

  /// A number that is 0 until a command marks it.
  llvm::GlobalVariable *numberNamed(llvm::StringRef name) {
    if (llvm::GlobalVariable *known = module.getNamedGlobal(name))
      return known;
    return new llvm::GlobalVariable(module, i64, false, llvm::GlobalValue::ExternalLinkage, nullptr,
                                    name);
  }

  llvm::Constant *marks(const Command &command) {
    if (command.marks.empty())
      return null();
    llvm::GlobalVariable *number = numberNamed(command.marks);
    number->setInitializer(llvm::ConstantInt::get(i64, 0));
    return number;
  }

  llvm::Constant *checks(const Command &command) {
    if (command.checks.empty())
      return null();
    std::vector<llvm::Constant *> checks;
    for (const CommandCheck &check : command.checks)
      checks.push_back(llvm::ConstantStruct::getAnon(
          {llvm::ConstantExpr::getGetElementPtr(llvm::Type::getInt8Ty(context),
                                                numberNamed(check.symbol),
                                                llvm::ConstantInt::get(i64, check.offset)),
           llvm::ConstantInt::get(i64, check.least)}));
    return variable(llvm::ConstantArray::get(
        llvm::ArrayType::get(checks.front()->getType(), checks.size()), checks));
  }

  /// Bytes with pointers among them, as a packed struct.
  llvm::Constant *withPointers(llvm::ArrayRef<uint8_t> bytes,
                               std::vector<std::pair<uint64_t, llvm::Constant *>> pointers) {
    llvm::sort(pointers, llvm::less_first());
    llvm::SmallVector<llvm::Constant *> fields;
    uint64_t at = 0;
    for (auto [offset, target] : pointers) {
      fields.push_back(llvm::ConstantDataArray::get(context, bytes.slice(at, offset - at)));
      fields.push_back(target);
      at = offset + 8;
    }
    fields.push_back(llvm::ConstantDataArray::get(context, bytes.drop_front(at)));
    return llvm::ConstantStruct::getAnon(fields, /*Packed=*/true);
  }

  /// The command's slots, and the memory that they point to. A piece refers to later ones only.
  llvm::Constant *slots(const Command &command) {
    std::vector<llvm::GlobalVariable *> pieces(command.memory.size());
    auto resolve = [&](llvm::ArrayRef<CommandPointer> pointers, unsigned unit) {
      std::vector<std::pair<uint64_t, llvm::Constant *>> resolved;
      for (CommandPointer pointer : pointers)
        resolved.emplace_back(uint64_t(pointer.at) * unit, pieces[pointer.target]);
      return resolved;
    };
    for (size_t i = pieces.size(); i-- > 0;)
      pieces[i] =
          variable(withPointers(command.memory[i].bytes, resolve(command.memory[i].pointers, 1)));
    std::vector<uint64_t> values = command.args;
    values.resize(std::max<size_t>(values.size(), resultSlots(command)));
    if (values.empty())
      return llvm::ConstantPointerNull::get(ptr);
    llvm::ArrayRef<uint8_t> bytes(reinterpret_cast<const uint8_t *>(values.data()),
                                  values.size() * 8);
    return variable(withPointers(bytes, resolve(command.pointers, 8)));
  }

  llvm::Type *typeOf(wasm::ValType type) { return llvmType(context, type); }

  /// Commands that call the same symbol the same way share a thunk.
  llvm::Function *thunkOf(const Command &command) {
    std::string name = "command " + llvm::join(command.symbols, ", ");
    llvm::Function *&thunk = thunks[name];
    if (thunk)
      return thunk;
    thunk = llvm::Function::Create(
        llvm::FunctionType::get(llvm::Type::getVoidTy(context), {ptr}, false),
        llvm::GlobalValue::InternalLinkage, name, module);
    // Nor do exceptions come through it: it has no unwind table.
    thunk->setDoesNotThrow();
    llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", thunk));
    for (const std::string &symbol : command.symbols)
      emitCall(builder, thunk->getArg(0), symbol, command);
    builder.CreateRetVoid();
    return thunk;
  }

  void emitCall(llvm::IRBuilder<> &builder, llvm::Value *base, llvm::StringRef symbol,
                const Command &command) {
    unsigned slot = 0;
    llvm::SmallVector<llvm::Value *> args;
    llvm::Value *results = nullptr;
    if (returnsInMemory(command.type))
      args.push_back(results = builder.CreateAlloca(llvmResultStruct(context, command.type)));
    for (wasm::ValType param : command.type.params) {
      args.push_back(builder.CreateAlignedLoad(typeOf(param), slotAddress(builder, base, slot),
                                               llvm::Align(8)));
      slot += slotsOf(param);
    }
    llvm::FunctionType *type = llvmFunctionType(context, command.type, /*hasContext=*/false);
    llvm::Value *area = nullptr;
    if (command.areaBytes) {
      area = variable(llvm::ConstantAggregateZero::get(
          llvm::ArrayType::get(llvm::Type::getInt8Ty(context), command.areaBytes)));
      args.push_back(area);
      llvm::SmallVector<llvm::Type *> params(type->params());
      params.push_back(ptr);
      type = llvm::FunctionType::get(type->getReturnType(), params, false);
    }
    llvm::Value *result = builder.CreateCall(module.getOrInsertFunction(symbol, type), args);
    if (area)
      builder.CreateAlignedStore(area, base, llvm::Align(8));
    else
      storeResults(builder, base, command.type, results ? results : result);
  }

  llvm::Value *slotAddress(llvm::IRBuilder<> &builder, llvm::Value *base, unsigned slot) {
    return builder.CreateConstGEP1_64(i64, base, slot);
  }

  /// Result `index` of what a call gave: the result, a struct, or the address of one.
  llvm::Value *resultOf(llvm::IRBuilder<> &builder, const wasm::FuncType &type, llvm::Value *given,
                        unsigned index) {
    if (type.results.size() == 1)
      return given;
    if (!returnsInMemory(type))
      return builder.CreateExtractValue(given, index);
    llvm::StructType *area = llvmResultStruct(context, type);
    return builder.CreateLoad(area->getElementType(index),
                              builder.CreateStructGEP(area, given, index));
  }

  void storeResults(llvm::IRBuilder<> &builder, llvm::Value *base, const wasm::FuncType &type,
                    llvm::Value *given) {
    unsigned slot = 0;
    for (auto [index, valType] : llvm::enumerate(type.results)) {
      llvm::Value *value = resultOf(builder, type, given, index);
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
  auto *function = llvm::Function::Create(llvm::FunctionType::get(none, {}, false),
                                          llvm::GlobalValue::ExternalLinkage, symbol, module);
  function->setDoesNotThrow();
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", function));
  llvm::FunctionCallee trap =
      module.getOrInsertFunction("tenon_trap_missing", none, llvm::PointerType::get(context, 0));
  builder.CreateCall(trap, {builder.CreateGlobalString(symbol)});
  builder.CreateUnreachable();
}

} // namespace

FailureOr<ObjectFile> tenon::codegen::emitCommands(llvm::ArrayRef<Command> commands,
                                                   const Harness &harness,
                                                   const CodegenOptions &options,
                                                   Diagnostics &diags) {
  return emitModule("commands", options, diags,
                    [&](llvm::Module &module) { CommandEmitter(module).emit(commands, harness); });
}

FailureOr<ObjectFile> tenon::codegen::emitAbsentFunctions(llvm::ArrayRef<std::string> symbols,
                                                          const CodegenOptions &options,
                                                          Diagnostics &diags) {
  return emitModule("absent", options, diags, [&](llvm::Module &module) {
    for (const std::string &symbol : symbols)
      defineAbsent(module, symbol);
  });
}
