//===- Script.cpp - The layout of an executable ---------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A script, rather than options, because the images of memories lie far above everything else: with
// `--section-start` alone the sections that follow them would land behind them, inside a memory's
// reservation. Segments are separated by a step of one page in the address and none in the file, so
// the file holds no padding (the page at a border is mapped twice, once with each protection).
//
//===----------------------------------------------------------------------===//

#include "Script.h"
#include "tenon-abi/grants.h"
#include "tenon-abi/offsets.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace tenon;
using namespace tenon::link;

std::string link::encodeGrants(const Grants &grants) {
  std::string out;
  auto add = [&out](char tag, std::initializer_list<llvm::StringRef> strings) {
    out += tag;
    for (llvm::StringRef string : strings) {
      out += string;
      out += '\0';
    }
  };
  for (const Preopen &dir : grants.preopens)
    add(dir.readOnly ? TENON_GRANT_DIR_READ_ONLY : TENON_GRANT_DIR, {dir.hostPath, dir.guestPath});
  for (const std::pair<std::string, std::string> &variable : grants.env)
    add(TENON_GRANT_ENV, {variable.first, variable.second});
  for (const std::string &name : grants.inheritedEnv)
    add(TENON_GRANT_ENV_INHERITED, {name});
  if (grants.inheritAllEnv)
    add(TENON_GRANT_ENV_ALL, {});
  if (!out.empty())
    out += static_cast<char>(TENON_GRANT_END);
  return out;
}

static void writeGrants(llvm::raw_ostream &os, const Grants &grants) {
  std::string bytes = encodeGrants(grants);
  if (bytes.empty())
    return;
  os << "  .tenon.grants : { tenon_grants = .;";
  for (char byte : bytes)
    os << " BYTE(" << unsigned(static_cast<unsigned char>(byte)) << ")";
  os << " } :rodata\n";
}

static void writeDiscarded(llvm::raw_ostream &os, const LinkOptions &options) {
  DebugSections debug = options.debug;
  os << "  /DISCARD/ : { *(.note*) *(.comment) *(.llvm_addrsig)";
  if (!options.unwindTables)
    os << " *(.eh_frame*) *(.gcc_except_table*)";
  if (debug == DebugSections::None)
    os << " *(.debug*) *(" TENON_OFFSETS_SECTION ")";
  if (debug == DebugSections::Lines)
    for (const char *name : {"info", "abbrev", "str", "str_offsets", "addr", "rnglists", "loclists",
                             "aranges", "names", "pubnames", "pubtypes", "gnu_pubnames",
                             "gnu_pubtypes", "frame", "loc", "ranges", "types"})
      os << " *(.debug_" << name << ")";
  os << " }\n";
}

/// The runtime reads them (runtime/src/ehframe.cpp).
static void writeUnwindTables(llvm::raw_ostream &os) {
  auto write = [&](const char *section, const char *symbol, const char *inputs) {
    os << "  " << section << " : { " << symbol << " = .; *(" << inputs << ") " << symbol
       << "_end = .; } :rodata\n";
  };
  write(".eh_frame_hdr", "tenon_eh_frame_hdr", ".eh_frame_hdr");
  write(".eh_frame", "tenon_eh_frame", ".eh_frame");
  write(".gcc_except_table", "tenon_except_table", ".gcc_except_table .gcc_except_table.*");
}

/// One segment for each protection and for each image: left alone, lld would join the images with
/// the data and fill the file with everything between them.
static void writeSegments(llvm::raw_ostream &os, size_t numImages) {
  os << "PHDRS {\n"
     << "  rodata PT_LOAD FILEHDR PHDRS FLAGS(4);\n"
     << "  text PT_LOAD FLAGS(5);\n"
     << "  data PT_LOAD FLAGS(6);\n";
  for (size_t i = 0; i < numImages; ++i)
    os << "  image" << i << " PT_LOAD FLAGS(6);\n";
  os << "  stack PT_GNU_STACK FLAGS(6);\n"
     << "}\n";
}

static void writeImages(llvm::raw_ostream &os, std::vector<PlacedSection> images) {
  // Ascending, as the program headers must be.
  llvm::sort(images,
             [](const PlacedSection &a, const PlacedSection &b) { return a.address < b.address; });
  for (size_t i = 0; i < images.size(); ++i)
    os << "  \"" << images[i].name << "\" " << images[i].address << " : { KEEP(*(\""
       << images[i].name << "\")) } :image" << i << "\n";
}

std::string link::writeScript(const LinkOptions &options) {
  std::string script;
  llvm::raw_string_ostream os(script);
  const char *newSegment = "  . += CONSTANT(MAXPAGESIZE);\n";
  os << "ENTRY(" << options.entry << ")\n";
  writeSegments(os, options.sections.size());
  for (const AbsoluteSymbol &symbol : options.symbols)
    os << '"' << symbol.name << "\" = " << symbol.address << ";\n";
  os << "SECTIONS {\n";
  writeDiscarded(os, options);
  os << "  . = 0x200000 + SIZEOF_HEADERS;\n"
     << "  .rodata : { *(.rodata .rodata.*) *(.lrodata .lrodata.*) } :rodata\n";
  writeGrants(os, options.grants);
  if (options.unwindTables)
    writeUnwindTables(os);
  os << newSegment << "  .text : { *(.text .text.*) *(.ltext .ltext.*) } :text\n"
     << newSegment << "  .data.rel.ro : { *(.data.rel.ro .data.rel.ro.*) } :data\n"
     << "  .got : { *(.got .got.plt) } :data\n"
     << "  .data : { *(.data .data.*) *(.ldata .ldata.*) } :data\n"
     << "  .bss : { *(.bss .bss.*) *(COMMON) *(.lbss .lbss.*) } :data\n";
  writeImages(os, options.sections);
  if (options.debug != DebugSections::None)
    os << "  " TENON_OFFSETS_SECTION " 0 (INFO) : { KEEP(*(" TENON_OFFSETS_SECTION ")) }\n";
  os << "}\n";
  return script;
}
