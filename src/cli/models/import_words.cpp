// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/models/import_words.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/catalog/config_blob.hpp"
#include "core/catalog/parse.hpp"

namespace hailstone::cli {
namespace {

std::string read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorCode::kNotFound, "no file " + file + " that can be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The variant that is such a file; the addresses in it do not matter.
Json read_manifest(const std::string& file, const std::string& format) {
  const auto models = core::parse_catalog(read_file(file), file);
  if (models.size() != 1) {
    throw Error(ErrorCode::kBadRequest,
                file + ": " + std::to_string(models.size()) + " models, where one is expected");
  }
  const auto& variants = models.front().variants;
  const auto variant = std::find_if(variants.begin(), variants.end(),
                                    [&](const auto& each) { return each.format == format; });
  if (variant == variants.end()) {
    throw Error(ErrorCode::kBadRequest, file + ": no variant in the format " + format);
  }
  const Json config = Json::parse(core::make_config_blob(models.front(), *variant));
  Json ours = Json::object();
  for (const char* key : {"task", "engine", "decoder", "labels", "settings"}) {
    if (config["hailstone"].contains(key)) ours[key] = config["hailstone"][key];
  }
  Json body{{"hailstone", std::move(ours)}};
  if (!models.front().licence.empty()) body["license"] = models.front().licence;
  return body;
}

[[noreturn]] void refuse_size(const std::string& text) {
  throw Error(ErrorCode::kBadRequest, "--input '" + text + "' is no size",
              "for example 640x480, width and height in pixels; 640 is both");
}

int read_side(const std::string& part, const std::string& text) {
  int side = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), side);
  if (error != std::errc() || end != part.data() + part.size() || side < 1 || side > 16384) {
    refuse_size(text);
  }
  return side;
}

/// One of the words of a setting.
void add_word(Json& input, const char* key, const std::string& word,
              std::initializer_list<std::string_view> known) {
  if (word.empty()) return;
  if (std::find(known.begin(), known.end(), word) == known.end()) {
    throw Error(ErrorCode::kBadRequest, "--" + std::string(key) + " '" + word + "' is not known",
                "What works: " + join({known.begin(), known.end()}, ", "));
  }
  input[key] = word;
}

void add_numbers(Json& input, const char* key, const std::vector<double>& numbers) {
  if (numbers.empty()) return;
  if (numbers.size() == 2 ||
      (std::string_view(key) == "std" && std::count(numbers.begin(), numbers.end(), 0.0) > 0)) {
    throw Error(ErrorCode::kBadRequest, "--" + std::string(key) +
                                            " takes one number, or one for each channel" +
                                            (numbers.size() == 2 ? "" : ", and none of them 0"));
  }
  input[key] = numbers;
}

Json describe_input(const ImportRequest& request) {
  Json input = Json::object();
  if (!request.input.empty()) {
    const auto sides = split(request.input, 'x');
    if (sides.size() > 2) refuse_size(request.input);
    input["width"] = read_side(sides.front(), request.input);
    input["height"] = read_side(sides.back(), request.input);
  }
  add_word(input, "layout", request.layout, {"nchw", "nhwc"});
  add_word(input, "color", request.color, {"bgr", "gray", "rgb"});
  if (request.color == "gray") input["channels"] = 1;
  add_word(input, "resize", request.resize, {"crop", "letterbox", "letterbox-top-left", "stretch"});
  add_numbers(input, "mean", request.mean);
  add_numbers(input, "std", request.std);
  return input;
}

Json read_anchors(const std::string& file) {
  std::istringstream lines(read_file(file));
  Json anchors = Json::array();
  for (std::string line; std::getline(lines, line);) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    std::vector<double> numbers{std::istream_iterator<double>(fields), {}};
    if (numbers.empty() && trim(line).empty()) continue;
    if (numbers.size() != 4 || !fields.eof()) {
      throw Error(ErrorCode::kBadRequest, file + ": line " + std::to_string(anchors.size() + 1) +
                                              " is not x y width height, parts of the input");
    }
    anchors.push_back(numbers);
  }
  return anchors;
}

}  // namespace

Json describe_import(const ImportRequest& request, const std::string& format) {
  Json body{{"hailstone", Json::object()}};
  if (!request.manifest.empty()) body = read_manifest(request.manifest, format);
  Json& ours = body["hailstone"];
  if (!request.engine.empty()) ours["engine"] = request.engine;
  if (!request.decoder.empty()) ours["decoder"] = request.decoder;
  std::error_code ignored;
  if (!request.labels.empty()) {
    if (std::filesystem::is_regular_file(request.labels, ignored)) {
      ours.erase("labels");
    } else if (request.labels.find_first_of("/.") != std::string::npos) {
      throw Error(ErrorCode::kNotFound, "no file " + request.labels + " that can be read");
    } else {
      ours["labels"] = request.labels;
    }
  }
  if (const Json input = describe_input(request); !input.empty()) {
    Json& all = ours["settings"]["input"];
    if (!all.is_object()) all = Json::object();
    all.update(input);
  }
  if (!request.anchors.empty()) ours["settings"]["anchors"] = read_anchors(request.anchors);
  return body;
}

}  // namespace hailstone::cli
