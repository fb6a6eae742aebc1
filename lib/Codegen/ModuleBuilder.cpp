//===- ModuleBuilder.cpp - The LLVM module of one part --------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"
#include "ValueTypes.h"
#include "tenon-abi/exception.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace tenon;
using namespace tenon::codegen;

namespace {

/// Type names of functions.def.
enum AbiType { VOID, I32, I64, PTR };
enum AbiAttributes { NONE, COLD_NORETURN, THROWS };

struct RuntimeSignature {
  const char *name;
  AbiType result;
  llvm::SmallVector<AbiType, 6> params;
  AbiAttributes attributes;
};

RuntimeSignature signatureOf(RuntimeFunction function) {
  switch (function) {
#define LIST(...) {__VA_ARGS__}
#define RT(name, result, params, attributes)                                                       \
  case RuntimeFunction::name:                                                                      \
    return {#name, result, LIST params, attributes};
#include "tenon-abi/functions.def"
#undef RT
#undef LIST
  }
  llvm_unreachable("every function of the list is a case");
}

} // namespace

ModuleBuilder::ModuleBuilder(const Facts &facts, llvm::LLVMContext &context, llvm::StringRef name,
                             const llvm::DataLayout &layout)
    : facts(facts), optLevel(facts.options.optLevel), context(context),
      module(std::make_unique<llvm::Module>(name, context)) {
  module->setDataLayout(layout);
  module->setTargetTriple(llvm::Triple(facts.options.triple));
  module->setSourceFileName(name);
  module->setPICLevel(llvm::PICLevel::BigPIC);
  module->setPIELevel(llvm::PIELevel::Large);
  module->addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
  module->addModuleFlag(llvm::Module::Max, "Dwarf Version", 4);
  ptrType = llvm::PointerType::get(context, 0);
  i8 = llvm::Type::getInt8Ty(context);
  i32 = llvm::Type::getInt32Ty(context);
  i64 = llvm::Type::getInt64Ty(context);
  memoryRecordType = llvm::StructType::create({ptrType, i64, i64, i64, i32, i32}, "tenon_memory");
  tableRecordType = llvm::StructType::create({ptrType, i64, i64, i64}, "tenon_table");
  funcRecordType = llvm::StructType::create({ptrType, i64, ptrType}, "tenon_func");
  // A type of its own in the tree that clang gives the runtime's accesses.
  llvm::MDBuilder metadata(context);
  llvm::MDNode *bytes = metadata.createTBAAScalarTypeNode(
      "omnipotent char", metadata.createTBAARoot("Simple C++ TBAA"));
  llvm::MDNode *guest = metadata.createTBAAScalarTypeNode("guest memory", bytes);
  guestMemoryTag = metadata.createTBAAStructTagNode(guest, guest, 0);
  llvm::MDNode *integer = metadata.createTBAAScalarTypeNode("long", bytes);
  recordTag = metadata.createTBAAStructTagNode(integer, integer, 0);
  likely = metadata.createLikelyBranchWeights();
  unlikely = metadata.createUnlikelyBranchWeights();
}

ModuleBuilder::~ModuleBuilder() = default;

llvm::Type *ModuleBuilder::typeOf(wasm::ValType type) { return llvmType(context, type); }

llvm::FunctionType *ModuleBuilder::functionType(const wasm::FuncType &type) {
  return llvmFunctionType(context, type, facts.options.world == World::Instanced);
}

void codegen::setFunctionAttributes(llvm::Function &function) {
  if (!function.hasLocalLinkage())
    function.setVisibility(llvm::GlobalValue::HiddenVisibility);
  function.setDSOLocal(true);
  function.setDoesNotThrow();
  // Endless recursion must exhaust the stack instead of becoming a loop.
  function.addFnAttr("disable-tail-calls", "true");
  // The guard page must be touched before anything behind it.
  function.addFnAttr("probe-stack", "inline-asm");
  // The baseline says what there is, not what is fast: tuned for its oldest member, rotates become
  // shifts.
  function.addFnAttr("tune-cpu", "generic");
}

llvm::Function *ModuleBuilder::createFunction(llvm::FunctionType *type, const llvm::Twine &name) {
  llvm::Function *created =
      llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, name, *module);
  setFunctionAttributes(*created);
  return created;
}

llvm::Function *ModuleBuilder::coreFunction(uint32_t instance, uint32_t index) {
  llvm::Function *&known = declared[{instance, index}];
  if (known)
    return known;
  std::string symbol = facts.symbolOf(instance, index);
  coreFunctions.try_emplace(symbol, FuncPointer{instance, index});
  known = module->getFunction(symbol);
  if (known)
    return known;
  known = createFunction(functionType(facts.typeOf({instance, index})), symbol);
  known->setCallingConv(coreConvention());
  if (facts.mayThrow({FuncRef::Core, instance, index, {}})) {
    known->removeFnAttr(llvm::Attribute::NoUnwind);
    // A callee that made a tail call may be left with the stack pointer elsewhere.
    if (facts.usesTailCalls)
      known->addFnAttr("frame-pointer", "all");
  }
  return known;
}

llvm::CallInst *ModuleBuilder::call(llvm::IRBuilderBase &builder, llvm::Function *callee,
                                    llvm::ArrayRef<llvm::Value *> args) {
  llvm::CallInst *created = builder.CreateCall(callee, args);
  created->setCallingConv(callee->getCallingConv());
  return created;
}

llvm::Function *ModuleBuilder::function(const FuncRef &ref, const wasm::FuncType &type) {
  assert(ref.kind != FuncRef::Trap && "nobody defines it");
  if (ref.kind == FuncRef::Core)
    return coreFunction(ref.instance, ref.index);
  std::string symbol = facts.symbolOf(ref);
  if (llvm::Function *known = module->getFunction(symbol)) {
    assert(known->getFunctionType() == functionType(type) &&
           "an adapter and its callers agree on the core type");
    return known;
  }
  return createFunction(functionType(type), symbol);
}

llvm::Function *ModuleBuilder::runtime(RuntimeFunction function) {
  RuntimeSignature signature = signatureOf(function);
  if (llvm::Function *known = module->getFunction(signature.name))
    return known;
  auto llvmType = [&](AbiType type) -> llvm::Type * {
    switch (type) {
    case VOID:
      return llvm::Type::getVoidTy(context);
    case I32:
      return i32;
    case I64:
      return i64;
    case PTR:
      return ptrType;
    }
    llvm_unreachable("covered");
  };
  llvm::SmallVector<llvm::Type *, 6> params;
  for (AbiType param : signature.params)
    params.push_back(llvmType(param));
  llvm::Function *declared = createFunction(
      llvm::FunctionType::get(llvmType(signature.result), params, false), signature.name);
  if (signature.attributes != NONE)
    declared->setDoesNotReturn();
  // A throw may be how a loop goes on: what always throws is not cold, as what always traps is.
  if (signature.attributes == COLD_NORETURN)
    declared->addFnAttr(llvm::Attribute::Cold);
  if (signature.attributes == THROWS)
    declared->removeFnAttr(llvm::Attribute::NoUnwind);
  return declared;
}

llvm::Function *ModuleBuilder::personality() {
  constexpr llvm::StringLiteral name = "tenon_personality";
  if (llvm::Function *known = module->getFunction(name))
    return known;
  return createFunction(llvm::FunctionType::get(i32, /*isVarArg=*/true), name);
}

llvm::GlobalVariable *ModuleBuilder::thrown() {
  return external(llvm::ArrayType::get(i8, sizeof(tenon_exception_in_flight)), "tenon_thrown");
}

void ModuleBuilder::guard(llvm::CallInst &call) {
  llvm::Function *function = call.getFunction();
  llvm::BasicBlock *landing = llvm::BasicBlock::Create(context, "uncaught", function);
  llvm::IRBuilder<> builder(landing);
  builder.SetCurrentDebugLocation(call.getDebugLoc());
  llvm::LandingPadInst *pad =
      builder.CreateLandingPad(llvm::StructType::get(ptrType, i32), /*NumClauses=*/0);
  pad->setCleanup(true);
  builder.CreateCall(runtime(RuntimeFunction::tenon_uncaught), builder.CreateExtractValue(pad, 0));
  builder.CreateUnreachable();
  function->setPersonalityFn(personality());
  llvm::changeToInvokeAndSplitBasicBlock(&call, landing);
}

llvm::GlobalVariable *ModuleBuilder::external(llvm::Type *type, const llvm::Twine &name) {
  llvm::SmallString<64> buffer;
  llvm::StringRef symbol = name.toStringRef(buffer);
  if (llvm::GlobalVariable *known = module->getNamedGlobal(symbol))
    return known;
  auto *created = new llvm::GlobalVariable(*module, type, /*isConstant=*/false,
                                           llvm::GlobalValue::ExternalLinkage, nullptr, symbol);
  created->setVisibility(llvm::GlobalValue::HiddenVisibility);
  created->setDSOLocal(true);
  return created;
}

llvm::Constant *ModuleBuilder::text(llvm::StringRef text) {
  llvm::Constant *bytes = llvm::ConstantDataArray::getString(context, text);
  auto *created = new llvm::GlobalVariable(*module, bytes->getType(), /*isConstant=*/true,
                                           llvm::GlobalValue::PrivateLinkage, bytes, ".text");
  created->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  return created;
}

llvm::Function *ModuleBuilder::trapStub(const FuncRef &ref, const wasm::FuncType &type) {
  llvm::Function *stub = llvm::Function::Create(
      functionType(type), llvm::GlobalValue::InternalLinkage, "tenon.missing", *module);
  setFunctionAttributes(*stub);
  stub->setCallingConv(coreConvention());
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", stub));
  emitMissing(builder, ref.symbol);
  return stub;
}

/// An adapter or a host function, called by the core convention.
llvm::Function *ModuleBuilder::conventionThunk(llvm::Function *function) {
  std::string name = ("tenon.tail." + function->getName()).str();
  if (llvm::Function *known = module->getFunction(name))
    return known;
  llvm::Function *thunk = createFunction(function->getFunctionType(), name);
  thunk->setCallingConv(coreConvention());
  thunk->setLinkage(llvm::GlobalValue::LinkOnceODRLinkage);
  thunk->setComdat(module->getOrInsertComdat(name));
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", thunk));
  llvm::SmallVector<llvm::Value *, 8> args;
  for (llvm::Argument &arg : thunk->args())
    args.push_back(&arg);
  llvm::CallInst *result = call(builder, function, args);
  result->setDoesNotThrow();
  if (result->getType()->isVoidTy())
    builder.CreateRetVoid();
  else
    builder.CreateRet(result);
  return thunk;
}

llvm::Function *ModuleBuilder::recordCode(FuncPointer pointer) {
  FuncRef ref = facts.resolve(pointer);
  const wasm::FuncType &type = facts.typeOf(pointer);
  if (ref.kind == FuncRef::Trap)
    return trapStub(ref, type);
  llvm::Function *known = function(ref, type);
  return known->getCallingConv() == coreConvention() ? known : conventionThunk(known);
}

llvm::Constant *ModuleBuilder::functionRecord(FuncPointer pointer) {
  FuncRef ref = facts.resolve(pointer);
  std::string suffix = std::to_string(facts.typeNumberOf(pointer));
  std::string name = ref.kind == FuncRef::Trap
                         ? "tenon.missing." + std::to_string(pointer.instance) + "." +
                               std::to_string(pointer.index) + ".ref"
                         : facts.symbolOf(ref) + ".ref" + suffix;
  if (llvm::GlobalVariable *known = module->getNamedGlobal(name))
    return known;
  llvm::Constant *init = llvm::ConstantStruct::get(
      funcRecordType,
      {recordCode(pointer), llvm::ConstantInt::get(i64, facts.typeNumberOf(pointer)),
       llvm::ConstantPointerNull::get(ptrType)});
  auto *record = new llvm::GlobalVariable(*module, funcRecordType, /*isConstant=*/true,
                                          llvm::GlobalValue::LinkOnceODRLinkage, init, name);
  record->setVisibility(llvm::GlobalValue::HiddenVisibility);
  record->setDSOLocal(true);
  record->setComdat(module->getOrInsertComdat(name));
  return record;
}

llvm::Constant *ModuleBuilder::constantOf(const ConstValue &value) {
  llvm::Type *type = typeOf(value.type);
  if (value.type.isRef())
    return value.func ? functionRecord(*value.func) : llvm::ConstantPointerNull::get(ptrType);
  if (type->isIntegerTy())
    return llvm::ConstantInt::get(type, value.bits);
  if (type->isVectorTy())
    return llvm::ConstantDataVector::get(context, llvm::ArrayRef({value.bits, value.upperBits}));
  llvm::APInt bits(type->getPrimitiveSizeInBits(), value.bits);
  return llvm::ConstantFP::get(context, llvm::APFloat(type->getFltSemantics(), bits));
}

void ModuleBuilder::emitTrap(llvm::IRBuilderBase &builder, TrapKind kind) {
  emitTrap(builder, builder.getInt32(uint32_t(kind)));
}

/// Never merged: the place of the call is the place of the trap.
static void finishTrap(llvm::IRBuilderBase &builder, llvm::CallInst *call) {
  call->addFnAttr(llvm::Attribute::NoMerge);
  call->setDoesNotReturn();
  builder.CreateUnreachable();
}

void ModuleBuilder::emitTrap(llvm::IRBuilderBase &builder, llvm::Value *kind) {
  finishTrap(builder, builder.CreateCall(runtime(RuntimeFunction::tenon_trap), {kind}));
}

void ModuleBuilder::emitMissing(llvm::IRBuilderBase &builder, llvm::StringRef what) {
  finishTrap(builder,
             builder.CreateCall(runtime(RuntimeFunction::tenon_trap_missing), {text(what)}));
}

llvm::DICompileUnit *ModuleBuilder::unitOf(uint32_t instance) {
  llvm::DICompileUnit *&unit = units[instance];
  if (unit)
    return unit;
  auto &builder = debugBuilders[instance];
  builder = std::make_unique<llvm::DIBuilder>(*module);
  llvm::DIFile *file = builder->createFile(facts.instance(instance).path, "");
  unit = builder->createCompileUnit(llvm::DISourceLanguageName(llvm::dwarf::DW_LANG_C), file,
                                    "tenon", /*isOptimized=*/optLevel > 0, "", 0, "",
                                    llvm::DICompileUnit::LineTablesOnly);
  return unit;
}

llvm::DISubprogram *ModuleBuilder::subprogram(uint32_t instance, uint32_t index,
                                              llvm::StringRef symbol) {
  unitOf(instance); // makes the builder
  llvm::DIBuilder &builder = *debugBuilders[instance];
  // Line tables are the trap map: the function stands where C has a file, so that it survives
  // inlining.
  llvm::DIFile *file = builder.createFile(symbol, "");
  return builder.createFunction(file, facts.nameOf({instance, index}), symbol, file, 1,
                                builder.createSubroutineType(builder.getOrCreateTypeArray({})), 1,
                                llvm::DINode::FlagZero, llvm::DISubprogram::SPFlagDefinition);
}

void ModuleBuilder::finishDebugInfo() {
  for (auto &[instance, builder] : debugBuilders)
    builder->finalize();
}
