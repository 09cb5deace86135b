// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What talks stand on.

namespace hailstone::chat {
class ChatService;
}
namespace hailstone::services {
class TaskModels;
}
namespace hailstone::speak {
class SpeakService;
}
namespace hailstone::transcribe {
class TranscribeService;
}

namespace hailstone::wake {
class WakeService;
}

namespace hailstone::voice {

/// A value; what it names outlives all talks.
struct VoiceServices {
  const services::TaskModels& models;
  transcribe::TranscribeService& transcribe;
  chat::ChatService& chat;
  speak::SpeakService& speak;
  const wake::WakeService* wake = nullptr;  ///< null: talks cannot wait for a word
};

}  // namespace hailstone::voice
