// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/remote_calls.hpp"

#include <chrono>
#include <utility>

#include "inference/loads/bounded_loads.hpp"
#include "log/log.hpp"
#include "os/memory/memory_watch.hpp"

namespace hailstone::hosting {
namespace {

constexpr auto kUnloadLimit = std::chrono::seconds(10);
/// Measuring is asked for every few seconds.
constexpr auto kMeasureLimit = std::chrono::seconds(2);

/// So much later than we, who say why, the kernel ends a host that takes too much.
constexpr ByteSize kSecondLine = ByteSize::mib(128);

}  // namespace

RemoteCalls::~RemoteCalls() {
  if (const auto last = host()) leave(*last);
}

/// Takes the model out of a host that others use, too.
void RemoteCalls::leave(Host& host) const noexcept {
  if (hosts_->scope() != HostScope::kShared) return;
  host.try_call("unloading " + spec_.name, encode_unload({model_, {}}), kUnloadLimit);
}

LoadedModel RemoteCalls::load(std::optional<ByteSize> most, const RunContext& run) {
  // A shared host has other models, too: nobody knows whose memory it is.
  if (hosts_->scope() == HostScope::kPerModel) most_ = most;
  auto fresh = hosts_->acquire(spec_, run);
  LoadedModel loaded = load_bounded(*fresh, run);
  const MutexLock lock(mutex_);
  host_ = std::move(fresh);
  footprint_ = loaded.footprint;
  return loaded;
}

LoadedModel RemoteCalls::load_bounded(Host& host, const RunContext& run) {
  if (!most_) return load_into(host, run);
  host.limit_memory(*most_ + kSecondLine);
  const os::MemoryWatch watch(host.pid(), *most_,
                              [&host](ByteSize) { host.kill("took too much memory"); });
  try {
    return load_into(host, run);
  } catch (const Error&) {
    if (const auto taken = watch.excess()) throw inference::load_too_large(*taken, *most_);
    throw;
  }
}

LoadedModel RemoteCalls::load_into(Host& host, const RunContext& run) {
  /// It may have been called off while it ended: nobody would ever unload it.
  struct LeaveUnlessLoaded {
    const RemoteCalls& calls;
    Host& host;
    bool is_loaded = false;
    ~LeaveUnlessLoaded() {
      if (!is_loaded) calls.leave(host);
    }
  } guard{*this, host};
  const Frame frame = ask(host, "loading", encode_load(head(run), spec_, options_), run, {}, {});
  LoadedModel loaded = explain("loading", [&] { return parse_loaded(frame); });
  guard.is_loaded = true;
  return loaded;
}

CallHead RemoteCalls::head(const RunContext& run) const {
  if (run.deadline.is_never()) return {model_, {}, run.lane};
  return {model_, std::chrono::ceil<std::chrono::milliseconds>(run.deadline.remaining()), run.lane};
}

Frame RemoteCalls::ask(Host& host, const char* doing, const Body& request, const RunContext& run,
                       const Host::OnChunk& on_chunk, const Host::FeedInput& feed_input) {
  Frame frame =
      host.call(std::string(doing) + " " + spec_.name, request, run, on_chunk, feed_input);
  if (frame.type == FrameType::kResult) return frame;
  const RemoteError remote = explain(doing, [&] { return parse_error(frame); });
  if (!remote.is_model_alive) {
    const MutexLock lock(mutex_);
    if (host_.get() == &host) is_dead_ = true;
  }
  throw remote.error;
}

Frame RemoteCalls::converse(const char* doing, const Body& request, const RunContext& run,
                            const Host::OnChunk& on_chunk, const Host::FeedInput& feed_input) {
  const auto place = host_for_work(run);
  bool has_begun = static_cast<bool>(feed_input);
  const auto note_chunk = [&](const Frame& chunk) {
    has_begun = true;
    if (on_chunk) on_chunk(chunk);
  };
  try {
    return ask(*place, doing, request, run, note_chunk, feed_input);
  } catch (const HostLost& lost) {
    if (has_begun) throw;
    log::warning("hosting", "a request is done once more",
                 {{"model", spec_.name}, {"doing", doing}, {"reason", lost.what()}});
  }
  return ask(*move_from(place, run), doing, request, run, on_chunk, feed_input);
}

std::shared_ptr<Host> RemoteCalls::host() const {
  const MutexLock lock(mutex_);
  return host_;
}

/// A host of the model's own that does not get free of old requests is left; a shared one cannot
/// be.
std::shared_ptr<Host> RemoteCalls::host_for_work(const RunContext& run) {
  auto current = host();
  if (hosts_->scope() == HostScope::kShared || !current->alive() || !current->is_congested()) {
    return current;
  }
  try {
    return move_from(current, run);
  } catch (const Error& error) {
    if (!current->alive()) throw;
    log::warning("hosting", "no second engine host: the first goes on",
                 {{"model", spec_.name}, {"reason", error.what()}});
    run.check();
    return current;
  }
}

/// To the host that took its place, which is started where nobody has done so yet.
std::shared_ptr<Host> RemoteCalls::move_from(const std::shared_ptr<Host>& left,
                                             const RunContext& run) {
  const Turns::Turn turn(moves_, run);
  std::shared_ptr<Host> before;
  {
    const MutexLock lock(mutex_);
    if (host_ != left) return host_;
    before = left_.lock();
  }
  if (before) before->give_up();  // two are enough
  auto fresh = hosts_->acquire(spec_, run);
  load_bounded(*fresh, run);
  const MutexLock lock(mutex_);
  left_ = left;
  host_ = fresh;
  is_dead_ = false;
  return fresh;
}

void RemoteCalls::require_streams(const char* doing) const {
  if (host()->welcome().features.streams) return;
  throw Error(ErrorCode::kUnsupported, "the " + hosts_->engine() + " engine takes no input while " +
                                           doing + " " + spec_.name);
}

bool RemoteCalls::alive() const noexcept {
  const MutexLock lock(mutex_);
  return !is_dead_ && host_->alive();
}

inference::Footprint RemoteCalls::measure() const {
  std::shared_ptr<Host> current;
  std::shared_ptr<Host> left;
  inference::Footprint footprint;
  {
    const MutexLock lock(mutex_);
    current = host_;
    left = left_.lock();
    footprint = footprint_;
  }
  if (hosts_->scope() == HostScope::kShared) return measure_shared(*current);
  footprint.host = current->memory();
  if (left && left->alive()) footprint.host += left->memory();
  return footprint;
}

/// As the host says; what it takes without any model is shared by all in it.
inference::Footprint RemoteCalls::measure_shared(Host& host) const {
  const auto last = [this] {
    const MutexLock lock(mutex_);
    return footprint_;
  };
  if (!host.welcome().features.measure) return last();
  try {
    const Frame frame =
        host.call("measuring", encode_measure({}), {Deadline::in(kMeasureLimit), {}});
    if (frame.type != FrameType::kResult) return last();
    inference::Footprint all;
    std::optional<inference::Footprint> own;
    const auto models = parse_measured(frame);
    for (const auto& model : models) {
      all += model.footprint;
      if (model.model == model_) own = model.footprint;
    }
    if (!own) return last();
    const ByteSize base = host.memory() - all.host;
    own->host += ByteSize::bytes(base.count() / models.size());
    const MutexLock lock(mutex_);
    footprint_ = *own;
    return *own;
  } catch (const Error&) {  // it is dead, or busy with other things
    return last();
  }
}

Error RemoteCalls::unreadable(const char* doing, const Error& what) const {
  return Error(ErrorCode::kEngineFailed,
               "the " + hosts_->engine() + " engine's host sent what cannot be read while " +
                   doing + " " + spec_.name + ": " + what.what(),
               what.detail());
}

}  // namespace hailstone::hosting
