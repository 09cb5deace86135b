// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "hosting/protocol/wire_parts.hpp"

namespace hailstone::hosting {
namespace {

using inference::HeardSegment;
using inference::HeardWord;
using inference::HearEvent;
using inference::HearOptions;
using std::chrono::milliseconds;

/// In the order of the enumeration.
constexpr std::array<std::string_view, 3> kEventKinds = {"progress", "partial", "final"};

milliseconds milliseconds_at(const Json& json, const char* name) {
  return milliseconds(integer<std::int64_t>(json.at(name)));
}

std::optional<double> find_number(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return std::nullopt;
  return found->get<double>();
}

void put(Json& json, const char* name, const std::optional<double>& number) {
  if (number) json[name] = finite(*number);
}

Json json_of(const HeardWord& word) {
  return {{"begin_ms", word.begin.count()},
          {"end_ms", word.end.count()},
          {"text", word.text},
          {"probability", finite(word.probability)}};
}

HeardWord word_from(const Json& json) {
  return {milliseconds_at(json, "begin_ms"), milliseconds_at(json, "end_ms"), text_at(json, "text"),
          json.value("probability", 0.0)};
}

Json json_of(const HeardSegment& segment) {
  Json json = {{"begin_ms", segment.begin.count()},
               {"end_ms", segment.end.count()},
               {"text", segment.text},
               {"average_logprob", finite(segment.average_logprob)},
               {"no_speech_probability", finite(segment.no_speech_probability)},
               {"temperature", finite(segment.temperature)}};
  for (const auto& word : segment.words) json["words"].push_back(json_of(word));
  if (!segment.tokens.empty()) json["tokens"] = segment.tokens;
  return json;
}

HeardSegment segment_from(const Json& json) {
  HeardSegment segment{milliseconds_at(json, "begin_ms"),
                       milliseconds_at(json, "end_ms"),
                       text_at(json, "text"),
                       {},
                       {},
                       json.value("average_logprob", 0.0),
                       json.value("no_speech_probability", 0.0),
                       json.value("temperature", 0.0)};
  if (const auto words = json.find("words"); words != json.end()) {
    segment.words = list_of<HeardWord>(*words, word_from);
  }
  if (const auto tokens = json.find("tokens"); tokens != json.end()) {
    segment.tokens = list_of<std::int32_t>(*tokens, integer<std::int32_t>);
  }
  return segment;
}

void put(Json& json, const HearOptions& options) {
  json["language"] = options.language;
  json["prompt"] = options.prompt;
  json["translate"] = options.translate;
  if (options.want_words) json["words"] = true;
  if (!options.hot_words.empty()) json["hot_words"] = options.hot_words;
  if (!options.grammar.empty()) json["grammar"] = options.grammar;
  put(json, "temperature", options.temperature);
  put(json, "temperature_step", options.temperature_step);
  if (options.beam_size != 0) json["beam_size"] = options.beam_size;
}

HearOptions hear_options_from(const Json& json) {
  HearOptions options;
  options.language = text_at(json, "language");
  options.prompt = text_at(json, "prompt");
  options.translate = json.at("translate").get<bool>();
  options.want_words = json.value("words", false);
  options.hot_words = json.value("hot_words", std::vector<std::string>());
  options.grammar = json.value("grammar", std::string());
  options.temperature = find_number(json, "temperature");
  options.temperature_step = find_number(json, "temperature_step");
  if (const auto size = json.find("beam_size"); size != json.end()) {
    options.beam_size = integer<int>(*size);
  }
  return options;
}

std::vector<float> rest_as_floats(PayloadReader& payload) {
  return payload.take_floats(payload.size() / sizeof(float));
}

media::Pcm audio_from(const Json& json, PayloadReader& payload) {
  return {integer<int>(json.at("sample_rate")), rest_as_floats(payload)};
}

HearEvent::Kind event_kind_from(const Json& json) {
  const auto name = json.find("kind");
  if (name == json.end()) return HearEvent::Kind::kFinal;
  const auto kind = std::find(kEventKinds.begin(), kEventKinds.end(), name->get<std::string>());
  if (kind == kEventKinds.end()) return HearEvent::Kind::kProgress;  // of a newer host
  return static_cast<HearEvent::Kind>(kind - kEventKinds.begin());
}

}  // namespace

Json json_of(const inference::HearAbilities& abilities) {
  return {{"sample_rate", abilities.sample_rate}, {"streams", abilities.streams},
          {"translates", abilities.translates},   {"words", abilities.words},
          {"grammars", abilities.grammars},       {"languages", abilities.languages}};
}

inference::HearAbilities hear_abilities_from(const Json& json) {
  inference::HearAbilities abilities;
  if (const auto rate = json.find("sample_rate"); rate != json.end()) {
    abilities.sample_rate = integer<int>(*rate);
  }
  abilities.streams = json.value("streams", false);
  abilities.translates = json.value("translates", false);
  abilities.words = json.value("words", false);
  abilities.grammars = json.value("grammars", false);
  abilities.languages = json.value("languages", std::vector<std::string>());
  return abilities;
}

Json json_of(const inference::Voice& voice) {
  return {{"name", voice.name},
          {"language", voice.language},
          {"sample_rate", voice.sample_rate},
          {"speakers", voice.speakers},
          {"description", voice.description}};
}

inference::Voice voice_from(const Json& json) {
  if (json.is_string()) return {json.get<std::string>()};
  inference::Voice voice{text_at(json, "name"), json.value("language", std::string())};
  if (const auto rate = json.find("sample_rate"); rate != json.end()) {
    voice.sample_rate = integer<int>(*rate);
  }
  voice.speakers = json.value("speakers", std::vector<std::string>());
  voice.description = json.value("description", std::string());
  return voice;
}

Body encode_hear(CallHead head, const inference::HearRequest& request) {
  Json json = head_of(head, "hear");
  json["sample_rate"] = request.audio.sample_rate;
  put(json, request.options);
  return {dump_strict(json), {std::as_bytes(std::span(request.audio.samples))}};
}

inference::HearRequest hear_request_from(const Json& json, PayloadReader& payload) {
  return {audio_from(json, payload), hear_options_from(json)};
}

Body encode_listen(CallHead head, const Listen& listen) {
  Json json = head_of(head, "listen");
  json["sample_rate"] = listen.sample_rate;
  put(json, listen.options);
  return {dump_strict(json), {}};
}

Listen listen_from(const Json& json) {
  return {integer<int>(json.at("sample_rate")), hear_options_from(json)};
}

Body encode_audio_piece(const inference::AudioPiece& piece) {
  Json json = Json::object();
  if (piece.ends_utterance) json["ends_utterance"] = true;
  if (piece.is_last) json["last"] = true;
  return {json.dump(), {std::as_bytes(std::span(piece.samples))}};
}

inference::AudioPiece parse_audio_piece(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    PayloadReader payload(frame);
    return inference::AudioPiece{rest_as_floats(payload), json.value("ends_utterance", false),
                                 json.value("last", false)};
  });
}

Body encode_heard(const HearEvent& event) {
  Json json = event.kind == HearEvent::Kind::kProgress ? Json::object() : json_of(event.segment);
  json["kind"] = kEventKinds[static_cast<std::size_t>(event.kind)];
  json["heard_ms"] = event.heard.count();
  if (event.kind == HearEvent::Kind::kPartial) json["stable"] = event.stable;
  if (!event.language.empty()) json["language"] = event.language;
  return {dump_repaired(json), {}};
}

HearEvent parse_heard(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    HearEvent event;
    event.kind = event_kind_from(json);
    if (event.kind != HearEvent::Kind::kProgress) event.segment = segment_from(json);
    event.heard = json.contains("heard_ms") ? milliseconds_at(json, "heard_ms") : event.segment.end;
    event.language = json.value("language", std::string());
    if (const auto stable = json.find("stable"); stable != json.end()) {
      event.stable = std::min(integer<std::size_t>(*stable), event.segment.text.size());
    }
    return event;
  });
}

Body encode_hear_result(const inference::HearResult& result) {
  Json segments = Json::array();
  for (const auto& segment : result.segments) segments.push_back(json_of(segment));
  return {dump_repaired({{"language", result.language},
                         {"language_probability", finite(result.language_probability)},
                         {"segments", std::move(segments)}}),
          {}};
}

inference::HearResult parse_hear_result(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    return inference::HearResult{text_at(json, "language"), json.value("language_probability", 0.0),
                                 list_of<HeardSegment>(json.at("segments"), segment_from)};
  });
}

Body encode_say(CallHead head, const inference::SayRequest& request) {
  Json json = head_of(head, "say");
  json["text"] = request.text;
  json["voice"] = request.voice;
  json["speed"] = finite(request.speed);
  if (!request.speaker.empty()) json["speaker"] = request.speaker;
  put(json, "pitch", request.pitch);
  put(json, "noise_scale", request.noise_scale);
  put(json, "noise_width", request.noise_width);
  if (request.is_ssml) json["ssml"] = true;
  return {dump_strict(json), {}};
}

inference::SayRequest say_request_from(const Json& json) {
  return {text_at(json, "text"),
          text_at(json, "voice"),
          json.at("speed").get<double>(),
          json.value("speaker", std::string()),
          find_number(json, "pitch"),
          find_number(json, "noise_scale"),
          find_number(json, "noise_width"),
          json.value("ssml", false)};
}

Body encode_audio(int sample_rate, std::span<const float> samples) {
  return {Json{{"sample_rate", sample_rate}}.dump(), {std::as_bytes(samples)}};
}

media::Pcm parse_audio(const Frame& frame) {
  return reading([&] {
    PayloadReader payload(frame);
    return audio_from(parse_json(frame), payload);
  });
}

}  // namespace hailstone::hosting
