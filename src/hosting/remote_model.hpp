// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A model in a host, with sessions that send their work there.

#include <atomic>
#include <memory>
#include <string>

#include "hosting/host.hpp"
#include "hosting/protocol/wire.hpp"
#include "inference/engine.hpp"

namespace hailstone::hosting {

/// Whether the model has its host to itself.
enum class HostScope { kPerModel, kShared };

/// The part that the sessions share. Thread-safe.
class RemoteCalls {
 public:
  RemoteCalls(std::shared_ptr<Host> host, std::uint32_t model, std::string name)
      : host_(std::move(host)), model_(model), name_(std::move(name)) {}

  CallHead head(const RunContext& run) const;
  /// Returns the result; throws what the host's error says, and what Host::call throws.
  Frame call(const char* doing, const Body& request, const RunContext& run,
             const Host::OnChunk& on_chunk = {}, const Host::FeedInput& feed_input = {});
  bool alive() const noexcept { return !is_dead_ && host_->alive(); }
  Host& host() const noexcept { return *host_; }
  std::uint32_t model() const noexcept { return model_; }
  const std::string& name() const noexcept { return name_; }

 private:
  const std::shared_ptr<Host> host_;  // shared with other models where it serves several
  const std::uint32_t model_;
  const std::string name_;
  std::atomic<bool> is_dead_{false};
};

/// loaded: what the host said of the model; it is loaded there under calls->model().
std::unique_ptr<inference::Model> make_remote_model(std::unique_ptr<RemoteCalls> calls,
                                                    LoadedModel loaded, HostScope scope);

}  // namespace hailstone::hosting
