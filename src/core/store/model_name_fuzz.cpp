// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/store/blobs/digest.hpp"
#include "core/store/model_name.hpp"

using namespace hailstone::core;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto name = find_model_name(text)) {
    // A name is a file four folders below the manifests, and its own short form.
    const auto path = manifest_path("/r", *name);
    const auto top =
        path.lexically_normal().parent_path().parent_path().parent_path().parent_path();
    if (top != "/r/manifests" || path.lexically_normal() != path) std::abort();
    const auto again = find_model_name(name->display());
    if (!again || !same_name(*again, *name)) std::abort();
  }
  read_blob_file_name(text);
  if (const auto path = find_blob_path("/r", text)) {
    if (path->parent_path() != "/r/blobs") std::abort();
  }
  return 0;
}
