//===- EdgeReport.cpp - What became of calls between instances ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An edge is an adapter, seen from the core instance that imports it. Only what the program can
// reach counts: a copy of an adapter that everybody has inlined is not in the executable. Where an
// adapter was inlined, the question is asked again of what it calls: the edge is inlined when
// nothing on the way is a call.
//
//===----------------------------------------------------------------------===//

#include "EdgeReport.h"
#include "tenon/Codegen/Symbols.h"
#include "llvm/Support/FormatVariadic.h"
#include <map>
#include <set>

using namespace tenon;
using namespace tenon::driver;
using codegen::CallRecord;

namespace {

/// The records of what can be reached from the program's entries, by caller and by callee.
class Calls {
public:
  Calls(const codegen::Program &program, llvm::ArrayRef<CallRecord> records) {
    std::map<llvm::StringRef, std::vector<const CallRecord *>> byCaller;
    for (const CallRecord &record : records) {
      byCaller[record.caller].push_back(&record);
      if (record.how == CallRecord::Direct)
        ownCallees[record.caller].insert(record.callee);
    }
    std::vector<std::string> pending = {"tenon_program_info"};
    for (const codegen::Export &entry : program.exports)
      pending.push_back(codegen::symbolText(entry.symbol));
    std::set<std::string> reached(pending.begin(), pending.end());
    while (!pending.empty()) {
      std::string caller = std::move(pending.back());
      pending.pop_back();
      auto found = byCaller.find(caller);
      if (found == byCaller.end())
        continue;
      for (const CallRecord *record : found->second) {
        add(*record);
        bool needs = record->how == CallRecord::Direct || record->how == CallRecord::Refers;
        if (needs && reached.insert(record->callee).second)
          pending.push_back(record->callee);
      }
    }
  }

  /// Functions in which `symbol` is still called.
  const std::set<std::string> &callersOf(const std::string &symbol) { return callers[symbol]; }
  /// Functions into which it was inlined.
  const std::set<std::string> &hostsOf(const std::string &symbol) { return hosts[symbol]; }
  const std::set<std::string> &calledBy(const std::string &symbol) { return direct[symbol]; }
  /// What the body of `symbol` itself calls, whether anything reaches it or not.
  const std::set<std::string> &calleesOf(const std::string &symbol) { return ownCallees[symbol]; }
  /// Whether something has its address, and something calls what it has the address of.
  bool isCalledIndirectly(const std::string &symbol) {
    return hasIndirectCalls && referred.count(symbol);
  }

private:
  std::map<std::string, std::set<std::string>> direct, callers, hosts, ownCallees;
  std::set<std::string> referred;
  bool hasIndirectCalls = false;

  void add(const CallRecord &record) {
    switch (record.how) {
    case CallRecord::Inlined:
      hosts[record.callee].insert(record.caller);
      break;
    case CallRecord::Direct:
      direct[record.caller].insert(record.callee);
      callers[record.callee].insert(record.caller);
      break;
    case CallRecord::Indirect:
      hasIndirectCalls = true;
      break;
    case CallRecord::Refers:
      referred.insert(record.callee);
      break;
    }
  }
};

struct Verdict {
  llvm::StringRef word;
  std::string why;
};

/// Slow paths of the runtime and copies of bytes: not a step of the way to who implements the
/// function.
bool isHelper(llvm::StringRef symbol) {
  return symbol.starts_with("tenon_") || symbol.starts_with("_ZN5tenon2rt") ||
         symbol.starts_with("mem") || symbol.starts_with("transcode ") || symbol == "strlen";
}

/// What of the adapter's own calls is left in the functions that it was inlined into.
std::string callLeft(Calls &calls, const std::string &adapter) {
  for (const std::string &callee : calls.calleesOf(adapter)) {
    if (isHelper(callee))
      continue;
    for (const std::string &host : calls.hostsOf(adapter))
      if (calls.calledBy(host).count(callee))
        return callee;
  }
  return "";
}

Verdict judge(Calls &calls, const std::string &adapter) {
  const std::set<std::string> &callers = calls.callersOf(adapter);
  if (!callers.empty())
    return {"direct", llvm::formatv("the adapter is called, by {0} and {1} more", *callers.begin(),
                                    callers.size() - 1)
                          .str()};
  if (!calls.hostsOf(adapter).empty()) {
    std::string left = callLeft(calls, adapter);
    if (!left.empty())
      return {"direct", "the adapter is inlined, " + left + " is called"};
    return {"inlined", "into " + *calls.hostsOf(adapter).begin()};
  }
  if (calls.isCalledIndirectly(adapter))
    return {"indirect", "a table has its address"};
  return {"folded", "no call is left, and nothing of it"};
}

} // namespace

void tenon::driver::printEdges(const codegen::Program &program, llvm::ArrayRef<CallRecord> records,
                               llvm::raw_ostream &os) {
  Calls calls(program, records);
  std::map<llvm::StringRef, unsigned> counts;
  os << "edges:\n";
  for (const codegen::CoreInstance &instance : program.instances) {
    uint32_t index = 0;
    for (const wasm::Import &import : instance.module->imports) {
      if (import.kind != wasm::ExternKind::Func)
        continue;
      const codegen::FuncRef &target = instance.importedFuncs[index++];
      if (target.kind != codegen::FuncRef::Symbol)
        continue;
      Verdict verdict = judge(calls, codegen::symbolText(target.symbol));
      ++counts[verdict.word];
      os << llvm::formatv("  {0,-9}{1}: {2} ({3})\n", verdict.word, instance.path, target.symbol,
                          verdict.why);
    }
  }
  os << " ";
  for (llvm::StringRef word : {"folded", "inlined", "direct", "indirect"})
    os << ' ' << counts[word] << ' ' << word << (word == "indirect" ? "\n" : ",");
}
