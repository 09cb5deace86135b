// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// Whatever a client of /v1/realtime says, it is read or refused with an error of its own kind.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "services/speech/realtime/ear.hpp"
#include "services/speech/realtime/wire_commands.hpp"
#include "services/speech/realtime/wire_secrets.hpp"
#include "services/speech/realtime/wire_session.hpp"

namespace {

using namespace hailstone;

template <typename Read>
void read_or_refuse(Read&& read) {
  try {
    read();
  } catch (const Error& error) {
    const auto code = error.code();
    const bool is_clients = code == ErrorCode::kBadRequest || code == ErrorCode::kNotFound ||
                            code == ErrorCode::kForbidden || code == ErrorCode::kUnsupported;
    if (!is_clients) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto session = realtime::make_session({});
  voice::Conversation conversation;
  realtime::find_event_id(text);
  read_or_refuse([&] { realtime::parse_command(text); });
  read_or_refuse([&] { realtime::parse_secret_request(text); });
  for (const auto dialect : {realtime::Dialect::kGa, realtime::Dialect::kBeta}) {
    read_or_refuse([&] {
      realtime::write_session(realtime::update_session(session, text, dialect), dialect);
    });
    read_or_refuse([&] { realtime::read_response(session, text, dialect, conversation); });
  }
  realtime::Ear ear;
  ear.set_format({realtime::Encoding::kALaw, 16'000});
  ear.take(text);
  return 0;
}
