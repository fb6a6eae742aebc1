//===- errors.cpp - wasi:io/error, and what errno means -------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "print.h"
#include "wasi.h"

using namespace tenon::rt;

ErrorCode tenon::rt::errorCodeOf(long error) {
  switch (-error) {
  case eACCES:
    return ErrorCode::Access;
  case eAGAIN:
    return ErrorCode::WouldBlock;
  case eALREADY:
    return ErrorCode::Already;
  case eBADF:
    return ErrorCode::BadDescriptor;
  case eBUSY:
    return ErrorCode::Busy;
  case eDEADLK:
    return ErrorCode::Deadlock;
  case eDQUOT:
    return ErrorCode::Quota;
  case eEXIST:
    return ErrorCode::Exist;
  case eFBIG:
    return ErrorCode::FileTooLarge;
  case eILSEQ:
    return ErrorCode::IllegalByteSequence;
  case eINPROGRESS:
    return ErrorCode::InProgress;
  case eINTR:
    return ErrorCode::Interrupted;
  case eINVAL:
    return ErrorCode::Invalid;
  case eIO:
    return ErrorCode::Io;
  case eISDIR:
    return ErrorCode::IsDirectory;
  case eLOOP:
    return ErrorCode::Loop;
  case eMLINK:
    return ErrorCode::TooManyLinks;
  case eMSGSIZE:
    return ErrorCode::MessageSize;
  case eNAMETOOLONG:
    return ErrorCode::NameTooLong;
  case eNODEV:
    return ErrorCode::NoDevice;
  case eNOENT:
    return ErrorCode::NoEntry;
  case eNOLCK:
    return ErrorCode::NoLock;
  case eNOMEM:
    return ErrorCode::InsufficientMemory;
  case eNOSPC:
    return ErrorCode::InsufficientSpace;
  case eNOTDIR:
    return ErrorCode::NotDirectory;
  case eNOTEMPTY:
    return ErrorCode::NotEmpty;
  case eNOTRECOVERABLE:
    return ErrorCode::NotRecoverable;
  case eOPNOTSUPP:
  case eNOSYS:
    return ErrorCode::Unsupported;
  case eNOTTY:
    return ErrorCode::NoTty;
  case eNXIO:
    return ErrorCode::NoSuchDevice;
  case eOVERFLOW:
    return ErrorCode::Overflow;
  case ePERM:
    return ErrorCode::NotPermitted;
  case ePIPE:
    return ErrorCode::Pipe;
  case eROFS:
    return ErrorCode::ReadOnly;
  case eSPIPE:
    return ErrorCode::InvalidSeek;
  case eTXTBSY:
    return ErrorCode::TextFileBusy;
  case eXDEV:
    return ErrorCode::CrossDevice;
  }
  return ErrorCode::Io;
}

TENON_HOST("wasi:io/error#[resource-drop]error", void, dropError, uint32_t self) {
  ioErrors.release(self);
}

TENON_HOST("wasi:io/error#[method]error.to-debug-string", void, errorToDebugString, uint32_t self,
           Bytes *out) {
  uint8_t *text = reserveResult(64);
  uint64_t size = 0;
  for (const char *at = "os error "; *at; ++at)
    text[size++] = static_cast<uint8_t>(*at);
  int error = ioErrors[self].error;
  int divisor = 1;
  while (error / divisor >= 10)
    divisor *= 10;
  for (; divisor; divisor /= 10)
    text[size++] = static_cast<uint8_t>('0' + error / divisor % 10);
  *out = {text, size};
}

TENON_HOST("wasi:filesystem/types#filesystem-error-code", void, filesystemErrorCode, uint32_t error,
           Option<ErrorCode> *out) {
  *out = {1, errorCodeOf(-ioErrors[error].error)};
}
