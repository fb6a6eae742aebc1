//===- ResolveImports.cpp - comp-resolve-imports --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Asks the resolver about every import of the root and puts its answer in the import's place. A
// resolver may add operations before the import that it is asked about (a component that it
// loaded), among them imports: those are asked about in their turn. Cycles are the resolver's to
// detect, since only it knows what a file is.
//
//===----------------------------------------------------------------------===//

#include "tenon/Transforms/Passes.h"
#include "llvm/ADT/DenseSet.h"

namespace tenon::comp {
#define GEN_PASS_DEF_COMPRESOLVEIMPORTS
#include "tenon/Transforms/Passes.h.inc"
} // namespace tenon::comp

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

/// The component or core module called `name` that stands before `import`.
static Value findProvider(ImportOp import, StringRef name) {
  for (Operation &op : *import->getBlock()) {
    if (&op == import)
      break;
    DefineOp define = dyn_cast<DefineOp>(op);
    if (define && define.getName() == name)
      return define.getComponent();
    CoreModuleOp module = dyn_cast<CoreModuleOp>(op);
    if (module && module.getName() == name)
      return module.getModule();
  }
  return {};
}

/// Resolves within the MLIR module: `tenon-opt` opens no files.
static FailureOr<Value> resolveWithinModule(const ImportRequest &request) {
  for (StringRef name : {request.externalId, request.name})
    if (Value value = name.empty() ? Value() : findProvider(request.import, name))
      return value;
  return Value();
}

static bool mayStay(Type type) { return isa<InstanceType, FuncType, comp::ResourceType>(type); }

/// Whether the import was replaced; if not, it stays.
static FailureOr<bool> resolve(ImportOp import, const ImportResolver &resolver) {
  ImportRequest request{import, import.getName(), import.getExternalId().value_or(""),
                        import.getType()};
  FailureOr<Value> answer = resolver(request);
  if (failed(answer))
    return failure();
  if (!*answer) {
    if (mayStay(request.type))
      return false;
    return import.emitError() << "nothing provides the import '" << request.name << "'";
  }
  if (answer->getType() != request.type)
    return import.emitError() << "import '" << request.name << "' is " << request.type
                              << ", but what was found is " << answer->getType();
  import.getResult().replaceAllUsesWith(*answer);
  import.erase();
  return true;
}

/// The first import that was not asked about yet.
static ImportOp findNext(Block &body, const llvm::DenseSet<Operation *> &stayed) {
  for (ImportOp import : body.getOps<ImportOp>())
    if (!stayed.contains(import))
      return import;
  return {};
}

namespace {
struct ResolveImportsPass : comp::impl::CompResolveImportsBase<ResolveImportsPass> {
  ImportResolver resolver = resolveWithinModule;

  void runOnOperation() override {
    Block &body = *getOperation().getBody();
    llvm::DenseSet<Operation *> stayed;
    while (ImportOp import = findNext(body, stayed)) {
      FailureOr<bool> replaced = resolve(import, resolver);
      if (failed(replaced))
        return signalPassFailure();
      if (!*replaced)
        stayed.insert(import);
    }
  }
};
} // namespace

std::unique_ptr<Pass> comp::createCompResolveImports(ImportResolver resolver) {
  std::unique_ptr<ResolveImportsPass> pass = std::make_unique<ResolveImportsPass>();
  pass->resolver = std::move(resolver);
  return pass;
}
