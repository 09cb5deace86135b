// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/dialect/picture_url.hpp"

#include <string_view>
#include <utility>

#include "services/common/base64.hpp"
#include "services/text/chat/pictures.hpp"

namespace hailstone::dialect {
namespace {

constexpr std::string_view kHint =
    "a data URL works: data:image/jpeg;base64,... with the picture's bytes";

/// Each may take as long, and be as large, as one may.
constexpr int kMostFetched = 16;

}  // namespace

FetchPicture for_request(const RemotePictures& remote, const RunContext& run) {
  if (!remote) return refuse_remote;
  return [&remote, &run, left = kMostFetched](const std::string& url) mutable {
    if (left-- == 0) {
      throw Error(ErrorCode::kBadRequest, "at most 16 pictures are fetched for one request");
    }
    return remote(url, run);
  };
}

std::string refuse_remote(const std::string& url) {
  throw Error(ErrorCode::kBadRequest,
              "pictures are not fetched from elsewhere (" + url.substr(0, 80) + ")",
              std::string(kHint));
}

std::string read_picture_url(const std::string& url, const std::string& path,
                             const FetchPicture& fetch) {
  const std::string_view text = url;
  if (!text.starts_with("data:")) {
    try {
      return fetch(url);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kBadRequest) throw;
      throw Error(ErrorCode::kBadRequest, path + ": " + error.what() + "; " + std::string(kHint));
    }
  }
  const auto comma = text.find(',');
  const bool is_base64 = comma != text.npos && text.substr(0, comma).ends_with(";base64");
  auto bytes = is_base64 ? services::find_base64(text.substr(comma + 1)) : std::nullopt;
  if (!bytes || bytes->empty()) {
    throw Error(ErrorCode::kBadRequest,
                path + " is no data URL with base64 in it; " + std::string(kHint));
  }
  return *std::move(bytes);
}

std::string with_detail(std::string picture, const http::Fields& fields) {
  const auto detail = fields.find_string("detail").value_or("auto");
  if (detail == "low") return chat::prepare_picture(std::move(picture), chat::kLowDetailSide);
  if (detail == "auto" || detail == "high" || detail == "original") return picture;
  throw fields.wrong("detail", R"("low", "high", "original" or "auto")");
}

}  // namespace hailstone::dialect
