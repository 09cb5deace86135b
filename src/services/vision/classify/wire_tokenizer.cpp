// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "services/vision/classify/tokenizer.hpp"

namespace hailstone::classify {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::kUnsupported, "the tokenizer.json of the model " + what,
              "CLIP's own is needed: a byte pair encoding with <|startoftext|> and <|endoftext|>");
}

/// An empty object where there is none.
const Json& member(const Json& json, const char* name) {
  static const Json none = Json::object();
  if (!json.is_object()) return none;
  const auto found = json.find(name);
  return found == json.end() ? none : *found;
}

/// "a b", or since version 0.20 of the library ["a", "b"].
std::string read_merge(const Json& merge) {
  if (merge.is_string()) return merge.get<std::string>();
  const bool is_pair =
      merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string();
  if (!is_pair) refuse("has a merge that is no pair of tokens");
  return merge[0].get<std::string>() + " " + merge[1].get<std::string>();
}

void add_token(Vocabulary& vocabulary, const std::string& token, const Json& id) {
  if (!id.is_number_integer()) refuse("has a token without a number");
  vocabulary.tokens[token] = id.get<TokenId>();
}

TokenId require(const Vocabulary& vocabulary, const char* token) {
  const auto found = vocabulary.tokens.find(token);
  if (found == vocabulary.tokens.end()) refuse(std::string("has no ") + token);
  return found->second;
}

}  // namespace

Vocabulary parse_vocabulary(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  const Json& model = member(json, "model");
  const Json& tokens = member(model, "vocab");
  const Json& merges = member(model, "merges");
  if (!tokens.is_object() || tokens.empty() || !merges.is_array()) {
    refuse("is no byte pair encoding");
  }
  Vocabulary out;
  for (const auto& [token, id] : tokens.items()) add_token(out, token, id);
  for (const auto& added : member(json, "added_tokens")) {
    const Json& content = member(added, "content");
    if (content.is_string()) add_token(out, content.get<std::string>(), member(added, "id"));
  }
  for (const auto& merge : merges) out.merges.emplace(read_merge(merge), out.merges.size());
  if (const Json& end = member(model, "end_of_word_suffix"); end.is_string()) {
    out.word_end = end.get<std::string>();
  }
  out.begin = require(out, "<|startoftext|>");
  out.end = require(out, "<|endoftext|>");
  out.unknown = out.end;
  return out;
}

}  // namespace hailstone::classify
