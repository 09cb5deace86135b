# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

# OpenCV's core and imgproc alone, as OpenCV::imgproc. Debian's packages of single modules have no CMake
# file; OpenCV's own would ask for all of them.
find_path(OPENCV_INCLUDE_DIR opencv2/imgproc.hpp PATH_SUFFIXES opencv4 REQUIRED)
find_library(OPENCV_CORE_LIBRARY opencv_core REQUIRED)
find_library(OPENCV_IMGPROC_LIBRARY opencv_imgproc REQUIRED)
mark_as_advanced(OPENCV_INCLUDE_DIR OPENCV_CORE_LIBRARY OPENCV_IMGPROC_LIBRARY)

add_library(OpenCV::core UNKNOWN IMPORTED)
set_target_properties(OpenCV::core PROPERTIES IMPORTED_LOCATION ${OPENCV_CORE_LIBRARY})
target_include_directories(OpenCV::core SYSTEM INTERFACE ${OPENCV_INCLUDE_DIR})

add_library(OpenCV::imgproc UNKNOWN IMPORTED)
set_target_properties(OpenCV::imgproc PROPERTIES IMPORTED_LOCATION ${OPENCV_IMGPROC_LIBRARY})
target_link_libraries(OpenCV::imgproc INTERFACE OpenCV::core)
