// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/depth/wire.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "media/codec/encode.hpp"
#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::depth {
namespace {

using vision::DepthKind;

constexpr std::array<std::string_view, 4> kFormats = {"png", "color", "npy", "pfm"};

constexpr double kMillimetres = 1000;
constexpr double kKittiSteps = 256;
constexpr double kMost16 = 65'535;

media::Colormap parse_colormap(std::string_view name) {
  if (const auto map = media::find_colormap(name)) return *map;
  throw Error(ErrorCode::kBadRequest,
              "colormap must be one of: viridis, plasma, magma, inferno, turbo, jet, gray");
}

std::optional<StereoRig> parse_rig(const picture::PictureRequest& request) {
  const auto focal = request.find_field("focal");
  const auto baseline = request.find_field("baseline");
  if (!focal && !baseline) return std::nullopt;
  if (!focal || !baseline) {
    throw Error(
        ErrorCode::kBadRequest,
        "focal (pixels) and baseline (metres) make metres together; one of them is missing");
  }
  return StereoRig{picture::parse_number("focal", *focal, 1, 1e6),
                   picture::parse_number("baseline", *baseline, 1e-4, 1e4)};
}

bool is_pair(const picture::PictureRequest& request) {
  const bool has_left = request.find_picture("left") != nullptr;
  const bool has_right = request.find_picture("right") != nullptr;
  if (has_left == has_right) return has_left;
  throw Error(ErrorCode::kBadRequest, std::string("the picture '") + (has_left ? "right" : "left") +
                                          "' of the pair is missing");
}

/// value * factor, rounded, at least 1: 0 means that nothing is known.
media::Plane<std::uint16_t> scale(const media::Plane<float>& plane, double factor) {
  media::Plane<std::uint16_t> out{plane.width, plane.height, {}};
  out.values.reserve(plane.values.size());
  for (const float value : plane.values) {
    const bool is_known = std::isfinite(value) && value > 0;
    const double scaled = is_known ? std::clamp(std::round(value * factor), 1.0, kMost16) : 0;
    out.values.push_back(static_cast<std::uint16_t>(scaled));
  }
  return out;
}

std::string_view unit_of(DepthKind kind) noexcept {
  switch (kind) {
    case DepthKind::kMetric:
      return "kind=metric; unit=m";
    case DepthKind::kDisparity:
      return "kind=disparity; unit=px";
    case DepthKind::kRelative:
      break;
  }
  return "kind=relative; unit=none";
}

std::string write_figures(const vision::Depth& depth, const vision::DepthRange& range) {
  char text[96];
  std::snprintf(text, sizeof text, "; min=%.6g; max=%.6g", static_cast<double>(range.min),
                static_cast<double>(range.max));
  return std::string(unit_of(depth.kind)) + text;
}

media::Plane<std::uint16_t> to_16_bit(const vision::Depth& depth, const vision::DepthRange& range) {
  switch (depth.kind) {
    case DepthKind::kMetric:
      return scale(depth.plane, kMillimetres);
    case DepthKind::kDisparity:
      return scale(depth.plane, kKittiSteps);
    case DepthKind::kRelative:
      break;
  }
  return media::normalize_to_16_bit(depth.plane, {range.min, range.max});
}

media::Image to_color(const vision::Depth& depth, media::Colormap map) {
  const auto range = vision::range_of(depth);
  const bool is_near_large = depth.kind == DepthKind::kDisparity;
  const media::ValueRange ends = is_near_large ? media::ValueRange{range.min, range.max}
                                               : media::ValueRange{range.max, range.min};
  return media::colorize(depth.plane, ends, map);
}

}  // namespace

std::vector<std::string> task_options() {
  return {"model", "format", "colormap", "focal", "baseline"};
}

Task parse_task(const picture::PictureRequest& request) {
  Task task;
  if (const auto model = request.find_field("model")) task.model = *model;
  if (const auto format = request.find_field("format")) {
    task.format = static_cast<Format>(picture::parse_word("format", *format, kFormats));
  }
  if (const auto name = request.find_field("colormap")) task.colormap = parse_colormap(*name);
  task.rig = parse_rig(request);
  task.is_pair = is_pair(request);
  return task;
}

DepthFile write_depth(const vision::Depth& depth, Format format, media::Colormap colormap) {
  const auto range = vision::range_of(depth, 0);
  const std::string figures = write_figures(depth, range);
  const std::array<std::int64_t, 2> shape = {depth.plane.height, depth.plane.width};
  switch (format) {
    case Format::kColor:
      return {"image/png", media::encode_png(to_color(depth, colormap)), figures};
    case Format::kNpy:
      return {"application/x-npy", media::encode_npy(depth.plane.values, shape), figures};
    case Format::kPfm: {
      auto plane = depth.plane;
      // What readers of stereo data expect.
      for (float& value : plane.values) {
        if (!std::isfinite(value)) value = std::numeric_limits<float>::infinity();
      }
      return {"image/x-portable-floatmap", media::encode_pfm(plane), figures};
    }
    case Format::kPng:
      break;
  }
  return {"image/png", media::encode_png(to_16_bit(depth, range)), figures};
}

}  // namespace hailstone::depth
