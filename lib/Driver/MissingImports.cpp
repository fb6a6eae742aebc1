//===- MissingImports.cpp - What nobody provides --------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MissingImports.h"
#include "llvm/ADT/STLExtras.h"

using namespace tenon;
using namespace tenon::driver;
using component::ExternKind;
using component::ExternType;
using component::NamedExtern;

bool tenon::driver::wantsProvider(const component::TypeArena &arena, const ExternType &type) {
  if (type.kind != ExternKind::Instance)
    return type.kind != ExternKind::Type;
  return llvm::any_of(arena.getInstance(type.type).exports,
                      [&](const NamedExtern &item) { return wantsProvider(arena, item.type); });
}

bool tenon::driver::hasValue(const component::TypeArena &arena, const ExternType &type) {
  if (type.kind != ExternKind::Instance)
    return type.kind == ExternKind::Value;
  return llvm::any_of(arena.getInstance(type.type).exports,
                      [&](const NamedExtern &item) { return hasValue(arena, item.type); });
}

void MissingImports::list(const llvm::Twine &name, const ExternType &type) {
  if (!wantsProvider(arena, type))
    return;
  if (type.kind != ExternKind::Instance) {
    lines += ("\n  " + name + ": " + arena.str(type)).str();
    return;
  }
  for (const NamedExtern &item : arena.getInstance(type.type).exports)
    list(name + "#" + item.name, item.type);
}

void MissingImports::add(const component::Import &import) {
  if (!count++)
    first = import.name.location;
  list(import.name.withVersionSuffix(), import.type);
}

LogicalResult MissingImports::report(Diagnostics &diags) const {
  if (!count)
    return success();
  PendingDiagnostic error = diags.error(first, "nobody provides ");
  if (count == 1)
    error << "this import:" << lines;
  else
    error << "these " << count << " imports:" << lines;
  return error;
}
