// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "script.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

namespace standin {
namespace {

namespace fs = std::filesystem;

std::string trim(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Programmed {
  std::mutex mutex;
  std::string source;
  std::shared_ptr<const Settings> settings = std::make_shared<Settings>();
  std::map<std::string, int> failures;  // of calls that fail so many times only
};

Programmed& programmed() {
  static Programmed one;
  return one;
}

/// With the mutex held.
void refresh(Programmed& now) {
  const char* const path = std::getenv("HAILO_STANDIN_PROGRAM");
  if (path == nullptr) return;
  const auto text = read_file(path);
  if (!text || *text == now.source) return;
  now.source = *text;
  now.settings = std::make_shared<Settings>(Settings::parse(*text));
  now.failures.clear();
}

Stream parse_stream(const std::string& line) {
  std::istringstream in(line);
  Stream stream;
  std::string second;
  in >> stream.name >> second;
  stream.format = {HAILO_FORMAT_TYPE_FLOAT32, HAILO_FORMAT_ORDER_HAILO_NMS_BY_CLASS,
                   HAILO_FORMAT_FLAGS_NONE};
  if (second == "nms_by_class") {
    in >> stream.nms.number_of_classes >> stream.nms.max_bboxes_per_class;
    return stream;
  }
  if (second == "nms_by_score") {
    stream.format.type = HAILO_FORMAT_TYPE_UINT8;
    stream.format.order = HAILO_FORMAT_ORDER_HAILO_NMS_BY_SCORE;
    in >> stream.nms.number_of_classes >> stream.nms.max_bboxes_total;
    return stream;
  }
  stream.shape.height = static_cast<std::uint32_t>(std::stoul(second));
  std::string type;
  in >> stream.shape.width >> stream.shape.features >> type;
  stream.format = {type == "uint16" ? HAILO_FORMAT_TYPE_UINT16 : HAILO_FORMAT_TYPE_UINT8,
                   HAILO_FORMAT_ORDER_NHWC, HAILO_FORMAT_FLAGS_NONE};
  if (type == "float32") stream.format.type = HAILO_FORMAT_TYPE_FLOAT32;
  in >> stream.quant.qp_scale >> stream.quant.qp_zp;
  if (!in) stream.quant = {0, 1, 0, 255};
  return stream;
}

}  // namespace

Settings Settings::parse(const std::string& text) {
  Settings settings;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const auto equals = line.find('=');
    if (equals == std::string::npos || trim(line).starts_with('#')) continue;
    settings.values_[trim(line.substr(0, equals))].push_back(trim(line.substr(equals + 1)));
  }
  return settings;
}

const std::vector<std::string>& Settings::all(const std::string& key) const {
  static const std::vector<std::string> none;
  const auto found = values_.find(key);
  return found == values_.end() ? none : found->second;
}

std::optional<std::string> Settings::find(const std::string& key) const {
  const auto& values = all(key);
  return values.empty() ? std::nullopt : std::optional(values.back());
}

double Settings::number(const std::string& key, double otherwise) const {
  const auto value = find(key);
  return value ? std::atof(value->c_str()) : otherwise;
}

std::string Settings::text(const std::string& key, const std::string& otherwise) const {
  return find(key).value_or(otherwise);
}

std::shared_ptr<const Settings> program() {
  Programmed& now = programmed();
  const std::lock_guard lock(now.mutex);
  refresh(now);
  return now.settings;
}

void sleep_ms(double milliseconds) {
  std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(milliseconds));
}

hailo_status gate(const std::string& call) {
  const auto settings = program();
  while (program()->find("hang." + call)) sleep_ms(100);
  sleep_ms(settings->number("delay_ms." + call, 0));
  const auto failure = settings->find("fail." + call);
  if (!failure) return HAILO_SUCCESS;
  const auto status = static_cast<hailo_status>(std::atoi(failure->c_str()));
  const auto times = failure->find('x');
  if (times == std::string::npos) return status;
  Programmed& now = programmed();
  const std::lock_guard lock(now.mutex);
  return now.failures[call]++ < std::atoi(failure->c_str() + times + 1) ? status : HAILO_SUCCESS;
}

std::size_t Stream::frame_size() const noexcept {
  if (format.order == HAILO_FORMAT_ORDER_HAILO_NMS_BY_CLASS) {
    return sizeof(float) * nms.number_of_classes * (1 + 5 * std::size_t{nms.max_bboxes_per_class});
  }
  if (format.order == HAILO_FORMAT_ORDER_HAILO_NMS_BY_SCORE) {
    return 2 + 22 * std::size_t{nms.max_bboxes_total};
  }
  const std::size_t bytes = format.type == HAILO_FORMAT_TYPE_FLOAT32  ? 4
                            : format.type == HAILO_FORMAT_TYPE_UINT16 ? 2
                                                                      : 1;
  return bytes * shape.height * shape.width * shape.features;
}

std::shared_ptr<const Hef> read_hef(const std::string& path, hailo_status& status) {
  const auto text = read_file(path);
  status = HAILO_OPEN_FILE_FAILURE;
  if (!text) return nullptr;
  status = HAILO_FILE_OPERATION_FAILURE;
  if (text->size() < 12) return nullptr;
  status = HAILO_HEF_NOT_SUPPORTED;
  if (!text->starts_with("\x01HEF stand-in")) return nullptr;
  status = HAILO_SUCCESS;
  auto hef = std::make_shared<Hef>();
  hef->path = path;
  hef->settings = Settings::parse(*text);
  for (const auto& line : hef->settings.all("input")) hef->inputs.push_back(parse_stream(line));
  for (const auto& line : hef->settings.all("output")) hef->outputs.push_back(parse_stream(line));
  return hef;
}

}  // namespace standin
