//===- Adapter.h - What an adapter is made of -------------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An adapter carries values from a source side to a destination side: it lifts out of the one and
// lowers into the other. No component-level value is ever built: a value is read and written part
// by part, in the order of the specification (which traps come first differs only between traps).
//
// One class does it, its methods stand in files named after the sections of CanonicalABI.md:
//
//   Function.cpp   canon lift, canon lower: the frame around a call
//   Values.cpp     lifting and lowering values: records, variants, what goes through memory
//   LiftFlat.cpp   flat lifting          LowerFlat.cpp  flat lowering
//   Load.cpp       loading               Store.cpp      storing, realloc
//   Lists.cpp      lists                 Strings.cpp    strings
//   Transcode.cpp  strings of one encoding stored in another
//   Handles.cpp    own, borrow, lends, streams and futures
//   Tasks.cpp      what a call does when its callee is lifted with `async`
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_LOWERING_ADAPTER_H
#define TENON_LIB_LOWERING_ADAPTER_H

#include "Emitter.h"
#include "tenon/CanonicalABI/Layout.h"

namespace tenon::lowering {

/// The option `string-encoding`.
enum class Encoding { UTF8, UTF16, Latin1UTF16 };
/// How the code units of one string stand in memory: `latin1+utf16` is one of two
/// (`simple_encoding` of CanonicalABI.md).
enum class Units { UTF8, UTF16, Latin1 };

/// One side of a call: a component instance with its memory and options, or the process itself.
struct Side {
  abi::PtrKind ptr = abi::PtrKind::Native;
  Encoding encoding = Encoding::UTF8; ///< native: always UTF-8
  /// The component instance; null on the native side.
  mlir::FlatSymbolRefAttr self;
  /// The core instance that exports the memory, and its name there; null when there is none.
  mlir::FlatSymbolRefAttr memoryInstance;
  mlir::StringAttr memoryExport;
  /// Null when there is none.
  mlir::LLVM::LLVMFuncOp realloc;
  /// Some core code of this instance can notice that it may not leave it.
  bool mayLeaveMatters = false;
  /// The canonical options `async` and `callback`.
  abi::Async async = abi::Async::No;
  /// Some core code of this instance has context.get or context.set.
  bool usesContext = false;
  /// Native: strings from here are known to be well-formed (the runtime's are; a caller's are not).
  bool trusted = false;
  /// Native: what is passed to here may be a view of a guest's memory (arguments; results may not).
  bool takesViews = false;

  bool isNative() const { return ptr == abi::PtrKind::Native; }
  unsigned lengthBits() const { return ptr == abi::PtrKind::I32 ? 32 : 64; }
  /// Set in the length of a `latin1+utf16` string that is UTF-16 (`utf16_tag`).
  uint64_t utf16Tag() const { return uint64_t(1) << (lengthBits() - 1); }
};

/// The resource type in a slot.
struct Resource {
  uint32_t number = 0;          ///< the program's number of it, from 1
  mlir::FlatSymbolRefAttr self; ///< who implements it; null: the host
};

/// One instance that a call enters (CanonicalABI.md#component-instances, `entering_set`).
struct Entered {
  mlir::FlatSymbolRefAttr self;
  bool check = false; ///< it may be entered already
};

/// Everything about one adapter.
struct AdapterSpec {
  std::string name;
  llvm::SmallVector<abi::Type> params;
  llvm::SmallVector<abi::Type> results; ///< none or one
  llvm::SmallVector<Resource> resources;
  Side caller, callee;
  /// Types of streams and futures: from the number in `abi::Kind::ReadableEnd` to the program's.
  llvm::SmallDenseMap<uint32_t, uint32_t> ends;
  mlir::LLVM::LLVMFuncOp target;     ///< the callee's core function, or the host's function
  mlir::LLVM::LLVMFuncOp postReturn; ///< may be null
  llvm::SmallVector<Entered> entered;
  bool cannotEnter = false; ///< the call traps, whatever runs
  bool isAsyncType = false; ///< the function's type is async
  /// Some built-in that looks at tasks can be reached.
  bool tracksTask = false;
  /// The callee is lifted with `async`: what task.return must have, the function that it calls with
  /// the results, and its number among those of the callee that have the same signature.
  uint32_t signature = 0;
  mlir::LLVM::LLVMFuncOp deliverer;
  uint32_t delivererNumber = 0;
  mlir::LLVM::LLVMFuncOp callback; ///< may be null
  /// Somebody can look at the caller's handle table while the call lasts.
  bool lendsMatter = true;
};

/// A place in the memory of a side.
struct Address {
  mlir::Value base; ///< native: a pointer; else an i64 offset into the memory, checked
  uint64_t offset = 0;
  Address plus(uint64_t bytes) const { return {base, offset + bytes}; }
};

/// Where a value is read: the next of some flat values, or memory.
struct Source {
  const Side &side;
  llvm::ArrayRef<mlir::Value> *flat = nullptr; ///< consumed from the front; null: in memory
  Address address;
  bool inMemory() const { return flat == nullptr; }
  Source at(uint64_t offset) const { return {side, flat, address.plus(offset)}; }
};

/// Where a value is written: appended to flat values, or memory.
struct Dest {
  const Side &side;
  Values *flat = nullptr;
  Address address;
  bool inMemory() const { return flat == nullptr; }
  Dest at(uint64_t offset) const { return {side, flat, address.plus(offset)}; }
};

/// Pointer and length of a list or string.
struct Extent {
  mlir::Value begin;  ///< native: a pointer; else an i64 offset
  mlir::Value length; ///< i64, in elements; of a string in code units, with the tag
};

/// Builds the body of one adapter.
class AdapterBuilder {
public:
  AdapterBuilder(const AdapterSpec &spec, Functions &functions, mlir::LLVM::LLVMFuncOp function)
      : spec(spec), functions(functions), e(functions, function) {}

  void build();
  /// Builds, instead of an adapter, what adapters between these sides call for each string.
  void buildTranscoder(const Side &from, const Side &to);
  /// The body of the function that task.return calls: the task's record, then flat results.
  void buildDeliverer();

private:
  // Function.cpp
  void checkMayLeave();
  void enter();
  void leave();
  Values carryParams(const abi::FlatSignature &calleeSignature);
  Values carryResults(const abi::FlatSignature &calleeSignature, mlir::ValueRange flatResults,
                      mlir::Value returnArea);
  void callPostReturn(mlir::ValueRange flatResults);
  mlir::Value loadFlag(mlir::FlatSymbolRefAttr self, uint64_t offset);
  void setFlag(mlir::FlatSymbolRefAttr self, uint64_t offset, bool value);

  // Tasks.cpp
  void beginCall();
  void endCall();
  void runCallbacks(mlir::Value packed);
  Values takeDelivered();
  Values callWithContext(const Side &side, mlir::LLVM::LLVMFuncOp callee,
                         mlir::ValueRange arguments);
  Values saveContext(const Side &side);
  void restoreContext(const Side &side, mlir::ValueRange saved);

  // Values.cpp
  void carry(const abi::Type &type, Source source, Dest dest);
  void carryRecord(const abi::Type &type, Source source, Dest dest);
  void carryVariant(const abi::Type &type, Source source, Dest dest);
  void carryFixedList(const abi::Type &type, Source source, Dest dest);
  void carryScalar(const abi::Type &type, Source source, Dest dest);
  static bool mayOverlap(const Side &from, const Side &to);

  // LiftFlat.cpp
  mlir::Value checkChar(mlir::Value value);
  mlir::Value liftFlat(const abi::Type &type, Source source);
  mlir::Value reinterpret(mlir::Value value, mlir::Type type);
  Values coercePayload(const abi::Type &payload, const Side &side,
                       llvm::ArrayRef<mlir::Value> joined);

  // LowerFlat.cpp
  Values joinPayload(Values values, mlir::TypeRange joined);

  // Load.cpp
  mlir::Value pointerTo(const Side &side, Address address);
  mlir::Value memoryBytes(const Side &side);
  mlir::Value load(const abi::Type &type, Source source);
  Extent loadRange(Source source);
  void checkRange(const Side &side, mlir::Value begin, mlir::Value bytes, uint32_t alignment,
                  Trap misaligned, Trap outOfBounds);
  Address checkedPointer(const Side &side, mlir::Value pointer, const abi::Type &type);

  // Store.cpp
  void store(const abi::Type &type, mlir::Value value, Dest dest);
  void storeRange(Extent range, Dest dest);
  mlir::Value allocate(const Side &side, uint32_t alignment, mlir::Value bytes, Trap outOfBounds);
  mlir::Value reallocate(const Side &side, mlir::Value old, mlir::Value oldBytes,
                         uint32_t alignment, mlir::Value bytes, Trap outOfBounds);
  mlir::Value nativeMemory(mlir::Value bytes, uint32_t alignment);
  void markArena();

  // Lists.cpp
  void carryList(const abi::Type &element, Source source, Dest dest);
  Extent liftRange(Source source);
  void lowerRange(Extent range, Dest dest);
  Extent carryRange(const abi::Type &element, const Side &from, Extent range, const Side &to);
  void carryElements(const abi::Type &element, const Side &from, mlir::Value begin,
                     mlir::Value length, const Side &to, mlir::Value target);

  // Strings.cpp
  void carryString(Source source, Dest dest);
  Extent carryStringRange(const Side &from, Extent range, const Side &to);
  Extent carryUnits(Units units, const Side &from, Extent range, const Side &to);
  Extent viewOrCopyUTF8(const Side &from, Extent range, const Side &to);
  Extent convertToNative(Units units, const Side &from, Extent range, const Side &to);
  bool isBetweenGuests() const { return !spec.caller.isNative() && !spec.callee.isNative(); }
  Trap stringOutOfBounds() const;

  // Transcode.cpp
  struct Conversion;
  Extent callTranscoder(const Side &from, Extent range, const Side &to);
  Extent transcode(Units units, const Side &from, Extent range, const Side &to);
  Extent storeCopy(const Conversion &c, llvm::StringRef kernel, uint64_t unitBytes,
                   uint32_t alignment);
  Extent storeToUTF8(const Conversion &c, llvm::StringRef prefixKernel, llvm::StringRef kernel,
                     uint64_t worstFactor);
  Extent storeUTF8ToUTF16(const Conversion &c);
  Extent storeToLatin1OrUTF16(const Conversion &c, bool isUTF8);
  Extent storeProbablyUTF16(const Conversion &c);

  // Handles.cpp
  mlir::Value carryHandle(const abi::Type &type, mlir::Value handle, const Side &from,
                          const Side &to);
  mlir::Value liftBorrow(const Resource &resource, mlir::Value handle, const Side &from);
  mlir::Value lowerBorrow(const Resource &resource, mlir::Value rep, const Side &to);
  mlir::Value carryEnd(const abi::Type &type, mlir::Value handle, const Side &from, const Side &to);
  mlir::Value carryErrorContext(mlir::Value handle, const Side &from, const Side &to);
  void enterTask();
  void exitTask();
  void unlend();

  // Types.
  Types coreTypes(llvm::ArrayRef<abi::Flat> flats);
  mlir::Value selfAddress(mlir::FlatSymbolRefAttr self);
  bool needsTask() const;

  /// A borrow of a handle of the caller's, to be given back at the end.
  struct Lend {
    mlir::Value handle; ///< the handle, or a slot that holds it (0: none)
    bool isSlot = false;
  };

  const AdapterSpec &spec;
  Functions &functions;
  Emitter e;
  unsigned branchDepth = 0; ///< inside a case of a variant
  unsigned loopDepth = 0;   ///< inside a list
  llvm::SmallVector<Lend> lends;
  mlir::Value lendScope;  ///< made when a list of borrows needs it
  mlir::Value task;       ///< the `tenon_task` record
  mlir::Value callRecord; ///< the `tenon_call` record
  mlir::Value delivered;  ///< a slot for a flat result that is delivered
  mlir::Value arenaMark;  ///< made when something needs the arena
};

/// The core signatures that an adapter has, and that its target must have. A function of the host
/// is called the way a lowered one is: results go where its caller says.
abi::FlatSignature callerSignature(const AdapterSpec &spec);
abi::FlatSignature calleeSignature(const AdapterSpec &spec);
/// What task.return takes for the results of `spec`.
abi::FlatSignature returnSignature(llvm::ArrayRef<abi::Type> results, abi::PtrKind ptr);
/// What `context.get` and `set` see is kept while something else runs, which finds zeros.
Values saveContext(Emitter &e, mlir::Value self);
void restoreContext(Emitter &e, mlir::Value self, mlir::ValueRange saved);

/// Linkage and attributes of every function that is made here: it is inlined where that pays, and
/// is no tail call's last frame (else endless recursion would become a loop).
void markAsAdapter(mlir::LLVM::LLVMFuncOp function);
/// The type of a function whose core signature is `signature`.
mlir::LLVM::LLVMFunctionType llvmType(mlir::MLIRContext *context,
                                      const abi::FlatSignature &signature);
/// The LLVM type of a flat value.
mlir::Type llvmType(mlir::MLIRContext *context, abi::Flat flat);

} // namespace tenon::lowering

#endif // TENON_LIB_LOWERING_ADAPTER_H
