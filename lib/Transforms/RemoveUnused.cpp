//===- RemoveUnused.cpp - What nobody uses and nobody observes ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One walk from the back: a value's uses stand behind it, so by the time its definition is reached
// they are gone. Making a resource or importing something is not pure (doing it twice makes two),
// but not observable either. A component instance's state without a use cannot be entered; it stays
// all the same, since it is a place in the tree of instances that reports show.
//
//===----------------------------------------------------------------------===//

#include "RemoveUnused.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "tenon/Transforms/Passes.h"

namespace tenon::comp {
#define GEN_PASS_DEF_COMPREMOVEUNUSED
#include "tenon/Transforms/Passes.h.inc"
} // namespace tenon::comp

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

static bool isUnobservable(Operation &op) {
  return isPure(&op) || isa<DefineOp, comp::ResourceOp, HostResourceOp, ImportOp>(op);
}

void comp::removeUnused(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (op.use_empty() && op.getNumResults() > 0 && isUnobservable(op))
      op.erase();
}

namespace {
struct RemoveUnusedPass : comp::impl::CompRemoveUnusedBase<RemoveUnusedPass> {
  void runOnOperation() override {
    getOperation().walk<WalkOrder::PreOrder>([](Block *block) { removeUnused(*block); });
  }
};
} // namespace
