// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/go_template.hpp"

#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::services {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::kBadRequest,
              "template: " + what +
                  "; supported are {{ .System }}, {{ .Prompt }}, {{ .Suffix }}, {{ .Response }}, "
                  "{{ if .Name }}, {{ else if .Name }}, {{ else }}, {{ end }}, comments and trim "
                  "markers");
}

std::string_view trim_end(std::string_view text) noexcept {
  const auto last = text.find_last_not_of(kBlank);
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

std::string_view trim_front(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(kBlank);
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

/// Text, then the action behind it; both may be empty.
struct Part {
  std::string_view text;
  std::string_view action;
  bool last = false;
};

/// Cuts the next part off the template, trim markers applied.
Part cut_part(std::string_view& rest) {
  const auto open = rest.find("{{");
  if (open == std::string_view::npos) return {std::exchange(rest, {}), {}, true};
  std::string_view text = rest.substr(0, open);
  rest.remove_prefix(open + 2);
  const auto close = rest.find("}}");
  if (close == std::string_view::npos) refuse("an action is not closed");
  std::string_view action = rest.substr(0, close);
  rest.remove_prefix(close + 2);
  // Go wants a blank between a trim marker and the action.
  if (action.size() >= 2 && action[0] == '-' && kBlank.find(action[1]) != kBlank.npos) {
    text = trim_end(text);
    action.remove_prefix(1);
  }
  if (action.size() >= 2 && action.back() == '-' &&
      kBlank.find(action[action.size() - 2]) != kBlank.npos) {
    rest = trim_front(rest);
    action.remove_suffix(1);
  }
  return {text, trim(action), false};
}

class Renderer {
 public:
  explicit Renderer(const TemplateValues& values) : values_(values) {}

  std::string render(std::string_view rest) {
    for (;;) {
      const Part part = cut_part(rest);
      emit(part.text);
      if (part.last) break;
      run(part.action);
    }
    if (!branches_.empty()) refuse("an {{ if }} has no {{ end }}");
    return std::move(out_);
  }

 private:
  enum class Arm { kElseIf, kElse };
  struct Branch {
    bool outer = true;   ///< whether what surrounds it is emitted
    bool taken = false;  ///< whether one of its arms was
    bool open = false;   ///< whether the current arm is emitted
    bool has_else = false;
  };

  bool emitting() const noexcept { return !ended_ && (branches_.empty() || branches_.back().open); }

  void emit(std::string_view text) {
    if (emitting()) out_ += text;
  }

  std::string_view value_of(std::string_view name) const {
    if (name == ".System") return values_.system;
    if (name == ".Prompt") return values_.prompt;
    if (name == ".Suffix") return values_.suffix;
    if (name == ".Response") return {};
    refuse("'{{ " + std::string(utf8_prefix(name, 40)) + " }}' is not supported");
  }

  bool holds(std::string_view name) const { return !value_of(trim(name)).empty(); }

  void run(std::string_view action) {
    if (action.starts_with("/*") && action.ends_with("*/")) return;
    if (action == "end") return close_branch();
    if (action == "else") return next_arm(true, Arm::kElse);
    if (action.starts_with("else if ")) return next_arm(holds(action.substr(8)), Arm::kElseIf);
    if (action.starts_with("if ")) return open_branch(holds(action.substr(3)));
    emit(value_of(action));
    if (action == ".Response" && emitting()) ended_ = true;
  }

  void open_branch(bool condition) {
    const bool outer = emitting();
    branches_.push_back({outer, condition, outer && condition, false});
  }

  void next_arm(bool condition, Arm arm) {
    if (branches_.empty() || branches_.back().has_else) refuse("an {{ else }} has no {{ if }}");
    Branch& branch = branches_.back();
    branch.open = branch.outer && condition && !branch.taken;
    branch.taken = branch.taken || condition;
    branch.has_else = arm == Arm::kElse;
  }

  void close_branch() {
    if (branches_.empty()) refuse("an {{ end }} has no {{ if }}");
    branches_.pop_back();
  }

  const TemplateValues& values_;
  std::vector<Branch> branches_;
  std::string out_;
  bool ended_ = false;
};

}  // namespace

std::string render_go_template(std::string_view text, const TemplateValues& values) {
  return Renderer(values).render(text);
}

}  // namespace hailstone::services
