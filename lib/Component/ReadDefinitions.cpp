//===- ReadDefinitions.cpp - Definitions of the binary format -------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Binary.md: instances, aliases, canonical definitions, start, imports and exports, values.
//
//===----------------------------------------------------------------------===//

#include "ReaderImpl.h"

using namespace tenon;
using namespace tenon::component;

//===----------------------------------------------------------------------===//
// Sorts and names
//===----------------------------------------------------------------------===//

LogicalResult Parser::readCoreSort(Sort &out) {
  size_t at = cursor.getPosition();
  uint8_t byte;
  if (failed(read(byte)))
    return failure();
  switch (byte) {
  case 0x00:
    out = Sort::CoreFunc;
    return success();
  case 0x01:
    out = Sort::CoreTable;
    return success();
  case 0x02:
    out = Sort::CoreMemory;
    return success();
  case 0x03:
    out = Sort::CoreGlobal;
    return success();
  case 0x04:
    out = Sort::CoreTag;
    return success();
  case 0x10:
    out = Sort::CoreType;
    return success();
  case 0x11:
    out = Sort::CoreModule;
    return success();
  case 0x12:
    out = Sort::CoreInstance;
    return success();
  default:
    return cursor.errorAt(at, "invalid core sort ") << unsigned(byte);
  }
}

LogicalResult Parser::readSort(Sort &out) {
  size_t at = cursor.getPosition();
  uint8_t byte;
  if (failed(read(byte)))
    return failure();
  switch (byte) {
  case 0x00:
    return readCoreSort(out);
  case 0x01:
    out = Sort::Func;
    return success();
  case 0x02:
    out = Sort::Value;
    return success();
  case 0x03:
    out = Sort::Type;
    return success();
  case 0x04:
    out = Sort::Component;
    return success();
  case 0x05:
    out = Sort::Instance;
    return success();
  default:
    return cursor.errorAt(at, "invalid sort ") << unsigned(byte);
  }
}

LogicalResult Parser::readSortIndex(SortIndex &out) {
  return failed(readSort(out.sort)) ? failure() : read(out.index);
}

LogicalResult Parser::readExternName(ExternName &out) {
  out.location = cursor.getLocation();
  size_t at = cursor.getPosition();
  uint8_t form;
  if (failed(read(form)))
    return failure();
  if (form > 2)
    return cursor.errorAt(at, "invalid leading byte of a name: ") << unsigned(form);
  if (failed(read(out.name)))
    return failure();
  if (form != 2)
    return success();

  FailureOr<uint32_t> count = cursor.readCount("attributes");
  if (failed(count))
    return failure();
  std::optional<llvm::StringRef> *const slots[] = {&out.implements, &out.versionSuffix,
                                                   &out.externalId};
  for (uint32_t i = 0; i < *count; ++i) {
    at = cursor.getPosition();
    uint8_t kind;
    if (failed(read(kind)))
      return failure();
    if (kind > 2)
      return cursor.errorAt(at, "invalid attribute of a name: ") << unsigned(kind);
    if (slots[kind]->has_value())
      return cursor.errorAt(at, "duplicate attribute of '") << out.name << "'";
    if (failed(read(slots[kind]->emplace())))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Instances and aliases
//===----------------------------------------------------------------------===//

LogicalResult Parser::readCoreInstance(CoreInstance &out) {
  bool inlineExports;
  if (failed(readFlag(inlineExports, "the kind of a core instance")))
    return failure();
  out.isInstantiate = !inlineExports;
  if (inlineExports)
    return readVec(out.exports, "exports", [&](CoreInlineExport &one) -> LogicalResult {
      if (failed(read(one.name)) || failed(readCoreSort(one.item.sort)))
        return failure();
      return read(one.item.index);
    });
  if (failed(read(out.module)))
    return failure();
  return readVec(out.args, "arguments", [&](CoreInstance::Arg &arg) -> LogicalResult {
    if (failed(read(arg.name)) || failed(expect(0x12, "the sort instance")))
      return failure();
    return read(arg.instance);
  });
}

LogicalResult Parser::readInstance(Instance &out) {
  bool inlineExports;
  if (failed(readFlag(inlineExports, "the kind of an instance")))
    return failure();
  out.isInstantiate = !inlineExports;
  if (inlineExports)
    return readVec(out.exports, "exports", [&](Instance::InlineExport &one) -> LogicalResult {
      return failed(readExternName(one.name)) ? failure() : readSortIndex(one.item);
    });
  if (failed(read(out.component)))
    return failure();
  return readVec(out.args, "arguments", [&](Instance::Arg &arg) -> LogicalResult {
    arg.location = cursor.getLocation();
    return failed(read(arg.name)) ? failure() : readSortIndex(arg.item);
  });
}

LogicalResult Parser::readAlias(Alias &out) {
  if (failed(readSort(out.sort)))
    return failure();
  size_t at = cursor.getPosition();
  uint8_t target;
  if (failed(read(target)))
    return failure();
  switch (target) {
  case 0x00:
    out.target = Alias::Export;
    return failed(read(out.instance)) ? failure() : read(out.name);
  case 0x01:
    out.target = Alias::CoreExport;
    return failed(read(out.instance)) ? failure() : read(out.name);
  case 0x02:
    out.target = Alias::Outer;
    return failed(read(out.outerCount)) ? failure() : read(out.outerIndex);
  default:
    return cursor.errorAt(at, "invalid target of an alias: ") << unsigned(target);
  }
}

//===----------------------------------------------------------------------===//
// Canonical definitions
//===----------------------------------------------------------------------===//

static std::optional<CanonKind> canonOf(uint8_t opcode) {
  switch (opcode) {
#define TENON_CANON(Name, Spelling, Opcode)                                                        \
  case Opcode:                                                                                     \
    return CanonKind::Name;
#include "tenon/Component/Canon.def"
  default:
    return std::nullopt;
  }
}

LogicalResult Parser::readCanonOption(CanonOptions &out, bool &hasEncoding) {
  size_t at = cursor.getPosition();
  uint8_t option;
  if (failed(read(option)))
    return failure();
  auto index = [&](std::optional<uint32_t> &slot, const char *what) -> LogicalResult {
    if (slot)
      return cursor.errorAt(at, "canonical option '") << what << "' is specified more than once";
    return read(slot.emplace());
  };
  switch (option) {
  case 0x00:
  case 0x01:
  case 0x02:
    if (hasEncoding)
      return cursor.errorAt(at, "canonical option 'string-encoding' is specified more than once");
    hasEncoding = true;
    out.encoding = StringEncoding(option);
    return success();
  case 0x03:
    return index(out.memory, "memory");
  case 0x04:
    return index(out.realloc, "realloc");
  case 0x05:
    return index(out.postReturn, "post-return");
  case 0x06:
    if (out.isAsync)
      return cursor.errorAt(at, "canonical option 'async' is specified more than once");
    out.isAsync = true;
    return success();
  case 0x07:
    return index(out.callback, "callback");
  default:
    return cursor.errorAt(at, "invalid canonical option ") << unsigned(option);
  }
}

LogicalResult Parser::readCanonOptions(CanonOptions &out) {
  FailureOr<uint32_t> count = cursor.readCount("canonical options");
  if (failed(count))
    return failure();
  bool hasEncoding = false;
  for (uint32_t i = 0; i < *count; ++i)
    if (failed(readCanonOption(out, hasEncoding)))
      return failure();
  return success();
}

LogicalResult Parser::readCanon(Canon &out) {
  size_t at = cursor.getPosition();
  uint8_t opcode;
  if (failed(read(opcode)))
    return failure();
  std::optional<CanonKind> kind = canonOf(opcode);
  if (!kind)
    return cursor.errorAt(at, "invalid canonical definition ") << unsigned(opcode);
  out.kind = *kind;
  switch (*kind) {
  case CanonKind::Lift:
    if (failed(expect(0, "the sort func")) || failed(read(out.func)) ||
        failed(readCanonOptions(out.options)))
      return failure();
    return read(out.type);
  case CanonKind::Lower:
    if (failed(expect(0, "the sort func")) || failed(read(out.func)))
      return failure();
    return readCanonOptions(out.options);
  case CanonKind::ResourceNew:
  case CanonKind::ResourceDrop:
  case CanonKind::ResourceRep:
  case CanonKind::StreamNew:
  case CanonKind::StreamDropReadable:
  case CanonKind::StreamDropWritable:
  case CanonKind::FutureNew:
  case CanonKind::FutureDropReadable:
  case CanonKind::FutureDropWritable:
    return read(out.type);
  case CanonKind::StreamRead:
  case CanonKind::StreamWrite:
  case CanonKind::FutureRead:
  case CanonKind::FutureWrite:
    return failed(read(out.type)) ? failure() : readCanonOptions(out.options);
  case CanonKind::StreamCancelRead:
  case CanonKind::StreamCancelWrite:
  case CanonKind::FutureCancelRead:
  case CanonKind::FutureCancelWrite:
    return failed(read(out.type)) ? failure() : readFlag(out.isAsync, "async");
  case CanonKind::SubtaskCancel:
    return readFlag(out.isAsync, "async");
  case CanonKind::TaskReturn:
    return failed(readResultList(out.result)) ? failure() : readCanonOptions(out.options);
  case CanonKind::ContextGet:
  case CanonKind::ContextSet:
    return failed(readCoreValType(out.contextType)) ? failure() : read(out.contextSlot);
  case CanonKind::ErrorContextNew:
  case CanonKind::ErrorContextDebugMessage:
    return readCanonOptions(out.options);
  case CanonKind::WaitableSetWait:
  case CanonKind::WaitableSetPoll:
    return failed(readFlag(out.isCancellable, "cancellable")) ? failure() : read(out.memory);
  case CanonKind::ThreadYield:
  case CanonKind::ThreadSuspend:
  case CanonKind::ThreadSuspendThenResume:
  case CanonKind::ThreadYieldThenResume:
  case CanonKind::ThreadSuspendThenPromote:
  case CanonKind::ThreadYieldThenPromote:
    return readFlag(out.isCancellable, "cancellable");
  case CanonKind::ThreadNewIndirect:
    return failed(read(out.type)) ? failure() : read(out.table);
  case CanonKind::ThreadSpawnRef:
    return failed(readFlag(out.isShared, "shared")) ? failure() : read(out.type);
  case CanonKind::ThreadSpawnIndirect:
    if (failed(readFlag(out.isShared, "shared")) || failed(read(out.type)))
      return failure();
    return read(out.table);
  case CanonKind::ThreadAvailableParallelism:
    return readFlag(out.isShared, "shared");
  case CanonKind::TaskCancel:
  case CanonKind::SubtaskDrop:
  case CanonKind::ErrorContextDrop:
  case CanonKind::WaitableSetNew:
  case CanonKind::WaitableSetDrop:
  case CanonKind::WaitableJoin:
  case CanonKind::BackpressureInc:
  case CanonKind::BackpressureDec:
  case CanonKind::ThreadIndex:
  case CanonKind::ThreadResumeLater:
    return success();
  }
  llvm_unreachable("all kinds are above");
}

//===----------------------------------------------------------------------===//
// Start, imports, exports, values
//===----------------------------------------------------------------------===//

LogicalResult Parser::readStart(Start &out) {
  if (failed(read(out.func)) ||
      failed(readVec(out.args, "arguments", [&](uint32_t &arg) { return read(arg); })))
    return failure();
  return read(out.numResults);
}

LogicalResult Parser::readImport(Import &out) {
  return failed(readExternName(out.name)) ? failure() : readExternType(out.decl);
}

LogicalResult Parser::readExport(Export &out) {
  bool ascribed;
  if (failed(readExternName(out.name)) || failed(readSortIndex(out.item)) ||
      failed(readFlag(ascribed, "the presence of a type")))
    return failure();
  return ascribed ? readExternType(out.ascription.emplace()) : success();
}

LogicalResult Parser::readValue(Value &out) {
  if (failed(readValType(out.type)))
    return failure();
  FailureOr<ByteCursor> value = cursor.readSized("a value");
  if (failed(value))
    return failure();
  out.bytes = value->getBytes();
  out.location = value->getLocation();
  return success();
}
