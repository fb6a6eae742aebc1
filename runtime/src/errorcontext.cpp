//===- errorcontext.cpp - Messages of error contexts ----------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CanonicalABI.md#canon-error-contextnew. A message is kept as it was given, in pages of its own;
// handles in several tables can name one.
//
//===----------------------------------------------------------------------===//

#include "handles.h"
#include "resources.h"

using namespace tenon::rt;

namespace tenon::rt {
struct ErrorMessage {
  uint8_t *bytes; ///< null: an empty one
  uint64_t size;
  uint32_t numHandles;
  uint32_t nextFree;
};
extern Slab<ErrorMessage> errorMessages;
} // namespace tenon::rt

namespace {
constexpr uint32_t firstEntries = 8;
ErrorMessage firstMessages[firstEntries];
} // namespace

constinit Slab<ErrorMessage> tenon::rt::errorMessages = {firstMessages, 0, firstEntries, 0};

extern "C" {

uint32_t tenon_error_context_new(const uint8_t *bytes, uint64_t size) {
  uint8_t *copy = nullptr;
  if (size) {
    copy = allocatePages(alignTo(size, 4096));
    memcpy(copy, bytes, size);
  }
  uint32_t message = errorMessages.allocate();
  errorMessages[message] = {copy, size, 0, 0};
  return message;
}

void tenon_error_context_debug_message(uint32_t message, Bytes *result) {
  *result = {errorMessages[message].bytes, errorMessages[message].size};
}

uint32_t tenon_error_context_lift(tenon_self *self, uint32_t handle) {
  return entryOf(self, tenon_error_context, handle).rep;
}

uint32_t tenon_error_context_lower(tenon_self *self, uint32_t message) {
  ++errorMessages[message].numHandles;
  return addHandle(self, {message, tenon_error_context, 0, 0, 0});
}

void tenon_error_context_drop(tenon_self *self, uint32_t handle) {
  uint32_t number = entryOf(self, tenon_error_context, handle).rep;
  removeHandle(self, handle);
  ErrorMessage &message = errorMessages[number];
  if (--message.numHandles)
    return;
  if (message.bytes)
    freePages(message.bytes, alignTo(message.size, 4096));
  errorMessages.release(number);
}

} // extern "C"
