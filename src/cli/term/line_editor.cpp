// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/term/line_editor.hpp"

#include <histedit.h>
#include <langinfo.h>
#include <sys/stat.h>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <string_view>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::cli {
namespace {

constexpr int kHistoryLines = 1000;

/// libedit reads characters by the locale; a terminal of today sends UTF-8 whatever LANG says.
void use_utf8() {
  std::setlocale(LC_CTYPE, "");
  if (std::string_view(::nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

class LineEditor::Impl {
 public:
  explicit Impl(std::filesystem::path history_file);
  ~Impl() {
    ::el_end(edit_);
    ::history_end(history_);
  }
  LineRead read(const std::string& prompt);

 private:
  static char* prompt_of(EditLine* edit) {
    void* self = nullptr;
    ::el_get(edit, EL_CLIENTDATA, &self);
    return static_cast<Impl*>(self)->prompt_.data();
  }
  void bind_keys();
  void remember(const std::string& line);

  const std::filesystem::path history_file_;
  EditLine* edit_;
  History* history_;
  std::string prompt_;
};

LineEditor::Impl::Impl(std::filesystem::path history_file)
    : history_file_(std::move(history_file)) {
  use_utf8();
  edit_ = ::el_init("hailstone", stdin, stdout, stderr);
  history_ = ::history_init();
  if (edit_ == nullptr || history_ == nullptr) {
    throw Error(ErrorCode::kInternal, "the line editor cannot use this terminal");
  }
  HistEvent event{};
  ::history(history_, &event, H_SETSIZE, kHistoryLines);
  ::history(history_, &event, H_SETUNIQUE, 1);
  ::history(history_, &event, H_LOAD, history_file_.c_str());
  ::el_set(edit_, EL_CLIENTDATA, this);
  ::el_set(edit_, EL_PROMPT, &Impl::prompt_of);
  ::el_set(edit_, EL_EDITOR, "emacs");
  ::el_set(edit_, EL_SIGNAL, 1);
  ::el_set(edit_, EL_HIST, ::history, history_);
  bind_keys();
  ::el_source(edit_, nullptr);
}

void LineEditor::Impl::bind_keys() {
  // What terminals send for keys that libedit leaves alone.
  const char* const keys[][2] = {{"^R", "em-inc-search-prev"}, {"\\e[3~", "ed-delete-next-char"},
                                 {"\\e[1;5C", "em-next-word"}, {"\\e[1;5D", "ed-prev-word"},
                                 {"\\e[H", "ed-move-to-beg"},  {"\\e[F", "ed-move-to-end"},
                                 {"\\e[1~", "ed-move-to-beg"}, {"\\e[4~", "ed-move-to-end"}};
  for (const auto& [key, command] : keys) ::el_set(edit_, EL_BIND, key, command, nullptr);
}

LineRead LineEditor::Impl::read(const std::string& prompt) {
  prompt_ = prompt;
  ::el_resize(edit_);
  int count = 0;
  errno = 0;
  const char* text = ::el_gets(edit_, &count);
  if (text == nullptr || count <= 0) {
    using Outcome = LineRead::Outcome;
    return {count < 0 && errno == EINTR ? Outcome::kInterrupted : Outcome::kEnd, {}};
  }
  std::string line(text, static_cast<std::size_t>(count));
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  if (!trim(line).empty()) remember(line);
  return {LineRead::Outcome::kLine, line};
}

void LineEditor::Impl::remember(const std::string& line) {
  HistEvent event{};
  ::history(history_, &event, H_ENTER, line.c_str());
  std::error_code ignored;
  std::filesystem::create_directories(history_file_.parent_path(), ignored);
  // What somebody told a model is nobody else's business.
  const mode_t mask = ::umask(077);
  ::history(history_, &event, H_SAVE, history_file_.c_str());
  ::umask(mask);
}

LineEditor::LineEditor(std::filesystem::path history_file)
    : impl_(std::make_unique<Impl>(std::move(history_file))) {}

LineEditor::~LineEditor() = default;

LineRead LineEditor::read(const std::string& prompt) {
  return impl_->read(prompt);
}

}  // namespace hailstone::cli
