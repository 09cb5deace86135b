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
  return milliseconds(integer_at<std::int64_t>(json, name));
}

std::optional<double> find_number(const Json& json, const char* name) {
  const Json* found = find_field(json, name);
  if (found == nullptr) return std::nullopt;
  return number_of(*found, name);
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
          number_or(json, "probability", 0)};
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
                       number_or(json, "average_logprob", 0),
                       number_or(json, "no_speech_probability", 0),
                       number_or(json, "temperature", 0)};
  segment.words = list_or_none<HeardWord>(json, "words", word_from);
  segment.tokens = list_or_none<std::int32_t>(json, "tokens", as_integer<std::int32_t>);
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
  options.translate = flag_at(json, "translate");
  options.want_words = flag_or(json, "words", false);
  options.hot_words = list_or_none<std::string>(json, "hot_words", as_text);
  options.grammar = text_or(json, "grammar");
  options.temperature = find_number(json, "temperature");
  options.temperature_step = find_number(json, "temperature_step");
  options.beam_size = integer_or(json, "beam_size", 0);
  return options;
}

std::vector<float> rest_as_floats(PayloadReader& payload) {
  return payload.take_floats(payload.size() / sizeof(float));
}

media::Pcm audio_from(const Json& json, PayloadReader& payload) {
  return {integer_at<int>(json, "sample_rate"), rest_as_floats(payload)};
}

HearEvent::Kind event_kind_from(const Json& json) {
  const std::string name = text_or(json, "kind", "final");
  const auto kind = std::find(kEventKinds.begin(), kEventKinds.end(), name);
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
  abilities.sample_rate = integer_or(json, "sample_rate", abilities.sample_rate);
  abilities.streams = flag_or(json, "streams", false);
  abilities.translates = flag_or(json, "translates", false);
  abilities.words = flag_or(json, "words", false);
  abilities.grammars = flag_or(json, "grammars", false);
  abilities.languages = list_or_none<std::string>(json, "languages", as_text);
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
  inference::Voice voice{text_at(json, "name"), text_or(json, "language")};
  voice.sample_rate = integer_or(json, "sample_rate", 0);
  voice.speakers = list_or_none<std::string>(json, "speakers", as_text);
  voice.description = text_or(json, "description");
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
  return {integer_at<int>(json, "sample_rate"), hear_options_from(json)};
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
    return inference::AudioPiece{rest_as_floats(payload), flag_or(json, "ends_utterance", false),
                                 flag_or(json, "last", false)};
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
    event.language = text_or(json, "language");
    event.stable = std::min(integer_or<std::size_t>(json, "stable", 0), event.segment.text.size());
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
    return inference::HearResult{text_at(json, "language"),
                                 number_or(json, "language_probability", 0),
                                 list_at<HeardSegment>(json, "segments", segment_from)};
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
          number_at(json, "speed"),
          text_or(json, "speaker"),
          find_number(json, "pitch"),
          find_number(json, "noise_scale"),
          find_number(json, "noise_width"),
          flag_or(json, "ssml", false)};
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
