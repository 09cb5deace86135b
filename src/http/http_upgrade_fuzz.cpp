// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Headers that are taken apart before a route sees them: of an upgrade, and of a range. The first
// byte is the file's size.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/files/byte_range.hpp"
#include "http/pipeline/upgrade.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hailstone;
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto range = http::choose_range(text, data[0]);
  if (range.begin + range.length > data[0]) std::abort();
  http::Headers headers;
  for (const auto& line : split(text, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    headers.add(line.substr(0, colon), std::string(trim(line.substr(colon + 1))));
  }
  http::find_key_in_protocols(headers);
  const auto protocol = http::choose_protocol(headers, {"realtime"});
  if (!protocol.empty() && protocol != "realtime") std::abort();
  try {
    if (http::asks_for_web_socket(headers)) http::check_upgrade(headers);
  } catch (const Error&) {  // refused: that is an answer
  }
  return 0;
}
