//===- RuntimeGraph.cpp - The graph at run time, and what it reaches ------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// At stage `fused` a component instance is connected to the rest of the program by adapters and
// resources only, and each of those names, as operands, the instances that it works for. Collecting
// them is one walk. It is complete because there is no other way in: core instances take functions,
// memories, tables and globals of their own component instance, adapters among them, and nothing
// else (comp-verify-stage checks it).
//
//===----------------------------------------------------------------------===//

#include "tenon/Dialect/Comp/CompOps.h"
#include "tenon/Transforms/GraphReport.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include <map>
#include <set>

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

namespace {

/// Sorted, each once.
struct Links {
  std::set<std::string> hostFunctions, hostResources, callees;
  std::vector<std::string> coreInstances;
};

class Reacher {
public:
  void visit(Operation &op);

  llvm::MapVector<Value, Links> links; ///< by the state of the component instance

private:
  void addResource(Value self, Value resource);
  void addCall(Value self, Value callee);
};

} // namespace

/// Empty for the host.
static std::string pathOf(Value self) {
  SelfOp made = self.getDefiningOp<SelfOp>();
  return made ? made.getName().str() : std::string();
}

void Reacher::addResource(Value self, Value resource) {
  if (HostResourceOp host = resource.getDefiningOp<HostResourceOp>())
    links[self].hostResources.insert((host.getInterface() + "#" + host.getName()).str());
}

void Reacher::addCall(Value self, Value callee) {
  if (self != callee)
    links[self].callees.insert(pathOf(callee));
}

void Reacher::visit(Operation &op) {
  llvm::TypeSwitch<Operation *>(&op)
      .Case([&](SelfOp self) { links[self]; })
      .Case([&](CoreInstanceOp instance) {
        links[instance.getSelf()].coreInstances.push_back(instance.getPath().str());
      })
      .Case([&](AdapterOp adapter) {
        addCall(adapter.getCallerSelf(), adapter.getCalleeSelf());
        for (Value resource : adapter.getResources()) {
          addResource(adapter.getCallerSelf(), resource);
          addResource(adapter.getCalleeSelf(), resource);
        }
      })
      .Case([&](HostAdapterOp adapter) {
        HostFuncOp host = adapter.getCallee().getDefiningOp<HostFuncOp>();
        if (host)
          links[adapter.getCallerSelf()].hostFunctions.insert(
              (host.getInterface() + "#" + host.getName()).str());
        for (Value resource : adapter.getResources())
          addResource(adapter.getCallerSelf(), resource);
      })
      .Case([&](LiftOp lift) {
        for (Value resource : lift.getResources())
          addResource(lift.getSelf(), resource);
      })
      .Case([&](ResourceDropOp drop) {
        addResource(drop.getSelf(), drop.getResource());
        comp::ResourceOp made = drop.getResource().getDefiningOp<comp::ResourceOp>();
        if (made && made.getDtor())
          addCall(drop.getSelf(), made.getSelf());
      });
}

static llvm::MapVector<Value, Links> collectLinks(ModuleOp module) {
  Reacher reacher;
  for (Operation &op : *module.getBody())
    reacher.visit(op);
  return std::move(reacher.links);
}

std::vector<InstanceReach> comp::computeReach(ModuleOp module) {
  std::vector<InstanceReach> result;
  for (auto &[self, links] : collectLinks(module)) {
    if (!self.getDefiningOp<SelfOp>())
      continue;
    InstanceReach &reach = result.emplace_back();
    reach.path = pathOf(self);
    reach.hostFunctions.assign(links.hostFunctions.begin(), links.hostFunctions.end());
    reach.hostResources.assign(links.hostResources.begin(), links.hostResources.end());
    reach.callees.assign(links.callees.begin(), links.callees.end());
    reach.coreInstances = links.coreInstances;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

/// `interface#name`, grouped: one line for each interface.
static void printByInterface(const std::vector<std::string> &names, StringRef what,
                             llvm::raw_ostream &os) {
  std::map<StringRef, std::vector<StringRef>> byInterface;
  for (StringRef name : names) {
    auto [interface, item] = name.split('#');
    byInterface[interface].push_back(item);
  }
  for (auto &[interface, items] : byInterface)
    os << "  " << what << ' ' << interface << ": " << llvm::join(items, ", ") << '\n';
}

static void printHostPart(const InstanceReach &reach, llvm::raw_ostream &os) {
  printByInterface(reach.hostFunctions, "host functions of", os);
  printByInterface(reach.hostResources, "host resources of", os);
}

void comp::printRuntimeGraph(ModuleOp module, llvm::raw_ostream &os) {
  for (const InstanceReach &reach : computeReach(module)) {
    os << "instance " << reach.path << '\n';
    for (const std::string &core : reach.coreInstances)
      os << "  core instance " << core << '\n';
    for (const std::string &callee : reach.callees)
      os << "  calls " << callee << '\n';
    printHostPart(reach, os);
  }
  for (RootExportOp exported : module.getBody()->getOps<RootExportOp>()) {
    LiftOp lift = exported.getValue().getDefiningOp<LiftOp>();
    os << "exports " << exported.getName() << " <- "
       << (lift ? pathOf(lift.getSelf()) : std::string("the host")) << '\n';
  }
}

void comp::printReach(ModuleOp module, llvm::raw_ostream &os) {
  for (const InstanceReach &reach : computeReach(module)) {
    os << "instance " << reach.path << '\n';
    if (reach.hostFunctions.empty() && reach.hostResources.empty())
      os << "  nothing of the host\n";
    printHostPart(reach, os);
  }
}
