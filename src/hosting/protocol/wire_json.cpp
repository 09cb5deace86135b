// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/protocol/wire_json.hpp"

namespace hailstone::hosting {
namespace {

[[noreturn]] void refuse_payload(std::uint64_t expected, std::size_t got) {
  throw UnreadableFrame("the payload is too short: " + std::to_string(expected) +
                        " more bytes expected, got " + std::to_string(got));
}

constexpr int kDeepest = 64;
/// The names of a whole vocabulary fit; as values they take some hundred MiB.
constexpr std::size_t kMostValues = 2'000'000;

/// A parsed value takes up to 75 times the memory of its text: nested lists, or many empty ones. So
/// brackets and commas are counted before anything is made of them.
void check_extent(std::string_view text) {
  int depth = 0;
  std::size_t values = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    values += c == ',' || c == '[' || c == '{';
    if (depth > kDeepest || values > kMostValues) {
      throw UnreadableFrame("its JSON is too deep or has too many values");
    }
  }
}

}  // namespace

Json parse_json(const Frame& frame) {
  if (frame.json.empty()) return Json::object();
  check_extent(frame.json);
  Json json = Json::parse(frame.json, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw UnreadableFrame("it is not JSON");
  if (!json.is_object())
    throw UnreadableFrame("a JSON object expected, got " + std::string(json.type_name()));
  return json;
}

void refuse_field(const char* name, const std::string& expected, const Json& got) {
  constexpr std::size_t kLongest = 60;
  const std::string value = got.is_primitive() ? " " + dump_repaired(got).substr(0, kLongest) : "";
  throw UnreadableFrame(expected + " expected, got " + got.type_name() + value, name);
}

const Json& field_at(const Json& json, const char* name) {
  if (!json.is_object())
    throw UnreadableFrame("an object expected, got " + std::string(json.type_name()));
  const auto found = json.find(name);
  if (found == json.end()) throw UnreadableFrame("it is missing", name);
  return *found;
}

std::string text_of(const Json& json, const char* name) {
  if (!json.is_string()) refuse_field(name, "text", json);
  return json.get<std::string>();
}

bool flag_of(const Json& json, const char* name) {
  if (!json.is_boolean()) refuse_field(name, "true or false", json);
  return json.get<bool>();
}

double number_of(const Json& json, const char* name) {
  if (!json.is_number()) refuse_field(name, "a number", json);
  return json.get<double>();
}

std::int64_t integer_of(const Json& json, const char* name, std::int64_t least, std::int64_t most) {
  const auto expected = [&] {
    return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  };
  if (!json.is_number_integer()) refuse_field(name, expected(), json);
  const bool is_huge = json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX;
  const auto number = json.get<std::int64_t>();
  if (is_huge || number < least || number > most) refuse_field(name, expected(), json);
  return number;
}

std::string dump_repaired(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string dump_strict(const Json& json) {
  try {
    return json.dump();
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::kBadRequest, "the request has text that is not UTF-8", error.what());
  }
}

std::span<const std::byte> PayloadReader::take(std::uint64_t size) {
  if (size > rest_.size()) refuse_payload(size, rest_.size());
  const auto part = rest_.first(static_cast<std::size_t>(size));
  rest_ = rest_.subspan(static_cast<std::size_t>(size));
  return part;
}

inference::SharedBytes PayloadReader::take_shared(std::uint64_t size) {
  const std::size_t offset = payload_.size() - rest_.size();
  const auto part = take(size);
  const auto address = reinterpret_cast<std::uintptr_t>(part.data());
  if (address % alignof(std::max_align_t) == 0) return payload_.part(offset, part.size());
  return std::vector<std::byte>(part.begin(), part.end());
}

std::string PayloadReader::take_string(std::uint64_t size) {
  const auto bytes = take(size);
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::vector<float> PayloadReader::take_floats(std::uint64_t count) {
  if (count > rest_.size() / sizeof(float)) {
    refuse_payload(std::min(count, std::uint64_t{kMaxPayload}) * sizeof(float), rest_.size());
  }
  const auto bytes = take(count * sizeof(float));
  std::vector<float> floats(static_cast<std::size_t>(count));
  if (!bytes.empty()) std::memcpy(floats.data(), bytes.data(), bytes.size());
  return floats;
}

}  // namespace hailstone::hosting
