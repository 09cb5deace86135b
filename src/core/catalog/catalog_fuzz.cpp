// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any catalogue file is a list of models or an Error, and what was read can be found, chosen from
// and described.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/catalog/config_blob.hpp"
#include "core/catalog/parse.hpp"
#include "core/catalog/resolve.hpp"
#include "fuzz/attempt.hpp"

using namespace hailstone;
using namespace hailstone::core;
using hailstone::fuzz::attempt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Machine bare(std::vector<UsableEngine>{});
  const Machine equipped(std::vector<UsableEngine>{{"hailo", "5.2.0"}, {"onnx", ""}});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  attempt([&] {
    const Catalog catalog(parse_catalog(text, "fuzz.toml"));
    for (const auto& model : catalog.models()) {
      make_config_blob(model, choose_variant(model, equipped));
      resolve_pull(catalog, model.name, bare);
    }
  });
  attempt([&] { resolve_pull(Catalog(), text, bare); });
  return 0;
}
