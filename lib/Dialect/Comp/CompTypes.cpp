//===- CompTypes.cpp - Types and attributes of the dialect comp -----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Dialect/Comp/CompTypes.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

#include "tenon/Dialect/Comp/CompEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "tenon/Dialect/Comp/CompAttrs.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "tenon/Dialect/Comp/CompTypes.cpp.inc"

void CompDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "tenon/Dialect/Comp/CompTypes.cpp.inc"
      >();
}

void CompDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "tenon/Dialect/Comp/CompAttrs.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Questions about types
//===----------------------------------------------------------------------===//

bool comp::isValueType(Type type) {
  return isa<PrimitiveType, ListType, FixedListType, MapType, RecordType, VariantType,
             comp::TupleType, FlagsType, EnumType, OptionType, ResultType, OwnType, BorrowType,
             StreamType, FutureType, ErrorContextType>(type);
}

static void walkAll(ArrayRef<Type> types, llvm::function_ref<void(unsigned)> visit) {
  for (Type type : types)
    if (type)
      walkSlots(type, visit);
}

void comp::walkSlots(Type type, llvm::function_ref<void(unsigned)> visit) {
  llvm::TypeSwitch<Type>(type)
      .Case([&](OwnType own) { visit(own.getSlot()); })
      .Case([&](BorrowType borrow) { visit(borrow.getSlot()); })
      .Case([&](ListType list) { walkSlots(list.getElement(), visit); })
      .Case([&](FixedListType list) { walkSlots(list.getElement(), visit); })
      .Case([&](MapType map) { walkAll({map.getKey(), map.getValue()}, visit); })
      .Case([&](OptionType option) { walkSlots(option.getElement(), visit); })
      .Case([&](StreamType stream) { walkAll(stream.getElement(), visit); })
      .Case([&](FutureType future) { walkAll(future.getElement(), visit); })
      .Case([&](RecordType record) { walkAll(record.getTypes(), visit); })
      .Case([&](VariantType variant) { walkAll(variant.getTypes(), visit); })
      .Case([&](comp::TupleType tuple) { walkAll(tuple.getTypes(), visit); })
      .Case([&](ResultType result) { walkAll({result.getOk(), result.getError()}, visit); })
      .Case([&](FuncType func) {
        walkAll(func.getParamTypes(), visit);
        walkAll(func.getResult(), visit);
      });
}

unsigned comp::countSlots(Type type) {
  unsigned count = 0;
  walkSlots(type, [&](unsigned slot) { count = std::max(count, slot + 1); });
  return count;
}

unsigned FuncType::getNumSlots() const { return countSlots(*this); }

CoreFuncType comp::getReallocType(MLIRContext *context) {
  Type i32 = IntegerType::get(context, 32);
  return CoreFuncType::get(context, FunctionType::get(context, {i32, i32, i32, i32}, {i32}));
}

//===----------------------------------------------------------------------===//
// #comp.options<utf8 async>
//===----------------------------------------------------------------------===//

Attribute OptionsAttr::parse(AsmParser &parser, Type) {
  StringRef spelled;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword(&spelled))
    return {};
  std::optional<StringEncoding> encoding = symbolizeStringEncoding(spelled);
  if (!encoding) {
    parser.emitError(loc, "expected a string encoding, found '") << spelled << "'";
    return {};
  }
  bool isAsync = succeeded(parser.parseOptionalKeyword("async"));
  if (parser.parseGreater())
    return {};
  return get(parser.getContext(), *encoding, isAsync);
}

void OptionsAttr::print(AsmPrinter &printer) const {
  printer << '<' << stringifyStringEncoding(getEncoding());
  if (getIsAsync())
    printer << " async";
  printer << '>';
}
