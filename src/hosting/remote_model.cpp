// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/remote_model.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace hailstone::hosting {
namespace {

std::string to_text(const inference::TensorInfo& info) {
  std::string shape;
  for (const auto side : info.shape) {
    shape += (shape.empty() ? "" : ", ") + (side < 0 ? "any" : std::to_string(side));
  }
  return "'" + info.name + "' " + std::string(inference::name_of(info.type)) + " [" + shape + "]";
}

/// What an engine promised and does not keep would be read as something else.
void check_promise(const inference::TensorInfo& promised, const inference::Tensor& got) {
  const auto& info = got.info;
  const auto fits = [&](std::size_t i) {
    return promised.shape[i] < 0 || promised.shape[i] == info.shape[i];
  };
  bool is_kept = info.name == promised.name && info.type == promised.type &&
                 info.shape.size() == promised.shape.size();
  for (std::size_t i = 0; is_kept && i < info.shape.size(); ++i) is_kept = fits(i);
  if (!is_kept) {
    throw UnreadableFrame("output '" + promised.name + "': " + to_text(promised) +
                          " was promised, got " + to_text(info));
  }
  std::size_t bytes = size_of(info.type);
  for (const auto side : info.shape)
    bytes *= static_cast<std::size_t>(std::max<std::int64_t>(side, 0));
  if (got.data.size() != bytes) {
    throw UnreadableFrame("output '" + promised.name + "': " + to_text(info) + " has " +
                          std::to_string(bytes) + " bytes, got " + std::to_string(got.data.size()));
  }
}

void check_promises(const std::vector<inference::TensorInfo>& promised,
                    const std::vector<inference::Tensor>& got) {
  if (got.size() != promised.size()) {
    throw UnreadableFrame(std::to_string(promised.size()) + " outputs were promised, got " +
                          std::to_string(got.size()));
  }
  for (std::size_t i = 0; i < got.size(); ++i) check_promise(promised[i], got[i]);
}

class RemoteTensor : public inference::TensorSession {
 public:
  /// network: a further one of the model; empty: its own.
  RemoteTensor(RemoteCalls& calls, LoadedModel::Tensors tensors, std::string network = {})
      : calls_(calls), tensors_(std::move(tensors)), network_(std::move(network)) {}

  std::vector<inference::TensorInfo> inputs() const override { return tensors_.inputs; }
  std::vector<inference::TensorInfo> outputs() const override { return tensors_.outputs; }
  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run) override {
    return calls_.call("running", encode_run(calls_.head(run), inputs, network_), run,
                       [this](const Frame& frame) {
                         auto outputs = parse_tensors(frame);
                         check_promises(tensors_.outputs, outputs);
                         return outputs;
                       });
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
    constexpr const char* kDoing = "generating text with";
    return calls_.call(kDoing, encode_generate(calls_.head(run), request), run, parse_text_result,
                       [&](const Frame& chunk) {
                         on_chunk(calls_.explain(kDoing, [&] { return parse_text_chunk(chunk); }));
                       });
  }
  inference::Embeddings embed(const std::vector<std::string>& inputs,
                              const RunContext& run) override {
    return calls_.call("embedding text with", encode_embed(calls_.head(run), inputs), run,
                       parse_embeddings);
  }
  inference::Ranking rank(const std::string& query, const std::vector<std::string>& documents,
                          const RunContext& run) override {
    return calls_.call("ranking with", encode_rank(calls_.head(run), query, documents), run,
                       [&](const Frame& frame) {
                         auto ranking = parse_ranking(frame);
                         if (ranking.scores.size() != documents.size()) {
                           throw Error(ErrorCode::kEngineFailed,
                                       "it gave another number of scores than of documents");
                         }
                         return ranking;
                       });
  }
  std::vector<inference::TokenId> tokenize(const std::string& text,
                                           const RunContext& run) override {
    return calls_.call("tokenizing with", encode_tokenize(calls_.head(run), text), run,
                       parse_tokens);
  }
  std::string detokenize(const std::vector<inference::TokenId>& tokens,
                         const RunContext& run) override {
    return calls_.call("detokenizing with", encode_detokenize(calls_.head(run), tokens), run,
                       parse_text);
  }
  std::string apply_template(const inference::ChatPrompt& prompt, const RunContext& run) override {
    return calls_.call("applying the chat template of",
                       encode_apply_template(calls_.head(run), prompt), run, parse_text);
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
    return calls_.call(kDoing, encode_hear(calls_.head(run), request), run, parse_hear_result,
                       hand_on(on_heard));
  }

  inference::HearResult listen(const inference::HearOptions& options,
                               inference::AudioSource& source, const inference::OnHeard& on_heard,
                               const RunContext& run) override {
    if (!abilities_.streams) return HearSession::listen(options, source, on_heard, run);
    return calls_.call(kDoing, encode_listen(calls_.head(run), {source.sample_rate(), options}),
                       run, parse_hear_result, hand_on(on_heard),
                       [&](Host::Feed& feed) { feed_audio(source, feed); });
  }

 private:
  static constexpr const char* kDoing = "listening with";

  Host::OnChunk hand_on(const inference::OnHeard& on_heard) {
    return [this, &on_heard](const Frame& chunk) {
      auto event = calls_.explain(kDoing, [&] { return parse_heard(chunk); });
      if (on_heard) on_heard(std::move(event));
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
    constexpr const char* kDoing = "speaking with";
    calls_.call(
        kDoing, encode_say(calls_.head(run), request), run, [](const Frame&) {},
        [&](const Frame& chunk) {
          on_audio(calls_.explain(kDoing, [&] { return parse_audio(chunk); }));
        });
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
    return calls_.call("reading with", encode_read(calls_.head(run), image, language), run,
                       parse_lines);
  }

 private:
  RemoteCalls& calls_;
};

class RemoteCall : public inference::CallSession {
 public:
  RemoteCall(RemoteCalls& calls, std::vector<std::string> methods)
      : calls_(calls), methods_(std::move(methods)) {}

  std::vector<std::string> methods() const override { return methods_; }
  inference::CallValue call(const inference::CallRequest& request, inference::CallSource* input,
                            const inference::OnCallValue& on_value,
                            const RunContext& run) override {
    constexpr const char* kDoing = "calling";
    const auto on_chunk = [&](const Frame& chunk) {
      auto value = calls_.explain(kDoing, [&] { return parse_call_value(chunk); });
      if (on_value) on_value(std::move(value));
    };
    const auto body = encode_invoke(calls_.head(run), request,
                                    input == nullptr ? InputFollows::kNo : InputFollows::kYes);
    if (input == nullptr) return calls_.call(kDoing, body, run, parse_call_value, on_chunk);
    calls_.require_streams(kDoing);
    return calls_.call(kDoing, body, run, parse_call_value, on_chunk, [&](Host::Feed& feed) {
      std::optional<inference::CallValue> value;
      do {
        value = input->take(feed.run());
        feed.send(encode_call_input(value));
      } while (value);
    });
  }

 private:
  RemoteCalls& calls_;
  const std::vector<std::string> methods_;
};

class RemoteModel : public inference::Model {
 public:
  RemoteModel(std::unique_ptr<RemoteCalls> calls, LoadedModel loaded)
      : calls_(std::move(calls)), slots_(loaded.slots) {
    if (loaded.tensor) tensor_.emplace(*calls_, std::move(*loaded.tensor));
    for (auto& [kind, tensors] : loaded.networks) {
      networks_.try_emplace(kind, *calls_, std::move(tensors), kind);
    }
    if (loaded.context_length) text_.emplace(*calls_, *loaded.context_length);
    if (loaded.hear) hear_.emplace(*calls_, std::move(*loaded.hear));
    if (loaded.voices) say_.emplace(*calls_, std::move(*loaded.voices));
    if (loaded.reads) read_.emplace(*calls_);
    if (loaded.methods) call_.emplace(*calls_, std::move(*loaded.methods));
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
  inference::CallSession* call() noexcept override { return if_there(call_); }
  int slots() const noexcept override { return slots_; }
  bool alive() const noexcept override { return calls_->alive(); }

  inference::Footprint footprint() const override { return calls_->measure(); }

 private:
  template <typename Session>
  static Session* if_there(std::optional<Session>& session) noexcept {
    return session ? &*session : nullptr;
  }

  const std::unique_ptr<RemoteCalls> calls_;
  const int slots_;
  std::optional<RemoteTensor> tensor_;
  std::map<std::string, RemoteTensor, std::less<>> networks_;
  std::optional<RemoteText> text_;
  std::optional<RemoteHear> hear_;
  std::optional<RemoteSay> say_;
  std::optional<RemoteRead> read_;
  std::optional<RemoteCall> call_;
};

}  // namespace

std::unique_ptr<inference::Model> make_remote_model(std::unique_ptr<RemoteCalls> calls,
                                                    LoadedModel loaded) {
  return std::make_unique<RemoteModel>(std::move(calls), std::move(loaded));
}

}  // namespace hailstone::hosting
