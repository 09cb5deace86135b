// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "hailo/vdevice.hpp"

namespace hailort::genai {

class HAILORTAPI Speech2TextParams {
 public:
  explicit Speech2TextParams(std::string_view hef_path) : hef_(hef_path) {}
  std::string_view hef() const { return hef_; }

 private:
  std::string hef_;
};

enum class Speech2TextTask { TRANSCRIBE = 0, TRANSLATE };

class HAILORTAPI Speech2TextGeneratorParams {
 public:
  hailo_status set_task(Speech2TextTask task);
  hailo_status set_language(std::string_view language);
  Speech2TextTask task() const { return task_; }
  std::string_view language() const { return language_; }

 private:
  Speech2TextTask task_ = Speech2TextTask::TRANSCRIBE;
  std::string language_;
};

class HAILORTAPI Speech2Text {
 public:
  struct SegmentInfo {
    float32_t start_sec;
    float32_t end_sec;
    std::string text;
  };
  class Impl;

  static Expected<Speech2Text> create(std::shared_ptr<VDevice> vdevice,
                                      const Speech2TextParams& params);
  Expected<Speech2TextGeneratorParams> create_generator_params();
  Expected<std::vector<SegmentInfo>> generate_all_segments(MemoryView audio,
                                                           const Speech2TextGeneratorParams& params,
                                                           std::chrono::milliseconds timeout);

  explicit Speech2Text(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace hailort::genai
