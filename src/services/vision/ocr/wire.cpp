// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/ocr/wire.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "services/vision/ocr/layout.hpp"
#include "services/vision/picture/formats/wire_numbers.hpp"
#include "services/vision/picture/upload/options.hpp"
#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::ocr {
namespace {

using inference::ReadLine;
using inference::ReadWord;
using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> kFormats = {"json", "text", "tsv", "hocr"};

Json write_word(const ReadWord& word) {
  return {{"text", word.text},
          {"confidence", picture::to_score(word.confidence)},
          {"bbox", picture::to_bbox(word.box)}};
}

Json write_line(const ReadLine& line) {
  Json words = Json::array();
  for (const auto& word : line.words) words.push_back(write_word(word));
  return {{"text", text_of(line)},
          {"confidence", picture::to_score(confidence_of(line))},
          {"bbox", picture::to_bbox(line.box)},
          {"block", line.block},
          {"paragraph", line.paragraph},
          {"words", std::move(words)}};
}

}  // namespace

std::vector<std::string> task_options() {
  return {"model", "language", "lang", "region", "format"};
}

Task parse_task(const picture::PictureRequest& request) {
  Task task;
  if (const auto model = request.find_field("model")) task.model = *model;
  for (const auto* name : {"lang", "language"}) {
    if (const auto language = request.find_field(name)) task.language = *language;
  }
  if (const auto region = request.find_field("region")) {
    task.region = picture::parse_region(*region);
  }
  if (const auto format = request.find_field("format")) {
    task.format = static_cast<Format>(picture::parse_word("format", *format, kFormats));
  }
  return task;
}

std::string write_json(const Result& result) {
  Json lines = Json::array();
  for (const auto& line : result.lines) lines.push_back(write_line(line));
  const Json out{{"text", write_text(result)}, {"lines", std::move(lines)}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hailstone::ocr
