// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Frames <-> values of the contract. Pure. docs/host-protocol.md lists the fields.
//
// encode_x: the Body refers to its arguments' memory, which outlive it. Throws Error(kBadRequest)
// for text from a client that is not UTF-8. parse_x throws Error(kEngineFailed) for what it cannot
// read.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/lane.hpp"
#include "hosting/protocol/frame.hpp"
#include "hosting/protocol/window.hpp"
#include "inference/audio_sessions.hpp"
#include "inference/engine.hpp"
#include "inference/read_session.hpp"
#include "inference/tensor_session.hpp"
#include "inference/text_session.hpp"
#include "inference/worker/call_session.hpp"

namespace hailstone::hosting {

inline constexpr int kProtocolVersion = 1;

/// What came after the first hosts were written; used where both sides know it.
struct Features {
  bool streams = false;  ///< input frames, and credits in bytes, both ways
  bool measure = false;  ///< the operation

  bool operator==(const Features&) const noexcept = default;
  /// What both know.
  Features operator&(const Features& other) const noexcept {
    return {streams && other.streams, measure && other.measure};
  }
};

/// All of them.
inline constexpr Features kFeatures{true, true};

/// The daemon's first frame.
struct Hello {
  int protocol = kProtocolVersion;
  bool shared_memory = false;
  Features features{};
};

/// The host's first frame.
struct Welcome {
  int protocol = kProtocolVersion;
  std::string engine;
  inference::Availability availability;
  bool shared_memory = false;
  Features features{};
};

/// Which sessions a loaded model has, and what they say of themselves.
struct LoadedModel {
  struct Tensors {
    std::vector<inference::TensorInfo> inputs;
    std::vector<inference::TensorInfo> outputs;
  };
  std::optional<Tensors> tensor;
  std::map<std::string, Tensors> networks;  ///< further ones, by kind
  std::optional<int> context_length;        ///< of its text session
  std::optional<inference::HearAbilities> hear;
  std::optional<std::vector<inference::Voice>> voices;
  bool reads = false;
  std::optional<std::vector<std::string>> methods;
  int slots = 0;  ///< runs that it works on at once; zero: it does not say
  inference::Footprint footprint;
};

struct MeasuredModel {
  std::uint32_t model = 0;
  inference::Footprint footprint;
};

struct RemoteError {
  Error error;
  bool is_model_alive = true;
};

struct Load {
  inference::ModelSpec spec;
  inference::LoadOptions options;
};
struct Unload {};
struct Describe {
  inference::ModelSpec spec;
  inference::FactDetail detail = inference::FactDetail::kBrief;
};
struct Estimate {
  inference::ModelSpec spec;
  inference::LoadOptions options;
};
struct ReadTemperature {};
/// What each model in the host takes now.
struct Measure {};
struct Embed {
  std::vector<std::string> inputs;
};
struct Rank {
  std::string query;
  std::vector<std::string> documents;
};
struct Tokenize {
  std::string text;
};
struct Detokenize {
  std::vector<inference::TokenId> tokens;
};
struct RunTensors {
  std::vector<inference::Tensor> inputs;
  std::string network;  ///< a further one; empty: the model's own
};
/// Its audio comes in input frames.
struct Listen {
  int sample_rate = 0;
  inference::HearOptions options;
};
enum class InputFollows : bool { kNo, kYes };
struct Invoke {
  inference::CallRequest request;
  InputFollows input = InputFollows::kNo;
};
struct ReadImage {
  media::Image image;
  std::string language;
};
using Operation =
    std::variant<Load, Unload, Describe, Estimate, ReadTemperature, Measure, inference::TextRequest,
                 Embed, Rank, Tokenize, Detokenize, inference::ChatPrompt, RunTensors,
                 inference::HearRequest, Listen, inference::SayRequest, ReadImage, Invoke>;

/// What every request carries.
struct CallHead {
  std::uint32_t model = 0;  ///< chosen by the daemon when it loads; unused before
  std::optional<std::chrono::milliseconds> time_left = {};
  Lane lane = Lane::kInteractive;
};

struct Call {
  CallHead head;
  Operation operation;
};

Body encode_hello(const Hello& hello);
Hello parse_hello(const Frame& frame);
Body encode_welcome(const Welcome& welcome);
Welcome parse_welcome(const Frame& frame);
Body encode_credit(const Credit& credit);
Credit parse_credit(const Frame& frame);
Body encode_error(const RemoteError& error);
RemoteError parse_error(const Frame& frame);

Body encode_load(CallHead head, const inference::ModelSpec& spec,
                 const inference::LoadOptions& options);
Body encode_unload(CallHead head);
Body encode_describe(CallHead head, const inference::ModelSpec& spec, inference::FactDetail detail);
Body encode_estimate(CallHead head, const inference::ModelSpec& spec,
                     const inference::LoadOptions& options);
Body encode_read_temperature(CallHead head);
Body encode_measure(CallHead head);
Body encode_generate(CallHead head, const inference::TextRequest& request);
Body encode_embed(CallHead head, const std::vector<std::string>& inputs);
Body encode_rank(CallHead head, const std::string& query,
                 const std::vector<std::string>& documents);
Body encode_tokenize(CallHead head, const std::string& text);
Body encode_detokenize(CallHead head, const std::vector<inference::TokenId>& tokens);
Body encode_apply_template(CallHead head, const inference::ChatPrompt& prompt);
Body encode_run(CallHead head, const std::vector<inference::Tensor>& inputs,
                const std::string& network);
Body encode_hear(CallHead head, const inference::HearRequest& request);
Body encode_listen(CallHead head, const Listen& listen);
Body encode_say(CallHead head, const inference::SayRequest& request);
Body encode_read(CallHead head, const media::Image& image, const std::string& language);
Body encode_invoke(CallHead head, const inference::CallRequest& request, InputFollows input);
Call parse_call(const Frame& frame);

Body encode_loaded(const LoadedModel& model);
LoadedModel parse_loaded(const Frame& frame);
Body encode_facts(const inference::ModelFacts& facts);
inference::ModelFacts parse_facts(const Frame& frame);
Body encode_footprint(const inference::Footprint& footprint);
inference::Footprint parse_footprint(const Frame& frame);
Body encode_temperature(const std::optional<Celsius>& temperature);
std::optional<Celsius> parse_temperature(const Frame& frame);
Body encode_measured(const std::vector<MeasuredModel>& models);
std::vector<MeasuredModel> parse_measured(const Frame& frame);
Body encode_text_chunk(const inference::TextChunk& chunk);
inference::TextChunk parse_text_chunk(const Frame& frame);
Body encode_text_result(const inference::TextResult& result);
inference::TextResult parse_text_result(const Frame& frame);
Body encode_embeddings(const inference::Embeddings& embeddings);
inference::Embeddings parse_embeddings(const Frame& frame);
Body encode_ranking(const inference::Ranking& ranking);
inference::Ranking parse_ranking(const Frame& frame);
Body encode_tokens(const std::vector<inference::TokenId>& tokens);
std::vector<inference::TokenId> parse_tokens(const Frame& frame);
Body encode_text(const std::string& text);
std::string parse_text(const Frame& frame);
Body encode_tensors(const std::vector<inference::Tensor>& tensors);
std::vector<inference::Tensor> parse_tensors(const Frame& frame);
Body encode_audio_piece(const inference::AudioPiece& piece);
inference::AudioPiece parse_audio_piece(const Frame& frame);
Body encode_heard(const inference::HearEvent& event);
inference::HearEvent parse_heard(const Frame& frame);
Body encode_hear_result(const inference::HearResult& result);
inference::HearResult parse_hear_result(const Frame& frame);
Body encode_audio(int sample_rate, std::span<const float> samples);
media::Pcm parse_audio(const Frame& frame);
Body encode_call_value(const inference::CallValue& value);
inference::CallValue parse_call_value(const Frame& frame);
/// Nothing: there is no more.
Body encode_call_input(const std::optional<inference::CallValue>& value);
std::optional<inference::CallValue> parse_call_input(const Frame& frame);
Body encode_lines(const std::vector<inference::ReadLine>& lines);
std::vector<inference::ReadLine> parse_lines(const Frame& frame);

}  // namespace hailstone::hosting
