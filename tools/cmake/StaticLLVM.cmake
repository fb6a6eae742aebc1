# LLVM and MLIR for our libraries: `TenonLLVM` and `TenonMLIR`, which are one of two things in each program.
#
# The shared libraries: linking takes no time, but every process that starts looks up hundreds of thousands
# of symbols, 25 ms of it. For unit tests and tenon-opt. Or the archives: the program is 95 MB, links in a
# second or two, and starts in 5 ms. For `tenon` and `tenon-wast`, which start often (tests start them
# hundreds of times; a compilation that is in the cache does little else than start).

# lld takes archives in any order; other linkers would want them sorted, some twice.
string(FIND "${CMAKE_EXE_LINKER_FLAGS}" "-fuse-ld=lld" has_lld)
find_program(TENON_LLVM_CONFIG NAMES llvm-config llvm-config-22 HINTS ${LLVM_TOOLS_BINARY_DIR})
set(static_default OFF)
if(has_lld GREATER -1 AND TENON_LLVM_CONFIG AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT TENON_SANITIZE
   AND NOT TENON_FUZZ AND EXISTS ${LLVM_LIBRARY_DIR}/libLLVMCore.a AND EXISTS ${LLVM_LIBRARY_DIR}/libMLIRIR.a)
  set(static_default ON)
endif()
option(TENON_STATIC "Link tenon and tenon-wast with LLVM's archives (quick start, large programs)"
       ${static_default})

add_library(TenonLLVM INTERFACE)
add_library(TenonMLIR INTERFACE)

if(NOT TENON_STATIC)
  target_link_libraries(TenonLLVM INTERFACE LLVM)
  target_link_libraries(TenonMLIR INTERFACE MLIR)
else()
  # lld refers to LLVM's link-time optimiser, which refers to everything; of the targets only two are there
  # (lib/Link/OtherTargets.cpp). Archives that nothing refers to cost a look at their symbols.
  set(components x86 aarch64 passes lto option)
  if(EXISTS ${LLVM_LIBRARY_DIR}/libLLVMDTLTO.a)
    list(APPEND components dtlto)
  endif()
  execute_process(COMMAND ${TENON_LLVM_CONFIG} --link-static --libfiles ${components}
                  OUTPUT_VARIABLE llvm_archives OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(llvm_archives)
  file(GLOB mlir_archives ${LLVM_LIBRARY_DIR}/libMLIR*.a)
  list(FILTER mlir_archives EXCLUDE REGEX "Test|CAPI")

  # A link library of the programs that have the property TENON_STATIC, or of those that don't.
  function(link_if target is_static)
    foreach(library ${ARGN})
      set(wanted $<BOOL:$<TARGET_PROPERTY:TENON_STATIC>>)
      if(NOT is_static)
        set(wanted $<NOT:${wanted}>)
      endif()
      target_link_libraries(${target} INTERFACE $<${wanted}:${library}>)
    endforeach()
  endfunction()
  link_if(TenonLLVM OFF LLVM)
  link_if(TenonMLIR OFF MLIR)
  link_if(TenonLLVM ON ${llvm_archives} ${CMAKE_DL_LIBS} m)
  link_if(TenonMLIR ON ${mlir_archives} TenonLLVM)
endif()

# tenon_link_statically(PROGRAM): where TENON_STATIC says so.
function(tenon_link_statically program)
  if(TENON_STATIC)
    set_target_properties(${program} PROPERTIES TENON_STATIC ON)
    target_link_options(${program} PRIVATE -pie -Wl,-z,pack-relative-relocs -Wl,--gc-sections
                        -static-libstdc++ -static-libgcc)
  endif()
endfunction()
