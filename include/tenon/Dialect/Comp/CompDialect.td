//===- CompDialect.td - The dialect of components -----------*- tablegen -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECT_COMP_COMPDIALECT_TD
#define TENON_DIALECT_COMP_COMPDIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/AttrTypeBase.td"

def Comp_Dialect : Dialect {
  let name = "comp";
  let cppNamespace = "::tenon::comp";
  let summary = "WebAssembly components";
  let description = [{
    A component is a function over instances: `comp.define` is that function, `comp.instantiate` calls
    it, and linking is inlining. Everything that one instance can hand to another (functions,
    instances, resource types, components, core entities) is an SSA value, so who can reach what is a
    fact of the use-def graph.

    Value types name resources by *slot*: `own<0>` is an owning handle of the first resource that
    occurs in the function's type. Which resource that is, is an operand of whoever lifts or lowers.

    The stages of docs/Architecture.md say which operations are legal when; `comp-verify-stage` checks.
  }];
  let useDefaultTypePrinterParser = 0;
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    void registerTypes();
    void registerAttributes();
    ::mlir::Type parseType(::mlir::DialectAsmParser &parser) const override;
    void printType(::mlir::Type type, ::mlir::DialectAsmPrinter &printer) const override;
  }];
}

//===----------------------------------------------------------------------===//
// Canonical options
//===----------------------------------------------------------------------===//

def Comp_StringEncoding : I32EnumAttr<"StringEncoding",
    "how strings stand in memory (CanonicalABI.md, string-encoding)", [
  I32EnumAttrCase<"UTF8", 0, "utf8">,
  I32EnumAttrCase<"UTF16", 1, "utf16">,
  I32EnumAttrCase<"Latin1UTF16", 2, "latin1_utf16">
]> {
  let cppNamespace = "::tenon::comp";
  let genSpecializedAttr = 0;
}

def Comp_OptionsAttr : AttrDef<Comp_Dialect, "Options"> {
  let mnemonic = "options";
  let summary = "the canonical options that are not values";
  let description = [{
    `memory`, `realloc`, `post-return` and `callback` are operands; the string encoding and `async` are
    here: `#comp.options<utf8>`, `#comp.options<utf16 async>`.
  }];
  let parameters = (ins EnumParameter<Comp_StringEncoding>:$encoding,
                        DefaultValuedParameter<"bool", "false">:$isAsync);
  let hasCustomAssemblyFormat = 1;
  let constBuilderCall = "::tenon::comp::OptionsAttr::get($_builder.getContext(), $0, false)";
}

#endif // TENON_DIALECT_COMP_COMPDIALECT_TD
