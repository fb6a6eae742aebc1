//===- VerifyStage.cpp - comp-verify-stage --------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table of stages in docs/Architecture.md, as a check.
//
//===----------------------------------------------------------------------===//

#include "tenon/Transforms/Passes.h"
#include "llvm/ADT/StringSwitch.h"
#include <optional>

namespace tenon::comp {
#define GEN_PASS_DEF_COMPVERIFYSTAGE
#include "tenon/Transforms/Passes.h.inc"
} // namespace tenon::comp

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

namespace {
enum class Stage { Graph, Linked, Flat, Fused };
} // namespace

static std::optional<Stage> parseStage(StringRef name) {
  return llvm::StringSwitch<std::optional<Stage>>(name)
      .Case("graph", Stage::Graph)
      .Case("linked", Stage::Linked)
      .Case("flat", Stage::Flat)
      .Case("fused", Stage::Fused)
      .Default(std::nullopt);
}

static bool isAdapter(Operation &op) {
  return isa<AdapterOp, HostAdapterOp, HostFuncOp, HostResourceOp>(op);
}

/// Legal while components are nested: everything as written.
static bool isLegalNested(Operation &op, Stage stage) {
  if (ImportOp import = dyn_cast<ImportOp>(op))
    return stage == Stage::Graph || isa<InstanceType, FuncType, comp::ResourceType>(import.getType());
  return !isAdapter(op) && !isa<CoreInstanceOp>(op);
}

static bool isStructure(Operation &op) {
  return isa<DefineOp, ReturnOp, InstantiateOp, BundleOp, CoreInstantiateOp, CoreBundleOp>(op);
}

static bool isLegalFlat(Operation &op) {
  if (RootExportOp exported = dyn_cast<RootExportOp>(op))
    return isa<FuncType>(exported.getValue().getType());
  if (ImportOp import = dyn_cast<ImportOp>(op))
    return isa<InstanceType, FuncType, comp::ResourceType>(import.getType());
  return !isStructure(op) && !isAdapter(op);
}

static bool isLegalFused(Operation &op) {
  if (RootExportOp exported = dyn_cast<RootExportOp>(op))
    return isa_and_nonnull<LiftOp, HostFuncOp>(exported.getValue().getDefiningOp());
  if (isa<LiftOp>(op))
    return llvm::all_of(op.getUsers(), llvm::IsaPred<RootExportOp>);
  return !isStructure(op) && !isa<ImportOp, ExportOp, LowerOp>(op);
}

static bool isLegal(Operation &op, Stage stage) {
  switch (stage) {
  case Stage::Graph:
  case Stage::Linked:
    return isLegalNested(op, stage);
  case Stage::Flat:
    return isLegalFlat(op);
  case Stage::Fused:
    return isLegalFused(op);
  }
  llvm_unreachable("every stage is handled");
}

namespace {
struct VerifyStagePass : comp::impl::CompVerifyStageBase<VerifyStagePass> {
  using CompVerifyStageBase::CompVerifyStageBase;

  void runOnOperation() override {
    std::optional<Stage> parsed = parseStage(stage);
    if (!parsed) {
      getOperation().emitError() << "there is no stage '" << stage << "'";
      return signalPassFailure();
    }
    getOperation().walk([&](Operation *op) {
      if (!isa_and_nonnull<CompDialect>(op->getDialect()) || isLegal(*op, *parsed))
        return;
      op->emitOpError() << "is not legal at stage " << stage;
      signalPassFailure();
    });
  }
};
} // namespace
