//===- OpSyntax.h - Parts of the assembly that ODS can't write --*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The `custom<...>` directives of CompOps.td: pairs of functions that parse and print.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_DIALECT_COMP_OPSYNTAX_H
#define TENON_LIB_DIALECT_COMP_OPSYNTAX_H

#include "tenon/Dialect/Comp/CompOps.h"

namespace tenon::comp {

using UnresolvedOperands = llvm::SmallVectorImpl<mlir::OpAsmParser::UnresolvedOperand>;

/// `("name" = %value : type, ...)`
mlir::ParseResult parseNamedValues(mlir::OpAsmParser &parser, mlir::ArrayAttr &names,
                                   UnresolvedOperands &values,
                                   llvm::SmallVectorImpl<mlir::Type> &types);
void printNamedValues(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::ArrayAttr names,
                      mlir::OperandRange values, mlir::TypeRange types);

/// `("module" "name" = %value : type, ...)`
mlir::ParseResult parseResolvedImports(mlir::OpAsmParser &parser, mlir::ArrayAttr &modules,
                                       mlir::ArrayAttr &names, UnresolvedOperands &values,
                                       llvm::SmallVectorImpl<mlir::Type> &types);
void printResolvedImports(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::ArrayAttr modules,
                          mlir::ArrayAttr names, mlir::OperandRange values, mlir::TypeRange types);

/// `("module" "name" : type, ...)`
mlir::ParseResult parseCoreImports(mlir::OpAsmParser &parser, mlir::ArrayAttr &modules,
                                   mlir::ArrayAttr &names, mlir::ArrayAttr &types);
void printCoreImports(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::ArrayAttr modules,
                      mlir::ArrayAttr names, mlir::ArrayAttr types);

/// `("name" : type, ...)`
mlir::ParseResult parseCoreExports(mlir::OpAsmParser &parser, mlir::ArrayAttr &names,
                                   mlir::ArrayAttr &types);
void printCoreExports(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::ArrayAttr names,
                      mlir::ArrayAttr types);

/// `%memory`, and `: type` when it is not a 32-bit memory.
mlir::ParseResult parseMemory(mlir::OpAsmParser &parser,
                              std::optional<mlir::OpAsmParser::UnresolvedOperand> &operand,
                              mlir::Type &type);
void printMemory(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::Value operand,
                 mlir::Type type);

/// `%realloc`, and `: type` when it is not that of a 32-bit memory's realloc.
mlir::ParseResult parseRealloc(mlir::OpAsmParser &parser,
                               std::optional<mlir::OpAsmParser::UnresolvedOperand> &operand,
                               mlir::Type &type);
void printRealloc(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::Value operand,
                  mlir::Type type);

} // namespace tenon::comp

#endif // TENON_LIB_DIALECT_COMP_OPSYNTAX_H
