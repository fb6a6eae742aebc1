//===- Async.cpp - What built-ins of async know of the program ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three things have numbers that hold for the whole program: types of streams and futures (their
// elements' types with the resources that are meant), what task.return must have to fit a task,
// and, for each of those in each instance, the functions that deliver the results.
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "tenon-abi/state.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

//===----------------------------------------------------------------------===//
// The first walk
//===----------------------------------------------------------------------===//

void Program::noteBuiltin(comp::BuiltinOp op) {
  SelfInfo *info = infoOf(op.getSelf());
  if (op.getName().starts_with("context."))
    info->usesContext = true;
  else
    withTaskBuiltins.push_back(info->number);
  noteRealloc(op.getSelf(), !!op.getRealloc());
}

/// Whether a call into this instance can lead to where somebody looks at the task that it makes.
bool Program::tracksTask(Value callee) const {
  auto found = selves.find(callee);
  return found != selves.end() && llvm::any_of(withTaskBuiltins, [&](unsigned instance) {
           return reentrance.reaches(found->second.number, instance);
         });
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// `type` with the program's numbers of resources in the place of slots.
Type Program::withoutSlots(Type type, ValueRange resourceValues) {
  if (!type || resourceValues.empty())
    return type;
  AttrTypeReplacer replacer;
  auto numberOf = [&](unsigned slot) { return resourceOf(resourceValues[slot]).number; };
  replacer.addReplacement([&](comp::OwnType own) -> std::optional<Type> {
    return comp::OwnType::get(own.getContext(), numberOf(own.getSlot()));
  });
  replacer.addReplacement([&](comp::BorrowType borrow) -> std::optional<Type> {
    return comp::BorrowType::get(borrow.getContext(), numberOf(borrow.getSlot()));
  });
  return replacer.replace(type);
}

/// The type that a readable end of `type` has in handle tables.
uint32_t Program::numberOfEnd(Type type, ValueRange resourceValues) {
  Type key = withoutSlots(type, resourceValues);
  uint32_t number = endNumbers.try_emplace(key, endNumbers.size() + 1).first->second;
  return number | (isa<comp::StreamType>(type) ? tenon_readable_stream : tenon_readable_future);
}

uint32_t Program::signatureOf(Type result, ValueRange resourceValues) {
  Type key = withoutSlots(result, resourceValues);
  return signatures.try_emplace(key, signatures.size() + 1).first->second;
}

void Program::numberEnds(AdapterSpec &spec, comp::FuncType type, ValueRange resourceValues) {
  type.walk([&](Type part) {
    if (isa<comp::StreamType, comp::FutureType>(part))
      spec.ends[types.numberOfEnd(part)] = numberOfEnd(part, resourceValues);
  });
}

/// Makes the function that task.return will call for this adapter; its body comes with the
/// adapter's.
void Program::addDeliverer(AdapterSpec &spec, LiftOptions options) {
  SmallVector<Deliverer> &known = deliverers[{spec.callee.self, spec.signature}];
  MLIRContext *context = module.getContext();
  SmallVector<Type> params = {LLVM::LLVMPointerType::get(context)};
  for (abi::Flat flat : returnSignature(spec.results, spec.callee.ptr).params)
    params.push_back(llvmType(context, flat));
  spec.deliverer =
      functions.define(spec.name + " (results)",
                       LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), params));
  markAsAdapter(spec.deliverer);
  spec.delivererNumber = known.size();
  known.push_back({spec.deliverer, options});
}

//===----------------------------------------------------------------------===//
// Built-ins
//===----------------------------------------------------------------------===//

static bool isNumber(Type type) {
  comp::PrimitiveType primitive = dyn_cast<comp::PrimitiveType>(type);
  return primitive && primitive.getKind() != comp::Primitive::Bool &&
         primitive.getKind() != comp::Primitive::Char &&
         primitive.getKind() != comp::Primitive::String;
}

/// The end that stream.* and future.* take, and how its elements are copied.
void Program::describeCopy(AsyncBuiltinSpec &spec, comp::BuiltinOp op) {
  Type type = op.getFunction()->getParamTypes().front();
  spec.end = numberOfEnd(type, op.getResources());
  StringRef operation = op.getName().split('.').second;
  bool isWritable =
      operation == "write" || operation == "cancel-write" || operation == "drop-writable";
  if (isWritable)
    spec.end += tenon_readable_stream; // the next kind
  comp::StreamType stream = dyn_cast<comp::StreamType>(type);
  Type element = stream ? stream.getElement() : cast<comp::FutureType>(type).getElement();
  abi::Type converted = types.convert(element);
  spec.traits = abi::elemSize(converted, spec.side.ptr);
  spec.traits |= uint64_t(llvm::Log2_32(abi::alignment(converted, spec.side.ptr)))
                 << tenon_copy_alignment_shift;
  if (!element || abi::isPlain(converted))
    spec.traits |= tenon_copy_plain;
  if (!element || isNumber(element))
    spec.traits |= tenon_copy_numeric;
}

/// error-context.new takes a string and error-context.debug-message gives one, like functions of
/// the host.
LogicalResult Program::lowerErrorContext(comp::BuiltinOp op) {
  bool isNew = op.getName() == "error-context.new";
  abi::Type string = abi::Type::leaf(abi::Kind::String);
  abi::Type context = abi::Type::leaf(abi::Kind::ErrorContext);
  AdapterSpec spec;
  spec.name = infoOf(op.getSelf())->path + ": " + op.getName().str();
  spec.params.push_back(isNew ? string : context);
  spec.results.push_back(isNew ? context : string);
  spec.caller = guestSide(op.getSelf(), op.getMemory(), op.getRealloc(), op.getOptions());
  spec.callee.trusted = true;
  spec.callee.takesViews = true;
  spec.target =
      functions.runtime(isNew ? "tenon_error_context_new" : "tenon_error_context_debug_message");
  return finish(op, spec, op.getResult());
}

/// Whether `types` is the one type that stream.* or future.* is for.
static bool isOneEnd(ArrayRef<Type> types, StringRef name) {
  if (types.size() != 1)
    return false;
  return name.starts_with("stream.") ? isa<comp::StreamType>(types.front())
                                     : isa<comp::FutureType>(types.front());
}

LogicalResult Program::lowerAsyncBuiltin(comp::BuiltinOp op) {
  StringRef name = op.getName();
  if (name == "error-context.new" || name == "error-context.debug-message")
    return lowerErrorContext(op);
  if (!isAsyncBuiltin(name, typeOf(op.getResult().getType())))
    return op.emitError("there is no built-in '")
           << name << "' of type " << op.getResult().getType();
  bool isCopy = name.starts_with("stream.") || name.starts_with("future.");
  if ((isCopy || name == "task.return") != op.getFunction().has_value() ||
      (isCopy && !isOneEnd(op.getFunction()->getParamTypes(), name)))
    return op.emitError("expected the type that '") << name << "' is for";
  AsyncBuiltinSpec spec;
  spec.name = name;
  spec.side = guestSide(op.getSelf(), op.getMemory(), Value(), op.getOptions());
  spec.type = typeOf(op.getResult().getType());
  spec.isAsync = op.getOptions().getIsAsync();
  spec.slot = op.getSlot();
  LLVM::LLVMFuncOp function =
      functions.define(infoOf(op.getSelf())->path + ": " + name.str(), spec.type);
  markAsAdapter(function);
  made[op.getResult()] = function;
  if (name == "task.return") {
    Type result = op.getFunction()->getParamTypes().empty()
                      ? Type()
                      : op.getFunction()->getParamTypes().front();
    spec.signature = signatureOf(result, op.getResources());
    taskReturns.push_back({spec, function, {op.getMemory(), op.getOptions().getEncoding()}});
    return success();
  }
  if (isCopy)
    describeCopy(spec, op);
  bool copies = isCopy && (name.ends_with(".read") || name.ends_with(".write"));
  bool needsMemory = copies ? uint32_t(spec.traits) != 0
                            : name == "waitable-set.wait" || name == "waitable-set.poll";
  if (needsMemory && !spec.side.memoryInstance)
    return op.emitError("'") << name << "' names no memory of a core instance";
  buildAsyncBuiltin(spec, functions, function);
  return success();
}

/// A task with other options than task.return's can't return by it. (Without a memory, nothing that
/// lifting reads depends on them; the official tests rely on that.)
void Program::buildTaskReturns() {
  for (TaskReturn &each : taskReturns) {
    SmallVector<LLVM::LLVMFuncOp> targets;
    for (const Deliverer &known : deliverers.lookup({each.spec.side.self, each.spec.signature})) {
      bool fits = !each.options.memory || each.options == known.options;
      targets.push_back(fits ? known.function : LLVM::LLVMFuncOp());
    }
    buildTaskReturn(each.spec, functions, each.function, targets);
  }
}
