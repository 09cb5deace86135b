// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What it costs that an engine is a process: the same fake model in ours and in a host. The
// counters p50 and p99 are in microseconds per run; the aim for a picture of 640x640 is a p50 at
// most 300 above ours. "classify" answers with one number, as most nets do; "echo" sends the
// picture back.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "engines/fake/engine.hpp"
#include "hosting/hosted_engine.hpp"
#include "inference/tensor_session.hpp"
#include "inference/text_session.hpp"

namespace {

using namespace hailstone;

enum class Hop { kNone, kSharedMemory, kSocket };

std::unique_ptr<inference::Engine> make_engine(Hop hop) {
  if (hop == Hop::kNone) return engines::fake::make_fake_engine();
  hosting::HostOptions options;
  options.share_memory = hop == Hop::kSharedMemory;
  const hosting::HostCommand command{{HAILSTONE_HOST_FAKE}, hosting::host_environment()};
  return std::make_unique<hosting::HostedEngine>("fake", command, hosting::HostScope::kPerModel,
                                                 options);
}

template <typename Run>
void measure(benchmark::State& state, Run&& run) {
  using Microseconds = std::chrono::duration<double, std::micro>;
  std::vector<double> times;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    run();
    times.push_back(Microseconds(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(times.begin(), times.end());
  state.counters["p50"] = times[times.size() / 2];
  state.counters["p99"] = times[times.size() * 99 / 100];
}

void run_picture(benchmark::State& state, Hop hop, const char* brief_output) {
  const auto engine = make_engine(hop);
  inference::ModelSpec spec;
  spec.settings = {{"brief_output", brief_output}};
  const auto model = engine->load(spec, {}, {});
  const std::int64_t size = state.range(0);
  const std::vector<inference::Tensor> inputs = {
      {{"input", inference::ElementType::kUint8, {size, size, 3}},
       std::vector<std::byte>(static_cast<std::size_t>(size * size * 3), std::byte(7))}};
  measure(state, [&] { benchmark::DoNotOptimize(model->tensor()->run(inputs, {})); });
}

void stream_tokens(benchmark::State& state, Hop hop) {
  constexpr int kTokens = 1000;
  const auto engine = make_engine(hop);
  inference::ModelSpec spec;
  spec.settings = {{"tokens", std::to_string(kTokens)}};
  const auto model = engine->load(spec, {}, {});
  inference::TextRequest request;
  request.prompt = inference::RawPrompt{{}, "word", {}};
  measure(state, [&] { model->text()->generate(request, [](auto&&) {}, {}); });
  state.counters["tokens/s"] = benchmark::Counter(static_cast<double>(state.iterations()) * kTokens,
                                                  benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(run_picture, echo_in_process, Hop::kNone, "0")->Arg(640)->UseRealTime();
BENCHMARK_CAPTURE(run_picture, echo_hosted, Hop::kSharedMemory, "0")->Arg(640)->UseRealTime();
BENCHMARK_CAPTURE(run_picture, echo_socket, Hop::kSocket, "0")->Arg(640)->UseRealTime();
BENCHMARK_CAPTURE(run_picture, classify_in_process, Hop::kNone, "1")->Arg(640)->UseRealTime();
BENCHMARK_CAPTURE(run_picture, classify_hosted, Hop::kSharedMemory, "1")
    ->Arg(640)
    ->Arg(64)
    ->UseRealTime();
BENCHMARK_CAPTURE(stream_tokens, in_process, Hop::kNone)->UseRealTime();
BENCHMARK_CAPTURE(stream_tokens, hosted, Hop::kSharedMemory)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
