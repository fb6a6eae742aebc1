//===- StaticGraph.cpp - The graph as written -----------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Dialect/Comp/CompOps.h"
#include "tenon/Transforms/GraphReport.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

namespace {
class StaticPrinter {
public:
  explicit StaticPrinter(raw_ostream &os) : os(os) {}

  void printBody(Block &body, unsigned depth);

private:
  raw_ostream &os;

  raw_ostream &line(unsigned depth) { return os.indent(2 * depth); }
  void printComponent(DefineOp define, unsigned depth);
  void printWiring(ArrayAttr names, OperandRange values, unsigned depth);
  std::string describe(Value value);
};
} // namespace

/// Which import of which component a block argument is.
static std::string describeArgument(BlockArgument argument) {
  DefineOp define = cast<DefineOp>(argument.getOwner()->getParentOp());
  if (argument.getArgNumber() == 0)
    return "the parent";
  Attribute name = define.getImportNames()[argument.getArgNumber() - 1];
  return ("import " + cast<StringAttr>(name).getValue()).str();
}

static std::string nameOf(InstantiateOp instance) {
  if (!instance.getName().empty())
    return instance.getName().str();
  DefineOp define = instance.getComponent().getDefiningOp<DefineOp>();
  return define ? define.getName().str() : std::string("instance");
}

/// Where a value comes from, in the words of the component.
std::string StaticPrinter::describe(Value value) {
  if (BlockArgument argument = dyn_cast<BlockArgument>(value))
    return describeArgument(argument);
  return llvm::TypeSwitch<Operation *, std::string>(value.getDefiningOp())
      .Case([](DefineOp define) { return "component " + define.getName().str(); })
      .Case([](InstantiateOp instance) { return "instance " + nameOf(instance); })
      .Case([](BundleOp) { return std::string("a bundle"); })
      .Case([&](ExportOp exported) {
        return describe(exported.getInstance()) + " / " + exported.getName().str();
      })
      .Case([](ImportOp import) { return "the host's " + import.getName().str(); })
      .Case([](comp::ResourceOp resource) { return "resource " + resource.getName().str(); })
      .Case([](CoreModuleOp module) { return "core module " + module.getName().str(); })
      .Case([](LiftOp) { return std::string("a function of its own"); })
      .Default([](Operation *) { return std::string("a value"); });
}

void StaticPrinter::printWiring(ArrayAttr names, OperandRange values, unsigned depth) {
  for (auto [name, value] : llvm::zip_equal(names.getAsRange<StringAttr>(), values))
    line(depth) << name.getValue() << " <- " << describe(value) << '\n';
}

void StaticPrinter::printComponent(DefineOp define, unsigned depth) {
  line(depth) << "component " << define.getName() << '\n';
  for (StringAttr name : define.getImportNames().getAsRange<StringAttr>())
    line(depth + 1) << "imports " << name.getValue() << '\n';
  printBody(define.getBody().front(), depth + 1);
  ReturnOp exports = define.getReturn();
  for (auto [name, value] :
       llvm::zip_equal(exports.getNames().getAsRange<StringAttr>(), exports.getValues()))
    line(depth + 1) << "exports " << name.getValue() << " <- " << describe(value) << '\n';
}

void StaticPrinter::printBody(Block &body, unsigned depth) {
  for (Operation &op : body)
    llvm::TypeSwitch<Operation *>(&op)
        .Case([&](DefineOp define) { printComponent(define, depth); })
        .Case([&](CoreModuleOp module) {
          line(depth) << "core module " << module.getName() << " (" << module.getSize()
                      << " bytes)\n";
        })
        .Case([&](CoreInstantiateOp instance) {
          line(depth) << "core instance " << instance.getName() << '\n';
        })
        .Case([&](InstantiateOp instance) {
          line(depth) << "instance " << nameOf(instance) << " of "
                      << describe(instance.getComponent()) << '\n';
          printWiring(instance.getNames(), instance.getValues(), depth + 1);
        })
        .Case([&](RootExportOp exported) {
          line(depth) << "exports " << exported.getName() << " <- " << describe(exported.getValue())
                      << '\n';
        });
}

void comp::printStaticGraph(ModuleOp module, llvm::raw_ostream &os) {
  StaticPrinter(os).printBody(*module.getBody(), 0);
}
