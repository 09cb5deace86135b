// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/ollama_wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "services/common/base64.hpp"

namespace hailstone::services {
namespace {

using inference::Thinking;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// What parse makes of a request with this text in it.
template <typename Parse>
auto with(const std::string& request, Parse parse) {
  const auto json = http::parse_json_object(request);
  return parse(http::Fields(json));
}

std::string refusal_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest) << error.what();
    return error.what();
  }
  return "accepted";
}

ModelOptions options_of(const std::string& options) {
  return with(R"({"options":)" + options + "}", parse_options);
}

std::optional<core::KeepAlive> keep_alive_of(const std::string& value) {
  return with(R"({"keep_alive":)" + value + "}", parse_keep_alive);
}

TEST(Options, EveryKeyReachesItsPlace) {
  const auto options = options_of(
      R"({"temperature":0.5,"top_k":7,"top_p":0.25,"min_p":0.125,"typical_p":0.75,"seed":-1,
          "repeat_last_n":-1,"repeat_penalty":1.5,"presence_penalty":-1,"frequency_penalty":2,
          "stop":["a","b"],"num_predict":-2,"num_keep":5,"num_ctx":4096,"num_batch":64,
          "num_thread":2,"use_mmap":false,"num_gpu":99,"main_gpu":0})");
  EXPECT_EQ(options.sampling.temperature, 0.5);
  EXPECT_EQ(options.sampling.top_k, 7);
  EXPECT_EQ(options.sampling.top_p, 0.25);
  EXPECT_EQ(options.sampling.min_p, 0.125);
  EXPECT_EQ(options.sampling.typical_p, 0.75);
  EXPECT_EQ(options.sampling.seed, -1);
  EXPECT_EQ(options.sampling.repeat_last_n, -1);
  EXPECT_EQ(options.sampling.repeat_penalty, 1.5);
  EXPECT_EQ(options.sampling.presence_penalty, -1);
  EXPECT_EQ(options.sampling.frequency_penalty, 2);
  EXPECT_THAT(options.stop.value(), ElementsAre("a", "b"));
  EXPECT_EQ(options.num_predict, -2);
  EXPECT_EQ(options.num_keep, 5);
  EXPECT_EQ(options.num_ctx, 4096);
  EXPECT_EQ(options.num_batch, 64);
  EXPECT_EQ(options.num_thread, 2);
  EXPECT_EQ(options.use_mmap, false);
  EXPECT_TRUE(options.unknown.empty());
}

TEST(Options, AWholeNumberMayBeWrittenAsAFloat) {
  EXPECT_EQ(options_of(R"({"top_k":40.0})").sampling.top_k, 40);
  EXPECT_EQ(options_of(R"({"temperature":1})").sampling.temperature, 1.0);
}

TEST(Options, NullAndAbsentSayNothing) {
  EXPECT_FALSE(options_of("null").num_ctx);
  EXPECT_FALSE(options_of("{}").num_ctx);
  EXPECT_FALSE(options_of(R"({"num_ctx":null})").num_ctx);
}

TEST(Options, UnknownKeysAreCollectedNotRefused) {
  EXPECT_THAT(options_of(R"({"mirostat":1,"penalize_newline":{"x":[]}})").unknown,
              ElementsAre("mirostat", "penalize_newline"));
}

TEST(Options, AFractionIsCutWhereAnIntegerIsWanted) {
  const auto options = options_of(R"({"top_k":40.9,"seed":-0.5,"num_ctx":2048.0})");
  EXPECT_EQ(options.sampling.top_k, 40);
  EXPECT_EQ(options.sampling.seed, 0);
}

TEST(Options, AWrongTypeNamesTheOption) {
  for (const char* name : {"top_k", "seed", "repeat_last_n", "num_predict", "num_keep", "num_ctx",
                           "num_batch", "num_thread", "num_gpu", "main_gpu"}) {
    for (const char* value : {"\"1\"", "true", "[]", "{}", "9223372036854775808", "1e308"}) {
      const std::string text = "{\"" + std::string(name) + "\":" + value + "}";
      EXPECT_EQ(refusal_of([&] { options_of(text); }),
                "option \"" + std::string(name) + "\" must be of type integer")
          << text;
    }
  }
  for (const char* name : {"temperature", "top_p", "min_p", "typical_p", "repeat_penalty",
                           "presence_penalty", "frequency_penalty"}) {
    for (const char* value : {"\"1\"", "true", "[]", "{}", "1e300"}) {
      const std::string text = "{\"" + std::string(name) + "\":" + value + "}";
      EXPECT_THAT(refusal_of([&] { options_of(text); }),
                  StartsWith("option \"" + std::string(name) + "\""))
          << text;
    }
  }
  EXPECT_EQ(refusal_of([] { options_of(R"({"use_mmap":1})"); }),
            "option \"use_mmap\" must be of type boolean");
  EXPECT_EQ(refusal_of([] { options_of(R"({"stop":"x"})"); }),
            "option \"stop\" must be of type array");
  EXPECT_EQ(refusal_of([] { options_of(R"({"stop":["x",1]})"); }),
            "option \"stop\" must be an array of strings");
  EXPECT_EQ(refusal_of([] { options_of("[]"); }), "options must be an object, got an array");
}

TEST(Options, NumbersThatMakeNoSenseAreRefused) {
  EXPECT_EQ(refusal_of([] { options_of(R"({"num_ctx":-1})"); }),
            "option \"num_ctx\" must not be negative");
  EXPECT_EQ(refusal_of([] { options_of(R"({"num_ctx":2147483648})"); }),
            "option \"num_ctx\" is out of range");
  EXPECT_EQ(refusal_of([] { options_of(R"({"top_k":-2147483649})"); }),
            "option \"top_k\" is out of range");
  std::string many = R"({"stop":["")";
  for (int i = 0; i < 300; ++i) many += ",\"\"";
  EXPECT_EQ(refusal_of([&] { options_of(many + "]}"); }), "option \"stop\" has too many entries");
}

TEST(Options, TheRequestWinsOverTheManifestAndThatOverTheDefaults) {
  const auto manifest =
      parse_params_layer(R"({"temperature":0.1,"stop":["m"],"num_ctx":512,"gone":1})", "m");
  const auto request = options_of(R"({"temperature":0.7,"stop":["r"]})");
  const auto merged = overlay(overlay(ollama_defaults(), manifest), request);
  EXPECT_EQ(merged.sampling.temperature, 0.7);
  EXPECT_EQ(merged.sampling.top_k, 40);
  EXPECT_EQ(merged.num_ctx, 512);
  EXPECT_THAT(merged.stop.value(), ElementsAre("r"));
  EXPECT_TRUE(merged.unknown.empty());
}

TEST(KeepAlive, IsANumberOfSecondsOrADuration) {
  EXPECT_EQ(keep_alive_of("300"), seconds(300));
  EXPECT_EQ(keep_alive_of("1.5"), milliseconds(1500));
  EXPECT_EQ(keep_alive_of("0"), core::KeepAlive::zero());
  EXPECT_EQ(keep_alive_of(R"("5m")"), minutes(5));
  EXPECT_EQ(keep_alive_of(R"("1h30m")"), minutes(90));
  EXPECT_EQ(keep_alive_of(R"("0")"), core::KeepAlive::zero());
  EXPECT_EQ(keep_alive_of(R"("300")"), seconds(300));
  EXPECT_EQ(keep_alive_of("null"), std::nullopt);
  EXPECT_EQ(with("{}", parse_keep_alive), std::nullopt);
}

TEST(KeepAlive, NegativeAndImmenseMeanForEver) {
  for (const char* value : {"-1", "-0.5", R"("-1m")", R"("-1")", "1e300", "9223372036854775808"}) {
    EXPECT_EQ(keep_alive_of(value), core::kForEver) << value;
  }
}

TEST(KeepAlive, RefusesEverythingElse) {
  for (const char* value : {"true", "[]", "{}", R"("")", R"("soon")", R"("5 m")", R"("1e")"}) {
    EXPECT_THAT(refusal_of([&] { keep_alive_of(value); }), StartsWith("keep_alive must be"))
        << value;
  }
}

TEST(Format, IsJsonOrASchema) {
  const auto format_of = [](const std::string& value) {
    return with(R"({"format":)" + value + "}", parse_format);
  };
  EXPECT_EQ(format_of(R"("json")"), "{}");
  EXPECT_EQ(format_of(R"({"type":"object"})"), R"({"type":"object"})");
  EXPECT_EQ(format_of(R"("")"), std::nullopt);
  EXPECT_EQ(format_of("null"), std::nullopt);
  for (const char* bad : {R"("yaml")", "7", "true", "[]"}) {
    EXPECT_THAT(refusal_of([&] { format_of(bad); }), StartsWith("format must be")) << bad;
  }
}

TEST(Think, IsASwitchOrALevel) {
  const auto think_of = [](const std::string& value) {
    return with(R"({"think":)" + value + "}", parse_think);
  };
  EXPECT_EQ(think_of("null"), Thinking::kModelDefault);
  EXPECT_EQ(think_of("true"), Thinking::kOn);
  EXPECT_EQ(think_of("false"), Thinking::kOff);
  EXPECT_EQ(think_of(R"("low")"), Thinking::kLow);
  EXPECT_EQ(think_of(R"("max")"), Thinking::kMax);
  for (const char* bad : {R"("hard")", "1", "{}"}) {
    EXPECT_THAT(refusal_of([&] { think_of(bad); }), StartsWith("think must be")) << bad;
  }
}

TEST(Images, AreBase64WithOrWithoutADataPrefix) {
  const auto images_of = [](const std::string& value) {
    return with(R"({"images":)" + value + "}", parse_images);
  };
  EXPECT_THAT(images_of(R"(["aGk=","data:image/png;base64,aGk="])"), ElementsAre("hi", "hi"));
  EXPECT_TRUE(images_of("null").empty());
  EXPECT_THAT(refusal_of([&] { images_of(R"(["aGk=","!!"])"); }), HasSubstr("images[1]"));
  EXPECT_THAT(refusal_of([&] { images_of("[7]"); }), HasSubstr("images[0]"));
  EXPECT_THAT(refusal_of([&] { images_of(R"([""])"); }), HasSubstr("images[0]"));
  EXPECT_THAT(refusal_of([&] { images_of("{}"); }), HasSubstr("images"));
}

TEST(Base64, ReadsWhatTheStandardWrites) {
  for (const auto& [text, bytes] :
       std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                        {"Zg==", "f"},
                                                        {"Zm8=", "fo"},
                                                        {"Zm9v", "foo"},
                                                        {"Zm9vYg==", "foob"},
                                                        {"Zm9vYmE=", "fooba"},
                                                        {"Zm9vYmFy", "foobar"},
                                                        {"Zm9v\r\nYmFy", "foobar"},
                                                        {"Zg", "f"},
                                                        {"Zm8", "fo"},
                                                        {"+/+/", "\xFB\xFF\xBF"}}) {
    EXPECT_EQ(find_base64(text), bytes) << text;
    EXPECT_EQ(find_base64(to_base64(bytes)), bytes) << text;
  }
}

TEST(Base64, IsWrittenWithPadding) {
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foo"), "Zm9v");
  EXPECT_EQ(to_base64("\xFB\xFF\xFE"), "+//+");
}

TEST(Base64, RefusesWhatIsNone) {
  for (const char* bad :
       {"Z", "Zm9vY", "Zg=", "Zg===", "=", "Zg==Zg==", "Zm 9v", "Zm9-", "Z\xC3\xA9"}) {
    EXPECT_EQ(find_base64(bad), std::nullopt) << bad;
  }
}

TEST(Layers, ABrokenOneBlamesItsModelAndNotTheClient) {
  for (const auto& read : std::vector<std::function<void()>>{
           [] { parse_params_layer("{", "tiny"); }, [] { parse_params_layer("[]", "tiny"); },
           [] { parse_messages_layer("{}", "tiny"); }}) {
    try {
      read();
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInternal);
      EXPECT_THAT(error.what(), StartsWith("tiny: "));
    }
  }
}

TEST(Layers, MessagesKeepTheirRoles) {
  const auto messages = parse_messages_layer(
      R"([{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}])", "tiny");
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[1].role, inference::Role::kAssistant);
  EXPECT_EQ(inference::text_of(messages[1]), "hello");
}

}  // namespace
}  // namespace hailstone::services
