// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "services/text/dialect/wire_request.hpp"
#include "services/text/openai/wire_chat_request.hpp"
#include "services/text/openai/wire_common.hpp"

namespace hailstone::openai {
namespace {

using http::Fields;
using http::Json;

constexpr std::size_t kMostPrompts = 256;
constexpr std::size_t kMostInputs = 2048;

using Input = std::variant<std::string, TokenList>;

TokenList read_tokens(const Fields& request, std::string_view name, const Json& list) {
  TokenList tokens;
  tokens.reserve(list.size());
  for (const auto& item : list) {
    const auto token = http::find_integer(item);
    if (!token || *token < 0 || *token > kMostInt) {
      throw request.wrong_item(name, tokens.size(), "a token");
    }
    tokens.push_back(static_cast<inference::TokenId>(*token));
  }
  return tokens;
}

/// A text, texts, tokens, or lists of tokens.
std::vector<Input> read_inputs(const Fields& request, std::string_view name, std::size_t most) {
  constexpr std::string_view kExpected = "a string, tokens, or an array of these";
  const Json& value = request.required(name);
  if (value.is_string()) return {value.get<std::string>()};
  if (!value.is_array() || value.empty()) throw request.wrong(name, kExpected);
  if (value.front().is_number()) return {read_tokens(request, name, value)};
  if (value.size() > most) throw request.wrong(name, "at most " + std::to_string(most) + " items");
  std::vector<Input> inputs;
  for (const auto& item : value) {
    if (item.is_string()) {
      inputs.emplace_back(item.get<std::string>());
    } else if (item.is_array()) {
      inputs.emplace_back(read_tokens(request, name, item));
    } else {
      throw request.wrong_item(name, inputs.size(), "a string or tokens");
    }
  }
  return inputs;
}

/// The best of several is known only where they are compared, which nobody does here.
void check_best_of(const Fields& request, int choices) {
  const auto best_of = request.find_int("best_of", 1, kMostChoices);
  if (best_of && *best_of != choices) {
    throw Error(ErrorCode::kBadRequest, "best_of must be n: replies are not compared here",
                "leave it out");
  }
}

}  // namespace

CompletionCall parse_completion(std::string_view body) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  CompletionCall call;
  auto& task = call.task;
  task.model = request.required_string("model");
  task.stream = request.find_bool("stream").value_or(false);
  task.shift = false;
  dialect::read_sampling(request, {}, task.options);
  dialect::read_extensions(request, task);
  constexpr int kDefaultTokens = 16;  // OpenAI's
  task.options.num_predict = find_limit(request, "max_tokens").value_or(kDefaultTokens);
  call.prompts = read_inputs(request, "prompt", kMostPrompts);
  task.suffix = request.find_string("suffix").value_or("");
  task.raw = task.suffix.empty();
  call.echo = request.find_bool("echo").value_or(false);
  if (const auto top = request.find_int("logprobs", 0, kMostTopLogprobs)) {
    task.want_logprobs = true;
    task.top_logprobs = static_cast<int>(*top);
  }
  if (call.echo && task.want_logprobs) {
    throw Error(ErrorCode::kBadRequest, "logprobs cannot be given with echo: the prompt has none",
                "leave one of them out");
  }
  call.choices = read_choices(request);
  check_best_of(request, call.choices);
  call.usage = read_usage(request);
  return call;
}

EmbeddingsCall parse_embeddings(std::string_view body) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  EmbeddingsCall call;
  auto& task = call.task;
  task.model = request.required_string("model");
  for (auto& input : read_inputs(request, "input", kMostInputs)) {
    if (std::visit([](const auto& value) { return value.empty(); }, input)) {
      throw request.wrong("input", "texts that are not empty");
    }
    if (auto* text = std::get_if<std::string>(&input)) {
      task.inputs.push_back(std::move(*text));
    } else {
      task.token_inputs.push_back(std::get<TokenList>(std::move(input)));
    }
  }
  if (!task.inputs.empty() && !task.token_inputs.empty()) {
    throw request.wrong("input", "either texts or tokens");
  }
  const auto form = request.find_string("encoding_format").value_or("float");
  if (form != "float" && form != "base64") {
    throw request.wrong("encoding_format", R"("float" or "base64")");
  }
  call.form = form == "float" ? VectorForm::kFloats : VectorForm::kBase64;
  task.dimensions = static_cast<int>(request.find_int("dimensions", 1, kMostInt).value_or(0));
  task.truncate = request.find_bool("truncate").value_or(true);
  return call;
}

}  // namespace hailstone::openai
