# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

# whisper.cpp's headers, of the system or of the engine runtime (tools/engine-runtime). The library
# itself is opened at run time. The tree's usr/include may have the newer libc's headers as well, so
# the few that are needed are linked into a folder of their own.
#
# Target Whisper::headers.
include(${CMAKE_CURRENT_LIST_DIR}/EngineRuntimeTrees.cmake)
list(TRANSFORM trees APPEND /usr/include)

# Asked anew each time: the tree may come after the first configuration.
unset(Whisper_INCLUDE_DIR CACHE)
find_path(Whisper_INCLUDE_DIR whisper.h PATHS ${trees} /usr/include NO_DEFAULT_PATH)

if(Whisper_INCLUDE_DIR)
  file(GLOB versions "${Whisper_INCLUDE_DIR}/../lib/*/cmake/whisper/whisper-*version.cmake"
       "${Whisper_INCLUDE_DIR}/../lib/cmake/whisper/whisper-*version.cmake")
  foreach(file ${versions})
    file(STRINGS ${file} line REGEX "^set\\(PACKAGE_VERSION")
    string(REGEX MATCH "[0-9]+\\.[0-9]+" Whisper_VERSION "${line}")
  endforeach()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Whisper REQUIRED_VARS Whisper_INCLUDE_DIR Whisper_VERSION)
if(Whisper_FOUND AND NOT TARGET Whisper::headers)
  set(headers ${CMAKE_BINARY_DIR}/whisper-headers)
  file(MAKE_DIRECTORY ${headers})
  file(GLOB needed ${Whisper_INCLUDE_DIR}/whisper.h ${Whisper_INCLUDE_DIR}/ggml*.h
       ${Whisper_INCLUDE_DIR}/gguf.h)
  foreach(header ${needed})
    get_filename_component(name ${header} NAME)
    file(CREATE_LINK ${header} ${headers}/${name} SYMBOLIC)
  endforeach()
  add_library(Whisper::headers INTERFACE IMPORTED)
  target_include_directories(Whisper::headers SYSTEM INTERFACE ${headers})
  string(REGEX MATCH "^[0-9]+" major "${Whisper_VERSION}")
  target_compile_definitions(
    Whisper::headers INTERFACE HAILSTONE_WHISPER_SONAME="libwhisper.so.${major}"
                               HAILSTONE_WHISPER_VERSION="${Whisper_VERSION}.")
endif()
