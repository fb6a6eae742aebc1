//===- InlineInstances.cpp - comp-inline-instances ------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Linking is inlining: an instantiation is replaced by the body of the component, arguments in the
// place of imports, until no component is left.
//
// Done by *executing* the component level once, front to back, instead of by cloning regions into
// each other until nothing changes: every operation of the result is made once, and a nested
// component that is never instantiated costs nothing. The state of this machine:
//
//   Entity   what a component-level SSA value stands for at this point of the execution: a value of
//   the
//            flat program, a component with its environment (a closure: an outer alias is a
//            captured variable), or an instance, which is just its exports by name;
//   Scope    what the SSA values of one execution of one body stand for.
//
// It ends, because a component can't refer to itself: everything refers backwards. But doubling at
// each of thirty definitions is a billion instances, so their number is limited, and so is the
// depth.
//
// Core level is treated the same way: bundles of core exports vanish, and every import of a core
// module is resolved to the value that provides it.
//
//===----------------------------------------------------------------------===//

#include "RemoveUnused.h"
#include "mlir/IR/IRMapping.h"
#include "tenon/Transforms/Passes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"
#include <deque>

namespace tenon::comp {
#define GEN_PASS_DEF_COMPINLINEINSTANCES
#include "tenon/Transforms/Passes.h.inc"
} // namespace tenon::comp

using namespace mlir;
using namespace tenon;
using namespace tenon::comp;

namespace {

struct Closure;
struct Members;

/// What a component-level value stands for: exactly one of the three is set.
struct Entity {
  Value value;
  const Closure *closure = nullptr;
  const Members *members = nullptr;
};

/// An instance, of either level, that was bundled or instantiated here: its exports.
struct Members {
  llvm::MapVector<StringAttr, Entity> byName;
};

/// One execution of a body.
struct Scope {
  const Scope *parent = nullptr;
  /// What the instance that the body makes is called; empty: after the component.
  StringRef instanceName;
  llvm::DenseMap<Value, Entity> entities;
};

/// A component and the environment that its outer aliases refer to.
struct Closure {
  DefineOp define;
  const Scope *scope = nullptr;
};

class Linker {
public:
  Linker(ModuleOp module, unsigned maxInstances)
      : builder(OpBuilder::atBlockEnd(module.getBody())), maxInstances(maxInstances) {}

  /// Executes the operations of a body.
  LogicalResult run(ArrayRef<Operation *> body, Scope &scope);
  LogicalResult run(Operation &op, Scope &scope);
  Scope root;

private:
  OpBuilder builder;
  unsigned maxInstances;
  unsigned numInstances = 0;
  unsigned depth = 0;
  static constexpr unsigned maxDepth = 500;

  std::deque<Closure> closures;
  std::deque<Members> instances;
  std::deque<Scope> scopes;
  llvm::StringSet<> paths;
  llvm::StringMap<unsigned> numPaths;             ///< the number that a path was last told apart by
  llvm::DenseMap<Operation *, Value> coreModules; ///< by the operation as written
  llvm::DenseMap<std::pair<Value, StringAttr>, Value> exports; ///< of instances that stay

  const Entity *find(Value value, const Scope &scope) const;
  Value valueOf(Value value, const Scope &scope) const;
  std::string makePath(Value parent, StringRef separator, StringRef name);
  LogicalResult countInstance(Operation *op);
  FailureOr<Value> takeExport(Operation *op, const Entity &instance, StringAttr name, Type type);
  FailureOr<const Members *> bundle(Operation *op, ArrayAttr names, OperandRange values,
                                    const Scope &scope);
  FailureOr<Value> findCoreImport(Operation *op, const Entity &instance, StringAttr name,
                                  Type type);
  LogicalResult bindImports(InstantiateOp op, DefineOp define, const Scope &outer, Scope &inner);
  void exportToRoot(Location loc, const Twine &name, const Entity &entity);

  LogicalResult runSelf(SelfOp op, Scope &scope);
  LogicalResult runInstantiate(InstantiateOp op, Scope &scope);
  LogicalResult runBundle(Operation *op, ArrayAttr names, OperandRange values, Scope &scope);
  LogicalResult runExport(Operation *op, Value instance, StringAttr name, Scope &scope);
  LogicalResult runCoreModule(CoreModuleOp op, Scope &scope);
  LogicalResult runCoreInstantiate(CoreInstantiateOp op, Scope &scope);
  LogicalResult runCoreInstance(CoreInstanceOp op, Scope &scope);
  LogicalResult runRootExport(RootExportOp op, Scope &scope);
  LogicalResult runOther(Operation &op, Scope &scope);
};

} // namespace

//===----------------------------------------------------------------------===//
// Looking things up
//===----------------------------------------------------------------------===//

const Entity *Linker::find(Value value, const Scope &scope) const {
  for (const Scope *at = &scope; at; at = at->parent) {
    llvm::DenseMap<Value, Entity>::const_iterator found = at->entities.find(value);
    if (found != at->entities.end())
      return &found->second;
  }
  return nullptr;
}

/// The value of the flat program; null when `value` stands for something that has none.
Value Linker::valueOf(Value value, const Scope &scope) const {
  const Entity *entity = find(value, scope);
  return entity ? entity->value : Value();
}

/// `parent/child`, `parent/child#2`: the path of a state, or of a core instance that belongs to
/// one.
std::string Linker::makePath(Value parent, StringRef separator, StringRef name) {
  SelfOp self = parent.getDefiningOp<SelfOp>();
  std::string path = self ? (self.getName() + separator + name).str() : name.str();
  std::string unique = path;
  unsigned &number = numPaths[path]; // a thousand instances of one name would take a million tries
  while (!paths.insert(unique).second)
    unique = path + "#" + std::to_string(number = std::max(number + 1, 2u));
  return unique;
}

LogicalResult Linker::countInstance(Operation *op) {
  if (++numInstances <= maxInstances)
    return success();
  return op->emitError() << "the program has more than " << maxInstances << " instances";
}

/// An export of an instance: known, or taken from an instance that stays, once for each name so
/// that equal resources are equal values.
FailureOr<Value> Linker::takeExport(Operation *op, const Entity &instance, StringAttr name,
                                    Type type) {
  Value &value = exports[{instance.value, name}];
  if (!value) {
    if (isa<InstanceType>(instance.value.getType()))
      value = ExportOp::create(builder, op->getLoc(), type, instance.value, name);
    else
      value = CoreExportOp::create(builder, op->getLoc(), type, instance.value, name);
  }
  if (value.getType() != type)
    return op->emitError() << name << " is used as " << type << " and as " << value.getType();
  return value;
}

//===----------------------------------------------------------------------===//
// Executing an operation
//===----------------------------------------------------------------------===//

LogicalResult Linker::run(ArrayRef<Operation *> body, Scope &scope) {
  for (Operation *op : body)
    if (failed(run(*op, scope)))
      return failure();
  return success();
}

LogicalResult Linker::run(Operation &op, Scope &scope) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](DefineOp define) {
        scope.entities[define.getComponent()].closure =
            &closures.emplace_back(Closure{define, &scope});
        return success();
      })
      .Case([&](SelfOp self) { return runSelf(self, scope); })
      .Case([&](InstantiateOp instantiate) { return runInstantiate(instantiate, scope); })
      .Case([&](BundleOp bundle) {
        return runBundle(bundle, bundle.getNames(), bundle.getValues(), scope);
      })
      .Case([&](CoreBundleOp bundle) {
        return runBundle(bundle, bundle.getNames(), bundle.getValues(), scope);
      })
      .Case([&](ExportOp exported) {
        return runExport(exported, exported.getInstance(), exported.getNameAttr(), scope);
      })
      .Case([&](CoreExportOp exported) {
        return runExport(exported, exported.getInstance(), exported.getNameAttr(), scope);
      })
      .Case([&](CoreModuleOp module) { return runCoreModule(module, scope); })
      .Case([&](CoreInstantiateOp instantiate) { return runCoreInstantiate(instantiate, scope); })
      .Case([&](CoreInstanceOp instance) { return runCoreInstance(instance, scope); })
      .Case([&](RootExportOp exported) { return runRootExport(exported, scope); })
      .Default([&](Operation *other) { return runOther(*other, scope); });
}

LogicalResult Linker::runSelf(SelfOp op, Scope &scope) {
  Value parent = valueOf(op.getParent(), scope);
  if (!parent)
    return op.emitError("the parent's state is unknown");
  bool isNamed = !scope.instanceName.empty() && !op.getDetached();
  std::string path = makePath(parent, "/", isNamed ? scope.instanceName : op.getName());
  scope.entities[op].value =
      SelfOp::create(builder, op.getLoc(), parent, StringRef(path), op.getDetached());
  return success();
}

FailureOr<const Members *> Linker::bundle(Operation *op, ArrayAttr names, OperandRange values,
                                          const Scope &scope) {
  Members &members = instances.emplace_back();
  for (auto [name, value] : llvm::zip_equal(names.getAsRange<StringAttr>(), values)) {
    const Entity *entity = find(value, scope);
    if (!entity)
      return op->emitError() << "the value of " << name << " is unknown";
    members.byName[name] = *entity;
  }
  return &members;
}

LogicalResult Linker::runBundle(Operation *op, ArrayAttr names, OperandRange values, Scope &scope) {
  FailureOr<const Members *> members = bundle(op, names, values, scope);
  if (failed(members))
    return failure();
  scope.entities[op->getResult(0)].members = *members;
  return success();
}

LogicalResult Linker::runExport(Operation *op, Value instance, StringAttr name, Scope &scope) {
  const Entity *entity = find(instance, scope);
  if (!entity || entity->closure)
    return op->emitError("the instance is unknown");
  Entity result;
  if (entity->members) {
    auto found = entity->members->byName.find(name);
    if (found == entity->members->byName.end())
      return op->emitError() << "the instance has no export " << name;
    result = found->second;
  } else {
    FailureOr<Value> value = takeExport(op, *entity, name, op->getResult(0).getType());
    if (failed(value))
      return failure();
    result.value = *value;
  }
  if (result.value && result.value.getType() != op->getResult(0).getType())
    return op->emitError() << name << " is " << result.value.getType() << ", expected "
                           << op->getResult(0).getType();
  scope.entities[op->getResult(0)] = result;
  return success();
}

/// Core modules capture nothing, so one copy serves all instances of the component around them.
LogicalResult Linker::runCoreModule(CoreModuleOp op, Scope &scope) {
  Value &module = coreModules[op];
  if (!module)
    module = builder.clone(*op)->getResult(0);
  scope.entities[op.getModule()].value = module;
  return success();
}

LogicalResult Linker::runOther(Operation &op, Scope &scope) {
  IRMapping mapping;
  for (Value operand : op.getOperands()) {
    Value value = valueOf(operand, scope);
    if (!value)
      return op.emitError("an operand is neither a function, a resource nor of the core level");
    mapping.map(operand, value);
  }
  Operation *copy = builder.clone(op, mapping);
  for (auto [from, to] : llvm::zip_equal(op.getResults(), copy->getResults()))
    scope.entities[from].value = to;
  return success();
}

//===----------------------------------------------------------------------===//
// Instantiating
//===----------------------------------------------------------------------===//

/// The arguments of an instantiation take the place of the component's imports.
LogicalResult Linker::bindImports(InstantiateOp op, DefineOp define, const Scope &outer,
                                  Scope &inner) {
  llvm::SmallDenseMap<Attribute, Value> arguments;
  for (auto [name, value] : llvm::zip_equal(op.getNames(), op.getValues()))
    arguments[name] = value;
  for (auto [name, import] : llvm::zip_equal(define.getImportNames(), define.getImports())) {
    Value argument = arguments.lookup(name);
    const Entity *entity = argument ? find(argument, outer) : nullptr;
    if (!entity)
      return op.emitError() << "component '" << define.getName() << "' imports " << name
                            << ", which is not given to it";
    if (argument.getType() != import.getType())
      return op.emitError() << "component '" << define.getName() << "' imports " << name << " as "
                            << import.getType() << ", but is given " << argument.getType();
    inner.entities[import] = *entity;
  }
  return success();
}

LogicalResult Linker::runInstantiate(InstantiateOp op, Scope &scope) {
  const Entity *component = find(op.getComponent(), scope);
  if (!component || !component->closure)
    return op.emitError("the component is an import that was not resolved");
  if (failed(countInstance(op)))
    return failure();
  if (depth >= maxDepth)
    return op.emitError() << "components are instantiated more than " << maxDepth << " deep";

  DefineOp define = component->closure->define;
  Scope &inner = scopes.emplace_back();
  inner.parent = component->closure->scope;
  inner.instanceName = op.getName();
  inner.entities[define.getParent()].value = valueOf(op.getSelf(), scope);
  if (failed(bindImports(op, define, scope, inner)))
    return failure();

  ++depth;
  for (Operation &inside : define.getBody().front().without_terminator())
    if (failed(run(inside, inner)))
      return failure();
  --depth;

  ReturnOp exports = define.getReturn();
  FailureOr<const Members *> members =
      bundle(exports, exports.getNames(), exports.getValues(), inner);
  if (failed(members))
    return failure();
  scope.entities[op.getInstance()].members = *members;
  return success();
}

FailureOr<Value> Linker::findCoreImport(Operation *op, const Entity &instance, StringAttr name,
                                        Type type) {
  if (!instance.members)
    return takeExport(op, instance, name, type);
  Value value = instance.members->byName.lookup(name).value;
  if (!value)
    return op->emitError() << "the instance has no export " << name;
  if (value.getType() != type)
    return op->emitError() << name << " is " << value.getType() << ", expected " << type;
  return value;
}

LogicalResult Linker::runCoreInstantiate(CoreInstantiateOp op, Scope &scope) {
  Value moduleValue = valueOf(op.getModule(), scope);
  CoreModuleOp module = moduleValue ? moduleValue.getDefiningOp<CoreModuleOp>() : CoreModuleOp();
  if (!module)
    return op.emitError("the core module is an import that was not resolved");
  Value self = valueOf(op.getSelf(), scope);
  if (!self)
    return op.emitError("the instance's state is unknown");
  if (failed(countInstance(op)))
    return failure();

  llvm::SmallDenseMap<Attribute, Value> arguments;
  for (auto [name, value] : llvm::zip_equal(op.getNames(), op.getValues()))
    arguments[name] = value;
  SmallVector<Value> imports;
  for (auto [from, name, type] :
       llvm::zip_equal(module.getImportModules(), module.getImportNames().getAsRange<StringAttr>(),
                       module.getImportTypes().getAsValueRange<TypeAttr>())) {
    Value argument = arguments.lookup(from);
    const Entity *instance = argument ? find(argument, scope) : nullptr;
    if (!instance)
      return op.emitError() << "module " << module.getNameAttr() << " imports from " << from
                            << ", which is not given to it";
    FailureOr<Value> value = findCoreImport(op, *instance, name, type);
    if (failed(value))
      return failure();
    imports.push_back(*value);
  }
  std::string path = makePath(self, ".", op.getName());
  scope.entities[op.getInstance()].value =
      CoreInstanceOp::create(builder, op.getLoc(), moduleValue, self, builder.getStringAttr(path),
                             module.getImportModulesAttr(), module.getImportNamesAttr(), imports);
  return success();
}

LogicalResult Linker::runCoreInstance(CoreInstanceOp op, Scope &scope) {
  if (failed(countInstance(op)))
    return failure();
  return runOther(*op, scope);
}

//===----------------------------------------------------------------------===//
// What the outside sees
//===----------------------------------------------------------------------===//

LogicalResult Linker::runRootExport(RootExportOp op, Scope &scope) {
  const Entity *entity = find(op.getValue(), scope);
  if (!entity)
    return op.emitError("the exported value is unknown");
  exportToRoot(op.getLoc(), op.getName(), *entity);
  return success();
}

/// Functions are exported, by themselves or in an instance; types and components mean nothing to
/// the outside of a finished program, and neither does an instance of the host that is handed on.
void Linker::exportToRoot(Location loc, const Twine &name, const Entity &entity) {
  if (entity.value && isa<FuncType>(entity.value.getType()))
    RootExportOp::create(builder, loc, builder.getStringAttr(name), entity.value);
  if (!entity.members)
    return;
  for (auto &[member, inner] : entity.members->byName)
    exportToRoot(loc, name + "#" + member.getValue(), inner);
}

namespace {
struct InlineInstancesPass : comp::impl::CompInlineInstancesBase<InlineInstancesPass> {
  using CompInlineInstancesBase::CompInlineInstancesBase;

  void runOnOperation() override {
    Block &body = *getOperation().getBody();
    SmallVector<Operation *> written;
    for (Operation &op : body)
      written.push_back(&op);
    Linker linker(getOperation(), maxInstances);
    if (failed(linker.run(written, linker.root)))
      return signalPassFailure();
    for (Operation *op : llvm::reverse(written))
      op->erase();
    removeUnused(body);
  }
};
} // namespace
