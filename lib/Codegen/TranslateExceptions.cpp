//===- TranslateExceptions.cpp - Throwing and handling exceptions ----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// core specification, "Control Instructions": throw, throw_ref, try_table; and the legacy encoding:
// try, catch, catch_all, rethrow, delegate.
//
// A call that may throw, inside a handler's range, is an `invoke` to the landing pad of the
// innermost handler. The pad branches to the handler's dispatch block, which compares tags; what no
// clause takes goes to the dispatch block of the next handler around, or, outside of all, back to
// the unwinder. Landing pads are cleanups for LLVM, so tags are not its business, and pads are
// entered for every exception. Both blocks are made when the first exception comes by: a handler
// that nothing can reach leaves no code.
//
// Inside its own function a throw is a branch: to the clause itself where that is known, else to
// the innermost dispatch block. The exception is in memory (tenon-abi/exception.h) only when it has
// to be.
//
//===----------------------------------------------------------------------===//

#include "FunctionTranslator.h"
#include "tenon-abi/exception.h"
#include "llvm/IR/InlineAsm.h"

using namespace tenon;
using namespace tenon::codegen;

/// How many clauses a throw looks through for one that takes it. Behind them it goes through the
/// dispatch blocks, so that code is linear in the source.
static constexpr int maxStaticClauses = 64;

bool FunctionTranslator::translateException(const Operator &op) {
  switch (op.opcode) {
  case Opcode::Try:
    openFrame(Frame::Try, op.blockType);
    return openTry(op), true;
  case Opcode::TryTable:
    openFrame(Frame::TryTable, op.blockType);
    return openTry(op), true;
  case Opcode::Catch:
  case Opcode::CatchAll:
    return beginCatch(op), true;
  case Opcode::Delegate:
    return closeDelegate(op.index), true;
  case Opcode::Throw: {
    uint32_t tag = instance.tags[op.index];
    return throwTag(tag, popMany(facts.tags[tag].type->params.size())), true;
  }
  case Opcode::ThrowRef:
    return throwReference(), true;
  case Opcode::Rethrow:
    return rethrow(op.index), true;
  default:
    return false;
  }
}

//===----------------------------------------------------------------------===//
// Exceptions in memory
//===----------------------------------------------------------------------===//

/// Makes the exception in flight. It has no origin: whoever hands it to the unwinder sets that.
void FunctionTranslator::storeThrown(uint32_t tag, llvm::ArrayRef<llvm::Value *> values) {
  llvm::GlobalVariable *thrown = mb.thrown();
  builder.CreateStore(state.tag(builder, tag), thrown);
  for (auto [value, offset] : llvm::zip(values, facts.tags[tag].offsets))
    builder.CreateAlignedStore(
        value, builder.CreateConstGEP1_64(mb.i8, thrown, sizeof(tenon_exception) + offset),
        llvm::Align(8));
}

llvm::SmallVector<llvm::Value *, 8> FunctionTranslator::loadPayload(llvm::Value *exception,
                                                                    uint32_t tag) {
  llvm::SmallVector<llvm::Value *, 8> values;
  for (auto [type, offset] : llvm::zip(facts.tags[tag].type->params, facts.tags[tag].offsets))
    values.push_back(builder.CreateAlignedLoad(
        mb.typeOf(type),
        builder.CreateConstGEP1_64(mb.i8, exception, sizeof(tenon_exception) + offset),
        llvm::Align(8)));
  return values;
}

/// The size of an exception, head and payload.
llvm::Value *FunctionTranslator::bytesOf(llvm::Value *exception) {
  llvm::Value *tag = builder.CreateLoad(mb.ptrType, exception);
  return builder.CreateAdd(builder.CreateLoad(mb.i64, tag),
                           builder.getInt64(sizeof(tenon_exception)));
}

void FunctionTranslator::branchIfTag(llvm::Value *exception, uint32_t tag, llvm::BasicBlock *match,
                                     llvm::BasicBlock *rest) {
  llvm::Value *thrown = builder.CreateLoad(mb.ptrType, exception);
  builder.CreateCondBr(builder.CreateICmpEQ(thrown, state.tag(builder, tag)), match, rest);
}

//===----------------------------------------------------------------------===//
// Handlers
//===----------------------------------------------------------------------===//

/// The innermost frame that handles, among the outermost `numFrames`; null: none does.
FunctionTranslator::Frame *FunctionTranslator::handlingFrame(uint32_t numFrames) {
  auto behind = llvm::lower_bound(handling, numFrames);
  return behind == handling.begin() ? nullptr : &frames[*std::prev(behind)];
}

llvm::BasicBlock *FunctionTranslator::dispatchOf(Frame &frame) {
  Handler &handler = *frame.handler;
  if (!handler.dispatch) {
    handler.dispatch = newBlock("dispatch");
    handler.exception = llvm::PHINode::Create(mb.ptrType, 2, "", handler.dispatch);
    handler.exception->setDebugLoc(locationOf(*handler.exception));
  }
  return handler.dispatch;
}

/// Who was called may have made a tail call, and its callee stood lower or higher on the stack: the
/// unwinder takes the stack pointer from there. Everything else of the frame is found through the
/// frame pointer (ModuleBuilder::coreFunction). LLVM knows nothing of this, as the stack pointer
/// gets the value that LLVM thinks it has.
void FunctionTranslator::restoreStackPointer() {
  if (!savedStackPointer) {
    llvm::BasicBlock &entry = function->getEntryBlock();
    llvm::IRBuilder<> early(&entry, entry.getFirstInsertionPt());
    savedStackPointer = early.CreateStackSave();
  }
  bool isX86 = mb.module->getTargetTriple().isX86();
  llvm::FunctionType *type = llvm::FunctionType::get(builder.getVoidTy(), {mb.ptrType}, false);
  llvm::InlineAsm *move = llvm::InlineAsm::get(type, isX86 ? "movq $0, %rsp" : "mov sp, $0",
                                               "r,~{memory}", /*hasSideEffects=*/true);
  builder.CreateCall(move, {savedStackPointer})->setDoesNotThrow();
}

llvm::BasicBlock *FunctionTranslator::landingOf(Frame &frame) {
  Handler &handler = *frame.handler;
  if (handler.landing)
    return handler.landing;
  llvm::IRBuilderBase::InsertPointGuard guard(builder);
  handler.landing = newBlock("landing");
  builder.SetInsertPoint(handler.landing);
  llvm::LandingPadInst *pad =
      builder.CreateLandingPad(llvm::StructType::get(mb.ptrType, mb.i32), /*NumClauses=*/0);
  pad->setCleanup(true);
  function->setPersonalityFn(mb.personality());
  if (facts.usesTailCalls)
    restoreStackPointer();
  llvm::BasicBlock *dispatch = dispatchOf(frame);
  handler.exception->addIncoming(builder.CreateExtractValue(pad, 0), handler.landing);
  builder.CreateBr(dispatch);
  return handler.landing;
}

llvm::CallBase *FunctionTranslator::createCall(const Callee &callee,
                                               llvm::ArrayRef<llvm::Value *> args) {
  Frame *frame = callee.mayThrow ? handlingFrame(frames.size()) : nullptr;
  if (!frame) {
    llvm::CallInst *call = builder.CreateCall(callee.signature, callee.code, args);
    call->setCallingConv(callee.convention);
    if (!callee.mayThrow)
      call->setDoesNotThrow();
    return call;
  }
  llvm::BasicBlock *landing = landingOf(*frame), *going = newBlock();
  llvm::InvokeInst *call =
      builder.CreateInvoke(callee.signature, callee.code, going, landing, args);
  call->setCallingConv(callee.convention);
  builder.SetInsertPoint(going);
  return call;
}

/// Sends an exception to the innermost handler among the outermost `numFrames`, or out of the
/// function. Ends the block.
void FunctionTranslator::passOn(llvm::Value *exception, uint32_t numFrames) {
  if (Frame *frame = handlingFrame(numFrames)) {
    llvm::BasicBlock *dispatch = dispatchOf(*frame);
    frame->handler->exception->addIncoming(exception, builder.GetInsertBlock());
    builder.CreateBr(dispatch);
    return;
  }
  builder.CreateCall(mb.runtime(RuntimeFunction::tenon_throw_on), exception)->setDoesNotReturn();
  builder.CreateUnreachable();
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

void FunctionTranslator::openTry(const Operator &op) {
  Frame &frame = frames.back();
  frame.handler = std::make_unique<Handler>();
  if (frame.kind == Frame::TryTable)
    frame.handler->clauses.append(op.catches.begin(), op.catches.end());
  handling.push_back(frames.size() - 1);
}

/// At the end of a try_table, or of a legacy try with what clauses it has: what becomes of
/// exceptions. Control goes on where it was.
void FunctionTranslator::closeTry() {
  Frame &frame = frames.back();
  Handler &handler = *frame.handler;
  uint32_t numOuter = frames.size() - 1;
  if (frame.kind != Frame::Catch)
    handling.pop_back();
  llvm::BasicBlock *rest = frame.kind == Frame::Catch ? handler.rest : handler.dispatch;
  if (!rest)
    return;
  llvm::IRBuilderBase::InsertPointGuard guard(builder);
  builder.SetInsertPoint(rest);
  size_t height = stack.size();
  for (const wasm::Catch &clause : handler.clauses) {
    bool isAll = clause.kind == wasm::Catch::All || clause.kind == wasm::Catch::AllRef;
    bool hasRef = clause.kind == wasm::Catch::OneRef || clause.kind == wasm::Catch::AllRef;
    rest = isAll ? nullptr : newBlock();
    if (!isAll) {
      uint32_t tag = instance.tags[clause.tag];
      llvm::BasicBlock *match = newBlock();
      branchIfTag(handler.exception, tag, match, rest);
      builder.SetInsertPoint(match);
      stack.append(loadPayload(handler.exception, tag));
    }
    if (hasRef)
      push(
          builder.CreateCall(mb.runtime(RuntimeFunction::tenon_exception_keep), handler.exception));
    Frame &target = frameAt(clause.label + 1);
    makeLabel(target);
    addEdge(target, builder.GetInsertBlock());
    builder.CreateBr(target.label);
    stack.truncate(height);
    if (isAll)
      return;
    builder.SetInsertPoint(rest);
  }
  passOn(handler.exception, numOuter);
}

/// From the end of a legacy try's body, or of a clause, to the start of the next clause.
void FunctionTranslator::beginCatch(const Operator &op) {
  Frame &frame = frames.back();
  Handler &handler = *frame.handler;
  if (reachable) {
    makeLabel(frame);
    addEdge(frame, builder.GetInsertBlock());
    builder.CreateBr(frame.label);
  }
  if (frame.kind == Frame::Try) {
    handling.pop_back();
    handler.rest = handler.dispatch;
    frame.kind = Frame::Catch;
  }
  stack.truncate(frame.height);
  handler.tag.reset();
  handler.values.clear();
  reachable = handler.rest;
  if (!reachable)
    return;
  builder.SetInsertPoint(handler.rest);
  if (op.opcode == Opcode::CatchAll) {
    // A block of its own, so that saving the exception can be added at its start.
    handler.catchAll = newBlock();
    builder.CreateBr(handler.catchAll);
    builder.SetInsertPoint(handler.catchAll);
    handler.rest = nullptr;
    return;
  }
  handler.tag = instance.tags[op.index];
  llvm::BasicBlock *match = newBlock();
  handler.rest = newBlock();
  branchIfTag(handler.exception, *handler.tag, match, handler.rest);
  builder.SetInsertPoint(match);
  handler.values = loadPayload(handler.exception, *handler.tag);
  stack.append(handler.values);
}

/// `delegate`: the end of a legacy try whose exceptions are as if thrown directly inside the block
/// `depth`, counted from outside.
void FunctionTranslator::closeDelegate(uint32_t depth) {
  Frame &frame = frames.back();
  handling.pop_back();
  if (frame.handler->dispatch) {
    llvm::IRBuilderBase::InsertPointGuard guard(builder);
    builder.SetInsertPoint(frame.handler->dispatch);
    passOn(frame.handler->exception, frames.size() - 1 - depth);
  }
  frame.handler.reset();
  closeFrame();
}

//===----------------------------------------------------------------------===//
// Throwing
//===----------------------------------------------------------------------===//

/// Throws the exception at an address, past all but the outermost `numFrames`.
void FunctionTranslator::throwThere(llvm::Value *exception, uint32_t numFrames) {
  if (handlingFrame(numFrames)) {
    llvm::Value *origin = builder.CreateConstGEP1_64(mb.i8, mb.thrown(), 8);
    builder.CreateStore(llvm::ConstantPointerNull::get(mb.ptrType), origin);
    passOn(exception, numFrames);
  } else {
    llvm::CallInst *call = builder.CreateCall(mb.runtime(RuntimeFunction::tenon_throw), exception);
    call->addFnAttr(llvm::Attribute::NoMerge); // its place is that of the exception
    call->setDoesNotReturn();
    builder.CreateUnreachable();
  }
  becomeUnreachable();
}

/// Branches to the first clause of a try_table that takes the tag, if there is one.
bool FunctionTranslator::branchToClause(uint32_t frame, uint32_t tag,
                                        llvm::ArrayRef<llvm::Value *> values, int &budget) {
  for (const wasm::Catch &clause : frames[frame].handler->clauses) {
    if (--budget < 0)
      return false;
    bool isOne = clause.kind == wasm::Catch::One || clause.kind == wasm::Catch::OneRef;
    if (isOne && instance.tags[clause.tag] != tag)
      continue;
    size_t height = stack.size();
    if (isOne)
      stack.append(values.begin(), values.end());
    if (clause.kind == wasm::Catch::OneRef || clause.kind == wasm::Catch::AllRef) {
      storeThrown(tag, values);
      push(builder.CreateCall(mb.runtime(RuntimeFunction::tenon_exception_keep), mb.thrown()));
    }
    Frame &target = frames[frame - 1 - clause.label];
    makeLabel(target);
    addEdge(target, builder.GetInsertBlock());
    builder.CreateBr(target.label);
    stack.truncate(height);
    becomeUnreachable();
    return true;
  }
  return false;
}

void FunctionTranslator::throwTag(uint32_t tag, llvm::ArrayRef<llvm::Value *> values) {
  int budget = maxStaticClauses;
  uint32_t numFrames = 0; // that the exception gets to
  for (uint32_t frame : llvm::reverse(handling)) {
    bool isKnown = frames[frame].kind == Frame::TryTable;
    if (isKnown && branchToClause(frame, tag, values, budget))
      return;
    if (!isKnown || --budget < 0) {
      numFrames = frame + 1;
      break;
    }
  }
  storeThrown(tag, values);
  throwThere(mb.thrown(), numFrames);
}

void FunctionTranslator::throwReference() {
  llvm::Value *exception = pop();
  trapIf(builder.CreateIsNull(exception), TrapKind::NullReference);
  throwThere(exception, frames.size());
}

/// Throws what the legacy clause `depth` caught. Of a tag it is known what that was; what a
/// catch_all caught is copied to the stack frame before anything else happens there.
void FunctionTranslator::rethrow(uint32_t depth) {
  Handler &handler = *frameAt(depth).handler;
  if (handler.tag) {
    llvm::SmallVector<llvm::Value *, 2> values = handler.values;
    return throwTag(*handler.tag, values);
  }
  assert(handler.catchAll && "validation found a catch there");
  if (!handler.saved) {
    llvm::IRBuilderBase::InsertPointGuard guard(builder);
    uint64_t bytes = sizeof(tenon_exception);
    for (const TagFacts &tag : facts.tags)
      bytes = std::max(bytes, sizeof(tenon_exception) + tag.payloadBytes);
    llvm::BasicBlock &entry = function->getEntryBlock();
    builder.SetInsertPoint(&entry, entry.begin());
    handler.saved = builder.CreateAlloca(llvm::ArrayType::get(mb.i8, bytes));
    handler.saved->setAlignment(llvm::Align(16));
    builder.SetInsertPoint(handler.catchAll, handler.catchAll->begin());
    builder.CreateMemCpy(handler.saved, llvm::Align(16), handler.exception, llvm::Align(16),
                         bytesOf(handler.exception));
  }
  builder.CreateMemCpy(mb.thrown(), llvm::Align(16), handler.saved, llvm::Align(16),
                       bytesOf(handler.saved));
  throwThere(mb.thrown(), frames.size());
}
