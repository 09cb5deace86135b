// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/vision/pair_form.hpp"

namespace hailstone::cli {

PairForm make_pair_form(std::string_view left, std::string_view right) {
  std::string boundary = "hailstone";
  while (left.find(boundary) != left.npos || right.find(boundary) != right.npos) boundary += '-';
  std::string body;
  const auto add = [&](std::string_view name, std::string_view bytes) {
    body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + std::string(name) +
            "\"; filename=\"" + std::string(name) + "\"\r\n\r\n";
    body.append(bytes).append("\r\n");
  };
  add("left", left);
  add("right", right);
  return {"multipart/form-data; boundary=" + boundary, body + "--" + boundary + "--\r\n"};
}

}  // namespace hailstone::cli
