// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request that brings pictures, whichever way its client sends them:
//   multipart/form-data   files and fields in any order, by any names
//   image/* or raw bytes  the body is the picture, options are in the query
//   application/json      "image": base64 or a data: URL, options beside it; an object's members
//                         are options of their own: {"ocr":{"language":"deu"}} is "ocr.language"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace hailstone::picture {

struct UploadedPicture {
  std::string name;   ///< of the form's part or of the JSON field: "image", "left"
  std::string bytes;  ///< as the client encoded it
};

struct PictureRequest {
  std::vector<UploadedPicture> pictures;  ///< in the client's order
  std::map<std::string, std::string> fields;
  std::string accept = {};  ///< the header: which kinds of reply the client takes; may be empty

  /// The first picture of that name.
  const UploadedPicture* find_picture(std::string_view name) const noexcept;
  /// The text of a field; nothing where it is absent or empty.
  std::optional<std::string_view> find_field(std::string_view name) const noexcept;
};

/// Takes the body out of the request. A form's fields win over the query's. Throws
/// Error(kBadRequest) for base64 that is none; kTooLarge beyond 256 MiB of pictures; what
/// http::MultipartReader and http::parse_json throw. There may be no picture.
PictureRequest take_fields(http::Request& request);

/// The same, and kBadRequest where there is no picture.
PictureRequest take_picture_request(http::Request& request);

}  // namespace hailstone::picture
