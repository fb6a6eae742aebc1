//===- StartModules.cpp - The core modules of a start function ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one thing that adapters can't do for us: results come through memory, and parameters are
// flat. So an argument of more than one flat value is fetched into an area of its own, and loaded
// from there as CanonicalABI.md#flat-lowering would (`FlatLoader`); the areas' addresses are
// constants.
//
//===----------------------------------------------------------------------===//

#include "CoreModuleWriter.h"
#include "ValueModules.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using abi::Flat;
using abi::Kind;
using llvm::SmallVector;

static constexpr abi::PtrKind ptr = abi::PtrKind::I32;

//===----------------------------------------------------------------------===//
// Out of memory
//===----------------------------------------------------------------------===//

namespace {

/// Pushes the flat values of a value that stands at an address.
class FlatLoader {
public:
  explicit FlatLoader(CoreBody &body) : body(body) {}

  void load(const abi::Type &type, uint32_t address);

private:
  CoreBody &body;

  void loadLeaf(CoreOp op, uint32_t address) {
    body.i32(address);
    body.access(op);
  }
  void loadInteger(uint64_t size, uint32_t address) {
    loadLeaf(size == 1   ? CoreOp::I32Load8U
             : size == 2 ? CoreOp::I32Load16U
                         : CoreOp::I32Load,
             address);
  }
  void loadVariant(const abi::Type &type, uint32_t address);
  void convert(Flat from, Flat to);
};

} // namespace

/// To what the cases of a variant share (CanonicalABI.md#flat-lowering).
void FlatLoader::convert(Flat from, Flat to) {
  if (from == to)
    return;
  if (from == Flat::F64)
    return body.op(CoreOp::I64ReinterpretF64);
  if (from == Flat::F32)
    body.op(CoreOp::I32ReinterpretF32);
  if (to == Flat::I64)
    body.op(CoreOp::I64ExtendI32U);
}

/// The places that cases share are locals, zero where the case at hand has nothing. They are used
/// once: nothing here is in a loop.
void FlatLoader::loadVariant(const abi::Type &type, uint32_t address) {
  uint64_t size = abi::discriminantSize(type.children().size());
  SmallVector<Flat> flat = abi::flattenType(type, ptr);
  SmallVector<uint32_t> locals;
  for (Flat one : llvm::drop_begin(flat))
    locals.push_back(body.addLocal(coreType(one)));
  loadInteger(size, address);
  for (auto [index, payload] : llvm::enumerate(type.children())) {
    SmallVector<Flat> own = abi::flattenType(payload, ptr);
    if (own.empty())
      continue;
    loadInteger(size, address);
    body.i32(index);
    body.op(CoreOp::I32Eq);
    body.beginIf();
    load(payload, address + abi::payloadOffset(type, ptr));
    for (size_t i = own.size(); i-- > 0;) {
      convert(own[i], flat[i + 1]);
      body.localSet(locals[i]);
    }
    body.op(CoreOp::End);
  }
  for (uint32_t local : locals)
    body.localGet(local);
}

void FlatLoader::load(const abi::Type &type, uint32_t address) {
  switch (type.kind()) {
  case Kind::None:
    return;
  case Kind::S64:
  case Kind::U64:
    return loadLeaf(CoreOp::I64Load, address);
  case Kind::F32:
    return loadLeaf(CoreOp::F32Load, address);
  case Kind::F64:
    return loadLeaf(CoreOp::F64Load, address);
  case Kind::String:
  case Kind::List:
    loadLeaf(CoreOp::I32Load, address);
    return loadLeaf(CoreOp::I32Load, address + 4);
  case Kind::FixedList:
    for (uint32_t i = 0; i < type.count(); ++i)
      load(type.element(), address + i * abi::elemSize(type.element(), ptr));
    return;
  case Kind::Record:
    for (auto [field, offset] : llvm::zip_equal(type.children(), abi::fieldOffsets(type, ptr)))
      load(field, address + offset);
    return;
  case Kind::Variant:
    return loadVariant(type, address);
  default:
    return loadInteger(abi::elemSize(type, ptr), address);
  }
}

//===----------------------------------------------------------------------===//
// Start functions
//===----------------------------------------------------------------------===//

/// Parts of the function's type, written out; bytes of its areas.
static constexpr uint64_t maxParts = 100000;
static constexpr uint64_t maxAreaBytes = uint64_t(1) << 30;

std::optional<std::string> StartCall::check(llvm::ArrayRef<abi::Type> params,
                                            llvm::ArrayRef<abi::Type> results) {
  uint64_t parts = 0, bytes = 0;
  for (llvm::ArrayRef<abi::Type> types : {params, results})
    for (const abi::Type &type : types) {
      parts += abi::partCount(type);
      bytes += abi::elemSize(type, ptr) + abi::alignment(type, ptr);
    }
  if (parts > maxParts)
    return "a start function whose type has " + std::to_string(parts) + " parts";
  if (bytes > maxAreaBytes)
    return "a start function whose arguments and result take " + std::to_string(bytes) + " bytes";
  return std::nullopt;
}

StartCall::StartCall(std::vector<abi::Type> givenParams, std::vector<abi::Type> givenResults)
    : params(std::move(givenParams)), results(std::move(givenResults)),
      signature(abi::flattenFunctype(params, results, ptr, abi::Context::Lower)) {
  uint64_t end = 0;
  auto allocate = [&](const abi::Type &type) {
    uint64_t address = abi::alignTo(end, abi::alignment(type, ptr));
    end = address + abi::elemSize(type, ptr);
    usesMemory = true;
    return uint32_t(address);
  };
  if (signature.paramsInMemory) {
    abi::Type record = abi::Type::record(params);
    uint32_t address = allocate(record);
    for (uint64_t offset : abi::fieldOffsets(record, ptr))
      paramAreas.push_back(address + offset);
  } else {
    for (const abi::Type &param : params)
      paramAreas.push_back(abi::flatCount(param) > abi::maxFlatResults ? allocate(param) : 0);
  }
  if (signature.resultsInMemory)
    resultArea = allocate(results.front());
  endOfAreas = uint32_t(end);
}

wasm::FuncType StartCall::typeOfArgument(size_t index) const {
  return coreType(abi::flattenFunctype({}, {params[index]}, ptr, abi::Context::Lower));
}

wasm::FuncType StartCall::typeOfCall() const { return coreType(signature); }

/// What stores the one flat value of a type.
static CoreOp storeOf(const abi::Type &type) {
  uint64_t size = abi::elemSize(type, ptr);
  switch (abi::flattenType(type, ptr).front()) {
  case Flat::F32:
    return CoreOp::F32Store;
  case Flat::F64:
    return CoreOp::F64Store;
  case Flat::I64:
    return CoreOp::I64Store;
  default:
    return size == 1 ? CoreOp::I32Store8 : size == 2 ? CoreOp::I32Store16 : CoreOp::I32Store;
  }
}

std::vector<uint8_t> StartCall::makeModule() const {
  CoreModuleWriter module("call");
  for (size_t i = 0; i < params.size(); ++i)
    module.importFunc("values", std::to_string(i), typeOfArgument(i));
  uint32_t callee = module.importFunc("start", "call", typeOfCall());
  if (usesMemory)
    module.importMemory("allocator", "memory");

  // Everything that goes through memory is fetched first, so that what is flat can stay on the
  // stack; fetching has no effects that could be told apart by their order.
  CoreBody body;
  for (auto [index, type] : llvm::enumerate(params)) {
    bool isFlat = abi::flatCount(type) <= abi::maxFlatResults;
    if (isFlat && !signature.paramsInMemory)
      continue;
    body.i32(paramAreas[index]);
    body.call(index);
    if (isFlat)
      body.access(storeOf(type));
  }
  if (signature.paramsInMemory)
    body.i32(paramAreas.front());
  else
    for (auto [index, type] : llvm::enumerate(params)) {
      if (abi::flatCount(type) <= abi::maxFlatResults)
        body.call(index);
      else
        FlatLoader(body).load(type, paramAreas[index]);
    }
  if (signature.resultsInMemory)
    body.i32(resultArea);
  body.call(callee);
  CoreBody result;
  if (!signature.results.empty()) {
    uint32_t global = module.addGlobal(coreType(signature.results.front()));
    body.globalSet(global);
    result.globalGet(global);
  } else {
    result.i32(resultArea);
  }
  module.setStart(module.addFunc({}, body));
  if (!results.empty()) {
    wasm::FuncType type = coreType(abi::flattenFunctype({}, results, ptr, abi::Context::Lift));
    module.exportFunc("result", module.addFunc(type, result));
  }
  return module.take();
}

/// realloc(old, oldSize, alignment, size): always at the end of what is in use, `next`.
std::vector<uint8_t> StartCall::makeAllocator() const {
  constexpr uint32_t old = 0, oldSize = 1, alignment = 2, size = 3;
  wasm::ValType i32 = wasm::ValType::I32, i64 = wasm::ValType::I64;
  CoreModuleWriter module("allocator");
  module.addMemory(std::max(1u, pagesFor(endOfAreas)), std::nullopt);
  module.exportMemory("memory");
  uint32_t next = module.addGlobal(i64, endOfAreas);
  CoreBody body(/*numParams=*/4);
  uint32_t begin = body.addLocal(i64), end = body.addLocal(i64);
  auto getWide = [&](uint32_t param) {
    body.localGet(param);
    body.op(CoreOp::I64ExtendI32U);
  };
  // begin = (next + alignment - 1) & -alignment
  body.globalGet(next);
  getWide(alignment);
  body.op(CoreOp::I64Add);
  body.i64(1);
  body.op(CoreOp::I64Sub);
  body.i64(0);
  getWide(alignment);
  body.op(CoreOp::I64Sub);
  body.op(CoreOp::I64And);
  body.localSet(begin);
  // end = begin + size
  body.localGet(begin);
  getWide(size);
  body.op(CoreOp::I64Add);
  body.localSet(end);
  // Grow by at least what is missing.
  body.localGet(end);
  body.memorySize();
  body.op(CoreOp::I64ExtendI32U);
  body.i64(pageLog2);
  body.op(CoreOp::I64Shl);
  body.op(CoreOp::I64GtU);
  body.beginIf();
  getWide(size);
  getWide(alignment);
  body.op(CoreOp::I64Add);
  body.i64(pageLog2);
  body.op(CoreOp::I64ShrU);
  body.op(CoreOp::I32WrapI64);
  body.i32(1);
  body.op(CoreOp::I32Add);
  body.memoryGrow();
  body.i32(uint32_t(-1));
  body.op(CoreOp::I32Eq);
  body.beginIf();
  body.op(CoreOp::Unreachable);
  body.op(CoreOp::End);
  body.op(CoreOp::End);
  body.localGet(end);
  body.globalSet(next);
  // The old contents, of which there may be more than there is to be.
  body.localGet(begin);
  body.op(CoreOp::I32WrapI64);
  body.localGet(old);
  body.localGet(oldSize);
  body.localGet(size);
  body.localGet(oldSize);
  body.localGet(size);
  body.op(CoreOp::I32LtU);
  body.op(CoreOp::Select);
  body.memoryCopy();
  body.localGet(begin);
  body.op(CoreOp::I32WrapI64);
  module.exportFunc("realloc", module.addFunc({{i32, i32, i32, i32}, {i32}}, body));
  return module.take();
}
