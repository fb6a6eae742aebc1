//===- BuildProgram.cpp - Stage core -> codegen::Program ------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instances stand in the order of their instantiation, so whoever provides an import was built
// before: one walk resolves each import to the entity that defines it. IR that names something that
// is not there is our own mistake, hence asserts.
//
//===----------------------------------------------------------------------===//

#include "BuildProgram.h"
#include "mlir/IR/BuiltinOps.h"
#include "tenon/Dialect/Core/CoreDialect.h"

using namespace tenon;
using namespace tenon::driver;
using codegen::CoreInstance;
using codegen::FuncRef;
using codegen::Program;

namespace {

class ProgramBuilder {
public:
  ProgramBuilder(FindModule findModule, Program &program)
      : findModule(findModule), program(program) {}

  void build(mlir::ModuleOp ir) {
    for (mlir::Operation &op : *ir.getBody()) {
      if (auto module = llvm::dyn_cast<core::ModuleOp>(op))
        modules[module.getSymName()] = findModule(module.getHash());
      else if (auto self = llvm::dyn_cast<core::SelfOp>(op))
        addSelf(self);
      else if (auto instance = llvm::dyn_cast<core::InstanceOp>(op))
        addInstance(instance);
      else if (auto exported = llvm::dyn_cast<core::ExportOp>(op))
        addExport(exported);
    }
  }

private:
  FindModule findModule;
  Program &program;
  llvm::StringMap<const wasm::Module *> modules;
  llvm::StringMap<uint32_t> selves, instances;

  void addSelf(core::SelfOp op) {
    int32_t parent = op.getParent() ? int32_t(selves.lookup(*op.getParent())) : -1;
    selves[op.getSymName()] = program.selves.size();
    program.selves.push_back({op.getPath().str(), parent});
  }

  void addInstance(core::InstanceOp op) {
    uint32_t index = program.instances.size();
    CoreInstance instance;
    instance.path = op.getSymName().str();
    instance.module = modules.lookup(op.getModule());
    instance.self = selves.lookup(op.getSelf());
    assert(instance.module && "the module table has every module of the program");
    for (auto [import, attr] : llvm::zip_equal(instance.module->imports, op.getImports()))
      addImport(instance, import, llvm::cast<core::ImportAttr>(attr));
    codegen::defineState(program, instance, index);
    instances[op.getSymName()] = index;
    program.instances.push_back(std::move(instance));
  }

  void addImport(CoreInstance &instance, const wasm::Import &import, core::ImportAttr attr) {
    if (attr.getKind() != core::ImportKind::Export) {
      assert(import.kind == wasm::ExternKind::Func && "only functions come from no instance");
      bool isFunc = attr.getKind() == core::ImportKind::Func;
      instance.importedFuncs.push_back(
          {isFunc ? FuncRef::Symbol : FuncRef::Trap, 0, 0,
           isFunc ? attr.getTarget().getValue().str() : attr.getText().getValue().str()});
      return;
    }
    uint32_t providerIndex = instances.lookup(attr.getTarget().getValue());
    const wasm::Export *found =
        program.instances[providerIndex].module->findExport(attr.getText().getValue());
    assert(found && found->kind == import.kind && "validation matched the export with the import");
    codegen::bindImport(program, instance, import.kind, providerIndex, found->index);
  }

  void addExport(core::ExportOp op) {
    program.exports.push_back(
        {op.getName().str(), {FuncRef::Symbol, 0, 0, op.getFunction().str()}});
    if (op.getName().starts_with("wasi:cli/run@") && op.getName().ends_with("#run"))
      program.run = op.getFunction().str();
  }
};

} // namespace

void tenon::driver::buildProgram(mlir::ModuleOp module, FindModule findModule, Program &program) {
  ProgramBuilder(findModule, program).build(module);
}
