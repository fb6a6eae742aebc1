//===- Program.h - The fused graph, while it is being lowered ---*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `comp-lower-adapters` knows about the program: instances, resources, who calls whom, and
// what each value of the graph has become.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_LOWERING_PROGRAM_H
#define TENON_LIB_LOWERING_PROGRAM_H

#include "Adapter.h"
#include "AsyncBuiltins.h"
#include "ConvertType.h"
#include "Reentrance.h"
#include "tenon/Dialect/Comp/CompOps.h"
#include "tenon/Dialect/Core/CoreDialect.h"

namespace tenon::lowering {

class Program {
public:
  Program(mlir::ModuleOp module, bool lockdown, bool donutWrapping);

  /// Numbers instances and resources, records calls. Fails on what is not supported yet.
  mlir::LogicalResult collect();
  /// Makes the functions and the operations of the dialect `core`, and erases the graph.
  mlir::LogicalResult lower();

private:
  /// The options that matter to lifting: CanonicalABI.md, `LiftOptions`.
  struct LiftOptions {
    mlir::Value memory;
    comp::StringEncoding encoding;
    bool operator==(const LiftOptions &) const = default;
  };
  struct SelfInfo {
    unsigned number = Reentrance::outside;
    mlir::FlatSymbolRefAttr symbol;
    std::string path;
    bool mayLeaveMatters = false;
    bool usesContext = false;
  };
  /// A task.return, whose body is built when all deliverers are known.
  struct TaskReturn {
    AsyncBuiltinSpec spec;
    mlir::LLVM::LLVMFuncOp function;
    LiftOptions options;
  };
  /// A deliverer, and the options of the task that it belongs to.
  struct Deliverer {
    mlir::LLVM::LLVMFuncOp function;
    LiftOptions options;
  };
  /// An instance, and a signature that tasks in it return with.
  using ReturnKey = std::pair<mlir::Attribute, uint32_t>;

  // Program.cpp
  mlir::LogicalResult checkOptions(mlir::Operation *op, comp::OptionsAttr options,
                                   comp::FuncType function);
  void addSelf(comp::SelfOp op);
  void addResource(mlir::Value resource, SelfInfo *owner);
  void noteRealloc(mlir::Value self, bool hasCallback);
  SelfInfo *infoOf(mlir::Value self);
  Resource resourceOf(mlir::Value resource);
  void fillEntered(llvm::SmallVectorImpl<Entered> &entered, mlir::Value caller, mlir::Value callee);
  mlir::LLVM::LLVMFuncOp functionOf(mlir::Value coreFunc);
  mlir::LLVM::LLVMFunctionType typeOf(comp::CoreFuncType type);
  mlir::LogicalResult lowerOp(mlir::Operation &op);

  // Async.cpp
  void noteBuiltin(comp::BuiltinOp op);
  bool tracksTask(mlir::Value callee) const;
  mlir::Type withoutSlots(mlir::Type type, mlir::ValueRange resources);
  uint32_t numberOfEnd(mlir::Type type, mlir::ValueRange resources);
  uint32_t signatureOf(mlir::Type result, mlir::ValueRange resources);
  void numberEnds(AdapterSpec &spec, comp::FuncType type, mlir::ValueRange resources);
  void addDeliverer(AdapterSpec &spec, LiftOptions options);
  mlir::LogicalResult lowerAsyncBuiltin(comp::BuiltinOp op);
  mlir::LogicalResult lowerErrorContext(comp::BuiltinOp op);
  void describeCopy(AsyncBuiltinSpec &spec, comp::BuiltinOp op);
  void buildTaskReturns();

  // LowerAdapters.cpp
  AdapterSpec newSpec(std::string name, comp::FuncType type, mlir::ValueRange resources);
  Side guestSide(mlir::Value self, mlir::Value memory, mlir::Value realloc,
                 comp::OptionsAttr options = {});
  mlir::LogicalResult setCallee(AdapterSpec &spec, comp::FuncType type, mlir::ValueRange resources,
                                mlir::Value callee, mlir::Value self, mlir::Value memory,
                                mlir::Value postReturn, mlir::Value callback,
                                comp::OptionsAttr options);
  mlir::LogicalResult finish(mlir::Operation *op, const AdapterSpec &spec, mlir::Value result);
  mlir::LogicalResult lowerAdapter(comp::AdapterOp op);
  mlir::LogicalResult lowerHostAdapter(comp::HostAdapterOp op);
  mlir::LogicalResult lowerRootExport(comp::RootExportOp op);
  mlir::LogicalResult lowerBuiltin(mlir::Operation *op, mlir::Value resource, mlir::Value self);
  mlir::LLVM::LLVMFuncOp hostFunction(comp::HostFuncOp op);

  // Structure.cpp
  void lowerModule(comp::CoreModuleOp op);
  void lowerSelf(comp::SelfOp op);
  mlir::LogicalResult lowerInstance(comp::CoreInstanceOp op);
  core::ImportAttr importOf(mlir::StringAttr module, mlir::StringAttr name, mlir::Value value);

  mlir::ModuleOp module;
  bool donutWrapping;
  mlir::OpBuilder builder; ///< where the operations of the dialect `core` go
  Functions functions;
  TypeConverter types;
  Reentrance reentrance;
  llvm::DenseMap<mlir::Value, SelfInfo> selves;
  llvm::SmallVector<mlir::FlatSymbolRefAttr> selfSymbols; ///< by number
  llvm::DenseMap<mlir::Value, Resource> resources;
  llvm::DenseMap<mlir::Value, mlir::LLVM::LLVMFuncOp> made;
  llvm::DenseMap<mlir::Value, mlir::FlatSymbolRefAttr> moduleSymbols;
  llvm::StringMap<unsigned> moduleNames;
  llvm::SmallVector<unsigned> withTaskBuiltins; ///< instances where tasks are looked at
  llvm::DenseMap<mlir::Type, uint32_t> endNumbers;
  llvm::DenseMap<mlir::Type, uint32_t> signatures; ///< by the type of the result
  llvm::DenseMap<ReturnKey, llvm::SmallVector<Deliverer>> deliverers;
  llvm::SmallVector<TaskReturn> taskReturns;
};

} // namespace tenon::lowering

#endif // TENON_LIB_LOWERING_PROGRAM_H
