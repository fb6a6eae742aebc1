//===- ComponentParser.h - Parsing component definitions --------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The parser of one `(component ...)` and of everything nested in it. One class, because every part
// of the grammar can stand in nearly every other (a canonical option holds an alias, an alias makes
// a type, a type holds a component type); its parts are the files lib/Text/Component*.cpp, one for
// a chapter of the Explainer. All methods report what is wrong and then fail.
//
// A method named after a grammar rule stands at its first token and consumes all of it; one named
// `...Body` stands after the opening `(keyword $id?` and leaves the closing parenthesis.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_TEXT_COMPONENTPARSER_H
#define TENON_LIB_TEXT_COMPONENTPARSER_H

#include "ComponentScope.h"
#include "tenon/Text/Parser.h"

namespace tenon::text {

struct Options;

class ComponentParser {
public:
  ComponentParser(Parser &parser, const Options &options) : parser(parser), options(options) {}

  /// Definitions up to the closing parenthesis (Component.cpp). `id` is what outer aliases say,
  /// `name` goes into the name section.
  LogicalResult parseComponentBody(llvm::StringRef id, llvm::StringRef name, ByteWriter &out);

private:
  /// What a definition binds: `$id`, and the name in `(@name "...")`, which is the id's where there
  /// is no annotation. Each may be empty.
  struct Id {
    llvm::StringRef id;
    llvm::StringRef name;
  };

  /// A name with its attributes: `nameattributes` of Binary.md.
  struct ExternName {
    llvm::StringRef name;
    ByteWriter bytes;
    uint64_t textOffset = 0;
  };
  /// `(export "x")*` or `(import "x")` inside a definition.
  struct InlineNames {
    std::vector<ExternName> exports;
    std::optional<ExternName> import;
  };
  struct SortIndex {
    Sort sort;
    uint32_t index;
  };
  /// The head of a definition, `(sort $id? inlines...`.
  struct Head {
    Sort sort;
    Id id;
    uint64_t textOffset;
    InlineNames inlines;
  };

  Parser &parser;
  const Options &options;
  Scope *scope = nullptr;
  unsigned depth = 0;
  std::deque<WrittenTypes> writtenTypes; ///< of all scopes, which end before them
  /// Of the component, or of the type of one or of an instance, that was parsed last.
  const WrittenTypes::Exports *lastExports = nullptr;

  class Nesting;
  class ScopeEntry;

  //===--- Component.cpp: definitions ---------------------------------------===//
  LogicalResult parseDefinition();
  LogicalResult parseCoreDefinition();
  /// `$id? (@name "...")?`
  LogicalResult parseId(Id &id);
  /// Reads the id and the inline exports and import.
  FailureOr<Head> parseHead(Sort sort, uint64_t textOffset);
  /// Ends a definition: makes its index, binds its id, queues its inline exports.
  LogicalResult finish(const Head &head, Item item, const ByteWriter &bytes);
  LogicalResult finishIndex(const Head &head, uint32_t index);
  LogicalResult bind(Sort sort, const Id &id, uint32_t index, uint64_t textOffset);
  /// `(sort $id (import "x") externtype...)` and `(sort $id (alias ...))`: whether the head was
  /// followed by one of these, which is consumed.
  FailureOr<bool> parseImportedOrAliased(const Head &head);
  LogicalResult parseNestedComponent(uint64_t textOffset);
  LogicalResult parseCoreModuleDefinition(uint64_t textOffset);
  LogicalResult parseFunc(uint64_t textOffset);
  /// `(core func|table|memory|global|tag $id? ...)`
  LogicalResult parseCoreItem(Sort sort, uint64_t textOffset);

  //===--- ComponentReferences.cpp: indices and aliases ---------------------===//
  /// `idx`
  FailureOr<uint32_t> parseIndex(Sort sort);
  /// `{X}idx`: `$x`, `(func $x)`, `(func $i "a" "b")`. With `flatNames` also `$i "a"`.
  FailureOr<uint32_t> parseReference(Sort sort, bool flatNames = false);
  /// `externidx`. In core instances the keyword `core` is implied.
  FailureOr<SortIndex> parseExternIndex(bool core);
  /// `idx name*`
  FailureOr<uint32_t> parseIndexAndNames(Sort sort);
  FailureOr<uint32_t> resolve(Sort sort, llvm::StringRef id, uint64_t textOffset);
  uint32_t aliasExport(Sort sort, uint32_t instance, llvm::StringRef name, uint64_t textOffset);
  uint32_t aliasOuter(Sort sort, uint32_t count, uint32_t index, uint64_t textOffset);
  /// `(alias ...)`, sort last.
  LogicalResult parseAlias();
  /// Whether `(alias target)` is next: the sort stands before it, as in `(func $f (alias ...))`.
  bool peekInlineAlias() const;
  /// `(alias ...)`. Without `sort` the sort and an id for it are read last.
  FailureOr<SortIndex> parseAliasTarget(std::optional<Sort> sort, Id &id);
  FailureOr<SortIndex> parseOuterTarget(std::optional<Sort> sort, Id &id, uint64_t textOffset);
  FailureOr<Sort> parseAliasSort(bool core, Id &id);

  //===--- ComponentTypes.cpp: value, function and resource types -----------===//
  /// `(type $id? deftype)`
  /// What is there instead of a type.
  LogicalResult expectedType(llvm::StringRef what);
  LogicalResult parseTypeDefinition(uint64_t textOffset);
  /// `isValue`: it was a `defvaltype`.
  /// `id` is what outer aliases call the scope of a component or instance type.
  LogicalResult parseDefType(ByteWriter &out, bool &isValue, llvm::StringRef id = "");
  bool peekValType() const;
  LogicalResult parseValType(ByteWriter &out);
  LogicalResult parseOptionalValType(ByteWriter &out);
  /// After the `(`, up to and with the `)`.
  LogicalResult parseDefValType(ByteWriter &out);
  LogicalResult parseDefValTypeBody(llvm::StringRef keyword, uint64_t textOffset, ByteWriter &out);
  LogicalResult parseFields(uint8_t opcode, llvm::StringRef word, ByteWriter &out);
  LogicalResult parseLabels(ByteWriter &out);
  LogicalResult parseListBody(ByteWriter &out);
  LogicalResult parseTupleBody(ByteWriter &out);
  LogicalResult parseResultBody(ByteWriter &out);
  LogicalResult parseLabel(ByteWriter &out, llvm::StringRef what);
  LogicalResult parseResourceBody(ByteWriter &out);
  LogicalResult parseFuncTypeBody(ByteWriter &out);
  LogicalResult parseResultList(ByteWriter &out);
  /// Appends an anonymous type definition.
  uint32_t defineType(const ByteWriter &bytes, uint64_t textOffset);
  uint32_t defineValType(const ByteWriter &bytes, uint64_t textOffset);

  //===--- ComponentExternTypes.cpp: types of imports and exports -----------===//
  /// Whether `(type ref)` is next, rather than a declarator `(type $id ...)`.
  bool peekTypeReference() const;
  /// `externtype` with its parentheses; gives the sort and the bound id.
  FailureOr<Sort> parseExternType(ByteWriter &out, Id &id);
  LogicalResult parseExternTypeBody(Sort sort, ByteWriter &out);
  /// The type index of a func, component, instance or core module: `(type x)` or written here.
  FailureOr<uint32_t> parseTypeUseBody(Sort sort);
  LogicalResult parseTypeBound(ByteWriter &out);
  LogicalResult parseValueBound(ByteWriter &out);
  void noteExternType(llvm::ArrayRef<uint8_t> externType, uint32_t index);
  void noteExport(llvm::StringRef name, Sort sort, uint32_t index, WrittenTypes::Exports &exports);
  /// Declarators of a `(component` or `(instance` type, with the leading byte.
  LogicalResult parseDeclarators(Scope::Kind kind, llvm::StringRef id, ByteWriter &out);
  LogicalResult parseDeclarator();
  /// `"name" attribute* externtype)` of an import or export declarator.
  LogicalResult parseExternDeclarator(Item item, uint64_t textOffset);

  //===--- ComponentCoreTypes.cpp -------------------------------------------===//
  LogicalResult parseCoreTypeDefinition(uint64_t textOffset);
  /// Declarators of a module type, with the leading byte.
  LogicalResult parseModuleTypeBody(ByteWriter &out);
  LogicalResult parseModuleDeclarator();
  LogicalResult parseModuleExternDesc(ByteWriter &out);
  LogicalResult parseCoreFuncType(ByteWriter &out);
  LogicalResult parseCoreValType(ByteWriter &out);

  //===--- ComponentInstances.cpp -------------------------------------------===//
  LogicalResult parseInstance(uint64_t textOffset);
  LogicalResult parseCoreInstance(uint64_t textOffset);
  LogicalResult parseInlineInstanceBody(ByteWriter &out, const WrittenTypes::Exports *&exports);
  LogicalResult parseCoreInlineInstanceBody(ByteWriter &out);
  LogicalResult parseInstantiate(ByteWriter &out, const WrittenTypes::Exports *&exports);
  LogicalResult parseCoreInstantiate(ByteWriter &out);
  LogicalResult parseWith(ByteWriter &out);
  LogicalResult parseCoreWith(ByteWriter &out);

  //===--- ComponentCanon.cpp -----------------------------------------------===//
  /// `(canon ...)`, sort last.
  LogicalResult parseCanon();
  LogicalResult parseLift(uint64_t textOffset);
  /// After `(canon lift`: the core function and the options.
  LogicalResult parseLiftOperands(ByteWriter &out);
  /// After `(canon`: `lower` or a built-in with its operands.
  LogicalResult parseCoreFuncCanon(ByteWriter &out);
  /// `kind` is one of the operand kinds of the built-ins' table.
  LogicalResult parseCanonOperand(uint8_t kind, ByteWriter &out);
  LogicalResult parseCanonOptions(ByteWriter &out);
  FailureOr<bool> parseCanonOption(ByteWriter &out);

  //===--- ComponentNames.cpp: imports and exports --------------------------===//
  LogicalResult parseImport();
  LogicalResult parseExport();
  /// `"name" attribute*`
  FailureOr<ExternName> parseExternName();
  /// As an import's: a path becomes a name with an external id.
  FailureOr<ExternName> parseImportName();
  std::string makeNameFromPath(llvm::StringRef path);
  /// Whether `(word "name" attribute*)` is next, closed at once.
  bool peekInlineName(llvm::StringRef word) const;
  FailureOr<InlineNames> parseInlineNames();

  //===--- ComponentValues.cpp: values and start ----------------------------===//
  LogicalResult parseStart();
  LogicalResult parseValue(uint64_t textOffset);
  // `type` stands at an encoded value type.
  /// The encoding of a type that is walked, and the scope in which its indices count.
  struct TypeBytes;
  LogicalResult parseValueOf(TypeBytes &type, ByteWriter &out);
  LogicalResult parsePrimitiveValue(uint8_t type, ByteWriter &out);
  LogicalResult parseFieldValues(llvm::StringRef keyword, TypeBytes &type, bool hasLabels,
                                 ByteWriter &out);
  LogicalResult parseVariantValue(TypeBytes &type, ByteWriter &out);
  LogicalResult parseListValue(TypeBytes &type, ByteWriter &out);
  LogicalResult parseFlagsValue(TypeBytes &type, ByteWriter &out);
  LogicalResult parseEnumValue(TypeBytes &type, ByteWriter &out);
  LogicalResult parseOptionValue(TypeBytes &type, ByteWriter &out);
  LogicalResult parseResultValue(TypeBytes &type, ByteWriter &out);
  FailureOr<uint32_t> findLabel(llvm::ArrayRef<llvm::StringRef> labels);

  /// `(` up to here must be closed, then.
  LogicalResult close() { return parser.consumeRParen(); }
};

/// Counts nesting for as long as it lives.
class ComponentParser::Nesting {
public:
  /// Deeper than any compiler nests, and far from the stack's end.
  static constexpr unsigned limit = 100;

  explicit Nesting(ComponentParser &owner) : owner(owner) { ++owner.depth; }
  Nesting(const Nesting &) = delete;
  ~Nesting() { --owner.depth; }
  LogicalResult check() const {
    if (owner.depth <= limit)
      return success();
    return owner.parser.error("nested too deeply: the limit is ") << limit << " levels";
  }

private:
  ComponentParser &owner;
};

/// Makes a scope the current one for as long as it lives.
class ComponentParser::ScopeEntry {
public:
  ScopeEntry(ComponentParser &owner, Scope &scope) : owner(owner), outer(owner.scope) {
    owner.scope = &scope;
  }
  ScopeEntry(const ScopeEntry &) = delete;
  ~ScopeEntry() { owner.scope = outer; }

private:
  ComponentParser &owner;
  Scope *outer;
};

} // namespace tenon::text

#endif // TENON_LIB_TEXT_COMPONENTPARSER_H
