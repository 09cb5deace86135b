// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/systemd/activation.hpp"

#include <systemd/sd-daemon.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "base/endpoint.hpp"
#include "base/error.hpp"

namespace hailstone::app {
namespace {

void refuse_open_door(const Endpoint& endpoint, const core::Settings& settings) {
  if (is_loopback(endpoint.host) || !settings.api_key.empty() || settings.public_without_key) {
    return;
  }
  throw Error(
      ErrorCode::kBadRequest,
      "the socket unit: other machines can reach " + to_string(endpoint) +
          ", and no API key is set",
      "Put keys into /etc/hailstone/api-key (or api_key in the settings), or allow everybody "
      "with public = true");
}

}  // namespace

http::GivenSockets take_activated_sockets(const core::Settings& settings) {
  http::GivenSockets given;
  char** names = nullptr;
  const int count = ::sd_listen_fds_with_names(1, &names);
  for (int i = 0; i < count; ++i) {
    const std::string name = names[i];
    std::free(names[i]);
    auto socket = net::adopt_listener(os::UniqueFd(SD_LISTEN_FDS_START + i));
    refuse_open_door(socket.endpoint, settings);
    (name == "https" ? given.secure : given.plain).push_back(std::move(socket));
  }
  std::free(names);
  return given;
}

}  // namespace hailstone::app
