//===- ConvertType.cpp - From MLIR's types to the Canonical ABI's ---------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#despecialization, and the loss of all names.
//
//===----------------------------------------------------------------------===//

#include "ConvertType.h"
#include "tenon/Dialect/Comp/CompTypes.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

static abi::Kind kindOf(comp::Primitive primitive) {
  switch (primitive) {
  case comp::Primitive::Bool:
    return abi::Kind::Bool;
  case comp::Primitive::S8:
    return abi::Kind::S8;
  case comp::Primitive::U8:
    return abi::Kind::U8;
  case comp::Primitive::S16:
    return abi::Kind::S16;
  case comp::Primitive::U16:
    return abi::Kind::U16;
  case comp::Primitive::S32:
    return abi::Kind::S32;
  case comp::Primitive::U32:
    return abi::Kind::U32;
  case comp::Primitive::S64:
    return abi::Kind::S64;
  case comp::Primitive::U64:
    return abi::Kind::U64;
  case comp::Primitive::F32:
    return abi::Kind::F32;
  case comp::Primitive::F64:
    return abi::Kind::F64;
  case comp::Primitive::Char:
    return abi::Kind::Char;
  case comp::Primitive::String:
    return abi::Kind::String;
  }
  llvm_unreachable("all primitives are listed");
}

abi::Type TypeConverter::convert(Type type) {
  if (!type)
    return abi::Type::none();
  auto found = converted.find(type);
  if (found != converted.end())
    return found->second;
  abi::Type result = convertNew(type);
  converted.try_emplace(type, result);
  return result;
}

uint32_t TypeConverter::numberOfEnd(Type type) {
  return ends.try_emplace(type, ends.size()).first->second;
}

abi::Type TypeConverter::convertNew(Type type) {
  auto convertAll = [&](ArrayRef<Type> types) {
    std::vector<abi::Type> result;
    for (Type each : types)
      result.push_back(convert(each));
    return result;
  };
  return llvm::TypeSwitch<Type, abi::Type>(type)
      .Case([&](comp::PrimitiveType t) { return abi::Type::leaf(kindOf(t.getKind())); })
      .Case([&](comp::ListType t) { return abi::Type::list(convert(t.getElement())); })
      .Case([&](comp::FixedListType t) {
        return abi::Type::fixedList(convert(t.getElement()), t.getLength());
      })
      .Case([&](comp::MapType t) {
        return abi::Type::list(abi::Type::record({convert(t.getKey()), convert(t.getValue())}));
      })
      .Case([&](comp::RecordType t) { return abi::Type::record(convertAll(t.getTypes())); })
      .Case([&](comp::TupleType t) { return abi::Type::record(convertAll(t.getTypes())); })
      .Case([&](comp::VariantType t) { return abi::Type::variant(convertAll(t.getTypes())); })
      .Case([&](comp::EnumType t) { return abi::Type::enumeration(t.getNames().size()); })
      .Case([&](comp::FlagsType t) { return abi::Type::flags(t.getNames().size()); })
      .Case([&](comp::OptionType t) { return abi::Type::option(convert(t.getElement())); })
      .Case([&](comp::ResultType t) {
        return abi::Type::result(convert(t.getOk()), convert(t.getError()));
      })
      .Case([&](comp::OwnType t) { return abi::Type::own(t.getSlot()); })
      .Case([&](comp::BorrowType t) { return abi::Type::borrow(t.getSlot()); })
      .Case<comp::StreamType, comp::FutureType>(
          [&](auto t) { return abi::Type::readableEnd(numberOfEnd(t)); })
      .Case([&](comp::ErrorContextType) { return abi::Type::leaf(abi::Kind::ErrorContext); })
      .Default([](Type) -> abi::Type { llvm_unreachable("verified to be a value type"); });
}
