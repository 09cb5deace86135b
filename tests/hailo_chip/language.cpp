// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// Models that write and hear. A reply is what the model's file says ("reply"), what the prompt's
// last user text says behind "say ", or the prompt's words over and over.

#include <algorithm>
#include <cmath>
#include <cstring>

#include "device.hpp"

namespace hailort::genai {
namespace {

using standin::gate;
using standin::program;

constexpr const char* kTemplate =
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] "
    "+ '<|im_end|>\\n'}}{% endfor %}";
constexpr const char* kEnd = "<|im_end|>";

/// A special token, line ends, or a word with the blanks before it.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> tokens;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    if (text.compare(at, 2, "<|") == 0 && text.find("|>", at) != std::string::npos) {
      end = text.find("|>", at) + 2;
    } else if (text[at] == '\n') {
      end = at + 1;
    } else {
      end = std::min(text.find_first_not_of(' ', at), text.size());
      while (end < text.size() && text[end] != ' ' && text[end] != '\n' &&
             !(end > at && text.compare(end, 2, "<|") == 0)) {
        ++end;
      }
    }
    end = std::max(end, at + 1);
    tokens.push_back(text.substr(at, end - at));
    at = end;
  }
  return tokens;
}

int id_of(const std::string& token) {
  static std::mutex mutex;
  static std::map<std::string, int> ids;
  const std::lock_guard lock(mutex);
  return ids.try_emplace(token, static_cast<int>(ids.size()) + 10).first->second;
}

std::string unescape(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\n", at)) != std::string::npos; ++at) {
    text.replace(at, 2, "\n");
  }
  return text;
}

/// What stands behind the last mark of a user's turn.
std::string last_user_text(const std::string& prompt) {
  const std::string mark = "<|im_start|>user\n";
  const auto at = prompt.rfind(mark);
  if (at == std::string::npos) return prompt;
  const auto begin = at + mark.size();
  return prompt.substr(begin, prompt.find(kEnd, begin) - begin);
}

std::atomic<bool> g_has_kv_model{false};

}  // namespace

/// A loaded model: its context and who writes.
class LanguageImpl {
 public:
  LanguageImpl(std::shared_ptr<const standin::Hef> hef, std::shared_ptr<standin::Share> share)
      : hef_(std::move(hef)), share_(std::move(share)) {}
  ~LanguageImpl() { g_has_kv_model = false; }

  const standin::Settings& settings() const { return hef_->settings; }
  std::size_t capacity() const {
    return static_cast<std::size_t>(settings().number("context", 2048));
  }
  std::size_t used = 0;
  bool is_writing = false;
  const hailo_3d_image_shape_t frame{336, 336, 3};

  /// Into the context. A full one would be overwritten silently: here that is an error.
  hailo_status add(std::size_t tokens) {
    used += tokens;
    if (used <= capacity()) return HAILO_SUCCESS;
    std::fprintf(stderr, "stand-in: the context overflows\n");
    return HAILO_INTERNAL_FAILURE;
  }

 private:
  std::shared_ptr<const standin::Hef> hef_;
  std::shared_ptr<standin::Share> share_;
};

class LLMGeneratorCompletion::Impl {
 public:
  Impl(std::shared_ptr<LanguageImpl> model, std::vector<std::string> reply, std::size_t prompt,
       std::uint32_t most)
      : model_(std::move(model)), reply_(std::move(reply)), most_(most) {
    prefill_ms_ = static_cast<double>(prompt) * model_->settings().number("prompt_token_ms", 0.1);
  }
  ~Impl() { end(); }

  Expected<std::string> read(std::chrono::milliseconds timeout) {
    if (state_ != Status::GENERATING) return Unexpected(HAILO_INVALID_OPERATION);
    if (const auto status = gate("read")) return Unexpected(status);
    const double token = model_->settings().number("token_ms", 2);
    const double wait = std::exchange(prefill_ms_, 0) + program()->number("token_ms", token);
    if (wait > static_cast<double>(timeout.count())) return Unexpected(HAILO_TIMEOUT);
    standin::sleep_ms(wait);
    if (is_aborted_) return finish(Status::ABORTED, "<|im_end|>\n");
    if (written_ == most_) return finish(Status::MAX_TOKENS_REACHED, "<|im_end|>\n");
    if (const auto status = model_->add(1)) return Unexpected(status);
    if (written_ == reply_.size()) return finish(Status::LOGICAL_END_OF_GENERATION, kEnd);
    return reply_[written_++];
  }

  Status state() const { return state_; }
  void abort() { is_aborted_ = true; }

 private:
  std::string finish(Status state, const std::string& last) {
    state_ = state;
    end();
    return last;
  }
  void end() {
    if (!model_->is_writing) return;
    model_->is_writing = false;
    standin::end_call();
  }

  std::shared_ptr<LanguageImpl> model_;
  std::vector<std::string> reply_;
  const std::uint32_t most_;
  double prefill_ms_ = 0;
  std::size_t written_ = 0;
  bool is_aborted_ = false;
  Status state_ = Status::GENERATING;
};

namespace {

/// What of the reply already stands at the end of the prompt.
std::string begun_reply(const std::string& prompt) {
  const std::string mark = "<|im_start|>assistant\n";
  const auto at = prompt.rfind(mark);
  return at == std::string::npos ? std::string() : prompt.substr(at + mark.size());
}

/// The reply without what has begun already.
std::vector<std::string> go_on(std::string reply, const std::string& begun) {
  reply = unescape(std::move(reply));
  if (!begun.empty() && reply.starts_with(begun)) reply.erase(0, begun.size());
  return split(reply);
}

std::vector<std::string> make_reply(const LanguageImpl& model, const std::string& user,
                                    const std::string& begun) {
  const std::string say = "say ";
  if (user.starts_with(say)) return go_on(user.substr(say.size()), begun);
  if (const auto reply = model.settings().find("reply")) return go_on(*reply, begun);
  auto words = split(user);
  words.erase(std::remove_if(words.begin(), words.end(),
                             [](const auto& word) { return word.starts_with("<|"); }),
              words.end());
  if (words.empty()) words = {" word"};
  const auto count = static_cast<std::size_t>(model.settings().number("tokens", 400));
  std::string reply;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& word = words[i % words.size()];
    if (i > 0 && word.front() != ' ' && word.front() != '\n') reply += ' ';
    reply += word;
  }
  return go_on(std::move(reply), begun);
}

Expected<LLMGeneratorCompletion> begin(const std::shared_ptr<LanguageImpl>& model,
                                       const LLMGeneratorParams& params, const std::string& prompt,
                                       const std::string& user, std::size_t extra_tokens) {
  if (const auto status = gate("generate")) return Unexpected(status);
  // Calls that overlap have failed like this.
  if (model->is_writing || !standin::begin_call()) return Unexpected(HAILO_INVALID_OPERATION);
  model->is_writing = true;
  const std::size_t tokens = split(prompt).size() + extra_tokens;
  auto impl = std::make_unique<LLMGeneratorCompletion::Impl>(
      model, make_reply(*model, user, begun_reply(prompt)), tokens, params.max_generated_tokens());
  if (const auto status = model->add(tokens)) return Unexpected(status);
  return LLMGeneratorCompletion(std::move(impl));
}

/// Of JSON as the engine writes it: the text behind a name.
std::string field(const std::string& json, const std::string& name) {
  const auto key = json.find('"' + name + '"');
  if (key == std::string::npos) return {};
  const auto begin = json.find('"', json.find(':', key)) + 1;
  return unescape(json.substr(begin, json.find('"', begin) - begin));
}

Expected<LLMGeneratorCompletion> begin(const std::shared_ptr<LanguageImpl>& model,
                                       const LLMGeneratorParams& params,
                                       const std::vector<std::string>& messages,
                                       std::size_t frames) {
  std::size_t images = 0;
  std::string prompt;
  std::string user;
  for (const auto& message : messages) {
    if (field(message, "role") == "system" && model->used > 0) {
      return Unexpected(HAILO_INVALID_OPERATION);
    }
    for (std::size_t at = 0; (at = message.find("\"image\"", at)) != std::string::npos; ++at) {
      ++images;
    }
    const auto text = field(message, "text");
    if (field(message, "role") == "user") user = text.empty() ? field(message, "content") : text;
    prompt += message;
  }
  if (images != frames) return Unexpected(HAILO_INVALID_ARGUMENT);
  constexpr std::size_t kTokensOfAFrame = 144;
  return begin(model, params, prompt, user, frames * kTokensOfAFrame);
}

Expected<std::shared_ptr<LanguageImpl>> open(const std::string& path, const std::string& kind,
                                             const char* call) {
  if (const auto status = gate(call)) return Unexpected(status);
  hailo_status status = HAILO_SUCCESS;
  auto hef = standin::read_hef(path, status);
  if (!hef) return Unexpected(status);
  if (hef->settings.text("kind", "network") != kind) return Unexpected(HAILO_INVALID_HEF);
  standin::sleep_ms(hef->settings.number("load_ms", 50));
  // The chip holds one model with a context; a second one is not let in.
  if (g_has_kv_model.exchange(true)) return Unexpected(HAILO_COMMUNICATION_CLOSED);
  auto share = standin::take_memory(*hef, 2400);
  if (!share) {
    g_has_kv_model = false;
    return Unexpected(HAILO_OUT_OF_FW_MEMORY);
  }
  return std::make_shared<LanguageImpl>(std::move(hef), std::move(share));
}

std::vector<int> ids_of(const std::string& text) {
  std::vector<int> ids;
  for (const auto& token : split(text)) ids.push_back(id_of(token));
  return ids;
}

BufferPtr saved(const LanguageImpl& model) {
  std::vector<std::uint8_t> bytes(sizeof(std::size_t) + model.used * 1024);
  std::memcpy(bytes.data(), &model.used, sizeof model.used);
  return std::make_shared<Buffer>(std::move(bytes));
}

}  // namespace

LLMGeneratorCompletion::LLMGeneratorCompletion(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}
LLMGeneratorCompletion::LLMGeneratorCompletion(LLMGeneratorCompletion&&) = default;
LLMGeneratorCompletion::~LLMGeneratorCompletion() = default;
Expected<std::string> LLMGeneratorCompletion::read(std::chrono::milliseconds timeout) {
  return impl_->read(timeout);
}
LLMGeneratorCompletion::Status LLMGeneratorCompletion::generation_status() const {
  return impl_->state();
}
hailo_status LLMGeneratorCompletion::abort() {
  if (const auto status = gate("abort")) return status;
  impl_->abort();
  return HAILO_SUCCESS;
}

LLMParams::LLMParams(const std::string& hef_path, const std::string& lora_name, bool)
    : hef_(hef_path), lora_(lora_name) {}
VLMParams::VLMParams(const std::string& hef_path, bool) : hef_(hef_path) {}

hailo_status LLMGeneratorParams::set_temperature(float32_t temperature) {
  return temperature > 0 ? HAILO_SUCCESS : HAILO_INVALID_ARGUMENT;
}
hailo_status LLMGeneratorParams::set_top_p(float32_t top_p) {
  return top_p >= 0 && top_p <= 1 ? HAILO_SUCCESS : HAILO_INVALID_ARGUMENT;
}
hailo_status LLMGeneratorParams::set_top_k(std::uint32_t top_k) {
  return top_k >= 1 ? HAILO_SUCCESS : HAILO_INVALID_ARGUMENT;
}
hailo_status LLMGeneratorParams::set_frequency_penalty(float32_t penalty) {
  return penalty != 0 ? HAILO_SUCCESS : HAILO_INVALID_ARGUMENT;
}
hailo_status LLMGeneratorParams::set_max_generated_tokens(std::uint32_t most) {
  most_tokens_ = most;
  return most > 0 ? HAILO_SUCCESS : HAILO_INVALID_ARGUMENT;
}
hailo_status LLMGeneratorParams::set_do_sample(bool) {
  return HAILO_SUCCESS;
}
hailo_status LLMGeneratorParams::set_seed(std::uint32_t) {
  return HAILO_SUCCESS;
}

hailo_status LLMGenerator::write(const std::string& prompt) {
  prompt_ += prompt;
  return HAILO_SUCCESS;
}
Expected<LLMGeneratorCompletion> LLMGenerator::generate() {
  return begin(impl_, params_, prompt_, last_user_text(prompt_), 0);
}
Expected<LLMGeneratorCompletion> VLMGenerator::generate(const std::string& prompt,
                                                        const std::vector<MemoryView>& frames) {
  if (frames.empty()) return Unexpected(HAILO_INVALID_OPERATION);  // as 5.2 does
  return begin(impl_, params_, prompt, last_user_text(prompt), 144);
}

Expected<LLM> LLM::create(std::shared_ptr<VDevice>, const LLMParams& params) {
  auto impl = open(params.hef(), "llm", "create_llm");
  if (!impl) return Unexpected(impl.status());
  return LLM(impl.release());
}
Expected<VLM> VLM::create(std::shared_ptr<VDevice>, const VLMParams& params) {
  auto impl = open(params.hef(), "vlm", "create_vlm");
  if (!impl) return Unexpected(impl.status());
  return VLM(impl.release());
}
Expected<LLMGenerator> LLM::create_generator(const LLMGeneratorParams& params) {
  return LLMGenerator(impl_, params);
}
Expected<VLMGenerator> VLM::create_generator(const LLMGeneratorParams& params) {
  return VLMGenerator(impl_, params);
}
Expected<LLMGeneratorCompletion> LLM::generate(const LLMGeneratorParams& params,
                                               const std::vector<std::string>& messages,
                                               const std::vector<std::string>&) {
  return begin(impl_, params, messages, 0);
}
Expected<LLMGeneratorCompletion> VLM::generate(const LLMGeneratorParams& params,
                                               const std::vector<std::string>& messages,
                                               const std::vector<MemoryView>& frames) {
  for (const auto& frame : frames) {
    if (frame.size() != std::size_t{336} * 336 * 3) return Unexpected(HAILO_INVALID_ARGUMENT);
  }
  return begin(impl_, params, messages, frames.size());
}
const hailo_3d_image_shape_t& VLM::input_frame_shape() const {
  return impl_->frame;
}

// What both have word for word.
#define STANDIN_COMMON(Model)                                            \
  Expected<LLMGeneratorParams> Model::create_generator_params() {        \
    return LLMGeneratorParams();                                         \
  }                                                                      \
  Expected<std::vector<int>> Model::tokenize(const std::string& text) {  \
    if (const auto status = gate("tokenize")) return Unexpected(status); \
    return ids_of(text);                                                 \
  }                                                                      \
  Expected<std::size_t> Model::get_context_usage_size() {                \
    return std::size_t{impl_->used};                                     \
  }                                                                      \
  Expected<std::size_t> Model::max_context_capacity() {                  \
    return impl_->capacity();                                            \
  }                                                                      \
  hailo_status Model::clear_context() {                                  \
    if (impl_->is_writing) return HAILO_INVALID_OPERATION;               \
    impl_->used = 0;                                                     \
    return gate("clear_context");                                        \
  }                                                                      \
  Expected<BufferPtr> Model::save_context() {                            \
    return saved(*impl_);                                                \
  }                                                                      \
  hailo_status Model::load_context(const MemoryView& context) {          \
    std::memcpy(&impl_->used, context.data(), sizeof impl_->used);       \
    return HAILO_SUCCESS;                                                \
  }                                                                      \
  Expected<std::string> Model::get_generation_recovery_sequence() {      \
    return std::string("<|im_end|>\n");                                  \
  }                                                                      \
  Expected<std::string> Model::prompt_template() {                       \
    return impl_->settings().text("template", kTemplate);                \
  }                                                                      \
  Expected<std::vector<std::string>> Model::get_stop_tokens() {          \
    return std::vector<std::string>{kEnd, "<|endoftext|>"};              \
  }
STANDIN_COMMON(LLM)
STANDIN_COMMON(VLM)
#undef STANDIN_COMMON

class Speech2Text::Impl {
 public:
  Impl(std::shared_ptr<const standin::Hef> hef, std::shared_ptr<standin::Share> share)
      : hef_(std::move(hef)), share_(std::move(share)) {}
  const standin::Settings& settings() const { return hef_->settings; }

 private:
  std::shared_ptr<const standin::Hef> hef_;
  std::shared_ptr<standin::Share> share_;
};

hailo_status Speech2TextGeneratorParams::set_task(Speech2TextTask task) {
  task_ = task;
  return HAILO_SUCCESS;
}
hailo_status Speech2TextGeneratorParams::set_language(std::string_view language) {
  language_ = language;
  return HAILO_SUCCESS;
}

Expected<Speech2Text> Speech2Text::create(std::shared_ptr<VDevice>,
                                          const Speech2TextParams& params) {
  if (const auto status = gate("create_speech2text")) return Unexpected(status);
  hailo_status status = HAILO_SUCCESS;
  auto hef = standin::read_hef(std::string(params.hef()), status);
  if (!hef) return Unexpected(status);
  auto share = standin::take_memory(*hef, 130);
  if (!share) return Unexpected(HAILO_OUT_OF_FW_MEMORY);
  return Speech2Text(std::make_shared<Impl>(std::move(hef), std::move(share)));
}

Expected<Speech2TextGeneratorParams> Speech2Text::create_generator_params() {
  return Speech2TextGeneratorParams();
}

Expected<std::vector<Speech2Text::SegmentInfo>> Speech2Text::generate_all_segments(
    MemoryView audio, const Speech2TextGeneratorParams& params, std::chrono::milliseconds) {
  if (const auto status = gate("speech")) return Unexpected(status);
  if (!standin::begin_call()) return Unexpected(HAILO_INVALID_OPERATION);
  constexpr float kRate = 16'000;
  constexpr float kWindow = 10;
  const auto* const samples = reinterpret_cast<const float*>(audio.data());
  const std::size_t count = audio.size() / sizeof(float);
  const float seconds = static_cast<float>(count) / kRate;
  standin::sleep_ms(static_cast<double>(seconds) * impl_->settings().number("second_ms", 20));
  std::vector<SegmentInfo> segments;
  const bool is_loud =
      std::any_of(samples, samples + count, [](float sample) { return std::fabs(sample) > 1e-3F; });
  const std::string text = impl_->settings().text("heard", "the stand-in has heard you");
  for (float begin = 0; is_loud && begin < seconds; begin += kWindow) {
    segments.push_back({begin, std::min(begin + kWindow, seconds),
                        params.task() == Speech2TextTask::TRANSLATE ? "translated" : text});
  }
  standin::end_call();
  return segments;
}

}  // namespace hailort::genai
