# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

# hailstone_hailort_adapter(NAME VERSION INCLUDE): the engine's HailoRT-facing part, compiled against
# the headers of that version in that folder, as a shared object of its own beside the programs. It is
# not linked with the library, whose name differs in every version: the host opens both.
function(hailstone_hailort_adapter name version include)
  file(GLOB sources ${CMAKE_SOURCE_DIR}/src/engines/hailo/hailort/*.cpp)
  add_library(hailort-adapter-${name} MODULE ${sources})
  target_include_directories(hailort-adapter-${name} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_include_directories(hailort-adapter-${name} SYSTEM PRIVATE ${include})
  target_compile_definitions(hailort-adapter-${name}
                             PRIVATE HAILSTONE_HAILORT_VERSION="${version}")
  set_target_properties(hailort-adapter-${name} PROPERTIES
    PREFIX "" OUTPUT_NAME hailstone-hailort-${name}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
endfunction()

set(HAILSTONE_HAILORT_INCLUDE "" CACHE PATH
  "Folder with HailoRT's headers (hailo/hailort.hpp); empty: those that are installed")
set(HAILSTONE_HAILORT_VERSION "" CACHE STRING
  "Their version, as 5.2.0; empty: that of the library that is installed")

# Sets include and version to those of the headers, where there are any.
function(hailstone_find_hailort include version)
  set(folder "${HAILSTONE_HAILORT_INCLUDE}")
  set(number "${HAILSTONE_HAILORT_VERSION}")
  if(NOT folder)
    find_path(HAILORT_INSTALLED hailo/hailort.hpp)
    set(folder "${HAILORT_INSTALLED}")
    file(GLOB libraries /usr/lib/libhailort.so.5.* /usr/lib/*/libhailort.so.5.*
         /usr/local/lib/libhailort.so.5.*)
    if(NOT number AND libraries)
      list(SORT libraries COMPARE NATURAL ORDER DESCENDING)
      list(GET libraries 0 newest)
      string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+$" number "${newest}")
    endif()
  endif()
  if(folder AND NOT EXISTS "${folder}/hailo/hailort.hpp")
    message(FATAL_ERROR "HAILSTONE_HAILORT_INCLUDE: no hailo/hailort.hpp in ${folder}")
  endif()
  if(folder AND NOT number)
    message(WARNING "HailoRT's headers in ${folder} do not say their version: name it with "
                    "-DHAILSTONE_HAILORT_VERSION=5.2.0")
    set(folder "")
  endif()
  set(${include} "${folder}" PARENT_SCOPE)
  set(${version} "${number}" PARENT_SCOPE)
endfunction()
