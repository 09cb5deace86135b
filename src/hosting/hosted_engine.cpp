// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/hosted_engine.hpp"

#include <utility>

#include "hosting/remote_model.hpp"
#include "os/process_memory.hpp"

namespace hailstone::hosting {
namespace {

/// For reading a file's header, not for loading it.
constexpr auto kQuestionLimit = std::chrono::minutes(1);
/// Devices and libraries come and go, but not every moment.
constexpr auto kNoLasts = std::chrono::seconds(10);
constexpr auto kTemperatureLimit = std::chrono::seconds(10);

}  // namespace

HostedEngine::HostedEngine(std::string name, HostCommand command, HostScope scope,
                           HostOptions options, const Clock& clock)
    : HostedEngine(
          [&] {
            inference::EngineDescriptor descriptor{std::move(name)};
            descriptor.scope = scope;
            return descriptor;
          }(),
          std::move(command), options, clock) {}

HostedEngine::HostedEngine(inference::EngineDescriptor descriptor, HostCommand command,
                           HostOptions options, const Clock& clock)
    : descriptor_(std::move(descriptor)),
      hosts_(std::make_shared<Hosts>(descriptor_.name, std::move(command), descriptor_.scope,
                                     options, clock)),
      clock_(clock) {}

std::optional<Celsius> HostedEngine::chip_temperature() const {
  const auto host = hosts_->find_shared();
  if (!host) return std::nullopt;
  try {
    const Frame frame = host->call("reading the chip's temperature", encode_read_temperature({}),
                                   {Deadline::in(kTemperatureLimit), {}});
    if (frame.type != FrameType::kResult) return std::nullopt;  // it does not know the operation
    return parse_temperature(frame);
  } catch (const Error&) {  // it has died
    return std::nullopt;
  }
}

inference::Availability HostedEngine::probe() const {
  {
    const MutexLock lock(mutex_);
    if (availability_ && clock_.now() < availability_end_) return *availability_;
  }
  const auto answer = ask_host();
  const MutexLock lock(mutex_);
  availability_ = answer;
  availability_end_ = answer.usable ? SteadyTime::max() : clock_.now() + kNoLasts;
  return answer;
}

inference::Availability HostedEngine::ask_host() const {
  try {
    if (const auto shared = hosts_->find_shared()) return shared->welcome().availability;
    const RunContext run{Deadline::in(hosts_->options().start_limit), {}};
    return hosts_->acquire_for_questions(nullptr, run)->welcome().availability;
  } catch (const Error& error) {  // probe() answers, it does not throw
    return {false, error.what()};
  }
}

template <typename Parse>
auto HostedEngine::explain(const std::string& doing, Parse&& parse) const {
  try {
    return parse();
  } catch (const UnreadableFrame& error) {
    throw Error(ErrorCode::kEngineFailed,
                "the " + hosts_->engine() + " engine's host sent what cannot be read while " +
                    doing + ": " + error.what(),
                error.detail());
  }
}

/// Once more where the host died: it may have been of another question.
HostedEngine::Answer HostedEngine::ask(const std::string& doing, const inference::ModelSpec& spec,
                                       const Body& question) const {
  const RunContext run{Deadline::in(kQuestionLimit), {}};
  for (bool is_first = true;; is_first = false) {
    const auto host = hosts_->acquire_for_questions(&spec, run);
    try {
      Frame frame = host->call(doing, question, run);
      if (frame.type == FrameType::kResult) return {std::move(frame), host};
      throw explain(doing, [&] { return parse_error(frame); }).error;
    } catch (const Error&) {
      if (host->alive() || host.use_count() == 1 || !is_first) throw;
    }
  }
}

inference::Footprint HostedEngine::estimate(const inference::ModelSpec& spec,
                                            const inference::LoadOptions& options) const {
  const std::string doing = "estimating " + spec.name;
  const Answer answer = ask(doing, spec, encode_estimate({}, spec, options));
  auto footprint = explain(doing, [&] { return parse_footprint(answer.frame); });
  // A process takes something without any model, too. What it shares with others now it may have
  // alone later, so all of it counts. The shared host counts once.
  const bool is_counted = hosts_->find_shared() != nullptr;
  const auto own = os::find_process_memory(answer.host->pid());
  if (own && !is_counted) footprint.host += own->rss;
  return footprint;
}

inference::ModelFacts HostedEngine::describe(const inference::ModelSpec& spec,
                                             inference::FactDetail detail) const {
  const std::string doing = "describing " + spec.name;
  const Answer answer = ask(doing, spec, encode_describe({}, spec, detail));
  return explain(doing, [&] { return parse_facts(answer.frame); });
}

std::unique_ptr<inference::Model> HostedEngine::load(const inference::ModelSpec& spec,
                                                     const inference::LoadOptions& options,
                                                     const RunContext& run) {
  return load_bounded(std::nullopt, spec, options, run);
}

std::unique_ptr<inference::Model> HostedEngine::load_within(ByteSize most,
                                                            const inference::ModelSpec& spec,
                                                            const inference::LoadOptions& options,
                                                            const RunContext& run) {
  return load_bounded(most, spec, options, run);
}

std::unique_ptr<inference::Model> HostedEngine::load_bounded(std::optional<ByteSize> most,
                                                             const inference::ModelSpec& spec,
                                                             const inference::LoadOptions& options,
                                                             const RunContext& run) {
  auto calls = std::make_unique<RemoteCalls>(hosts_, ++next_model_, spec, options);
  LoadedModel loaded = calls->load(most, run);
  return make_remote_model(std::move(calls), std::move(loaded));
}

}  // namespace hailstone::hosting
