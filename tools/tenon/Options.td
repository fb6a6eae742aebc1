include "llvm/Option/OptParser.td"

def help : Flag<["--", "-"], "help">, HelpText<"Show this help">;
def h : Flag<["-"], "h">, Alias<help>;
def version : Flag<["--"], "version">, HelpText<"Show the version">;

def o : JoinedOrSeparate<["-"], "o">, MetaVarName<"FILE">,
  HelpText<"Write to FILE (default: the input's name without its extension)">;
def O : Joined<["-"], "O">, MetaVarName<"LEVEL">, HelpText<"Optimise: 0, 1, 2 (default) or 3">;
def j : JoinedOrSeparate<["-"], "j">, MetaVarName<"N">,
  HelpText<"Use N threads (default: all); never changes the output">;
def emit : Joined<["--"], "emit=">, MetaVarName<"STAGE">,
  HelpText<"Stop at a stage: wasm, graph, linked, flat, fused, core, llvm, obj or exe">;
def report : Joined<["--"], "report=">, MetaVarName<"WHAT">,
  HelpText<"Print graph, edges or reach after compiling">;
def time_report : Flag<["--"], "time-report">,
  HelpText<"Print what time was spent on, to stderr">;
def time_trace : Flag<["--"], "time-trace">,
  HelpText<"Write a trace for chrome://tracing or Perfetto beside the output: OUTPUT.time-trace">;
def time_trace_to : Joined<["--"], "time-trace=">, MetaVarName<"FILE">,
  HelpText<"Write the trace to FILE">;
def progress : Joined<["--"], "progress=">, MetaVarName<"WHEN">,
  HelpText<"Say on stderr how far it is: auto (default: on a terminal), always or never">;
def canonicalize_nans : Flag<["--"], "canonicalize-nans">,
  HelpText<"Make every NaN that arithmetic makes the positive canonical one">;
def deterministic : Flag<["--"], "deterministic">,
  HelpText<"Follow the deterministic profile: canonical NaNs, relaxed SIMD with fixed results">;
def target : Joined<["--"], "target=">, MetaVarName<"TRIPLE">,
  HelpText<"Generate code for TRIPLE: x86_64-linux (default) or aarch64-linux">;
def import : Separate<["--"], "import">, MetaVarName<"NAME=PATH">,
  HelpText<"Resolve the import NAME to the component at PATH">;
def L : JoinedOrSeparate<["-"], "L">, MetaVarName<"DIR">,
  HelpText<"Look for imported components in DIR">;
def strip : Flag<["--"], "strip">, HelpText<"Leave line tables and symbols out of the executable">;
def enable : Joined<["--"], "enable=">, MetaVarName<"FEATURE,...">,
  HelpText<"Accept components that use a FEATURE that is not released (listed below)">;
def interp : Flag<["--"], "interp">,
  HelpText<"run: interpret instead of compiling; there is no host">;
def invoke : JoinedOrSeparate<["--"], "invoke">, MetaVarName<"CALL">,
  HelpText<"run: call an exported function and print its result: 'NAME(ARGS)', in WAVE; NAME, an "
           "exported value; of a core module NAME, and arguments behind the file">;
def fuel : Joined<["--"], "fuel=">, MetaVarName<"N">,
  HelpText<"run --interp: stop after N instructions">;
def runtime_dir : Joined<["--"], "runtime-dir=">, MetaVarName<"DIR">,
  HelpText<"Take the runtime from DIR (default: beside tenon)">;
def cache_dir : Joined<["--"], "cache-dir=">, MetaVarName<"DIR">,
  HelpText<"Keep results of compilations in DIR (default: $TENON_CACHE_DIR, else ~/.cache/tenon)">;
def max_size : Joined<["--"], "max-size=">, MetaVarName<"SIZE">,
  HelpText<"For 'cache trim': remove what was not used for longest, down to SIZE (default 2G)">;
def no_cache : Flag<["--"], "no-cache">, HelpText<"Use no results of earlier compilations, keep none">;

def dir : Separate<["--"], "dir">, MetaVarName<"HOST::GUEST[::ro]">,
  HelpText<"Grant a directory; a relative HOST path counts from the working directory at run time">;
def env : Separate<["--"], "env">, MetaVarName<"K[=V]">,
  HelpText<"Set an environment variable; without a value it is inherited at run time">;
def S : JoinedOrSeparate<["-"], "S">, MetaVarName<"inherit-env">,
  HelpText<"Inherit the whole environment (inherit-env)">;
