// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The way to a model in a host, which its sessions share. Where the host is kept busy by requests
// that do not stop, the model is loaded into another one, which takes what comes from then on.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/sync/mutex.hpp"
#include "hosting/hosts.hpp"
#include "hosting/protocol/wire.hpp"
#include "inference/model_spec.hpp"

namespace hailstone::hosting {

/// Thread-safe.
class RemoteCalls {
 public:
  /// model: its number, of no other model of the engine.
  RemoteCalls(std::shared_ptr<Hosts> hosts, std::uint32_t model, inference::ModelSpec spec,
              inference::LoadOptions options)
      : hosts_(std::move(hosts)), model_(model), spec_(std::move(spec)), options_(options) {}
  /// A host of its own goes with the model, which gives back more than any unloading.
  ~RemoteCalls();
  RemoteCalls(const RemoteCalls&) = delete;
  RemoteCalls& operator=(const RemoteCalls&) = delete;

  /// Once, before any call. most: the host is killed where it takes more meanwhile; only of a host
  /// of the model's own. Throws as Engine::load and BoundedLoads::load_within do.
  LoadedModel load(std::optional<ByteSize> most, const RunContext& run);

  CallHead head(const RunContext& run) const;

  /// Returns what parse makes of the result. doing: "running", for messages. Throws what the host's
  /// error says, what Host::call throws, and Error(kEngineFailed) that says what could not be read.
  /// What loses its host through no fault of its own is done once more, unless something has come
  /// out of it already, or it has further input.
  template <typename Parse>
  auto call(const char* doing, const Body& request, const RunContext& run, Parse&& parse,
            const Host::OnChunk& on_chunk = {}, const Host::FeedInput& feed_input = {}) {
    const Frame result = converse(doing, request, run, on_chunk, feed_input);
    return explain(doing, [&] { return parse(result); });
  }
  /// For what parses chunks.
  template <typename Parse>
  auto explain(const char* doing, Parse&& parse) {
    try {
      return parse();
    } catch (const UnreadableFrame& error) {
      throw unreadable(doing, error);
    }
  }

  /// Throws Error(kUnsupported) where the host takes no further input.
  void require_streams(const char* doing) const;

  bool alive() const noexcept;
  /// What the host, and one that it takes over from, take now.
  inference::Footprint measure() const;

 private:
  Frame converse(const char* doing, const Body& request, const RunContext& run,
                 const Host::OnChunk& on_chunk, const Host::FeedInput& feed_input);
  Frame ask(Host& host, const char* doing, const Body& request, const RunContext& run,
            const Host::OnChunk& on_chunk, const Host::FeedInput& feed_input);
  std::shared_ptr<Host> host() const;
  std::shared_ptr<Host> host_for_work(const RunContext& run);
  std::shared_ptr<Host> move_from(const std::shared_ptr<Host>& left, const RunContext& run);
  LoadedModel load_into(Host& host, const RunContext& run);
  LoadedModel load_bounded(Host& host, const RunContext& run);
  void leave(Host& host) const noexcept;
  inference::Footprint measure_shared(Host& host) const;
  Error unreadable(const char* doing, const Error& what) const;

  const std::shared_ptr<Hosts> hosts_;
  const std::uint32_t model_;
  const inference::ModelSpec spec_;
  const inference::LoadOptions options_;
  std::optional<ByteSize> most_;  // set by load()
  Turns moves_;

  mutable Mutex mutex_;
  std::shared_ptr<Host> host_ HAILSTONE_GUARDED_BY(mutex_);  // whoever calls holds it too
  std::weak_ptr<Host> left_ HAILSTONE_GUARDED_BY(mutex_);    // the one before, as long as it works
  bool is_dead_ HAILSTONE_GUARDED_BY(mutex_) = false;        // the model in host_
  mutable inference::Footprint footprint_ HAILSTONE_GUARDED_BY(mutex_);  // what was measured last
};

}  // namespace hailstone::hosting
