// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/library/assembly/assembly.hpp"

#include "core/store/blobs/digest.hpp"
#include "core/store/manifest.hpp"

namespace hailstone::library {

core::Layer Assembly::add_text(const std::string& media_type, const std::string& text) {
  hold("sha256:" + core::sha256_hex(text));
  return writer_.add_blob(media_type, text);
}

void Assembly::publish(const core::ModelName& name, const std::string& config,
                       const std::vector<core::Layer>& layers) {
  const core::Layer config_layer = add_text(core::kConfigLayer, config);
  const auto replaced = writer_.write_manifest(name, core::make_manifest(config_layer, layers));
  holds_.clear();
  writer_.remove_unused(replaced);
}

}  // namespace hailstone::library
