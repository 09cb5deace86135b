// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/speak/piper/piper_files.hpp"

#include "base/error.hpp"

namespace hailstone::speak {

bool is_piper(const core::StoredModel& model) {
  return model.decoder == "piper";
}

speech::piper::VoiceConfig read_piper_config(const core::StoredModel& model) {
  const auto* layer = model.find_layer("voice");
  if (layer == nullptr) {
    throw Error(ErrorCode::kNotFound,
                "model '" + model.name.display() + "' lacks the file that describes its voice",
                "hailstone import VOICE.onnx --file voice=VOICE.onnx.json");
  }
  return speech::piper::read_voice_config(core::read_layer(*layer));
}

}  // namespace hailstone::speak
