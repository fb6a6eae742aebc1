//===- ScriptValues.h - Values in .wast scripts -----------------*- C++ -*-===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_LIB_TEXT_SCRIPTVALUES_H
#define TENON_LIB_TEXT_SCRIPTVALUES_H

#include "tenon/Text/Parser.h"
#include "tenon/Text/Script.h"

namespace tenon::text {

/// `(i32.const 1)`, `(list.const ...)`, `(ref.null)`, `(either ...)`: with its parentheses.
FailureOr<ScriptValue> parseScriptValue(Parser &parser);

} // namespace tenon::text

#endif // TENON_LIB_TEXT_SCRIPTVALUES_H
