// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The server's events, in both dialects. Pure.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "services/speech/realtime/task.hpp"

namespace hailstone::realtime {

/// An answer's item as it is sent.
struct SentItem {
  std::string id;
  int output_index = 0;
  std::string name = {};  ///< of a call
  std::string call_id = {};
  std::string arguments = {};
};

/// Makes events and hands them on. Belongs to one thread.
class Events {
 public:
  using Send = std::function<void(const std::string& text)>;

  Events(Dialect dialect, Send send) : dialect_(dialect), send_(std::move(send)) {}

  void session(std::string_view type, const Session& session);
  void conversation_created(const std::string& id);
  void error(const Complaint& complaint);

  void speech_started(const voice::Turn& turn);
  void speech_stopped(const voice::Turn& turn);
  void timeout_triggered(const voice::Turn& turn);
  void committed(const std::string& item_id, const std::string& previous);
  void cleared();
  void output_cleared(const std::string& response_id);

  /// Added and done, and in the beta created.
  void item(const voice::Item& item, const std::string& previous);
  void item_added(const voice::Item& item, const std::string& previous);
  void item_done(const voice::Item& item, const std::string& previous);
  void item_retrieved(const voice::Item& item);
  void item_deleted(const std::string& id);
  void item_truncated(const std::string& id, milliseconds audio_end);
  void transcription(const voice::Turn& turn);
  void transcription_failed(const voice::Turn& turn, const Error& error);

  void response(std::string_view type, const voice::Reply& reply, const Session& session,
                const std::vector<voice::Item>& output);
  void output_item(std::string_view type, const std::string& response_id, int output_index,
                   const voice::Item& item);
  void part(std::string_view type, const SentItem& item, const voice::Reply& reply,
            std::string_view text);
  void text_delta(const voice::Reply& reply, const SentItem& item, std::string_view delta);
  void text_done(const voice::Reply& reply, const SentItem& item, std::string_view text);
  void audio_delta(const voice::Reply& reply, const SentItem& item, std::string_view bytes);
  void audio_done(const voice::Reply& reply, const SentItem& item);
  void arguments_delta(const std::string& response_id, const SentItem& item,
                       std::string_view delta);
  void arguments_done(const std::string& response_id, const SentItem& item);

 private:
  struct Builder;
  const Dialect dialect_;
  const Send send_;
};

}  // namespace hailstone::realtime
