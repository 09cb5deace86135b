# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

# The libraries of the program, each under a name of ours; which room uses which is in the rooms'
# own CMakeLists.txt. Why each was chosen stands in ARCHITECTURE.md.

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED) # headers only: Beast and Asio
find_package(nlohmann_json 3.11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(CURL 7.85 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(EDIT REQUIRED IMPORTED_TARGET libedit)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.37)
pkg_check_modules(JPEG REQUIRED IMPORTED_TARGET libjpeg)
pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp)
pkg_check_modules(SNDFILE REQUIRED IMPORTED_TARGET sndfile>=1.1) # with MP3
pkg_check_modules(MPG123 REQUIRED IMPORTED_TARGET libmpg123)
pkg_check_modules(SOXR REQUIRED IMPORTED_TARGET soxr)
pkg_check_modules(SPEEXDSP IMPORTED_TARGET speexdsp) # noise and echo of microphones
pkg_check_modules(ALSA IMPORTED_TARGET alsa)
pkg_check_modules(OPUS REQUIRED IMPORTED_TARGET opus)
find_package(ZLIB REQUIRED)
# libwebm has no file for CMake or pkg-config.
find_library(WEBM_LIBRARY webm REQUIRED)
find_path(WEBM_INCLUDE webm/webm_parser.h REQUIRED)
add_library(Webm::webm UNKNOWN IMPORTED)
set_target_properties(Webm::webm PROPERTIES IMPORTED_LOCATION ${WEBM_LIBRARY}
                                            INTERFACE_INCLUDE_DIRECTORIES ${WEBM_INCLUDE})
include(OpenCV)

if(HAILSTONE_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
