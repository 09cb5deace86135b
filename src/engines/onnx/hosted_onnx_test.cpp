// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Networks of a few hundred bytes in the real ONNX Runtime, in its host as the daemon has it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstring>
#include <fstream>
#include <future>
#include <span>
#include <thread>

#include "base/error.hpp"
#include "engines/onnx/testing/real_host.hpp"
#include "formats/testing/micro_onnx.hpp"
#include "hosting/host.hpp"
#include "inference/tensor_session.hpp"
#include "support/child_processes.hpp"

namespace hailstone::engines::onnx {
namespace {

using namespace std::chrono_literals;
using namespace formats::testing;  // NOLINT
using inference::ElementType;
using inference::ModelSpec;
using inference::Tensor;
using test_support::child_processes;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Settings = std::map<std::string, std::string>;

RunContext soon(std::chrono::nanoseconds limit = 60s) {
  return {Deadline::in(limit), {}};
}

template <typename Value>
Tensor tensor_of(ElementType type, Shape shape, std::vector<Value> values) {
  return {{"", type, std::move(shape)}, std::move(values)};
}

template <typename Value>
std::vector<Value> values_of(const Tensor& tensor) {
  std::vector<Value> values(tensor.data.size() / sizeof(Value));
  std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
  return values;
}

/// count pictures of side x side; the pixels' channels are 1, 2 and 3 more than the picture's
/// number.
Tensor pictures(std::int64_t count, std::int64_t side) {
  std::vector<std::uint8_t> pixels;
  for (std::int64_t i = 0; i < count * side * side * 3; ++i) {
    pixels.push_back(static_cast<std::uint8_t>(1 + i % 3 + i / (side * side * 3)));
  }
  return tensor_of(ElementType::kUint8, {count, side, side, 3}, pixels);
}

template <typename Action>
Error error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error(ErrorCode::kInternal, "none");
}

class HostedOnnx : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto availability = engine_->probe();
    if (!availability.usable) GTEST_SKIP() << availability.reason;
  }

  ModelSpec spec_of(const std::string& bytes, Settings settings = {}) {
    files_.push_back(std::make_unique<TempModel>(std::to_string(files_.size()), bytes));
    ModelSpec spec;
    spec.name = "net";
    spec.engine = "onnx";
    spec.weights = files_.back()->path();
    spec.settings = std::move(settings);
    return spec;
  }

  std::unique_ptr<inference::Model> load(const std::string& bytes, Settings settings = {}) {
    return engine_->load(spec_of(bytes, std::move(settings)), {}, soon());
  }

  /// What the loop takes as its count: for longer than any test.
  static std::vector<Tensor> endless() {
    return {tensor_of<std::int64_t>(ElementType::kInt64, {}, {std::int64_t{1} << 60}),
            tensor_of<float>(ElementType::kFloat32, {4}, {1, 2, 3, 4})};
  }

  const std::unique_ptr<inference::Engine> engine_ = make_hosted();
  std::vector<std::unique_ptr<TempModel>> files_;

 private:
  static std::unique_ptr<inference::Engine> make_hosted() {
    return onnx::testing::make_hosted_onnx();
  }
};

TEST_F(HostedOnnx, ConvertsAPictureAsTheManifestSays) {
  const Settings plain = {{"input", R"({"width":2,"height":2,"layout":"nchw"})"}};
  auto model = load(convolution_model(2), plain);
  auto outputs = model->tensor()->run({pictures(1, 2)}, soon());
  ASSERT_EQ(outputs.size(), 1U);
  EXPECT_EQ(outputs[0].info.name, "sum");
  EXPECT_THAT(outputs[0].info.shape, ElementsAre(1, 1, 2, 2));
  EXPECT_THAT(values_of<float>(outputs[0]), ElementsAre(321, 321, 321, 321));
  model = load(convolution_model(2),
               {{"input", R"({"layout":"nchw","color":"bgr","mean":1,"std":[1,1,0.5]})"}});
  outputs = model->tensor()->run({pictures(1, 2)}, soon());
  // (3 - 1) + 10 * (2 - 1) + 100 * (1 - 1) / 0.5
  EXPECT_THAT(values_of<float>(outputs[0]), ElementsAre(12, 12, 12, 12));
}

TEST_F(HostedOnnx, AnInputThatANetworkPassesOnIsItsOwnRuns) {
  constexpr std::int64_t kSide = 512;  // so that another run begins while this one's is sent
  const Shape shape{1, 3, kSide, kSide};
  const auto model = load(formats::testing::model(
      {.nodes = {node("Identity", {"x"}, {"y"})},
       .constants = {},
       .inputs = {value("x", Type::kFloat, shape)},
       .outputs = {value("x", Type::kFloat, shape), value("y", Type::kFloat, shape)}}));
  const auto run_some = [&](std::uint8_t gray) {
    const Tensor picture = tensor_of(ElementType::kUint8, {1, kSide, kSide, 3},
                                     std::vector<std::uint8_t>(kSide * kSide * 3, gray));
    for (int i = 0; i < 25; ++i) {
      const auto outputs = model->tensor()->run({picture}, soon());
      ASSERT_EQ(outputs.size(), 2U);
      for (const auto& output : outputs) {
        const auto values = values_of<float>(output);
        EXPECT_EQ(std::count(values.begin(), values.end(), gray), kSide * kSide * 3);
      }
    }
  };
  std::vector<std::jthread> clients;
  for (const auto gray : std::vector<std::uint8_t>{1, 2, 3, 4})
    clients.emplace_back(run_some, gray);
}

TEST_F(HostedOnnx, RunsSeveralPicturesAtOnce) {
  const auto model = load(convolution_model(2));
  const auto outputs = model->tensor()->run({pictures(2, 2)}, soon());
  EXPECT_THAT(outputs.at(0).info.shape, ElementsAre(2, 1, 2, 2));
  EXPECT_THAT(values_of<float>(outputs[0]), ElementsAre(321, 321, 321, 321, 432, 432, 432, 432));
}

TEST_F(HostedOnnx, TakesRawTensorsAsTheyAre) {
  const auto model = load(convolution_model(1));
  const auto raw = tensor_of<float>(ElementType::kFloat32, {1, 3, 1, 1}, {0.5, 0.25, -1});
  EXPECT_THAT(values_of<float>(model->tensor()->run({raw}, soon()).at(0)), ElementsAre(-97));
}

TEST_F(HostedOnnx, HalvesAndTruthValuesStayWhatTheyAre) {
  const auto half = load(identity_model(Type::kHalf, {1, 3, 1, 1}));
  EXPECT_EQ(half->tensor()->outputs().at(0).type, ElementType::kFloat16);
  const auto outputs = half->tensor()->run({pictures(1, 1)}, soon());
  EXPECT_THAT(values_of<std::uint16_t>(outputs.at(0)), ElementsAre(0x3C00, 0x4000, 0x4200));
  const auto truth = load(identity_model(Type::kBool, {2}));
  const auto input = tensor_of<std::uint8_t>(ElementType::kUint8, {2}, {1, 0});
  EXPECT_THAT(values_of<std::uint8_t>(truth->tensor()->run({input}, soon()).at(0)),
              ElementsAre(1, 0));
}

TEST_F(HostedOnnx, SaysWhichInputDoesNotFitAndHow) {
  const auto model = load(convolution_model(2));
  const auto refuse = [&](const Tensor& tensor) {
    const Error error = error_of([&] { model->tensor()->run({tensor}, soon()); });
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    return std::string(error.what());
  };
  EXPECT_EQ(refuse(pictures(1, 3)), "input image: [any, 3, 2, 2] expected, got a picture of 3x3");
  EXPECT_EQ(refuse(tensor_of<float>(ElementType::kFloat32, {1, 3}, {1, 2, 3})),
            "input image: float32 [any, 3, 2, 2] expected, got float32 [1, 3]");
  EXPECT_EQ(refuse(tensor_of<std::int64_t>(ElementType::kInt64, {1, 3, 2, 2}, {1})),
            "input image: float32 [any, 3, 2, 2] expected, got int64 [1, 3, 2, 2]");
  EXPECT_TRUE(model->alive());
}

TEST_F(HostedOnnx, DescribesWithoutLoading) {
  const auto facts = engine_->describe(spec_of(convolution_model(8)), inference::FactDetail::kFull);
  EXPECT_EQ(facts.parameters, 3U);
  EXPECT_EQ(facts.quantization, "F32");
  ASSERT_EQ(facts.tensors.size(), 1U);
  EXPECT_EQ(facts.tensors[0].name, "w");
  const auto input =
      std::find_if(facts.metadata.begin(), facts.metadata.end(),
                   [](const auto& fact) { return fact.first == "onnx.input.image"; });
  ASSERT_NE(input, facts.metadata.end());
  EXPECT_EQ(std::get<std::string>(input->second), "float32 [any, 3, 8, 8]");
}

TEST_F(HostedOnnx, ARunThatTakesTooLongEndsAndTheModelLivesOn) {
  const auto model = load(loop_model());
  const Error error = error_of([&] { model->tensor()->run(endless(), soon(200ms)); });
  EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  EXPECT_TRUE(model->alive());
  auto few = endless();
  few[0] = tensor_of<std::int64_t>(ElementType::kInt64, {}, {3});
  EXPECT_THAT(values_of<float>(model->tensor()->run(few, soon()).at(0)),
              ElementsAre(-1, -2, -3, -4));
}

TEST_F(HostedOnnx, TheHostItselfEndsARunWhoseTimeIsUp) {
  const auto spec = spec_of(loop_model());
  hosting::HostCommand command = onnx::testing::host_command();
  command.cage.read.push_back(spec.weights);
  hosting::Host host("onnx", command, {}, soon());
  constexpr std::uint32_t kModel = 1;
  const auto loaded = host.call("loading", hosting::encode_load({kModel, {}}, spec, {}), soon());
  ASSERT_EQ(loaded.type, hosting::FrameType::kResult) << hosting::parse_error(loaded).error.what();
  // Nobody here calls it off.
  for (const auto time_left : {200ms, 100ms, 50ms}) {
    const auto frame =
        host.call("running", hosting::encode_run({kModel, time_left}, endless(), {}), soon());
    ASSERT_EQ(frame.type, hosting::FrameType::kError);
    const Error error = hosting::parse_error(frame).error;
    EXPECT_EQ(error.code(), ErrorCode::kTimeout) << error.what();
  }
}

TEST_F(HostedOnnx, ARunIsCalledOff) {
  const auto model = load(loop_model());
  std::stop_source stop;
  const RunContext run{Deadline::in(60s), stop.get_token()};
  auto code = std::async(std::launch::async, [&] {
    return error_of([&] { model->tensor()->run(endless(), run); }).code();
  });
  EXPECT_EQ(code.wait_for(100ms), std::future_status::timeout);
  stop.request_stop();
  EXPECT_EQ(code.get(), ErrorCode::kCancelled);
  EXPECT_TRUE(model->alive()) << "the host ended the run by itself";
}

TEST_F(HostedOnnx, ACrashCostsExactlyTheRequestsOfItsHost) {
  const auto victim = load(loop_model());
  const pid_t host = child_processes().at(0);
  const auto bystander = load(convolution_model(2));
  std::vector<std::future<ErrorCode>> runs;
  for (int i = 0; i < 2; ++i) {
    runs.push_back(std::async(std::launch::async, [&] {
      return error_of([&] { victim->tensor()->run(endless(), soon()); }).code();
    }));
  }
  EXPECT_EQ(runs[0].wait_for(100ms), std::future_status::timeout);
  ::kill(host, SIGSEGV);
  for (auto& run : runs) EXPECT_EQ(run.get(), ErrorCode::kEngineFailed);
  EXPECT_FALSE(victim->alive());
  EXPECT_EQ(bystander->tensor()->run({pictures(1, 2)}, soon()).size(), 1U);
  EXPECT_TRUE(bystander->alive());
}

/// Of a process alone: its PSS grows when another host ends that shared the library with it.
ByteSize own_memory(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  std::string word;
  while (status >> word) {
    if (word != "RssAnon:") continue;
    std::uint64_t kib = 0;
    status >> kib;
    return ByteSize::kib(kib);
  }
  return {};
}

TEST_F(HostedOnnx, MemoryStaysFlatOverAThousandRuns) {
  const auto model = load(convolution_model(64));
  const auto run = [&](int i) { model->tensor()->run({pictures(1 + i % 3, 64)}, soon()); };
  const pid_t host = child_processes().at(0);
  for (int i = 0; i < 50; ++i) run(i);
  const ByteSize before = own_memory(host);
  ASSERT_GT(before, ByteSize());
  for (int i = 0; i < 1000; ++i) run(i);
  EXPECT_LE((own_memory(host) - before).in_mib(), 2);
}

TEST_F(HostedOnnx, AnOperatorThatTheLibraryLacksIsUnsupported) {
  const auto bad = model({.nodes = {node("NoSuchOperator", {"x"}, {"y"})},
                          .constants = {},
                          .inputs = {value("x", Type::kFloat, {1})},
                          .outputs = {value("y", Type::kFloat, {1})}});
  const Error error = error_of([&] { load(bad); });
  EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("net"), HasSubstr("NoSuchOperator")));
}

TEST_F(HostedOnnx, AGraphThatContradictsItselfIsABadRequest) {
  const auto bad = model({.nodes = {node("Add", {"x", "missing"}, {"y"})},
                          .constants = {},
                          .inputs = {value("x", Type::kFloat, {1})},
                          .outputs = {value("y", Type::kFloat, {1})}});
  EXPECT_EQ(error_of([&] { load(bad); }).code(), ErrorCode::kBadRequest);
  const std::string whole = convolution_model(8);
  EXPECT_EQ(error_of([&] { load(whole.substr(0, whole.size() / 2)); }).code(),
            ErrorCode::kBadRequest);
}

TEST_F(HostedOnnx, NeverReadsTheOtherFilesThatANetworkNames) {
  const auto bad = model({.nodes = {node("Add", {"x", "w"}, {"y"})},
                          .constants = {constant_elsewhere("w", "../../etc/passwd")},
                          .inputs = {value("x", Type::kFloat, {1})},
                          .outputs = {value("y", Type::kFloat, {1})}});
  EXPECT_EQ(error_of([&] { load(bad); }).code(), ErrorCode::kUnsupported);
}

TEST_F(HostedOnnx, AFunctionReadsNoFileEitherAndNeverCallsItself) {
  const auto with_function = [](const std::string& body) {
    const std::string opsets = field(8, field(1, "my") + number(2, 1));
    const std::string function = field(1, "F") + field(4, "in") + field(5, "out") + field(7, body) +
                                 field(9, number(2, 17)) + field(9, field(1, "my") + number(2, 1)) +
                                 field(10, "my");
    return model({.nodes = {node("F", {"x"}, {"y"}) + field(7, "my")},
                  .constants = {},
                  .inputs = {value("x", Type::kFloat, {1})},
                  .outputs = {value("y", Type::kFloat, {1})}}) +
           opsets + field(25, function);
  };
  const std::string secret =
      node("Constant", {}, {"out"},
           {field(1, "value") + field(5, constant_elsewhere("w", "../../../../etc/passwd")) +
            number(20, 4)});
  EXPECT_THAT(error_of([&] { load(with_function(secret)); }).what(), HasSubstr("in other files"));
  const std::string again = node("F", {"in"}, {"out"}) + field(7, "my");
  const Error error = error_of([&] { load(with_function(again)); });
  EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
  EXPECT_THAT(error.what(), HasSubstr("calls itself"));
  EXPECT_TRUE(load(with_function(node("Neg", {"in"}, {"out"})))->alive());
}

TEST_F(HostedOnnx, ElementsWithoutACounterpartAreUnsupported) {
  const Error error = error_of([&] { load(identity_model(Type::kDouble, {1})); });
  EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
  EXPECT_THAT(error.what(), HasSubstr("tensor x"));
}

TEST_F(HostedOnnx, MoreMemoryThanThereIsIsOutOfMemory) {
  const auto greedy = model({.nodes = {node("ConstantOfShape", {"size"}, {"y"})},
                             .constants = {},
                             .inputs = {value("size", Type::kInt64, {1})},
                             .outputs = {value("y", Type::kFloat, {-1})}});
  const auto loaded = load(greedy);
  const auto size = tensor_of<std::int64_t>(ElementType::kInt64, {1}, {std::int64_t{1} << 44});
  EXPECT_EQ(error_of([&] { loaded->tensor()->run({size}, soon()); }).code(),
            ErrorCode::kOutOfMemory);
  EXPECT_TRUE(loaded->alive());
}

TEST_F(HostedOnnx, ALoadTakesNoMoreThanIsLeftForIt) {
  const std::vector<std::int64_t> much = {std::int64_t{1} << 29};  // 2 GiB when it is warmed up
  const auto greedy = model({.nodes = {node("ConstantOfShape", {"size"}, {"y"})},
                             .constants = {constant("size", Type::kInt64, {1}, much)},
                             .inputs = {value("x", Type::kFloat, {1})},
                             .outputs = {value("y", Type::kFloat, {-1})}});
  auto& bounded = dynamic_cast<inference::BoundedLoads&>(*engine_);
  const Error error =
      error_of([&] { bounded.load_within(ByteSize::mib(150), spec_of(greedy), {}, soon()); });
  EXPECT_EQ(error.code(), ErrorCode::kOutOfMemory) << error.what();
  EXPECT_TRUE(bounded.load_within(ByteSize::gib(1), spec_of(convolution_model(2)), {}, soon()));
}

TEST_F(HostedOnnx, RefusesSettingsItDoesNotKnow) {
  for (const auto& setting :
       Settings{{"threads", "many"}, {"optimisation", "fast"}, {"input", "{\"width\":-1}"}}) {
    const Error error = error_of([&] { load(convolution_model(2), {setting}); });
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    EXPECT_THAT(error.what(), HasSubstr(setting.first));
  }
  EXPECT_TRUE(load(convolution_model(2), {{"threads", "2"}, {"optimisation", "basic"}})->alive());
}

}  // namespace
}  // namespace hailstone::engines::onnx
