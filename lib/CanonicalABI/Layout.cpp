//===- Layout.cpp - Sizes, alignments, flattening -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each node's layout follows from its children's, so it is worked out when the node is made.
//
//===----------------------------------------------------------------------===//

#include "tenon/CanonicalABI/Layout.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <cassert>

using namespace tenon;
using namespace tenon::abi;

static uint64_t saturate(uint64_t size) { return std::min(size, maxSize); }

/// Bytes of flags: an integer with a bit for each label.
static uint32_t flagsSize(uint32_t numLabels) {
  return numLabels <= 8 ? 1 : numLabels <= 16 ? 2 : 4;
}

/// The size of a value that is one integer, float or handle; 0 for anything else.
static uint32_t scalarSize(Kind kind, uint32_t count) {
  switch (kind) {
  case Kind::Bool:
  case Kind::S8:
  case Kind::U8:
    return 1;
  case Kind::S16:
  case Kind::U16:
    return 2;
  case Kind::S32:
  case Kind::U32:
  case Kind::F32:
  case Kind::Char:
  case Kind::Own:
  case Kind::Borrow:
  case Kind::ReadableEnd:
  case Kind::ErrorContext:
    return 4;
  case Kind::S64:
  case Kind::U64:
  case Kind::F64:
    return 8;
  case Kind::Flags:
    return flagsSize(count);
  case Kind::None:
  case Kind::String:
  case Kind::List:
  case Kind::FixedList:
  case Kind::Record:
  case Kind::Variant:
    return 0;
  }
  return 0;
}

uint32_t abi::discriminantSize(uint64_t numCases) {
  assert(numCases > 0 && numCases < (uint64_t(1) << 32) && "validation bounds the number of cases");
  return numCases <= 0x100 ? 1 : numCases <= 0x10000 ? 2 : 4;
}

Type::Layout Type::layoutOf(const Node &node, PtrKind ptr) {
  Layout layout;
  switch (node.kind) {
  case Kind::None:
    return layout;
  case Kind::String:
  case Kind::List:
    return {2 * ptrSize(ptr), ptrSize(ptr)};
  case Kind::FixedList: {
    const Type &element = node.children.front();
    layout.alignment = abi::alignment(element, ptr);
    // Neither factor exceeds 2^48 and 2^32: divide before multiplying.
    uint64_t size = elemSize(element, ptr);
    layout.size = size > maxSize / std::max(node.count, 1u) ? maxSize : size * node.count;
    return layout;
  }
  case Kind::Record:
    for (const Type &field : node.children) {
      uint32_t fieldAlignment = abi::alignment(field, ptr);
      layout.alignment = std::max(layout.alignment, fieldAlignment);
      layout.size = saturate(alignTo(layout.size, fieldAlignment) + elemSize(field, ptr));
    }
    layout.size = saturate(alignTo(layout.size, layout.alignment));
    return layout;
  case Kind::Variant: {
    uint32_t discriminant = discriminantSize(node.children.size());
    uint32_t payloadAlignment = 1;
    uint64_t payloadSize = 0;
    for (const Type &payload : node.children) {
      payloadAlignment = std::max(payloadAlignment, abi::alignment(payload, ptr));
      payloadSize = std::max(payloadSize, elemSize(payload, ptr));
    }
    layout.alignment = std::max(discriminant, payloadAlignment);
    layout.size = alignTo(discriminant, payloadAlignment) + payloadSize;
    layout.size = saturate(alignTo(layout.size, layout.alignment));
    return layout;
  }
  default:
    layout.size = layout.alignment = scalarSize(node.kind, node.count);
    return layout;
  }
}

/// flatten_type's length.
static uint32_t countFlat(Kind kind, uint32_t count, llvm::ArrayRef<Type> children) {
  uint64_t total = 0;
  switch (kind) {
  case Kind::None:
    return 0;
  case Kind::String:
  case Kind::List:
    return 2;
  case Kind::FixedList:
    total = uint64_t(flatCount(children.front())) * count;
    break;
  case Kind::Record:
    for (const Type &field : children)
      total = std::min<uint64_t>(total + flatCount(field), maxFlatCount);
    break;
  case Kind::Variant:
    for (const Type &payload : children)
      total = std::max<uint64_t>(total, flatCount(payload));
    ++total;
    break;
  default:
    return 1;
  }
  return uint32_t(std::min<uint64_t>(total, maxFlatCount));
}

/// See isPlain. Padding is not copied: what lies in it belongs to the caller.
static bool worksByCopy(Kind kind, uint32_t count, llvm::ArrayRef<Type> children) {
  switch (kind) {
  case Kind::S8:
  case Kind::U8:
  case Kind::S16:
  case Kind::U16:
  case Kind::S32:
  case Kind::U32:
  case Kind::S64:
  case Kind::U64:
  case Kind::F32:
  case Kind::F64:
    return true;
  case Kind::Flags:
    return count == flagsSize(count) * 8;
  case Kind::FixedList:
    return isPlain(children.front());
  case Kind::Record: {
    uint64_t sum = 0, end = 0;
    uint32_t recordAlignment = 1;
    for (const Type &field : children) {
      if (!isPlain(field))
        return false;
      uint32_t fieldAlignment = alignment(field, PtrKind::I32);
      recordAlignment = std::max(recordAlignment, fieldAlignment);
      sum = saturate(sum + elemSize(field, PtrKind::I32));
      end = saturate(alignTo(end, fieldAlignment) + elemSize(field, PtrKind::I32));
    }
    return sum == alignTo(end, recordAlignment);
  }
  default:
    return false;
  }
}

Type Type::make(Kind kind, uint32_t count, std::vector<Type> children) {
  auto node = std::make_shared<Node>();
  node->kind = kind;
  node->count = count;
  node->children = std::move(children);
  node->layout[0] = layoutOf(*node, PtrKind::I32);
  node->layout[1] = layoutOf(*node, PtrKind::I64);
  node->flatCount = countFlat(kind, count, node->children);
  node->hasBorrow = kind == Kind::Borrow;
  node->hasOwn = kind == Kind::Own;
  node->hasString = kind == Kind::String;
  node->hasPointer = kind == Kind::String || kind == Kind::List;
  for (const Type &child : node->children) {
    node->depth = std::max(node->depth, depth(child) + 1);
    node->partCount = llvm::SaturatingAdd(node->partCount, partCount(child));
    node->hasBorrow |= containsBorrow(child);
    node->hasOwn |= containsOwn(child);
    node->hasString |= containsString(child);
    node->hasPointer |= containsPointer(child);
  }
  node->plain = worksByCopy(kind, count, node->children);
  Type type;
  type.node = std::move(node);
  return type;
}

uint32_t abi::alignment(const Type &type, PtrKind ptr) {
  return type.node->layout[ptr != PtrKind::I32].alignment;
}
uint64_t abi::elemSize(const Type &type, PtrKind ptr) {
  return type.node->layout[ptr != PtrKind::I32].size;
}
uint32_t abi::flatCount(const Type &type) { return type.node->flatCount; }
uint32_t abi::partCount(const Type &type) { return type.node->partCount; }
uint32_t abi::depth(const Type &type) { return type.node->depth; }
bool abi::containsBorrow(const Type &type) { return type.node->hasBorrow; }
bool abi::containsOwn(const Type &type) { return type.node->hasOwn; }
bool abi::containsString(const Type &type) { return type.node->hasString; }
bool abi::containsPointer(const Type &type) { return type.node->hasPointer; }
bool abi::isPlain(const Type &type) { return type.node->plain; }

uint32_t abi::maxCaseAlignment(const Type &variant, PtrKind ptr) {
  uint32_t largest = 1;
  for (const Type &payload : variant.children())
    largest = std::max(largest, alignment(payload, ptr));
  return largest;
}

uint64_t abi::payloadOffset(const Type &variant, PtrKind ptr) {
  return alignTo(discriminantSize(variant.children().size()), maxCaseAlignment(variant, ptr));
}

llvm::SmallVector<uint64_t> abi::fieldOffsets(const Type &record, PtrKind ptr) {
  llvm::SmallVector<uint64_t> offsets;
  uint64_t offset = 0;
  for (const Type &field : record.children()) {
    offset = saturate(alignTo(offset, alignment(field, ptr)));
    offsets.push_back(offset);
    offset += elemSize(field, ptr);
  }
  return offsets;
}

Flat abi::join(Flat a, Flat b) {
  if (a == b)
    return a;
  bool bothNarrow = (a == Flat::I32 || a == Flat::F32) && (b == Flat::I32 || b == Flat::F32);
  return bothNarrow ? Flat::I32 : Flat::I64;
}

static void flattenInto(const Type &type, PtrKind ptr, llvm::SmallVectorImpl<Flat> &flat) {
  switch (type.kind()) {
  case Kind::None:
    return;
  case Kind::S64:
  case Kind::U64:
    return flat.push_back(Flat::I64);
  case Kind::F32:
    return flat.push_back(Flat::F32);
  case Kind::F64:
    return flat.push_back(Flat::F64);
  case Kind::String:
  case Kind::List:
    flat.push_back(ptrFlat(ptr));
    return flat.push_back(lengthFlat(ptr));
  case Kind::FixedList:
    for (uint32_t i = 0; i < type.count(); ++i)
      flattenInto(type.element(), ptr, flat);
    return;
  case Kind::Record:
    for (const Type &field : type.children())
      flattenInto(field, ptr, flat);
    return;
  case Kind::Variant: {
    llvm::SmallVector<Flat> joined;
    for (const Type &payload : type.children()) {
      llvm::SmallVector<Flat> one;
      flattenInto(payload, ptr, one);
      for (auto [i, each] : llvm::enumerate(one))
        i < joined.size() ? void(joined[i] = join(joined[i], each)) : joined.push_back(each);
    }
    flat.push_back(Flat::I32);
    flat.append(joined);
    return;
  }
  default:
    return flat.push_back(Flat::I32);
  }
}

llvm::SmallVector<Flat> abi::flattenType(const Type &type, PtrKind ptr) {
  assert(flatCount(type) < maxFlatCount && "the caller bounds what it flattens");
  llvm::SmallVector<Flat> flat;
  flattenInto(type, ptr, flat);
  return flat;
}

/// Flattens a list of types, or says that there are more than `limit`.
static bool flattenTypes(llvm::ArrayRef<Type> types, PtrKind ptr, unsigned limit,
                         llvm::SmallVectorImpl<Flat> &flat) {
  uint64_t total = 0;
  for (const Type &type : types)
    total += flatCount(type);
  if (total > limit)
    return false;
  for (const Type &type : types)
    flattenInto(type, ptr, flat);
  return true;
}

/// The same with the option `async`, where a task and not the call gives the results.
static FlatSignature flattenAsync(llvm::ArrayRef<Type> params, llvm::ArrayRef<Type> results,
                                  PtrKind ptr, Context context, Async async) {
  FlatSignature signature;
  unsigned limit = context == Context::Lift ? maxFlatParams : maxFlatAsyncParams;
  signature.paramsInMemory = !flattenTypes(params, ptr, limit, signature.params);
  if (signature.paramsInMemory)
    signature.params = {ptrFlat(ptr)};
  if (context == Context::Lower) {
    signature.resultsInMemory = llvm::any_of(results, [](const Type &t) { return flatCount(t); });
    if (signature.resultsInMemory)
      signature.params.push_back(ptrFlat(ptr));
  }
  if (context == Context::Lower || async == Async::Callback)
    signature.results = {Flat::I32};
  return signature;
}

FlatSignature abi::flattenFunctype(llvm::ArrayRef<Type> params, llvm::ArrayRef<Type> results,
                                   PtrKind ptr, Context context, Async async) {
  if (async != Async::No)
    return flattenAsync(params, results, ptr, context, async);
  FlatSignature signature;
  signature.paramsInMemory = !flattenTypes(params, ptr, maxFlatParams, signature.params);
  signature.resultsInMemory = !flattenTypes(results, ptr, maxFlatResults, signature.results);
  if (signature.paramsInMemory)
    signature.params = {ptrFlat(ptr)};
  if (signature.resultsInMemory)
    (context == Context::Lift ? signature.results : signature.params).push_back(ptrFlat(ptr));
  return signature;
}
