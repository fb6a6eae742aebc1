//===- CoreOps.td - Operations of the program ---------------*- tablegen -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECT_CORE_COREOPS_TD
#define TENON_DIALECT_CORE_COREOPS_TD

include "tenon/Dialect/Core/CoreDialect.td"
include "mlir/Dialect/LLVMIR/LLVMTypes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Core_Op<string mnemonic, list<Trait> traits = []> : Op<Core_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

def Core_ModuleOp : Core_Op<"module", [Symbol]> {
  let summary = "a core module: `size` bytes of a file, from `start`, known by their hash";
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$hash, StrAttr:$file, I64Attr:$start,
                       I64Attr:$size);
  let assemblyFormat = "$sym_name attr-dict";
}

def Core_SelfOp : Core_Op<"self", [Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a component instance: owner of a `tenon_self` record";
  let description = [{ Parents stand before children. The symbol is `self:` and the path. }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<FlatSymbolRefAttr>:$parent);
  let assemblyFormat = "$sym_name (`parent` `(` $parent^ `)`)? attr-dict";
  let extraClassDeclaration = [{
    /// `parent/child`
    ::llvm::StringRef getPath() {
      ::llvm::StringRef path = getSymName();
      path.consume_front("self:");
      return path;
    }
  }];
}

def Core_InstanceOp : Core_Op<"instance", [Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a core instance; they are instantiated in the order in which they stand";
  let description = [{ The symbol is its path; imports stand in the order of the module's. }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$module, FlatSymbolRefAttr:$self,
                       TypedArrayAttrBase<Core_ImportAttr, "resolved imports">:$imports);
  let assemblyFormat = [{
    $sym_name `module` `(` $module `)` `self` `(` $self `)` `imports` $imports attr-dict
  }];
}

def Core_ExportOp : Core_Op<"export", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a function that the outside may call, by its name";
  let arguments = (ins StrAttr:$name, FlatSymbolRefAttr:$function);
  let assemblyFormat = "$name $function attr-dict";
}

//===----------------------------------------------------------------------===//
// State, in the bodies of adapters
//===----------------------------------------------------------------------===//

def Core_MemoryBaseOp : Core_Op<"memory_base",
    [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the address of the first byte of an exported memory";
  let description = [{ Where memories move (`memory.grow`), it holds until the next call. }];
  let arguments = (ins FlatSymbolRefAttr:$instance, StrAttr:$memory);
  let results = (outs LLVM_AnyPointer:$result);
  let assemblyFormat = "$instance $memory attr-dict `:` type($result)";
}

def Core_MemoryBytesOp : Core_Op<"memory_bytes",
    [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the size of an exported memory, in bytes";
  let description = [{ It may grow at the next call. }];
  let arguments = (ins FlatSymbolRefAttr:$instance, StrAttr:$memory);
  let results = (outs I64:$result);
  let assemblyFormat = "$instance $memory attr-dict `:` type($result)";
}

def Core_MemoryRecordOp : Core_Op<"memory_record",
    [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the address of an exported memory's `tenon_memory` record";
  let arguments = (ins FlatSymbolRefAttr:$instance, StrAttr:$memory);
  let results = (outs LLVM_AnyPointer:$result);
  let assemblyFormat = "$instance $memory attr-dict `:` type($result)";
}

def Core_SelfAddrOp : Core_Op<"self_addr", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the address of a component instance's `tenon_self` record";
  let arguments = (ins FlatSymbolRefAttr:$self);
  let results = (outs LLVM_AnyPointer:$result);
  let assemblyFormat = "$self attr-dict `:` type($result)";
}

#endif // TENON_DIALECT_CORE_COREOPS_TD
