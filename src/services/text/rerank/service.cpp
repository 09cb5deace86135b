// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/rerank/service.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "core/catalog/catalog.hpp"
#include "http/pipeline/error_reply.hpp"
#include "inference/text_session.hpp"
#include "services/common/capabilities.hpp"
#include "services/common/tasks/advice.hpp"
#include "services/common/truncation/cut_end.hpp"

namespace hailstone::rerank {
namespace {

using inference::Ranking;
using inference::TextSession;

/// Beginning, end and what stands between query and document; and what a chat template puts around
/// them.
constexpr std::size_t kFrameTokens = 8;
constexpr std::size_t kTemplateTokens = 256;

/// A document that is left fewer of its tokens than that says nothing.
constexpr std::size_t kLeastRoom = 8;

TextSession& require_text(const core::Lease& lease, const std::string& model) {
  if (auto* session = lease.model().text()) return *session;
  throw Error(ErrorCode::kBadRequest, "\"" + model + "\" does not support reranking");
}

/// What the context has for a document.
std::size_t room_beside(const std::string& query, std::size_t frame, TextSession& session,
                        const RunContext& run) {
  const std::size_t used = session.tokenize(query, run).size() + frame;
  const auto context = static_cast<std::size_t>(session.context_length());
  if (used + kLeastRoom <= context) return context - used;
  throw Error(ErrorCode::kBadRequest,
              "the query is too long: with " + std::to_string(used) +
                  " tokens it leaves no room for a document in a context of " +
                  std::to_string(context));
}

class Ranker {
 public:
  Ranker(const Task& task, TextSession& session, const RunContext& run)
      : task_(task), session_(session), run_(run) {}

  Ranking rank() {
    cut(kFrameTokens);
    try {
      return session_.rank(task_.query, documents_, run_);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kTooLarge) throw;
      if (!task_.truncate) throw Error(ErrorCode::kBadRequest, error.what());
    }
    cut(kTemplateTokens);
    return session_.rank(task_.query, documents_, run_);
  }

  int truncated() const noexcept { return truncated_; }

 private:
  void cut(std::size_t frame) {
    documents_ = task_.documents;
    truncated_ = 0;
    const auto wanted = task_.document_tokens;
    if (!task_.truncate && !wanted) return;
    std::size_t room = wanted.value_or(SIZE_MAX);
    if (task_.truncate) {
      room = std::min(room, room_beside(task_.query, frame, session_, run_));
    }
    for (auto& document : documents_) {
      if (services::cut_end(document, room, session_, run_)) ++truncated_;
    }
  }

  const Task& task_;
  TextSession& session_;
  const RunContext& run_;
  std::vector<std::string> documents_;
  int truncated_ = 0;
};

double relevance(double score, const Task& task, Ranking::Scale scale) {
  if (!std::isfinite(score)) {
    throw Error(ErrorCode::kEngineFailed, "the model gave a score that is no number");
  }
  if (task.scores == Scores::kRaw || scale == Ranking::Scale::kProbability) return score;
  return 1 / (1 + std::exp(-score));
}

std::vector<Ranked> put_in_order(const Ranking& ranking, const Task& task) {
  if (ranking.scores.size() != task.documents.size()) {
    throw Error(ErrorCode::kEngineFailed, "the model gave another number of scores than documents");
  }
  std::vector<Ranked> ranked;
  for (std::size_t i = 0; i < ranking.scores.size(); ++i) {
    ranked.push_back({i, relevance(ranking.scores[i], task, ranking.scale)});
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const Ranked& a, const Ranked& b) { return a.score > b.score; });
  if (task.most && *task.most < ranked.size()) ranked.resize(*task.most);
  return ranked;
}

}  // namespace

/// The one that was installed last; empty: there is none.
std::string RerankService::find_installed() {
  for (const auto& stored : models_.store().list()) {
    const auto facts = models_.find_facts(stored);
    if (facts && services::has_capability(*facts, inference::Capability::kRanking)) {
      return stored.name.display();
    }
  }
  return {};
}

services::ChosenModel RerankService::choose(const std::string& name) {
  const auto refuse_missing = [this] {
    // In the message, as its clients show nothing else.
    throw http::StatusError(503, "no model for rerank is installed; " +
                                     services::advise_model(core::load_catalog(catalog_folders_),
                                                            "rerank", {}, models_.runtime()));
  };
  if (name.empty()) {
    const std::string installed = find_installed();
    if (installed.empty()) refuse_missing();
    return models_.choose(installed, {});
  }
  try {
    return models_.choose(name, {});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
    const std::string installed = find_installed();
    if (installed.empty()) refuse_missing();
    throw Error(ErrorCode::kNotFound, error.what(), "installed for rerank: " + installed);
  }
}

Result RerankService::rank(const Task& task, const RunContext& run) {
  const auto model = choose(task.model);
  const std::string& name = task.model.empty() ? model.name : task.model;
  services::require_capability(*model.facts, inference::Capability::kRanking, name, "reranking",
                               model.stored.task);
  const core::Lease lease = models_.acquire(model, task.keep_alive, run);
  Ranker ranker(task, require_text(lease, name), run);
  const Ranking ranking = ranker.rank();
  Result result;
  result.ranked = put_in_order(ranking, task);
  result.model = name;
  result.prompt_tokens = ranking.prompt_tokens;
  result.truncated_documents = ranker.truncated();
  result.engine = lease.engine();
  result.cut_keep_alive = lease.cut_keep_alive();
  return result;
}

}  // namespace hailstone::rerank
