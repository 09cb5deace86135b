// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The first byte says what the client calls its form, the rest is the form (boundary "b").

#include <cstdint>
#include <cstdlib>

#include "fuzz/attempt.hpp"
#include "http/message.hpp"
#include "services/vision/deepstack/wire.hpp"

namespace {

using namespace hailstone;

const char* content_type(std::uint8_t choice) {
  constexpr const char* kTypes[] = {"multipart/form-data; boundary=b",
                                    "application/x-www-form-urlencoded", "application/json", ""};
  return kTypes[choice % 4];
}

/// A number that is let through is one that can be worked with.
void check_numbers(const picture::PictureRequest& form) {
  const double confidence = deepstack::parse_min_confidence(form, 0.4);
  if (!(confidence >= 0 && confidence <= 1)) std::abort();
  if (deepstack::parse_max(form) < 1) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  http::Request request;
  request.headers.add("Content-Type", content_type(data[0]));
  request.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  picture::PictureRequest form;
  fuzz::attempt([&] { form = deepstack::take_form(request); });
  fuzz::attempt([&] { check_numbers(form); });
  fuzz::attempt([&] { deepstack::parse_userid(form); });
  fuzz::attempt([&] { deepstack::take_two_images(form); });
  return 0;
}
