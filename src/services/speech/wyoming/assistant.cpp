// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wyoming/assistant.hpp"

#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/speech/wyoming/protocol/wire_message.hpp"
#include "services/text/chat/service.hpp"
#include "services/text/home/commands.hpp"
#include "services/text/home/orders.hpp"

namespace hailstone::wyoming {
namespace {

using inference::Role;

constexpr std::array<std::string_view, 2> kTasks = {"chat", "vlm"};
/// Nobody listens for longer.
constexpr int kMostTokens = 300;
/// Of the description of a home: a context of 2048 tokens holds it, the question and the answer.
constexpr std::size_t kMostDescription = 3600;
/// A text that nobody speaks.
constexpr std::size_t kMostSaid = std::size_t{16} << 10;

constexpr std::string_view kManner =
    "You are a voice assistant. Answer in one or two short sentences as they are spoken, in the "
    "language of the question. No lists, no Markdown, no emoji.\n";

std::string code_of(const std::string& language) {
  return language.starts_with("de") ? "de" : "en";
}

std::string spoken_answer(const std::vector<home::Intent>& intents) {
  std::vector<std::string> answers;
  for (const auto& intent : intents) {
    // Templates are Home Assistant's to fill in.
    if (intent.answer.find("{{") == std::string::npos) answers.push_back(intent.answer);
  }
  return answers.empty() ? "Done." : join(answers, " ");
}

}  // namespace

/// What the model writes: text goes on at once, orders are kept.
class Assistant::Reply final : public chat::ReplySink {
 public:
  Reply(const Said& said, const home::HomeIndex& home, const Send& send)
      : said_(said),
        send_(send),
        reader_(home, home.area_of(said.context.satellite), code_of(said.language)) {}

  void begin(const chat::Started&) override {}
  void piece(inference::TextChunk&& chunk) override { take(reader_.push(chunk.text)); }
  void finish() { take(reader_.finish()); }

  const home::OrderReader& orders() const noexcept { return reader_; }
  std::string text() const { return std::string(trim(text_)); }

 private:
  void take(const std::string& text) {
    text_ += text;
    if (text.empty() || (!has_begun_ && trim(text).empty())) return;
    if (!has_begun_) send_(write_handled_start(said_.context));
    has_begun_ = true;
    send_(write_handled_chunk(text));
  }

  const Said& said_;
  const Send& send_;
  home::OrderReader reader_;
  std::string text_;
  bool has_begun_ = false;
};

Assistant::Assistant(chat::ChatService& chat, services::ModelAccess& models,
                     std::vector<std::filesystem::path> catalog_folders,
                     const home::HomeStore& homes, std::string model, const Clock& clock)
    : chat_(chat),
      models_(models, std::move(catalog_folders)),
      homes_(homes),
      model_(std::move(model)),
      clock_(clock),
      conversations_(clock) {}

std::string Assistant::model_name() const {
  return models_.choose(kTasks, model_).name;
}

std::vector<home::Intent> Assistant::find_small(const Said& said,
                                                const home::HomeIndex& home) const {
  if (!home.is_known()) return {};  // then we are asked to talk, not to control
  return home::find_commands({said.text, said.language, said.context.satellite, clock_.wall()},
                             home);
}

void Assistant::send_intents(const Said& said, const std::vector<home::Intent>& intents,
                             const Send& send) {
  conversations_.add(said.context.conversation, said.text, spoken_answer(intents));
  send(write_intents(intents, said.context));
}

/// The starter model takes no notice of instructions, and has no room for them.
chat::ChatTask Assistant::make_task(const Said& said, const home::HomeIndex& home) {
  chat::ChatTask task;
  const auto chosen = models_.choose(kTasks, model_);
  task.model = chosen.name;
  task.options.num_predict = kMostTokens;
  task.thinking = inference::Thinking::kOff;
  if (!services::is_starter(chosen.stored)) {
    std::string system(kManner);
    if (home.is_known()) system += home::describe_home(home.home(), said.text, kMostDescription);
    task.messages.push_back(inference::make_message(Role::kSystem, std::move(system)));
  }
  auto history = conversations_.history(said.context.conversation);
  std::move(history.begin(), history.end(), std::back_inserter(task.messages));
  task.messages.push_back(inference::make_message(Role::kUser, said.text));
  return task;
}

void Assistant::answer(const Said& said, const Send& send, const RunContext& run) {
  if (said.text.size() > kMostSaid) {
    throw Error(ErrorCode::kTooLarge, "transcript: the text is longer than 16 KiB");
  }
  if (trim(said.text).empty()) {
    send(write_not_handled("", said.context));
    return;
  }
  const auto home = homes_.home();
  if (const auto intents = find_small(said, *home); !intents.empty()) {
    send_intents(said, intents, send);
    return;
  }
  Reply reply(said, *home, send);
  chat_.chat(make_task(said, *home), reply, run);
  reply.finish();
  const auto& intents = reply.orders().intents();
  if (!intents.empty()) {
    send_intents(said, intents, send);
  } else if (const auto text = reply.text(); !text.empty()) {
    conversations_.add(said.context.conversation, said.text, text);
    send(write_handled(text, said.context) + write_handled_stop());
  } else {
    send(write_not_handled("That cannot be done here.", said.context));
  }
}

void Assistant::recognize(const Said& said, const Send& send, const RunContext& run) {
  const auto home = homes_.home();
  auto intents = find_small(said, *home);
  if (intents.empty() && home->is_known() && said.text.size() <= home::kLongestCommand) {
    auto task = make_task(said, *home);
    const bool takes_orders = task.messages.front().role == Role::kSystem;
    const Send nowhere = [](std::string_view) {};
    Reply reply(said, *home, nowhere);
    if (takes_orders) chat_.chat(task, reply, run);
    reply.finish();
    intents = reply.orders().intents();
  }
  if (intents.empty()) {
    send(write_not_recognized("", said.context));
  } else {
    send_intents(said, intents, send);
  }
}

}  // namespace hailstone::wyoming
