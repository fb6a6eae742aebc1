//===- environment.cpp - wasi:cli/environment, exit -----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The environment is what was granted, in the order of the grants; the arguments are the process's.
// What is not UTF-8 cannot be a string of the component's: such a variable is left out, such an
// argument ends the program with a message.
//
//===----------------------------------------------------------------------===//

#include "granted.h"
#include "process.h"
#include "syscall.h"
#include "utf8.h"
#include "wasi.h"

using namespace tenon::rt;

namespace {

/// `tuple<string, string>`
struct Variable {
  Bytes name, value;
};

Bytes bytesOf(const char *text) { return {reinterpret_cast<const uint8_t *>(text), strlen(text)}; }

/// Splits `NAME=value`.
Variable split(const char *entry) {
  uint64_t size = 0;
  while (entry[size] && entry[size] != '=')
    ++size;
  const char *value = entry[size] ? entry + size + 1 : entry + size;
  return {{reinterpret_cast<const uint8_t *>(entry), size}, bytesOf(value)};
}

bool hasName(const Variable &variable, const char *name) {
  return variable.name.size == strlen(name) &&
         !memcmp(variable.name.data, name, variable.name.size);
}

/// Whether an explicit grant speaks of the variable, so that "all" does not give it.
bool isNamed(const Variable &variable) {
  for (GrantReader grant; grant.tag; grant.next())
    if ((grant.tag == TENON_GRANT_ENV || grant.tag == TENON_GRANT_ENV_INHERITED) &&
        hasName(variable, grant.first))
      return true;
  return false;
}

class VariableList {
public:
  uint64_t count = 0;
  void add(const Variable &variable) {
    if (!isUtf8(variable.name) || !isUtf8(variable.value))
      return;
    uint8_t *buffer = reserveResult((count + 1) * sizeof(Variable));
    reinterpret_cast<Variable *>(buffer)[count++] = variable;
  }
  void addInherited(const char *name) {
    for (const char *const *entry = process.envp; *entry; ++entry)
      if (Variable variable = split(*entry); hasName(variable, name))
        return add(variable);
  }
  void addAll() {
    for (const char *const *entry = process.envp; *entry; ++entry)
      if (Variable variable = split(*entry); !isNamed(variable))
        add(variable);
  }
};

} // namespace

TENON_HOST("wasi:cli/environment#get-environment", void, getEnvironment, Bytes *out) {
  VariableList list;
  for (GrantReader grant; grant.tag; grant.next()) {
    if (grant.tag == TENON_GRANT_ENV)
      list.add({bytesOf(grant.first), bytesOf(grant.second)});
    if (grant.tag == TENON_GRANT_ENV_INHERITED)
      list.addInherited(grant.first);
    if (grant.tag == TENON_GRANT_ENV_ALL)
      list.addAll();
  }
  *out = {resultBuffer.data, list.count};
}

TENON_HOST("wasi:cli/environment#get-arguments", void, getArguments, Bytes *out) {
  uint8_t *buffer = reserveResult(process.argc * sizeof(Bytes));
  for (uint64_t i = 0; i < process.argc; ++i) {
    Bytes argument = bytesOf(process.argv[i]);
    if (!isUtf8(argument))
      fatal("an argument is not UTF-8:", process.argv[i]);
    reinterpret_cast<Bytes *>(buffer)[i] = argument;
  }
  *out = {buffer, process.argc};
}

/// Directories are named by the preopens; there is no current one.
TENON_HOST("wasi:cli/environment#initial-cwd", void, initialCwd, Option<Bytes> *out) {
  *out = {0, {}};
}

TENON_HOST("wasi:cli/exit#exit", void, exitWithResult, uint32_t isError) {
  exitProcess(isError ? 1 : 0);
}

TENON_HOST("wasi:cli/exit#exit-with-code", void, exitWithCode, uint32_t code) {
  exitProcess(static_cast<uint8_t>(code));
}
