// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/vision/result_file.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;

struct Kind {
  Saving saving;
  Coloring coloring;
  std::string_view extension;
  std::string_view format;
  std::string_view type;
};

constexpr std::array kKinds = {
    Kind{Saving::kDrawing, Coloring::kPlain, ".jpg", "image", "image/jpeg"},
    Kind{Saving::kDrawing, Coloring::kPlain, ".jpeg", "image", "image/jpeg"},
    Kind{Saving::kDrawing, Coloring::kPlain, ".png", "image", "image/png"},
    Kind{Saving::kDepth, Coloring::kPlain, ".png", "png", "image/png"},
    Kind{Saving::kDepth, Coloring::kColor, ".png", "color", "image/png"},
    Kind{Saving::kDepth, Coloring::kPlain, ".npy", "npy", "application/x-npy"},
    Kind{Saving::kDepth, Coloring::kPlain, ".pfm", "pfm", "image/x-portable-floatmap"},
};

[[noreturn]] void refuse(const fs::path& path, const std::string& why,
                         const std::string& detail = {}) {
  throw Error(ErrorCode::kBadRequest, path.string() + ": " + why, detail);
}

const Kind& kind_of(Saving saving, Coloring coloring, const fs::path& path) {
  const std::string extension = to_lower(path.extension().string());
  std::vector<std::string> known;
  for (const Kind& kind : kKinds) {
    if (kind.saving != saving || kind.coloring != coloring) continue;
    if (kind.extension == extension) return kind;
    known.emplace_back(kind.extension);
  }
  refuse(path, "the name does not end as a format that can be written",
         "What works: " + join(known, ", "));
}

}  // namespace

ResultFile plan_file(Saving saving, const fs::path& path, Coloring coloring,
                     const std::vector<std::string>& pictures) {
  const Kind& kind = kind_of(saving, coloring, path);
  std::error_code ignored;
  for (const std::string& picture : pictures) {
    if (!fs::equivalent(path, picture, ignored)) continue;
    refuse(path, "this is the picture itself, which is not overwritten", "Name another file.");
  }
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, ignored)) {
    refuse(path, "there is no folder " + folder.string());
  }
  return {path, std::string(kind.format), std::string(kind.type)};
}

void write_file(const fs::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (out.flush()) return;
  throw Error(ErrorCode::kInternal, "cannot write " + path.string(),
              "Is there space, and may you write there?");
}

}  // namespace hailstone::cli
