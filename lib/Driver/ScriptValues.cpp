//===- ScriptValues.cpp - A script's values, in memory and back -----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScriptValues.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"

using namespace tenon;
using namespace tenon::driver;
using text::ScriptValue;

//===----------------------------------------------------------------------===//
// Component types
//===----------------------------------------------------------------------===//

static abi::Type convertPrimitive(component::Primitive primitive) {
  static constexpr abi::Kind kinds[] = {
      abi::Kind::Bool, abi::Kind::S8,   abi::Kind::U8,     abi::Kind::S16, abi::Kind::U16,
      abi::Kind::S32,  abi::Kind::U32,  abi::Kind::S64,    abi::Kind::U64, abi::Kind::F32,
      abi::Kind::F64,  abi::Kind::Char, abi::Kind::String, abi::Kind::U32 /* error-context */};
  return abi::Type::leaf(kinds[unsigned(primitive)]);
}

abi::Type tenon::driver::convertType(const component::TypeArena &arena, component::ValType type) {
  if (type.isPrimitive())
    return convertPrimitive(type.getPrimitive());
  component::TypeId id = type.getType();
  auto members = [&] {
    std::vector<abi::Type> types;
    for (const component::Member &member : arena.getMembers(id))
      types.push_back(member.type ? convertType(arena, *member.type) : abi::Type::none());
    return types;
  };
  switch (arena.getKind(id)) {
  case component::TypeKind::Primitive:
    return convertPrimitive(arena.getPrimitive(id));
  case component::TypeKind::Record:
  case component::TypeKind::Tuple:
    return abi::Type::record(members());
  case component::TypeKind::Variant:
  case component::TypeKind::Result:
  case component::TypeKind::Enum:
    return abi::Type::variant(members());
  case component::TypeKind::Option:
    return abi::Type::option(convertType(arena, arena.getElement(id)));
  case component::TypeKind::List:
    return abi::Type::list(convertType(arena, arena.getElement(id)));
  case component::TypeKind::FixedList:
    return abi::Type::fixedList(convertType(arena, arena.getElement(id)), arena.getLength(id));
  case component::TypeKind::Map:
    return abi::Type::list(abi::Type::record(members()));
  case component::TypeKind::Flags:
    return abi::Type::flags(arena.getMembers(id).size());
  case component::TypeKind::Own:
    return abi::Type::own(0);
  case component::TypeKind::Borrow:
    return abi::Type::borrow(0);
  default: // stream, future: a handle
    return abi::Type::leaf(abi::Kind::U32);
  }
}

namespace {

/// The type of an arena value behind its aliases to primitives.
component::ValType despecialize(const component::TypeArena &arena, component::ValType type) {
  if (!type.isPrimitive() && arena.getKind(type.getType()) == component::TypeKind::Primitive)
    return arena.getPrimitive(type.getType());
  return type;
}

/// A variant's case by its name, for every type that is a variant in the ABI.
std::optional<uint32_t> caseOf(const component::TypeArena &arena, component::ValType type,
                               const ScriptValue &value) {
  switch (value.kind) {
  case ScriptValue::OptionNone:
  case ScriptValue::ResultOk:
    return 0;
  case ScriptValue::OptionSome:
  case ScriptValue::ResultErr:
    return 1;
  case ScriptValue::Variant:
  case ScriptValue::Enum:
    for (auto [index, member] : llvm::enumerate(arena.getMembers(type.getType())))
      if (member.name == value.text)
        return index;
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

/// The payload's type of case `index`.
std::optional<component::ValType> payloadType(const component::TypeArena &arena,
                                              component::ValType type, uint32_t index) {
  if (arena.getKind(type.getType()) == component::TypeKind::Option)
    return index ? std::optional(arena.getElement(type.getType())) : std::nullopt;
  return arena.getMembers(type.getType())[index].type;
}

uint64_t flagBits(const component::TypeArena &arena, component::ValType type,
                  const ScriptValue &value) {
  uint64_t bits = 0;
  for (auto [index, member] : llvm::enumerate(arena.getMembers(type.getType())))
    if (llvm::is_contained(value.labels, member.name))
      bits |= uint64_t(1) << index;
  return bits;
}

/// One of the parts that a value always has: a record's field, an element of a fixed-length list.
struct Part {
  component::ValType type;
  uint64_t offset;
};

using Parts = llvm::SmallVector<Part>;

/// The parts of a type that has a fixed number of them, or of an entry of a map; nothing when that
/// number is not `count`.
std::optional<Parts> partsOf(const component::TypeArena &arena, component::TypeId type,
                             size_t count) {
  Parts parts;
  if (arena.getKind(type) == component::TypeKind::FixedList) {
    if (arena.getLength(type) != count)
      return std::nullopt;
    component::ValType element = arena.getElement(type);
    uint64_t size = abi::elemSize(convertType(arena, element), abi::PtrKind::I64);
    for (uint64_t i = 0; i < arena.getLength(type); ++i)
      parts.push_back({element, i * size});
    return parts;
  }
  if (arena.getMembers(type).size() != count)
    return std::nullopt;
  std::vector<abi::Type> fields;
  for (const component::Member &member : arena.getMembers(type))
    fields.push_back(convertType(arena, *member.type));
  abi::Type record = abi::Type::record(fields);
  for (auto [member, offset] :
       llvm::zip_equal(arena.getMembers(type), abi::fieldOffsets(record, abi::PtrKind::I64)))
    parts.push_back({*member.type, offset});
  return parts;
}

/// CanonicalABI.md, storing and flat lowering, into a command's pieces of memory.
class Lowerer {
public:
  Lowerer(const component::TypeArena &arena, codegen::Command &command)
      : arena(arena), command(command) {}

  LogicalResult flat(const ScriptValue &value, component::ValType type);
  LogicalResult store(const ScriptValue &value, component::ValType type, uint32_t piece,
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

  FailureOr<uint32_t> elements(const ScriptValue &value, component::ValType type, uint64_t &length);
  LogicalResult storeParts(const ScriptValue &value, component::TypeId type, uint32_t piece,
                           uint64_t offset);
  void put(uint32_t piece, uint64_t offset, uint64_t bits, unsigned size) {
    for (unsigned i = 0; i < size; ++i)
      command.memory[piece].bytes[offset + i] = uint8_t(bits >> (8 * i));
  }
};

bool isSequence(const component::TypeArena &arena, component::ValType type) {
  if (type.isPrimitive())
    return type.getPrimitive() == component::Primitive::String;
  component::TypeKind kind = arena.getKind(type.getType());
  return kind == component::TypeKind::List || kind == component::TypeKind::Map;
}

bool isVariant(const component::TypeArena &arena, component::ValType type) {
  if (type.isPrimitive())
    return false;
  component::TypeKind kind = arena.getKind(type.getType());
  return kind == component::TypeKind::Variant || kind == component::TypeKind::Enum ||
         kind == component::TypeKind::Option || kind == component::TypeKind::Result;
}

/// Whether a type is its parts (`partsOf`), one behind the other.
bool isRecord(const component::TypeArena &arena, component::ValType type) {
  if (type.isPrimitive())
    return false;
  component::TypeKind kind = arena.getKind(type.getType());
  return kind == component::TypeKind::Record || kind == component::TypeKind::Tuple ||
         kind == component::TypeKind::FixedList;
}

/// A piece of memory with the contents of a list or string.
FailureOr<uint32_t> Lowerer::elements(const ScriptValue &value, component::ValType type,
                                      uint64_t &length) {
  if (type.isPrimitive()) {
    length = value.text.size();
    uint32_t piece = makePiece(length);
    llvm::copy(value.text, command.memory[piece].bytes.begin());
    return piece;
  }
  uint64_t size = abi::elemSize(convertType(arena, type).element(), abi::PtrKind::I64);
  length = value.elements.size();
  uint32_t piece = makePiece(length * size);
  bool isMap = arena.getKind(type.getType()) == component::TypeKind::Map;
  for (auto [index, item] : llvm::enumerate(value.elements))
    if (failed(isMap ? storeParts(item, type.getType(), piece, index * size)
                     : store(item, arena.getElement(type.getType()), piece, index * size)))
      return failure();
  return piece;
}

LogicalResult Lowerer::storeParts(const ScriptValue &value, component::TypeId type, uint32_t piece,
                                  uint64_t offset) {
  std::optional<Parts> parts = partsOf(arena, type, value.elements.size());
  if (!parts)
    return failure();
  for (auto [item, part] : llvm::zip_equal(value.elements, *parts))
    if (failed(store(item, part.type, piece, offset + part.offset)))
      return failure();
  return success();
}

LogicalResult Lowerer::flat(const ScriptValue &value, component::ValType type) {
  type = despecialize(arena, type);
  if (isSequence(arena, type)) {
    uint64_t length = 0;
    FailureOr<uint32_t> piece = elements(value, type, length);
    if (failed(piece))
      return failure();
    addPointer(*piece);
    command.args.push_back(length);
    return success();
  }
  if (isRecord(arena, type)) {
    std::optional<Parts> parts = partsOf(arena, type.getType(), value.elements.size());
    if (!parts)
      return failure();
    for (auto [item, part] : llvm::zip_equal(value.elements, *parts))
      if (failed(flat(item, part.type)))
        return failure();
    return success();
  }
  if (isVariant(arena, type)) {
    std::optional<uint32_t> index = caseOf(arena, type, value);
    if (!index)
      return failure();
    size_t end = command.args.size() + abi::flatCount(convertType(arena, type));
    command.args.push_back(*index);
    if (!value.elements.empty() &&
        failed(flat(value.elements.front(), *payloadType(arena, type, *index))))
      return failure();
    command.args.resize(end);
    return success();
  }
  if (value.kind == ScriptValue::Flags) {
    command.args.push_back(flagBits(arena, type, value));
    return success();
  }
  if (!value.bits)
    return failure();
  uint32_t size = abi::elemSize(convertType(arena, type), abi::PtrKind::I64);
  command.args.push_back(size == 8 ? *value.bits : uint32_t(*value.bits));
  return success();
}

LogicalResult Lowerer::store(const ScriptValue &value, component::ValType type, uint32_t piece,
                             uint64_t offset) {
  type = despecialize(arena, type);
  abi::Type layout = convertType(arena, type);
  if (isSequence(arena, type)) {
    uint64_t length = 0;
    FailureOr<uint32_t> contents = elements(value, type, length);
    if (failed(contents))
      return failure();
    command.memory[piece].pointers.push_back({uint32_t(offset), *contents});
    put(piece, offset + 8, length, 8);
    return success();
  }
  if (isRecord(arena, type))
    return storeParts(value, type.getType(), piece, offset);
  if (isVariant(arena, type)) {
    std::optional<uint32_t> index = caseOf(arena, type, value);
    if (!index)
      return failure();
    put(piece, offset, *index, abi::discriminantSize(layout.children().size()));
    return value.elements.empty()
               ? success()
               : store(value.elements.front(), *payloadType(arena, type, *index), piece,
                       offset + abi::payloadOffset(layout, abi::PtrKind::I64));
  }
  uint64_t size = abi::elemSize(layout, abi::PtrKind::I64);
  if (value.kind != ScriptValue::Flags && !value.bits)
    return failure();
  put(piece, offset, value.kind == ScriptValue::Flags ? flagBits(arena, type, value) : *value.bits,
      size);
  return success();
}

} // namespace

static wasm::ValType coreType(abi::Flat flat) {
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

LogicalResult tenon::driver::encodeArguments(const component::TypeArena &arena,
                                             const component::FuncType &type,
                                             llvm::ArrayRef<ScriptValue> values,
                                             codegen::Command &command) {
  if (values.size() != type.params.size())
    return failure();
  std::vector<abi::Type> params, results;
  for (const component::Param &param : type.params)
    params.push_back(convertType(arena, param.type));
  if (type.result)
    results.push_back(convertType(arena, *type.result));
  abi::FlatSignature signature =
      abi::flattenFunctype(params, results, abi::PtrKind::Native, abi::Context::Lower);
  for (abi::Flat flat : signature.params)
    command.type.params.push_back(coreType(flat));
  for (abi::Flat flat : signature.results)
    command.type.results.push_back(coreType(flat));
  if (signature.resultsInMemory) { // the last parameter; the command has the area
    command.type.params.pop_back();
    command.areaBytes = abi::elemSize(results.front(), abi::PtrKind::I64);
  }

  Lowerer lowerer(arena, command);
  if (!signature.paramsInMemory) {
    for (auto [value, param] : llvm::zip_equal(values, type.params))
      if (failed(lowerer.flat(value, param.type)))
        return failure();
    return success();
  }
  abi::Type record = abi::Type::record(params);
  uint32_t piece = lowerer.makePiece(abi::elemSize(record, abi::PtrKind::I64));
  llvm::SmallVector<uint64_t> offsets = abi::fieldOffsets(record, abi::PtrKind::I64);
  for (auto [index, value] : llvm::enumerate(values))
    if (failed(lowerer.store(value, type.params[index].type, piece, offsets[index])))
      return failure();
  lowerer.addPointer(piece);
  return success();
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

namespace {

std::optional<uint64_t> readUnsigned(uint64_t address, unsigned size, ReadMemory read) {
  uint8_t bytes[8] = {};
  if (size > 8 || !read(address, size, bytes))
    return std::nullopt;
  return llvm::support::endian::read64le(bytes);
}

bool matchesParts(const component::TypeArena &arena, const ScriptValue &expected,
                  component::TypeId type, uint64_t address, ReadMemory read) {
  std::optional<Parts> parts = partsOf(arena, type, expected.elements.size());
  if (!parts)
    return false;
  for (auto [item, part] : llvm::zip_equal(expected.elements, *parts))
    if (!matchesComponent(arena, item, part.type, address + part.offset, read))
      return false;
  return true;
}

bool matchesSequence(const component::TypeArena &arena, const ScriptValue &expected,
                     component::ValType type, uint64_t address, ReadMemory read) {
  std::optional<uint64_t> begin = readUnsigned(address, 8, read);
  std::optional<uint64_t> length = readUnsigned(address + 8, 8, read);
  if (!begin || !length)
    return false;
  if (type.isPrimitive()) {
    std::string text(expected.text.size(), 0);
    return *length == expected.text.size() &&
           (text.empty() || read(*begin, text.size(), reinterpret_cast<uint8_t *>(text.data()))) &&
           text == expected.text;
  }
  if (*length != expected.elements.size())
    return false;
  uint64_t size = abi::elemSize(convertType(arena, type).element(), abi::PtrKind::I64);
  bool isMap = arena.getKind(type.getType()) == component::TypeKind::Map;
  for (auto [index, item] : llvm::enumerate(expected.elements)) {
    uint64_t at = *begin + index * size;
    if (!(isMap ? matchesParts(arena, item, type.getType(), at, read)
                : matchesComponent(arena, item, arena.getElement(type.getType()), at, read)))
      return false;
  }
  return true;
}

bool matchesVariant(const component::TypeArena &arena, const ScriptValue &expected,
                    component::ValType type, uint64_t address, ReadMemory read) {
  abi::Type layout = convertType(arena, type);
  std::optional<uint32_t> index = caseOf(arena, type, expected);
  if (!index ||
      readUnsigned(address, abi::discriminantSize(layout.children().size()), read) != *index)
    return false;
  std::optional<component::ValType> payload = payloadType(arena, type, *index);
  if (expected.elements.empty() || !payload)
    return expected.elements.empty();
  return matchesComponent(arena, expected.elements.front(), *payload,
                          address + abi::payloadOffset(layout, abi::PtrKind::I64), read);
}

} // namespace

bool tenon::driver::matchesComponent(const component::TypeArena &arena, const ScriptValue &expected,
                                     component::ValType type, uint64_t address, ReadMemory read) {
  type = despecialize(arena, type);
  if (isSequence(arena, type))
    return matchesSequence(arena, expected, type, address, read);
  if (isVariant(arena, type))
    return matchesVariant(arena, expected, type, address, read);
  abi::Type layout = convertType(arena, type);
  if (isRecord(arena, type))
    return matchesParts(arena, expected, type.getType(), address, read);
  unsigned size = abi::elemSize(layout, abi::PtrKind::I64);
  std::optional<uint64_t> bits = readUnsigned(address, size, read);
  if (!bits)
    return false;
  if (expected.kind == ScriptValue::Flags)
    return *bits == flagBits(arena, type, expected);
  if (expected.kind == ScriptValue::F32 || expected.kind == ScriptValue::F64)
    return matchesFloat(*bits, size == 8, expected.nan, expected.bits.value_or(0));
  uint64_t mask = size == 8 ? ~uint64_t(0) : (uint64_t(1) << (8 * size)) - 1;
  return expected.bits && *bits == (*expected.bits & mask);
}
