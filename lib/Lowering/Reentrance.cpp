//===- Reentrance.cpp - Which flags of instances anybody can notice -------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reentrance.h"

using namespace tenon::lowering;

unsigned Reentrance::addInstance(unsigned parent, bool isDetached) {
  parents.push_back(parent);
  detached.push_back(isDetached);
  return parents.size() - 1;
}

void Reentrance::addCall(unsigned caller, unsigned callee) { calls.insert({caller, callee}); }

bool Reentrance::isAncestorOrSelf(unsigned ancestor, unsigned instance) const {
  // Numbers of parents are smaller.
  while (instance != outside && instance > ancestor)
    instance = parents[instance];
  return instance == ancestor;
}

bool Reentrance::isDonutWrapping(unsigned caller, unsigned callee) const {
  if (caller == outside || caller == callee)
    return false;
  return isAncestorOrSelf(caller, callee) || isAncestorOrSelf(callee, caller);
}

llvm::SmallVector<unsigned> Reentrance::enteringSet(unsigned caller, unsigned callee) const {
  llvm::SmallVector<unsigned> set;
  for (unsigned instance = callee; instance != outside; instance = parents[instance]) {
    if (caller != outside && isAncestorOrSelf(instance, caller))
      break;
    set.push_back(instance);
  }
  std::reverse(set.begin(), set.end());
  return set;
}

bool Reentrance::reaches(unsigned from, unsigned to) const { return reachable[from].test(to); }

bool Reentrance::mayBeEntered(unsigned instance, unsigned caller) const {
  if (caller == outside) // nothing is running
    return false;
  return llvm::any_of(enteredOver[instance],
                      [&](unsigned callee) { return reaches(callee, caller); });
}

void Reentrance::analyze() {
  unsigned count = parents.size();
  std::vector<llvm::SmallVector<unsigned>> callees(count);
  for (auto [caller, callee] : calls)
    if (caller != outside)
      callees[caller].push_back(callee);

  reachable.assign(count, llvm::BitVector(count));
  for (unsigned start = 0; start < count; ++start) {
    llvm::SmallVector<unsigned> work = {start};
    while (!work.empty()) {
      unsigned instance = work.pop_back_val();
      if (reachable[start].test(instance))
        continue;
      reachable[start].set(instance);
      work.append(callees[instance]);
    }
  }

  enteredOver.assign(count, {});
  for (auto [caller, callee] : calls)
    for (unsigned instance : enteringSet(caller, callee))
      enteredOver[instance].push_back(callee);

  kept.clear();
  kept.resize(count);
  for (auto [caller, callee] : calls)
    for (unsigned instance : enteringSet(caller, callee))
      if (mayBeEntered(instance, caller) || isLocked(instance))
        kept.set(instance);
}

llvm::SmallVector<Reentrance::Entered> Reentrance::enteredBy(unsigned caller,
                                                             unsigned callee) const {
  llvm::SmallVector<Entered> entered;
  for (unsigned instance : enteringSet(caller, callee))
    if (kept.test(instance))
      entered.push_back({instance, mayBeEntered(instance, caller) || isLocked(instance)});
  return entered;
}
