// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/embed/service.hpp"

#include <utility>

#include "base/error.hpp"
#include "inference/text_session.hpp"
#include "services/common/capabilities.hpp"
#include "services/common/truncation/cut_end.hpp"
#include "services/common/truncation/truncation.hpp"
#include "services/text/embed/post.hpp"

namespace hailstone::embed {
namespace {

using inference::TextSession;

/// What models put around an input: beginning and end of sequence.
constexpr std::size_t kFrameTokens = 2;

/// Whether the input had to be cut.
bool make_fit(std::string& input, const Task& task, TextSession& session, const RunContext& run) {
  const auto context = static_cast<std::size_t>(session.context_length());
  // No token is shorter than a byte.
  if (context <= kFrameTokens || input.size() + kFrameTokens <= context) return false;
  const std::size_t room = context - kFrameTokens;
  if (task.truncate) return services::cut_end(input, room, session, run);
  services::refuse_hopeless(input.size(), {session.context_length(), 0, false});
  const std::size_t tokens = session.tokenize(input, run).size();
  if (tokens <= room) return false;
  throw Error(ErrorCode::kBadRequest, "the input length exceeds the context length (" +
                                          std::to_string(tokens) + " tokens, at most " +
                                          std::to_string(room) + " fit)");
}

/// Language models embed as well, if not as well as models made for it.
void require_embeddings(const services::ChosenModel& model, const std::string& name) {
  if (services::has_capability(*model.facts, inference::Capability::kCompletion)) return;
  services::require_capability(*model.facts, inference::Capability::kEmbedding, name, "embeddings",
                               model.stored.task);
}

TextSession& require_text(const core::Lease& lease, const std::string& model) {
  if (auto* session = lease.model().text()) return *session;
  throw Error(ErrorCode::kBadRequest, "\"" + model + "\" does not support embeddings");
}

}  // namespace

EmbedService::EmbedService(services::ModelAccess& models, const Clock& clock)
    : models_(models), clock_(clock) {}

Result EmbedService::embed(const Task& task, const RunContext& run) {
  const SteadyTime begin = clock_.now();
  const auto model = models_.choose(task.model, task.options);
  const bool has_inputs = !task.inputs.empty() || !task.token_inputs.empty();
  if (has_inputs) require_embeddings(model, task.model);
  const core::Lease lease = models_.acquire(model, task.keep_alive, run);
  Result result;
  result.load_time = lease.load_time();
  result.cut_keep_alive = lease.cut_keep_alive();
  if (has_inputs) {
    TextSession& session = require_text(lease, task.model);
    auto inputs = task.inputs;
    for (const auto& tokens : task.token_inputs) {
      inputs.push_back(session.detokenize(tokens, run));
    }
    for (auto& input : inputs) result.truncated_inputs += make_fit(input, task, session, run);
    auto embeddings = session.embed(inputs, run);
    if (embeddings.vectors.size() != inputs.size()) {
      throw Error(ErrorCode::kEngineFailed,
                  "the model gave " + std::to_string(embeddings.vectors.size()) +
                      " embeddings for " + std::to_string(inputs.size()) + " inputs");
    }
    result.vectors = std::move(embeddings.vectors);
    for (auto& vector : result.vectors) finish_vector(vector, task);
    result.prompt_tokens = embeddings.prompt_tokens;
    result.engine = lease.engine();
  }
  result.total_time = clock_.now() - begin;
  return result;
}

}  // namespace hailstone::embed
