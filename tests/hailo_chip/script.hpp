// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the stand-in is told to do (README.md): its program, read anew whenever the file changes,
// and what the stand-in's HEFs say.

#include <hailo/hailort.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace standin {

/// Lines "key = value"; a key may come several times.
class Settings {
 public:
  static Settings parse(const std::string& text);
  const std::vector<std::string>& all(const std::string& key) const;
  std::optional<std::string> find(const std::string& key) const;
  double number(const std::string& key, double otherwise) const;
  std::string text(const std::string& key, const std::string& otherwise) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

/// Of the file that HAILO_STANDIN_PROGRAM names; empty where there is none. Thread-safe.
std::shared_ptr<const Settings> program();

/// What the program says of a call: hang.CALL never returns, delay_ms.CALL takes its time,
/// fail.CALL is the status it ends with, "62 x 2" only for the next two calls. Thread-safe.
hailo_status gate(const std::string& call);

void sleep_ms(double milliseconds);

struct Stream {
  std::string name;
  hailo_format_t format{};
  hailo_3d_image_shape_t shape{};
  hailo_nms_shape_t nms{};
  hailo_quant_info_t quant{0, 1, 0, 255};
  bool is_nms() const noexcept { return nms.number_of_classes > 0; }
  std::size_t frame_size() const noexcept;
};

struct Hef {
  std::string path;
  Settings settings;
  std::vector<Stream> inputs;
  std::vector<Stream> outputs;
};

/// The status is HailoRT's for such a file.
std::shared_ptr<const Hef> read_hef(const std::string& path, hailo_status& status);

}  // namespace standin
