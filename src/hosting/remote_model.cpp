// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/remote_model.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "os/process_memory.hpp"

namespace hailstone::hosting {
namespace {

constexpr auto kUnloadLimit = std::chrono::seconds(10);

class RemoteTensor : public inference::TensorSession {
 public:
  /// network: a further one of the model; empty: its own.
  RemoteTensor(RemoteCalls& calls, LoadedModel::Tensors tensors, std::string network = {})
      : calls_(calls), tensors_(std::move(tensors)), network_(std::move(network)) {}

  std::vector<inference::TensorInfo> inputs() const override { return tensors_.inputs; }
  std::vector<inference::TensorInfo> outputs() const override { return tensors_.outputs; }
  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run) override {
    return parse_tensors(
        calls_.call("running", encode_run(calls_.head(run), inputs, network_), run));
  }

 private:
  RemoteCalls& calls_;
  const LoadedModel::Tensors tensors_;
  const std::string network_;
};

class RemoteText : public inference::TextSession {
 public:
  RemoteText(RemoteCalls& calls, int context_length) noexcept
      : calls_(calls), context_length_(context_length) {}

  inference::TextResult generate(const inference::TextRequest& request,
                                 const inference::OnTextChunk& on_chunk,
                                 const RunContext& run) override {
    return parse_text_result(
        calls_.call("generating text with", encode_generate(calls_.head(run), request), run,
                    [&](const Frame& chunk) { on_chunk(parse_text_chunk(chunk)); }));
  }
  inference::Embeddings embed(const std::vector<std::string>& inputs,
                              const RunContext& run) override {
    return parse_embeddings(
        calls_.call("embedding text with", encode_embed(calls_.head(run), inputs), run));
  }
  std::vector<inference::TokenId> tokenize(const std::string& text,
                                           const RunContext& run) override {
    return parse_tokens(
        calls_.call("tokenizing with", encode_tokenize(calls_.head(run), text), run));
  }
  std::string detokenize(const std::vector<inference::TokenId>& tokens,
                         const RunContext& run) override {
    return parse_text(
        calls_.call("detokenizing with", encode_detokenize(calls_.head(run), tokens), run));
  }
  std::string apply_template(const inference::ChatPrompt& prompt, const RunContext& run) override {
    return parse_text(calls_.call("applying the chat template of",
                                  encode_apply_template(calls_.head(run), prompt), run));
  }
  int context_length() const noexcept override { return context_length_; }

 private:
  RemoteCalls& calls_;
  const int context_length_;
};

/// Takes the source's audio to the host, in pieces that a frame may have.
void feed_audio(inference::AudioSource& source, Host::Feed& feed) {
  constexpr std::size_t kSamples = std::size_t{64} << 10;
  bool is_last = false;
  while (!is_last) {
    const inference::AudioPiece whole = source.take(Deadline::never(), feed.run());
    is_last = whole.is_last;
    std::span<const float> rest = whole.samples;
    do {
      const auto part = rest.first(std::min(rest.size(), kSamples));
      rest = rest.subspan(part.size());
      inference::AudioPiece piece{{part.begin(), part.end()}};
      piece.ends_utterance = rest.empty() && whole.ends_utterance;
      piece.is_last = rest.empty() && whole.is_last;
      feed.send(encode_audio_piece(piece));
    } while (!rest.empty());
  }
}

class RemoteHear : public inference::HearSession {
 public:
  RemoteHear(RemoteCalls& calls, inference::HearAbilities abilities)
      : calls_(calls), abilities_(std::move(abilities)) {}

  inference::HearAbilities abilities() const override { return abilities_; }

  inference::HearResult hear(const inference::HearRequest& request,
                             const inference::OnHeard& on_heard, const RunContext& run) override {
    return parse_hear_result(calls_.call("listening with", encode_hear(calls_.head(run), request),
                                         run, hand_on(on_heard)));
  }

  inference::HearResult listen(const inference::HearOptions& options,
                               inference::AudioSource& source, const inference::OnHeard& on_heard,
                               const RunContext& run) override {
    if (!abilities_.streams) return HearSession::listen(options, source, on_heard, run);
    return parse_hear_result(calls_.call(
        "listening with", encode_listen(calls_.head(run), {source.sample_rate(), options}), run,
        hand_on(on_heard), [&](Host::Feed& feed) { feed_audio(source, feed); }));
  }

 private:
  static Host::OnChunk hand_on(const inference::OnHeard& on_heard) {
    return [&on_heard](const Frame& chunk) {
      if (on_heard) on_heard(parse_heard(chunk));
    };
  }

  RemoteCalls& calls_;
  const inference::HearAbilities abilities_;
};

class RemoteSay : public inference::SaySession {
 public:
  RemoteSay(RemoteCalls& calls, std::vector<inference::Voice> voices)
      : calls_(calls), voices_(std::move(voices)) {}

  void say(const inference::SayRequest& request, const inference::OnAudio& on_audio,
           const RunContext& run) override {
    calls_.call("speaking with", encode_say(calls_.head(run), request), run,
                [&](const Frame& chunk) { on_audio(parse_audio(chunk)); });
  }
  std::vector<inference::Voice> voices() const override { return voices_; }

 private:
  RemoteCalls& calls_;
  const std::vector<inference::Voice> voices_;
};

class RemoteRead : public inference::ReadSession {
 public:
  explicit RemoteRead(RemoteCalls& calls) noexcept : calls_(calls) {}

  std::vector<inference::ReadLine> read(const media::Image& image, const std::string& language,
                                        const RunContext& run) override {
    return parse_lines(
        calls_.call("reading with", encode_read(calls_.head(run), image, language), run));
  }

 private:
  RemoteCalls& calls_;
};

class RemoteModel : public inference::Model {
 public:
  RemoteModel(std::unique_ptr<RemoteCalls> calls, LoadedModel loaded, HostScope scope)
      : calls_(std::move(calls)), scope_(scope), loaded_footprint_(loaded.footprint) {
    if (loaded.tensor) tensor_.emplace(*calls_, std::move(*loaded.tensor));
    for (auto& [kind, tensors] : loaded.networks) {
      networks_.try_emplace(kind, *calls_, std::move(tensors), kind);
    }
    if (loaded.context_length) text_.emplace(*calls_, *loaded.context_length);
    if (loaded.hear) hear_.emplace(*calls_, std::move(*loaded.hear));
    if (loaded.voices) say_.emplace(*calls_, std::move(*loaded.voices));
    if (loaded.reads) read_.emplace(*calls_);
  }

  /// A host of its own goes with the model, which gives back more than any unloading.
  ~RemoteModel() override {
    if (scope_ == HostScope::kShared) {
      calls_->host().try_call("unloading " + calls_->name(), encode_unload({calls_->model(), {}}),
                              kUnloadLimit);
    }
  }

  inference::TensorSession* tensor() noexcept override { return if_there(tensor_); }
  inference::TensorSession* network(std::string_view kind) noexcept override {
    const auto found = networks_.find(kind);
    return found == networks_.end() ? nullptr : &found->second;
  }
  inference::TextSession* text() noexcept override { return if_there(text_); }
  inference::HearSession* hear() noexcept override { return if_there(hear_); }
  inference::SaySession* say() noexcept override { return if_there(say_); }
  inference::ReadSession* read() noexcept override { return if_there(read_); }
  bool alive() const noexcept override { return calls_->alive(); }

  inference::Footprint footprint() const override {
    if (scope_ == HostScope::kShared) return loaded_footprint_;
    const auto memory = os::find_process_memory(calls_->host().pid());
    return {memory ? memory->pss : ByteSize(), loaded_footprint_.npu};
  }

 private:
  template <typename Session>
  static Session* if_there(std::optional<Session>& session) noexcept {
    return session ? &*session : nullptr;
  }

  const std::unique_ptr<RemoteCalls> calls_;
  const HostScope scope_;
  const inference::Footprint loaded_footprint_;
  std::optional<RemoteTensor> tensor_;
  std::map<std::string, RemoteTensor, std::less<>> networks_;
  std::optional<RemoteText> text_;
  std::optional<RemoteHear> hear_;
  std::optional<RemoteSay> say_;
  std::optional<RemoteRead> read_;
};

}  // namespace

CallHead RemoteCalls::head(const RunContext& run) const {
  if (run.deadline.is_never()) return {model_, {}};
  return {model_, std::chrono::ceil<std::chrono::milliseconds>(run.deadline.remaining())};
}

Frame RemoteCalls::call(const char* doing, const Body& request, const RunContext& run,
                        const Host::OnChunk& on_chunk, const Host::FeedInput& feed_input) {
  Frame frame = host_->call(std::string(doing) + " " + name_, request, run, on_chunk, feed_input);
  if (frame.type == FrameType::kResult) return frame;
  RemoteError remote = parse_error(frame);
  if (!remote.is_model_alive) is_dead_ = true;
  throw remote.error;
}

std::unique_ptr<inference::Model> make_remote_model(std::unique_ptr<RemoteCalls> calls,
                                                    LoadedModel loaded, HostScope scope) {
  return std::make_unique<RemoteModel>(std::move(calls), std::move(loaded), scope);
}

}  // namespace hailstone::hosting
