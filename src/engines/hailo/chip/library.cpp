// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/chip/library.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <charconv>

#include "base/strings.hpp"

namespace hailstone::engines::hailo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLibraryStem = "libhailort.so.";
constexpr std::string_view kAdapterStem = "hailstone-hailort-";
constexpr std::string_view kAdapterEnd = ".so";
constexpr const char* kStandIn = "standin";

/// As its C interface has it; the same in all versions.
struct LibraryVersion {
  std::uint32_t major;
  std::uint32_t minor;
  std::uint32_t revision;
};
using ReadVersion = int (*)(LibraryVersion*);

std::vector<std::string> names_in(const fs::path& folder, std::string_view begin,
                                  std::string_view end) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(begin) || !name.ends_with(end)) continue;
    if (name.size() <= begin.size() + end.size()) continue;
    names.push_back(name.substr(begin.size(), name.size() - begin.size() - end.size()));
  }
  return names;
}

std::string last_error() {
  const char* const error = ::dlerror();
  return error != nullptr ? error : "unknown error";
}

}  // namespace

std::optional<std::vector<int>> parse_version(const std::string& text) {
  std::vector<int> parts;
  for (const auto& word : split(text, '.')) {
    int part = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), part);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    parts.push_back(part);
  }
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  parts.resize(3);
  return parts;
}

std::optional<std::string> choose_adapter(const std::vector<std::string>& adapters,
                                          const std::string& library) {
  const auto wanted = parse_version(library);
  if (!wanted) return std::nullopt;
  std::optional<std::string> near;
  for (const auto& name : adapters) {
    const auto version = parse_version(name);
    if (!version) continue;
    if (*version == *wanted) return name;
    if ((*version)[0] == (*wanted)[0] && (*version)[1] == (*wanted)[1]) near = name;
  }
  return near;
}

Library::State Library::open() {
  const std::lock_guard lock(mutex_);
  if (state_.runtime == nullptr) state_ = open_now();
  return state_;
}

/// Of several the newest.
std::optional<fs::path> Library::find_library() const {
  if (!options_.library.empty()) return options_.library;
  std::optional<fs::path> found;
  std::vector<int> newest;
  for (const auto& folder : options_.search) {
    for (const auto& name : names_in(folder, kLibraryStem, "")) {
      const auto version = parse_version(name);
      if (!version || *version <= newest) continue;
      newest = *version;
      found = folder / (std::string(kLibraryStem) + name);
    }
  }
  return found;
}

std::vector<std::string> Library::adapter_versions() const {
  std::vector<std::string> versions;
  for (const auto& folder : options_.adapters) {
    const auto names = names_in(folder, kAdapterStem, kAdapterEnd);
    versions.insert(versions.end(), names.begin(), names.end());
  }
  return versions;
}

Library::State Library::open_now() const {
  State state;
  const auto path = find_library();
  if (!path) {
    state.reason =
        "HailoRT is not installed: on Raspberry Pi OS `sudo apt install hailo-h10-all` brings it "
        "(hailo-all is for the Hailo-8); `hailstone doctor` looks further";
    return state;
  }
  // Globally: the adapter finds its functions there.
  void* const library = ::dlopen(path->c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (library == nullptr) {
    state.reason =
        "HailoRT cannot be opened (" + last_error() + "); `hailstone doctor` looks further";
    return state;
  }
  LibraryVersion version{};
  const auto read = reinterpret_cast<ReadVersion>(::dlsym(library, "hailo_get_library_version"));
  if (read == nullptr || read(&version) != 0) {
    state.reason = path->native() + " is no HailoRT: it does not tell its version";
    return state;
  }
  state.version = std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
                  std::to_string(version.revision);
  state.is_standin = ::dlsym(library, "hailstone_hailo_standin") != nullptr;
  return open_adapter(library, std::move(state));
}

Library::State Library::open_adapter(void* /*library*/, State state) const {
  const auto versions = adapter_versions();
  std::optional<std::string> chosen =
      state.is_standin ? kStandIn : choose_adapter(versions, state.version);
  if (!chosen) {
    state.reason =
        state.version.starts_with("4.")
            ? "HailoRT " + state.version +
                  " is for the Hailo-8: a Hailo-10H needs 5.1.1 or newer (`sudo apt install "
                  "hailo-h10-all`; the two exclude each other)"
            : "HailoRT " + state.version + " is here, and this program can speak to " +
                  (versions.empty() ? "no version of it" : join(versions, ", ")) +
                  ": build it where HailoRT's headers are, or with "
                  "-DHAILSTONE_HAILORT_INCLUDE=FOLDER (docs/hailo.md)";
    return state;
  }
  for (const auto& folder : options_.adapters) {
    const fs::path file = folder / (std::string(kAdapterStem) + *chosen + std::string(kAdapterEnd));
    std::error_code ignored;
    if (!fs::exists(file, ignored)) continue;
    void* const adapter = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (adapter == nullptr) {
      state.reason = "HailoRT " + state.version + " does not fit the adapter " +
                     file.filename().native() + " (" + last_error() + ")";
      return state;
    }
    const auto make = reinterpret_cast<AdapterFunction>(::dlsym(adapter, kAdapterSymbol));
    state.runtime = make != nullptr ? make(kChipInterface) : nullptr;
    if (state.runtime == nullptr) {
      state.reason = file.native() + " belongs to another version of this program";
    }
    return state;
  }
  state.reason = "the adapter for HailoRT " + *chosen + " is missing";
  return state;
}

}  // namespace hailstone::engines::hailo
