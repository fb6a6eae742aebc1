//===- CoreCustom.cpp - Custom sections and names -------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `(@custom ...)` annotations (core specification, appendix "Custom Sections and Annotations") and
// the name section, which says what the ids were.
//
//===----------------------------------------------------------------------===//

#include "CoreModuleEncoder.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Custom sections
//===----------------------------------------------------------------------===//

LogicalResult ModuleEncoder::encodeCustomAnnotations() {
  for (const Annotation &annotation : parser.annotationsHere())
    if (annotation.name == "custom" && failed(encodeCustomAnnotation(annotation)))
      return failure();
  return success();
}

static std::optional<uint8_t> sectionNamed(StringRef word) {
  return llvm::StringSwitch<std::optional<uint8_t>>(word)
      .Case("type", TypeSectionId)
      .Case("import", ImportSectionId)
      .Case("func", FunctionSectionId)
      .Case("table", TableSectionId)
      .Case("memory", MemorySectionId)
      .Case("global", GlobalSectionId)
      .Case("export", ExportSectionId)
      .Case("start", StartSectionId)
      .Case("elem", ElementSectionId)
      .Case("code", CodeSectionId)
      .Case("data", DataSectionId)
      .Case("datacount", DataCountSectionId)
      .Case("tag", TagSectionId)
      .Default(std::nullopt);
}

LogicalResult ModuleEncoder::encodeCustomAnnotation(const Annotation &annotation) {
  usedAnnotations.insert(&annotation);
  Parser inside(parser.getBuffer(), annotation, parser.getDiagnostics());
  if (!inside.peekString())
    return inside.error("@custom annotation: missing section name");
  FailureOr<StringRef> name = inside.parseName("@custom annotation: a section name");
  if (failed(name))
    return failure();
  CustomSectionText custom;
  if (inside.consumeIfLParen()) {
    custom.after = inside.peekKeyword("after");
    if (!custom.after && !inside.peekKeyword("before"))
      return inside.error("@custom annotation: unexpected token");
    inside.next();
    if (inside.peekKeyword(custom.after ? "last" : "first"))
      custom.anchor = custom.after ? NumSectionIds : CustomSectionId;
    else if (std::optional<uint8_t> section = sectionNamed(inside.spelling()))
      custom.anchor = *section;
    else
      return inside.error("@custom annotation: malformed section kind");
    inside.next();
    if (failed(inside.consumeRParen()))
      return failure();
  }
  custom.contents.mark(annotation.offset);
  custom.contents.name(*name);
  while (inside.peekString())
    custom.contents.raw(parser.getBuffer().value(inside.next()));
  if (!inside.atEnd())
    return inside.error("@custom annotation: unexpected token");
  customs.push_back(std::move(custom));
  return success();
}

void ModuleEncoder::writeCustoms(ByteWriter &out, uint8_t anchor, bool after) const {
  for (const CustomSectionText &custom : customs)
    if (custom.anchor == anchor && custom.after == after)
      out.section(CustomSectionId, custom.contents);
}

//===----------------------------------------------------------------------===//
// Name annotations, and the places of all of them
//===----------------------------------------------------------------------===//

FailureOr<std::optional<StringRef>> ModuleEncoder::takeNameAnnotation() {
  for (const Annotation &annotation : parser.annotationsHere())
    if (annotation.name == "name")
      usedAnnotations.insert(&annotation);
  return parseNameAnnotation(parser);
}

LogicalResult ModuleEncoder::parseModuleName() {
  FailureOr<std::optional<StringRef>> name = takeNameAnnotation();
  if (failed(name))
    return failure();
  if (*name)
    moduleName = **name;
  return success();
}

LogicalResult ModuleEncoder::checkAnnotations(size_t firstToken) {
  const TokenBuffer &buffer = parser.getBuffer();
  llvm::ArrayRef<Annotation> all = buffer.getAnnotations();
  const Annotation *first = llvm::lower_bound(
      all, firstToken, [](const Annotation &a, size_t token) { return a.nextToken < token; });
  for (const Annotation &annotation : llvm::make_range(first, all.end())) {
    if (annotation.nextToken > parser.getPosition())
      break;
    bool isHint = annotation.name == "metadata.code.branch_hint";
    bool isKnown = annotation.name == "custom" || annotation.name == "name" || isHint;
    if (!isKnown || usedAnnotations.contains(&annotation))
      continue;
    if (isHint)
      return parser.errorAt(annotation.offset,
                            "@metadata.code.branch_hint annotation: not before an instruction of "
                            "a function");
    // Parameters and locals may be named too; theirs is the id's name.
    size_t at = annotation.nextToken - 1;
    at -= at && buffer.getTokens()[at].kind == Token::Id;
    StringRef word = buffer.spelling(buffer.getTokens()[at]);
    if (annotation.name == "name" && (word == "param" || word == "local"))
      continue;
    return parser.errorAt(annotation.offset, "misplaced @") << annotation.name << " annotation";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

using NameList = std::vector<std::pair<uint32_t, StringRef>>;

static void writeNameMap(ByteWriter &out, const NameList &names) {
  out.u32(names.size());
  for (auto [index, name] : names) {
    out.u32(index);
    out.name(name);
  }
}

/// Names grouped by function, as a subsection; nothing when there are none.
static void writeIndirectNameMap(ByteWriter &out, uint8_t id,
                                 llvm::ArrayRef<std::pair<uint32_t, NameList>> byFunction) {
  if (byFunction.empty())
    return;
  ByteWriter map;
  map.u32(byFunction.size());
  for (const auto &[function, names] : byFunction) {
    map.u32(function);
    writeNameMap(map, names);
  }
  out.section(id, map);
}

/// Appendix "Custom Sections / Name Section". Labels (3) and what is numbered 5 to 9 are the
/// extended name section, a proposal.
void ModuleEncoder::writeNames(ByteWriter &out) const {
  ByteWriter contents;
  contents.name("name");
  size_t emptySize = contents.size();
  if (!moduleName.empty()) {
    ByteWriter name;
    name.name(moduleName);
    contents.section(0, name);
  }
  auto writeSpace = [&](uint8_t id, const IndexSpace &space) {
    NameList names = space.getNames();
    if (names.empty())
      return;
    ByteWriter map;
    writeNameMap(map, names);
    contents.section(id, map);
  };
  writeSpace(1, scope.funcs);
  writeIndirectNameMap(contents, 2, localNames);
  writeIndirectNameMap(contents, 3, labelNames);
  writeSpace(4, scope.types);
  writeSpace(5, scope.tables);
  writeSpace(6, scope.memories);
  writeSpace(7, scope.globals);
  writeSpace(8, scope.elems);
  writeSpace(9, scope.datas);
  writeSpace(11, scope.tags);
  if (contents.size() != emptySize)
    out.section(CustomSectionId, contents);
}

//===----------------------------------------------------------------------===//
// Branch hints
//===----------------------------------------------------------------------===//

/// Metadata specification, "Code Metadata / Branch Hints"; before the code.
void ModuleEncoder::writeBranchHints(ByteWriter &out) const {
  if (branchHints.empty())
    return;
  ByteWriter contents;
  contents.name("metadata.code.branch_hint");
  contents.u32(branchHints.size());
  for (const auto &[function, hints] : branchHints) {
    contents.u32(function);
    contents.u32(hints.size());
    for (const BranchHint &hint : hints) {
      contents.u32(hint.offset);
      contents.u32(1);
      contents.byte(hint.isLikely);
    }
  }
  out.section(CustomSectionId, contents);
}
