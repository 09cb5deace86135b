// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/files/encoding.hpp"

#include <cstdint>

namespace hailstone::cli {
namespace {

enum class Order { kLittle, kBig };

constexpr char32_t kReplacement = 0xFFFD;

void append(std::string& out, char32_t c) {
  const auto put = [&out](char32_t bits) { out += static_cast<char>(bits); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0U | c >> 6U);
  } else {
    if (c < 0x10000) {
      put(0xE0U | c >> 12U);
    } else {
      put(0xF0U | c >> 18U);
      put(0x80U | (c >> 12U & 0x3FU));
    }
    put(0x80U | (c >> 6U & 0x3FU));
  }
  put(0x80U | (c & 0x3FU));
}

std::string from_utf16(std::string_view bytes, Order order) {
  const auto unit = [&](std::size_t at) -> char32_t {
    const auto low = static_cast<unsigned char>(bytes[at + (order == Order::kLittle ? 0 : 1)]);
    const auto high = static_cast<unsigned char>(bytes[at + (order == Order::kLittle ? 1 : 0)]);
    return static_cast<char32_t>(high << 8U | low);
  };
  std::string out;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    char32_t c = unit(at);
    const bool opens_pair = c >= 0xD800 && c < 0xDC00 && at + 3 < bytes.size();
    const char32_t second = opens_pair ? unit(at + 2) : 0;
    if (second >= 0xDC00 && second < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10U) + (second - 0xDC00);
      at += 2;
    } else if (c >= 0xD800 && c < 0xE000) {
      c = kReplacement;
    }
    append(out, c);
  }
  return out;
}

std::string without_carriage_returns(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool ends_line = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (!ends_line) out += text[i];
  }
  return out;
}

}  // namespace

std::string decode_text(std::string_view bytes) {
  constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
  if (bytes.starts_with("\xFF\xFE")) {
    return without_carriage_returns(from_utf16(bytes.substr(2), Order::kLittle));
  }
  if (bytes.starts_with("\xFE\xFF")) {
    return without_carriage_returns(from_utf16(bytes.substr(2), Order::kBig));
  }
  if (bytes.starts_with(kUtf8Mark)) bytes.remove_prefix(kUtf8Mark.size());
  return without_carriage_returns(bytes);
}

}  // namespace hailstone::cli
