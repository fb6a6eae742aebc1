//===- Output.cpp - Writing results ---------------------------------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Output.h"
#include "tenon/Support/Files.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace tenon;

std::string tenon::driver::outputPath(const Options &options, llvm::StringRef extension) {
  if (!options.output.empty())
    return options.output;
  llvm::StringRef stem =
      options.input == "-" ? llvm::StringRef("a") : llvm::sys::path::stem(options.input);
  return (stem + extension).str();
}

LogicalResult tenon::driver::checkOutput(const Options &options, Diagnostics &diags) {
  std::string path = options.output;
  if (path.empty() && options.stage == Stage::Executable)
    path = outputPath(options, "");
  else if (path.empty() && options.stage == Stage::Object)
    path = outputPath(options, ".o");
  else if (path.empty() && options.stage == Stage::Wasm)
    path = outputPath(options, ".wasm");
  if (path.empty() || isSpecialFile(path) || !llvm::sys::fs::equivalent(path, options.input))
    return success();
  return diags.error({}, "the output '") << path << "' is the input: give another name with -o";
}

static LogicalResult writeInto(llvm::StringRef path, llvm::StringRef contents, Diagnostics &diags) {
  std::error_code error;
  llvm::raw_fd_ostream os(path, error);
  if (!error) {
    os << contents;
    os.flush();
    error = os.error();
    os.clear_error();
  }
  if (error)
    return diags.error({}, "cannot write '") << path << "': " << error.message();
  return success();
}

LogicalResult tenon::driver::writeOutput(llvm::StringRef path, llvm::StringRef contents,
                                         bool executable, Diagnostics &diags) {
  if (path == "-") {
    llvm::outs() << contents;
    llvm::outs().flush();
    return success();
  }
  if (isSpecialFile(path))
    return writeInto(path, contents, diags);
  llvm::Expected<llvm::sys::fs::TempFile> file = llvm::sys::fs::TempFile::create(
      path + ".tmp%%%%%%", llvm::sys::fs::all_read | llvm::sys::fs::owner_write |
                               (executable ? llvm::sys::fs::all_exe : llvm::sys::fs::no_perms));
  if (!file)
    return diags.error({}, "cannot write '") << path << "': " << toString(file.takeError());
  llvm::raw_fd_ostream os(file->FD, /*shouldClose=*/false);
  os << contents;
  os.flush();
  std::error_code error = os.error();
  os.clear_error();
  if (error) {
    llvm::consumeError(file->discard());
    return diags.error({}, "cannot write '") << path << "': " << error.message();
  }
  if (executable) // whatever the umask, as the linker does
    (void)llvm::sys::fs::setPermissions(file->TmpName, llvm::sys::fs::all_read |
                                                           llvm::sys::fs::owner_write |
                                                           llvm::sys::fs::all_exe);
  if (llvm::Error kept = file->keep(path))
    return diags.error({}, "cannot write '") << path << "': " << toString(std::move(kept));
  return success();
}
