// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/embed/wire_ollama.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "http/json_fields.hpp"
#include "services/common/ollama_wire.hpp"

namespace hailstone::embed {
namespace {

using http::Fields;
using http::Json;

Task parse_common(const Fields& request) {
  Task task;
  task.model = request.required_string("model");
  task.options = services::parse_options(request);
  task.keep_alive = services::parse_keep_alive(request);
  return task;
}

std::vector<std::string> parse_input(const Fields& request) {
  const Json* input = request.find("input");
  if (input == nullptr || *input == "") return {};
  if (input->is_string()) return {input->get<std::string>()};
  if (!input->is_array()) throw request.wrong("input", "a string or an array of strings");
  return request.find_strings("input").value_or(std::vector<std::string>{});
}

/// Vectors are most of a reply, so they are written directly: the shortest text that reads back as
/// the same float, a third of what the double of it would take.
void append_vector(std::string& out, const std::vector<float>& vector) {
  std::array<char, 32> digits{};
  out += '[';
  for (const float& value : vector) {
    if (&value != vector.data()) out += ',';
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
  }
  out += ']';
}

void append_unless_zero(std::string& out, std::string_view name, std::int64_t value) {
  if (value == 0) return;
  out.append(",\"").append(name).append("\":").append(std::to_string(value));
}

}  // namespace

Task parse_embed(std::string_view body) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  Task task = parse_common(request);
  task.inputs = parse_input(request);
  task.truncate = request.find_bool("truncate").value_or(true);
  task.dimensions = static_cast<int>(
      request.find_int("dimensions", 0, std::numeric_limits<int>::max()).value_or(0));
  return task;
}

Task parse_embeddings(std::string_view body) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  Task task = parse_common(request);
  task.scale = Scale::kAsTheModelGives;
  if (auto prompt = request.find_string("prompt"); prompt && !prompt->empty()) {
    task.inputs.push_back(*std::move(prompt));
  }
  return task;
}

std::string write_embed(const std::string& model, const Result& result) {
  std::string out = "{\"model\":" + http::to_text(model) + ",\"embeddings\":[";
  for (const auto& vector : result.vectors) {
    if (&vector != &result.vectors.front()) out += ',';
    append_vector(out, vector);
  }
  out += ']';
  if (!result.vectors.empty()) {
    append_unless_zero(out, "total_duration", result.total_time.count());
    append_unless_zero(out, "load_duration", result.load_time.count());
    append_unless_zero(out, "prompt_eval_count", result.prompt_tokens);
  }
  return out + "}";
}

std::string write_embeddings(const Result& result) {
  std::string out = "{\"embedding\":";
  append_vector(out, result.vectors.empty() ? std::vector<float>{} : result.vectors.front());
  return out + "}";
}

}  // namespace hailstone::embed
