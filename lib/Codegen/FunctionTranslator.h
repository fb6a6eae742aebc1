//===- FunctionTranslator.h - One wasm body -> LLVM IR ----------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One walk over the operators of a validated body. The operand stack exists at translation time
// only: its entries are SSA values, joined by phis where branches meet. Locals are stack slots that
// LLVM promotes; within a block they are not loaded again. (Without slots, with phis from the
// start, -O0 is no faster: each phi becomes a slot in the end.) Nesting is a stack of frames, never
// recursion. Behind an unconditional branch operators are skipped up to the end of their block:
// nothing is translated that can't run.
//
// The class is one; its methods stand in one file per family of instructions.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_CODEGEN_FUNCTIONTRANSLATOR_H
#define TENON_LIB_CODEGEN_FUNCTIONTRANSLATOR_H

#include "StateModel.h"
#include "tenon/Wasm/Operators.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace tenon::codegen {

class FunctionTranslator {
public:
  /// `function` is the declaration, without a body yet.
  FunctionTranslator(ModuleBuilder &builder, StateModel &state, uint32_t instance, uint32_t index,
                     llvm::Function *function, Diagnostics &diags);

  /// Fails with a diagnostic at an instruction that can't be translated yet.
  LogicalResult run();

private:
  using Opcode = wasm::Opcode;
  using Operator = wasm::Operator;

  /// What a try_table, or a legacy try, does with exceptions.
  struct Handler {
    llvm::BasicBlock *landing = nullptr;  ///< where calls that throw go on; made for the first
    llvm::BasicBlock *dispatch = nullptr; ///< where every exception comes by; made for the first
    llvm::PHINode *exception = nullptr;   ///< at its start
    llvm::SmallVector<wasm::Catch, 2> clauses; ///< of a try_table
    // Of a legacy try, whose clauses come one after the other:
    /// Where exceptions go that no clause so far took; null: none do.
    llvm::BasicBlock *rest = nullptr;
    std::optional<uint32_t> tag;                ///< caught by the clause that is open
    llvm::SmallVector<llvm::Value *, 2> values; ///< that it brought
    llvm::BasicBlock *catchAll = nullptr;       ///< the start of the catch_all that is open
    llvm::AllocaInst *saved = nullptr;          ///< what that caught, if it is rethrown
  };

  /// A block that is open: where its label leads, and what it leaves.
  struct Frame {
    enum Kind : uint8_t { Function, Block, Loop, If, Else, Try, Catch, TryTable };
    Kind kind = Block;
    llvm::SmallVector<wasm::ValType, 2> results;
    llvm::SmallVector<wasm::ValType, 2> labelTypes;
    /// Where a branch to the label goes; for all but loops made at the first branch.
    llvm::BasicBlock *label = nullptr;
    llvm::SmallVector<llvm::PHINode *, 2> phis;
    size_t height = 0; ///< of the operand stack below the block's operands
    llvm::BasicBlock *elseBlock = nullptr;
    llvm::SmallVector<llvm::Value *, 2> params; ///< of an if, for its else
    std::unique_ptr<Handler> handler;           ///< of a try_table, try, or catch
  };

  ModuleBuilder &mb;
  const Facts &facts;
  StateModel &state;
  uint32_t instanceIndex;
  uint32_t functionIndex;
  const CoreInstance &instance;
  const wasm::Module &module;
  const wasm::Function &body;
  llvm::Function *function;
  Diagnostics &diags;
  /// Gives each instruction that it inserts the location that the translator says.
  class Inserter final : public llvm::IRBuilderDefaultInserter {
  public:
    explicit Inserter(FunctionTranslator &translator) : translator(translator) {}
    void InsertHelper(llvm::Instruction *inst, const llvm::Twine &name,
                      llvm::BasicBlock::iterator at) const override {
      IRBuilderDefaultInserter::InsertHelper(inst, name, at);
      inst->setDebugLoc(translator.locationOf(*inst));
    }

  private:
    FunctionTranslator &translator;
  };
  llvm::IRBuilder<llvm::ConstantFolder, Inserter> builder;
  wasm::OperatorReader reader;
  llvm::DISubprogram *subprogram = nullptr;
  /// Where the operator that is being translated stands in the body; and the last location made.
  uint32_t offset = 0;
  llvm::DILocation *location = nullptr;

  std::vector<Frame> frames;
  /// The frames whose handlers are around what is translated, by index, innermost last.
  std::vector<uint32_t> handling;
  llvm::SmallVector<llvm::Value *, 32> stack;
  /// A local's stack slot; and what it holds, if that is known in `block`.
  struct Local {
    llvm::AllocaInst *slot;
    llvm::Value *value = nullptr;
    llvm::BasicBlock *block = nullptr;
  };
  std::vector<Local> locals;
  /// Conditions as integers, that were used as conditions.
  llvm::SetVector<llvm::Instruction *> widened;
  std::vector<wasm::ValType> localTypes;
  /// References that their types say are not null, wherever they are used.
  llvm::SmallPtrSet<llvm::Value *, 8> nonNulls;
  /// Where callees store their results; without the optimiser one for all calls.
  llvm::AllocaInst *sharedArea = nullptr;
  llvm::Value *savedStackPointer = nullptr;
  /// False behind an unconditional branch; then `skipped` blocks are open that were not translated.
  bool reachable = true;
  uint32_t skipped = 0;

  // FunctionTranslator.cpp
  LogicalResult begin();
  LogicalResult translate(const Operator &op);
  LogicalResult unsupported(const Operator &op);
  bool skipUnreachable(const Operator &op);
  llvm::DILocation *locationOf(const llvm::Instruction &inst);
  void push(llvm::Value *value) { stack.push_back(value); }
  void push(llvm::Value *value, wasm::ValType type) {
    noteType(value, type);
    stack.push_back(value);
  }
  void noteType(llvm::Value *value, wasm::ValType type) {
    if (type.isRef() && !type.isNullable() && !llvm::isa<llvm::Constant>(value))
      nonNulls.insert(value);
  }
  llvm::Value *pop() { return stack.pop_back_val(); }
  llvm::SmallVector<llvm::Value *, 8> popMany(size_t count);
  llvm::BasicBlock *newBlock(const llvm::Twine &name = "");
  /// Traps if `condition` holds, goes on in a new block if not.
  void trapIf(llvm::Value *condition, TrapKind kind);
  /// The same, with the kind as a value that is computed in the block that traps.
  void trapIf(llvm::Value *condition, llvm::function_ref<llvm::Value *()> kind);
  /// Ends the current block with a trap.
  void trap(TrapKind kind);
  void becomeUnreachable();
  llvm::Value *getLocal(Local &local);
  void setLocal(Local &local, llvm::Value *value);
  llvm::Value *loadGlobal(uint32_t global);

  // One per family; false: not an instruction of the family.
  bool translateControl(const Operator &op);
  bool translateVariable(const Operator &op);
  bool translateInteger(const Operator &op);
  bool translateWide(const Operator &op);
  bool translateAtomic(const Operator &op);
  bool translateFloat(const Operator &op);
  bool translateConversion(const Operator &op);
  bool translateMemory(const Operator &op);
  bool translateCall(const Operator &op);
  bool translateTable(const Operator &op);
  bool translateException(const Operator &op);
  bool translateVector(const Operator &op);

  // TranslateControl.cpp
  void openFrame(Frame::Kind kind, const wasm::BlockType &type);
  void beginElse();
  void closeFrame();
  Frame &frameAt(uint32_t depth) { return frames[frames.size() - 1 - depth]; }
  void makeLabel(Frame &frame);
  /// Adds the topmost operands as those of an edge from the current block to the label.
  void addEdge(Frame &frame, llvm::BasicBlock *from);
  void branch(uint32_t depth);
  /// Branches to the label if `condition` (an i1) holds.
  void branchIf(llvm::Value *condition, uint32_t depth, llvm::MDNode *weights = nullptr);
  /// What the producer's hint says of the if or br_if that is being translated; null: nothing.
  llvm::MDNode *weightsOfBranch();
  void branchTable(const Operator &op);
  void select();
  /// Pops an i32 as an i1: the comparison that made it, where one did.
  llvm::Value *popCondition();
  /// The comparison that an integer is the result of, if it is one.
  llvm::Value *comparisonOf(llvm::Value *value);
  void eraseUnusedConditions();
  void emitReturn(llvm::ArrayRef<llvm::Value *> results);
  /// Where this function stores its results.
  llvm::Value *resultArea() { return function->getArg(state.contextArgument() ? 1 : 0); }

  // TranslateInteger.cpp
  void binary(llvm::Instruction::BinaryOps op);
  void compare(llvm::CmpInst::Predicate predicate);
  void equalsZero();
  void shift(llvm::Instruction::BinaryOps op);
  void rotate(llvm::Intrinsic::ID id);
  void unaryIntrinsic(llvm::Intrinsic::ID id, bool hasPoisonFlag);
  void divide(bool isSigned);
  void remainder(bool isSigned);
  void signExtend(unsigned bits);

  // TranslateWide.cpp
  llvm::Value *popWide();
  void pushWide(llvm::Value *value);

  // TranslateAtomic.cpp
  llvm::Value *atomicAddress(const wasm::MemArg &arg, unsigned bytes);
  template <typename T> T *finishAtomic(T *access, const wasm::MemArg &arg);
  llvm::Value *loadAtomic(const wasm::MemArg &arg, llvm::Value *at, unsigned bytes);
  void atomicLoad(const wasm::MemArg &arg, unsigned bytes, llvm::Type *result);
  void atomicStore(const wasm::MemArg &arg, unsigned bytes);
  void atomicReadModifyWrite(const wasm::MemArg &arg, unsigned kind, unsigned bytes);
  void atomicWait(const wasm::MemArg &arg, unsigned bytes);
  void atomicNotify(const wasm::MemArg &arg);

  // TranslateFloat.cpp
  void floatBinary(llvm::Instruction::BinaryOps op);
  void floatUnary(llvm::Intrinsic::ID id);
  void floatMinMax(llvm::Intrinsic::ID id);
  /// The result of an operation that may make a NaN, which is made canonical if asked for.
  llvm::Value *arithmetic(llvm::Value *value);
  void pushArithmetic(llvm::Value *value) { push(arithmetic(value)); }

  // TranslateConversion.cpp
  void truncate(unsigned bits, bool isSigned);
  void truncateSaturating(unsigned bits, bool isSigned);
  void convert(llvm::Instruction::CastOps op, llvm::Type *to);

  // TranslateMemory.cpp
  llvm::Value *address(const wasm::MemArg &arg, uint64_t bytes);
  void annotate(llvm::Instruction &access, const wasm::MemArg &arg);
  /// What is at the address on the stack.
  llvm::Value *loadFrom(const wasm::MemArg &arg, llvm::Type *type);
  void load(const wasm::MemArg &arg, llvm::Type *loaded, llvm::Type *result, bool isSigned);
  void store(const wasm::MemArg &arg, llvm::Type *stored);
  /// Stores at the address on the stack.
  void storeTo(const wasm::MemArg &arg, llvm::Value *value);
  llvm::Value *memoryBytes(uint32_t memory);
  /// Traps if an access of `bytes` bytes at index + offset is out of bounds, unless a guard does.
  void checkAccess(uint32_t memory, llvm::Value *index, uint64_t offset, uint64_t bytes);
  const MemoryFacts &memoryOf(const wasm::MemArg &arg) const {
    return facts.memories[instance.memories[arg.memory]];
  }
  /// Whether LLVM must leave accesses as they are: nothing is optimised, or other threads race.
  bool isVolatile(uint32_t memory) const {
    return mb.optLevel == 0 || facts.memories[instance.memories[memory]].type.limits.shared;
  }
  /// Whether it is the loads of a memory themselves that trap.
  bool loadsTrap(uint32_t memory) const {
    return facts.memories[instance.memories[memory]].check != MemoryCheck::Size;
  }
  /// Whether a load needs a pin: it is what traps, and LLVM may change it. Volatile ones need one,
  /// too: what a conditional move loads becomes a load under a branch.
  bool needsPin(uint32_t memory) const { return mb.optLevel > 0 && loadsTrap(memory); }
  /// Pops an address, or a number of pages, bytes or elements, as an i64.
  llvm::Value *popIndex() { return builder.CreateZExt(pop(), mb.i64); }
  /// Pushes an i64 as an address of a memory or table with these limits.
  void pushIndex(llvm::Value *value, const wasm::Limits &limits) {
    push(limits.is64 ? value : builder.CreateTrunc(value, mb.i32));
  }
  void checkRange(llvm::Value *start, llvm::Value *count, llvm::Value *size, TrapKind kind);
  llvm::Value *memoryAddress(uint32_t memory, llvm::Value *index);
  void memorySize(uint32_t memory);
  void memoryGrow(uint32_t memory);
  void memoryFill(uint32_t memory);
  void memoryCopy(uint32_t to, uint32_t from);
  void memoryInit(uint32_t segment, uint32_t memory);

  // TranslateVector.cpp
  using Shape = llvm::FixedVectorType;
  Shape *intShape(unsigned bits);
  Shape *floatShape(unsigned bits);
  /// Of the lanes in the instruction's name: `i16x8.add` is about eight i16.
  Shape *shapeOf(const Operator &op);
  /// Pops a v128 as lanes.
  llvm::Value *popLanes(Shape *shape);
  /// Pushes 128 bits, of any shape, as a v128.
  void pushLanes(llvm::Value *value);
  void pushFlag(llvm::Value *condition) { push(builder.CreateZExt(condition, mb.i32)); }
  bool translateVectorBits(const Operator &op);
  bool translateVectorLanes(const Operator &op);
  void splat(const Operator &op);
  void extractLane(const Operator &op, bool isSigned);
  void replaceLane(const Operator &op);
  void shuffle(const Operator &op);
  // TranslateVectorInteger.cpp
  bool translateVectorInteger(const Operator &op);
  bool translateVectorWidening(const Operator &op);
  void vectorBinary(Shape *shape, llvm::Instruction::BinaryOps op);
  void vectorIntrinsic(Shape *shape, llvm::Intrinsic::ID id);
  void vectorCompare(Shape *shape, llvm::CmpInst::Predicate predicate);
  void vectorShift(Shape *shape, llvm::Instruction::BinaryOps op);
  void average(Shape *shape);
  llvm::Value *popExtended(Shape *wide, bool isHigh, bool isSigned);
  void extend(Shape *wide, bool isHigh, bool isSigned);
  void extendedMultiply(Shape *wide, bool isHigh, bool isSigned);
  void narrow(Shape *shape, bool isSigned);
  // TranslateVectorFloat.cpp
  bool translateVectorFloat(const Operator &op);
  bool translateVectorConversion(const Operator &op);
  llvm::Value *quietingBinary(llvm::Instruction::BinaryOps op, llvm::Value *left,
                              llvm::Value *right);
  void vectorFloatBinary(Shape *shape, llvm::Instruction::BinaryOps op);
  void vectorFloatUnary(Shape *shape, llvm::Intrinsic::ID id);
  void vectorMinMax(Shape *shape, bool isMax);
  void pseudoMinMax(Shape *shape, bool isMax);
  // TranslateVectorMemory.cpp
  bool translateVectorMemory(const Operator &op);
  llvm::Value *loadLanes(const wasm::MemArg &arg, llvm::Type *type);
  void loadExtended(const wasm::MemArg &arg, unsigned bits, bool isSigned);
  void loadSplat(const wasm::MemArg &arg, llvm::Type *lane);
  void loadZero(const wasm::MemArg &arg, llvm::Type *lane);
  void loadLane(const Operator &op, Shape *shape);
  void storeLane(const Operator &op, Shape *shape);
  // TranslateVectorRelaxed.cpp
  bool translateVectorRelaxed(const Operator &op);
  void relaxedTruncate(Shape *shape, bool isSigned);
  void relaxedMultiplyAdd(Shape *shape, bool isNegated);
  void relaxedSelect(Shape *shape);
  void relaxedMinMax(Shape *shape, bool isMax);
  llvm::Value *popRelaxedDot();

  // TranslateCalls.cpp
  struct Callee {
    const wasm::FuncType &type;
    llvm::FunctionType *signature;
    llvm::Value *code;
    llvm::Value *context; ///< null: it takes none
    llvm::CallingConv::ID convention;
    bool mayThrow;
  };
  void callIndirect(uint32_t typeIndex, uint32_t table, bool isTail);
  /// A call through a constant table at a constant index; false if this is not one.
  /// Traps unless a function of the type numbered `number` may be called as one of `wanted`.
  void checkCalleeType(llvm::Value *number, uint64_t wanted);
  bool foldIndirectCall(const wasm::FuncType &type, uint32_t typeIndex, uint32_t table,
                        llvm::Value *index, bool isTail);
  void callReference(const wasm::FuncType &type, bool isTail);
  void callResolved(FuncPointer pointer, const wasm::FuncType &type, bool isTail);
  llvm::Value *recordField(llvm::Value *record, llvm::Type *type, unsigned number);
  Callee calleeOf(llvm::Value *record, const wasm::FuncType &type);
  void emitCall(const Callee &callee, bool isTail);
  llvm::AllocaInst *newResultArea(llvm::StructType *type);
  void pushResults(const wasm::FuncType &type, llvm::CallBase *call, llvm::AllocaInst *area);

  // TranslateExceptions.cpp
  /// A call in the innermost handler's range; goes on behind it.
  llvm::CallBase *createCall(const Callee &callee, llvm::ArrayRef<llvm::Value *> args);
  void openTry(const Operator &op);
  void closeTry();
  void beginCatch(const Operator &op);
  void closeDelegate(uint32_t depth);
  void throwTag(uint32_t tag, llvm::ArrayRef<llvm::Value *> values);
  bool branchToClause(uint32_t frame, uint32_t tag, llvm::ArrayRef<llvm::Value *> values,
                      int &budget);
  void throwReference();
  void rethrow(uint32_t depth);
  void throwThere(llvm::Value *exception, uint32_t numFrames);
  void passOn(llvm::Value *exception, uint32_t numFrames);
  Frame *handlingFrame(uint32_t numFrames);
  llvm::BasicBlock *dispatchOf(Frame &frame);
  llvm::BasicBlock *landingOf(Frame &frame);
  void restoreStackPointer();
  void storeThrown(uint32_t tag, llvm::ArrayRef<llvm::Value *> values);
  llvm::SmallVector<llvm::Value *, 8> loadPayload(llvm::Value *exception, uint32_t tag);
  llvm::Value *bytesOf(llvm::Value *exception);
  void branchIfTag(llvm::Value *exception, uint32_t tag, llvm::BasicBlock *match,
                   llvm::BasicBlock *rest);

  // TranslateTables.cpp
  void branchOnNull(uint32_t depth);
  void branchOnNonNull(uint32_t depth);
  llvm::Value *elementAddress(uint32_t table, llvm::Value *index);
  void tableGet(uint32_t table);
  void tableSet(uint32_t table);
  void tableGrow(uint32_t table);
  void tableFill(uint32_t table);
  void tableCopy(uint32_t to, uint32_t from);
  void tableInit(uint32_t segment, uint32_t table);
};

} // namespace tenon::codegen

#endif // TENON_LIB_CODEGEN_FUNCTIONTRANSLATOR_H
