//===- CompoundTest.cpp - Lists, records, variants and calls in WAVE ------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WaveTypes.h"

using namespace tenon;

namespace {

TEST_F(WaveTest, Lists) {
  ValType bytes = list(Primitive::U8);
  EXPECT_EQ(again(bytes, "[]"), "[]");
  EXPECT_EQ(again(bytes, "[1,2 , 3,]"), "[1, 2, 3]");
  EXPECT_EQ(again(list(bytes), "[[],[1]]"), "[[], [1]]");
  EXPECT_EQ(again(bytes, "[1 2]"), "v:1:4: error: expected ',' or ']', found '2'");
  EXPECT_EQ(again(bytes, "[,]"), "v:1:2: error: element 0: expected u8, found ','");
  EXPECT_EQ(again(bytes, "[1,,]"), "v:1:4: error: element 1: expected u8, found ','");
  EXPECT_EQ(again(bytes, "[1"), "v:1:3: error: expected ',' or ']', found the end of the text");
  EXPECT_EQ(again(bytes, "(1)"), "v:1:1: error: expected list<u8>, found '('");
  EXPECT_EQ(again(list(list(Primitive::U8)), "[[1],\n [true]]"),
            "v:2:3: error: element 1: element 0: expected u8, found 'true'");
  ValType three = arena.makeValue(TypeKind::FixedList, {{"", ValType(Primitive::U8)}}, 3);
  EXPECT_EQ(again(three, "[1, 2, 3]"), "[1, 2, 3]");
  EXPECT_EQ(again(three, "[1, 2]"), "v:1:1: error: expected list<u8, 3>, found 2 elements");
}

TEST_F(WaveTest, Maps) {
  ValType map =
      make(TypeKind::Map, {{"", ValType(Primitive::String)}, {"", ValType(Primitive::U8)}});
  EXPECT_EQ(again(map, "[]"), "[]");
  EXPECT_EQ(again(map, "[(\"a\", 1), (\"b\", 2)]"), "[(\"a\", 1), (\"b\", 2)]");
  EXPECT_EQ(again(map, "[1]"), "v:1:2: error: expected (string, u8), found '1'");
  EXPECT_EQ(again(map, "[(\"a\")]"), "v:1:6: error: expected ',', found ')'");
}

TEST_F(WaveTest, Tuples) {
  ValType pair =
      make(TypeKind::Tuple, {{"", ValType(Primitive::U8)}, {"", ValType(Primitive::String)}});
  EXPECT_EQ(again(pair, "(123, \"abc\",)"), "(123, \"abc\")");
  EXPECT_EQ(again(pair, "(123)"), "v:1:1: error: expected tuple<u8, string>, found 1 of 2 values");
  EXPECT_EQ(again(pair, "(1, \"\", 2)"),
            "v:1:9: error: expected tuple<u8, string>, found more values");
  EXPECT_EQ(again(pair, "(1, 2)"), "v:1:5: error: element 1: expected string, found '2'");
}

TEST_F(WaveTest, Records) {
  ValType basic = make(TypeKind::Record,
                       {{"required", ValType(Primitive::U8)}, {"optional", option(Primitive::U8)}});
  EXPECT_EQ(again(basic, "{required: 1}"), "{required: 1}");
  EXPECT_EQ(again(basic, "{ optional: none, %required : 1, }"), "{required: 1}");
  EXPECT_EQ(again(basic, "{optional: 2, required: 1}"), "{required: 1, optional: some(2)}");
  EXPECT_EQ(again(basic, "{optional: none}"), "v:1:1: error: the field 'required' (u8) is missing");
  EXPECT_EQ(again(basic, "{:}"), "v:1:1: error: the field 'required' (u8) is missing");
  EXPECT_EQ(again(basic, "{required: 0, required: 0}"),
            "v:1:15: error: field 'required' is given twice");
  EXPECT_EQ(again(basic, "{required: -1}"),
            "v:1:12: error: field 'required': '-1' is outside of u8: 0 to 255");
  EXPECT_EQ(again(basic, "{other: 0}"), "v:1:2: error: record { required: u8, optional: "
                                        "option<u8> } has no field 'other'");
  EXPECT_EQ(again(basic, "{required}"), "v:1:10: error: expected ':' and a value, found '}'");
  EXPECT_EQ(again(basic, "{, required: 0}"),
            "v:1:2: error: expected field of record { required: u8, optional: option<u8> }, "
            "found ','");
  ValType optional = make(TypeKind::Record, {{"a", option(Primitive::U8)}});
  EXPECT_EQ(again(optional, "{ : }"), "{:}");
  EXPECT_EQ(again(optional, "{a: none}"), "{:}");
  EXPECT_EQ(again(optional, "{}"), "v:1:1: error: expected record { a: option<u8> }, found flags: "
                                   "a record without fields is written {:}");
  ValType keywords = make(TypeKind::Record, {{"true", ValType(Primitive::Bool)}});
  EXPECT_EQ(again(keywords, "{true: true}"), "{true: true}");
}

TEST_F(WaveTest, Flags) {
  ValType rights = labels(TypeKind::Flags, {"read", "write"});
  EXPECT_EQ(again(rights, "{}"), "{}");
  EXPECT_EQ(again(rights, "{ write, read, }"), "{read, write}");
  EXPECT_EQ(again(rights, "{read, read}"), "v:1:8: error: flag 'read' is given twice");
  EXPECT_EQ(again(rights, "{execute}"),
            "v:1:2: error: flags { read, write } has no flag 'execute'");
}

TEST_F(WaveTest, VariantsAndEnums) {
  ValType shape =
      make(TypeKind::Variant, {{"circle", ValType(Primitive::F64)}, {"none", std::nullopt}});
  EXPECT_EQ(again(shape, "circle(2.5)"), "circle(2.5)");
  EXPECT_EQ(again(shape, "%circle ( 1 )"), "circle(1)");
  EXPECT_EQ(again(shape, "%none"), "%none");
  EXPECT_EQ(again(shape, "none"),
            "v:1:1: error: expected variant { circle(f64), none }, found 'none': a case of that "
            "name is written '%none'");
  EXPECT_EQ(again(shape, "circle"), "v:1:7: error: case 'circle' has a payload: expected (f64)");
  EXPECT_EQ(again(shape, "%none(1)"), "v:1:6: error: case 'none' has no payload");
  EXPECT_EQ(again(shape, "circle(true)"),
            "v:1:8: error: case 'circle': expected f64, found 'true'");
  EXPECT_EQ(again(shape, "square"),
            "v:1:1: error: variant { circle(f64), none } has no case 'square'");
  ValType hand = labels(TypeKind::Enum, {"left", "ok"});
  EXPECT_EQ(again(hand, "left"), "left");
  EXPECT_EQ(again(hand, "%ok"), "%ok");
  EXPECT_EQ(again(hand, "left(1)"), "v:1:5: error: case 'left' has no payload");
}

TEST_F(WaveTest, OptionsAndResults) {
  ValType maybe = option(Primitive::U8);
  EXPECT_EQ(again(maybe, "none"), "none");
  EXPECT_EQ(again(maybe, "some(1)"), "some(1)");
  EXPECT_EQ(again(maybe, "1"), "some(1)");
  EXPECT_EQ(again(maybe, "some"), "v:1:5: error: case 'some' has a payload: expected (u8)");
  EXPECT_EQ(again(maybe, "none(0)"), "v:1:5: error: case 'none' has no payload");
  EXPECT_EQ(again(option(maybe), "some(none)"), "some(none)");
  EXPECT_EQ(again(option(maybe), "1"), "v:1:1: error: expected option<option<u8>>, found '1'");
  EXPECT_EQ(again(result(Primitive::U8, Primitive::String), "1"), "ok(1)");
  EXPECT_EQ(again(result(Primitive::U8, Primitive::String), "err(\"oops\")"), "err(\"oops\")");
  EXPECT_EQ(again(result(std::nullopt, Primitive::String), "ok"), "ok");
  EXPECT_EQ(again(result(std::nullopt, std::nullopt), "err"), "err");
  EXPECT_EQ(again(result(std::nullopt, std::nullopt), "1"),
            "v:1:1: error: expected result, found '1'");
  EXPECT_EQ(again(result(maybe, std::nullopt), "1"),
            "v:1:1: error: expected result<option<u8>>, found '1'");
  // A variant's own `some` is not the option's.
  ValType hand = labels(TypeKind::Enum, {"left", "none"});
  EXPECT_EQ(again(option(hand), "%none"), "some(%none)");
  EXPECT_EQ(again(option(hand), "none"), "none");
}

TEST_F(WaveTest, HandlesHaveNoText) {
  component::ResourceId file = arena.makeResource(component::ResourceInfo::Defined, "file");
  ValType own = arena.makeHandle(TypeKind::Own, arena.makeResourceType(file));
  EXPECT_EQ(again(own, "1"), "v:1:1: error: a value of own<file> cannot be written");
  std::string out;
  llvm::raw_string_ostream os(out);
  wave::printValue(os, arena, own, Val{7, {}, {}});
  EXPECT_EQ(out, "file(7)");
}

/// The arguments of a call, printed; or the first message.
std::string callWith(const component::TypeArena &arena, TypeId type, llvm::StringRef text) {
  std::string out;
  Diagnostics diags([&](const Diagnostic &diagnostic) {
    if (out.empty())
      out = diagnostic.str();
  });
  SourceFile file("v", text.str());
  FailureOr<wave::Call> call = wave::parseCall(file, diags);
  if (failed(call))
    return out;
  const component::FuncType &func = arena.getFunc(type);
  FailureOr<std::vector<Val>> values = wave::parseArguments(file, *call, arena, func, diags);
  if (failed(values))
    return out;
  llvm::raw_string_ostream os(out);
  os << call->name;
  for (auto [param, value] : llvm::zip_equal(func.params, *values))
    wave::printValue(os << ' ' << param.name << '=', arena, param.type, value);
  return out;
}

TEST_F(WaveTest, Calls) {
  TypeId nullary = arena.makeFunc({}, std::nullopt, false);
  TypeId func = arena.makeFunc({{"a", ValType(Primitive::U8)}, {"b", option(Primitive::U8)}},
                               std::nullopt, false);
  EXPECT_EQ(callWith(arena, nullary, "f()"), "f");
  EXPECT_EQ(callWith(arena, func, " ns:p/i.f (1, 2) // done"), "ns:p/i.f a=1 b=some(2)");
  EXPECT_EQ(callWith(arena, func, "f(1)"), "f a=1 b=none");
  EXPECT_EQ(callWith(arena, func, "f()"), "v:1:3: error: the argument 'a' (u8) is missing");
  EXPECT_EQ(callWith(arena, func, "f(1, 2, 3)"), "v:1:9: error: 2 arguments expected, found more");
  EXPECT_EQ(callWith(arena, func, "f(1, x)"), "v:1:6: error: argument 'b': expected u8, found 'x'");
  EXPECT_EQ(callWith(arena, func, "f(1) 2"),
            "v:1:6: error: expected the end of the text, found '2'");
  EXPECT_EQ(callWith(arena, func, "f"),
            "v:1:2: error: expected '(' and arguments behind the function's name");
  EXPECT_EQ(callWith(arena, func, "(1)"), "v:1:1: error: expected the name of a function");
}

} // namespace
