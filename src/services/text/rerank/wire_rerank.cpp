// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/rerank/wire_rerank.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "http/json_fields.hpp"
#include "services/common/ollama_wire.hpp"
#include "services/text/dialect/wire_request.hpp"

namespace hailstone::rerank {
namespace {

using http::Fields;
using http::Json;

constexpr std::size_t kMostDocuments = 4096;

std::optional<std::size_t> find_count(const Fields& request, std::string_view name) {
  const auto count = request.find_int(name, 1, std::numeric_limits<int>::max());
  return count ? std::optional(static_cast<std::size_t>(*count)) : std::nullopt;
}

/// A text, or an object that has one.
std::string text_of(const Json& document, const Fields& request, std::string_view name,
                    std::size_t index) {
  if (document.is_string()) return document.get<std::string>();
  if (document.is_object()) {
    const Fields fields(document, request.path_of(name) + "[" + std::to_string(index) + "]");
    if (auto text = fields.find_string("text")) return *std::move(text);
    throw fields.wrong("text", "a string");
  }
  throw request.wrong_item(name, index, "a string or an object with a text");
}

void read_documents(const Fields& request, std::string_view name, bool are_shown, Call& call) {
  const Json* documents = request.find_array(name);
  if (documents == nullptr || documents->empty()) {
    throw request.wrong(name, "an array of at least one document");
  }
  if (documents->size() > kMostDocuments) throw request.wrong(name, "at most 4096 documents");
  for (std::size_t i = 0; i < documents->size(); ++i) {
    const Json& document = (*documents)[i];
    call.task.documents.push_back(text_of(document, request, name, i));
    if (!are_shown) continue;
    call.documents.push_back(
        http::to_text(document.is_object() ? document : Json{{"text", document}}));
  }
}

Json write_results(const Call& call, const Result& result, const char* score) {
  Json results = Json::array();
  for (const auto& ranked : result.ranked) {
    Json one = {{"index", ranked.index}, {score, ranked.score}};
    if (!call.documents.empty()) {
      Json document = Json::parse(call.documents[ranked.index]);
      if (call.is_array) {
        one["text"] = std::move(document["text"]);
      } else {
        one["document"] = std::move(document);
      }
    }
    results.push_back(std::move(one));
  }
  return results;
}

}  // namespace

Call parse_rerank(std::string_view body) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  dialect::refuse_fields(request, {"rank_fields", "image", "images"});
  Call call;
  Task& task = call.task;
  task.model = request.find_string("model").value_or("");
  task.keep_alive = services::parse_keep_alive(request);
  task.query = request.required_string("query");
  task.most = find_count(request, "top_n");
  task.document_tokens = find_count(request, "max_tokens_per_doc");
  task.truncate = request.find_bool("truncate").value_or(true);
  const bool is_raw = request.find_bool("raw_scores").value_or(false);
  task.scores = is_raw ? Scores::kRaw : Scores::kRelevance;
  call.is_array = request.has("texts") && !request.has("documents");
  const bool are_shown =
      request.find_bool(call.is_array ? "return_text" : "return_documents").value_or(false);
  read_documents(request, call.is_array ? "texts" : "documents", are_shown, call);
  return call;
}

std::string write_rerank(const Call& call, const Result& result, const std::string& id) {
  if (call.is_array) return http::to_text(write_results(call, result, "score"));
  Json reply = {
      {"id", id},
      {"object", "list"},
      {"model", result.model},
      {"results", write_results(call, result, "relevance_score")},
      {"usage", {{"prompt_tokens", result.prompt_tokens}, {"total_tokens", result.prompt_tokens}}}};
  if (result.truncated_documents > 0)
    reply["truncated"] = {{"documents", result.truncated_documents}};
  return http::to_text(reply);
}

}  // namespace hailstone::rerank
