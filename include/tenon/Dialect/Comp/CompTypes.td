//===- CompTypes.td - The types of components ---------------*- tablegen -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Value types (Explainer.md, "Type definitions") and the types of what stands at component and core
// level. Their syntax is written by hand in lib/Dialect/Comp/TypeSyntax.cpp: inside another type of
// the dialect no `!comp.` is needed, so that a signature reads like WIT.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECT_COMP_COMPTYPES_TD
#define TENON_DIALECT_COMP_COMPTYPES_TD

include "tenon/Dialect/Comp/CompDialect.td"

class Comp_Type<string name> : TypeDef<Comp_Dialect, name> {
  let typeName = "comp." # name;
}

//===----------------------------------------------------------------------===//
// Value types
//===----------------------------------------------------------------------===//

def Comp_Primitive : I32EnumAttr<"Primitive", "value types without parts", [
  I32EnumAttrCase<"Bool", 0, "bool">,
  I32EnumAttrCase<"S8", 1, "s8">,   I32EnumAttrCase<"U8", 2, "u8">,
  I32EnumAttrCase<"S16", 3, "s16">, I32EnumAttrCase<"U16", 4, "u16">,
  I32EnumAttrCase<"S32", 5, "s32">, I32EnumAttrCase<"U32", 6, "u32">,
  I32EnumAttrCase<"S64", 7, "s64">, I32EnumAttrCase<"U64", 8, "u64">,
  I32EnumAttrCase<"F32", 9, "f32">, I32EnumAttrCase<"F64", 10, "f64">,
  I32EnumAttrCase<"Char", 11, "char">, I32EnumAttrCase<"String", 12, "string">
]> {
  let cppNamespace = "::tenon::comp";
  let genSpecializedAttr = 0;
}

def Comp_PrimitiveType : Comp_Type<"Primitive"> {
  let summary = "bool, s8 to u64, f32, f64, char, string";
  let parameters = (ins "::tenon::comp::Primitive":$kind);
}
def Comp_ListType : Comp_Type<"List"> {
  let summary = "list<T>";
  let parameters = (ins "::mlir::Type":$element);
}
def Comp_FixedListType : Comp_Type<"FixedList"> {
  let summary = "list<T, N>: a list of a fixed length";
  let parameters = (ins "::mlir::Type":$element, "uint32_t":$length);
}
def Comp_MapType : Comp_Type<"Map"> {
  let summary = "map<K, V>";
  let parameters = (ins "::mlir::Type":$key, "::mlir::Type":$value);
}
def Comp_RecordType : Comp_Type<"Record"> {
  let summary = "record<name: T, ...>";
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$names,
                        ArrayRefParameter<"::mlir::Type">:$types);
}
def Comp_VariantType : Comp_Type<"Variant"> {
  let summary = "variant<name: T, name, ...>; the type of a case without payload is null";
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$names,
                        ArrayRefParameter<"::mlir::Type">:$types);
}
def Comp_TupleType : Comp_Type<"Tuple"> {
  let summary = "tuple<T, ...>";
  let parameters = (ins ArrayRefParameter<"::mlir::Type">:$types);
}
def Comp_FlagsType : Comp_Type<"Flags"> {
  let summary = "flags<name, ...>";
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$names);
}
def Comp_EnumType : Comp_Type<"Enum"> {
  let summary = "enum<name, ...>";
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$names);
}
def Comp_OptionType : Comp_Type<"Option"> {
  let summary = "option<T>";
  let parameters = (ins "::mlir::Type":$element);
}
def Comp_ResultType : Comp_Type<"Result"> {
  let summary = "result<T, E>, result<T>, result<_, E>, result; an absent side is a null type";
  let parameters = (ins "::mlir::Type":$ok, "::mlir::Type":$error);
}
def Comp_OwnType : Comp_Type<"Own"> {
  let summary = "own<N>: an owning handle of the resource in slot N";
  let parameters = (ins "unsigned":$slot);
}
def Comp_BorrowType : Comp_Type<"Borrow"> {
  let summary = "borrow<N>: a borrowed handle of the resource in slot N";
  let parameters = (ins "unsigned":$slot);
}

def Comp_StreamType : Comp_Type<"Stream"> {
  let summary = "stream<T>, stream: the readable end of one; an absent element is a null type";
  let parameters = (ins "::mlir::Type":$element);
}
def Comp_FutureType : Comp_Type<"Future"> {
  let summary = "future<T>, future: the readable end of one; an absent element is a null type";
  let parameters = (ins "::mlir::Type":$element);
}
def Comp_ErrorContextType : Comp_Type<"ErrorContext"> {
  let summary = "error_context: a message for those who debug";
}

//===----------------------------------------------------------------------===//
// Component level
//===----------------------------------------------------------------------===//

def Comp_FuncType : Comp_Type<"Func"> {
  let summary = "func<(name: T, ...) -> R>: a component function";
  let description = [{
    The result is a null type when there is none. `async` functions are written `func<async (...)>`.
    Resource slots are numbered by first occurrence: parameters from the left, then the result, depth
    first; so equal functions have equal types.
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$paramNames,
                        ArrayRefParameter<"::mlir::Type">:$paramTypes,
                        "::mlir::Type":$result, "bool":$isAsync);
  let extraClassDeclaration = [{
    /// How many resources the function's type names.
    unsigned getNumSlots() const;
  }];
}
def Comp_InstanceType : Comp_Type<"Instance"> { let summary = "a component instance"; }
def Comp_ComponentType : Comp_Type<"Component"> { let summary = "a component"; }
def Comp_ResourceType : Comp_Type<"Resource"> {
  let summary = "a resource type: a value, since every instantiation makes new ones";
}
def Comp_SelfType : Comp_Type<"Self"> {
  let summary = "a component instance's own state: handle table, may-enter and may-leave";
}

//===----------------------------------------------------------------------===//
// Core level
//===----------------------------------------------------------------------===//

def Comp_CoreModuleType : Comp_Type<"CoreModule"> { let summary = "a core module"; }
def Comp_CoreInstanceType : Comp_Type<"CoreInstance"> { let summary = "a core instance"; }
def Comp_CoreFuncType : Comp_Type<"CoreFunc"> {
  let summary = "core_func<(i32) -> i32>";
  let description = [{
    Core value types are `i32`, `i64`, `f32`, `f64`, `v128` as `vector<16xi8>` and `core_ref<...>`.
  }];
  let parameters = (ins "::mlir::FunctionType":$signature);
}
def Comp_CoreMemoryType : Comp_Type<"CoreMemory"> {
  let summary = "core_memory, core_memory<i64>";
  let parameters = (ins "bool":$is64);
}
def Comp_CoreTableType : Comp_Type<"CoreTable"> { let summary = "a table"; }
def Comp_CoreGlobalType : Comp_Type<"CoreGlobal"> { let summary = "a global"; }
def Comp_CoreTagType : Comp_Type<"CoreTag"> { let summary = "an exception tag"; }
def Comp_CoreRefType : Comp_Type<"CoreRef"> {
  let summary = "core_ref<func>, core_ref<extern>, ...: a core reference, by its text";
  let parameters = (ins "::mlir::StringAttr":$heap);
}

//===----------------------------------------------------------------------===//
// Constraints
//===----------------------------------------------------------------------===//

def Comp_CoreValue : AnyTypeOf<[Comp_CoreFuncType, Comp_CoreMemoryType, Comp_CoreTableType,
    Comp_CoreGlobalType, Comp_CoreTagType], "something that a core module imports or exports">;
def Comp_Value : AnyTypeOf<[Comp_FuncType, Comp_InstanceType, Comp_ComponentType, Comp_ResourceType,
    Comp_CoreModuleType], "something that a component imports or exports">;

#endif // TENON_DIALECT_COMP_COMPTYPES_TD
