//===- Script.cpp - .wast scripts -----------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tenon/Text/Script.h"
#include "ScriptValues.h"
#include "tenon/Text/Component.h"
#include "tenon/Text/CoreModule.h"
#include "tenon/Text/Text.h"
#include "llvm/ADT/StringSwitch.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;

namespace {

class ScriptParser {
public:
  ScriptParser(Parser &parser, SourceFile &file) : parser(parser), file(file) {}

  FailureOr<Script> run();

private:
  Parser &parser;
  SourceFile &file;
  uint64_t binaryEnd = 0; ///< where the next module's bytes start in the binary space
  bool inThread = false;

  FailureOr<Directive> parseDirective();
  LogicalResult parseModuleDirective(Directive &directive);
  LogicalResult parseInstance(Directive &directive);
  LogicalResult parseRegister(Directive &directive);
  LogicalResult parseAssertion(Directive &directive);
  LogicalResult parseModuleOrAction(Directive &directive);
  LogicalResult parseThread(Directive &directive);
  FailureOr<ScriptModule> parseModule();
  FailureOr<ScriptModule> encodeModule(ScriptModule module, size_t close);
  FailureOr<ScriptAction> parseAction();
  bool peekModule() const { return parser.peekField("module") || parser.peekField("component"); }
  bool peekAction() const { return parser.peekField("invoke") || parser.peekField("get"); }
  bool peekDirective() const;
};

} // namespace

static std::optional<Directive::Kind> assertionKind(StringRef word) {
  return llvm::StringSwitch<std::optional<Directive::Kind>>(word)
      .Case("assert_return", Directive::AssertReturn)
      .Case("assert_trap", Directive::AssertTrap)
      .Case("assert_exhaustion", Directive::AssertExhaustion)
      .Case("assert_exception", Directive::AssertException)
      .Case("assert_suspension", Directive::AssertSuspension)
      .Case("assert_invalid", Directive::AssertInvalid)
      .Case("assert_malformed", Directive::AssertMalformed)
      .Case("assert_unlinkable", Directive::AssertUnlinkable)
      .Case("assert_invalid_custom", Directive::AssertInvalidCustom)
      .Case("assert_malformed_custom", Directive::AssertMalformedCustom)
      .Default(std::nullopt);
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

/// Encodes what stands between the parser and the token `close`, and goes there whatever happens.
FailureOr<ScriptModule> ScriptParser::encodeModule(ScriptModule module, size_t close) {
  Diagnostics diags([&](const Diagnostic &diagnostic) {
    if (diagnostic.severity == Severity::Error)
      module.errors.push_back(diagnostic);
  });
  Parser inside(parser.getBuffer(), diags);
  inside.setPosition(parser.getPosition());
  if (inside.peekKeyword("binary"))
    module.form = ScriptModule::Binary;
  else if (inside.peekKeyword("quote"))
    module.form = ScriptModule::Quote;
  ByteWriter out;
  Options options;
  options.allowPathImports = false;
  LogicalResult encoded = module.isComponent ? parseComponent(inside, module.id, out, options)
                                             : parseCoreModule(inside, module.id, out);
  if (succeeded(encoded) && inside.getPosition() != close)
    encoded = inside.expected("')'");
  assert((succeeded(encoded) || !module.errors.empty()) && "a failure reports an error");
  parser.setPosition(close);
  module.binaryStart = Location::binary(file, binaryEnd);
  if (failed(encoded))
    return module;
  for (auto [binary, textOffset] : out.getLocations())
    file.mapEncoded(binaryEnd + binary, textOffset);
  module.bytes = out.takeBytes();
  binaryEnd += module.bytes.size();
  return module;
}

/// `(module ...)` or `(component ...)`, from after its `definition` if it has one.
FailureOr<ScriptModule> ScriptParser::parseModule() {
  ScriptModule module;
  module.location = parser.getLocation();
  parser.next();
  module.isComponent = parser.peekKeyword("component");
  parser.next();
  parser.consumeIfKeyword("definition");
  size_t first = parser.getPosition();
  if (failed(parser.skipToClose()))
    return failure();
  size_t close = parser.getPosition() - 1;
  parser.setPosition(first);
  module.id = parser.parseOptionalId().value_or("").str();
  FailureOr<ScriptModule> encoded = encodeModule(std::move(module), close);
  if (failed(encoded) || failed(parser.consumeRParen()))
    return failure();
  return encoded;
}

/// `(module instance $i? $m?)`
LogicalResult ScriptParser::parseInstance(Directive &directive) {
  directive.kind = Directive::ModuleInstance;
  directive.isComponent = parser.peekField("component");
  for (unsigned i = 0; i < 3; ++i)
    parser.next();
  directive.id = parser.parseOptionalId().value_or("").str();
  directive.definition = parser.parseOptionalId().value_or("").str();
  return parser.consumeRParen();
}

LogicalResult ScriptParser::parseModuleDirective(Directive &directive) {
  if (parser.peekKeyword("instance", 2))
    return parseInstance(directive);
  bool isDefinition = parser.peekKeyword("definition", 2);
  directive.kind = isDefinition ? Directive::ModuleDefinition : Directive::Module;
  FailureOr<ScriptModule> module = parseModule();
  if (failed(module))
    return failure();
  directive.module = std::move(*module);
  return success();
}

//===----------------------------------------------------------------------===//
// Actions and assertions
//===----------------------------------------------------------------------===//

FailureOr<ScriptAction> ScriptParser::parseAction() {
  ScriptAction action;
  action.location = parser.getLocation();
  if (!peekAction())
    return parser.expected("'(invoke' or '(get'");
  parser.next();
  action.kind = parser.peekKeyword("get") ? ScriptAction::Get : ScriptAction::Invoke;
  parser.next();
  action.module = parser.parseOptionalId().value_or("").str();
  FailureOr<StringRef> name = parser.parseName("the name of an export");
  if (failed(name))
    return failure();
  action.name = name->str();
  while (action.kind == ScriptAction::Invoke && parser.peekLParen()) {
    FailureOr<ScriptValue> argument = parseScriptValue(parser);
    if (failed(argument))
      return failure();
    action.arguments.push_back(std::move(*argument));
  }
  if (failed(parser.consumeRParen()))
    return failure();
  return action;
}

LogicalResult ScriptParser::parseModuleOrAction(Directive &directive) {
  if (peekModule()) {
    FailureOr<ScriptModule> module = parseModule();
    if (failed(module))
      return failure();
    directive.module = std::move(*module);
    return success();
  }
  FailureOr<ScriptAction> action = parseAction();
  if (failed(action))
    return failure();
  directive.action = std::move(*action);
  return success();
}

LogicalResult ScriptParser::parseAssertion(Directive &directive) {
  parser.next();
  parser.next();
  bool wantsModule = false, hasMessage = true;
  switch (directive.kind) {
  case Directive::AssertInvalid:
  case Directive::AssertMalformed:
  case Directive::AssertUnlinkable:
  case Directive::AssertInvalidCustom:
  case Directive::AssertMalformedCustom:
    wantsModule = true;
    break;
  case Directive::AssertReturn:
  case Directive::AssertException:
    hasMessage = false;
    break;
  default:
    break;
  }
  if (wantsModule && !peekModule())
    return parser.expected("'(module' or '(component'");
  if (failed(parseModuleOrAction(directive)))
    return failure();
  while (directive.kind == Directive::AssertReturn && parser.peekLParen()) {
    FailureOr<ScriptValue> result = parseScriptValue(parser);
    if (failed(result))
      return failure();
    directive.results.push_back(std::move(*result));
  }
  if (hasMessage) {
    FailureOr<StringRef> message = parser.parseString("the expected message");
    if (failed(message))
      return failure();
    directive.message = message->str();
  }
  return parser.consumeRParen();
}

LogicalResult ScriptParser::parseRegister(Directive &directive) {
  directive.kind = Directive::Register;
  parser.consumeIfField("register");
  FailureOr<StringRef> name = parser.parseName("the name of a module");
  if (failed(name))
    return failure();
  directive.name = name->str();
  directive.id = parser.parseOptionalId().value_or("").str();
  return parser.consumeRParen();
}

/// `(thread $t (shared (module $m))* directive*)`
LogicalResult ScriptParser::parseThread(Directive &directive) {
  directive.kind = Directive::Thread;
  if (inThread)
    return parser.error("a thread inside of a thread is not supported");
  parser.consumeIfField("thread");
  directive.id = parser.parseOptionalId().value_or("").str();
  while (parser.consumeIfField("shared")) {
    while (parser.consumeIfField("module")) {
      directive.shared.push_back(parser.parseOptionalId().value_or("").str());
      if (failed(parser.consumeRParen()))
        return failure();
    }
    if (failed(parser.consumeRParen()))
      return failure();
  }
  inThread = true;
  while (parser.peekLParen()) {
    FailureOr<Directive> inner = parseDirective();
    if (failed(inner))
      return failure();
    directive.thread.push_back(std::move(*inner));
  }
  inThread = false;
  return parser.consumeRParen();
}

//===----------------------------------------------------------------------===//
// Directives
//===----------------------------------------------------------------------===//

FailureOr<Directive> ScriptParser::parseDirective() {
  Directive directive;
  directive.location = parser.getLocation();
  LogicalResult parsed = failure();
  std::optional<Directive::Kind> assertion;
  if (parser.peekLParen() && parser.peek(1).kind == Token::Keyword)
    assertion = assertionKind(parser.getBuffer().spelling(parser.peek(1)));
  if (assertion) {
    directive.kind = *assertion;
    parsed = parseAssertion(directive);
  } else if (peekModule())
    parsed = parseModuleDirective(directive);
  else if (parser.peekField("register"))
    parsed = parseRegister(directive);
  else if (parser.peekField("thread"))
    parsed = parseThread(directive);
  else if (parser.consumeIfField("wait")) {
    directive.kind = Directive::Wait;
    directive.id = parser.parseOptionalId().value_or("").str();
    parsed = parser.consumeRParen();
  } else if (peekAction()) {
    directive.kind = Directive::Action;
    parsed = parseModuleOrAction(directive);
  } else
    return parser.expected("a directive of a script");
  if (failed(parsed))
    return failure();
  return directive;
}

bool ScriptParser::peekDirective() const {
  if (!parser.peekLParen() || parser.peek(1).kind != Token::Keyword)
    return false;
  StringRef word = parser.getBuffer().spelling(parser.peek(1));
  return assertionKind(word) || peekModule() || peekAction() || word == "register" ||
         word == "thread" || word == "wait";
}

FailureOr<Script> ScriptParser::run() {
  Script script;
  if (parser.peekLParen() && !peekDirective()) {
    // Module fields alone.
    Directive directive;
    directive.location = parser.getLocation();
    ScriptModule module;
    module.location = directive.location;
    size_t end = parser.getBuffer().getTokens().size() - 1;
    FailureOr<ScriptModule> encoded = encodeModule(std::move(module), end);
    if (failed(encoded))
      return failure();
    directive.module = std::move(*encoded);
    script.directives.push_back(std::move(directive));
    return script;
  }
  while (!parser.atEnd()) {
    FailureOr<Directive> directive = parseDirective();
    if (failed(directive))
      return failure();
    script.directives.push_back(std::move(*directive));
  }
  return script;
}

StringRef tenon::text::spell(const Directive &directive) {
  switch (directive.kind) {
  case Directive::Module:
    return "module";
  case Directive::ModuleDefinition:
    return "module definition";
  case Directive::ModuleInstance:
    return "module instance";
  case Directive::Register:
    return "register";
  case Directive::Action:
    return directive.action->kind == ScriptAction::Get ? "get" : "invoke";
  case Directive::AssertReturn:
    return "assert_return";
  case Directive::AssertTrap:
    return "assert_trap";
  case Directive::AssertExhaustion:
    return "assert_exhaustion";
  case Directive::AssertException:
    return "assert_exception";
  case Directive::AssertSuspension:
    return "assert_suspension";
  case Directive::AssertInvalid:
    return "assert_invalid";
  case Directive::AssertMalformed:
    return "assert_malformed";
  case Directive::AssertUnlinkable:
    return "assert_unlinkable";
  case Directive::AssertInvalidCustom:
    return "assert_invalid_custom";
  case Directive::AssertMalformedCustom:
    return "assert_malformed_custom";
  case Directive::Thread:
    return "thread";
  case Directive::Wait:
    return "wait";
  }
  llvm_unreachable("a directive of no kind");
}

FailureOr<Script> tenon::text::parseScript(SourceFile &file, Diagnostics &diags) {
  FailureOr<std::unique_ptr<TokenBuffer>> buffer = TokenBuffer::lex(file, diags);
  if (failed(buffer))
    return failure();
  Parser parser(**buffer, diags);
  return ScriptParser(parser, file).run();
}
