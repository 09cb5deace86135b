// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any body of a request that changes the store is a task or an Error; what a task says can be
// written into a config, and what an older config says is never a reason to fail.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "formats/file_format.hpp"
#include "fuzz/attempt.hpp"
#include "services/library/library/assembly/wire_config.hpp"
#include "services/library/library/wire_ollama.hpp"

namespace {

using hailstone::fuzz::attempt;

namespace library = hailstone::library;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  attempt([&] { library::parse_transfer(body); });
  attempt([&] { library::parse_copy(body); });
  attempt([&] { library::write_progress({library::parse_delete(body), "d", 1, 1}); });
  attempt([&] {
    const auto task = library::parse_create(body);
    library::ConfigFacts facts;
    facts.task = task.task;
    facts.settings = task.settings;
    library::merge_parameters(body, task.parameters);
    library::write_config(body, facts, task.licenses);
  });
  hailstone::formats::find_format(body);
  library::write_config(body, {}, {});
  library::merge_parameters(body, body);
  return 0;
}
