// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The kinds of session of a fake model.

#include <atomic>

#include "engines/fake/life.hpp"
#include "engines/fake/vocabulary.hpp"
#include "inference/audio_sessions.hpp"
#include "inference/read_session.hpp"
#include "inference/tensor_session.hpp"
#include "inference/text_session.hpp"
#include "inference/worker/call_session.hpp"

namespace hailstone::engines::fake {

/// All of them are thread-safe and live no longer than the Life they refer to.
class FakeText : public inference::TextSession {
 public:
  FakeText(Life& life, Vocabulary& vocabulary) noexcept : life_(life), vocabulary_(vocabulary) {}
  inference::TextResult generate(const inference::TextRequest& request,
                                 const inference::OnTextChunk& on_chunk,
                                 const RunContext& run) override;
  inference::Embeddings embed(const std::vector<std::string>& inputs,
                              const RunContext& run) override;
  inference::Ranking rank(const std::string& query, const std::vector<std::string>& documents,
                          const RunContext& run) override;
  std::vector<inference::TokenId> tokenize(const std::string& text, const RunContext& run) override;
  std::string detokenize(const std::vector<inference::TokenId>& tokens,
                         const RunContext& run) override;
  std::string apply_template(const inference::ChatPrompt& prompt, const RunContext& run) override;
  int context_length() const noexcept override { return life_.script().context_length; }

 private:
  void check_request(const inference::TextRequest& request) const;
  void check_length(const std::string& what, std::size_t tokens) const;

  Life& life_;
  Vocabulary& vocabulary_;
};

/// Gives back its input.
class FakeTensor : public inference::TensorSession {
 public:
  /// script: of the network, which may be a further one of the model; outlives this.
  FakeTensor(Life& life, const Script& script) noexcept : life_(life), script_(script) {}
  std::vector<inference::TensorInfo> inputs() const override;
  std::vector<inference::TensorInfo> outputs() const override;
  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run) override;

 private:
  Life& life_;
  const Script& script_;
  std::atomic<int> runs_{0};
};

/// A segment per second of audio, each a word of the reply; in a stream, half a second earlier as a
/// partial one.
class FakeHear : public inference::HearSession {
 public:
  explicit FakeHear(Life& life) noexcept : life_(life) {}
  inference::HearAbilities abilities() const override;
  inference::HearResult hear(const inference::HearRequest& request,
                             const inference::OnHeard& on_heard, const RunContext& run) override;
  inference::HearResult listen(const inference::HearOptions& options,
                               inference::AudioSource& source, const inference::OnHeard& on_heard,
                               const RunContext& run) override;

 private:
  Life& life_;
};

/// A fifth of a second of a tone for each word.
class FakeSay : public inference::SaySession {
 public:
  explicit FakeSay(Life& life) noexcept : life_(life) {}
  void say(const inference::SayRequest& request, const inference::OnAudio& on_audio,
           const RunContext& run) override;
  std::vector<inference::Voice> voices() const override;

 private:
  Life& life_;
};

/// The words of the reply on one line across the picture.
class FakeRead : public inference::ReadSession {
 public:
  explicit FakeRead(Life& life) noexcept : life_(life) {}
  std::vector<inference::ReadLine> read(const media::Image& image, const std::string& language,
                                        const RunContext& run) override;

 private:
  Life& life_;
};

/// The method "echo" gives back what it is given, the further input on its way.
class FakeCall : public inference::CallSession {
 public:
  explicit FakeCall(Life& life) noexcept : life_(life) {}
  std::vector<std::string> methods() const override;
  inference::CallValue call(const inference::CallRequest& request, inference::CallSource* input,
                            const inference::OnCallValue& on_value, const RunContext& run) override;

 private:
  Life& life_;
};

}  // namespace hailstone::engines::fake
