//===- HostValues.cpp - Values on the host's side of a program ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The arena's type is walked beside its layout: the one says what a value is, the other where.
//
//===----------------------------------------------------------------------===//

#include "HostValues.h"
#include "tenon/CanonicalABI/Layout.h"
#include "tenon/Import/ValueLayout.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"

using namespace tenon;
using namespace tenon::driver;
using abi::Kind;
using component::Val;
using component::ValType;

namespace {

uint64_t sizeOf(const abi::Type &layout) { return abi::elemSize(layout, abi::PtrKind::I64); }

/// The types of what a value of an aggregate type is made of, each with its layout. An element type
/// stands for all elements.
struct Part {
  ValType type;
  abi::Type layout;
};

/// Part `index` of a record or tuple; of a list, where all are alike.
Part partOf(const component::TypeArena &arena, ValType type, const abi::Type &layout,
            size_t index) {
  bool isList = layout.kind() != Kind::Record;
  llvm::ArrayRef<component::Member> members = arena.getMembers(type.getType());
  return isList ? Part{arena.getElement(type.getType()), layout.element()}
                : Part{*members[index].type, layout.children()[index]};
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// CanonicalABI.md, storing and flat lowering, into a command's pieces of memory.
class Lowerer {
public:
  Lowerer(const component::TypeArena &arena, codegen::Command &command)
      : arena(arena), command(command) {}

  void flat(const Val &value, ValType type, const abi::Type &layout);
  void store(const Val &value, ValType type, const abi::Type &layout, uint32_t piece,
             uint64_t offset);
  uint32_t makePiece(uint64_t size) {
    command.memory.push_back({std::vector<uint8_t>(size), {}});
    return command.memory.size() - 1;
  }
  void addPointer(uint32_t piece) {
    command.pointers.push_back({uint32_t(command.args.size()), piece});
    command.args.push_back(0);
  }

private:
  const component::TypeArena &arena;
  codegen::Command &command;

  uint32_t storeContents(const Val &value, ValType type, const abi::Type &layout, uint64_t &length);
  void storeEntry(const Val &entry, ValType map, const abi::Type &layout, uint32_t piece,
                  uint64_t offset);
  void put(uint32_t piece, uint64_t offset, uint64_t bits, unsigned size) {
    for (unsigned i = 0; i < size; ++i)
      command.memory[piece].bytes[offset + i] = uint8_t(bits >> (8 * i));
  }
};

bool isMap(const component::TypeArena &arena, ValType type) {
  return !type.isPrimitive() && arena.getKind(type.getType()) == component::TypeKind::Map;
}

/// A piece of memory with the contents of a list or string.
uint32_t Lowerer::storeContents(const Val &value, ValType type, const abi::Type &layout,
                                uint64_t &length) {
  if (layout.kind() == Kind::String) {
    length = value.text.size();
    uint32_t piece = makePiece(length);
    llvm::copy(value.text, command.memory[piece].bytes.begin());
    return piece;
  }
  uint64_t size = sizeOf(layout.element());
  length = value.elements.size();
  uint32_t piece = makePiece(length * size);
  for (auto [index, element] : llvm::enumerate(value.elements)) {
    if (isMap(arena, type))
      storeEntry(element, type, layout.element(), piece, index * size);
    else
      store(element, arena.getElement(type.getType()), layout.element(), piece, index * size);
  }
  return piece;
}

void Lowerer::storeEntry(const Val &entry, ValType map, const abi::Type &layout, uint32_t piece,
                         uint64_t offset) {
  llvm::SmallVector<uint64_t> offsets = abi::fieldOffsets(layout, abi::PtrKind::I64);
  for (auto [index, member] : llvm::enumerate(arena.getMembers(map.getType())))
    store(entry.elements[index], *member.type, layout.children()[index], piece,
          offset + offsets[index]);
}

void Lowerer::flat(const Val &value, ValType type, const abi::Type &layout) {
  switch (layout.kind()) {
  case Kind::String:
  case Kind::List: {
    uint64_t length = 0;
    addPointer(storeContents(value, type, layout, length));
    command.args.push_back(length);
    return;
  }
  case Kind::Record:
  case Kind::FixedList:
    for (auto [index, element] : llvm::enumerate(value.elements)) {
      Part part = partOf(arena, type, layout, index);
      flat(element, part.type, part.layout);
    }
    return;
  case Kind::Variant: {
    size_t end = command.args.size() + abi::flatCount(layout);
    command.args.push_back(value.bits);
    if (!value.elements.empty())
      flat(value.elements.front(), *component::getPayloadType(arena, type.getType(), value.bits),
           layout.children()[value.bits]);
    command.args.resize(end);
    return;
  }
  default:
    command.args.push_back(sizeOf(layout) == 8 ? value.bits : uint32_t(value.bits));
  }
}

void Lowerer::store(const Val &value, ValType type, const abi::Type &layout, uint32_t piece,
                    uint64_t offset) {
  switch (layout.kind()) {
  case Kind::String:
  case Kind::List: {
    uint64_t length = 0;
    uint32_t contents = storeContents(value, type, layout, length);
    command.memory[piece].pointers.push_back({uint32_t(offset), contents});
    put(piece, offset + 8, length, 8);
    return;
  }
  case Kind::Record: {
    llvm::SmallVector<uint64_t> offsets = abi::fieldOffsets(layout, abi::PtrKind::I64);
    for (auto [index, element] : llvm::enumerate(value.elements)) {
      Part part = partOf(arena, type, layout, index);
      store(element, part.type, part.layout, piece, offset + offsets[index]);
    }
    return;
  }
  case Kind::FixedList:
    for (auto [index, element] : llvm::enumerate(value.elements)) {
      Part part = partOf(arena, type, layout, index);
      store(element, part.type, part.layout, piece, offset + index * sizeOf(part.layout));
    }
    return;
  case Kind::Variant:
    put(piece, offset, value.bits, abi::discriminantSize(layout.children().size()));
    if (!value.elements.empty())
      store(value.elements.front(), *component::getPayloadType(arena, type.getType(), value.bits),
            layout.children()[value.bits], piece,
            offset + abi::payloadOffset(layout, abi::PtrKind::I64));
    return;
  default:
    put(piece, offset, value.bits, sizeOf(layout));
  }
}

wasm::ValType coreType(abi::Flat flat) {
  switch (flat) {
  case abi::Flat::I32:
    return wasm::ValType::I32;
  case abi::Flat::I64:
    return wasm::ValType::I64;
  case abi::Flat::F32:
    return wasm::ValType::F32;
  case abi::Flat::F64:
    return wasm::ValType::F64;
  case abi::Flat::Ptr:
    return wasm::ValType::externref(); // a pointer, in LLVM's terms
  }
  llvm_unreachable("a flat type that is none");
}

} // namespace

void tenon::driver::encodeArguments(const component::TypeArena &arena,
                                    const component::FuncType &type, llvm::ArrayRef<Val> values,
                                    codegen::Command &command) {
  assert(values.size() == type.params.size() && "whoever made the values had the type");
  std::vector<abi::Type> params, results;
  LayoutCache layouts(arena);
  for (const component::Param &param : type.params)
    params.push_back(layouts.get(param.type));
  if (type.result)
    results.push_back(layouts.get(*type.result));
  abi::FlatSignature signature =
      abi::flattenFunctype(params, results, abi::PtrKind::Native, abi::Context::Lower);
  for (abi::Flat flat : signature.params)
    command.type.params.push_back(coreType(flat));
  for (abi::Flat flat : signature.results)
    command.type.results.push_back(coreType(flat));
  if (signature.resultsInMemory) { // the last parameter; the command has the area
    command.type.params.pop_back();
    command.areaBytes = sizeOf(results.front());
  }

  Lowerer lowerer(arena, command);
  if (!signature.paramsInMemory) {
    for (auto [index, value] : llvm::enumerate(values))
      lowerer.flat(value, type.params[index].type, params[index]);
    return;
  }
  abi::Type record = abi::Type::record(params);
  uint32_t piece = lowerer.makePiece(sizeOf(record));
  llvm::SmallVector<uint64_t> offsets = abi::fieldOffsets(record, abi::PtrKind::I64);
  for (auto [index, value] : llvm::enumerate(values))
    lowerer.store(value, type.params[index].type, params[index], piece, offsets[index]);
  lowerer.addPointer(piece);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

namespace {

/// CanonicalABI.md, loading. One block of the program's memory is at hand, and everything in it but
/// what it points to is read from there.
class Loader {
public:
  Loader(const component::TypeArena &arena, ReadMemory read) : arena(arena), read(read) {}

  /// A value of its own: its bytes are read at once.
  std::optional<Val> loadAt(uint64_t address, ValType type, const abi::Type &layout);

private:
  using Bytes = llvm::ArrayRef<uint8_t>;
  /// Of a list: here pointers are wider than in most memories, and UTF-8 is longer than UTF-16.
  static constexpr uint64_t maxBytes = 4 * abi::maxListByteLength;
  const component::TypeArena &arena;
  ReadMemory read;

  std::optional<Val> load(Bytes bytes, ValType type, const abi::Type &layout);
  std::optional<Val> loadList(Bytes bytes, ValType type, const abi::Type &layout);
  std::optional<Val> loadVariant(Bytes bytes, ValType type, const abi::Type &layout);
  bool append(Val &value, std::optional<Val> part) {
    if (part)
      value.elements.push_back(std::move(*part));
    return part.has_value();
  }
  static uint64_t number(Bytes bytes, unsigned size) {
    uint8_t eight[8] = {};
    llvm::copy(bytes.take_front(size), eight);
    return llvm::support::endian::read64le(eight);
  }
};

std::optional<Val> Loader::loadAt(uint64_t address, ValType type, const abi::Type &layout) {
  std::vector<uint8_t> bytes(sizeOf(layout));
  if (!read(address, bytes.size(), bytes.data()))
    return std::nullopt;
  return load(bytes, type, layout);
}

std::optional<Val> Loader::loadList(Bytes bytes, ValType type, const abi::Type &layout) {
  bool isString = layout.kind() == Kind::String;
  uint64_t begin = number(bytes, 8), length = number(bytes.drop_front(8), 8);
  uint64_t size = isString ? 1 : sizeOf(layout.element());
  if (length > maxBytes / std::max<uint64_t>(size, 1))
    return std::nullopt;
  std::vector<uint8_t> contents(length * size);
  if (!contents.empty() && !read(begin, contents.size(), contents.data()))
    return std::nullopt;
  Val value;
  if (isString) {
    value.text.assign(contents.begin(), contents.end());
    return value;
  }
  value.elements.reserve(length);
  for (uint64_t i = 0; i < length; ++i) {
    Bytes element = Bytes(contents).slice(i * size, size);
    if (!isMap(arena, type)) {
      if (!append(value, load(element, arena.getElement(type.getType()), layout.element())))
        return std::nullopt;
      continue;
    }
    Val &entry = value.elements.emplace_back();
    llvm::SmallVector<uint64_t> offsets = abi::fieldOffsets(layout.element(), abi::PtrKind::I64);
    for (auto [index, member] : llvm::enumerate(arena.getMembers(type.getType())))
      if (!append(entry, load(element.drop_front(offsets[index]), *member.type,
                              layout.element().children()[index])))
        return std::nullopt;
  }
  return value;
}

std::optional<Val> Loader::loadVariant(Bytes bytes, ValType type, const abi::Type &layout) {
  Val value;
  value.bits = number(bytes, abi::discriminantSize(layout.children().size()));
  if (value.bits >= layout.children().size())
    return std::nullopt;
  std::optional<ValType> payload = component::getPayloadType(arena, type.getType(), value.bits);
  if (payload &&
      !append(value, load(bytes.drop_front(abi::payloadOffset(layout, abi::PtrKind::I64)), *payload,
                          layout.children()[value.bits])))
    return std::nullopt;
  return value;
}

std::optional<Val> Loader::load(Bytes bytes, ValType type, const abi::Type &layout) {
  switch (layout.kind()) {
  case Kind::String:
  case Kind::List:
    return loadList(bytes, type, layout);
  case Kind::Variant:
    return loadVariant(bytes, type, layout);
  case Kind::Record:
  case Kind::FixedList: {
    Val value;
    bool isRecord = layout.kind() == Kind::Record;
    llvm::SmallVector<uint64_t> offsets;
    if (isRecord)
      offsets = abi::fieldOffsets(layout, abi::PtrKind::I64);
    size_t count = isRecord ? offsets.size() : layout.count();
    for (size_t i = 0; i < count; ++i) {
      Part part = partOf(arena, type, layout, i);
      uint64_t offset = isRecord ? offsets[i] : i * sizeOf(part.layout);
      if (!append(value, load(bytes.drop_front(offset), part.type, part.layout)))
        return std::nullopt;
    }
    return value;
  }
  default: {
    Val value;
    unsigned size = sizeOf(layout);
    value.bits = number(bytes, size);
    bool isSigned =
        layout.kind() == Kind::S8 || layout.kind() == Kind::S16 || layout.kind() == Kind::S32;
    if (isSigned)
      value.bits = uint64_t(llvm::SignExtend64(value.bits, 8 * size));
    return value;
  }
  }
}

} // namespace

std::optional<Val> tenon::driver::readValue(const component::TypeArena &arena, ValType type,
                                            uint64_t address, ReadMemory read) {
  return Loader(arena, read).loadAt(address, type, LayoutCache(arena).get(type));
}

std::optional<Val> tenon::driver::readResult(const component::TypeArena &arena,
                                             const component::FuncType &type,
                                             const codegen::Command &command,
                                             llvm::ArrayRef<uint64_t> slots, ReadMemory read) {
  if (!type.result || slots.empty())
    return std::nullopt;
  if (command.areaBytes)
    return readValue(arena, *type.result, slots.front(), read);
  // One flat value, in the slot.
  return readValue(arena, *type.result, 0, [&](uint64_t address, size_t size, uint8_t *out) {
    if (address + size > slots.size() * 8)
      return false;
    memcpy(out, reinterpret_cast<const uint8_t *>(slots.data()) + address, size);
    return true;
  });
}
