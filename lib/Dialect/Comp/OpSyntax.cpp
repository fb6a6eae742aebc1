//===- OpSyntax.cpp - Parts of the assembly that ODS can't write ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpSyntax.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

using Unresolved = OpAsmParser::UnresolvedOperand;

static ParseResult parseString(OpAsmParser &parser, SmallVectorImpl<Attribute> &out) {
  std::string text;
  if (parser.parseString(&text))
    return failure();
  out.push_back(parser.getBuilder().getStringAttr(text));
  return success();
}

static ParseResult parseEquals(OpAsmParser &parser, UnresolvedOperands &values,
                               SmallVectorImpl<Type> &types) {
  return failure(parser.parseEqual() || parser.parseOperand(values.emplace_back()) ||
                 parser.parseColonType(types.emplace_back()));
}

//===----------------------------------------------------------------------===//
// Values with names
//===----------------------------------------------------------------------===//

ParseResult comp::parseNamedValues(OpAsmParser &parser, ArrayAttr &names,
                                   UnresolvedOperands &values, SmallVectorImpl<Type> &types) {
  SmallVector<Attribute> strings;
  ParseResult parsed = parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] {
    return ParseResult(failure(parseString(parser, strings) || parseEquals(parser, values, types)));
  });
  names = parser.getBuilder().getArrayAttr(strings);
  return parsed;
}

void comp::printNamedValues(OpAsmPrinter &printer, Operation *, ArrayAttr names,
                            OperandRange values, TypeRange) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(names, values), printer, [&](auto entry) {
    auto [name, value] = entry;
    printer << name << " = " << value << " : " << value.getType();
  });
  printer << ')';
}

ParseResult comp::parseResolvedImports(OpAsmParser &parser, ArrayAttr &modules, ArrayAttr &names,
                                       UnresolvedOperands &values, SmallVectorImpl<Type> &types) {
  SmallVector<Attribute> moduleStrings, nameStrings;
  ParseResult parsed = parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] {
    return ParseResult(failure(parseString(parser, moduleStrings) ||
                               parseString(parser, nameStrings) ||
                               parseEquals(parser, values, types)));
  });
  modules = parser.getBuilder().getArrayAttr(moduleStrings);
  names = parser.getBuilder().getArrayAttr(nameStrings);
  return parsed;
}

void comp::printResolvedImports(OpAsmPrinter &printer, Operation *, ArrayAttr modules,
                                ArrayAttr names, OperandRange values, TypeRange) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(modules, names, values), printer, [&](auto entry) {
    auto [module, name, value] = entry;
    printer << module << ' ' << name << " = " << value << " : " << value.getType();
  });
  printer << ')';
}

//===----------------------------------------------------------------------===//
// Signatures of core modules
//===----------------------------------------------------------------------===//

static ParseResult parseColonTypeAttr(OpAsmParser &parser, SmallVectorImpl<Attribute> &out) {
  Type type;
  if (parser.parseColonType(type))
    return failure();
  out.push_back(TypeAttr::get(type));
  return success();
}

ParseResult comp::parseCoreImports(OpAsmParser &parser, ArrayAttr &modules, ArrayAttr &names,
                                   ArrayAttr &types) {
  SmallVector<Attribute> moduleStrings, nameStrings, typeAttrs;
  ParseResult parsed = parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] {
    return ParseResult(failure(parseString(parser, moduleStrings) ||
                               parseString(parser, nameStrings) ||
                               parseColonTypeAttr(parser, typeAttrs)));
  });
  modules = parser.getBuilder().getArrayAttr(moduleStrings);
  names = parser.getBuilder().getArrayAttr(nameStrings);
  types = parser.getBuilder().getArrayAttr(typeAttrs);
  return parsed;
}

void comp::printCoreImports(OpAsmPrinter &printer, Operation *, ArrayAttr modules, ArrayAttr names,
                            ArrayAttr types) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(modules, names, types), printer, [&](auto entry) {
    auto [module, name, type] = entry;
    printer << module << ' ' << name << " : " << type;
  });
  printer << ')';
}

ParseResult comp::parseCoreExports(OpAsmParser &parser, ArrayAttr &names, ArrayAttr &types) {
  SmallVector<Attribute> nameStrings, typeAttrs;
  ParseResult parsed = parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] {
    return ParseResult(
        failure(parseString(parser, nameStrings) || parseColonTypeAttr(parser, typeAttrs)));
  });
  names = parser.getBuilder().getArrayAttr(nameStrings);
  types = parser.getBuilder().getArrayAttr(typeAttrs);
  return parsed;
}

void comp::printCoreExports(OpAsmPrinter &printer, Operation *, ArrayAttr names, ArrayAttr types) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(names, types), printer, [&](auto entry) {
    auto [name, type] = entry;
    printer << name << " : " << type;
  });
  printer << ')';
}

//===----------------------------------------------------------------------===//
// Operands with a usual type
//===----------------------------------------------------------------------===//

static ParseResult parseUsuallyTyped(OpAsmParser &parser, std::optional<Unresolved> &operand,
                                     Type &type, Type usual) {
  type = usual;
  if (parser.parseOperand(operand.emplace()))
    return failure();
  return succeeded(parser.parseOptionalColon()) ? parser.parseType(type) : success();
}

static void printUsuallyTyped(OpAsmPrinter &printer, Value operand, Type type, Type usual) {
  printer << operand;
  if (type != usual)
    printer << " : " << type;
}

ParseResult comp::parseMemory(OpAsmParser &parser, std::optional<Unresolved> &operand, Type &type) {
  return parseUsuallyTyped(parser, operand, type, CoreMemoryType::get(parser.getContext(), false));
}

void comp::printMemory(OpAsmPrinter &printer, Operation *op, Value operand, Type type) {
  printUsuallyTyped(printer, operand, type, CoreMemoryType::get(op->getContext(), false));
}

ParseResult comp::parseRealloc(OpAsmParser &parser, std::optional<Unresolved> &operand,
                               Type &type) {
  return parseUsuallyTyped(parser, operand, type, getReallocType(parser.getContext()));
}

void comp::printRealloc(OpAsmPrinter &printer, Operation *op, Value operand, Type type) {
  printUsuallyTyped(printer, operand, type, getReallocType(op->getContext()));
}

//===----------------------------------------------------------------------===//
// comp.define "name" (%parent) imports("import" = %argument : type, ...) { ... }
//===----------------------------------------------------------------------===//

ParseResult DefineOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  StringAttr name;
  SmallVector<OpAsmParser::Argument> arguments(1);
  SmallVector<Attribute> importNames;
  if (parser.parseAttribute(name, "name", result.attributes) || parser.parseLParen() ||
      parser.parseArgument(arguments.front()) || parser.parseRParen() ||
      parser.parseKeyword("imports"))
    return failure();
  arguments.front().type = SelfType::get(builder.getContext());
  ParseResult imports = parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] {
    return ParseResult(failure(parseString(parser, importNames) || parser.parseEqual() ||
                               parser.parseArgument(arguments.emplace_back(), /*allowType=*/true)));
  });
  if (imports || parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.parseRegion(*result.addRegion(), arguments))
    return failure();
  result.addAttribute("importNames", builder.getArrayAttr(importNames));
  result.addTypes(ComponentType::get(builder.getContext()));
  return success();
}

void DefineOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getNameAttr() << " (" << getParent() << ") imports(";
  llvm::interleaveComma(llvm::zip(getImportNames(), getImports()), printer, [&](auto entry) {
    auto [name, argument] = entry;
    printer << name << " = " << argument << " : " << argument.getType();
  });
  printer << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {"name", "importNames"});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}
