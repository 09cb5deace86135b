// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "hosting/protocol/wire_parts.hpp"

namespace hailstone::hosting {
namespace {

using inference::Tensor;
using inference::TensorInfo;

Json json_of(const std::vector<Tensor>& tensors, Body& body) {
  Json list = Json::array();
  for (const auto& tensor : tensors) {
    Json entry = hosting::json_of(tensor.info);
    entry["bytes"] = tensor.data.size();
    list.push_back(std::move(entry));
    body.parts.emplace_back(tensor.data);
  }
  return list;
}

Json json_of(const inference::Box& box) {
  return Json::array({finite(box.x), finite(box.y), finite(box.width), finite(box.height)});
}

inference::Box box_from(const Json& json) {
  const auto side = [&](std::size_t i) { return number_of(json.at(i), "box"); };
  return {side(0), side(1), side(2), side(3)};
}

Json json_of(const inference::ReadLine& line) {
  Json words = Json::array();
  for (const auto& word : line.words) {
    words.push_back(
        {{"text", word.text}, {"box", json_of(word.box)}, {"confidence", finite(word.confidence)}});
  }
  return {{"box", json_of(line.box)},
          {"block", line.block},
          {"paragraph", line.paragraph},
          {"words", std::move(words)}};
}

inference::ReadLine line_from(const Json& json) {
  return {part_at(json, "box", box_from), integer_at<int>(json, "block"),
          integer_at<int>(json, "paragraph"),
          list_at<inference::ReadWord>(json, "words", [](const Json& word) {
            return inference::ReadWord{text_at(word, "text"), part_at(word, "box", box_from),
                                       number_at(word, "confidence")};
          })};
}

}  // namespace

Json json_of(const TensorInfo& info) {
  return {{"name", info.name}, {"type", inference::name_of(info.type)}, {"shape", info.shape}};
}

TensorInfo tensor_info_from(const Json& json) {
  return {text_at(json, "name"),
          word_at<inference::ElementType>(json, "type", inference::kElementTypeNames),
          list_at<std::int64_t>(json, "shape", as_integer<std::int64_t>)};
}

Body encode_run(CallHead head, const std::vector<Tensor>& inputs, const std::string& network) {
  Body body;
  Json json = head_of(head, "run");
  json["tensors"] = json_of(inputs, body);
  if (!network.empty()) json["network"] = network;
  body.json = dump_strict(json);
  return body;
}

std::vector<Tensor> tensors_from(const Json& json, PayloadReader& payload) {
  return list_at<Tensor>(json, "tensors", [&](const Json& entry) {
    return Tensor{tensor_info_from(entry),
                  payload.take_shared(integer_at<std::uint64_t>(entry, "bytes"))};
  });
}

Body encode_tensors(const std::vector<Tensor>& tensors) {
  Body body;
  body.json = dump_repaired({{"tensors", json_of(tensors, body)}});
  return body;
}

std::vector<Tensor> parse_tensors(const Frame& frame) {
  return reading([&] {
    PayloadReader payload(frame);
    return tensors_from(parse_json(frame), payload);
  });
}

Body encode_read(CallHead head, const media::Image& image, const std::string& language) {
  Json json = head_of(head, "read");
  json["width"] = image.width;
  json["height"] = image.height;
  json["language"] = language;
  return {dump_strict(json), {std::as_bytes(std::span(image.pixels))}};
}

ReadImage read_image_from(const Json& json, PayloadReader& payload) {
  ReadImage read;
  read.image.width = integer_at<int>(json, "width");
  read.image.height = integer_at<int>(json, "height");
  const auto bytes = payload.take(payload.size());
  const auto* pixels = reinterpret_cast<const std::uint8_t*>(bytes.data());
  read.image.pixels.assign(pixels, pixels + bytes.size());
  read.language = text_at(json, "language");
  return read;
}

Body encode_lines(const std::vector<inference::ReadLine>& lines) {
  Json list = Json::array();
  for (const auto& line : lines) list.push_back(json_of(line));
  return {dump_repaired({{"lines", std::move(list)}}), {}};
}

std::vector<inference::ReadLine> parse_lines(const Frame& frame) {
  return reading(
      [&] { return list_at<inference::ReadLine>(parse_json(frame), "lines", line_from); });
}

}  // namespace hailstone::hosting
