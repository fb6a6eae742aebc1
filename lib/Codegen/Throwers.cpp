//===- Throwers.cpp - Which functions may throw ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function may throw if it throws itself, or calls one that may; a call through a table or a
// reference may if any function that can be referred to may. Whether a handler inside the function
// catches everything is not looked at. Found by following calls backwards from those that throw; a
// program without any is left at once.
//
//===----------------------------------------------------------------------===//

#include "Facts.h"
#include "tenon-abi/exception.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace tenon;
using namespace tenon::codegen;

/// The collector of exceptions would not find references in a state struct.
static bool canFindReferences(const Facts &facts, wasm::ValType type) {
  return facts.options.world == World::Closed || !type.isRef() ||
         type.getHeap() != wasm::ValType::Exn;
}

LogicalResult Facts::collectTags(Diagnostics &diags) {
  for (auto [def, global] : llvm::zip(program.globals, globals))
    if (global.type.isMutable && !canFindReferences(*this, global.type.type))
      return diags.error(moduleOf(def.instance).location,
                         "a global of type exnref is not supported yet in the instanced world");
  for (auto [def, table] : llvm::zip(program.tables, tables))
    if (!canFindReferences(*this, table.type.element))
      return diags.error(moduleOf(def.instance).location,
                         "a table of exnref is not supported yet in the instanced world");
  for (const StateDef &def : program.tags) {
    const wasm::Module &module = moduleOf(def.instance);
    if (def.index < module.numImportedTags)
      return diags.error(module.location,
                         "an imported tag that nobody provides is not supported yet");
    TagFacts facts;
    facts.type = &module.types[module.tagTypes[def.index]];
    for (wasm::ValType param : facts.type->params) {
      uint64_t bytes = param.getKind() == wasm::ValType::V128 ? 16 : 8;
      facts.payloadBytes = llvm::alignTo(facts.payloadBytes, bytes);
      facts.offsets.push_back(facts.payloadBytes);
      facts.payloadBytes += bytes;
    }
    assert(facts.payloadBytes <= tenon_max_payload_bytes && "the reader limits parameters");
    tags.push_back(std::move(facts));
  }
  return success();
}

static bool hasThrow(const wasm::Module &module) {
  return llvm::any_of(module.functions,
                      [](const wasm::Function &function) { return function.summary.throws; });
}

namespace {

/// The functions of the program as nodes of one graph, with the calls backwards.
class CallGraph {
public:
  explicit CallGraph(const Program &program) : program(program) {
    uint32_t numNodes = 0;
    for (const CoreInstance &inst : program.instances) {
      firstNode.push_back(numNodes);
      numNodes += inst.module->functions.size();
    }
    firstCaller.assign(numNodes + 1, 0);
    forEachCall([&](uint32_t, uint32_t callee) { ++firstCaller[callee + 1]; });
    for (uint32_t i = 0; i < numNodes; ++i)
      firstCaller[i + 1] += firstCaller[i];
    callers.resize(firstCaller.back());
    std::vector<uint32_t> next(firstCaller.begin(), firstCaller.end() - 1);
    forEachCall([&](uint32_t caller, uint32_t callee) { callers[next[callee]++] = caller; });
  }

  uint32_t size() const { return firstCaller.size() - 1; }
  llvm::ArrayRef<uint32_t> callersOf(uint32_t node) const {
    return llvm::ArrayRef(callers).slice(firstCaller[node],
                                         firstCaller[node + 1] - firstCaller[node]);
  }
  /// None for what is no core function.
  std::optional<uint32_t> nodeOf(uint32_t instance, uint32_t index) const {
    FuncRef ref = functionOf(program, instance, index);
    if (ref.kind != FuncRef::Core)
      return std::nullopt;
    return firstNode[ref.instance] + ref.index -
           program.instances[ref.instance].module->numImportedFuncs;
  }
  void forEachFunction(llvm::function_ref<void(uint32_t, const wasm::Function &)> visit) const {
    for (auto [i, inst] : llvm::enumerate(program.instances))
      for (auto [k, function] : llvm::enumerate(inst.module->functions))
        visit(firstNode[i] + k, function);
  }

private:
  const Program &program;
  std::vector<uint32_t> firstNode;            ///< by instance
  std::vector<uint32_t> firstCaller, callers; ///< by node: a range of callers

  void forEachCall(llvm::function_ref<void(uint32_t caller, uint32_t callee)> visit) const {
    for (auto [i, inst] : llvm::enumerate(program.instances))
      for (auto [k, function] : llvm::enumerate(inst.module->functions))
        for (uint32_t callee : function.summary.directCallees)
          if (std::optional<uint32_t> node = nodeOf(i, callee))
            visit(firstNode[i] + k, *node);
  }
};

} // namespace

void Facts::findThrowers() {
  if (llvm::none_of(program.instances,
                    [](const CoreInstance &inst) { return hasThrow(*inst.module); }))
    return;
  CallGraph graph(program);
  llvm::BitVector found(graph.size()), escapes(graph.size());
  std::vector<uint32_t> worklist, callingIndirect;
  auto add = [&](uint32_t node) {
    if (!found.test(node)) {
      found.set(node);
      worklist.push_back(node);
    }
  };
  graph.forEachFunction([&](uint32_t node, const wasm::Function &function) {
    if (function.summary.throws)
      add(node);
    if (function.summary.callsIndirect)
      callingIndirect.push_back(node);
  });
  for (auto [i, inst] : llvm::enumerate(program.instances))
    for (uint32_t k = 0; k < inst.module->funcTypes.size(); ++k)
      if (inst.module->summary.funcEscapes[k])
        if (std::optional<uint32_t> node = graph.nodeOf(i, k))
          escapes.set(*node);
  while (!worklist.empty()) {
    uint32_t node = worklist.back();
    worklist.pop_back();
    llvm::for_each(graph.callersOf(node), add);
    if (escapes.test(node) && !indirectThrows) {
      indirectThrows = true;
      llvm::for_each(callingIndirect, add);
    }
  }
  for (const CoreInstance &inst : program.instances)
    throwers.emplace_back(inst.module->funcTypes.size());
  uint32_t node = 0;
  for (auto [i, inst] : llvm::enumerate(program.instances))
    for (uint32_t k = inst.module->numImportedFuncs; k < inst.module->funcTypes.size(); ++k)
      throwers[i][k] = found.test(node++);
}
