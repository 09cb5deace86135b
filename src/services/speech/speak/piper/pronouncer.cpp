// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/speak/piper/pronouncer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "http/pipeline/error_reply.hpp"
#include "inference/engine.hpp"
#include "inference/worker/call_session.hpp"
#include "services/speech/speak/piper/wire_phonemes.hpp"

namespace hailstone::speak {
namespace {

constexpr std::string_view kTask = "speak";
constexpr std::string_view kEngine = "espeak";

}  // namespace

std::string Pronouncer::phonemes(const std::string& text, const std::string& voice,
                                 const RunContext& run) {
  const auto model = choose();
  const auto lease = models_.models().acquire(model, std::nullopt, run);
  auto* session = lease.model().call();
  if (session == nullptr) {
    throw Error(ErrorCode::kUnsupported, "model '" + model.name + "' does not tell phonemes");
  }
  const auto answer =
      session->call({"phonemes", {write_phoneme_request(text, voice)}}, nullptr, {}, run);
  return read_phonemes(answer.json);
}

services::ChosenModel Pronouncer::choose() const {
  auto all = models_.installed(std::span(&kTask, 1));
  const auto found = std::find_if(all.begin(), all.end(), [](const core::StoredModel& model) {
    return services::engine_of(model) == kEngine;
  });
  if (found != all.end()) return models_.models().choose(std::move(*found), {});
  throw http::StatusError(503, "the voice needs espeak-ng, which knows how words are pronounced",
                          "the starter model starter-espeak has it, where the program was built "
                          "with libespeak-ng");
}

}  // namespace hailstone::speak
