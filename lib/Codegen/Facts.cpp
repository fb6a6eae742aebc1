//===- Facts.cpp - What is known of the whole program ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts.h"
#include "tenon-abi/state.h"
#include "tenon/Codegen/Symbols.h"
#include "tenon/Wasm/Operators.h"
#include "llvm/Support/Endian.h"

using namespace tenon;
using namespace tenon::codegen;

FailureOr<std::unique_ptr<Facts>>
Facts::compute(const Program &program, const CodegenOptions &options, Diagnostics &diags) {
  std::unique_ptr<Facts> facts(new Facts(program, options));
  facts->nameEverything();
  facts->numberTypes();
  facts->findSubtypes();
  facts->findTailCalls();
  if (failed(facts->collectState(diags)) || failed(facts->collectTags(diags)))
    return failure();
  facts->collectWrites();
  facts->findThrowers();
  if (failed(placeMemories(*facts, diags)))
    return failure();
  planInstantiation(*facts);
  return facts;
}

void Facts::nameEverything() {
  for (uint32_t i = 0; i < program.instances.size(); ++i) {
    const CoreInstance &inst = program.instances[i];
    instancesByPath.try_emplace(inst.path, i);
    if (!names.count(inst.module))
      names.emplace(inst.module, functionNames(*inst.module));
  }
  for (uint32_t i = 0; i < program.selves.size(); ++i)
    selvesByPath.try_emplace(program.selves[i].path, i);
}

/// The number of a type comes from the type itself, so that one more type in the program does not
/// change code that names others. 31 bits, which a compare takes as they are; where two types want
/// the same number the later one takes the next, since equal numbers must mean equal types.
static uint64_t numberOf(const wasm::TypeDigest &digest,
                         std::map<uint64_t, wasm::TypeDigest> &owners) {
  constexpr uint64_t mask = INT32_MAX;
  uint64_t number = llvm::support::endian::read32le(digest.data()) & mask;
  for (;; number = (number + 1) & mask) {
    if (number == 0)
      continue;
    auto [owner, isNew] = owners.try_emplace(number, digest);
    if (isNew || owner->second == digest)
      return number;
  }
}

void Facts::numberTypes() {
  std::map<uint64_t, wasm::TypeDigest> owners;
  for (const CoreInstance &inst : program.instances) {
    auto [at, isNew] = typeNumbers.try_emplace(inst.module);
    if (!isNew)
      continue;
    for (const wasm::TypeDecl &decl : inst.module->typeDecls)
      at->second.push_back(numberOf(decl.digest, owners));
  }
}

/// A function's type has few supertypes: validation bounds the depth of declarations.
void Facts::findSubtypes() {
  for (const auto &[module, numbers] : typeNumbers) {
    llvm::BitVector seen(numbers.size());
    for (uint32_t type : module->funcTypes) {
      if (seen.test(type))
        continue;
      seen.set(type);
      std::optional<uint32_t> super = module->typeDecls[type].supertype;
      for (; super; super = module->typeDecls[*super].supertype)
        subtypes[numbers[*super]].push_back(numbers[type]);
    }
  }
  for (auto &[super, found] : subtypes) {
    llvm::sort(found);
    found.erase(llvm::unique(found), found.end());
  }
}

void Facts::findTailCalls() {
  auto makesTailCalls = [](const wasm::Function &function) { return function.summary.tailCalls; };
  usesTailCalls = llvm::any_of(program.instances, [&](const CoreInstance &inst) {
    return llvm::any_of(inst.module->functions, makesTailCalls);
  });
}

/// State that a module imports and nobody provides.
static LogicalResult checkIsDefined(const wasm::Module &module, const StateDef &def,
                                    uint32_t numImported, llvm::StringRef what,
                                    Diagnostics &diags) {
  if (def.index >= numImported)
    return success();
  return diags.error(module.location, "an imported ")
         << what << " that nobody provides is not supported yet";
}

LogicalResult Facts::collectState(Diagnostics &diags) {
  for (const StateDef &def : program.globals) {
    const wasm::Module &module = moduleOf(def.instance);
    if (failed(checkIsDefined(module, def, module.numImportedGlobals, "global", diags)))
      return failure();
    GlobalFacts facts;
    facts.type = module.globalTypes[def.index];
    facts.isConstant = !facts.type.isMutable;
    globals.push_back(facts);
    // In order of definition: an initialiser reads earlier globals only.
    uint32_t defined = def.index - module.numImportedGlobals;
    globals.back().init = evaluate(def.instance, module.globals[defined].init);
  }
  for (const StateDef &def : program.memories) {
    const wasm::Module &module = moduleOf(def.instance);
    if (failed(checkIsDefined(module, def, module.numImportedMemories, "memory", diags)))
      return failure();
    MemoryFacts facts;
    facts.type = module.memoryTypes[def.index];
    facts.name = instance(def.instance).path + " memory " + std::to_string(def.index);
    memories.push_back(std::move(facts));
  }
  for (const StateDef &def : program.tables) {
    const wasm::Module &module = moduleOf(def.instance);
    if (failed(checkIsDefined(module, def, module.numImportedTables, "table", diags)))
      return failure();
    TableFacts facts;
    facts.type = module.tableTypes[def.index];
    const wasm::Limits &limits = facts.type.limits;
    if (limits.min > tenon_max_table_elements)
      return diags.error(module.location, "a table of ")
             << limits.min << " elements is not supported yet";
    facts.max = limits.max.value_or(limits.is64 ? UINT64_MAX : UINT32_MAX);
    uint32_t defined = def.index - module.numImportedTables;
    if (const std::optional<wasm::ConstExpr> &init = module.tables[defined].init)
      facts.elements.assign(limits.min, evaluate(def.instance, *init));
    tables.push_back(std::move(facts));
  }
  return success();
}

/// Facts that span instances: a summary speaks of a module's own indices, the instances' wiring
/// says what those are.
void Facts::collectWrites() {
  for (const CoreInstance &inst : program.instances) {
    const wasm::ModuleSummary &summary = inst.module->summary;
    for (uint32_t i = 0; i < inst.memories.size(); ++i)
      memories[inst.memories[i]].isGrown |= summary.memoryGrown[i];
    for (uint32_t i = 0; i < inst.tables.size(); ++i)
      tables[inst.tables[i]].isWritten |= summary.tableWritten[i];
  }
  // The summary does not tell growing from writing.
  for (TableFacts &table : tables)
    table.isGrown = table.isWritten;
}

FuncRef Facts::resolve(FuncPointer pointer) const {
  return functionOf(program, pointer.instance, pointer.index);
}

std::string Facts::symbolOf(uint32_t inst, uint32_t index) const {
  return symbolText(instance(inst).path) + "." + nameOf({inst, index}).str();
}

std::string Facts::symbolOf(const FuncRef &ref) const {
  return ref.kind == FuncRef::Core ? symbolOf(ref.instance, ref.index) : symbolText(ref.symbol);
}

std::optional<uint32_t> Facts::findInstance(llvm::StringRef path) const {
  auto found = instancesByPath.find(path);
  return found == instancesByPath.end() ? std::nullopt : std::optional(found->second);
}

std::optional<uint32_t> Facts::findSelf(llvm::StringRef path) const {
  auto found = selvesByPath.find(path);
  return found == selvesByPath.end() ? std::nullopt : std::optional(found->second);
}

ConstValue Facts::elementOf(uint32_t inst, const wasm::ElementSegment &segment, size_t i) const {
  if (segment.usesExpressions)
    return evaluate(inst, segment.expressions[i]);
  return {segment.type, 0, FuncPointer{inst, segment.functions[i]}};
}

/// Applies a binary operator of extended constant expressions.
static uint64_t applyBinary(wasm::Opcode opcode, uint64_t left, uint64_t right) {
  using wasm::Opcode;
  switch (opcode) {
  case Opcode::I32Add:
    return uint32_t(left + right);
  case Opcode::I32Sub:
    return uint32_t(left - right);
  case Opcode::I32Mul:
    return uint32_t(left * right);
  case Opcode::I64Add:
    return left + right;
  case Opcode::I64Sub:
    return left - right;
  default:
    assert(opcode == Opcode::I64Mul && "the validator lets no other operator into a constant");
    return left * right;
  }
}

ConstValue Facts::evaluate(uint32_t inst, const wasm::ConstExpr &expr) const {
  using wasm::Opcode;
  Diagnostics ignored([](const Diagnostic &) {});
  wasm::OperatorReader reader(expr, ignored);
  llvm::SmallVector<ConstValue, 4> stack;
  wasm::Operator op;
  while (succeeded(reader.next(op)) && op.opcode != Opcode::End) {
    switch (op.opcode) {
    case Opcode::I32Const:
      stack.push_back({wasm::ValType::I32, uint32_t(op.bits), {}});
      break;
    case Opcode::I64Const:
      stack.push_back({wasm::ValType::I64, op.bits, {}});
      break;
    case Opcode::F32Const:
      stack.push_back({wasm::ValType::F32, uint32_t(op.bits), {}});
      break;
    case Opcode::F64Const:
      stack.push_back({wasm::ValType::F64, op.bits, {}});
      break;
    case Opcode::V128Const:
      stack.push_back({wasm::ValType::V128,
                       llvm::support::endian::read64le(op.bytes.data()),
                       {},
                       llvm::support::endian::read64le(op.bytes.data() + 8)});
      break;
    case Opcode::RefNull:
      stack.push_back({op.type, 0, {}});
      break;
    case Opcode::RefFunc:
      stack.push_back({wasm::ValType::funcref(), 0, FuncPointer{inst, op.index}});
      break;
    case Opcode::GlobalGet:
      stack.push_back(globals[instance(inst).globals[op.index]].init);
      break;
    default: {
      ConstValue right = stack.pop_back_val();
      stack.back().bits = applyBinary(op.opcode, stack.back().bits, right.bits);
      break;
    }
    }
  }
  assert(stack.size() == 1 && "a constant expression leaves one value");
  return stack.back();
}
