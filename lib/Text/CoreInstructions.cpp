//===- CoreInstructions.cpp - Text of instructions -> bytes ---------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nesting of instructions, flat (`block ... end`) and folded (`(block ...)`), on one explicit
// stack: a frame is whatever waits for its `)` or its `end`, so that depth costs heap and not
// stack. A folded plain instruction waits with its bytes in `pending` until its operands are
// written.
//
//===----------------------------------------------------------------------===//

#include "CoreInstructions.h"
#include "CoreImmediates.h"

using namespace tenon;
using namespace tenon::text;
using llvm::StringRef;
using wasm::Opcode;

static constexpr llvm::StringLiteral branchHintName = "metadata.code.branch_hint";

namespace {

struct Frame {
  enum Kind : uint8_t {
    Plain, ///< `(i32.add ...`: operands, then the instruction's bytes
    Block, ///< `(block`, `(loop`, `(try_table`: instructions, then `end`
    If,    ///< `(if`: conditions, `(then`, `(else`
    Try,   ///< `(try`: `(do`, then `(catch`s and `(catch_all` or one `(delegate`
    Arm,   ///< `(then`, `(else`, `(do`, `(catch`: instructions
    Flat   ///< `block`, `loop`, `if`, `try`, `try_table`: instructions, then `end`
  };
  Kind kind;
  Opcode opcode;
  std::optional<StringRef> label;
  uint32_t offset = 0;      ///< of the mnemonic, in the text
  size_t pendingStart = 0;  ///< Plain, If: where its bytes start in `pending`
  Opcode arm = Opcode::Nop; ///< If, Try, flat if and try: the last arm that was opened (Nop: none)
  std::optional<BranchHint> hint = std::nullopt; ///< Plain, If
};

class InstructionEncoder {
public:
  InstructionEncoder(Parser &parser, CoreScope &scope, const IndexSpace *locals, ByteWriter &out,
                     BodyNotes *notes)
      : parser(parser), out(out), notes(notes), immediates(parser, scope, locals, labels) {}

  /// Up to the closing parenthesis that is not ours.
  LogicalResult run();
  LogicalResult runOneFolded();

private:
  Parser &parser;
  ByteWriter &out;
  BodyNotes *notes; ///< null where the instructions are not those of a function
  ByteWriter pending;
  LabelStack labels;
  uint32_t numLabels = 0; ///< so far, in the order of instructions
  ImmediateEncoder immediates;
  std::vector<Frame> frames;

  LogicalResult step();
  FailureOr<Opcode> parseMnemonic();
  FailureOr<std::optional<BranchHint>> parseBranchHint();
  LogicalResult checkHint(const std::optional<BranchHint> &hint, Opcode opcode);
  void noteHint(const std::optional<BranchHint> &hint);
  void pushLabel(std::optional<StringRef> label);
  bool acceptsFlat() const;

  LogicalResult encodeFlat();
  LogicalResult openFlat(Opcode opcode, uint32_t offset);
  LogicalResult encodeFlatElse();
  LogicalResult encodeFlatCatch(Opcode opcode);
  LogicalResult encodeFlatDelegate();
  LogicalResult encodeFlatEnd();
  LogicalResult checkClosingLabel(const Frame &frame);

  LogicalResult openFolded();
  LogicalResult openFoldedBlock(Frame frame);
  LogicalResult openIfArm(Frame &frame, Opcode arm);
  LogicalResult openTryArm(Frame &frame);
  LogicalResult closeFolded();
};

} // namespace

static bool isBlock(Opcode opcode) {
  return opcode == Opcode::Block || opcode == Opcode::Loop || opcode == Opcode::If ||
         opcode == Opcode::Try || opcode == Opcode::TryTable;
}

LogicalResult InstructionEncoder::run() {
  while (true) {
    if (frames.empty() && (parser.peekRParen() || parser.atEnd()))
      return success();
    if (failed(step()))
      return failure();
  }
}

LogicalResult InstructionEncoder::runOneFolded() {
  if (!parser.peekLParen())
    return parser.expected("a folded instruction");
  do {
    if (failed(step()))
      return failure();
  } while (!frames.empty());
  return success();
}

LogicalResult InstructionEncoder::step() {
  if (parser.peekRParen())
    return closeFolded();
  if (parser.peekLParen())
    return openFolded();
  if (parser.peek().kind == Token::Keyword && acceptsFlat())
    return encodeFlat();
  return parser.expected(acceptsFlat() ? "an instruction" : "'(' or ')'");
}

/// Whether an instruction without parentheses may stand here.
bool InstructionEncoder::acceptsFlat() const {
  if (frames.empty())
    return true;
  Frame::Kind kind = frames.back().kind;
  return kind == Frame::Block || kind == Frame::Arm || kind == Frame::Flat;
}

FailureOr<Opcode> InstructionEncoder::parseMnemonic() {
  if (parser.peek().kind == Token::Keyword)
    if (std::optional<Opcode> opcode = findOpcode(parser.spelling())) {
      if (!wasm::infoOf(*opcode).isSupported)
        return parser.error("'") << parser.spelling() << "' is not supported yet";
      parser.next();
      return *opcode;
    }
  return parser.error("unknown operator '") << parser.spelling().take_front(60) << "'";
}

//===----------------------------------------------------------------------===//
// Branch hints, labels
//===----------------------------------------------------------------------===//

/// The `(@metadata.code.branch_hint "...")` directly before the next token, if there is one
/// (metadata specification, "Code Metadata").
FailureOr<std::optional<BranchHint>> InstructionEncoder::parseBranchHint() {
  std::optional<BranchHint> result;
  if (!notes || parser.getBuffer().getAnnotations().empty())
    return result;
  for (const Annotation &annotation : parser.annotationsHere()) {
    if (annotation.name != branchHintName)
      continue;
    if (result)
      return parser.errorAt(annotation.offset, "@metadata.code.branch_hint annotation: duplicate "
                                               "annotation");
    Parser inside(parser.getBuffer(), annotation, parser.getDiagnostics());
    std::string data;
    while (inside.peekString())
      data += parser.getBuffer().value(inside.next());
    if (!inside.atEnd())
      return inside.error("@metadata.code.branch_hint annotation: unexpected token");
    if (data.size() != 1 || (data[0] != 0 && data[0] != 1))
      return parser.errorAt(annotation.offset, "@metadata.code.branch_hint annotation: expected "
                                               "\"\\00\" or \"\\01\"");
    result = BranchHint{&annotation, 0, data[0] == 1};
  }
  return result;
}

LogicalResult InstructionEncoder::checkHint(const std::optional<BranchHint> &hint, Opcode opcode) {
  if (!hint || opcode == Opcode::If || opcode == Opcode::BrIf)
    return success();
  return parser.errorAt(hint->annotation->offset,
                        "@metadata.code.branch_hint annotation: invalid target: it stands before "
                        "'if' or 'br_if'");
}

/// The hint is about the instruction that is written next.
void InstructionEncoder::noteHint(const std::optional<BranchHint> &hint) {
  if (!hint)
    return;
  notes->branchHints.push_back(*hint);
  notes->branchHints.back().offset = uint32_t(out.size());
}

void InstructionEncoder::pushLabel(std::optional<StringRef> label) {
  if (notes && label)
    notes->labels.emplace_back(numLabels, *label);
  ++numLabels;
  labels.push(label);
}

//===----------------------------------------------------------------------===//
// Flat instructions
//===----------------------------------------------------------------------===//

LogicalResult InstructionEncoder::encodeFlat() {
  uint32_t offset = uint32_t(parser.getOffset());
  FailureOr<std::optional<BranchHint>> hint = parseBranchHint();
  if (failed(hint))
    return failure();
  FailureOr<Opcode> opcode = parseMnemonic();
  if (failed(opcode) || failed(checkHint(*hint, *opcode)))
    return failure();
  out.mark(offset);
  noteHint(*hint);
  switch (*opcode) {
  case Opcode::Block:
  case Opcode::Loop:
  case Opcode::If:
  case Opcode::Try:
  case Opcode::TryTable:
    return openFlat(*opcode, offset);
  case Opcode::Else:
    return encodeFlatElse();
  case Opcode::Catch:
  case Opcode::CatchAll:
    return encodeFlatCatch(*opcode);
  case Opcode::Delegate:
    return encodeFlatDelegate();
  case Opcode::End:
    return encodeFlatEnd();
  default:
    return immediates.encode(*opcode, out);
  }
}

LogicalResult InstructionEncoder::openFlat(Opcode opcode, uint32_t offset) {
  Frame frame{Frame::Flat, opcode, parser.parseOptionalId(), offset};
  if (failed(immediates.encode(opcode, out)))
    return failure();
  pushLabel(frame.label);
  frames.push_back(frame);
  return success();
}

/// The id after `else` and `end`, if there is one, repeats the block's.
LogicalResult InstructionEncoder::checkClosingLabel(const Frame &frame) {
  uint64_t at = parser.getOffset();
  std::optional<StringRef> label = parser.parseOptionalId();
  if (label && (!frame.label || *frame.label != *label))
    return parser.errorAt(at, "mismatching label '$") << *label << "'";
  return success();
}

LogicalResult InstructionEncoder::encodeFlatElse() {
  if (frames.empty() || frames.back().kind != Frame::Flat || frames.back().opcode != Opcode::If ||
      frames.back().arm == Opcode::Else)
    return parser.error("unexpected token: 'else' without an open 'if'");
  frames.back().arm = Opcode::Else;
  writeOpcode(out, Opcode::Else);
  return checkClosingLabel(frames.back());
}

LogicalResult InstructionEncoder::encodeFlatCatch(Opcode opcode) {
  if (frames.empty() || frames.back().kind != Frame::Flat || frames.back().opcode != Opcode::Try ||
      frames.back().arm == Opcode::CatchAll)
    return parser.error("unexpected token: a catch without an open 'try'");
  frames.back().arm = opcode;
  return immediates.encode(opcode, out);
}

LogicalResult InstructionEncoder::encodeFlatDelegate() {
  if (frames.empty() || frames.back().kind != Frame::Flat || frames.back().opcode != Opcode::Try ||
      frames.back().arm != Opcode::Nop)
    return parser.error("unexpected token: 'delegate' without an open 'try' that has no catch");
  labels.pop();
  frames.pop_back();
  return immediates.encode(Opcode::Delegate, out);
}

LogicalResult InstructionEncoder::encodeFlatEnd() {
  if (frames.empty() || frames.back().kind != Frame::Flat)
    return parser.error("unexpected token: 'end' without an open block");
  if (failed(checkClosingLabel(frames.back())))
    return failure();
  writeOpcode(out, Opcode::End);
  labels.pop();
  frames.pop_back();
  return success();
}

//===----------------------------------------------------------------------===//
// Folded instructions
//===----------------------------------------------------------------------===//

LogicalResult InstructionEncoder::openFolded() {
  if (!frames.empty()) {
    Frame &top = frames.back();
    if (top.kind == Frame::Try)
      return openTryArm(top);
    if (top.kind == Frame::If && parser.peekField("then"))
      return openIfArm(top, Opcode::If);
    if (top.kind == Frame::If && top.arm != Opcode::Nop)
      return openIfArm(top, Opcode::Else);
  }
  FailureOr<std::optional<BranchHint>> hint = parseBranchHint();
  if (failed(hint))
    return failure();
  parser.next();
  Frame frame{Frame::Plain, Opcode::Nop, std::nullopt, uint32_t(parser.getOffset()),
              pending.size()};
  FailureOr<Opcode> opcode = parseMnemonic();
  if (failed(opcode) || failed(checkHint(*hint, *opcode)))
    return failure();
  frame.opcode = *opcode;
  frame.hint = *hint;
  if (isBlock(*opcode))
    return openFoldedBlock(frame);
  switch (*opcode) {
  case Opcode::Else:
  case Opcode::End:
  case Opcode::Catch:
  case Opcode::CatchAll:
  case Opcode::Delegate:
    return parser.errorAt(frame.offset, "unexpected token: this can't be folded");
  default:
    break;
  }
  if (failed(immediates.encode(*opcode, pending)))
    return failure();
  frames.push_back(frame);
  return success();
}

LogicalResult InstructionEncoder::openFoldedBlock(Frame frame) {
  frame.label = parser.parseOptionalId();
  if (frame.opcode == Opcode::If) {
    // The conditions come first, and outside of the label's scope.
    frame.kind = Frame::If;
    frames.push_back(frame);
    return immediates.encode(Opcode::If, pending);
  }
  frame.kind = frame.opcode == Opcode::Try ? Frame::Try : Frame::Block;
  out.mark(frame.offset);
  if (failed(immediates.encode(frame.opcode, out)))
    return failure();
  pushLabel(frame.label);
  frames.push_back(frame);
  return success();
}

/// `(then` or `(else`.
LogicalResult InstructionEncoder::openIfArm(Frame &frame, Opcode arm) {
  bool isElse = arm == Opcode::Else;
  if (isElse ? frame.arm != Opcode::If : frame.arm != Opcode::Nop)
    return parser.error("unexpected token: ") << "an 'if' has one 'then' and one 'else' at most";
  if (failed(parser.consumeLParen()))
    return failure();
  uint64_t offset = parser.getOffset();
  if (failed(parser.consumeKeyword(isElse ? "else" : "then")))
    return failure();
  if (isElse) {
    out.mark(offset);
    writeOpcode(out, Opcode::Else);
  } else {
    out.mark(frame.offset);
    noteHint(frame.hint);
    out.raw(pending.getBytes().drop_front(frame.pendingStart));
    pending.truncate(frame.pendingStart);
    pushLabel(frame.label);
  }
  frame.arm = arm;
  Frame body{Frame::Arm, arm, std::nullopt, uint32_t(offset)};
  frames.push_back(body);
  return success();
}

/// `(do`, `(catch`, `(catch_all` or `(delegate`.
LogicalResult InstructionEncoder::openTryArm(Frame &frame) {
  Frame body{Frame::Arm, Opcode::Try, std::nullopt, uint32_t(parser.getOffset())};
  if (frame.arm == Opcode::Nop) {
    if (!parser.consumeIfField("do"))
      return parser.expected("'(do'");
  } else if (frame.arm != Opcode::CatchAll && frame.arm != Opcode::Delegate) {
    bool isDelegate = parser.peekField("delegate") && frame.arm == Opcode::Try;
    body.opcode = isDelegate                      ? Opcode::Delegate
                  : parser.peekField("catch")     ? Opcode::Catch
                  : parser.peekField("catch_all") ? Opcode::CatchAll
                                                  : Opcode::Nop;
    if (body.opcode == Opcode::Nop)
      return parser.expected("'(catch', '(catch_all' or ')'");
    parser.next();
    parser.next();
    out.mark(body.offset);
    if (isDelegate)
      labels.pop(); // its label counts from outside the try
    if (failed(immediates.encode(body.opcode, out)))
      return failure();
    if (isDelegate) {
      labels.push(frame.label); // popped with the frame
      frame.arm = Opcode::Delegate;
      return parser.consumeRParen();
    }
  } else
    return parser.expected("')'");
  frame.arm = body.opcode;
  frames.push_back(body);
  return success();
}

LogicalResult InstructionEncoder::closeFolded() {
  if (frames.empty())
    return parser.expected("an instruction");
  Frame frame = frames.back();
  switch (frame.kind) {
  case Frame::Flat:
    return parser.expected("'end'");
  case Frame::Plain:
    out.mark(frame.offset);
    noteHint(frame.hint);
    out.raw(pending.getBytes().drop_front(frame.pendingStart));
    pending.truncate(frame.pendingStart);
    break;
  case Frame::If:
    if (frame.arm == Opcode::Nop)
      return parser.expected("'(then'");
    [[fallthrough]];
  case Frame::Try:
    if (frame.arm == Opcode::Nop)
      return parser.expected("'(do'");
    [[fallthrough]];
  case Frame::Block:
    if (frame.arm != Opcode::Delegate) {
      out.mark(parser.getOffset());
      writeOpcode(out, Opcode::End);
    }
    labels.pop();
    break;
  case Frame::Arm:
    break;
  }
  parser.next();
  frames.pop_back();
  return success();
}

LogicalResult tenon::text::encodeInstructions(Parser &parser, CoreScope &scope,
                                              const IndexSpace *locals, ByteWriter &out,
                                              BodyNotes *notes) {
  return InstructionEncoder(parser, scope, locals, out, notes).run();
}

LogicalResult tenon::text::encodeFoldedInstruction(Parser &parser, CoreScope &scope,
                                                   ByteWriter &out) {
  return InstructionEncoder(parser, scope, /*locals=*/nullptr, out, /*notes=*/nullptr)
      .runOneFolded();
}
