//===- Invocation.cpp - One call of an exported function ------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Invocation.h"
#include "tenon/Wave/Wave.h"

using namespace tenon;
using namespace tenon::driver;
using component::ExternKind;

namespace {

/// A function that can be called from outside, or a value that can be looked at.
struct Candidate {
  std::string instance; ///< empty: it is exported by itself
  llvm::StringRef function;
  component::ExternType type;

  std::string name() const {
    return instance.empty() ? function.str() : instance + "#" + function.str();
  }
  bool isCalled(llvm::StringRef text) const;
};

/// Whether `text` is one of the names in Invocation.h.
bool Candidate::isCalled(llvm::StringRef text) const {
  if (text == function)
    return true;
  if (instance.empty())
    return false;
  auto [plain, version] = llvm::StringRef(instance).split('@');
  llvm::StringRef projection = plain.substr(plain.rfind('/') + 1);
  for (llvm::StringRef prefix : {llvm::StringRef(instance), plain, projection})
    for (char separator : {'.', '#'}) {
      llvm::StringRef rest = text;
      if (!rest.consume_front(prefix) || rest.empty() || rest.front() != separator)
        continue;
      rest = rest.drop_front();
      if (rest == function)
        return true;
      if (!version.empty() && prefix != instance && rest.consume_back(version) &&
          rest.consume_back("@") && rest == function)
        return true;
    }
  return false;
}

/// The functions, or the values, of a list of exports, those of instances in it too.
void collect(ExternKind kind, const component::TypeArena &arena,
             const component::ExternList &exports, const std::string &instance,
             std::vector<Candidate> &candidates) {
  for (const component::NamedExtern &exported : exports) {
    if (exported.type.kind == kind)
      candidates.push_back({instance, exported.name, exported.type});
    else if (exported.type.kind == ExternKind::Instance)
      collect(kind, arena, arena.getInstance(exported.type.type).exports,
              (instance.empty() ? "" : instance + "#") + exported.name.str(), candidates);
  }
}

} // namespace

static void list(PendingDiagnostic &error, const component::TypeArena &arena,
                 llvm::ArrayRef<const Candidate *> candidates) {
  for (const Candidate *candidate : candidates)
    error << "\n  " << candidate->name() << ": " << arena.str(candidate->type);
}

/// What the component exports of that kind.
static void list(PendingDiagnostic &error, ExternKind kind, const component::Component &root,
                 const component::TypeArena &arena) {
  std::vector<Candidate> candidates;
  collect(kind, arena, arena.getComponent(root.type).exports, "", candidates);
  error << (!candidates.empty()         ? "; it exports"
            : kind == ExternKind::Value ? ": it exports no values"
                                        : ": it exports no functions");
  for (const Candidate &candidate : candidates)
    list(error, arena, &candidate);
}

void tenon::driver::listFunctions(PendingDiagnostic &error, const component::Component &root,
                                  const component::TypeArena &arena) {
  list(error, ExternKind::Func, root, arena);
}

/// Those that `name` is a name of; what the component exports by itself alone, if it is one of
/// them.
static std::vector<const Candidate *> findByName(llvm::StringRef name,
                                                 llvm::ArrayRef<Candidate> candidates) {
  std::vector<const Candidate *> found;
  for (const Candidate &candidate : candidates) {
    if (candidate.instance.empty() && candidate.function == name)
      return {&candidate};
    if (candidate.isCalled(name))
      found.push_back(&candidate);
  }
  return found;
}

/// The one function or value that `name` is a name of.
static FailureOr<Candidate> resolve(ExternKind kind, llvm::StringRef name,
                                    const component::Component &root,
                                    const component::TypeArena &arena, Location location,
                                    Diagnostics &diags) {
  const component::ExternList &exports = arena.getComponent(root.type).exports;
  llvm::StringRef what = kind == ExternKind::Func ? "function" : "value";
  std::vector<Candidate> candidates, values;
  collect(kind, arena, exports, "", candidates);
  std::vector<const Candidate *> found = findByName(name, candidates);
  if (found.size() == 1)
    return *found.front();
  if (!found.empty()) {
    PendingDiagnostic error = diags.error(location, "'")
                              << name << "' is the name of several " << what << "s:";
    list(error, arena, found);
    return error;
  }
  collect(ExternKind::Value, arena, exports, "", values);
  if (kind == ExternKind::Func && !findByName(name, values).empty())
    return diags.error(location, "'") << name << "' is a value: give its name without parentheses";
  PendingDiagnostic error = diags.error(location, "'") << root.file->getName() << "' exports no "
                                                       << what << " '" << name << "'";
  list(error, kind, root, arena);
  return error;
}

/// What can't be passed at all is said with the parameter, not with whatever stands there.
static LogicalResult checkParams(const Candidate &candidate, const component::TypeArena &arena,
                                 Location location, Diagnostics &diags) {
  const component::FuncType &type = arena.getFunc(candidate.type.type);
  if (type.isAsync)
    return diags.error(location, "calling the async function '")
           << candidate.name() << "' is not supported yet";
  for (const component::Param &param : type.params) {
    if (param.type.isPrimitive() || !arena.mentionsResource(param.type.getType()))
      continue;
    return diags.error(location, "'")
           << candidate.name() << "' cannot be called from here: its parameter '" << param.name
           << "' (" << arena.str(param.type) << ") takes a resource, which has no text";
  }
  return success();
}

/// Whether the component exports a value, and no function, that `text` may be the name of.
static bool isNameOfValue(llvm::StringRef text, const component::Component &root,
                          const component::TypeArena &arena) {
  const component::ExternList &exports = arena.getComponent(root.type).exports;
  std::vector<Candidate> functions, values;
  collect(ExternKind::Func, arena, exports, "", functions);
  collect(ExternKind::Value, arena, exports, "", values);
  return !values.empty() && !text.contains('(') && findByName(text, functions).empty();
}

FailureOr<Invocation> Invocation::parse(llvm::StringRef text, const component::Component &root,
                                        component::TypeArena &arena, Diagnostics &diags) {
  SourceFile file("--invoke", text.str());
  Location location = Location::text(file, 0);
  if (isNameOfValue(text.trim(), root, arena)) {
    FailureOr<Candidate> value =
        resolve(ExternKind::Value, text.trim(), root, arena, location, diags);
    if (failed(value))
      return failure();
    component::TypeId type = arena.makeFunc({}, *value->type.value, /*isAsync=*/false);
    return Invocation{value->name(), &arena.getFunc(type), {}, /*isValue=*/true};
  }
  FailureOr<wave::Call> call = wave::parseCall(file, diags);
  if (failed(call))
    return failure();
  FailureOr<Candidate> candidate =
      resolve(ExternKind::Func, call->name, root, arena, location, diags);
  if (failed(candidate) || failed(checkParams(*candidate, arena, location, diags)))
    return failure();
  Invocation invocation;
  invocation.name = candidate->name();
  invocation.type = &arena.getFunc(candidate->type.type);
  FailureOr<std::vector<component::Val>> arguments =
      wave::parseArguments(file, *call, arena, *invocation.type, diags);
  if (failed(arguments))
    return failure();
  invocation.arguments = std::move(*arguments);
  return invocation;
}

std::string tenon::driver::describeReturn(const component::TypeArena &arena,
                                          const component::FuncType &type,
                                          const component::Val *result) {
  std::string text = "returned";
  llvm::raw_string_ostream os(text);
  if (result)
    wave::printValue(os << ' ', arena, *type.result, *result);
  return text;
}

void tenon::driver::printResult(llvm::raw_ostream &os, const component::TypeArena &arena,
                                const component::FuncType &type, const component::Val *result) {
  if (result)
    wave::printValue(os, arena, *type.result, *result);
  else
    os << "()";
  os << '\n';
}
