//===- CompOps.td - The operations on components ------------*- tablegen -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Grouped by level: component level, resources, core level, the canonical functions that cross between
// the two, the edge of the program. Which stage an operation is legal in: docs/Architecture.md.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECT_COMP_COMPOPS_TD
#define TENON_DIALECT_COMP_COMPOPS_TD

include "tenon/Dialect/Comp/CompTypes.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

defvar Comp_DefaultOptions =
    DefaultValuedAttr<Comp_OptionsAttr, "::tenon::comp::StringEncoding::UTF8">;

/// Results are called after what they stand for, so that printed IR reads like the graph.
defvar Comp_Named = DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>;

class Comp_Op<string mnemonic, list<Trait> traits = []> : Op<Comp_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Component level
//===----------------------------------------------------------------------===//

def Comp_DefineOp : Comp_Op<"define",
    [SingleBlock, DeclareOpInterfaceMethods<OpAsmOpInterface,
        ["getAsmResultNames", "getAsmBlockArgumentNames"]>]> {
  let summary = "a component";
  let description = [{
    The region is the component's body: its arguments are the state of the instance that instantiates
    it and the imports, its terminator names the exports. It may use values of the enclosing region:
    that is what an outer alias is.

    ```mlir
    %c = comp.define "child" (%parent) imports("log" = %log : !comp.func<(x: u32)>) {
      %self = comp.self %parent "child"
      ...
      comp.return ("run" = %run : !comp.func<()>)
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, StrArrayAttr:$importNames);
  let regions = (region SizedRegion<1>:$body);
  let results = (outs Comp_ComponentType:$component);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name, "::mlir::ArrayAttr":$importNames,
                                 "::mlir::TypeRange":$importTypes)>];
  let extraClassDeclaration = [{
    /// The state of the instance that instantiates the component.
    ::mlir::Value getParent() { return getBody().getArgument(0); }
    ::mlir::Block::BlockArgListType getImports() { return getBody().getArguments().drop_front(); }
    ReturnOp getReturn();
  }];
}

def Comp_ReturnOp : Comp_Op<"return", [Terminator, HasParent<"DefineOp">, Pure]> {
  let summary = "ends a component: its exports, named";
  let arguments = (ins StrArrayAttr:$names, Variadic<Comp_Value>:$values);
  let assemblyFormat = "custom<NamedValues>($names, $values, type($values)) attr-dict";
  let hasVerifier = 1;
}

def Comp_HostOp : Comp_Op<"host", [Pure, Comp_Named]> {
  let summary = "the outside of the program: the parent of a root instance";
  let results = (outs Comp_SelfType:$self);
  let assemblyFormat = "attr-dict";
}

def Comp_SelfOp : Comp_Op<"self", [Comp_Named]> {
  let summary = "the state of a component instance";
  let description = [{
    First in a component's body. The specification defines reentrance on the tree of instances, so the
    parent is an operand. After flattening `name` is the instance's path (`parent/child`) and unique.

    A `detached` one belongs to no instance of the specification: it owns what passes values between
    instances (lib/Import/Values.cpp). Calls from it and to it are calls from and to the outside; the
    parent only says whose path its own begins with.

    ```mlir
    %self = comp.self %parent "child"
    %values = comp.self %self "values" detached
    ```
  }];
  let arguments = (ins Comp_SelfType:$parent, StrAttr:$name, UnitAttr:$detached);
  let results = (outs Comp_SelfType:$self);
  let assemblyFormat = "$parent $name (`detached` $detached^)? attr-dict";
  let builders = [OpBuilder<(ins "::mlir::Value":$parent, "::llvm::StringRef":$name), [{
    build($_builder, $_state, parent, name, /*detached=*/false);
  }]>];
}

def Comp_InstantiateOp : Comp_Op<"instantiate", [Comp_Named]> {
  let summary = "instantiates a component";
  let description = [{
    `name`, when it is not empty, is what the instance is called in paths; else it takes the
    component's name. Arguments that the component does not import are allowed.

    ```mlir
    %i = comp.instantiate %c self(%self) "child" ("log" = %log : !comp.func<(x: u32)>)
    ```
  }];
  let arguments = (ins Comp_ComponentType:$component, Comp_SelfType:$self, StrAttr:$name,
                       StrArrayAttr:$names, Variadic<Comp_Value>:$values);
  let results = (outs Comp_InstanceType:$instance);
  let assemblyFormat = [{
    $component `self` `(` $self `)` $name custom<NamedValues>($names, $values, type($values)) attr-dict
  }];
  let hasVerifier = 1;
}

def Comp_BundleOp : Comp_Op<"bundle", [Pure]> {
  let summary = "makes an instance of values";
  let arguments = (ins StrArrayAttr:$names, Variadic<Comp_Value>:$values);
  let results = (outs Comp_InstanceType:$instance);
  let assemblyFormat = "custom<NamedValues>($names, $values, type($values)) attr-dict";
  let hasVerifier = 1;
}

def Comp_ExportOp : Comp_Op<"export", [Pure, Comp_Named]> {
  let summary = "an export of an instance";
  let description = [{
    ```mlir
    %read = comp.export %types "[method]descriptor.read" : !comp.func<...>
    ```
  }];
  let arguments = (ins Comp_InstanceType:$instance, StrAttr:$name);
  let results = (outs Comp_Value:$result);
  let assemblyFormat = "$instance $name attr-dict `:` type($result)";
  let hasFolder = 1;
}

//===----------------------------------------------------------------------===//
// Resources
//===----------------------------------------------------------------------===//

def Comp_ResourceOp : Comp_Op<"resource", [Comp_Named]> {
  let summary = "a new resource type, implemented by `self`";
  let description = [{
    Generative: executing it twice makes two types. The destructor is a core function that takes the
    representation.

    ```mlir
    %r = comp.resource "descriptor" self(%self) dtor(%f : !comp.core_func<(i32) -> ()>)
    ```
  }];
  let arguments = (ins StrAttr:$name, Comp_SelfType:$self, Optional<Comp_CoreFuncType>:$dtor);
  let results = (outs Comp_ResourceType:$resource);
  let assemblyFormat = [{
    $name `self` `(` $self `)` (`dtor` `(` $dtor^ `:` type($dtor) `)`)? attr-dict
  }];
}

class Comp_ResourceBuiltin<string mnemonic, string text> : Comp_Op<mnemonic, [Pure]> {
  let summary = text;
  let description = "`self` is the instance whose handle table the core function works on.";
  let arguments = (ins Comp_ResourceType:$resource, Comp_SelfType:$self);
  let results = (outs Comp_CoreFuncType:$result);
  let assemblyFormat = "$resource `self` `(` $self `)` attr-dict `:` type($result)";
}
def Comp_ResourceNewOp : Comp_ResourceBuiltin<"resource_new", "canon resource.new, a core function">;
def Comp_ResourceRepOp : Comp_ResourceBuiltin<"resource_rep", "canon resource.rep, a core function">;
def Comp_ResourceDropOp
    : Comp_ResourceBuiltin<"resource_drop", "canon resource.drop, a core function">;

//===----------------------------------------------------------------------===//
// Core level
//===----------------------------------------------------------------------===//

def Comp_CoreModuleOp : Comp_Op<"core_module", [Pure, Comp_Named]> {
  let summary = "a core module; its bytes stand in the compiler's module table";
  let description = [{
    `hash` (of the module's bytes) is the key in the module table; `file`, `start` and `size` say where
    it came from. Imports and exports are named and typed here, in the module's order, so that passes
    need no table.

    ```mlir
    %m = comp.core_module "main" {file = "a.wasm", hash = "93ab...", size = 400, start = 16}
           imports("env" "f" : !comp.core_func<(i32) -> ()>)
           exports("run" : !comp.core_func<() -> ()>)
    ```
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$hash, StrAttr:$file, I64Attr:$start, I64Attr:$size,
                       StrArrayAttr:$importModules, StrArrayAttr:$importNames,
                       TypeArrayAttr:$importTypes, StrArrayAttr:$exportNames,
                       TypeArrayAttr:$exportTypes);
  let results = (outs Comp_CoreModuleType:$module);
  let assemblyFormat = [{
    $name attr-dict
    `imports` `` custom<CoreImports>($importModules, $importNames, $importTypes)
    `exports` `` custom<CoreExports>($exportNames, $exportTypes)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Null when there is no such export.
    ::mlir::Type getExportType(::llvm::StringRef name);
  }];
}

def Comp_CoreInstantiateOp : Comp_Op<"core_instantiate", [Comp_Named]> {
  let summary = "instantiates a core module with whole instances";
  let description = [{
    As written in a component. `comp-inline-instances` replaces it by `comp.core_instance`.

    ```mlir
    %i = comp.core_instantiate %m self(%self) "main" ("env" = %env : !comp.core_instance)
    ```
  }];
  let arguments = (ins Comp_CoreModuleType:$module, Comp_SelfType:$self, StrAttr:$name,
                       StrArrayAttr:$names, Variadic<Comp_CoreInstanceType>:$values);
  let results = (outs Comp_CoreInstanceType:$instance);
  let assemblyFormat = [{
    $module `self` `(` $self `)` $name custom<NamedValues>($names, $values, type($values)) attr-dict
  }];
  let hasVerifier = 1;
}

def Comp_CoreInstanceOp : Comp_Op<"core_instance", [Comp_Named]> {
  let summary = "instantiates a core module, every import resolved";
  let description = [{
    Its operands are what the module imports, in the order of the module's imports (one operand for
    each, also when two have the same name). `path` is unique: `parent/child.main`.

    ```mlir
    %i = comp.core_instance %m self(%self) "parent/child.main"
           ("env" "f" = %f : !comp.core_func<(i32) -> ()>)
    ```
  }];
  let arguments = (ins Comp_CoreModuleType:$module, Comp_SelfType:$self, StrAttr:$path,
                       StrArrayAttr:$importModules, StrArrayAttr:$importNames,
                       Variadic<Comp_CoreValue>:$imports);
  let results = (outs Comp_CoreInstanceType:$instance);
  let assemblyFormat = [{
    $module `self` `(` $self `)` $path
    custom<ResolvedImports>($importModules, $importNames, $imports, type($imports)) attr-dict
  }];
  let hasVerifier = 1;
}

def Comp_CoreBundleOp : Comp_Op<"core_bundle", [Pure]> {
  let summary = "makes a core instance of values";
  let arguments = (ins StrArrayAttr:$names, Variadic<Comp_CoreValue>:$values);
  let results = (outs Comp_CoreInstanceType:$instance);
  let assemblyFormat = "custom<NamedValues>($names, $values, type($values)) attr-dict";
  let hasVerifier = 1;
}

def Comp_CoreExportOp : Comp_Op<"core_export", [Pure, Comp_Named]> {
  let summary = "an export of a core instance";
  let arguments = (ins Comp_CoreInstanceType:$instance, StrAttr:$name);
  let results = (outs Comp_CoreValue:$result);
  let assemblyFormat = "$instance $name attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Crossing between the levels
//===----------------------------------------------------------------------===//

def Comp_LiftOp : Comp_Op<"lift", [Pure, AttrSizedOperandSegments]> {
  let summary = "canon lift: a core function becomes a component function";
  let description = [{
    `resources` gives the resource type of every slot of the function's type. `memory`, `realloc` and
    `post_return` are there when the options name them.

    ```mlir
    %f = comp.lift %core self(%self) memory(%m) realloc(%r) post_return(%p : !comp.core_func<(i32) -> ()>)
           resources(%descriptor)
           : !comp.core_func<(i32) -> i32> -> !comp.func<(d: borrow<0>) -> string>
    ```
  }];
  let arguments = (ins Comp_CoreFuncType:$callee, Comp_SelfType:$self,
                       Optional<Comp_CoreMemoryType>:$memory, Optional<Comp_CoreFuncType>:$realloc,
                       Optional<Comp_CoreFuncType>:$postReturn,
                       Optional<Comp_CoreFuncType>:$callback,
                       Variadic<Comp_ResourceType>:$resources,
                       Comp_DefaultOptions:$options);
  let results = (outs Comp_FuncType:$result);
  let assemblyFormat = [{
    $callee `self` `(` $self `)`
    (`memory` `(` custom<Memory>($memory, type($memory))^ `)`)?
    (`realloc` `(` custom<Realloc>($realloc, type($realloc))^ `)`)?
    (`post_return` `(` $postReturn^ `:` type($postReturn) `)`)?
    (`callback` `(` $callback^ `:` type($callback) `)`)?
    (`resources` `(` $resources^ `)`)?
    attr-dict `:` type($callee) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Comp_LowerOp : Comp_Op<"lower", [Pure, AttrSizedOperandSegments]> {
  let summary = "canon lower: a component function becomes a core function";
  let arguments = (ins Comp_FuncType:$callee, Comp_SelfType:$self,
                       Optional<Comp_CoreMemoryType>:$memory, Optional<Comp_CoreFuncType>:$realloc,
                       Variadic<Comp_ResourceType>:$resources,
                       Comp_DefaultOptions:$options);
  let results = (outs Comp_CoreFuncType:$result);
  let assemblyFormat = [{
    $callee `self` `(` $self `)`
    (`memory` `(` custom<Memory>($memory, type($memory))^ `)`)?
    (`realloc` `(` custom<Realloc>($realloc, type($realloc))^ `)`)?
    (`resources` `(` $resources^ `)`)?
    attr-dict `:` type($callee) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Comp_BuiltinOp : Comp_Op<"builtin", [Pure, AttrSizedOperandSegments]> {
  let summary = "a canonical built-in of async, a core function";
  let description = [{
    `name` is how CanonicalABI.md calls it; `self` is the instance whose tables it works on. A stream, a
    future or the result of a task stands as the one parameter of `function`, so that its resources have
    slots. `slot` is that of context.get and context.set. The option `async` is also the immediate of
    the built-ins that have no other options.

    ```mlir
    %f = comp.builtin "stream.read" self(%self) memory(%m) of !comp.func<(t: stream<u8>)>
           {options = #comp.options<utf8 async>} : !comp.core_func<(i32, i32, i32) -> i32>
    ```
  }];
  let arguments = (ins StrAttr:$name, Comp_SelfType:$self, Optional<Comp_CoreMemoryType>:$memory,
                       Optional<Comp_CoreFuncType>:$realloc, Variadic<Comp_ResourceType>:$resources,
                       OptionalAttr<TypeAttrOf<Comp_FuncType>>:$function,
                       DefaultValuedAttr<I32Attr, "0">:$slot, Comp_DefaultOptions:$options);
  let results = (outs Comp_CoreFuncType:$result);
  let assemblyFormat = [{
    $name `self` `(` $self `)`
    (`memory` `(` custom<Memory>($memory, type($memory))^ `)`)?
    (`realloc` `(` custom<Realloc>($realloc, type($realloc))^ `)`)?
    (`resources` `(` $resources^ `)`)?
    (`of` $function^)? attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Comp_AdapterOp : Comp_Op<"adapter", [Pure, AttrSizedOperandSegments]> {
  let summary = "a fused lower(lift): a core function that calls a core function of another instance";
  let description = [{
    `callee...` comes from the lift (the instance that is called), `caller...` from the lower (the one
    that calls). The resource of a slot is one value on both sides.

    ```mlir
    %f = comp.adapter %core : !comp.core_func<(i32) -> i32>
           as !comp.func<(d: borrow<0>) -> string>
           callee self(%s) memory(%m) post_return(%p : !comp.core_func<(i32) -> ()>)
           caller self(%t) memory(%n) realloc(%r)
           resources(%d) -> !comp.core_func<(i32, i32) -> ()>
    ```
  }];
  let arguments = (ins Comp_CoreFuncType:$callee, TypeAttrOf<Comp_FuncType>:$function,
                       Comp_SelfType:$calleeSelf, Optional<Comp_CoreMemoryType>:$calleeMemory,
                       Optional<Comp_CoreFuncType>:$calleeRealloc,
                       Optional<Comp_CoreFuncType>:$calleePostReturn,
                       Optional<Comp_CoreFuncType>:$calleeCallback,
                       Comp_SelfType:$callerSelf, Optional<Comp_CoreMemoryType>:$callerMemory,
                       Optional<Comp_CoreFuncType>:$callerRealloc,
                       Variadic<Comp_ResourceType>:$resources,
                       Comp_DefaultOptions:$calleeOptions,
                       Comp_DefaultOptions:$callerOptions);
  let results = (outs Comp_CoreFuncType:$result);
  let assemblyFormat = [{
    $callee `:` type($callee) `as` $function
    `callee` `self` `(` $calleeSelf `)`
    (`memory` `(` custom<Memory>($calleeMemory, type($calleeMemory))^ `)`)?
    (`realloc` `(` custom<Realloc>($calleeRealloc, type($calleeRealloc))^ `)`)?
    (`post_return` `(` $calleePostReturn^ `:` type($calleePostReturn) `)`)?
    (`callback` `(` $calleeCallback^ `:` type($calleeCallback) `)`)?
    `caller` `self` `(` $callerSelf `)`
    (`memory` `(` custom<Memory>($callerMemory, type($callerMemory))^ `)`)?
    (`realloc` `(` custom<Realloc>($callerRealloc, type($callerRealloc))^ `)`)?
    `resources` `(` $resources `)` attr-dict `->` type($result)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// The edge of the program
//===----------------------------------------------------------------------===//

def Comp_ImportOp : Comp_Op<"import", [Comp_Named]> {
  let summary = "an import of the root";
  let description = [{
    A component or core module is resolved by `comp-resolve-imports`; instances, functions and resources
    that stay are the host's. `implements` is the interface that an instance of a plain name has;
    `external_id` is the import's external name, when it has one.

    ```mlir
    %fs = comp.import "wasi:filesystem/types@0.2.6" : !comp.instance
    %w = comp.import "scratch" implements("wasi:filesystem/types@0.2.6") : !comp.instance
    %v = comp.import "virtualize" external_id("./virtualize.wasm") : !comp.component
    ```
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<StrAttr>:$implemented,
                       OptionalAttr<StrAttr>:$externalId);
  let results = (outs Comp_Value:$result);
  let assemblyFormat = [{
    $name (`implements` `(` $implemented^ `)`)? (`external_id` `(` $externalId^ `)`)? attr-dict
    `:` type($result)
  }];
  let extraClassDeclaration = [{
    /// The interface that an imported instance has.
    llvm::StringRef getInterface() { return getImplemented().value_or(getName()); }
  }];
}

def Comp_HostFuncOp : Comp_Op<"host_func", [Pure, Comp_Named]> {
  let summary = "a function of the host";
  let description = [{
    The interface has no version: the host answers for a whole semver track. A function that stands
    outside any interface has the interface `$root`.

    ```mlir
    %f = comp.host_func "wasi:clocks/monotonic-clock" "now" : !comp.func<() -> u64>
    ```
  }];
  let arguments = (ins StrAttr:$interface, StrAttr:$name);
  let results = (outs Comp_FuncType:$result);
  let assemblyFormat = "$interface $name attr-dict `:` type($result)";
}

def Comp_HostResourceOp : Comp_Op<"host_resource", [Comp_Named]> {
  let summary = "a resource type of the host; it stands once for each interface and name";
  let arguments = (ins StrAttr:$interface, StrAttr:$name);
  let results = (outs Comp_ResourceType:$resource);
  let assemblyFormat = "$interface $name attr-dict";
}

def Comp_HostAdapterOp : Comp_Op<"host_adapter", [Pure, AttrSizedOperandSegments]> {
  let summary = "a lowered host function: a core function";
  let description = [{
    The host's side has a 64-bit memory with base 0 (docs/Architecture.md, "The boundary to the host").

    ```mlir
    %g = comp.host_adapter %f : !comp.func<(d: borrow<0>) -> string>
           caller self(%t) memory(%n) realloc(%r)
           resources(%d) -> !comp.core_func<(i32, i32) -> ()>
    ```
  }];
  let arguments = (ins Comp_FuncType:$callee, Comp_SelfType:$callerSelf,
                       Optional<Comp_CoreMemoryType>:$callerMemory,
                       Optional<Comp_CoreFuncType>:$callerRealloc,
                       Variadic<Comp_ResourceType>:$resources,
                       Comp_DefaultOptions:$callerOptions);
  let results = (outs Comp_CoreFuncType:$result);
  let assemblyFormat = [{
    $callee `:` type($callee) `caller` `self` `(` $callerSelf `)`
    (`memory` `(` custom<Memory>($callerMemory, type($callerMemory))^ `)`)?
    (`realloc` `(` custom<Realloc>($callerRealloc, type($callerRealloc))^ `)`)?
    `resources` `(` $resources `)` attr-dict `->` type($result)
  }];
  let hasVerifier = 1;
}

def Comp_RootExportOp : Comp_Op<"root_export"> {
  let summary = "what the outside may call";
  let description = [{
    From stage `flat` on the value is a function, and the name of one inside an exported instance is
    `<instance>#<function>`; from stage `fused` on it is the result of a `comp.lift` (or, for an import
    that is handed on, of a `comp.host_func`).

    ```mlir
    comp.root_export "wasi:cli/run@0.2.0#run" %run : !comp.func<() -> result>
    ```
  }];
  let arguments = (ins StrAttr:$name, Comp_Value:$value);
  let assemblyFormat = "$name $value attr-dict `:` type($value)";
}

#endif // TENON_DIALECT_COMP_COMPOPS_TD
