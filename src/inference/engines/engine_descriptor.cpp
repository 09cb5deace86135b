// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/engines/engine_descriptor.hpp"

#include <algorithm>

namespace hailstone::inference {
namespace {

/// On the AI HAT+ 2 only one model that writes fits beside those that see and hear.
constexpr const char* kLanguage = "language";

std::vector<EngineDescriptor> make_known_engines() {
  EngineDescriptor fake{"fake", "scripted answers, for demos and tests"};
  EngineDescriptor fake_hosted{"fake-hosted", "the same in a process of its own"};
  fake_hosted.command = {"hailstone-host-fake", "fake-hosted"};

  EngineDescriptor hailo{"hailo", "the Hailo-10H"};
  hailo.formats = {"hef"};
  hailo.scope = HostScope::kShared;
  hailo.accelerator = "npu";
  hailo.exclusive_groups = {{"chat", kLanguage}, {"vlm", kLanguage}};
  hailo.command = {"hailstone-host-hailo", "{hailo}"};
  // Else it writes a file wherever it stands, and tells each error six times.
  hailo.environment = {{"HAILORT_LOGGER_PATH", "NONE"},
                       {"HAILORT_CONSOLE_LOGGER_LEVEL", "critical"}};
  hailo.inherited = {"HAILO_STANDIN_PROGRAM"};    // what the stand-in for the chip does
  hailo.readable = {"/sys"};                      // where HailoRT looks for devices
  hailo.devices = {"/dev/h1x-0", "/dev/hailo0"};  // from driver 5.3 on, and before
  // Loading from a slow card takes minutes; frames and tokens have limits of the host's own.
  hailo.stall_limit = std::chrono::minutes(6);

  EngineDescriptor llama{"llama", "llama.cpp's llama-server"};
  llama.formats = {"gguf"};
  llama.tasks = {"chat", "embed", "rerank", "vlm"};

  EngineDescriptor onnx{"onnx", "ONNX Runtime"};
  onnx.formats = {"onnx"};
  onnx.command = {"hailstone-host-onnx", "{threads}"};
  onnx.needs_engine_runtime = true;
  onnx.how_to_get =
      "this program was built without ONNX Runtime; `tools/engine-runtime make` downloads it, then "
      "./run builds the engine";

  EngineDescriptor opencv{"opencv", "OpenCV's detectors, which need no weights"};
  opencv.command = {"hailstone-host-opencv"};

  EngineDescriptor tesseract{"tesseract", "Tesseract"};
  tesseract.command = {"hailstone-host-tesseract"};
  // With more threads it spins: on two busy cores the same page took 30 s instead of 0.7 s.
  tesseract.environment = {{"OMP_THREAD_LIMIT", "1"}};
  tesseract.inherited = {"TESSDATA_PREFIX"};

  EngineDescriptor espeak{"espeak", "espeak-ng, whose voices need no weights"};
  espeak.tasks = {"speak"};
  espeak.command = {"hailstone-host-espeak"};

  EngineDescriptor flite{"flite", "Flite, whose voices need no weights"};
  flite.tasks = {"speak"};
  flite.command = {"hailstone-host-flite"};

  EngineDescriptor pocketsphinx{"pocketsphinx", "pocketsphinx with Debian's model for English"};
  pocketsphinx.tasks = {"transcribe"};
  pocketsphinx.command = {"hailstone-host-pocketsphinx"};

  EngineDescriptor whisper{"whisper", "whisper.cpp"};
  whisper.formats = {"ggml"};
  whisper.tasks = {"transcribe"};
  whisper.command = {"hailstone-host-whisper", "{threads}"};
  whisper.needs_engine_runtime = true;
  whisper.how_to_get =
      "this program was built without whisper.cpp; `tools/engine-runtime make` downloads it, then "
      "./run builds the engine";

  return {fake,      fake_hosted, hailo, llama,        onnx,   opencv,
          tesseract, espeak,      flite, pocketsphinx, whisper};
}

}  // namespace

std::span<const EngineDescriptor> known_engines() {
  static const std::vector<EngineDescriptor> table = make_known_engines();
  return table;
}

const EngineDescriptor* find_known_engine(std::string_view name) {
  const auto known = known_engines();
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const auto& engine) { return engine.name == name; });
  return found == known.end() ? nullptr : &*found;
}

std::string engine_of_format(std::string_view format) {
  for (const auto& engine : known_engines()) {
    if (std::find(engine.formats.begin(), engine.formats.end(), format) != engine.formats.end()) {
      return engine.name;
    }
  }
  return std::string(format);
}

bool is_engine_word(std::string_view word) noexcept {
  constexpr std::size_t kLongest = 32;
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !word.empty() && word.size() <= kLongest && word.front() != '-' &&
         std::all_of(word.begin(), word.end(), is_letter);
}

}  // namespace hailstone::inference
