// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/whisper/library.hpp"

#include <dlfcn.h>
#include <ggml-backend.h>

#include <filesystem>
#include <string_view>

namespace hailstone::engines::whisper {
namespace {

namespace fs = std::filesystem;

Functions g_functions;  // set once, by open_once()

/// Beside the library, where Debian puts them; nothing: ggml looks where it was told to when it was
/// built.
std::optional<fs::path> find_backends(void* symbol) {
  Dl_info info{};
  if (::dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) return std::nullopt;
  const fs::path folder = fs::path(info.dli_fname).parent_path() / "ggml/backends0";
  std::error_code ignored;
  return fs::is_directory(folder, ignored) ? std::optional(folder) : std::nullopt;
}

std::optional<std::string> load_backends(void* symbol) {
  const auto folder = find_backends(symbol);
  if (folder) {
    using Load = decltype(&::ggml_backend_load_all_from_path);
    const auto load =
        reinterpret_cast<Load>(::dlsym(RTLD_DEFAULT, "ggml_backend_load_all_from_path"));
    if (load == nullptr) return "libggml cannot load its code for this processor";
    load(folder->c_str());
    return std::nullopt;
  }
  using Load = decltype(&::ggml_backend_load_all);
  if (const auto load = reinterpret_cast<Load>(::dlsym(RTLD_DEFAULT, "ggml_backend_load_all"))) {
    load();
  }
  return std::nullopt;
}

std::optional<std::string> open_once() {
  // Globally, so that ggml's functions, which it brings along, are found too.
  void* library = ::dlopen(HAILSTONE_WHISPER_SONAME, RTLD_NOW | RTLD_GLOBAL);
  if (library == nullptr) {
    return "libwhisper cannot be opened (" + std::string(::dlerror()) +
           "): `tools/engine-runtime make` downloads it";
  }
#define HAILSTONE_FIND(name)                                                       \
  g_functions.name = reinterpret_cast<decltype(&::name)>(::dlsym(library, #name)); \
  if (g_functions.name == nullptr) return "libwhisper has no " #name;
  HAILSTONE_WHISPER_FUNCTIONS(HAILSTONE_FIND)
#undef HAILSTONE_FIND
  // Its parameters go by value: another version's may be laid out otherwise.
  const std::string_view version = g_functions.whisper_version();
  if (!version.starts_with(HAILSTONE_WHISPER_VERSION)) {
    return "libwhisper is version " + std::string(version) + ", this program was built for " +
           HAILSTONE_WHISPER_VERSION;
  }
  g_functions.whisper_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  return load_backends(reinterpret_cast<void*>(g_functions.whisper_version));
}

}  // namespace

std::optional<std::string> open_library() {
  static const std::optional<std::string> reason = open_once();
  return reason;
}

const Functions& library() {
  return g_functions;
}

void ContextDeleter::operator()(whisper_context* context) const noexcept {
  library().whisper_free(context);
}

void StateDeleter::operator()(whisper_state* state) const noexcept {
  library().whisper_free_state(state);
}

}  // namespace hailstone::engines::whisper
