// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wyoming/protocol/wire_frame.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "http/json_fields.hpp"

namespace hailstone::wyoming {
namespace {

using http::Fields;
using http::Json;

/// The version of the protocol that the events are of.
constexpr const char* kVersion = "1.9.0";

std::size_t length_of(const Fields& head, std::string_view name, std::size_t limit) {
  const auto length = head.find_int(name, 0).value_or(0);
  if (std::cmp_less_equal(length, limit)) return static_cast<std::size_t>(length);
  throw Error(ErrorCode::kTooLarge, std::string(name) + " is " + std::to_string(length) +
                                        ", and may be " + std::to_string(limit) + " at most");
}

/// The line's own data, and what follows it laid over that.
std::string merged(const std::string& inline_data, std::string_view more) {
  Json over = http::parse_json_object(more);
  if (inline_data.empty()) return http::to_text(over);
  Json data = http::parse_json_object(inline_data);
  data.update(over);
  return http::to_text(data);
}

}  // namespace

bool FrameReader::read_head() {
  const auto end = buffer_.find('\n', searched_);
  searched_ = buffer_.size();
  if ((end == std::string::npos ? buffer_.size() : end) > limits_.line) {
    throw Error(ErrorCode::kTooLarge,
                "the line of an event is longer than " + std::to_string(limits_.line) + " bytes");
  }
  if (end == std::string::npos) return false;
  const Json json = http::parse_json_object(std::string_view(buffer_).substr(0, end));
  const Fields fields(json);
  Head head;
  head.event.type = fields.required_string("type");
  if (const auto data = fields.find_object("data")) head.event.data = http::to_text(data->json());
  head.data_length = length_of(fields, "data_length", limits_.data);
  head.payload_length = length_of(fields, "payload_length", limits_.payload);
  head_ = std::move(head);
  buffer_.erase(0, end + 1);
  searched_ = 0;
  return true;
}

std::optional<Event> FrameReader::next() {
  if (!head_ && !read_head()) return std::nullopt;
  const auto length = head_->data_length + head_->payload_length;
  if (buffer_.size() < length) return std::nullopt;
  Event event = std::move(head_->event);
  if (head_->data_length > 0) {
    event.data = merged(event.data, std::string_view(buffer_).substr(0, head_->data_length));
  }
  event.payload = buffer_.substr(head_->data_length, head_->payload_length);
  buffer_.erase(0, length);
  head_.reset();
  return event;
}

std::string write_frame(const Event& event) {
  Json head = {{"type", event.type}, {"version", kVersion}};
  if (!event.data.empty()) head["data_length"] = event.data.size();
  if (!event.payload.empty()) head["payload_length"] = event.payload.size();
  std::string frame = http::to_text(head);
  frame += '\n';
  frame += event.data;
  frame += event.payload;
  return frame;
}

}  // namespace hailstone::wyoming
