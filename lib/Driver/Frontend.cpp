//===- Frontend.cpp - Files -> comp IR -> program -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every file that takes part becomes one comp.define at the top of the module, those it imports
// before it; an import that was resolved to a file is then the value of that definition, as if it
// had been copied inline.
//
//===----------------------------------------------------------------------===//

#include "Frontend.h"
#include "BuildProgram.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "tenon/Dialect/Comp/CompOps.h"
#include "tenon/Dialect/Core/CoreDialect.h"
#include "tenon/Import/Import.h"
#include "tenon/Lowering/Passes.h"
#include "tenon/Lowering/Translate.h"
#include "tenon/Transforms/Passes.h"
#include "llvm/Support/Path.h"

using namespace tenon;
using namespace tenon::driver;

/// What each unit of the module at hand became.
struct Frontend::Defines {
  std::map<const Unit *, mlir::Value> values;
};

Frontend::Frontend(FileStore &files, Diagnostics &diags)
    : diags(diags), files(files), defines(std::make_unique<Defines>()) {
  mlir::DialectRegistry registry;
  registry.insert<comp::CompDialect, core::CoreDialect, mlir::LLVM::LLVMDialect>();
  lowering::registerTranslations(registry);
  context = std::make_unique<mlir::MLIRContext>(registry, mlir::MLIRContext::Threading::DISABLED);
  context->loadAllAvailableDialects();
}

Frontend::~Frontend() = default;

//===----------------------------------------------------------------------===//
// Stage graph
//===----------------------------------------------------------------------===//

/// What the importing component calls the component or module that it imports as `name`.
static llvm::StringRef nameOfImport(const component::Component &importer, llvm::StringRef name) {
  for (const component::Definition &definition : importer.definitions) {
    const auto *import = definition.getIf<component::Import>();
    if (!import || import->name.name != name || !definition.defines)
      continue;
    llvm::StringRef given = importer.nameOf(definition.defines->sort, definition.defines->index);
    return given.empty() ? name : given;
  }
  return name;
}

FailureOr<comp::DefineOp> Frontend::defineUnit(const Unit &unit, llvm::StringRef name,
                                               mlir::ModuleOp module) {
  for (const auto &[importName, found] : unit.imports) {
    if (defines->values.count(found))
      continue;
    llvm::StringRef givenName = nameOfImport(*unit.component, importName);
    mlir::OpBuilder builder = mlir::OpBuilder::atBlockEnd(module.getBody());
    ImportContext importContext{arena, modules, diags};
    if (found->module) {
      FailureOr<mlir::Value> value =
          importCoreModule(*found->module, givenName, builder, importContext);
      if (failed(value))
        return failure();
      defines->values[found] = *value;
      continue;
    }
    FailureOr<comp::DefineOp> define = defineUnit(*found, givenName, module);
    if (failed(define))
      return failure();
    defines->values[found] = define->getComponent();
  }
  mlir::OpBuilder builder = mlir::OpBuilder::atBlockEnd(module.getBody());
  ImportContext importContext{arena, modules, diags};
  return importComponent(*unit.component, name, builder, importContext);
}

/// Inside a component's body an import that was resolved to a file is the definition of that file.
static void bindResolvedImports(comp::DefineOp define, const Unit &unit,
                                const std::map<const Unit *, mlir::Value> &values) {
  llvm::SmallVector<mlir::Attribute> names(define.getImportNames().getValue());
  for (size_t i = names.size(); i-- > 0;) {
    auto found = unit.imports.find(llvm::cast<mlir::StringAttr>(names[i]).getValue().str());
    if (found == unit.imports.end())
      continue;
    define.getImports()[i].replaceAllUsesWith(values.at(found->second));
    define.getBody().eraseArgument(i + 1); // the first is the parent
    names.erase(names.begin() + i);
  }
  define.setImportNamesAttr(mlir::ArrayAttr::get(define.getContext(), names));
}

mlir::OwningOpRef<mlir::ModuleOp> Frontend::makeModule() {
  return mlir::ModuleOp::create(mlir::UnknownLoc::get(context.get()));
}

/// Adds a root: its definition and the operations that instantiate and export it.
LogicalResult Frontend::addRoot(mlir::ModuleOp module, const Unit &root, llvm::StringRef name) {
  FailureOr<comp::DefineOp> define = defineUnit(root, name, module);
  if (failed(define))
    return failure();
  mlir::OpBuilder builder = mlir::OpBuilder::atBlockEnd(module.getBody());
  ImportContext importContext{arena, modules, diags};
  return instantiateRoot(*root.component, *define, builder, importContext);
}

FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> Frontend::import(const Unit &root,
                                                              llvm::StringRef name) {
  mlir::OwningOpRef<mlir::ModuleOp> module = makeModule();
  defines->values.clear();
  if (failed(addRoot(*module, root, name)))
    return failure();
  return module;
}

LogicalResult Frontend::importInto(mlir::ModuleOp module, const Unit &root, llvm::StringRef name) {
  mlir::Block &body = *module.getBody();
  mlir::Operation *last = body.empty() ? nullptr : &body.back();
  if (failed(addRoot(module, root, name)))
    return failure();
  mlir::Block::iterator it = last ? std::next(last->getIterator()) : body.begin();
  for (mlir::Operation &op : llvm::make_range(it, body.end()))
    if (auto exported = llvm::dyn_cast<comp::RootExportOp>(op))
      exported.setName((name + ":" + exported.getName()).str());
  return success();
}

//===----------------------------------------------------------------------===//
// The passes
//===----------------------------------------------------------------------===//

LogicalResult Frontend::run(mlir::ModuleOp module,
                            llvm::function_ref<void(mlir::PassManager &)> addPasses) {
  mlir::ScopedDiagnosticHandler handler(context.get(), [&](mlir::Diagnostic &diagnostic) {
    Location location = convertLocation(diagnostic.getLocation(),
                                        [&](llvm::StringRef name) { return files.find(name); });
    Severity severity = diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error
                            ? Severity::Error
                            : Severity::Warning;
    diags.report({severity, location, diagnostic.str()});
    return success();
  });
  mlir::PassManager manager(context.get());
  addPasses(manager);
  return manager.run(module);
}

LogicalResult Frontend::resolve(mlir::ModuleOp module, const Unit &root) {
  comp::ImportResolver resolver =
      [&](const comp::ImportRequest &request) -> FailureOr<mlir::Value> {
    auto found = root.imports.find(request.name.str());
    if (found == root.imports.end())
      return mlir::Value(); // the host's
    return defines->values.at(found->second);
  };
  for (const auto &[unit, value] : defines->values)
    if (auto define = value.getDefiningOp<comp::DefineOp>())
      bindResolvedImports(define, *unit, defines->values);
  return run(module, [&](mlir::PassManager &manager) {
    manager.addPass(comp::createCompResolveImports(resolver));
    comp::CompVerifyStageOptions linked;
    linked.stage = "linked";
    manager.addPass(comp::createCompVerifyStage(linked));
  });
}

LogicalResult Frontend::inlineInstances(mlir::ModuleOp module) {
  return run(module, [](mlir::PassManager &manager) {
    manager.addPass(comp::createCompInlineInstances());
    manager.addPass(comp::createCompRemoveUnused());
  });
}

LogicalResult Frontend::fuse(mlir::ModuleOp module) {
  return run(module, [](mlir::PassManager &manager) {
    manager.addPass(comp::createCompFuseAdapters());
    manager.addPass(comp::createCompRemoveUnused());
  });
}

LogicalResult Frontend::lowerAdapters(mlir::ModuleOp module, bool lockdown) {
  return run(module, [&](mlir::PassManager &manager) {
    lowering::LowerAdaptersPassOptions options;
    options.lockdown = lockdown;
    options.donutWrapping = donutWrapping;
    manager.addPass(lowering::createLowerAdaptersPass(options));
  });
}

LogicalResult Frontend::makeProgram(mlir::ModuleOp module, llvm::StringRef triple,
                                    codegen::Program &program) {
  buildProgram(module, [&](llvm::StringRef hash) { return modules.find(hash); }, program);
  if (failed(run(module, [](mlir::PassManager &manager) {
        manager.addPass(lowering::createCoreToLLVMPass());
      })))
    return failure();
  FailureOr<std::string> bitcode = lowering::translateAdapters(module, triple);
  if (failed(bitcode))
    return failure();
  program.adapters = std::make_shared<std::string>(std::move(*bitcode));
  return success();
}
