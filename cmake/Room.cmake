# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

# hailstone_room(NAME [USES room...] [LIBRARIES target...] [TEST_USES room...])
#
# A folder is a room: every .cpp in it belongs to the library hailstone_NAME, every *_test.cpp to the
# test program NAME_test, every *_fuzz.cpp is a fuzz target of its own. NAME is the folder's path
# under src/ with "_" for "/".
function(hailstone_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LIBRARIES;TEST_USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(fuzzers ${sources})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")

  list(TRANSFORM ROOM_USES PREPEND hailstone_)
  list(TRANSFORM ROOM_TEST_USES PREPEND hailstone_)
  set(target hailstone_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    set(visibility PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(visibility INTERFACE)
  endif()
  target_include_directories(${target} ${visibility} ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${target} ${visibility} ${ROOM_USES} ${ROOM_LIBRARIES})

  if(HAILSTONE_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests) # tests/support/
    target_link_libraries(${name}_test ${target} ${ROOM_TEST_USES} GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
                         PROPERTIES TIMEOUT 120 SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
  endif()
  if(HAILSTONE_TESTS)
    foreach(fuzzer ${fuzzers})
      hailstone_fuzz(${fuzzer} ${target})
    endforeach()
  endif()
endfunction()

# A fuzz target is LLVMFuzzerTestOneInput. With clang and HAILSTONE_FUZZ it is linked to libFuzzer;
# otherwise to a small main that runs its seed corpus (testdata/fuzz/NAME) and a bounded number of
# mutations of it, so that every ./check runs it.
function(hailstone_fuzz source room)
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests) # tests/fuzz/
  target_link_libraries(${name} ${room})
  if(HAILSTONE_FUZZ)
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
    get_filename_component(room_dir ${source} DIRECTORY)
    add_test(NAME fuzz.${name} COMMAND ${name} ${room_dir}/testdata/fuzz/${name})
  endif()
endfunction()
