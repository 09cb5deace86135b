// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any request with a picture and a question is a task or an Error. The first byte chooses how it
// comes: as JSON, as a form, or as the picture itself with its fields in the query.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "fuzz/attempt.hpp"
#include "http/pipeline/dispatch.hpp"
#include "services/text/vlm/wire_request.hpp"
#include "services/vision/picture/upload/picture_request.hpp"

using hailstone::fuzz::attempt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const char* const kinds[] = {"application/json", "multipart/form-data; boundary=b", "image/png"};
  const char* kind = kinds[data[0] % 3];
  attempt([&] {
    auto request = hailstone::http::make_request(
        "POST", "/api/vlm?prompt=what&region=0,0,9,9&detail=low&max_tokens=3", kind, body);
    hailstone::vlm::make_task(hailstone::picture::take_picture_request(request));
  });
  return 0;
}
