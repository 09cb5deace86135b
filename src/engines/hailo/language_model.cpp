// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/models.hpp"
#include "engines/hailo/text/language_session.hpp"

namespace hailstone::engines::hailo {
namespace {

class WritingModel : public inference::Model {
 public:
  WritingModel(const Opening& opening, std::unique_ptr<LanguageModel> model)
      : session_(opening.shared, std::move(model), opening.spec.name) {}

  inference::TextSession* text() noexcept override { return &session_; }
  int slots() const noexcept override { return 1; }
  bool alive() const noexcept override { return true; }
  inference::Footprint footprint() const override { return {}; }

 private:
  LanguageSession session_;
};

}  // namespace

std::unique_ptr<inference::Model> open_text_model(const Opening& opening) {
  const auto lora = opening.spec.settings.find("lora");
  const std::string name = lora == opening.spec.settings.end() ? std::string() : lora->second;
  return std::make_unique<WritingModel>(
      opening, opening.chip.open_language(opening.spec.weights.native(), name));
}

std::unique_ptr<inference::Model> open_seeing_model(const Opening& opening) {
  return std::make_unique<WritingModel>(
      opening, opening.chip.open_vision_language(opening.spec.weights.native()));
}

}  // namespace hailstone::engines::hailo
