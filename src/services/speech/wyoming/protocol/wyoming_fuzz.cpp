// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "services/speech/wyoming/protocol/sound_input.hpp"
#include "services/speech/wyoming/protocol/wire_frame.hpp"
#include "services/speech/wyoming/protocol/wire_message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hailstone::wyoming;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // Half of it first: what is read must not depend on how it comes.
  for (const std::size_t cut : {size, size / 2}) {
    FrameReader reader;
    SoundInput input;
    std::vector<float> samples;
    try {
      for (const auto part : {bytes.substr(0, cut), bytes.substr(cut)}) {
        reader.push(part);
        while (auto event = reader.next()) {
          FrameReader again;
          again.push(write_frame(*event));
          if (again.next() != *event) std::abort();
          const auto message = parse_message(*std::move(event));
          if (const auto* chunk = std::get_if<AudioChunk>(&message)) {
            if (chunk->bytes.size() < 4096) input.push(*chunk, samples);
          } else if (const auto* said = std::get_if<Said>(&message)) {
            write_handled(said->text, said->context);
          }
        }
      }
    } catch (const hailstone::Error&) {  // refused: that is an answer
    }
  }
  return 0;
}
