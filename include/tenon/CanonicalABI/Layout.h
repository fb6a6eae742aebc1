//===- Layout.h - Sizes, alignments, flattening -----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pure functions named after the sections of CanonicalABI.md.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CANONICALABI_LAYOUT_H
#define TENON_CANONICALABI_LAYOUT_H

#include "tenon/CanonicalABI/Type.h"
#include "llvm/ADT/SmallVector.h"

namespace tenon::abi {

/// A core value type that flattening produces. `Ptr` only occurs on the native side: an address,
/// where every case that shares the place has one.
enum class Flat : uint8_t { I32, I64, F32, F64, Ptr };

inline constexpr unsigned maxFlatParams = 16;
inline constexpr unsigned maxFlatAsyncParams = 4;
inline constexpr unsigned maxFlatResults = 1;
/// Upper bound of the byte length of a list or a string (CanonicalABI.md#loading).
inline constexpr uint64_t maxListByteLength = (uint64_t(1) << 28) - 1;
inline constexpr uint64_t maxStringByteLength = (uint64_t(1) << 28) - 1;

inline uint32_t ptrSize(PtrKind ptr) { return ptr == PtrKind::I32 ? 4 : 8; }
inline Flat ptrFlat(PtrKind ptr) {
  return ptr == PtrKind::I32 ? Flat::I32 : ptr == PtrKind::I64 ? Flat::I64 : Flat::Ptr;
}
/// The flat type of a length.
inline Flat lengthFlat(PtrKind ptr) { return ptr == PtrKind::I32 ? Flat::I32 : Flat::I64; }
inline uint64_t alignTo(uint64_t offset, uint64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

/// CanonicalABI.md#alignment
uint32_t alignment(const Type &type, PtrKind ptr);
/// CanonicalABI.md#element-size; saturates at `maxSize`.
uint64_t elemSize(const Type &type, PtrKind ptr);
/// Bytes of the discriminant of a variant with this many cases: 1, 2 or 4.
uint32_t discriminantSize(uint64_t numCases);
/// The largest alignment of a payload, at least 1.
uint32_t maxCaseAlignment(const Type &variant, PtrKind ptr);
/// Where a variant's payload begins.
uint64_t payloadOffset(const Type &variant, PtrKind ptr);
/// Where each field of a record begins.
llvm::SmallVector<uint64_t> fieldOffsets(const Type &record, PtrKind ptr);

/// How many values `flattenType` gives; saturates at `maxFlatCount`.
uint32_t flatCount(const Type &type);
/// CanonicalABI.md#flattening. The caller has made sure that `flatCount` is small.
llvm::SmallVector<Flat> flattenType(const Type &type, PtrKind ptr);
/// How many nodes the type has when it is written out as a tree, saturating, and how deep that tree
/// is.
uint32_t partCount(const Type &type);
uint32_t depth(const Type &type);
/// How two flat types share a place in a variant.
Flat join(Flat a, Flat b);

/// CanonicalABI.md#type-predicates
bool containsBorrow(const Type &type);
bool containsOwn(const Type &type);
bool containsString(const Type &type);
/// A string or list is in it: it owns memory elsewhere.
bool containsPointer(const Type &type);
/// Every bit pattern of its bytes is a value, and all that lifting and lowering it does is copy
/// them: integers and floats and fixed lists of them, and records of them without padding.
bool isPlain(const Type &type);

/// The core signature of a function.
struct FlatSignature {
  llvm::SmallVector<Flat> params;
  llvm::SmallVector<Flat> results;
  bool paramsInMemory = false;  ///< params is one pointer to a record of them
  bool resultsInMemory = false; ///< lift: the result is a pointer; lower: the last param is
};

enum class Context : uint8_t { Lift, Lower };

/// The canonical options `async` and `callback`.
enum class Async : uint8_t { No, Yes, Callback };

/// CanonicalABI.md#flattening, `flatten_functype`.
FlatSignature flattenFunctype(llvm::ArrayRef<Type> params, llvm::ArrayRef<Type> results,
                              PtrKind ptr, Context context, Async async = Async::No);

} // namespace tenon::abi

#endif // TENON_CANONICALABI_LAYOUT_H
