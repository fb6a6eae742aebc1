//===- Decode.cpp - Body -> code ------------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One walk over a validated body, with a stack of the blocks that are open and the number of
// operands at each place. Validation has looked at the types; here only their numbers matter.
// What follows an unconditional branch up to the end of its block can't run and is left out.
//
// Handlers: inside of a `try` or `try_table` there is a handler of its own; in the catches of a
// `try` the one around it holds again. `delegate` makes the handler of its label the parent of its
// own, which has no clauses.
//
//===----------------------------------------------------------------------===//

#include "Code.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::interp;
using wasm::Immediates;
using wasm::Opcode;
using wasm::Operator;
using wasm::OperatorReader;

//===----------------------------------------------------------------------===//
// The decoder
//===----------------------------------------------------------------------===//

namespace {

class Decoder {
public:
  Decoder(const wasm::Module &module, Code &code) : module(module), code(code) {}

  /// Decodes operators up to the `end` that closes all.
  void run(OperatorReader &reader, uint32_t numResults);

private:
  /// A block that is open; the body itself is the first.
  struct Frame {
    Opcode opcode = Opcode::Block;
    uint32_t numParams = 0;
    uint32_t numResults = 0;
    uint32_t height = 0;          ///< of the operands below its parameters
    uint32_t start = 0;           ///< of a loop
    uint32_t handler = none;      ///< of what is directly inside
    uint32_t outerHandler = none; ///< of what is around it
    uint32_t elseBranch = none;
    uint32_t savedException = none;
    std::vector<uint32_t> toEnd; ///< branches that wait to know where it ends
  };

  const wasm::Module &module;
  Code &code;
  std::vector<Frame> frames;
  uint32_t height = 0;
  bool isDead = false;
  uint32_t deadDepth = 0; ///< blocks that were opened since it is dead
  Operator op;

  uint32_t here() const { return uint32_t(code.instrs.size()); }
  Instr &emit(Opcode opcode);
  void push(uint32_t count) {
    height += count;
    code.maxHeight = std::max(code.maxHeight, height);
  }
  void pop(uint32_t count) { height -= count; }
  void endPath() {
    isDead = true;
    deadDepth = 0;
  }
  bool staysDead();

  uint32_t makeBranch(uint32_t label);
  void jumpToEnd(Frame &frame);
  void patch(uint32_t branch) { code.branches[branch].target = here(); }
  void setHandler(uint32_t handler);

  void step();
  void openBlock();
  void openTryTable();
  void stepElse();
  void stepCatch();
  void stepDelegate();
  void stepEnd();
  void closeBlock();
  void stepBranch();
  void stepCall();
  void stepSimple();
  void applyEffect();
};

} // namespace

Instr &Decoder::emit(Opcode opcode) {
  Instr &instr = code.instrs.emplace_back();
  instr.opcode = opcode;
  instr.family = familyOf(opcode);
  return instr;
}

uint32_t Decoder::makeBranch(uint32_t label) {
  Frame &frame = frames[frames.size() - 1 - label];
  uint32_t number = code.branches.size();
  bool isLoop = frame.opcode == Opcode::Loop;
  code.branches.push_back({frame.start, isLoop ? frame.numParams : frame.numResults, frame.height});
  if (!isLoop)
    frame.toEnd.push_back(number);
  return number;
}

/// Ends a part of a block that another part follows.
void Decoder::jumpToEnd(Frame &frame) {
  if (isDead)
    return;
  Instr &jump = emit(Opcode::Else);
  jump.index = code.branches.size();
  frame.toEnd.push_back(jump.index);
  code.branches.emplace_back();
}

void Decoder::setHandler(uint32_t handler) {
  if (!code.handlerChanges.empty() && code.handlerChanges.back().first == here())
    code.handlerChanges.back().second = handler;
  else
    code.handlerChanges.emplace_back(here(), handler);
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

void Decoder::openBlock() {
  Frame frame;
  frame.opcode = op.opcode;
  if (op.blockType.kind == wasm::BlockType::TypeIndex) {
    const wasm::FuncType &type = module.types[op.blockType.typeIndex];
    frame.numParams = type.params.size();
    frame.numResults = type.results.size();
  } else {
    frame.numResults = op.blockType.kind == wasm::BlockType::Value;
  }
  if (op.opcode == Opcode::If) {
    pop(1);
    frame.elseBranch = code.branches.size();
    code.branches.emplace_back();
    emit(Opcode::If).index = frame.elseBranch;
  }
  frame.height = height - frame.numParams;
  frame.start = here();
  frame.handler = frame.outerHandler = frames.back().handler;
  if (op.opcode == Opcode::Try || op.opcode == Opcode::TryTable) {
    frame.handler = code.handlers.size();
    code.handlers.push_back({{}, frame.outerHandler});
    setHandler(frame.handler);
  }
  frames.push_back(std::move(frame));
}

void Decoder::openTryTable() {
  std::vector<Clause> clauses;
  for (const wasm::Catch &clause : op.catches)
    clauses.push_back({clause.kind, clause.tag, makeBranch(clause.label)});
  openBlock();
  code.handlers[frames.back().handler].clauses = std::move(clauses);
}

void Decoder::stepElse() {
  Frame &frame = frames.back();
  jumpToEnd(frame);
  patch(frame.elseBranch);
  frame.elseBranch = none;
  height = frame.height;
  push(frame.numParams);
  isDead = false;
}

/// catch and catch_all of the legacy proposal.
void Decoder::stepCatch() {
  Frame &frame = frames.back();
  jumpToEnd(frame);
  uint32_t handler = frame.handler;
  if (frame.opcode == Opcode::Try) {
    frame.savedException = code.numLocals++;
    frame.start = handler; // a try is no loop: the field keeps the handler that the clauses go to
    frame.handler = frame.outerHandler;
    frame.opcode = Opcode::Catch;
  }
  setHandler(frame.handler);
  Clause clause{wasm::Catch::All, 0, uint32_t(code.branches.size()), frame.savedException};
  code.branches.push_back({here(), 0, frame.height});
  height = frame.height;
  if (op.opcode == Opcode::Catch) {
    clause.kind = wasm::Catch::One;
    clause.tag = op.index;
    push(module.types[module.tagTypes[op.index]].params.size());
  }
  code.handlers[frame.start].clauses.push_back(clause);
  isDead = false;
}

void Decoder::stepDelegate() {
  const Frame &label = frames[frames.size() - 2 - op.index];
  code.handlers[frames.back().handler].parent = label.handler;
  closeBlock();
}

void Decoder::stepEnd() {
  if (frames.size() > 1)
    return closeBlock();
  for (uint32_t branch : frames.back().toEnd)
    patch(branch);
  emit(Opcode::Return);
  frames.pop_back();
}

void Decoder::closeBlock() {
  Frame frame = std::move(frames.back());
  frames.pop_back();
  if (frame.elseBranch != none)
    patch(frame.elseBranch);
  for (uint32_t branch : frame.toEnd)
    patch(branch);
  if (frame.handler != frame.outerHandler)
    setHandler(frame.outerHandler);
  height = frame.height;
  push(frame.numResults);
  isDead = false;
}

//===----------------------------------------------------------------------===//
// Branches and calls
//===----------------------------------------------------------------------===//

void Decoder::stepBranch() {
  Instr &instr = emit(op.opcode);
  if (op.opcode == Opcode::BrTable) {
    instr.index = code.branches.size();
    instr.bits = op.labels.size();
    for (uint32_t label : op.labels)
      makeBranch(label);
    makeBranch(op.index);
    return endPath();
  }
  instr.index = makeBranch(op.index);
  if (op.opcode == Opcode::Br)
    return endPath();
  if (op.opcode != Opcode::BrOnNull) // which leaves the reference where it does not branch
    pop(1);
}

void Decoder::stepCall() {
  const wasm::FuncType *type;
  bool isTail = false;
  Instr &instr = emit(op.opcode);
  instr.index = op.index;
  switch (op.opcode) {
  case Opcode::ReturnCall:
    isTail = true;
    [[fallthrough]];
  case Opcode::Call:
    type = &module.typeOfFunc(op.index);
    break;
  case Opcode::ReturnCallIndirect:
  case Opcode::ReturnCallRef:
    isTail = true;
    [[fallthrough]];
  default:
    type = &module.types[op.index];
    instr.bits = op.index2;
    pop(1);
    break;
  }
  if (isTail)
    return endPath();
  pop(type->params.size());
  push(type->results.size());
}

//===----------------------------------------------------------------------===//
// Everything else
//===----------------------------------------------------------------------===//

void Decoder::applyEffect() {
  llvm::StringRef signature = wasm::infoOf(op.opcode).signature;
  if (!signature.empty()) {
    auto [operands, results] = signature.split(':');
    pop(operands.size());
    return push(results.size());
  }
  int effect = effectOfSpecial(op.opcode);
  if (effect < 0)
    pop(-effect);
  else
    push(effect);
}

void Decoder::stepSimple() {
  Instr &instr = emit(op.opcode);
  switch (wasm::infoOf(op.opcode).immediates) {
  case Immediates::MemArgLane:
    instr.lane = op.lane;
    [[fallthrough]];
  case Immediates::MemArg:
    instr.index = op.memArg.memory;
    instr.bits = op.memArg.offset;
    break;
  case Immediates::Lane:
    instr.lane = op.lane;
    break;
  case Immediates::I32:
  case Immediates::F32:
    instr.bits = uint32_t(op.bits);
    break;
  case Immediates::I64:
  case Immediates::F64:
    instr.bits = op.bits;
    break;
  case Immediates::V128:
  case Immediates::Shuffle:
    instr.index = code.vectors.size();
    code.vectors.push_back(Value::of(op.bytes));
    break;
  case Immediates::TwoTables:
  case Immediates::TwoMemories:
  case Immediates::ElemTable:
  case Immediates::DataMemory:
    instr.index = op.index;
    instr.bits = op.index2;
    break;
  case Immediates::None:
  case Immediates::HeapType:
  case Immediates::SelectTypes:
  case Immediates::Fence:
    break;
  default:
    instr.index = op.index;
    break;
  }
  applyEffect();
}

/// Whether the operator can't run, and isn't where running starts again.
bool Decoder::staysDead() {
  if (wasm::infoOf(op.opcode).immediates == Immediates::Block || op.opcode == Opcode::TryTable) {
    ++deadDepth;
    return true;
  }
  bool closes = op.opcode == Opcode::End || op.opcode == Opcode::Delegate;
  if (deadDepth != 0) {
    deadDepth -= closes;
    return true;
  }
  return !closes && op.opcode != Opcode::Else && op.opcode != Opcode::Catch &&
         op.opcode != Opcode::CatchAll;
}

void Decoder::step() {
  if (isDead && staysDead())
    return;
  switch (op.opcode) {
  case Opcode::Nop:
    return;
  case Opcode::Block:
  case Opcode::Loop:
  case Opcode::If:
  case Opcode::Try:
    return openBlock();
  case Opcode::TryTable:
    return openTryTable();
  case Opcode::Else:
    return stepElse();
  case Opcode::Catch:
  case Opcode::CatchAll:
    return stepCatch();
  case Opcode::Delegate:
    return stepDelegate();
  case Opcode::End:
    return stepEnd();
  case Opcode::Br:
  case Opcode::BrTable:
  case Opcode::BrIf:
  case Opcode::BrOnNull:
  case Opcode::BrOnNonNull:
    return stepBranch();
  case Opcode::Call:
  case Opcode::CallIndirect:
  case Opcode::CallRef:
  case Opcode::ReturnCall:
  case Opcode::ReturnCallIndirect:
  case Opcode::ReturnCallRef:
    return stepCall();
  case Opcode::Rethrow:
    emit(op.opcode).index = frames[frames.size() - 1 - op.index].savedException;
    return endPath();
  case Opcode::Unreachable:
  case Opcode::Return:
  case Opcode::Throw:
  case Opcode::ThrowRef:
    emit(op.opcode).index = op.index;
    return endPath();
  default:
    return stepSimple();
  }
}

void Decoder::run(OperatorReader &reader, uint32_t numResults) {
  code.numResults = numResults;
  Frame body;
  body.numResults = numResults;
  frames.push_back(std::move(body));
  code.maxHeight = numResults;
  while (!frames.empty()) {
    LogicalResult read = reader.next(op);
    assert(succeeded(read) && "the body was validated");
    (void)read;
    step();
  }
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

uint32_t Code::handlerAt(uint32_t instr) const {
  auto after = llvm::upper_bound(handlerChanges, instr,
                                 [](uint32_t at, const auto &change) { return at < change.first; });
  return after == handlerChanges.begin() ? none : std::prev(after)->second;
}

std::unique_ptr<Code> interp::decodeBody(const wasm::Module &module,
                                         const wasm::Function &function) {
  Diagnostics silent([](const Diagnostic &) {});
  OperatorReader reader(function, silent);
  wasm::LocalDecls locals;
  LogicalResult read = reader.readLocals(locals);
  assert(succeeded(read) && "the body was validated");
  (void)read;
  const wasm::FuncType &type = module.types[function.typeIndex];
  auto code = std::make_unique<Code>();
  code->numParams = type.params.size();
  code->numLocals = code->numParams + locals.total;
  Decoder(module, *code).run(reader, type.results.size());
  return code;
}

std::unique_ptr<Code> interp::decodeConstant(const wasm::Module &module,
                                             const wasm::ConstExpr &expr) {
  Diagnostics silent([](const Diagnostic &) {});
  OperatorReader reader(expr, silent);
  auto code = std::make_unique<Code>();
  Decoder(module, *code).run(reader, /*numResults=*/1);
  return code;
}
