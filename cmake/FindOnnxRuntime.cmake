# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

# ONNX Runtime's headers, of the system or of the engine runtime (tools/engine-runtime). The library
# itself is opened at run time. Of the tree only this sub-folder goes on the include path: its
# usr/include also has the newer libc's headers.
#
# Target OnnxRuntime::headers.
include(${CMAKE_CURRENT_LIST_DIR}/EngineRuntimeTrees.cmake)
list(TRANSFORM trees APPEND /usr/include/onnxruntime)

# Asked anew each time: the tree may come after the first configuration.
unset(OnnxRuntime_INCLUDE_DIR CACHE)
find_path(OnnxRuntime_INCLUDE_DIR onnxruntime_cxx_api.h
          PATHS ${trees} /usr/include/onnxruntime /usr/include/onnxruntime/core/session
          NO_DEFAULT_PATH)

set(soname libonnxruntime.so)
if(OnnxRuntime_INCLUDE_DIR)
  file(STRINGS "${OnnxRuntime_INCLUDE_DIR}/onnxruntime_c_api.h" version
       REGEX "#define ORT_API_VERSION [0-9]+")
  string(REGEX MATCH "[0-9]+" version "${version}")
  set(soname libonnxruntime.so.1.${version})
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OnnxRuntime REQUIRED_VARS OnnxRuntime_INCLUDE_DIR)
if(OnnxRuntime_FOUND AND NOT TARGET OnnxRuntime::headers)
  add_library(OnnxRuntime::headers INTERFACE IMPORTED)
  target_include_directories(OnnxRuntime::headers SYSTEM
                             INTERFACE ${OnnxRuntime_INCLUDE_DIR})
  target_compile_definitions(OnnxRuntime::headers
                             INTERFACE HAILSTONE_ONNXRUNTIME_SONAME="${soname}")
endif()
