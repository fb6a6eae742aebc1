//===- Report.cpp - comp-report -------------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Transforms/GraphReport.h"
#include "tenon/Transforms/Passes.h"

namespace tenon::comp {
#define GEN_PASS_DEF_COMPREPORT
#include "tenon/Transforms/Passes.h.inc"
} // namespace tenon::comp

using namespace mlir;
using namespace tenon;

namespace {
struct ReportPass : comp::impl::CompReportBase<ReportPass> {
  using CompReportBase::CompReportBase;

  void runOnOperation() override {
    if (kind == "static")
      comp::printStaticGraph(getOperation(), llvm::outs());
    else if (kind == "runtime")
      comp::printRuntimeGraph(getOperation(), llvm::outs());
    else if (kind == "reach")
      comp::printReach(getOperation(), llvm::outs());
    else {
      getOperation().emitError() << "there is no report '" << kind << "'";
      signalPassFailure();
    }
    markAllAnalysesPreserved();
  }
};
} // namespace
