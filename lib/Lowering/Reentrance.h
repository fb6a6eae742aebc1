//===- Reentrance.h - Which flags of instances anybody can notice -*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#component-instances: a call from instance A to instance C enters C and its
// ancestors, less A and its ancestors, and traps if one of those is entered already. When that can
// happen is a fact of two trees and a graph, all known here: X can be entered already at a call
// only if some call that enters X leads, over calls, to this call's caller. No other call checks,
// and only instances that are checked somewhere have their flag kept.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_LOWERING_REENTRANCE_H
#define TENON_LIB_LOWERING_REENTRANCE_H

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <vector>

namespace tenon::lowering {

class Reentrance {
public:
  static constexpr unsigned outside = ~0u; ///< the caller of root exports; no instance's number

  /// `lockdown`: root instances keep their flag and every call checks it, since one that trapped
  /// must never be entered again. (What is detached is no instance that could be ended.)
  explicit Reentrance(bool lockdown) : lockdown(lockdown) {}

  /// Adds an instance; parents come first. Returns its number.
  unsigned addInstance(unsigned parent, bool isDetached = false);
  void addCall(unsigned caller, unsigned callee);
  /// Works everything out; the questions below come after it.
  void analyze();

  struct Entered {
    unsigned instance;
    bool check;
  };
  /// The instances whose flags this call sets, ancestors first.
  llvm::SmallVector<Entered> enteredBy(unsigned caller, unsigned callee) const;
  /// Whether a call goes between an instance and one around it (Linking.md, "donut wrapping").
  bool isDonutWrapping(unsigned caller, unsigned callee) const;
  /// Whether calls lead from code of `from` to code of `to`; always from an instance to itself.
  bool reaches(unsigned from, unsigned to) const;

private:
  bool isAncestorOrSelf(unsigned ancestor, unsigned instance) const;
  llvm::SmallVector<unsigned> enteringSet(unsigned caller, unsigned callee) const;
  bool mayBeEntered(unsigned instance, unsigned caller) const;
  bool isLocked(unsigned instance) const {
    return lockdown && parents[instance] == outside && !detached[instance];
  }

  bool lockdown;
  std::vector<unsigned> parents;
  std::vector<bool> detached;
  llvm::SetVector<std::pair<unsigned, unsigned>> calls;
  std::vector<llvm::BitVector> reachable; // by instance
  std::vector<llvm::SmallVector<unsigned>>
      enteredOver;      // by instance: callees of the calls that enter it
  llvm::BitVector kept; // instances whose flag is kept
};

} // namespace tenon::lowering

#endif // TENON_LIB_LOWERING_REENTRANCE_H
