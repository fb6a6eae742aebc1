# How a floor of Tenon becomes a library. The floors, and who may stand on whom, are the table in
# docs/Architecture.md; test/Layering compares every #include with it.

set(TENON_CXX_FLAGS -Wall -Wextra -Werror -Wno-unused-parameter -fno-exceptions -fno-rtti
    -fvisibility-inlines-hidden)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees ghosts in LLVM's headers.
  list(APPEND TENON_CXX_FLAGS -Wno-maybe-uninitialized -Wno-dangling-reference -Wno-array-bounds
       -Wno-stringop-overflow -Wno-restrict)
endif()
set(TENON_LINK_FLAGS)
if(TENON_SANITIZE)
  list(APPEND TENON_CXX_FLAGS -fsanitize=address,undefined -fno-sanitize=vptr,function
       -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  list(APPEND TENON_LINK_FLAGS -fsanitize=address,undefined)
endif()
if(TENON_FUZZ)
  list(APPEND TENON_CXX_FLAGS -fsanitize=fuzzer-no-link)
  list(APPEND TENON_LINK_FLAGS -fsanitize=fuzzer-no-link)
endif()

# Settings that every target of ours shares.
function(tenon_configure target)
  target_compile_options(${target} PRIVATE ${TENON_CXX_FLAGS})
  target_link_options(${target} PRIVATE ${TENON_LINK_FLAGS})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/include
                             ${CMAKE_BINARY_DIR}/include)
  target_include_directories(${target} SYSTEM PUBLIC ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  if(TENON_ENABLE_ASSERTIONS)
    target_compile_options(${target} PRIVATE -UNDEBUG)
  endif()
endfunction()

# tenon_add_library(NAME [LINK lib...] [DEPENDS target...])
# One library a folder: every .cpp of the current folder belongs to it.
function(tenon_add_library name)
  cmake_parse_arguments(ARG "" "" "LINK;DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(${name} STATIC ${sources})
  tenon_configure(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# tenon_add_tool(NAME LINK lib...): a program in build/bin, from every .cpp of the current folder.
function(tenon_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(${name} ${sources})
  tenon_configure(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  # The build id is a program's identity in the keys of the compile cache.
  target_link_options(${name} PRIVATE -Wl,--build-id=sha1)
endfunction()
