//===- report.cpp - Where a trap happened ---------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The executable itself is the map, and it is read only when a trap is reported: `.debug_line`
// gives function and place in it (they survive inlining), `.tenon.offsets` where the function
// begins in its module's code section, `.symtab` what it was inlined into. A trap raised by the
// runtime on behalf of generated code is placed at the call: the stack is searched for the nearest
// return address that the line table knows.
//
//===----------------------------------------------------------------------===//

#include "debugline.h"
#include "print.h"
#include "process.h"
#include "syscall.h"
#include "tenon-abi/offsets.h"
#include "trap.h"

using namespace tenon::rt;

namespace {

/// The parts of ELF-64 that are read here.
struct FileHeader {
  uint8_t ident[16];
  uint16_t type, machine;
  uint32_t version;
  uint64_t entry, programHeaders, sectionHeaders;
  uint32_t flags;
  uint16_t headerSize, programHeaderSize, programHeaderCount, sectionHeaderSize, sectionCount,
      nameSection;
};

struct SectionHeader {
  uint32_t name, type;
  uint64_t flags, address, offset, size;
  uint32_t link, info;
  uint64_t alignment, entrySize;
};

struct Symbol {
  uint32_t name;
  uint8_t info, other;
  uint16_t section;
  uint64_t value, size;
};

enum { SectionNoBits = 8, SymbolFunction = 2 };

bool equals(const char *a, const char *b) {
  while (*a && *a == *b)
    ++a, ++b;
  return *a == *b;
}

/// The executable, mapped.
class Image {
public:
  bool open() {
    long fd = openat(AtCwd, "/proc/self/exe", oRDONLY | oCLOEXEC);
    FileStat stat;
    if (isError(fd) || isError(fstat(static_cast<int>(fd), &stat)))
      return false;
    long at =
        mmap(nullptr, static_cast<uint64_t>(stat.size), ProtRead, MapPrivate, static_cast<int>(fd));
    close(static_cast<int>(fd));
    if (isError(at))
      return false;
    file = {reinterpret_cast<const uint8_t *>(at), static_cast<uint64_t>(stat.size)};
    return file.size >= sizeof(FileHeader);
  }

  Bytes section(const char *name) const {
    const SectionHeader *header = find(name);
    return header ? contents(*header) : Bytes{};
  }

  /// Whether code lies at `pc`.
  bool isCode(uintptr_t pc) const {
    const SectionHeader *text = find(".text");
    return text && pc - text->address < text->size;
  }

  const SectionHeader *find(const char *name) const {
    const FileHeader &header = *reinterpret_cast<const FileHeader *>(file.data);
    uint64_t count = header.sectionCount;
    if (header.sectionHeaders + count * sizeof(SectionHeader) > file.size ||
        header.nameSection >= count)
      return nullptr;
    const SectionHeader *sections =
        reinterpret_cast<const SectionHeader *>(file.data + header.sectionHeaders);
    Bytes names = contents(sections[header.nameSection]);
    for (uint64_t i = 0; i < count; ++i)
      if (sections[i].name < names.size &&
          equals(reinterpret_cast<const char *>(names.data) + sections[i].name, name))
        return &sections[i];
    return nullptr;
  }

  /// The name of the function that holds `pc`; null: none does.
  const char *functionAt(uintptr_t pc) const {
    Bytes symbols = section(".symtab"), names = section(".strtab");
    const Symbol *table = reinterpret_cast<const Symbol *>(symbols.data);
    for (uint64_t i = 0; i < symbols.size / sizeof(Symbol); ++i)
      if ((table[i].info & 15) == SymbolFunction && table[i].name < names.size &&
          pc - table[i].value < table[i].size)
        return reinterpret_cast<const char *>(names.data) + table[i].name;
    return nullptr;
  }

private:
  Bytes file = {};

  Bytes contents(const SectionHeader &section) const {
    if (section.type == SectionNoBits || section.offset > file.size ||
        section.size > file.size - section.offset)
      return {};
    return {file.data + section.offset, section.size};
  }
};

void print(Printer &out, Bytes text) {
  for (uint64_t i = 0; i < text.size; ++i)
    out << static_cast<char>(text.data[i]);
}

/// The function that the code offset belongs to; its symbol has been split at a '/', like a path.
void printFunction(Printer &out, const LineRow &row) {
  if (row.directory.size) {
    print(out, row.directory);
    out << '/';
  }
  print(out, row.file);
}

/// What follows `part` in `text`; null: it does not begin with it.
const char *skip(const char *text, Bytes part) {
  for (uint64_t i = 0; i < part.size; ++i)
    if (static_cast<uint8_t>(*text++) != part.data[i])
      return nullptr;
  return text;
}

bool isFunction(const char *symbol, const LineRow &row) {
  const char *rest = symbol;
  if (row.directory.size) {
    rest = skip(rest, row.directory);
    if (!rest || *rest++ != '/')
      return false;
  }
  rest = skip(rest, row.file);
  return rest && !*rest;
}

uint64_t hash(uint64_t start, Bytes text) {
  return tenon_hash_symbol(start, reinterpret_cast<const char *>(text.data), text.size);
}

/// Where the function of `row` begins in its module's code section; null: nobody knows.
const tenon_code_offset *findStart(Bytes offsets, const LineRow &row) {
  uint64_t symbol = TENON_OFFSETS_HASH_START;
  if (row.directory.size)
    symbol = tenon_hash_symbol(hash(symbol, row.directory), "/", 1);
  symbol = hash(symbol, row.file);
  const tenon_code_offset *table = reinterpret_cast<const tenon_code_offset *>(offsets.data);
  for (uint64_t i = 0; i < offsets.size / sizeof(tenon_code_offset); ++i)
    if (table[i].symbol == symbol)
      return &table[i];
  return nullptr;
}

/// `symbol` is the function that the code lies in: another one, where the row's was inlined.
void printRow(const LineRow &row, Bytes offsets, const char *symbol) {
  Printer out(2);
  out << "  at ";
  if (row.line == 0 && symbol) { // an adapter's own code: it has no place in a module
    out << symbol << '\n';
    return;
  }
  printFunction(out, row);
  if (const tenon_code_offset *start = findStart(offsets, row))
    (out << " (code offset 0x").hex(start->offset + row.line - 1) << ')';
  else // not a core function
    (out << " (line ").decimal(row.line) << ')';
  if (symbol && !isFunction(symbol, row))
    out << ", inlined into " << symbol;
  out << '\n';
}

/// The nearest return address on the stack that the line table knows.
bool findCaller(const Image &image, Bytes lines, Bytes strings, const uintptr_t *stack,
                LineRow &row, uintptr_t &pc) {
  constexpr int maxWords = 512;
  uintptr_t at = reinterpret_cast<uintptr_t>(stack);
  if (at < reinterpret_cast<uintptr_t>(process.stackLow) ||
      at >= reinterpret_cast<uintptr_t>(process.stackTop))
    return false;
  const uintptr_t *end = reinterpret_cast<const uintptr_t *>(process.stackTop);
  for (int i = 0; i < maxWords && stack + i < end; ++i) {
    pc = stack[i] - 1;
    if (image.isCode(pc) && findLine(lines, strings, pc, row))
      return true;
  }
  return false;
}

} // namespace

void tenon::rt::printPlace(Place place) {
  Image image;
  if (!image.open())
    return;
  Bytes lines = image.section(".debug_line"), strings = image.section(".debug_line_str");
  LineRow row = {};
  uintptr_t pc = place.pc;
  if (findLine(lines, strings, pc, row) || findCaller(image, lines, strings, place.stack, row, pc))
    return printRow(row, image.section(TENON_OFFSETS_SECTION), image.functionAt(pc));
  if (const char *function = image.functionAt(place.pc))
    Printer(2) << "  at " << function << '\n';
}
