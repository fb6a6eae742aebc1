//===- CollectExceptions.cpp - Exceptions that nobody refers to -----------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An exception lives as long as a reference to it, and a program may throw for ever. When there are
// as many as allowed, those are found that may still be reached: from operands and locals of all
// threads, where any number may be a reference, and from globals, tables and other exceptions. The
// others make room. A reference that only the embedder has does not keep an exception.
//
//===----------------------------------------------------------------------===//

#include "Machine.h"

using namespace tenon;
using namespace tenon::interp;

namespace {

class Marker {
public:
  explicit Marker(const std::deque<Exception> &exceptions)
      : exceptions(exceptions), isReached(exceptions.size()) {}

  /// A value that may be a reference to an exception.
  void visit(const Value &value) { visit(value.as<Ref>()); }
  void visit(Ref ref) {
    if (ref == 0 || ref > isReached.size() || isReached[ref - 1])
      return;
    isReached[ref - 1] = true;
    pending.push_back(ref);
  }
  void followPayloads() {
    while (!pending.empty()) {
      const Exception &exception = exceptions[pending.back() - 1];
      pending.pop_back();
      for (const Value &value : exception.payload)
        visit(value);
    }
  }
  bool reaches(size_t index) const { return isReached[index]; }

private:
  const std::deque<Exception> &exceptions;
  std::vector<bool> isReached;
  std::vector<Ref> pending;
};

bool holdsExceptions(wasm::ValType type) {
  return type.isRef() &&
         (type.getHeap() == wasm::ValType::Exn || type.getHeap() == wasm::ValType::NoExn);
}

} // namespace

void Store::collectExceptions() {
  Marker marker(exceptions);
  for (const Machine *machine : machines)
    for (const Value &value : machine->getStack())
      marker.visit(value);
  for (const Global &global : globals)
    if (holdsExceptions(global.type.type))
      marker.visit(global.value);
  for (const Table &table : tables)
    if (holdsExceptions(table.type.element))
      for (Ref ref : table.elements())
        marker.visit(ref);
  marker.followPayloads();
  freeExceptions.clear();
  for (size_t i = 0; i < exceptions.size(); ++i)
    if (!marker.reaches(i))
      freeExceptions.push_back(i + 1);
}

Ref Store::addException(const Tag *tag, llvm::ArrayRef<Value> payload) {
  if (freeExceptions.empty() && exceptions.size() >= limits.maxExceptions)
    collectExceptions();
  Ref ref;
  if (!freeExceptions.empty()) {
    ref = freeExceptions.back();
    freeExceptions.pop_back();
  } else if (exceptions.size() < limits.maxExceptions) {
    exceptions.emplace_back();
    ref = exceptions.size();
  } else {
    return 0;
  }
  Exception &exception = exceptions[ref - 1];
  exception.tag = tag;
  exception.payload.assign(payload.begin(), payload.end());
  return ref;
}
