// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts a response on the wire: event by event as it is written, or whole at the end.

#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "http/message.hpp"
#include "http/sse.hpp"
#include "services/text/responses/task.hpp"
#include "services/text/responses/wire_response.hpp"

namespace hailstone::responses {

/// Owned by the handler's thread. finish() or fail(), then send().
class ResponseWriter final : public chat::ReplySink {
 public:
  ResponseWriter(http::Reply& reply, const Call& call, const Clock& clock = system_clock());

  void begin(const chat::Started& started) override;
  void piece(inference::TextChunk&& chunk) override;
  void finish(const chat::Summary& summary);
  /// The last event of a stream that has begun. False where it has not, or is none: then the error
  /// can still be told with its own status.
  bool fail(const Error& error);
  /// Where it is not streamed, all of it; else the last event.
  void send();

  const Response& response() const noexcept { return response_; }

 private:
  void start();
  void add(OutputItem::Kind kind, const std::string& text,
           std::vector<inference::TokenLogprob> logprobs = {});
  void begin_item(OutputItem item);
  void end_item();
  int last_index() const noexcept { return static_cast<int>(response_.output.size()) - 1; }
  void event(std::string_view name, const std::string& data);

  http::Reply& reply_;
  const Call& call_;
  const Clock& clock_;
  http::SseWriter events_;
  EventNumbers numbers_;
  Response response_;
  bool has_started_ = false;
  bool is_open_ = false;  ///< the last item
};

}  // namespace hailstone::responses
