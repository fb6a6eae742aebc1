//===- ehframe.cpp - The unwind tables of the program ---------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `.eh_frame_hdr` is a sorted table from functions to their entries (FDEs) in `.eh_frame`, each
// with a common entry (CIE): programs for a small machine whose state, at an address, is a rule for
// every register (DWARF 4, section 6.4; Linux Standard Base, "Exception Frames"). An FDE may point
// to its function's list of calls (LSDA) in `.gcc_except_table`.
//
// Only what LLVM writes for our functions is read. Every table is read inside its section; what is
// damaged ends the program.
//
//===----------------------------------------------------------------------===//

#include "ehframe.h"

using namespace tenon::rt;

// Laid down by the linker script (lib/Link/Script.cpp).
extern "C" const uint8_t tenon_eh_frame_hdr[], tenon_eh_frame_hdr_end[], tenon_eh_frame[],
    tenon_eh_frame_end[], tenon_except_table[], tenon_except_table_end[];

namespace {

[[noreturn, gnu::cold]] void refuse() { fatal("the program's unwind tables are damaged"); }

/// DW_EH_PE_*: how a pointer is written, and what it counts from.
enum Encoding : uint8_t {
  FormatMask = 0x0f,
  FormatPointer = 0x00,
  FormatUleb = 0x01,
  FormatUdata2 = 0x02,
  FormatUdata4 = 0x03,
  FormatUdata8 = 0x04,
  FormatSleb = 0x09,
  FormatSdata2 = 0x0a,
  FormatSdata4 = 0x0b,
  FormatSdata8 = 0x0c,
  BaseMask = 0x70,
  BaseSelf = 0x10,
  BaseTable = 0x30,
  Indirect = 0x80,
  Omitted = 0xff,
};

/// Reads inside a section.
class Reader {
public:
  Reader(const uint8_t *at, const uint8_t *begin, const uint8_t *end) : at(at), end(end) {
    if (at < begin || at > end)
      refuse();
  }

  const uint8_t *position() const { return at; }
  bool atEnd() const { return at == end; }

  template <typename T> T read() {
    T value;
    memcpy(&value, take(sizeof(T)), sizeof(T));
    return value;
  }
  uint64_t uleb() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      uint8_t byte = read<uint8_t>();
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (!(byte & 0x80))
        return value;
    }
    refuse();
  }
  int64_t sleb() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64;) {
      uint8_t byte = read<uint8_t>();
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      shift += 7;
      if (!(byte & 0x80))
        return static_cast<int64_t>(shift < 64 && byte & 0x40 ? value | ~uint64_t(0) << shift
                                                              : value);
    }
    refuse();
  }
  /// A pointer; 0: none.
  uintptr_t pointer(uint8_t encoding, const uint8_t *table = nullptr) {
    if (encoding == Omitted)
      return 0;
    uintptr_t self = reinterpret_cast<uintptr_t>(at);
    uintptr_t value = number(encoding & FormatMask);
    if (!value)
      return 0;
    switch (encoding & BaseMask) {
    case 0:
      break;
    case BaseSelf:
      value += self;
      break;
    case BaseTable:
      value += reinterpret_cast<uintptr_t>(table);
      break;
    default:
      refuse();
    }
    return encoding & Indirect ? *reinterpret_cast<const uintptr_t *>(value) : value;
  }
  uintptr_t number(uint8_t format) {
    switch (format) {
    case FormatPointer:
    case FormatUdata8:
    case FormatSdata8:
      return read<uint64_t>();
    case FormatUleb:
      return uleb();
    case FormatSleb:
      return static_cast<uintptr_t>(sleb());
    case FormatUdata2:
      return read<uint16_t>();
    case FormatSdata2:
      return static_cast<uintptr_t>(long(read<int16_t>()));
    case FormatUdata4:
      return read<uint32_t>();
    case FormatSdata4:
      return static_cast<uintptr_t>(long(read<int32_t>()));
    }
    refuse();
  }
  const uint8_t *take(uint64_t size) {
    if (static_cast<uint64_t>(end - at) < size)
      refuse();
    const uint8_t *taken = at;
    at += size;
    return taken;
  }
  /// The next `size` bytes, as a reader of their own.
  Reader slice(uint64_t size) {
    const uint8_t *from = take(size);
    return Reader(from, from, from + size);
  }

private:
  const uint8_t *at, *end;
};

/// An entry of `.eh_frame`, without its length.
Reader entryAt(const uint8_t *at) {
  Reader reader(at, tenon_eh_frame, tenon_eh_frame_end);
  uint32_t length = reader.read<uint32_t>();
  if (length == 0 || length == 0xffffffff)
    refuse();
  return reader.slice(length);
}

/// What a CIE says.
struct Common {
  uint64_t codeAlignment = 1;
  int64_t dataAlignment = 1;
  uint8_t addressEncoding = FormatPointer, callsEncoding = Omitted;
  bool hasAugmentation = false;
  Reader program;
};

Common readCommon(const uint8_t *at) {
  Reader reader = entryAt(at);
  if (reader.read<uint32_t>() != 0) // a CIE
    refuse();
  uint8_t version = reader.read<uint8_t>();
  const uint8_t *augmentation = reader.position();
  while (reader.read<char>())
    ;
  uint64_t codeAlignment = reader.uleb();
  int64_t dataAlignment = reader.sleb();
  uint64_t returnRegister = version == 1 ? reader.read<uint8_t>() : reader.uleb();
  if (slotOfDwarf(returnRegister) != SlotReturn)
    refuse();
  Common common{codeAlignment, dataAlignment, FormatPointer, Omitted, false, reader};
  if (*augmentation == 'z') {
    common.hasAugmentation = true;
    Reader data = reader.slice(reader.uleb());
    for (++augmentation; *augmentation; ++augmentation) {
      if (*augmentation == 'P') { // the personality: nobody calls it
        uint8_t encoding = data.read<uint8_t>();
        data.number(encoding & FormatMask);
      } else if (*augmentation == 'L') {
        common.callsEncoding = data.read<uint8_t>();
      } else if (*augmentation == 'R') {
        common.addressEncoding = data.read<uint8_t>();
      } else {
        refuse();
      }
    }
  } else if (*augmentation) {
    refuse();
  }
  common.program = reader;
  return common;
}

/// The FDE of the function that holds `pc`, or one before it; null: none.
const uint8_t *searchTable(uintptr_t pc) {
  const uint8_t *table = tenon_eh_frame_hdr;
  Reader reader(table, table, tenon_eh_frame_hdr_end);
  uint8_t version = reader.read<uint8_t>();
  uint8_t frameEncoding = reader.read<uint8_t>(), countEncoding = reader.read<uint8_t>(),
          entryEncoding = reader.read<uint8_t>();
  if (version != 1 || entryEncoding != (uint8_t(BaseTable) | uint8_t(FormatSdata4)))
    refuse();
  reader.pointer(frameEncoding, table);
  uint64_t count = reader.pointer(countEncoding, table);
  struct Entry {
    int32_t function, description;
  };
  const uint8_t *entries = reader.take(count * sizeof(Entry));
  auto entry = [&](uint64_t i) {
    Entry found;
    memcpy(&found, entries + i * sizeof(Entry), sizeof(Entry));
    return found;
  };
  long offset = static_cast<long>(pc - reinterpret_cast<uintptr_t>(table));
  uint64_t low = 0, high = count; // the last entry not behind pc is in [low - 1, high)
  while (low < high) {
    uint64_t middle = low + (high - low) / 2;
    if (entry(middle).function <= offset)
      low = middle + 1;
    else
      high = middle;
  }
  return low ? table + entry(low - 1).description : nullptr;
}

/// The rules for registers at an address.
struct Row {
  uint8_t cfaSlot = SlotStack;
  int64_t cfaOffset = 0, pushedBytes = 0;
  int64_t saved[NumSlots];
  Row() {
    for (int64_t &offset : saved)
      offset = CallSite::unsaved;
  }
};

/// Runs the programs of a CIE and an FDE.
class RowMachine {
public:
  RowMachine(const Common &common, uintptr_t target) : common(common), target(target) {}
  /// Runs until the address is behind the target.
  void run(Reader program, uintptr_t start);
  void keepAsInitial() { initial = row; }
  const Row &getRow() const { return row; }

private:
  /// DW_CFA_*
  enum Operation : uint8_t {
    AdvanceLocation = 0x40,
    Offset = 0x80,
    Restore = 0xc0,
    Nop = 0x00,
    SetLocation = 0x01,
    AdvanceLocation1 = 0x02,
    AdvanceLocation2 = 0x03,
    AdvanceLocation4 = 0x04,
    OffsetExtended = 0x05,
    RestoreExtended = 0x06,
    Undefined = 0x07,
    SameValue = 0x08,
    RememberState = 0x0a,
    RestoreState = 0x0b,
    DefineCfa = 0x0c,
    DefineCfaRegister = 0x0d,
    DefineCfaOffset = 0x0e,
    OffsetExtendedSigned = 0x11,
    DefineCfaSigned = 0x12,
    DefineCfaOffsetSigned = 0x13,
    GnuArgsSize = 0x2e,
  };
  static constexpr unsigned maxRemembered = 8;

  const Common &common;
  uintptr_t target;
  Row row, initial, remembered[maxRemembered];
  unsigned numRemembered = 0;

  void runOperation(uint8_t operation, Reader &program);
  void setSaved(uint64_t dwarf, int64_t offset) {
    uint8_t slot = slotOfDwarf(dwarf);
    if (slot != NoSlot)
      row.saved[slot] = offset * common.dataAlignment;
  }
  void restore(uint64_t dwarf) {
    uint8_t slot = slotOfDwarf(dwarf);
    if (slot != NoSlot)
      row.saved[slot] = initial.saved[slot];
  }
  void setUnsaved(uint64_t dwarf) {
    uint8_t slot = slotOfDwarf(dwarf);
    if (slot != NoSlot)
      row.saved[slot] = CallSite::unsaved;
  }
  void setCfaRegister(uint64_t dwarf) {
    row.cfaSlot = slotOfDwarf(dwarf);
    if (row.cfaSlot == NoSlot)
      refuse();
  }
};

void RowMachine::run(Reader program, uintptr_t location) {
  while (!program.atEnd()) {
    uint8_t byte = program.read<uint8_t>();
    uint8_t low = byte & 0x3f;
    uint64_t advance = 0;
    if ((byte & 0xc0) == AdvanceLocation)
      advance = low;
    else if (byte == AdvanceLocation1)
      advance = program.read<uint8_t>();
    else if (byte == AdvanceLocation2)
      advance = program.read<uint16_t>();
    else if (byte == AdvanceLocation4)
      advance = program.read<uint32_t>();
    else if ((byte & 0xc0) == Offset)
      setSaved(low, static_cast<int64_t>(program.uleb()));
    else if ((byte & 0xc0) == Restore)
      restore(low);
    else
      runOperation(byte, program);
    location += advance * common.codeAlignment;
    if (location > target)
      return;
  }
}

void RowMachine::runOperation(uint8_t operation, Reader &program) {
  switch (operation) {
  case Nop:
    return;
  case OffsetExtended: {
    uint64_t number = program.uleb();
    return setSaved(number, static_cast<int64_t>(program.uleb()));
  }
  case OffsetExtendedSigned: {
    uint64_t number = program.uleb();
    return setSaved(number, program.sleb());
  }
  case RestoreExtended:
    return restore(program.uleb());
  case Undefined:
  case SameValue:
    return setUnsaved(program.uleb());
  case RememberState:
    if (numRemembered == maxRemembered)
      refuse();
    remembered[numRemembered++] = row;
    return;
  case RestoreState:
    if (numRemembered == 0)
      refuse();
    row = remembered[--numRemembered];
    return;
  case DefineCfa:
    setCfaRegister(program.uleb());
    row.cfaOffset = static_cast<int64_t>(program.uleb());
    return;
  case DefineCfaSigned:
    setCfaRegister(program.uleb());
    row.cfaOffset = program.sleb() * common.dataAlignment;
    return;
  case DefineCfaRegister:
    return setCfaRegister(program.uleb());
  case DefineCfaOffset:
    row.cfaOffset = static_cast<int64_t>(program.uleb());
    return;
  case DefineCfaOffsetSigned:
    row.cfaOffset = program.sleb() * common.dataAlignment;
    return;
  case GnuArgsSize:
    row.pushedBytes = static_cast<int64_t>(program.uleb());
    return;
  }
  refuse(); // expressions among them: LLVM has none for our functions
}

/// Looks the call at `offset` of its function up in the function's list; calls that are not listed
/// let no exception out.
void readCalls(const uint8_t *list, uintptr_t function, uintptr_t offset, CallSite &site) {
  Reader reader(list, tenon_except_table, tenon_except_table_end);
  uint8_t startEncoding = reader.read<uint8_t>();
  uintptr_t landingBase = startEncoding == Omitted ? function : reader.pointer(startEncoding);
  if (reader.read<uint8_t>() != Omitted) // types: handlers look at tags themselves
    reader.uleb();
  uint8_t format = reader.read<uint8_t>() & FormatMask;
  Reader calls = reader.slice(reader.uleb());
  site.kind = CallSite::Boundary;
  while (!calls.atEnd()) {
    uintptr_t start = calls.number(format), length = calls.number(format),
              landing = calls.number(format);
    calls.uleb(); // the action: there are none
    if (offset < start)
      return;
    if (offset - start >= length)
      continue;
    site.kind = landing ? CallSite::Handled : CallSite::Passes;
    site.handler = landingBase + landing;
    return;
  }
}

int32_t narrow(int64_t offset) {
  if (offset < INT32_MIN || offset > INT32_MAX)
    refuse();
  return static_cast<int32_t>(offset);
}

} // namespace

CallSite tenon::rt::findCallSite(uintptr_t pc) {
  CallSite site;
  site.pc = pc;
  uintptr_t call = pc - 1; // the instruction before may be the last of its function
  const uint8_t *description = searchTable(call);
  if (!description)
    return site;
  Reader reader = entryAt(description);
  const uint8_t *self = reader.position();
  Common common = readCommon(self - reader.read<uint32_t>());
  uintptr_t function = reader.pointer(common.addressEncoding);
  uintptr_t size = reader.number(common.addressEncoding & FormatMask);
  if (call - function >= size)
    return site;
  const uint8_t *calls = nullptr;
  if (common.hasAugmentation) {
    Reader data = reader.slice(reader.uleb());
    if (common.callsEncoding != Omitted)
      calls = reinterpret_cast<const uint8_t *>(data.pointer(common.callsEncoding));
  }
  site.kind = CallSite::Passes;
  if (calls)
    readCalls(calls, function, call - function, site);

  RowMachine machine(common, call);
  machine.run(common.program, function);
  machine.keepAsInitial();
  machine.run(reader, function);
  const Row &row = machine.getRow();
  site.cfaSlot = row.cfaSlot;
  site.cfaOffset = narrow(row.cfaOffset);
  site.pushedBytes = narrow(row.pushedBytes);
  for (uint8_t i = 0; i < NumSlots; ++i)
    site.saved[i] = narrow(row.saved[i]);
  if (site.kind == CallSite::Passes && site.saved[SlotReturn] == CallSite::unsaved)
    refuse(); // a function that calls has saved its return address
  return site;
}
