// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/ort.hpp"

#include <dlfcn.h>

#include <string_view>

#include "base/strings.hpp"

namespace hailstone::engines::onnx {
namespace {

/// Debian's soname counts the minor version too; the plain name comes with its -dev package.
constexpr const char* kNames[] = {HAILSTONE_ONNXRUNTIME_SONAME, "libonnxruntime.so",
                                  "libonnxruntime.so.1"};
constexpr std::size_t kLongestReason = 500;

const OrtApiBase* g_base = nullptr;  // set once, by open_once()

std::optional<std::string> open_once() {
  void* library = nullptr;
  std::string reason;
  for (const char* name : kNames) {
    library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library != nullptr) break;
    if (reason.empty()) reason = ::dlerror();
  }
  if (library == nullptr) {
    return "ONNX Runtime cannot be opened (" + reason + "): tools/engine-runtime make installs it";
  }
  using GetBase = const OrtApiBase*(ORT_API_CALL*)();
  const auto get_base = reinterpret_cast<GetBase>(::dlsym(library, "OrtGetApiBase"));
  if (get_base == nullptr) return "libonnxruntime has no OrtGetApiBase";
  const OrtApi* api = get_base()->GetApi(ORT_API_VERSION);
  if (api == nullptr) {
    return std::string("ONNX Runtime ") + get_base()->GetVersionString() + " is older than 1." +
           std::to_string(ORT_API_VERSION) + ", which this program was built with";
  }
  g_base = get_base();
  Ort::InitApi(api);
  return std::nullopt;
}

ErrorCode code_of(OrtErrorCode code, Doing doing) noexcept {
  switch (code) {
    case ORT_NO_SUCHFILE:
      return ErrorCode::kNotFound;
    case ORT_NOT_IMPLEMENTED:
      return ErrorCode::kUnsupported;
    case ORT_INVALID_PROTOBUF:
    case ORT_INVALID_GRAPH:
    case ORT_NO_MODEL:
      return ErrorCode::kBadRequest;
    default:
      return doing == Doing::kLoading ? ErrorCode::kBadRequest : ErrorCode::kEngineFailed;
  }
}

}  // namespace

std::optional<std::string> open_library() {
  static const std::optional<std::string> reason = open_once();
  return reason;
}

std::string library_version() {
  return g_base->GetVersionString();
}

Error translate(const Ort::Exception& error, Doing doing, const std::string& model) {
  const std::string what =
      doing == Doing::kLoading ? "cannot be loaded" : "failed while it was running";
  return Error(code_of(error.GetOrtErrorCode(), doing),
               "model " + model + " " + what + ": " +
                   std::string(utf8_prefix(error.what(), kLongestReason)));
}

}  // namespace hailstone::engines::onnx
