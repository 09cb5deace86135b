// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// tests/support/registry_double.py as a child of the test, with a folder of its own.

#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "core/registry/http.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/manifest.hpp"
#include "os/child_process.hpp"

namespace hailstone::core::testing {

class RegistryDouble {
 public:
  RegistryDouble() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "hailstone-registry-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    os::ChildOptions options;
    options.cage.reset();
    options.argv = {"/usr/bin/python3", "-B", HAILSTONE_REGISTRY_DOUBLE, folder_.string()};
    options.on_stdout = [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      port_ = std::string(line.substr(line.find(' ') + 1));
      started_.notify_all();
    };
    child_ = std::make_unique<os::ChildProcess>(std::move(options));
    std::unique_lock lock(mutex_);
    if (!started_.wait_for(lock, std::chrono::seconds(60), [this] { return !port_.empty(); })) {
      throw std::runtime_error("the registry double does not start");
    }
  }
  ~RegistryDouble() {
    child_.reset();
    std::filesystem::remove_all(folder_);
  }

  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::string host() const { return "127.0.0.1:" + port_; }
  std::string url(const std::string& path) const { return "http://" + host() + path; }

  /// The name to pull it by. name: "namespace/model:tag".
  std::string add_model(const std::string& name, const std::string& weights) {
    const std::string config = R"({"model_format":"gguf","model_family":"llama"})";
    return add_manifest(name,
                        make_manifest(add_blob("application/x-config", config),
                                      {add_blob("application/vnd.ollama.image.model", weights)}));
  }
  std::string add_manifest(const std::string& name, const std::string& bytes) {
    std::string path = name;
    path.replace(path.find(':'), 1, "/");
    write(folder_ / "manifests" / path, bytes);
    return host() + "/" + name;
  }
  Layer add_blob(const std::string& media_type, const std::string& bytes) {
    const std::string hex = sha256_hex(bytes);
    write(folder_ / "blobs" / hex, bytes);
    return {media_type, "sha256:" + hex, ByteSize::bytes(bytes.size()), {}, {}};
  }
  static void write(const std::filesystem::path& file, const std::string& bytes) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }

  void set(const nlohmann::json& switches) {
    HttpRequest request;
    request.method = "POST";
    request.url = parse_url(url("/_control"));
    request.body = switches.dump();
    if (exchange(request, {}, {}).status != 200) throw std::runtime_error("no such switch");
  }
  nlohmann::json stats() const {
    HttpRequest request;
    request.url = parse_url(url("/_stats"));
    return nlohmann::json::parse(exchange(request, {}, {}).body);
  }

 private:
  std::filesystem::path folder_;
  std::mutex mutex_;
  std::condition_variable started_;
  std::string port_;
  std::unique_ptr<os::ChildProcess> child_;
};

}  // namespace hailstone::core::testing
