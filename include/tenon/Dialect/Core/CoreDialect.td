//===- CoreDialect.td - The program after its adapters ------*- tablegen -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECT_CORE_COREDIALECT_TD
#define TENON_DIALECT_CORE_COREDIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/AttrTypeBase.td"

def Core_Dialect : Dialect {
  let name = "core";
  let cppNamespace = "::tenon::core";
  let summary = "core instances, their wiring, and their state";
  let description = [{
    What is left of a component graph when its adapters have become functions: core modules, component
    instances (which own handle tables and flags), core instances in the order of their instantiation
    with every import resolved, root exports; and the operations by which adapters reach state.

    Adapters are `llvm.func`s beside them. They call core functions through declarations named by
    include/tenon/Lowering/LinkNames.h.
  }];
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    void registerAttributes();
  }];
}

def Core_ImportKind : I32EnumAttr<"ImportKind", "who provides an import of a core module", [
  I32EnumAttrCase<"Export", 0, "export">,
  I32EnumAttrCase<"Func", 1, "func">,
  I32EnumAttrCase<"Missing", 2, "missing">
]> {
  let cppNamespace = "::tenon::core";
  let genSpecializedAttr = 0;
}

def Core_ImportAttr : AttrDef<Core_Dialect, "Import"> {
  let mnemonic = "import";
  let summary = "one import of a core instance, resolved";
  let description = [{
    `#core.import<"env" "memory" = export @"parent/main" "memory">`: what that core instance exports
    (a function, memory, table, global or tag);
    `#core.import<"wasi" "read" = func @"adapter">`: an adapter or builtin;
    `#core.import<"env" "f" = missing "a:b/c#f">`: nobody provides it; calling it traps with the text.
  }];
  let parameters = (ins "::mlir::StringAttr":$module, "::mlir::StringAttr":$name,
                        EnumParameter<Core_ImportKind>:$kind,
                        OptionalParameter<"::mlir::FlatSymbolRefAttr">:$target,
                        OptionalParameter<"::mlir::StringAttr">:$text);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 0;
}

#endif // TENON_DIALECT_CORE_COREDIALECT_TD
