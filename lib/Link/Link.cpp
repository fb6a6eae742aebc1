//===- Link.cpp - Objects and the runtime become an executable ------------===//
//
// Part of Tenon, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// lld reads files: the objects and the script go to a private folder, which is gone at the end,
// whatever happened. The output is written beside its final name and renamed when all went well, so
// nobody ever sees half an executable. No name of a temporary file reaches the output.
//
//===----------------------------------------------------------------------===//

#include "tenon/Link/Link.h"
#include "Script.h"
#include "lld/Common/Driver.h"
#include "tenon/Link/RuntimeFiles.h"
#include "tenon/Support/Files.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

LLD_HAS_DRIVER(elf)

using namespace tenon;
using namespace tenon::link;

namespace {

/// A folder under the system's temporary one, removed with everything in it.
class PrivateDir {
public:
  ~PrivateDir() {
    if (!path.empty())
      llvm::sys::fs::remove_directories(path);
  }
  LogicalResult create(Diagnostics &diags) {
    std::error_code error = llvm::sys::fs::createUniqueDirectory("tenon-link", path);
    if (!error)
      return success();
    path.clear();
    return diags.error({}, "cannot create a temporary folder: ") << error.message();
  }
  /// Writes a file and answers its path.
  FailureOr<std::string> write(const llvm::Twine &name, llvm::StringRef contents,
                               Diagnostics &diags) {
    llvm::SmallString<128> file(path);
    llvm::sys::path::append(file, name);
    std::error_code error;
    llvm::raw_fd_ostream os(file, error);
    if (!error) {
      os << contents;
      os.close();
      error = os.error();
    }
    if (!error)
      return std::string(file);
    os.clear_error();
    return diags.error({}, "cannot write ") << file << ": " << error.message();
  }

  /// Writes the objects and adds their paths to `args`.
  LogicalResult writeObjects(llvm::ArrayRef<llvm::MemoryBufferRef> objects,
                             std::vector<std::string> &args, Diagnostics &diags) {
    for (size_t i = 0; i < objects.size(); ++i) {
      FailureOr<std::string> object = write(llvm::Twine(i) + ".o", objects[i].getBuffer(), diags);
      if (failed(object))
        return failure();
      args.push_back(*object);
    }
    return success();
  }

private:
  llvm::SmallString<128> path;
};

/// The output under a temporary name, until it is kept.
class PendingOutput {
public:
  ~PendingOutput() {
    if (!temporary.empty())
      llvm::sys::fs::remove(temporary);
  }
  LogicalResult create(llvm::StringRef finalPath, Diagnostics &diags) {
    final = finalPath;
    isSpecial = isSpecialFile(finalPath);
    std::error_code error =
        isSpecial ? llvm::sys::fs::createTemporaryFile("tenon-link", "", temporary)
                  : llvm::sys::fs::createUniqueFile(finalPath + ".tmp%%%%%%", temporary);
    if (!error)
      return success();
    temporary.clear();
    return diags.error({}, "cannot write ") << finalPath << ": " << error.message();
  }
  llvm::StringRef getPath() const { return temporary; }
  /// `written` as in LinkOptions.
  LogicalResult keep(Diagnostics &diags, bool executable,
                     std::unique_ptr<llvm::MemoryBuffer> *written) {
    using namespace llvm::sys::fs;
    if (written) {
      auto buffer = llvm::MemoryBuffer::getFile(temporary, /*IsText=*/false,
                                                /*RequiresNullTerminator=*/false,
                                                /*IsVolatile=*/true);
      if (buffer)
        *written = std::move(*buffer);
    }
    if (isSpecial) { // what remains is the temporary file, which the destructor removes
      if (std::error_code error = copy_file(temporary, final))
        return diags.error({}, "cannot write ") << final << ": " << error.message();
      return success();
    }
    std::error_code error =
        setPermissions(temporary, all_read | owner_write | (executable ? all_exe : no_perms));
    if (!error)
      error = rename(temporary, final);
    if (error)
      return diags.error({}, "cannot write ") << final << ": " << error.message();
    temporary.clear();
    return success();
  }

private:
  std::string final;
  bool isSpecial = false; ///< the output is written into, not replaced
  llvm::SmallString<128> temporary;
};

std::string emulationOf(llvm::StringRef triple) {
  return runtimeArch(triple) == "x86_64" ? "elf_x86_64" : "aarch64linux";
}

std::vector<std::string> makeArguments(const LinkOptions &options) {
  bool isX86 = runtimeArch(options.triple) == "x86_64";
  std::vector<std::string> args = {"ld.lld",
                                   "-m",
                                   emulationOf(options.triple),
                                   "-static",
                                   "--no-pie",
                                   "--gc-sections",
                                   "--build-id=none",
                                   "-z",
                                   "noexecstack",
                                   "-z",
                                   "norelro",
                                   "-z",
                                   isX86 ? "max-page-size=4096" : "max-page-size=65536"};
  if (options.unwindTables)
    args.push_back("--eh-frame-hdr");
  if (options.debug == DebugSections::None)
    args.push_back("--strip-debug");
  return args;
}

LogicalResult runLinker(const std::vector<std::string> &args, Diagnostics &diags) {
  std::vector<const char *> argv;
  for (const std::string &arg : args)
    argv.push_back(arg.c_str());
  std::string output, errors;
  llvm::raw_string_ostream outputStream(output), errorStream(errors);
  lld::Result result = lld::lldMain(argv, outputStream, errorStream, {{lld::Gnu, &lld::elf::link}});
  llvm::StringRef message = llvm::StringRef(errors).trim();
  if (result.retCode != 0)
    return diags.error({}, "linking failed: ") << message;
  if (!message.empty())
    diags.warning({}, "linker: ") << message;
  return success();
}

} // namespace

LogicalResult link::linkExecutable(llvm::ArrayRef<llvm::MemoryBufferRef> objects,
                                   const LinkOptions &options, Diagnostics &diags) {
  if (runtimeArch(options.triple).empty())
    return diags.error({}, "linking for '") << options.triple << "' is not supported yet";
  std::string archive = runtimeArchive(options.runtimeDir, options.triple);
  if (!llvm::sys::fs::exists(archive))
    return diags.error({}, "the runtime is not there: ") << archive;

  PrivateDir dir;
  PendingOutput output;
  if (failed(dir.create(diags)) || failed(output.create(options.output, diags)))
    return failure();
  std::vector<std::string> args = makeArguments(options);
  FailureOr<std::string> script = dir.write("layout.ld", writeScript(options), diags);
  if (failed(script))
    return failure();
  args.insert(args.end(), {"-T", *script, "-o", output.getPath().str()});
  if (failed(dir.writeObjects(objects, args, diags)))
    return failure();
  args.push_back(archive);
  if (failed(runLinker(args, diags)))
    return failure();
  return output.keep(diags, /*executable=*/true, options.written);
}

LogicalResult link::linkRelocatable(llvm::ArrayRef<llvm::MemoryBufferRef> objects,
                                    llvm::StringRef triple, llvm::StringRef output,
                                    Diagnostics &diags,
                                    std::unique_ptr<llvm::MemoryBuffer> *written) {
  if (runtimeArch(triple).empty())
    return diags.error({}, "linking for '") << triple << "' is not supported yet";
  PrivateDir dir;
  PendingOutput pending;
  if (failed(dir.create(diags)) || failed(pending.create(output, diags)))
    return failure();
  std::vector<std::string> args = {"ld.lld", "-m", emulationOf(triple),
                                   "-r",     "-o", pending.getPath().str()};
  if (failed(dir.writeObjects(objects, args, diags)))
    return failure();
  if (failed(runLinker(args, diags)))
    return failure();
  return pending.keep(diags, /*executable=*/false, written);
}
