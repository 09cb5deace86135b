// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/watched_model.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "core/metrics/metrics.hpp"
#include "core/runtime/speed/speed_trend.hpp"
#include "inference/audio_sessions.hpp"
#include "inference/read_session.hpp"
#include "inference/tensor_session.hpp"
#include "inference/text_session.hpp"
#include "inference/worker/call_session.hpp"
#include "log/log.hpp"

namespace hailstone::core {
namespace {

/// What the watch is told about a model's runs.
struct Label {
  InferenceWatch& watch;
  std::string engine;
  std::string model;
  Metrics* metrics = nullptr;
};

class Run : public InferenceWatch::Run {
 public:
  Run(const Label& label, const RunContext& run)
      : InferenceWatch::Run(label.watch, label.engine, label.model, run.deadline) {}

  /// While the callback runs, it is not the engine that takes its time.
  template <typename Callback, typename Piece>
  void hand_over(const Callback& callback, Piece&& piece) {
    pause();
    callback(std::forward<Piece>(piece));
    resume();
  }
};

class WatchedText final : public inference::TextSession {
 public:
  WatchedText(inference::TextSession& session, const Label& label)
      : session_(session), label_(label) {}

  inference::TextResult generate(const inference::TextRequest& request,
                                 const inference::OnTextChunk& on_chunk,
                                 const RunContext& run) override {
    Run watched(label_, run);
    auto result = session_.generate(
        request,
        [&](inference::TextChunk&& chunk) { watched.hand_over(on_chunk, std::move(chunk)); }, run);
    watched.succeed();
    return result;
  }
  inference::Embeddings embed(const std::vector<std::string>& inputs,
                              const RunContext& run) override {
    Run watched(label_, run);
    auto result = session_.embed(inputs, run);
    watched.succeed();
    return result;
  }
  inference::Ranking rank(const std::string& query, const std::vector<std::string>& documents,
                          const RunContext& run) override {
    Run watched(label_, run);
    auto result = session_.rank(query, documents, run);
    watched.succeed();
    return result;
  }
  // These tell nothing of whether the model works; but they can hang.
  std::vector<inference::TokenId> tokenize(const std::string& text,
                                           const RunContext& run) override {
    const Run watched(label_, run);
    return session_.tokenize(text, run);
  }
  std::string detokenize(const std::vector<inference::TokenId>& tokens,
                         const RunContext& run) override {
    const Run watched(label_, run);
    return session_.detokenize(tokens, run);
  }
  std::string apply_template(const inference::ChatPrompt& prompt, const RunContext& run) override {
    const Run watched(label_, run);
    return session_.apply_template(prompt, run);
  }
  int context_length() const noexcept override { return session_.context_length(); }

 private:
  inference::TextSession& session_;
  const Label& label_;
};

class WatchedTensor final : public inference::TensorSession {
 public:
  WatchedTensor(inference::TensorSession& session, const Label& label)
      : session_(session), label_(label) {}

  std::vector<inference::TensorInfo> inputs() const override { return session_.inputs(); }
  std::vector<inference::TensorInfo> outputs() const override { return session_.outputs(); }
  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run) override {
    Run watched(label_, run);
    const SteadyTime begin = system_clock().now();
    auto result = session_.run(inputs, run);
    watched.succeed();
    note_speed(system_clock().now(), begin);
    return result;
  }

 private:
  /// A network's runs are alike: how long the fastest take tells how well the chip is.
  void note_speed(SteadyTime now, SteadyTime begin) {
    std::optional<SpeedTrend::Figures> news;
    bool was_slow = false;
    {
      const std::lock_guard lock(mutex_);
      if (!trend_.note(now, now - begin)) return;
      news = trend_.figures(now);
      was_slow = is_slow_;
      if (news) is_slow_ = news->has_slowed;
    }
    if (news) publish(*news, was_slow);
  }

  void publish(const SpeedTrend::Figures& figures, bool was_slow) const {
    using Seconds = std::chrono::duration<double>;
    const double current = Seconds(figures.now).count();
    const double best = Seconds(figures.best).count();
    if (label_.metrics != nullptr) {
      label_.metrics
          ->gauge("hailstone_network_fastest_run_seconds",
                  "The fastest run of a network in its last ten minutes of work.",
                  {{"model", label_.model}})
          .set(current);
      label_.metrics
          ->gauge("hailstone_network_best_run_seconds",
                  "The same of its best ten minutes of some hours.", {{"model", label_.model}})
          .set(best);
    }
    if (!figures.has_slowed || was_slow) return;
    log::warning(
        "runtime",
        "a network gets slower; chips have done that until they were started anew or cooled",
        {{"model", label_.model},
         {"engine", label_.engine},
         {"seconds", std::to_string(current)},
         {"best", std::to_string(best)}});
  }

  inference::TensorSession& session_;
  const Label& label_;
  std::mutex mutex_;
  SpeedTrend trend_;      // guarded by mutex_
  bool is_slow_ = false;  // guarded by mutex_
};

/// While nobody speaks, it is not the engine that takes its time.
class WatchedSource final : public inference::AudioSource {
 public:
  WatchedSource(inference::AudioSource& source, Run& run) noexcept : source_(source), run_(run) {}
  int sample_rate() const noexcept override { return source_.sample_rate(); }
  inference::AudioPiece take(Deadline until, const RunContext& run) override {
    run_.pause();
    auto piece = source_.take(until, run);
    run_.resume();
    return piece;
  }

 private:
  inference::AudioSource& source_;
  Run& run_;
};

class WatchedHear final : public inference::HearSession {
 public:
  WatchedHear(inference::HearSession& session, const Label& label)
      : session_(session), label_(label) {}

  inference::HearAbilities abilities() const override { return session_.abilities(); }
  inference::HearResult hear(const inference::HearRequest& request,
                             const inference::OnHeard& on_heard, const RunContext& run) override {
    Run watched(label_, run);
    auto result = session_.hear(request, hand_over_to(watched, on_heard), run);
    watched.succeed();
    return result;
  }
  inference::HearResult listen(const inference::HearOptions& options,
                               inference::AudioSource& source, const inference::OnHeard& on_heard,
                               const RunContext& run) override {
    Run watched(label_, run);
    WatchedSource watched_source(source, watched);
    auto result = session_.listen(options, watched_source, hand_over_to(watched, on_heard), run);
    watched.succeed();
    return result;
  }

 private:
  static inference::OnHeard hand_over_to(Run& watched, const inference::OnHeard& on_heard) {
    if (!on_heard) return {};
    return [&](inference::HearEvent&& event) { watched.hand_over(on_heard, std::move(event)); };
  }

  inference::HearSession& session_;
  const Label& label_;
};

class WatchedSay final : public inference::SaySession {
 public:
  WatchedSay(inference::SaySession& session, const Label& label)
      : session_(session), label_(label) {}

  void say(const inference::SayRequest& request, const inference::OnAudio& on_audio,
           const RunContext& run) override {
    Run watched(label_, run);
    session_.say(
        request, [&](media::Pcm&& audio) { watched.hand_over(on_audio, std::move(audio)); }, run);
    watched.succeed();
  }
  std::vector<inference::Voice> voices() const override { return session_.voices(); }

 private:
  inference::SaySession& session_;
  const Label& label_;
};

class WatchedRead final : public inference::ReadSession {
 public:
  WatchedRead(inference::ReadSession& session, const Label& label)
      : session_(session), label_(label) {}

  std::vector<inference::ReadLine> read(const media::Image& image, const std::string& language,
                                        const RunContext& run) override {
    Run watched(label_, run);
    auto result = session_.read(image, language, run);
    watched.succeed();
    return result;
  }

 private:
  inference::ReadSession& session_;
  const Label& label_;
};

class WatchedCall final : public inference::CallSession {
 public:
  WatchedCall(inference::CallSession& session, const Label& label)
      : session_(session), label_(label) {}

  std::vector<std::string> methods() const override { return session_.methods(); }
  inference::CallValue call(const inference::CallRequest& request, inference::CallSource* input,
                            const inference::OnCallValue& on_value,
                            const RunContext& run) override {
    Run watched(label_, run);
    auto result = session_.call(
        request, input,
        [&](inference::CallValue&& value) {
          if (on_value) watched.hand_over(on_value, std::move(value));
        },
        run);
    watched.succeed();
    return result;
  }

 private:
  inference::CallSession& session_;
  const Label& label_;
};

template <typename Watched, typename Session>
void wrap(std::optional<Watched>& out, Session* session, const Label& label) {
  if (session != nullptr) out.emplace(*session, label);
}

template <typename Watched>
Watched* pointer_to(std::optional<Watched>& session) noexcept {
  return session ? &*session : nullptr;
}

class WatchedModel final : public inference::Model {
 public:
  WatchedModel(std::unique_ptr<inference::Model> model, const inference::ModelSpec& spec,
               InferenceWatch& watch, Metrics* metrics)
      : model_(std::move(model)), label_{watch, spec.engine, spec.name, metrics} {
    wrap(tensor_, model_->tensor(), label_);
    wrap(text_, model_->text(), label_);
    wrap(hear_, model_->hear(), label_);
    wrap(say_, model_->say(), label_);
    wrap(read_, model_->read(), label_);
    wrap(call_, model_->call(), label_);
    for (const auto& [kind, file] : spec.networks) {
      if (auto* network = model_->network(kind)) networks_.try_emplace(kind, *network, label_);
    }
  }

  inference::TensorSession* tensor() noexcept override { return pointer_to(tensor_); }
  inference::TensorSession* network(std::string_view kind) noexcept override {
    const auto found = networks_.find(kind);
    return found == networks_.end() ? nullptr : &found->second;
  }
  inference::TextSession* text() noexcept override { return pointer_to(text_); }
  inference::HearSession* hear() noexcept override { return pointer_to(hear_); }
  inference::SaySession* say() noexcept override { return pointer_to(say_); }
  inference::ReadSession* read() noexcept override { return pointer_to(read_); }
  inference::CallSession* call() noexcept override { return pointer_to(call_); }
  int slots() const noexcept override { return model_->slots(); }
  bool alive() const noexcept override { return model_->alive(); }
  inference::Footprint footprint() const override { return model_->footprint(); }

 private:
  const std::unique_ptr<inference::Model> model_;
  const Label label_;
  std::optional<WatchedTensor> tensor_;
  std::map<std::string, WatchedTensor, std::less<>> networks_;
  std::optional<WatchedText> text_;
  std::optional<WatchedHear> hear_;
  std::optional<WatchedSay> say_;
  std::optional<WatchedRead> read_;
  std::optional<WatchedCall> call_;
};

}  // namespace

std::unique_ptr<inference::Model> watch_model(std::unique_ptr<inference::Model> model,
                                              const inference::ModelSpec& spec,
                                              InferenceWatch& watch, Metrics* metrics) {
  return std::make_unique<WatchedModel>(std::move(model), spec, watch, metrics);
}

}  // namespace hailstone::core
