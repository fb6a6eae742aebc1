//===- AsyncReport.cpp - What may have to wait for another task -----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A task runs from its call to its end, so what has to wait for another one traps when it is
// reached. Whether it has to, is known only then; here is what could.
//
//===----------------------------------------------------------------------===//

#include "tenon/Dialect/Comp/CompOps.h"
#include "tenon/Transforms/GraphReport.h"
#include <set>

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

/// Elements whose bytes are all there is are copied; others must be lifted and lowered.
static bool isCopied(Type element) {
  PrimitiveType primitive = dyn_cast_or_null<PrimitiveType>(element);
  return !element ||
         (primitive && primitive.getKind() != Primitive::Bool &&
          primitive.getKind() != Primitive::Char && primitive.getKind() != Primitive::String);
}

static bool mayWait(BuiltinOp op) {
  auto [family, operation] = op.getName().split('.');
  if (family == "thread")
    return operation != "index";
  if (operation != "read" && operation != "write")
    return op.getName() == "waitable-set.wait";
  if (!op.getOptions().getIsAsync() || !op.getFunction())
    return true;
  Type type = op.getFunction()->getParamTypes().front();
  StreamType stream = dyn_cast<StreamType>(type);
  return !isCopied(stream ? stream.getElement() : cast<FutureType>(type).getElement());
}

std::vector<std::string> comp::unsupportedAsync(ModuleOp module) {
  std::set<std::string> names;
  for (Operation &op : *module.getBody()) {
    AdapterOp adapter = dyn_cast<AdapterOp>(op);
    LiftOp lift = dyn_cast<LiftOp>(op);
    BuiltinOp builtin = dyn_cast<BuiltinOp>(op);
    if ((adapter && adapter.getCalleeOptions().getIsAsync()) ||
        (lift && lift.getOptions().getIsAsync()))
      names.insert("canon lift async");
    if (builtin && mayWait(builtin))
      names.insert(builtin.getName().str());
  }
  return {names.begin(), names.end()};
}
