// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Wyoming, the protocol of Home Assistant's voice assistants, over TCP: recognises, speaks, answers
// and understands commands with the models that are installed.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/endpoint.hpp"

namespace hailstone::chat {
class ChatService;
}
namespace hailstone::home {
class HomeStore;
}
namespace hailstone::services {
class ModelAccess;
}
namespace hailstone::speak {
class SpeakService;
}
namespace hailstone::transcribe {
class TranscribeService;
}
namespace hailstone::wake {
class WakeService;
}

namespace hailstone::wyoming {

struct ServerOptions {
  std::vector<Endpoint> listen;  ///< one that is taken is left out, with a warning
  bool allow_public = false;     ///< the protocol knows no key
  std::string model;             ///< who answers; empty: the default
  std::string version;
  std::vector<std::filesystem::path> catalog_folders;
};

/// What it serves; all outlive it.
struct Services {
  services::ModelAccess& models;
  transcribe::TranscribeService& transcribe;
  speak::SpeakService& speak;
  wake::WakeService& wake;
  chat::ChatService& chat;
  const home::HomeStore& homes;
};

/// Thread-safe.
class Server {
 public:
  /// Serves from now on. Throws Error(kBadRequest) for an address that other machines reach without
  /// leave, or that is none of this machine's.
  Server(ServerOptions options, const Services& services);
  /// Ends all connections.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::vector<Endpoint> endpoints() const;
  int connections() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::wyoming
