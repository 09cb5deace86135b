// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of the contract test about tensors, sound and pictures. Include contract_test.hpp
// instead of this.

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "inference/audio_pipe.hpp"
#include "inference/contract_test.hpp"
#include "inference/worker/call_session.hpp"

namespace hailstone::inference {

class MediaContract : public EngineContract {
 protected:
  static RunContext soon() { return {Deadline::in(kLong), {}}; }

  static RunContext stopped() {
    std::stop_source stop;
    stop.request_stop();
    return {Deadline::never(), stop.get_token()};
  }

  /// A tensor of zeros that fits; sizes that may be anything are 4.
  static Tensor zeros(const TensorInfo& info) {
    Tensor tensor{info, {}};
    std::size_t bytes = size_of(info.type);
    for (auto& size : tensor.info.shape) {
      if (size < 0) size = 4;
      bytes *= static_cast<std::size_t>(size);
    }
    tensor.data = std::vector<std::byte>(bytes);
    return tensor;
  }

  static std::vector<Tensor> zeros(const std::vector<TensorInfo>& infos) {
    std::vector<Tensor> tensors;
    tensors.reserve(infos.size());
    for (const auto& info : infos) tensors.push_back(zeros(info));
    return tensors;
  }

  static void expect_shape(const std::vector<std::int64_t>& promised,
                           const std::vector<std::int64_t>& shape) {
    ASSERT_EQ(shape.size(), promised.size());
    for (std::size_t i = 0; i < shape.size(); ++i) {
      EXPECT_TRUE(promised[i] < 0 || shape[i] == promised[i]) << shape[i] << " at " << i;
    }
  }

  static constexpr int kSampleRate = 16'000;
  static constexpr std::chrono::milliseconds kSecond{1000};

  static HearRequest clip(int seconds) {
    HearRequest request;
    request.audio = {kSampleRate,
                     std::vector<float>(static_cast<std::size_t>(seconds) * kSampleRate, 0.01F)};
    request.options.language = "en";
    return request;
  }

  static void expect_ordered(const std::vector<HeardSegment>& segments,
                             std::chrono::milliseconds length) {
    std::chrono::milliseconds before{0};
    for (const auto& segment : segments) {
      EXPECT_GE(segment.begin, before);
      EXPECT_GE(segment.end, segment.begin);
      EXPECT_LE(segment.end, length + kSecond);
      before = segment.begin;
    }
  }

  static void expect_box(const Box& box, const media::Image& image) {
    EXPECT_GE(box.x, 0);
    EXPECT_GE(box.y, 0);
    EXPECT_LE(box.x + box.width, image.width + 0.5);
    EXPECT_LE(box.y + box.height, image.height + 0.5);
  }
};

// A setup without the model that its suite is about fails there: leave the suite away.
class TensorContract : public MediaContract {};
class NetworksContract : public MediaContract {};
class HearContract : public MediaContract {};
class SayContract : public MediaContract {};
class ReadContract : public MediaContract {};
class CallContract : public MediaContract {};

TEST_P(TensorContract, TensorsComeOutAsPromised) {
  const auto model = load(GetParam().tensor.value());
  ASSERT_NE(model->tensor(), nullptr);
  TensorSession& session = *model->tensor();
  const auto promised = session.outputs();
  const auto inputs = zeros(session.inputs());
  constexpr int kRuns = 3;
  std::vector<std::jthread> threads;
  threads.reserve(kRuns);
  for (int i = 0; i < kRuns; ++i) {
    threads.emplace_back([&] {
      const auto outputs = session.run(inputs, soon());
      ASSERT_EQ(outputs.size(), promised.size());
      for (std::size_t n = 0; n < outputs.size(); ++n) {
        EXPECT_EQ(outputs[n].info.name, promised[n].name);
        EXPECT_EQ(outputs[n].info.type, promised[n].type);
        expect_shape(promised[n].shape, outputs[n].info.shape);
        EXPECT_EQ(outputs[n].data.size(), zeros(outputs[n].info).data.size());
      }
    });
  }
}

TEST_P(NetworksContract, FurtherNetworksRunBesideTheModelsOwn) {
  const ModelSpec& spec = GetParam().networks.value();
  const auto model = load(spec);
  EXPECT_EQ(model->network("no such network"), nullptr);
  for (const auto& [kind, file] : spec.networks) {
    TensorSession* network = model->network(kind);
    ASSERT_NE(network, nullptr) << kind;
    EXPECT_NE(network->inputs(), model->tensor()->inputs());
    for (TensorSession* session : {network, model->tensor()}) {
      const auto promised = session->outputs();
      const auto outputs = session->run(zeros(session->inputs()), soon());
      ASSERT_EQ(outputs.size(), promised.size());
      for (std::size_t n = 0; n < outputs.size(); ++n) {
        EXPECT_EQ(outputs[n].info.name, promised[n].name);
        expect_shape(promised[n].shape, outputs[n].info.shape);
      }
    }
  }
}

TEST_P(NetworksContract, ABrokenFurtherNetworkFailsTheLoad) {
  ModelSpec spec = GetParam().networks.value();
  spec.networks.begin()->second = "/nonexistent/network";
  EXPECT_EQ(code_of([&] { load(spec); }), ErrorCode::kNotFound);
}

TEST_P(TensorContract, TensorsThatDoNotFitAreRefused) {
  const auto model = load(GetParam().tensor.value());
  TensorSession& session = *model->tensor();
  auto inputs = zeros(session.inputs());
  EXPECT_EQ(code_of([&] { session.run(inputs, stopped()); }), ErrorCode::kCancelled);
  EXPECT_EQ(code_of([&] { session.run({}, soon()); }), ErrorCode::kBadRequest);
  auto& data = inputs.front().data;
  data = data.part(0, data.size() - 1);
  EXPECT_EQ(code_of([&] { session.run(inputs, soon()); }), ErrorCode::kBadRequest);
  inputs = zeros(session.inputs());
  inputs.front().info.shape.assign(7, 1);
  EXPECT_EQ(code_of([&] { session.run(inputs, soon()); }), ErrorCode::kBadRequest);
}

TEST_P(HearContract, HearsInOrderedSegments) {
  const auto model = load(GetParam().hear.value());
  ASSERT_NE(model->hear(), nullptr);
  HearRequest request = clip(3);
  std::vector<HeardSegment> streamed;
  const auto result = model->hear()->hear(
      request,
      [&](HearEvent&& event) {
        if (event.kind == HearEvent::Kind::kFinal) streamed.push_back(std::move(event.segment));
      },
      soon());
  EXPECT_EQ(streamed, result.segments);
  expect_ordered(result.segments, kSecond * 3);
  EXPECT_EQ(code_of([&] { model->hear()->hear(request, {}, stopped()); }), ErrorCode::kCancelled);
  request.options.language = "xx";
  EXPECT_EQ(code_of([&] { model->hear()->hear(request, {}, soon()); }), ErrorCode::kUnsupported);
  request.options.language = "en";
  request.audio.sample_rate = 0;
  EXPECT_EQ(code_of([&] { model->hear()->hear(request, {}, soon()); }), ErrorCode::kBadRequest);
}

TEST_P(HearContract, ListensWhileTheAudioComes) {
  const auto model = load(GetParam().hear.value());
  if (!model->hear()->abilities().streams) GTEST_SKIP() << "it hears whole clips only";
  AudioPipe pipe(kSampleRate, kSampleRate);  // a second: the stream does not fit
  const std::jthread speaker([&] {
    for (int piece = 0; piece < 40; ++piece) pipe.push(clip(1).audio.samples, soon());
    pipe.finish();
  });
  std::vector<HeardSegment> final;
  std::chrono::milliseconds heard{0};
  model->hear()->listen(
      {}, pipe,
      [&](HearEvent&& event) {
        EXPECT_GE(event.heard, heard);
        heard = event.heard;
        EXPECT_LE(event.stable, event.segment.text.size());
        if (event.kind == HearEvent::Kind::kFinal) final.push_back(std::move(event.segment));
      },
      soon());
  EXPECT_GE(heard, kSecond * 39);
  expect_ordered(final, kSecond * 40);
}

TEST_P(HearContract, AStreamIsCalledOffWhileNobodySpeaks) {
  const auto model = load(GetParam().hear.value());
  if (!model->hear()->abilities().streams) GTEST_SKIP() << "it hears whole clips only";
  const auto listen = [&](AudioPipe& pipe, const OnHeard& on_heard, const RunContext& run) {
    model->hear()->listen({}, pipe, on_heard, run);
  };
  AudioPipe silent(kSampleRate, kSampleRate);
  EXPECT_EQ(code_of([&] {
              listen(silent, {}, {Deadline::in(std::chrono::milliseconds(100)), {}});
            }),
            ErrorCode::kTimeout);
  AudioPipe unplugged(kSampleRate, kSampleRate);
  unplugged.push(clip(1).audio.samples, soon());
  const std::jthread speaker([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    unplugged.fail(std::make_exception_ptr(std::logic_error("unplugged")));
  });
  EXPECT_THROW(listen(unplugged, {}, soon()), std::logic_error);
  struct ReaderIsGone {};
  AudioPipe unheard(kSampleRate, kSampleRate * 2);
  unheard.push(clip(2).audio.samples, soon());
  EXPECT_THROW(listen(
                   unheard, [](HearEvent&&) { throw ReaderIsGone(); }, soon()),
               ReaderIsGone);
  EXPECT_TRUE(model->alive());
  AudioPipe odd(0, kSampleRate);
  EXPECT_EQ(code_of([&] { listen(odd, {}, soon()); }), ErrorCode::kBadRequest);
}

TEST_P(HearContract, AnUtteranceEndsWhereTheClientSaysSo) {
  const auto model = load(GetParam().hear.value());
  if (!model->hear()->abilities().streams) GTEST_SKIP() << "it hears whole clips only";
  AudioPipe pipe(kSampleRate, kSampleRate * 2);
  pipe.push(clip(1).audio.samples, soon());
  pipe.push(std::vector<float>(kSampleRate / 4), soon());
  pipe.end_utterance();
  std::stop_source stop;
  // Without an end of the stream, all that was said is worked through.
  const auto on_heard = [&](HearEvent&& event) {
    if (event.heard >= kSecond * 5 / 4 && event.kind != HearEvent::Kind::kPartial) {
      stop.request_stop();
    }
  };
  EXPECT_EQ(code_of([&] {
              model->hear()->listen({}, pipe, on_heard, {Deadline::in(kLong), stop.get_token()});
            }),
            ErrorCode::kCancelled);
}

TEST_P(SayContract, SpeaksInPieces) {
  const auto model = load(GetParam().say.value());
  ASSERT_NE(model->say(), nullptr);
  EXPECT_FALSE(model->say()->voices().empty());
  SayRequest request{"one two three", model->say()->voices().front().name, 1.0};
  std::size_t samples = 0;
  int sample_rate = 0;
  const auto on_audio = [&](media::Pcm&& piece) {
    EXPECT_GT(piece.sample_rate, 0);
    EXPECT_TRUE(sample_rate == 0 || piece.sample_rate == sample_rate);
    sample_rate = piece.sample_rate;
    samples += piece.samples.size();
    for (const float sample : piece.samples) ASSERT_LE(std::abs(sample), 1.0F);
  };
  model->say()->say(request, on_audio, soon());
  EXPECT_GT(samples, 0U);
  struct ReaderIsGone {};
  const auto leave = [](media::Pcm&&) { throw ReaderIsGone(); };
  EXPECT_THROW(model->say()->say(request, leave, soon()), ReaderIsGone);
  EXPECT_EQ(code_of([&] { model->say()->say(request, on_audio, stopped()); }),
            ErrorCode::kCancelled);
  const int promised = model->say()->voices().front().sample_rate;
  EXPECT_TRUE(promised == 0 || promised == sample_rate);
  request.voice = "no such voice";
  EXPECT_EQ(code_of([&] { model->say()->say(request, on_audio, soon()); }), ErrorCode::kNotFound);
}

/// Hands out numbers, each with so many bytes.
class Numbers : public CallSource {
 public:
  Numbers(int count, std::size_t bytes) : count_(count), bytes_(bytes) {}
  std::optional<CallValue> take(const RunContext& run) override {
    run.check();
    if (next_ == count_) return std::nullopt;
    return CallValue{std::to_string(next_++),
                     {{"bytes", "application/octet-stream", std::vector<std::byte>(bytes_)}}};
  }

 private:
  const int count_;
  const std::size_t bytes_;
  int next_ = 0;
};

TEST_P(CallContract, CarriesJsonAndBytesBothWays) {
  const auto model = load(GetParam().call.value());
  ASSERT_NE(model->call(), nullptr);
  const CallRequest request{
      "echo",
      {R"({"a":[1,"x"]})",
       {{"image", "image/png", std::vector<std::byte>(70'000, std::byte{7})}, {"e", "", {}}}}};
  const auto reply = model->call()->call(request, nullptr, {}, soon());
  EXPECT_EQ(reply.json, request.arguments.json);
  ASSERT_EQ(reply.blobs.size(), 2U);
  EXPECT_EQ(reply.blobs[0].media_type, "image/png");
  EXPECT_EQ(reply.blobs[0].data, request.arguments.blobs[0].data);
  EXPECT_EQ(code_of([&] {
              model->call()->call({"fly", {}}, nullptr, {}, soon());
            }),
            ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { model->call()->call(request, nullptr, {}, stopped()); }),
            ErrorCode::kCancelled);
}

TEST_P(CallContract, TakesInputAndAnswersOnTheWay) {
  const auto model = load(GetParam().call.value());
  Numbers numbers(100, 200'000);  // more than may be under way
  int next = 0;
  model->call()->call(
      {"echo", {}}, &numbers,
      [&](CallValue&& value) {
        EXPECT_EQ(value.json, std::to_string(next++));
        EXPECT_EQ(value.blobs.at(0).data.size(), 200'000U);
      },
      soon());
  EXPECT_EQ(next, 100);
}

TEST_P(ReadContract, ReadsWithinThePicture) {
  const auto model = load(GetParam().read.value());
  ASSERT_NE(model->read(), nullptr);
  media::Image image{64, 32, std::vector<std::uint8_t>(64 * 32 * 3, 255)};
  for (const auto& line : model->read()->read(image, "", soon())) {
    expect_box(line.box, image);
    for (const auto& word : line.words) {
      expect_box(word.box, image);
      EXPECT_GE(word.confidence, 0);
      EXPECT_LE(word.confidence, 1);
    }
  }
  EXPECT_EQ(code_of([&] { model->read()->read(image, "", stopped()); }), ErrorCode::kCancelled);
  EXPECT_EQ(code_of([&] { model->read()->read(image, "xx", soon()); }), ErrorCode::kUnsupported);
  image.pixels.pop_back();
  EXPECT_EQ(code_of([&] { model->read()->read(image, "", soon()); }), ErrorCode::kBadRequest);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TensorContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(NetworksContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(CallContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(HearContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SayContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ReadContract);

}  // namespace hailstone::inference
