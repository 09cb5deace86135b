// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/sse.hpp"

namespace hailstone::http {
namespace {

constexpr std::string_view kPing = ": ping\n\n";

}  // namespace

void SseWriter::start() {
  if (stream_ != nullptr) return;
  reply_.add_header("Cache-Control", "no-cache");
  reply_.add_header("X-Accel-Buffering", "no");  // nginx would else collect events
  stream_ = &reply_.stream(200, std::string(kEventStream));
  stream_->ping_in_silence(std::string(kPing), silence_);
}

void SseWriter::send(std::string_view data) {
  send_named({}, data);
}

void SseWriter::send_named(std::string_view name, std::string_view data, std::string_view id) {
  start();
  event_.clear();
  if (!name.empty()) add_field("event", name);
  if (!id.empty()) add_field("id", id);
  // A line break of any kind would end the field; at the other end lines are joined again.
  for (bool is_last = false; !is_last;) {
    const auto end = data.find_first_of("\r\n");
    is_last = end == std::string_view::npos;
    add_field("data", data.substr(0, end));
    if (is_last) break;
    data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  event_ += '\n';
  stream_->write(event_);
}

void SseWriter::add_field(std::string_view name, std::string_view value) {
  event_.append(name).append(": ").append(value).append("\n");
}

}  // namespace hailstone::http
