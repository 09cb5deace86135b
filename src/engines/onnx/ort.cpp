// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/ort.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <initializer_list>
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
    return "ONNX Runtime cannot be opened (" + reason +
           "): `tools/engine-runtime make` downloads it";
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

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) noexcept {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  });
}

/// ONNX Runtime has few codes of its own; much is only in its words.
ErrorCode code_of(OrtErrorCode code, std::string_view what, Doing doing) noexcept {
  if (contains_any(what, {"Failed to allocate memory", "bad_alloc"})) {
    return ErrorCode::kOutOfMemory;
  }
  if (code == ORT_NO_SUCHFILE) return ErrorCode::kNotFound;
  if (code == ORT_NOT_IMPLEMENTED) return ErrorCode::kUnsupported;
  if (doing == Doing::kRunning) return ErrorCode::kEngineFailed;
  const bool is_too_new = contains_any(
      what, {"No Op registered", "is not a registered function/op", "opset", "model IR version"});
  return is_too_new ? ErrorCode::kUnsupported : ErrorCode::kBadRequest;
}

/// Without "Load model from FILE failed:", and without places in its sources: "./a/b.cc:12 int
/// f()".
std::string_view without_places(std::string_view what) noexcept {
  constexpr std::string_view kFailed = " failed:";
  if (what.starts_with("Load model from ")) {
    if (const auto end = what.find(kFailed); end != std::string_view::npos) {
      what.remove_prefix(end + kFailed.size());
    }
  }
  if (const auto place = what.find("./onnxruntime/"); place != std::string_view::npos) {
    const auto end = what.find(") ", place);
    if (end != std::string_view::npos) what.remove_prefix(end + 2);
  }
  return trim(what);
}

}  // namespace

std::optional<std::string> open_library() {
  static const std::optional<std::string> reason = open_once();
  return reason;
}

QuietStderr::QuietStderr() : kept_(::dup(STDERR_FILENO)) {
  const os::UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (kept_ && nowhere) ::dup2(nowhere.get(), STDERR_FILENO);
}

QuietStderr::~QuietStderr() {
  if (kept_) ::dup2(kept_.get(), STDERR_FILENO);
}

Ort::Env& environment() {
  static Ort::Env environment(ORT_LOGGING_LEVEL_ERROR, "hailstone");
  return environment;
}

std::string library_version() {
  return g_base->GetVersionString();
}

Error translate(const Ort::Exception& error, Doing doing, const std::string& model) {
  const std::string_view what = error.what();
  const std::string failed =
      doing == Doing::kLoading ? " cannot be loaded: " : " failed while it was running: ";
  return Error(
      code_of(error.GetOrtErrorCode(), what, doing),
      "model " + model + failed + std::string(utf8_prefix(without_places(what), kLongestReason)));
}

}  // namespace hailstone::engines::onnx
