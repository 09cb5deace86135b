// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/json/tree_builder.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::http {
namespace {

using Json = nlohmann::ordered_json;
using Object = Json::object_t;

Error bad(const std::string& message) {
  return Error(ErrorCode::kBadRequest, message);
}

// The library's text is "[json.exception.parse_error.101] parse error at line 1, column 5: syntax
// error while parsing value - ...": the place and the reason are for the client, the rest is not.
std::string reason_of(std::string_view what) {
  if (const auto bracket = what.find("] "); bracket != std::string_view::npos) {
    what.remove_prefix(bracket + 2);
  }
  constexpr std::string_view kPrefix = "parse error ";
  if (what.substr(0, kPrefix.size()) == kPrefix) what.remove_prefix(kPrefix.size());
  return std::string(utf8_prefix(what, 200));
}

bool has_doubles(const Object& fields) {
  std::vector<std::string_view> names;
  names.reserve(fields.size());
  for (const auto& field : fields) names.push_back(field.first);
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

void keep_last_of_each(Object& fields) {
  if (fields.size() < 2 || !has_doubles(fields)) return;
  Object kept;
  std::unordered_map<std::string, std::size_t> places;
  for (auto& [name, value] : fields) {
    const auto [place, is_new] = places.emplace(name, kept.size());
    if (is_new) {
      kept.emplace_back(name, std::move(value));
    } else {
      kept.begin()[static_cast<std::ptrdiff_t>(place->second)].second = std::move(value);
    }
  }
  fields.swap(kept);
}

class TreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  explicit TreeBuilder(int max_depth) : max_depth_(max_depth) {}

  Json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // text has none

  bool key(string_t& name) override {
    name_ = std::move(name);
    return true;
  }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override {
    keep_last_of_each(open_.back()->get_ref<Object&>());
    return end_array();
  }
  bool end_array() override {
    open_.pop_back();
    return true;
  }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& error) override {
    throw bad("invalid JSON " + reason_of(error.what()));
  }

 private:
  // What is open is the last item of what it stands in, which does not grow until it is closed.
  Json& place(Json value) {
    if (open_.empty()) return root_ = std::move(value);
    auto& parent = *open_.back();
    if (parent.is_array()) {
      return parent.get_ref<Json::array_t&>().emplace_back(std::move(value));
    }
    return parent.get_ref<Object&>().emplace_back(std::move(name_), std::move(value)).second;
  }
  bool add(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json value) {
    if (static_cast<int>(open_.size()) >= max_depth_) {
      throw bad("the JSON is nested deeper than " + std::to_string(max_depth_) + " levels");
    }
    open_.push_back(&place(std::move(value)));
    return true;
  }

  const int max_depth_;
  Json root_;
  std::vector<Json*> open_;
  std::string name_;
};

}  // namespace

Json build_json_tree(std::string_view text, int max_depth) {
  TreeBuilder builder(max_depth);
  Json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

}  // namespace hailstone::http
