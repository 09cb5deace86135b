// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/store/blobs/digest.hpp"
#include "core/store/manifest.hpp"
#include "fuzz/attempt.hpp"

using namespace hailstone;
using namespace hailstone::core;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  hailstone::fuzz::attempt([&] {
    StoredModel model = parse_manifest(bytes, "/r");
    for (const auto& layer : model.layers) {
      // Whatever a manifest says, its blobs lie in the folder of the blobs.
      if (layer.path.lexically_normal().parent_path() != "/r/blobs") std::abort();
    }
    // What is read can be written, and is read alike again.
    const Layer config = model.config.value_or(model.layers.front());
    const StoredModel again = parse_manifest(make_manifest(config, model.layers), "/r");
    if (again.layers.size() != model.layers.size()) std::abort();
  });
  StoredModel model;
  apply_config(bytes, model);
  for (const auto& hex : digests_in(bytes)) {
    if (!find_digest_hex("sha256:" + hex)) std::abort();
  }
  return 0;
}
