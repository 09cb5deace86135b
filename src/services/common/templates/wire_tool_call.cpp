// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "http/json_fields.hpp"
#include "services/common/templates/tool_parser.hpp"

namespace hailstone::templates {
namespace {

using Json = nlohmann::ordered_json;

/// The object itself, or one that is written as a text.
std::optional<Json> object_in(const Json& holder, const std::string& name) {
  const auto found = holder.find(name);
  if (found == holder.end()) return std::nullopt;
  if (found->is_object()) return *found;
  if (!found->is_string()) return std::nullopt;
  Json parsed = Json::parse(found->get_ref<const std::string&>(), nullptr, false);
  return parsed.is_object() ? std::optional(std::move(parsed)) : std::nullopt;
}

/// Models write {"name": f, "arguments": {}}, {"f": {}}, or either inside something else.
std::optional<Json> arguments_in(const Json& json, const std::string& tool) {
  if (json.is_array()) {
    for (const auto& item : json) {
      if (auto found = arguments_in(item, tool)) return found;
    }
    return std::nullopt;
  }
  if (!json.is_object()) return std::nullopt;
  if (json.contains("name")) {
    for (const char* name : {"arguments", "parameters"}) {
      if (auto found = object_in(json, name)) return found;
    }
    return Json::object();
  }
  if (auto found = object_in(json, tool)) return found;
  for (const auto& [name, inner] : json.items()) {
    if (auto found = arguments_in(inner, tool)) return found;
  }
  return std::nullopt;
}

/// Objects of JSON in a text, one behind the other.
class Objects {
 public:
  explicit Objects(std::string_view text) : text_(text) {}

  /// The next that is whole; nothing where there is none.
  std::optional<Json> next() {
    for (; at_ < text_.size(); ++at_) {
      if (!read(text_[at_])) continue;
      Json json = parse(text_.substr(begin_, at_ + 1 - begin_));
      if (!json.is_object()) continue;
      ++at_;
      return json;
    }
    return std::nullopt;
  }

  std::size_t end() const noexcept { return at_; }

 private:
  static Json parse(std::string_view text) {
    const auto is_shallow = [](int depth, Json::parse_event_t, Json&) {
      return depth <= http::kMaxJsonDepth;
    };
    return Json::parse(text, is_shallow, /*allow_exceptions=*/false);
  }

  /// True where a brace closes the outermost one.
  bool read(char c) {
    if (std::exchange(escaped_, false)) return false;
    if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      quoted_ = !quoted_;
    } else if (!quoted_ && c == '{') {
      if (depth_++ == 0) begin_ = at_;
    } else if (!quoted_ && c == '}') {
      if (depth_ > 0) return --depth_ == 0;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
  int depth_ = 0;
  bool quoted_ = false;
  bool escaped_ = false;
};

}  // namespace

std::optional<FoundArguments> find_arguments(std::string_view text, const std::string& tool) {
  Objects objects(text);
  const auto object = objects.next();
  if (!object) return std::nullopt;
  const Json arguments = arguments_in(*object, tool).value_or(*object);
  return FoundArguments{arguments.dump(-1, ' ', false, Json::error_handler_t::replace),
                        objects.end()};
}

}  // namespace hailstone::templates
