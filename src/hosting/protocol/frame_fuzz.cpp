// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What a broken host may send us, and a broken daemon a host: any frame is a value or an Error.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

#include "fuzz/attempt.hpp"
#include "hosting/protocol/frame.hpp"
#include "hosting/protocol/wire.hpp"

namespace {

using hailstone::fuzz::attempt;

using namespace hailstone;
using namespace hailstone::hosting;

/// As Channel::receive() cuts a stream; lengths that lie are cut to what is there.
std::optional<Frame> cut_frame(const std::uint8_t*& data, std::size_t& size) {
  HeaderBytes header_bytes;
  if (size < header_bytes.size()) return std::nullopt;
  std::memcpy(header_bytes.data(), data, header_bytes.size());
  const FrameHeader header = parse_header(header_bytes);
  data += kHeaderSize;
  size -= kHeaderSize;
  Frame frame{header.type, header.id, {}, {}};
  const std::size_t json = std::min<std::size_t>(header.json_size, size);
  frame.json.assign(reinterpret_cast<const char*>(data), json);
  data += json;
  size -= json;
  const std::size_t payload = std::min<std::size_t>(header.payload_size, size);
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  frame.payload = std::vector<std::byte>(bytes, bytes + payload);
  data += payload;
  size -= payload;
  return frame;
}

void parse_as_everything(const Frame& frame) {
  attempt([&] { parse_call(frame); });
  attempt([&] { parse_hello(frame); });
  attempt([&] { parse_welcome(frame); });
  attempt([&] { parse_credit(frame); });
  attempt([&] { parse_error(frame); });
  attempt([&] { parse_loaded(frame); });
  attempt([&] { parse_facts(frame); });
  attempt([&] { parse_footprint(frame); });
  attempt([&] { parse_text_chunk(frame); });
  attempt([&] { parse_text_result(frame); });
  attempt([&] { parse_embeddings(frame); });
  attempt([&] { parse_tokens(frame); });
  attempt([&] { parse_text(frame); });
  attempt([&] { parse_tensors(frame); });
  attempt([&] { parse_heard(frame); });
  attempt([&] { parse_hear_result(frame); });
  attempt([&] { parse_audio(frame); });
  attempt([&] { parse_audio_piece(frame); });
  attempt([&] { parse_lines(frame); });
  attempt([&] { parse_measured(frame); });
  attempt([&] { parse_call_value(frame); });
  attempt([&] { parse_call_input(frame); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,  // NOLINT: libFuzzer's name
                                      std::size_t size) {
  attempt([&] {
    while (const auto frame = cut_frame(data, size)) parse_as_everything(*frame);
  });
  return 0;
}
