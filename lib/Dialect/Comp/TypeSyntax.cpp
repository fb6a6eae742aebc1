//===- TypeSyntax.cpp - How the types of the dialect comp are written -----===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// By hand, for two reasons: inside a type of the dialect no `!comp.` is written, so that a
// signature reads like WIT (`!comp.func<(d: borrow<0>) -> result<list<u8>, enum<access,
// "no-entry">>>`), and the nesting depth of what is parsed is limited, which generated parsers
// don't do.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/DialectImplementation.h"
#include "tenon/Dialect/Comp/CompTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

namespace {
class TypePrinter {
public:
  explicit TypePrinter(AsmPrinter &printer) : printer(printer), os(printer.getStream()) {}

  void print(Type type);

private:
  AsmPrinter &printer;
  raw_ostream &os;

  void printName(StringAttr name);
  void printNames(ArrayRef<StringAttr> names);
  void printFields(ArrayRef<StringAttr> names, ArrayRef<Type> types);
  void printFunc(FuncType func);
  void printResult(ResultType result);
  void printElement(StringRef keyword, Type element);
};
} // namespace

/// A name is written bare when it is an identifier of the assembly's lexer.
void TypePrinter::printName(StringAttr name) {
  StringRef text = name.getValue();
  bool bare = !text.empty() && (llvm::isAlpha(text[0]) || text[0] == '_') &&
              llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (bare) {
    os << text;
    return;
  }
  os << '"';
  llvm::printEscapedString(text, os);
  os << '"';
}

void TypePrinter::printNames(ArrayRef<StringAttr> names) {
  llvm::interleaveComma(names, os, [&](StringAttr name) { printName(name); });
}

void TypePrinter::printFields(ArrayRef<StringAttr> names, ArrayRef<Type> types) {
  llvm::interleaveComma(llvm::zip_equal(names, types), os, [&](auto field) {
    printName(std::get<0>(field));
    if (Type type = std::get<1>(field)) {
      os << ": ";
      print(type);
    }
  });
}

void TypePrinter::printFunc(FuncType func) {
  os << "func<" << (func.getIsAsync() ? "async (" : "(");
  printFields(func.getParamNames(), func.getParamTypes());
  os << ')';
  if (func.getResult()) {
    os << " -> ";
    print(func.getResult());
  }
  os << '>';
}

void TypePrinter::printResult(ResultType result) {
  os << "result";
  if (!result.getOk() && !result.getError())
    return;
  os << '<';
  if (result.getOk())
    print(result.getOk());
  else
    os << '_';
  if (result.getError()) {
    os << ", ";
    print(result.getError());
  }
  os << '>';
}

/// Of a type whose element may be absent.
void TypePrinter::printElement(StringRef keyword, Type element) {
  os << keyword;
  if (!element)
    return;
  os << '<';
  print(element);
  os << '>';
}

void TypePrinter::print(Type type) {
  llvm::TypeSwitch<Type>(type)
      .Case([&](PrimitiveType t) { os << stringifyPrimitive(t.getKind()); })
      .Case([&](OwnType t) { os << "own<" << t.getSlot() << '>'; })
      .Case([&](BorrowType t) { os << "borrow<" << t.getSlot() << '>'; })
      .Case([&](ListType t) { os << "list<", print(t.getElement()), os << '>'; })
      .Case([&](FixedListType t) {
        os << "list<", print(t.getElement()), os << ", " << t.getLength() << '>';
      })
      .Case([&](MapType t) {
        os << "map<", print(t.getKey()), os << ", ", print(t.getValue()), os << '>';
      })
      .Case([&](OptionType t) { os << "option<", print(t.getElement()), os << '>'; })
      .Case([&](StreamType t) { printElement("stream", t.getElement()); })
      .Case([&](FutureType t) { printElement("future", t.getElement()); })
      .Case([&](ErrorContextType) { os << "error_context"; })
      .Case([&](RecordType t) {
        os << "record<", printFields(t.getNames(), t.getTypes()), os << '>';
      })
      .Case([&](VariantType t) {
        os << "variant<", printFields(t.getNames(), t.getTypes()), os << '>';
      })
      .Case([&](FlagsType t) { os << "flags<", printNames(t.getNames()), os << '>'; })
      .Case([&](EnumType t) { os << "enum<", printNames(t.getNames()), os << '>'; })
      .Case([&](comp::TupleType t) {
        os << "tuple<";
        llvm::interleaveComma(t.getTypes(), os, [&](Type part) { print(part); });
        os << '>';
      })
      .Case([&](ResultType t) { printResult(t); })
      .Case([&](FuncType t) { printFunc(t); })
      .Case([&](CoreFuncType t) {
        os << "core_func<", printer.printType(t.getSignature()), os << '>';
      })
      .Case([&](CoreMemoryType t) { os << (t.getIs64() ? "core_memory<i64>" : "core_memory"); })
      .Case([&](CoreRefType t) { os << "core_ref<" << t.getHeap().getValue() << '>'; })
      .Case([&](InstanceType) { os << "instance"; })
      .Case([&](ComponentType) { os << "component"; })
      .Case([&](comp::ResourceType) { os << "resource"; })
      .Case([&](SelfType) { os << "self"; })
      .Case([&](CoreModuleType) { os << "core_module"; })
      .Case([&](CoreInstanceType) { os << "core_instance"; })
      .Case([&](CoreTableType) { os << "core_table"; })
      .Case([&](CoreGlobalType) { os << "core_global"; })
      .Case([&](CoreTagType) { os << "core_tag"; })
      .Default([&](Type other) { printer.printType(other); });
}

void CompDialect::printType(Type type, DialectAsmPrinter &printer) const {
  TypePrinter(printer).print(type);
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

namespace {
class TypeParser {
public:
  explicit TypeParser(AsmParser &parser) : parser(parser), context(parser.getContext()) {}

  /// A type of the dialect after its `!comp.`, or a part of one. Null, with an error, on failure.
  Type parse();

private:
  AsmParser &parser;
  MLIRContext *context;
  unsigned depth = 0;

  /// The component model limits nesting far below this.
  static constexpr unsigned maxDepth = 500;

  Type parseKnown(StringRef keyword, SMLoc loc);
  Type parseElementOf(llvm::function_ref<Type(Type)> make);
  Type parseList();
  Type parseMap();
  Type parseElementIfAny(llvm::function_ref<Type(Type)> make);
  Type parseSlotOf(llvm::function_ref<Type(unsigned)> make);
  Type parseResult();
  Type parseFunc();
  Type parseCoreFunc();
  Type parseCoreMemory();
  Type parseCoreRef();
  ParseResult parseName(StringAttr &name);
  ParseResult parseNames(SmallVectorImpl<StringAttr> &names);
  ParseResult parseFields(AsmParser::Delimiter delimiter, bool needTypes,
                          SmallVectorImpl<StringAttr> &names, SmallVectorImpl<Type> &types);
};
} // namespace

ParseResult TypeParser::parseName(StringAttr &name) {
  std::string text;
  if (succeeded(parser.parseOptionalKeywordOrString(&text))) {
    name = StringAttr::get(context, text);
    return success();
  }
  return parser.emitError(parser.getCurrentLocation(), "expected a name");
}

ParseResult TypeParser::parseNames(SmallVectorImpl<StringAttr> &names) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater,
                                        [&] { return parseName(names.emplace_back()); });
}

ParseResult TypeParser::parseFields(AsmParser::Delimiter delimiter, bool needTypes,
                                    SmallVectorImpl<StringAttr> &names,
                                    SmallVectorImpl<Type> &types) {
  return parser.parseCommaSeparatedList(delimiter, [&]() -> ParseResult {
    if (parseName(names.emplace_back()))
      return failure();
    Type &type = types.emplace_back();
    if (!needTypes && failed(parser.parseOptionalColon()))
      return success();
    if (needTypes && parser.parseColon())
      return failure();
    type = parse();
    return success(type != nullptr);
  });
}

Type TypeParser::parseElementOf(llvm::function_ref<Type(Type)> make) {
  if (parser.parseLess())
    return {};
  Type element = parse();
  if (!element || parser.parseGreater())
    return {};
  return make(element);
}

/// `list<T>`, `list<T, N>`
Type TypeParser::parseList() {
  if (parser.parseLess())
    return {};
  Type element = parse();
  if (!element)
    return {};
  if (failed(parser.parseOptionalComma()))
    return parser.parseGreater() ? Type() : ListType::get(context, element);
  uint32_t length = 0;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseInteger(length) || parser.parseGreater())
    return {};
  if (length == 0)
    return parser.emitError(loc, "a list of a fixed length can't be empty"), Type();
  return FixedListType::get(context, element, length);
}

Type TypeParser::parseMap() {
  if (parser.parseLess())
    return {};
  Type key = parse();
  if (!key || parser.parseComma())
    return {};
  Type value = parse();
  if (!value || parser.parseGreater())
    return {};
  return MapType::get(context, key, value);
}

Type TypeParser::parseElementIfAny(llvm::function_ref<Type(Type)> make) {
  if (failed(parser.parseOptionalLess()))
    return make(Type());
  Type element = parse();
  if (!element || parser.parseGreater())
    return {};
  return make(element);
}

Type TypeParser::parseSlotOf(llvm::function_ref<Type(unsigned)> make) {
  unsigned slot = 0;
  if (parser.parseLess() || parser.parseInteger(slot) || parser.parseGreater())
    return {};
  return make(slot);
}

Type TypeParser::parseResult() {
  Type ok, error;
  if (failed(parser.parseOptionalLess()))
    return ResultType::get(context, ok, error);
  if (failed(parser.parseOptionalKeyword("_")) && !(ok = parse()))
    return {};
  if (succeeded(parser.parseOptionalComma()) && !(error = parse()))
    return {};
  if (parser.parseGreater())
    return {};
  return ResultType::get(context, ok, error);
}

Type TypeParser::parseFunc() {
  SmallVector<StringAttr> names;
  SmallVector<Type> types;
  Type result;
  if (parser.parseLess())
    return {};
  bool isAsync = succeeded(parser.parseOptionalKeyword("async"));
  if (parseFields(AsmParser::Delimiter::Paren, /*needTypes=*/true, names, types))
    return {};
  if (succeeded(parser.parseOptionalArrow()) && !(result = parse()))
    return {};
  if (parser.parseGreater())
    return {};
  return FuncType::get(context, names, types, result, isAsync);
}

Type TypeParser::parseCoreFunc() {
  FunctionType signature;
  if (parser.parseLess() || parser.parseType(signature) || parser.parseGreater())
    return {};
  return CoreFuncType::get(context, signature);
}

Type TypeParser::parseCoreMemory() {
  if (failed(parser.parseOptionalLess()))
    return CoreMemoryType::get(context, false);
  IntegerType address;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseType(address) || parser.parseGreater())
    return {};
  if (address.getWidth() != 64)
    return parser.emitError(loc, "expected 'i64'"), Type();
  return CoreMemoryType::get(context, true);
}

Type TypeParser::parseCoreRef() {
  StringAttr heap;
  if (parser.parseLess() || parseName(heap) || parser.parseGreater())
    return {};
  return CoreRefType::get(context, heap);
}

Type TypeParser::parseKnown(StringRef keyword, SMLoc loc) {
  if (std::optional<Primitive> primitive = symbolizePrimitive(keyword))
    return PrimitiveType::get(context, *primitive);
  SmallVector<StringAttr> names;
  SmallVector<Type> types;
  if (keyword == "own")
    return parseSlotOf([&](unsigned slot) { return OwnType::get(context, slot); });
  if (keyword == "borrow")
    return parseSlotOf([&](unsigned slot) { return BorrowType::get(context, slot); });
  if (keyword == "list")
    return parseList();
  if (keyword == "map")
    return parseMap();
  if (keyword == "option")
    return parseElementOf([&](Type element) { return OptionType::get(context, element); });
  if (keyword == "stream")
    return parseElementIfAny([&](Type element) { return StreamType::get(context, element); });
  if (keyword == "future")
    return parseElementIfAny([&](Type element) { return FutureType::get(context, element); });
  if (keyword == "error_context")
    return ErrorContextType::get(context);
  if (keyword == "record") {
    if (parseFields(AsmParser::Delimiter::LessGreater, /*needTypes=*/true, names, types))
      return {};
    return RecordType::get(context, names, types);
  }
  if (keyword == "variant") {
    if (parseFields(AsmParser::Delimiter::LessGreater, /*needTypes=*/false, names, types))
      return {};
    return VariantType::get(context, names, types);
  }
  if (keyword == "tuple") {
    ParseResult parsed = parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater, [&] {
      return ParseResult(success((types.emplace_back(parse())) != nullptr));
    });
    return parsed ? Type() : Type(comp::TupleType::get(context, types));
  }
  if (keyword == "flags")
    return parseNames(names) ? Type() : Type(FlagsType::get(context, names));
  if (keyword == "enum")
    return parseNames(names) ? Type() : Type(EnumType::get(context, names));
  if (keyword == "result")
    return parseResult();
  if (keyword == "func")
    return parseFunc();
  if (keyword == "core_func")
    return parseCoreFunc();
  if (keyword == "core_memory")
    return parseCoreMemory();
  if (keyword == "core_ref")
    return parseCoreRef();
  if (keyword == "instance")
    return InstanceType::get(context);
  if (keyword == "component")
    return ComponentType::get(context);
  if (keyword == "resource")
    return comp::ResourceType::get(context);
  if (keyword == "self")
    return SelfType::get(context);
  if (keyword == "core_module")
    return CoreModuleType::get(context);
  if (keyword == "core_instance")
    return CoreInstanceType::get(context);
  if (keyword == "core_table")
    return CoreTableType::get(context);
  if (keyword == "core_global")
    return CoreGlobalType::get(context);
  if (keyword == "core_tag")
    return CoreTagType::get(context);
  return parser.emitError(loc, "unknown type of the dialect comp: '") << keyword << "'", Type();
}

Type TypeParser::parse() {
  SMLoc loc = parser.getCurrentLocation();
  StringRef keyword;
  if (parser.parseKeyword(&keyword))
    return {};
  if (++depth > maxDepth)
    return parser.emitError(loc, "types are nested too deeply"), Type();
  Type type = parseKnown(keyword, loc);
  --depth;
  return type;
}

Type CompDialect::parseType(DialectAsmParser &parser) const { return TypeParser(parser).parse(); }
