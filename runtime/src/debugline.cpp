//===- debugline.cpp - Reads DWARF 5 line tables --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Just enough of DWARF 4 and 5 (section 6.2) to answer one question, once: the units are run one
// after the other until a sequence covers the address. Everything is bounds-checked; what it does
// not know ends the search in that unit.
//
//===----------------------------------------------------------------------===//

#include "debugline.h"

using namespace tenon::rt;

namespace {

/// Reads forward; past the end everything is zero and `failed` is set.
struct Reader {
  const uint8_t *at, *end;
  bool failed = false;

  template <typename T> T fixed() {
    T value = 0;
    if (static_cast<uint64_t>(end - at) < sizeof(T)) {
      failed = true;
      at = end;
      return value;
    }
    memcpy(&value, at, sizeof(T));
    at += sizeof(T);
    return value;
  }
  uint64_t leb(bool isSigned = false) {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      uint8_t byte = fixed<uint8_t>();
      if (shift < 64)
        value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte & 0x80)
        continue;
      if (isSigned && (byte & 0x40) && shift + 7 < 64)
        value |= ~0ull << (shift + 7);
      return value;
    }
  }
  void skip(uint64_t count) {
    if (count > static_cast<uint64_t>(end - at)) {
      failed = true;
      at = end;
      return;
    }
    at += count;
  }
  Bytes string() {
    const uint8_t *start = at;
    while (fixed<uint8_t>())
      ;
    return failed ? Bytes{} : Bytes{start, static_cast<uint64_t>(at - start - 1)};
  }
};

enum ContentType { ContentPath = 1, ContentDirectory = 2 };
enum Form {
  FormBlock = 0x09,
  FormData1 = 0x0b,
  FormData2 = 0x05,
  FormData4 = 0x06,
  FormData8 = 0x07,
  FormData16 = 0x1e,
  FormString = 0x08,
  FormStrp = 0x0e,
  FormUdata = 0x0f,
  FormLineStrp = 0x1f,
};
enum Opcode {
  OpCopy = 1,
  OpAdvancePc,
  OpAdvanceLine,
  OpSetFile,
  OpSetColumn,
  OpNegate,
  OpBasicBlock,
  OpConstAddPc,
  OpFixedAdvancePc,
  OpPrologueEnd,
  OpEpilogueBegin,
  OpSetIsa,
};
enum ExtendedOpcode { OpEndSequence = 1, OpSetAddress = 2 };

/// One unit's header, and where its tables stand.
struct Unit {
  uint16_t version = 0;
  uint8_t minimumLength = 1, opcodeBase = 0, lineRange = 1;
  int8_t lineBase = 0;
  const uint8_t *operandCounts = nullptr;
  const uint8_t *directories = nullptr, *program = nullptr, *end = nullptr;
};

struct Entry {
  Bytes path;
  uint64_t directory = 0;
};

/// The value of one field; numbers in `number`, strings in `text`.
void readForm(Reader &in, uint64_t form, Bytes strings, Bytes &text, uint64_t &number) {
  switch (form) {
  case FormString:
    text = in.string();
    return;
  case FormLineStrp: {
    uint64_t offset = in.fixed<uint32_t>();
    if (offset < strings.size) {
      Reader at = {strings.data + offset, strings.data + strings.size};
      text = at.string();
    }
    return;
  }
  case FormStrp:
    in.skip(4);
    return;
  case FormUdata:
    number = in.leb();
    return;
  case FormData1:
    number = in.fixed<uint8_t>();
    return;
  case FormData2:
    number = in.fixed<uint16_t>();
    return;
  case FormData4:
    number = in.fixed<uint32_t>();
    return;
  case FormData8:
    number = in.fixed<uint64_t>();
    return;
  case FormData16:
    in.skip(16);
    return;
  case FormBlock:
    in.skip(in.leb());
    return;
  }
  in.failed = true;
}

/// Walks a directory or file table (section 6.2.4.1) and picks entry `wanted`.
Entry readTable(Reader &in, Bytes strings, uint64_t wanted) {
  Reader formats = in;
  uint8_t formatCount = in.fixed<uint8_t>();
  for (unsigned i = 0; i < formatCount; ++i) {
    in.leb();
    in.leb();
  }
  uint64_t count = in.leb();
  Entry picked;
  for (uint64_t i = 0; i < count && !in.failed; ++i) {
    Entry entry;
    Reader format = formats;
    format.skip(1);
    for (unsigned field = 0; field < formatCount; ++field) {
      uint64_t type = format.leb(), form = format.leb(), number = 0;
      Bytes text = {};
      readForm(in, form, strings, text, number);
      if (type == ContentPath)
        entry.path = text;
      if (type == ContentDirectory)
        entry.directory = number;
    }
    if (i == wanted)
      picked = entry;
  }
  return picked;
}

/// Strings up to an empty one; the `wanted`th of them, counted from 1.
Bytes readOldDirectories(Reader &in, uint64_t wanted) {
  Bytes picked = {};
  for (uint64_t i = 1;; ++i) {
    Bytes name = in.string();
    if (!name.size)
      return picked;
    if (i == wanted)
      picked = name;
  }
}

/// The file table of DWARF 4: name, directory, time, size; ended by an empty name.
Entry readOldFiles(Reader &in, uint64_t wanted) {
  Entry picked;
  for (uint64_t i = 1;; ++i) {
    Entry entry;
    entry.path = in.string();
    if (!entry.path.size)
      return picked;
    entry.directory = in.leb();
    in.leb();
    in.leb();
    if (i == wanted)
      picked = entry;
  }
}

/// Reads a header; `in` goes on behind the unit. False: skip this unit.
bool readHeader(Reader &in, Unit &unit) {
  uint64_t length = in.fixed<uint32_t>();
  if (length >= 0xfffffff0 || length > static_cast<uint64_t>(in.end - in.at)) {
    in.failed = true;
    return false;
  }
  Reader header = {in.at, in.at + length};
  unit.end = header.end;
  in.skip(length);
  unit.version = header.fixed<uint16_t>();
  if (unit.version != 4 && unit.version != 5)
    return false;
  if (unit.version == 5)
    header.skip(2); // sizes of an address and of a segment selector
  uint64_t headerLength = header.fixed<uint32_t>();
  Reader program = header;
  program.skip(headerLength);
  unit.program = program.at;
  unit.minimumLength = header.fixed<uint8_t>();
  header.skip(2); // operations of an instruction, default of is_stmt
  unit.lineBase = header.fixed<int8_t>();
  unit.lineRange = header.fixed<uint8_t>();
  unit.opcodeBase = header.fixed<uint8_t>();
  unit.operandCounts = header.at;
  header.skip(unit.opcodeBase ? unit.opcodeBase - 1 : 0);
  unit.directories = header.at;
  return !header.failed && !program.failed && unit.lineRange && unit.opcodeBase;
}

/// The machine of section 6.2.5, with a memory of one row.
class LineProgram {
public:
  struct State {
    uint64_t address = 0, file = 1, line = 1;
  };
  explicit LineProgram(const Unit &unit) : unit(unit), in{unit.program, unit.end} {}

  /// The row that covers `address`.
  bool find(uintptr_t address, State &row) {
    pc = address;
    return run(row);
  }

private:
  const Unit &unit;
  Reader in;
  uintptr_t pc = 0;
  State state, previous;
  bool hasPrevious = false;

  bool run(State &row) {
    while (in.at < in.end && !in.failed) {
      if (!step())
        continue;
      row = previous;
      return true;
    }
    return false;
  }

  void advance(uint64_t operations) { state.address += operations * unit.minimumLength; }

  /// A new row: whether what is wanted now stands in `previous`.
  bool emit(bool isEnd) {
    if (hasPrevious && previous.address <= pc && pc < state.address)
      return true;
    previous = state;
    hasPrevious = !isEnd;
    if (isEnd)
      state = State();
    return false;
  }

  bool stepExtended() {
    uint64_t length = in.leb();
    const uint8_t *start = in.at;
    uint8_t code = length ? in.fixed<uint8_t>() : 0;
    if (code == OpSetAddress)
      state.address = in.fixed<uint64_t>();
    bool found = code == OpEndSequence && emit(true);
    if (!found) {
      in.at = start;
      in.skip(length);
    }
    return found;
  }

  bool step() {
    uint8_t opcode = in.fixed<uint8_t>();
    if (opcode >= unit.opcodeBase) {
      unsigned adjusted = opcode - unit.opcodeBase;
      advance(adjusted / unit.lineRange);
      state.line +=
          static_cast<uint64_t>(static_cast<int64_t>(unit.lineBase) + adjusted % unit.lineRange);
      return emit(false);
    }
    switch (opcode) {
    case 0:
      return stepExtended();
    case OpCopy:
      return emit(false);
    case OpAdvancePc:
      advance(in.leb());
      return false;
    case OpAdvanceLine:
      state.line += in.leb(/*isSigned=*/true);
      return false;
    case OpSetFile:
      state.file = in.leb();
      return false;
    case OpConstAddPc:
      advance((255u - unit.opcodeBase) / unit.lineRange);
      return false;
    case OpFixedAdvancePc:
      state.address += in.fixed<uint16_t>();
      return false;
    }
    for (unsigned i = 0; i < unit.operandCounts[opcode - 1]; ++i)
      in.leb();
    return false;
  }
};

} // namespace

/// The names of file `file` and of its directory. Directory 0 is the compilation's own: generated
/// code has none.
static void nameFile(const Unit &unit, Bytes strings, uint64_t file, LineRow &row) {
  bool isOld = unit.version < 5;
  Reader tables = {unit.directories, unit.end};
  if (isOld)
    readOldDirectories(tables, 0);
  else
    readTable(tables, strings, ~0ull);
  Entry entry = isOld ? readOldFiles(tables, file) : readTable(tables, strings, file);
  row.file = entry.path;
  row.directory = {};
  if (!entry.directory)
    return;
  Reader again = {unit.directories, unit.end};
  row.directory = isOld ? readOldDirectories(again, entry.directory)
                        : readTable(again, strings, entry.directory).path;
}

bool tenon::rt::findLine(Bytes debugLine, Bytes strings, uintptr_t pc, LineRow &row) {
  Reader in = {debugLine.data, debugLine.data + debugLine.size};
  while (in.at < in.end && !in.failed) {
    Unit unit;
    LineProgram::State found;
    if (!readHeader(in, unit) || !LineProgram(unit).find(pc, found))
      continue;
    row.line = found.line;
    nameFile(unit, strings, found.file, row);
    return true;
  }
  return false;
}
