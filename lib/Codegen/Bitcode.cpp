//===- Bitcode.cpp - Functions that come as bitcode ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bitcode.h"
#include "ClosedWorld.h"
#include "HugeFunctions.h"
#include "tenon/Codegen/Symbols.h"
#include "tenon/Lowering/LinkNames.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/DIBuilder.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

using namespace tenon;
using namespace tenon::codegen;

BitcodeSource::BitcodeSource(ModuleBuilder &builder, llvm::StringRef bitcode) : mb(builder) {
  llvm::Expected<std::unique_ptr<llvm::Module>> read = llvm::getLazyBitcodeModule(
      llvm::MemoryBufferRef(bitcode, "bitcode"), mb.context, /*ShouldLazyLoadMetadata=*/true);
  source = llvm::cantFail(std::move(read), "bitcode that we made ourselves can be read");
  llvm::cantFail(source->materializeMetadata(), "bitcode that we made ourselves can be read");
  for (llvm::Function &function : *source)
    if (!function.isDeclaration())
      definitions[symbolText(function.getName())] = &function;
}

void BitcodeSource::materialize(llvm::Function &function) {
  if (!function.isMaterializable())
    return;
  llvm::cantFail(function.materialize(), "bitcode that we made ourselves can be read");
  llvm::stripDebugInfo(function);
}

llvm::Function *BitcodeSource::find(llvm::StringRef symbol) {
  llvm::Function *found = definitions.lookup(symbol);
  if (found && !found->hasLocalLinkage())
    materialize(*found);
  return found && !found->hasLocalLinkage() ? found : nullptr;
}

/// The globals that a constant names, each once.
static void collectGlobals(llvm::Constant *constant, llvm::SetVector<llvm::GlobalValue *> &globals,
                           llvm::SmallPtrSetImpl<llvm::Constant *> &visited) {
  llvm::SmallVector<llvm::Constant *, 8> worklist = {constant};
  while (!worklist.empty()) {
    llvm::Constant *current = worklist.pop_back_val();
    if (!visited.insert(current).second)
      continue;
    if (auto *global = llvm::dyn_cast<llvm::GlobalValue>(current)) {
      globals.insert(global);
      // What a constant points to is copied with it.
      auto *variable = llvm::dyn_cast<llvm::GlobalVariable>(global);
      if (variable && variable->isConstant() && variable->hasInitializer())
        worklist.push_back(variable->getInitializer());
      continue;
    }
    for (llvm::Use &operand : current->operands())
      if (auto *inner = llvm::dyn_cast<llvm::Constant>(operand))
        worklist.push_back(inner);
  }
}

static llvm::SetVector<llvm::GlobalValue *> globalsOf(llvm::Function &function) {
  llvm::SetVector<llvm::GlobalValue *> globals;
  llvm::SmallPtrSet<llvm::Constant *, 32> visited;
  for (llvm::Instruction &inst : llvm::instructions(function))
    for (llvm::Use &operand : inst.operands())
      if (auto *constant = llvm::dyn_cast<llvm::Constant>(operand))
        collectGlobals(constant, globals, visited);
  return globals;
}

bool BitcodeSource::canCopy(llvm::Function &function) {
  auto [at, isNew] = copyable.try_emplace(&function, true);
  if (!isNew)
    return at->second;
  materialize(function);
  bool result = true;
  for (llvm::GlobalValue *global : globalsOf(function)) {
    if (!global->hasLocalLinkage())
      continue;
    if (auto *callee = llvm::dyn_cast<llvm::Function>(global))
      result &= canCopy(*callee);
    else if (auto *variable = llvm::dyn_cast<llvm::GlobalVariable>(global))
      result &= variable->isConstant();
    else
      result = false;
  }
  return copyable[&function] = result;
}

namespace {

class Materializer final : public llvm::ValueMaterializer {
public:
  explicit Materializer(BitcodeSource &source) : source(source) {}
  llvm::Value *materialize(llvm::Value *value) override {
    auto *global = llvm::dyn_cast<llvm::GlobalValue>(value);
    if (!global || global->getParent() != &source.getModule())
      return nullptr;
    return source.lookUp(*global);
  }

private:
  BitcodeSource &source;
};

} // namespace

/// No exception leaves an adapter (CanonicalABI.md#canon-lift).
void BitcodeSource::guardCalls(llvm::Function &adapter) {
  if (!mb.facts.throws())
    return;
  llvm::SmallVector<llvm::CallInst *, 4> throwing;
  for (llvm::Instruction &inst : llvm::instructions(adapter)) {
    auto *call = llvm::dyn_cast<llvm::CallInst>(&inst);
    llvm::Function *callee = call ? call->getCalledFunction() : nullptr;
    if (callee && !callee->isIntrinsic() && !callee->doesNotThrow())
      throwing.push_back(call);
  }
  for (llvm::CallInst *call : throwing)
    mb.guard(*call);
}

/// What calls a core function was made without knowing its convention.
static void adoptConventions(llvm::Function &function) {
  for (llvm::Instruction &inst : llvm::instructions(function))
    if (auto *call = llvm::dyn_cast<llvm::CallBase>(&inst))
      if (llvm::Function *callee = call->getCalledFunction())
        call->setCallingConv(callee->getCallingConv());
}

void BitcodeSource::copyBody(llvm::Function &function, llvm::Function &target) {
  materialize(function);
  llvm::ValueToValueMapTy map;
  for (auto [from, to] : llvm::zip(function.args(), target.args()))
    map[&from] = &to;
  llvm::SmallVector<llvm::ReturnInst *, 4> returns;
  Materializer materializer(*this);
  llvm::GlobalValue::LinkageTypes linkage = target.getLinkage();
  llvm::CloneFunctionInto(&target, &function, map, llvm::CloneFunctionChangeType::DifferentModule,
                          returns, "", nullptr, nullptr, &materializer);
  target.setLinkage(linkage);
  target.setComdat(nullptr);
  setFunctionAttributes(target);
  // The part has one target for all.
  target.removeFnAttr("target-cpu");
  target.removeFnAttr("target-features");
  target.removeFnAttr("tune-cpu");
  if (mb.facts.usesTailCalls)
    adoptConventions(target);
  guardCalls(target);
}

llvm::GlobalValue *BitcodeSource::lookUp(llvm::GlobalValue &global) {
  if (llvm::GlobalValue *found = known.lookup(&global))
    return found;
  return known[&global] = resolve(global);
}

/// A function of the same type and attributes in the part.
llvm::Function *BitcodeSource::declareLike(llvm::Function &function) {
  std::string symbol = symbolText(function.getName());
  if (llvm::Function *found = mb.module->getFunction(symbol))
    return found;
  llvm::Function *declared = mb.createFunction(function.getFunctionType(), symbol);
  declared->setAttributes(function.getAttributes());
  if (function.hasExternalWeakLinkage())
    declared->setLinkage(llvm::GlobalValue::ExternalWeakLinkage);
  setFunctionAttributes(*declared);
  return declared;
}

llvm::GlobalValue *BitcodeSource::resolve(llvm::GlobalValue &global) {
  if (auto *alias = llvm::dyn_cast<llvm::GlobalAlias>(&global))
    return lookUp(*llvm::cast<llvm::GlobalValue>(alias->getAliaseeObject()));
  if (global.isDeclaration())
    if (llvm::GlobalValue *found = resolveLinkName(global))
      return found;
  if (auto *function = llvm::dyn_cast<llvm::Function>(&global)) {
    if (!function->hasLocalLinkage())
      return declareLike(*function);
    llvm::Function *copy =
        llvm::Function::Create(function->getFunctionType(), llvm::GlobalValue::InternalLinkage,
                               symbolText(function->getName()), *mb.module);
    known[&global] = copy; // it may call itself
    copyBody(*function, *copy);
    return copy;
  }
  auto &variable = llvm::cast<llvm::GlobalVariable>(global);
  bool isCopied = variable.isConstant() && variable.hasInitializer();
  if (!isCopied) {
    assert(!variable.hasLocalLinkage() && "canCopy refuses functions with state of their own");
    llvm::GlobalVariable *declared =
        mb.external(variable.getValueType(), symbolText(variable.getName()));
    if (variable.hasExternalWeakLinkage()) // may be absent
      declared->setLinkage(llvm::GlobalValue::ExternalWeakLinkage);
    return declared;
  }
  auto *copy = new llvm::GlobalVariable(*mb.module, variable.getValueType(), /*isConstant=*/true,
                                        llvm::GlobalValue::PrivateLinkage, nullptr, ".constant");
  copy->setAlignment(variable.getAlign());
  copy->setUnnamedAddr(variable.getUnnamedAddr());
  known[&global] = copy;
  Materializer materializer(*this);
  llvm::ValueToValueMapTy map;
  copy->setInitializer(
      llvm::MapValue(variable.getInitializer(), map, llvm::RF_None, nullptr, &materializer));
  return copy;
}

/// The entity of the program that a link name stands for; null if it is no link name.
llvm::GlobalValue *BitcodeSource::resolveLinkName(llvm::GlobalValue &global) {
  const Facts &facts = mb.facts;
  std::optional<lowering::LinkName> name = lowering::parseLinkName(global.getName());
  if (!name)
    return nullptr;
  if (name->kind == lowering::LinkKind::Self) {
    std::optional<uint32_t> self = facts.findSelf(name->path);
    assert(self && "an adapter names a component instance that is not in the program");
    return declareSelf(mb, *self);
  }
  std::optional<uint32_t> instance = facts.findInstance(name->path);
  assert(instance && "an adapter names a core instance that is not in the program");
  const wasm::Export *exported = facts.moduleOf(*instance).findExport(name->exportName);
  assert(exported && "an adapter names an export that is not there");
  if (name->kind == lowering::LinkKind::MemoryBase)
    return declareMemoryBase(mb, facts.instance(*instance).memories[exported->index]);
  if (name->kind == lowering::LinkKind::MemoryRecord)
    return declareMemoryRecord(mb, facts.instance(*instance).memories[exported->index]);

  FuncPointer pointer{*instance, exported->index};
  auto given = facts.program.linkNames.find(global.getName());
  FuncRef ref = given == facts.program.linkNames.end() ? facts.resolve(pointer) : given->second;
  const wasm::FuncType &type = facts.typeOf(pointer);
  assert(llvm::cast<llvm::Function>(global).getFunctionType() == mb.functionType(type) &&
         "an adapter and the core function that it calls agree on the type");
  return ref.kind == FuncRef::Trap ? mb.trapStub(ref, type) : mb.function(ref, type);
}

/// State of the adapters' own, if there is any.
static void defineAdapterState(BitcodeSource &adapters) {
  for (llvm::GlobalVariable &variable : adapters.getModule().globals()) {
    if (variable.isConstant() || !variable.hasInitializer())
      continue;
    auto *defined = llvm::cast<llvm::GlobalVariable>(adapters.lookUp(variable));
    assert(!variable.hasLocalLinkage() &&
           llvm::isa<llvm::ConstantAggregateZero>(variable.getInitializer()) &&
           "adapters keep state in external variables of zeros");
    defined->setInitializer(variable.getInitializer());
  }
}

void codegen::buildAdaptersPart(ModuleBuilder &builder, AdapterSize size) {
  const Program &program = builder.facts.program;
  BitcodeSource adapters(builder, *program.adapters);
  if (size == AdapterSize::Usual)
    defineAdapterState(adapters);
  for (llvm::Function &function : adapters.getModule()) {
    if (function.isDeclaration() || function.hasLocalLinkage() ||
        !adapters.find(symbolText(function.getName())) ||
        isHuge(function) != (size == AdapterSize::Huge))
      continue;
    auto *target = llvm::cast<llvm::Function>(adapters.lookUp(function));
    if (target->isDeclaration())
      adapters.copyBody(function, *target);
  }
  for (const Export &exported : program.exports) {
    if (exported.function.kind != FuncRef::Symbol)
      continue;
    // An adapter is an entry by its own symbol: a name like `memcpy` is nobody's to define here. A
    // function of the host that is handed on is not of the adapters.
    llvm::Function *entry = builder.module->getFunction(symbolText(exported.function.symbol));
    if (entry && !entry->isDeclaration())
      entry->setVisibility(llvm::GlobalValue::DefaultVisibility);
  }
}

void codegen::labelFunctions(llvm::Module &module, bool copies) {
  llvm::DIBuilder builder(module);
  llvm::DIFile *file = builder.createFile("bitcode", "");
  builder.createCompileUnit(llvm::DISourceLanguageName(llvm::dwarf::DW_LANG_C), file, "tenon", true,
                            "", 0);
  llvm::DISubroutineType *type = builder.createSubroutineType(builder.getOrCreateTypeArray({}));
  for (llvm::Function &function : module) {
    if (function.isDeclaration() || function.getSubprogram() ||
        (function.hasAvailableExternallyLinkage() && !copies))
      continue;
    llvm::DISubprogram *subprogram =
        builder.createFunction(file, function.getName(), function.getName(), file, 0, type, 0,
                               llvm::DINode::FlagArtificial, llvm::DISubprogram::SPFlagDefinition);
    function.setSubprogram(subprogram);
    llvm::DILocation *location = llvm::DILocation::get(module.getContext(), 0, 0, subprogram);
    for (llvm::Instruction &instruction : llvm::instructions(function))
      instruction.setDebugLoc(location);
  }
  builder.finalize();
}
