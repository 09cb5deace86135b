# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

# hailstone_find_opencv(OUT module...): the libraries of these modules of OpenCV as one target
# hailstone_opencv_OUT; none where one of them is missing. Debian's -dev packages of single modules
# bring no CMake files of OpenCV's.
function(hailstone_find_opencv out)
  find_path(OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4)
  if(NOT OPENCV_INCLUDE)
    return()
  endif()
  set(libraries "")
  foreach(module ${ARGN})
    find_library(OPENCV_${module} opencv_${module})
    if(NOT OPENCV_${module} OR NOT EXISTS ${OPENCV_INCLUDE}/opencv2/${module}.hpp)
      return()
    endif()
    list(APPEND libraries ${OPENCV_${module}})
  endforeach()
  add_library(hailstone_opencv_${out} INTERFACE)
  target_include_directories(hailstone_opencv_${out} SYSTEM INTERFACE ${OPENCV_INCLUDE})
  target_link_libraries(hailstone_opencv_${out} INTERFACE ${libraries})
endfunction()

# What the daemon itself needs.
hailstone_find_opencv(imgproc imgproc core)
if(NOT TARGET hailstone_opencv_imgproc)
  message(FATAL_ERROR "OpenCV's core and imgproc are missing (tools/setup installs them)")
endif()
add_library(OpenCV::imgproc ALIAS hailstone_opencv_imgproc)
