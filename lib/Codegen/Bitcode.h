//===- Bitcode.h - Functions that come as bitcode ------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Adapters and host functions come as LLVM bitcode. A source is read lazily into the context of a
// part; single functions are copied from it, each global that they name is looked up by its
// meaning: link names become our symbols (tenon/Lowering/LinkNames.h), constants are copied,
// everything else is declared.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_BITCODE_H
#define TENON_LIB_CODEGEN_BITCODE_H

#include "ModuleBuilder.h"
#include "llvm/ADT/DenseMap.h"

namespace tenon::codegen {

class BitcodeSource {
public:
  /// `bitcode` is our own product: that it can't be read is our bug.
  BitcodeSource(ModuleBuilder &builder, llvm::StringRef bitcode);

  /// The definition of a function, with its body; null: there is none.
  llvm::Function *find(llvm::StringRef symbol);
  llvm::Module &getModule() { return *source; }
  /// Whether a copy behaves like the original: neither it nor the local functions that it reaches
  /// name a mutable variable that is local to the source.
  bool canCopy(llvm::Function &function);
  /// Gives `target`, a declaration in the part, a copy of the body of `function`. Local functions
  /// that it calls are copied, too.
  void copyBody(llvm::Function &function, llvm::Function &target);
  /// What a global of the source is in the part.
  llvm::GlobalValue *lookUp(llvm::GlobalValue &global);

private:
  ModuleBuilder &mb;
  std::unique_ptr<llvm::Module> source;
  llvm::StringMap<llvm::Function *> definitions; ///< by the symbol in the part
  llvm::DenseMap<llvm::GlobalValue *, llvm::GlobalValue *> known;
  llvm::DenseMap<llvm::Function *, bool> copyable;

  void guardCalls(llvm::Function &adapter);
  void materialize(llvm::Function &function);
  llvm::GlobalValue *resolve(llvm::GlobalValue &global);
  llvm::GlobalValue *resolveLinkName(llvm::GlobalValue &global);
  llvm::Function *declareLike(llvm::Function &function);
};

/// Gives functions without debug locations a subprogram of their name: what is inlined into a
/// function without one loses its own. `copies`: also those that are copied from another part,
/// whose code otherwise counts as that of the place they are inlined to.
void labelFunctions(llvm::Module &module, bool copies);

/// Which adapters a part defines.
enum class AdapterSize { Usual, Huge };

/// Defines the program's adapters of a size, and with the usual ones the state of all.
void buildAdaptersPart(ModuleBuilder &builder, AdapterSize size);

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_BITCODE_H
