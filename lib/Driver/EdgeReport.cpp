//===- EdgeReport.cpp - What became of calls between instances ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An edge is an adapter, seen from the core instance that imports it. Where it was inlined, the question
// is asked again of what the adapter calls: the edge is inlined when nothing of the way is a call.
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

/// The records by caller and by callee.
class Calls {
public:
  explicit Calls(llvm::ArrayRef<CallRecord> records) {
    for (const CallRecord &record : records) {
      if (record.how == CallRecord::Indirect)
        indirectCallers.insert(record.caller);
      else if (record.how == CallRecord::Direct)
        direct[record.caller].insert(record.callee), callers[record.callee].insert(record.caller);
      else
        hosts[record.callee].insert(record.caller);
    }
  }

  /// Functions in which `symbol` is still called.
  const std::set<std::string> &callersOf(const std::string &symbol) { return callers[symbol]; }
  /// Functions into which it was inlined.
  const std::set<std::string> &hostsOf(const std::string &symbol) { return hosts[symbol]; }
  const std::set<std::string> &calledBy(const std::string &symbol) { return direct[symbol]; }
  bool hasIndirectCalls() const { return !indirectCallers.empty(); }

private:
  std::map<std::string, std::set<std::string>> direct, callers, hosts;
  std::set<std::string> indirectCallers;
};

struct Verdict {
  llvm::StringRef word;
  std::string why;
};

bool isHelper(llvm::StringRef symbol) {
  return symbol.starts_with("tenon_") || symbol.starts_with("mem");
}

/// What of the adapter's own calls is left in the functions that it was inlined into.
std::string callLeft(Calls &calls, const std::string &adapter) {
  for (const std::string &callee : calls.calledBy(adapter)) {
    if (isHelper(callee))
      continue;
    for (const std::string &host : calls.hostsOf(adapter))
      if (calls.calledBy(host).count(callee))
        return callee;
  }
  return "";
}

Verdict judge(Calls &calls, const std::string &adapter, bool escapes) {
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
  if (escapes && calls.hasIndirectCalls())
    return {"indirect", "its address is taken, and indirect calls are left"};
  return {"folded", "no call is left, and nothing of it"};
}

bool escapes(const wasm::Module &module, uint32_t function) {
  return function < module.summary.funcEscapes.size() && module.summary.funcEscapes[function];
}

} // namespace

void tenon::driver::printEdges(const codegen::Program &program, const codegen::CodegenResult &code,
                               llvm::raw_ostream &os) {
  Calls calls(code.calls);
  std::map<llvm::StringRef, unsigned> counts;
  os << "edges:\n";
  for (const codegen::CoreInstance &instance : program.instances) {
    uint32_t index = 0;
    for (const wasm::Import &import : instance.module->imports) {
      if (import.kind != wasm::ExternKind::Func)
        continue;
      uint32_t function = index++;
      const codegen::FuncRef &target = instance.importedFuncs[function];
      if (target.kind != codegen::FuncRef::Symbol)
        continue;
      Verdict verdict =
          judge(calls, codegen::symbolText(target.symbol), escapes(*instance.module, function));
      ++counts[verdict.word];
      os << llvm::formatv("  {0,-9}{1}: {2} ({3})\n", verdict.word, instance.path, target.symbol,
                          verdict.why);
    }
  }
  os << " ";
  for (llvm::StringRef word : {"folded", "inlined", "direct", "indirect"})
    os << ' ' << counts[word] << ' ' << word << (word == "indirect" ? "\n" : ",");
}
