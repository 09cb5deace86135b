// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/protocol/wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace hailstone::hosting {
namespace {

using testing::ElementsAre;

/// What arrives when a body is sent.
Frame arrive(const Body& body) {
  std::vector<std::byte> payload;
  for (const auto part : body.parts) payload.insert(payload.end(), part.begin(), part.end());
  return {FrameType::kRequest, 1, body.json, std::move(payload)};
}

template <typename Operation>
Operation arrive_as(const Body& body) {
  return std::get<Operation>(parse_call(arrive(body)).operation);
}

inference::ModelSpec make_spec() {
  return {"tiny:latest",
          "fake",
          "/m/w.bin",
          {"/m/p.bin"},
          {"/m/a.bin", "/m/b.bin"},
          {{"recogniser", "/m/r.bin"}},
          {{"reply", "hä \"x\""}}};
}

TEST(Wire, LoadsArriveAsTheyWereSent) {
  const inference::LoadOptions options{4096, 2, 3, 512, false};
  const auto spec = make_spec();
  const Call call = parse_call(
      arrive(encode_load({7, std::chrono::milliseconds(1500), Lane::kBatch}, spec, options)));
  EXPECT_EQ(call.head.model, 7U);
  EXPECT_EQ(call.head.time_left, std::chrono::milliseconds(1500));
  EXPECT_EQ(call.head.lane, Lane::kBatch);
  const auto& load = std::get<Load>(call.operation);
  EXPECT_EQ(load.options, options);
  EXPECT_EQ(load.spec.name, spec.name);
  EXPECT_EQ(load.spec.engine, spec.engine);
  EXPECT_EQ(load.spec.weights, spec.weights);
  EXPECT_EQ(load.spec.projectors, spec.projectors);
  EXPECT_EQ(load.spec.adapters, spec.adapters);
  EXPECT_EQ(load.spec.networks, spec.networks);
  EXPECT_EQ(load.spec.settings, spec.settings);
  const CallHead bare = parse_call(arrive(encode_unload({7, {}}))).head;
  EXPECT_FALSE(bare.time_left);
  EXPECT_EQ(bare.lane, Lane::kInteractive);
  EXPECT_EQ(arrive_as<Describe>(encode_describe({}, spec, inference::FactDetail::kFull)).detail,
            inference::FactDetail::kFull);
  EXPECT_EQ(arrive_as<Estimate>(encode_estimate({}, spec, options)).options, options);
}

TEST(Wire, TemperaturesArriveOrAreMissing) {
  arrive_as<ReadTemperature>(encode_read_temperature({}));
  EXPECT_EQ(parse_temperature(arrive(encode_temperature(Celsius{55.5}))), Celsius{55.5});
  EXPECT_EQ(parse_temperature(arrive(encode_temperature(std::nullopt))), std::nullopt);
  EXPECT_THROW(parse_temperature(arrive({R"({"celsius":"hot"})", {}})), Error);
}

inference::ChatPrompt make_chat() {
  inference::Message user;
  inference::add_text(user, "look");
  inference::add_image(user, std::string("\x89PNG\0x", 6));
  user.parts.push_back({inference::Part::Kind::kAudio, "wave"});
  inference::add_image(user, "jpeg");
  inference::add_text(user, "again");
  inference::Message assistant;
  assistant.role = inference::Role::kAssistant;
  assistant.thinking = "hm";
  assistant.tool_calls = {{"call_1", "weather", R"({"city":"Ulm"})"}};
  auto tool = inference::make_message(inference::Role::kTool, "rain");
  tool.tool_name = "weather";
  tool.tool_call_id = "call_1";
  return {{user, assistant, tool},
          {{"weather", "says it", R"({"type":"object"})"}},
          {inference::ToolChoice::Mode::kNamed, "weather"},
          false};
}

void expect_same_chat(const inference::ChatPrompt& got, const inference::ChatPrompt& sent) {
  ASSERT_EQ(got.messages.size(), sent.messages.size());
  for (std::size_t i = 0; i < got.messages.size(); ++i) {
    EXPECT_EQ(got.messages[i].role, sent.messages[i].role);
    EXPECT_EQ(got.messages[i].parts, sent.messages[i].parts);
    EXPECT_EQ(got.messages[i].thinking, sent.messages[i].thinking);
    EXPECT_EQ(got.messages[i].tool_name, sent.messages[i].tool_name);
    EXPECT_EQ(got.messages[i].tool_call_id, sent.messages[i].tool_call_id);
    EXPECT_EQ(got.messages[i].tool_calls, sent.messages[i].tool_calls);
  }
  EXPECT_EQ(got.tool_choice, sent.tool_choice);
  EXPECT_EQ(got.parallel_tool_calls, sent.parallel_tool_calls);
  ASSERT_EQ(got.tools.size(), sent.tools.size());
  EXPECT_EQ(got.tools[0].name, sent.tools[0].name);
  EXPECT_EQ(got.tools[0].description, sent.tools[0].description);
  EXPECT_EQ(got.tools[0].parameters, sent.tools[0].parameters);
}

TEST(Wire, ConversationsKeepTheirPicturesAndTools) {
  const auto chat = make_chat();
  inference::TextRequest request;
  request.prompt = chat;
  const auto got = arrive_as<inference::TextRequest>(encode_generate({}, request));
  expect_same_chat(std::get<inference::ChatPrompt>(got.prompt), chat);
  expect_same_chat(arrive_as<inference::ChatPrompt>(encode_apply_template({}, chat)), chat);
}

TEST(Wire, TextRequestsKeepWhatIsSetAndWhatIsNot) {
  inference::TextRequest request;
  request.prompt = inference::RawPrompt{{1, -2, 3}, "raw", {"picture"}};
  request.sampling.temperature = 0.25;
  request.sampling.top_k = 40;
  request.sampling.seed = -1;
  request.sampling.logit_bias = {{5, -100}, {6, 0.5}};
  request.thinking_tokens = 9;
  request.stop = {"a", "b"};
  request.max_tokens = 12;
  request.keep_tokens = 4;
  request.shift_context = false;
  request.thinking = inference::Thinking::kMax;
  request.schema = "{}";
  request.want_logprobs = true;
  request.top_logprobs = 3;
  const auto got = arrive_as<inference::TextRequest>(encode_generate({}, request));
  const auto& raw = std::get<inference::RawPrompt>(got.prompt);
  EXPECT_THAT(raw.prefix, ElementsAre(1, -2, 3));
  EXPECT_EQ(raw.text, "raw");
  EXPECT_THAT(raw.images, ElementsAre("picture"));
  EXPECT_EQ(got.sampling.temperature, 0.25);
  EXPECT_EQ(got.sampling.top_k, 40);
  EXPECT_EQ(got.sampling.seed, -1);
  EXPECT_EQ(got.sampling.logit_bias, request.sampling.logit_bias);
  EXPECT_EQ(got.thinking_tokens, 9);
  EXPECT_FALSE(got.sampling.top_p);
  EXPECT_EQ(got.stop, request.stop);
  EXPECT_EQ(got.max_tokens, 12);
  EXPECT_EQ(got.keep_tokens, 4);
  EXPECT_FALSE(got.shift_context);
  EXPECT_EQ(got.thinking, inference::Thinking::kMax);
  EXPECT_EQ(got.schema, "{}");
  EXPECT_TRUE(got.want_logprobs);
  EXPECT_EQ(got.top_logprobs, 3);
  request.prompt = inference::InfillPrompt{"be", "re"};
  const auto infill = arrive_as<inference::TextRequest>(encode_generate({}, request));
  EXPECT_EQ(std::get<inference::InfillPrompt>(infill.prompt).suffix, "re");
}

TEST(Wire, OtherRequestsArriveAsTheyWereSent) {
  EXPECT_THAT(arrive_as<Embed>(encode_embed({}, {"a", ""})).inputs, ElementsAre("a", ""));
  const auto rank = arrive_as<Rank>(encode_rank({}, "q", {"a", ""}));
  EXPECT_EQ(rank.query, "q");
  EXPECT_THAT(rank.documents, ElementsAre("a", ""));
  const std::string bytes("\xFF\0 any bytes", 12);
  EXPECT_EQ(arrive_as<Tokenize>(encode_tokenize({}, bytes)).text, bytes);
  EXPECT_THAT(arrive_as<Detokenize>(encode_detokenize({}, {5, -6})).tokens, ElementsAre(5, -6));

  inference::HearRequest hear;
  hear.audio = {8000, {0.5F, -0.5F}};
  hear.options.language = "de";
  hear.options.translate = true;
  hear.options.want_words = true;
  hear.options.hot_words = {"Ulm"};
  hear.options.grammar = "#JSGF V1.0;";
  hear.options.temperature = 0;
  hear.options.beam_size = 3;
  const auto heard = arrive_as<inference::HearRequest>(encode_hear({}, hear));
  EXPECT_EQ(heard.audio.sample_rate, 8000);
  EXPECT_EQ(heard.audio.samples, hear.audio.samples);
  EXPECT_EQ(heard.options, hear.options);
  const auto listen = arrive_as<Listen>(encode_listen({}, {48'000, hear.options}));
  EXPECT_EQ(listen.sample_rate, 48'000);
  EXPECT_EQ(listen.options, hear.options);
  EXPECT_EQ(arrive_as<Listen>(encode_listen({}, {8000, {}})).options, inference::HearOptions{});

  for (const auto& say : {inference::SayRequest{"hi", "fake-low", 1.5},
                          inference::SayRequest{"hi", "", 1, "anna", 1.2, 0.5, 0.8, true}}) {
    EXPECT_EQ(arrive_as<inference::SayRequest>(encode_say({}, say)), say);
  }

  const media::Image image{2, 1, {1, 2, 3, 4, 5, 6}};
  const auto read = arrive_as<ReadImage>(encode_read({}, image, "eng"));
  EXPECT_EQ(read.image.pixels, image.pixels);
  EXPECT_EQ(read.image.width, 2);
  EXPECT_EQ(read.language, "eng");
}

TEST(Wire, TensorsArriveOneAndSeveral) {
  const inference::Tensor one{{"a", inference::ElementType::kFloat16, {1, -1}},
                              std::vector{std::byte(1), std::byte(2)}};
  const inference::Tensor two{{"b", inference::ElementType::kInt64, {}}, std::vector{std::byte(3)}};
  for (const auto& sent : std::vector<std::vector<inference::Tensor>>{{}, {one}, {one, two}}) {
    const auto run = arrive_as<RunTensors>(encode_run({}, sent, "recogniser"));
    EXPECT_EQ(run.network, "recogniser");
    const auto& got = run.inputs;
    const auto back = parse_tensors(arrive(encode_tensors(sent)));
    ASSERT_EQ(got.size(), sent.size());
    ASSERT_EQ(back.size(), sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) {
      EXPECT_EQ(got[i].info, sent[i].info);
      EXPECT_EQ(got[i].data, sent[i].data);
      EXPECT_EQ(back[i].data, sent[i].data);
    }
  }
}

TEST(Wire, TensorsStayInTheirFrameWhereNumbersOfAnyTypeMayLie) {
  const auto is_aligned = [](const inference::Tensor& tensor) {
    const auto address = reinterpret_cast<std::uintptr_t>(tensor.data.data());
    return address % alignof(std::max_align_t) == 0;
  };
  const auto tensor = [](std::size_t size) {
    return inference::Tensor{{"t", inference::ElementType::kUint8, {-1}},
                             std::vector<std::byte>(size)};
  };
  const std::vector<inference::Tensor> sent{tensor(32), tensor(5), tensor(32)};
  const Frame frame = arrive(encode_tensors(sent));
  const auto got = parse_tensors(frame);
  EXPECT_EQ(got.at(0).data.data(), frame.payload.data());
  EXPECT_EQ(got.at(1).data.data(), frame.payload.data() + 32);
  EXPECT_NE(got.at(2).data.data(), frame.payload.data() + 37);
  EXPECT_TRUE(is_aligned(got.at(2)));
}

TEST(Wire, GreetingsAndErrorsArrive) {
  EXPECT_TRUE(parse_hello(arrive(encode_hello({1, true}))).shared_memory);
  const auto welcome = parse_welcome(
      arrive(encode_welcome({1, "onnx", {false, "no runtime", "1.2", ByteSize::mib(8)}, true})));
  EXPECT_EQ(welcome.engine, "onnx");
  EXPECT_EQ(welcome.availability.version, "1.2");
  EXPECT_FALSE(welcome.availability.usable);
  EXPECT_EQ(welcome.availability.reason, "no runtime");
  EXPECT_EQ(welcome.availability.npu_memory, ByteSize::mib(8));
  const Credit credit = parse_credit(arrive(encode_credit({16, 1 << 20})));
  EXPECT_EQ(credit.frames, 16U);
  EXPECT_EQ(credit.bytes, 1U << 20);
  EXPECT_EQ(parse_credit({FrameType::kCredit, 1, R"({"chunks":3})", {}}).bytes, 0U);

  Error busy(ErrorCode::kBusy, "full", "later");
  busy.set_retry_after(std::chrono::seconds(3));
  const auto remote = parse_error(arrive(encode_error({busy, false})));
  EXPECT_EQ(remote.error.code(), ErrorCode::kBusy);
  EXPECT_STREQ(remote.error.what(), "full");
  EXPECT_EQ(remote.error.detail(), "later");
  EXPECT_EQ(remote.error.retry_after(), std::chrono::seconds(3));
  EXPECT_FALSE(remote.is_model_alive);
  Frame unknown{FrameType::kError, 1, R"({"code":"flood","message":"m"})", {}};
  EXPECT_EQ(parse_error(unknown).error.code(), ErrorCode::kEngineFailed);
}

TEST(Wire, FeaturesAreWhatBothSidesName) {
  EXPECT_EQ(parse_hello(arrive(encode_hello({1, true, kFeatures}))).features, kFeatures);
  EXPECT_EQ(parse_welcome(arrive(encode_welcome({1, "e", {}, false, kFeatures}))).features,
            kFeatures);
  Frame old{FrameType::kHello, 0, R"({"protocol":1})", {}};
  EXPECT_EQ(parse_hello(old).features, Features{});
  old.json = R"({"protocol":1,"features":["streams","of a later version"]})";
  EXPECT_TRUE(parse_hello(old).features.streams);
  EXPECT_EQ(kFeatures & Features{}, Features{});
}

TEST(Wire, WhatALoadedModelSaysArrives) {
  LoadedModel model;
  model.tensor = {{{"in", inference::ElementType::kUint8, {-1, 3}}},
                  {{"out", inference::ElementType::kFloat32, {1}}}};
  model.networks["recogniser"] = {{}, {{"text", inference::ElementType::kInt64, {-1}}}};
  model.context_length = 4096;
  model.hear = {8000, true, true, true, true, {"en", "de"}};
  model.voices = {{{"a"}, {"b", "de-DE", 22'050, {"anna", "ben"}, "a voice"}}};
  model.reads = true;
  model.slots = 3;
  model.footprint = {ByteSize::mib(3), ByteSize::mib(4)};
  const auto got = parse_loaded(arrive(encode_loaded(model)));
  EXPECT_EQ(got.tensor->inputs, model.tensor->inputs);
  EXPECT_EQ(got.tensor->outputs, model.tensor->outputs);
  ASSERT_TRUE(got.networks.contains("recogniser"));
  EXPECT_EQ(got.networks.at("recogniser").outputs, model.networks.at("recogniser").outputs);
  EXPECT_EQ(got.context_length, 4096);
  EXPECT_EQ(got.voices, model.voices);
  EXPECT_EQ(got.hear, model.hear);
  EXPECT_TRUE(got.reads);
  EXPECT_EQ(got.slots, 3);
  EXPECT_EQ(got.footprint.npu, ByteSize::mib(4));
  EXPECT_EQ(parse_footprint(arrive(encode_footprint(model.footprint))).host, ByteSize::mib(3));
}

TEST(Wire, WhatAnEarlierHostSaysOfItsSessionsIsEnough) {
  const auto loaded = parse_loaded(
      {FrameType::kResult,
       1,
       R"({"footprint":{"host_bytes":1,"npu_bytes":0},"hear":{},"say":{"voices":["a"]}})",
       {}});
  EXPECT_EQ(loaded.hear, inference::HearAbilities{});
  EXPECT_EQ(loaded.voices->at(0).name, "a");
  const auto heard =
      parse_heard({FrameType::kChunk, 1, R"({"begin_ms":5,"end_ms":9,"text":"hi"})", {}});
  EXPECT_EQ(heard.kind, inference::HearEvent::Kind::kFinal);
  EXPECT_EQ(heard.heard.count(), 9);
}

TEST(Wire, FactsArrive) {
  inference::ModelFacts facts;
  facts.architecture = "llama";
  facts.parameters = 5'000'000'000;
  facts.quantization = "Q4_0";
  facts.context_length = 2048;
  facts.embedding_length = 64;
  facts.chat_template = "{{x}}";
  facts.capabilities = {inference::Capability::kTools, inference::Capability::kAudio};
  facts.metadata = {{"b", true},
                    {"i", std::int64_t{-3}},
                    {"u", std::uint64_t{18'446'744'073'709'551'615U}},
                    {"d", 0.5},
                    {"s", std::string("text \xFF")},
                    {"l", inference::FactList{3, {std::string("x"), 1.5}}}};
  facts.tensors = {{"w", "Q4_0", {2, 3}}};
  const auto got = parse_facts(arrive(encode_facts(facts)));
  EXPECT_EQ(got.architecture, "llama");
  EXPECT_EQ(got.parameters, 5'000'000'000U);
  EXPECT_EQ(got.capabilities, facts.capabilities);
  ASSERT_EQ(got.metadata.size(), 6U);
  for (const std::size_t same : {0, 1, 2, 3}) {
    EXPECT_EQ(got.metadata[same].second.index(), facts.metadata[same].second.index());
  }
  EXPECT_EQ(std::get<std::uint64_t>(got.metadata[2].second),
            std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(std::get<std::string>(got.metadata[4].second), "text \xEF\xBF\xBD");  // repaired
  EXPECT_EQ(std::get<inference::FactList>(got.metadata[5].second).length, 3U);
  ASSERT_EQ(got.tensors.size(), 1U);
  EXPECT_THAT(got.tensors[0].shape, ElementsAre(2, 3));
}

TEST(Wire, ChunksAndResultsArrive) {
  inference::TextChunk chunk;
  chunk.text = "hä";
  chunk.thinking = "so";
  chunk.tool_calls = {{0, "1", "f", "{"}, {0, "", "", "}"}};
  chunk.logprobs = {{"h", -std::numeric_limits<double>::infinity(), "h", 3, {{"?", -0.5, "\xC3"}}}};
  const auto got = parse_text_chunk(arrive(encode_text_chunk(chunk)));
  EXPECT_EQ(got.text + got.thinking, "häso");
  EXPECT_EQ(got.tool_calls.at(0).name, "f");
  EXPECT_EQ(got.tool_calls.at(1).arguments, "}");
  EXPECT_EQ(got.logprobs.at(0).bytes, "h");
  EXPECT_EQ(got.logprobs.at(0).id, 3);
  EXPECT_EQ(got.logprobs.at(0).top.at(0).bytes, "\xC3");
  EXPECT_EQ(got.logprobs.at(0).top.at(0).id, -1);
  EXPECT_LT(got.logprobs.at(0).logprob, -1e300);
  EXPECT_EQ(got.logprobs.at(0).top.at(0).logprob, -0.5);
  EXPECT_TRUE(parse_text_chunk(arrive(encode_text_chunk({}))).text.empty());

  inference::TextResult result;
  result.finish = inference::FinishReason::kLength;
  result.prompt_tokens = 5;
  result.cached_prompt_tokens = 4;
  result.generated_tokens = 3;
  result.thinking_tokens = 2;
  result.stop_text = "END";
  result.prompt_time = std::chrono::seconds(2);
  result.tokens = {9, 8};
  const auto text = parse_text_result(arrive(encode_text_result(result)));
  EXPECT_EQ(text.finish, inference::FinishReason::kLength);
  EXPECT_EQ(text.cached_prompt_tokens, 4);
  EXPECT_EQ(text.thinking_tokens, 2);
  EXPECT_EQ(text.stop_text, "END");
  EXPECT_EQ(text.prompt_time, std::chrono::seconds(2));
  EXPECT_EQ(text.tokens, result.tokens);

  const inference::Embeddings embeddings{{{1.5F, 2}, {}, {-1}}, 7};
  const auto vectors = parse_embeddings(arrive(encode_embeddings(embeddings)));
  EXPECT_EQ(vectors.vectors, embeddings.vectors);
  EXPECT_EQ(vectors.prompt_tokens, 7);

  const auto ranking = parse_ranking(
      arrive(encode_ranking({{-1.5, 2}, inference::Ranking::Scale::kProbability, 9})));
  EXPECT_THAT(ranking.scores, ElementsAre(-1.5, 2));
  EXPECT_EQ(ranking.scale, inference::Ranking::Scale::kProbability);
  EXPECT_EQ(ranking.prompt_tokens, 9);

  EXPECT_THAT(parse_tokens(arrive(encode_tokens({1, 2}))), ElementsAre(1, 2));
  EXPECT_EQ(parse_text(arrive(encode_text("\xFFz"))), "\xFFz");
  EXPECT_EQ(parse_audio(arrive(encode_audio(16'000, std::vector<float>{1}))).samples.size(), 1U);
}

TEST(Wire, HeardAndReadThingsArrive) {
  using std::chrono::milliseconds;
  const inference::HeardSegment segment{
      milliseconds(5), milliseconds(9), "hi",  {{milliseconds(5), milliseconds(8), "hi", 0.5}},
      {7, 8},          -0.25,           0.125, 0.2};
  for (const auto kind : {inference::HearEvent::Kind::kPartial, inference::HearEvent::Kind::kFinal,
                          inference::HearEvent::Kind::kProgress}) {
    const bool has_segment = kind != inference::HearEvent::Kind::kProgress;
    const auto event =
        parse_heard(arrive(encode_heard({kind, segment, 2, milliseconds(20), "en"})));
    EXPECT_EQ(event.kind, kind);
    EXPECT_EQ(event.segment, has_segment ? segment : inference::HeardSegment{});
    EXPECT_EQ(event.stable, kind == inference::HearEvent::Kind::kPartial ? 2U : 0U);
    EXPECT_EQ(event.heard, milliseconds(20));
    EXPECT_EQ(event.language, "en");
  }
  const auto heard =
      parse_hear_result(arrive(encode_hear_result({"en", 0.75, {segment, segment}})));
  EXPECT_EQ(heard.language, "en");
  EXPECT_EQ(heard.language_probability, 0.75);
  EXPECT_EQ(heard.segments, (std::vector{segment, segment}));
  const auto piece = parse_audio_piece(arrive(encode_audio_piece({{0.5F}, true, true})));
  EXPECT_EQ(piece.samples, std::vector{0.5F});
  EXPECT_TRUE(piece.ends_utterance && piece.is_last);

  const inference::ReadLine line{{1, 2, 3.5, 4}, 5, 6, {{"word", {1, 2, 3, 4}, 0.75}}};
  const auto lines = parse_lines(arrive(encode_lines({line})));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].box.width, 3.5);
  EXPECT_EQ(lines[0].paragraph, 6);
  EXPECT_EQ(lines[0].words.at(0).text, "word");
  EXPECT_EQ(lines[0].words.at(0).confidence, 0.75);
}

TEST(Wire, RefusesWhatItCannotRead) {
  for (const char* json :
       {"", "{", "[]", "null", R"({"op":"generate"})", R"({"op":"fly","model":1})",
        R"({"op":"load","model":-1})", R"({"op":"load","model":4294967296})",
        R"({"op":"embed","model":1,"inputs":"x"})", R"({"op":"embed","model":1.5,"inputs":[]})",
        R"({"op":"unload","model":1,"time_left_ms":-5})",
        R"({"op":"read","model":1,"width":99999999999,"height":1,"language":""})",
        R"({"op":"run","model":1,"tensors":[{"name":"a","type":"uint8","shape":[],"bytes":9}]})",
        R"({"op":"run","model":1,"tensors":[{"name":"a","type":"u8","shape":[],"bytes":0}]})"}) {
    EXPECT_THROW(parse_call({FrameType::kRequest, 1, json, {}}), Error) << json;
  }
  Frame short_payload{FrameType::kResult, 1,
                      R"({"dimensions":[9007199254740993],"prompt_tokens":1})",
                      std::vector<std::byte>(8)};
  EXPECT_THROW(parse_embeddings(short_payload), Error);
}

TEST(Wire, RefusesWhatGrowsWhenItIsParsed) {
  const auto expect_refused = [](std::string json) {
    EXPECT_THROW(parse_facts({FrameType::kResult, 1, std::move(json), {}}), Error);
  };
  expect_refused(std::string(1 << 20, '['));
  std::string deep = R"({"metadata":)";
  for (int i = 0; i < 100; ++i) deep += R"({"a":)";
  expect_refused(deep + "1" + std::string(101, '}'));
  std::string many = R"({"metadata":[)";
  for (int i = 0; i < 1'000'001; ++i) many += "[],";
  expect_refused(many + "[]]}");
  const std::string harmless =
      R"({"code":"busy","message":")" + std::string(1000, '[') + R"(\\\"[[[","detail":""})";
  EXPECT_NO_THROW(parse_error({FrameType::kError, 1, harmless, {}})) << "brackets in a text";
}

TEST(Wire, SaysWhichFieldItCannotRead) {
  const auto problem = [](const auto& parse, const char* json) -> std::string {
    try {
      parse(Frame{FrameType::kResult, 1, json, {}});
    } catch (const UnreadableFrame& error) {
      return error.what();
    }
    return "it was read";
  };
  EXPECT_EQ(problem(parse_loaded, R"({"footprint":{"host_bytes":"much","npu_bytes":0}})"),
            "field 'footprint.host_bytes': a whole number from 0 to 9223372036854775807 expected, "
            "got string \"much\"");
  EXPECT_EQ(problem(parse_text_result, R"({"finish":"soon"})"),
            "field 'finish': one of stop, length expected, got string \"soon\"");
  EXPECT_EQ(problem(parse_hear_result, R"({"language":"en","segments":[{"begin_ms":1}]})"),
            "field 'segments[0].end_ms': it is missing");
  EXPECT_EQ(
      problem(parse_tensors, R"({"tensors":[{"name":"a","type":"uint8","shape":[2],"bytes":2}]})"),
      "field 'tensors[0]': the payload is too short: 2 more bytes expected, got 0");
  EXPECT_EQ(problem(parse_tokens, "]"), "it is not JSON");
}

TEST(Wire, MeasuresArrive) {
  arrive_as<Measure>(encode_measure({}));
  const auto got =
      parse_measured(arrive(encode_measured({{3, {ByteSize::mib(1), ByteSize::mib(2)}}, {4, {}}})));
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].model, 3U);
  EXPECT_EQ(got[0].footprint.npu, ByteSize::mib(2));
}

TEST(Wire, TextOfAClientMustBeUtf8) {
  try {
    encode_embed({}, {"\xFF"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
  }
}

}  // namespace
}  // namespace hailstone::hosting
