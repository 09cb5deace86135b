// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/measurements/wire.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"

namespace hailstone::core {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::microseconds;

constexpr int kFormat = 1;
/// A century: longer takes nothing, and it leaves room for arithmetic in nanoseconds.
constexpr std::int64_t kLongest = std::int64_t{100} * 366 * 24 * 3600 * 1'000'000;
constexpr double kFastest = 1e12;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 60;

constexpr std::array<std::pair<SpeedKind, std::string_view>, 4> kKinds = {{
    {SpeedKind::kTokens, "tokens/s"},
    {SpeedKind::kPromptTokens, "prompt tokens/s"},
    {SpeedKind::kRuns, "runs/s"},
    {SpeedKind::kAudio, "s audio/s"},
}};

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kBadRequest, "not a file of measurements: " + why);
}

std::string text_at(const Json& json, const char* key) {
  return json.at(key).get<std::string>();
}

std::int64_t integer_at(const Json& json, const char* key, std::int64_t most) {
  const Json& value = json.at(key);
  const auto number = value.is_number_integer() ? value.get<std::int64_t>() : std::int64_t{-1};
  if (number < 0 || number > most) refuse(std::string(key) + " is out of range");
  return number;
}

std::chrono::nanoseconds time_at(const Json& json, const char* key) {
  return microseconds(integer_at(json, key, kLongest));
}

ByteSize bytes_at(const Json& json, const char* key) {
  return ByteSize::bytes(
      static_cast<std::uint64_t>(integer_at(json, key, static_cast<std::int64_t>(kMostBytes))));
}

double rate_at(const Json& json, const char* key) {
  const double rate = json.at(key).get<double>();
  if (!(rate > 0 && rate <= kFastest)) refuse(std::string(key) + " is out of range");
  return rate;
}

Speed parse_speed(const Json& json) {
  Speed speed;
  const auto kind = find_speed_kind(text_at(json, "kind"));
  if (!kind) refuse("kind is unknown");
  speed.kind = *kind;
  speed.per_second = rate_at(json, "per_second");
  if (json.contains("prompt_per_second")) {
    speed.prompt_per_second = rate_at(json, "prompt_per_second");
  }
  speed.median = time_at(json, "median_us");
  speed.p90 = time_at(json, "p90_us");
  speed.runs = static_cast<int>(integer_at(json, "runs", 1'000'000));
  return speed;
}

Measurement parse_measurement(const Json& json) {
  Measurement out;
  out.model = {text_at(json, "model"), text_at(json, "digest"), text_at(json, "engine"),
               text_at(json, "engine_version")};
  out.machine = text_at(json, "machine");
  out.when = WallTime(std::chrono::duration_cast<WallTime::duration>(time_at(json, "when_us")));
  if (json.contains("load_us")) out.load_time = time_at(json, "load_us");
  if (json.contains("speed")) out.speed = parse_speed(json["speed"]);
  out.memory = {bytes_at(json, "host_bytes"), bytes_at(json, "npu_bytes")};
  return out;
}

std::int64_t micros(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<microseconds>(time).count();
}

Json write_speed(const Speed& speed) {
  Json out{{"kind", name_of(speed.kind)}, {"per_second", speed.per_second}};
  if (speed.prompt_per_second) out["prompt_per_second"] = *speed.prompt_per_second;
  out["median_us"] = micros(speed.median);
  out["p90_us"] = micros(speed.p90);
  out["runs"] = speed.runs;
  return out;
}

Json write_measurement(const Measurement& measurement) {
  const auto& model = measurement.model;
  Json out{{"model", model.name},
           {"digest", model.digest},
           {"engine", model.engine},
           {"engine_version", model.engine_version},
           {"machine", measurement.machine},
           {"when_us", micros(measurement.when.time_since_epoch())},
           {"host_bytes", measurement.memory.host.count()},
           {"npu_bytes", measurement.memory.npu.count()}};
  if (measurement.load_time) out["load_us"] = micros(*measurement.load_time);
  if (measurement.speed) out["speed"] = write_speed(*measurement.speed);
  return out;
}

}  // namespace

std::string_view name_of(SpeedKind kind) noexcept {
  for (const auto& [known, name] : kKinds) {
    if (known == kind) return name;
  }
  return {};
}

std::optional<SpeedKind> find_speed_kind(std::string_view name) noexcept {
  for (const auto& [kind, known] : kKinds) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

std::vector<Measurement> parse_measurements(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    if (integer_at(json, "format", 1'000'000) != kFormat) refuse("it is of another version");
    std::vector<Measurement> out;
    for (const Json& item : json.at("measurements")) out.push_back(parse_measurement(item));
    return out;
  } catch (const Json::exception& error) {
    refuse(error.what());
  }
}

std::string write_measurements(const std::vector<Measurement>& measurements) {
  Json out{{"format", kFormat}, {"measurements", Json::array()}};
  for (const auto& measurement : measurements) {
    out["measurements"].push_back(write_measurement(measurement));
  }
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hailstone::core
