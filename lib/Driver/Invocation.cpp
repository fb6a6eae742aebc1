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

/// A function that can be called from outside.
struct Candidate {
  std::string instance; ///< empty: it is exported by itself
  llvm::StringRef function;
  component::TypeId type;

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

/// The functions of a list of exports, those of instances in it too.
void collect(const component::TypeArena &arena, const component::ExternList &exports,
             const std::string &instance, std::vector<Candidate> &candidates) {
  for (const component::NamedExtern &exported : exports) {
    if (exported.type.kind == ExternKind::Func)
      candidates.push_back({instance, exported.name, exported.type.type});
    else if (exported.type.kind == ExternKind::Instance)
      collect(arena, arena.getInstance(exported.type.type).exports,
              (instance.empty() ? "" : instance + "#") + exported.name.str(), candidates);
  }
}

} // namespace

static void list(PendingDiagnostic &error, const component::TypeArena &arena,
                 llvm::ArrayRef<const Candidate *> candidates) {
  for (const Candidate *candidate : candidates)
    error << "\n  " << candidate->name() << ": " << arena.str(candidate->type);
}

void tenon::driver::listFunctions(PendingDiagnostic &error, const component::Component &root,
                                  const component::TypeArena &arena) {
  std::vector<Candidate> candidates;
  collect(arena, arena.getComponent(root.type).exports, "", candidates);
  error << (candidates.empty() ? ": it exports no functions" : "; it exports");
  for (const Candidate &candidate : candidates)
    list(error, arena, &candidate);
}

/// The one function that `name` is a name of.
static FailureOr<Candidate> resolve(llvm::StringRef name, const component::Component &root,
                                    const component::TypeArena &arena, Location location,
                                    Diagnostics &diags) {
  std::vector<Candidate> candidates;
  collect(arena, arena.getComponent(root.type).exports, "", candidates);
  std::vector<const Candidate *> found;
  for (const Candidate &candidate : candidates) {
    if (candidate.instance.empty() && candidate.function == name)
      return candidate;
    if (candidate.isCalled(name))
      found.push_back(&candidate);
  }
  if (found.size() == 1)
    return *found.front();
  PendingDiagnostic error = diags.error(location, "'");
  if (found.empty()) {
    error << root.file->getName() << "' exports no function '" << name << "'";
    listFunctions(error, root, arena);
  } else {
    error << name << "' is the name of several functions:";
    list(error, arena, found);
  }
  return error;
}

/// What can't be passed at all is said with the parameter, not with whatever stands there.
static LogicalResult checkParams(const Candidate &candidate, const component::TypeArena &arena,
                                 Location location, Diagnostics &diags) {
  const component::FuncType &type = arena.getFunc(candidate.type);
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

FailureOr<Invocation> Invocation::parse(llvm::StringRef text, const component::Component &root,
                                        const component::TypeArena &arena, Diagnostics &diags) {
  SourceFile file("--invoke", text.str());
  FailureOr<wave::Call> call = wave::parseCall(file, diags);
  if (failed(call))
    return failure();
  Location location = Location::text(file, 0);
  FailureOr<Candidate> candidate = resolve(call->name, root, arena, location, diags);
  if (failed(candidate) || failed(checkParams(*candidate, arena, location, diags)))
    return failure();
  Invocation invocation;
  invocation.name = candidate->name();
  invocation.type = &arena.getFunc(candidate->type);
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
