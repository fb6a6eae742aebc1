//===- Passes.td - From adapters to LLVM --------------------*- tablegen -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LOWERING_PASSES_TD
#define TENON_LOWERING_PASSES_TD

include "mlir/Pass/PassBase.td"

def LowerAdaptersPass : Pass<"comp-lower-adapters", "::mlir::ModuleOp"> {
  let summary = "adapters become functions over core state";
  let description = [{
    Ends stage `fused`: every `comp.adapter`, `comp.host_adapter`, resource builtin and root export becomes
    an `llvm.func` that does what the Canonical ABI says, and the graph becomes operations of the dialect
    `core`. Before:

    ```mlir
    %f = comp.core_export %m "read" : !comp.core_func<(i32) -> i32>
    %g = comp.adapter %f : !comp.core_func<(i32) -> i32> as !comp.func<(addr: u32) -> u32>
           callee self(%fs) caller self(%child) resources() -> !comp.core_func<(i32) -> i32>
    ```

    After:

    ```mlir
    llvm.func @"parent/fs.m!read"(i32) -> i32
    llvm.func @"parent/child -> parent/fs: read"(%a: i32) -> i32 {
      %r = llvm.call @"parent/fs.m!read"(%a) : (i32) -> i32
      llvm.return %r : i32
    }
    ```
  }];
  let dependentDialects = ["::tenon::core::CoreDialect", "::mlir::LLVM::LLVMDialect"];
  let options = [
    Option<"lockdown", "lockdown", "bool", "false",
           "keep track of which root instances are entered, so that one in which something trapped can't "
           "be entered again; only where the program outlives a trap (scripts, libraries)">,
    Option<"donutWrapping", "donut-wrapping", "bool", "true",
           "let a component call those that it instantiates, and be called by them; without it such calls "
           "trap, as the official test suite has it for now">
  ];
}

def CoreToLLVMPass : Pass<"core-to-llvm", "::mlir::ModuleOp"> {
  let summary = "state of the closed world becomes symbols";
  let description = [{
    `core.memory_base`, `core.memory_bytes` and `core.self_addr` become addresses of external hidden
    globals, named as include/tenon/Lowering/LinkNames.h says. The operations that describe the program
    are gone after it: whoever wants them reads them at stage `core`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // TENON_LOWERING_PASSES_TD
