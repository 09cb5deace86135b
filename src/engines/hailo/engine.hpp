// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Hailo-10H: networks of tensors, and models that write, see and hear, all on one chip that one
// process owns (hailstone-host-hailo; docs/hailo.md). HailoRT is opened at run time.

#include <functional>
#include <memory>
#include <string>

#include "engines/hailo/chip/library.hpp"
#include "inference/engine.hpp"

namespace hailstone::engines::hailo {

/// end_process: is called when the chip is lost; see SharedChip. Settings of a model:
/// TensorNetwork's, "kind" (hef.hpp), "lora" of a model that writes, "prompt" (text/prompt.hpp).
std::unique_ptr<inference::Engine> make_hailo_engine(
    LibraryOptions library, std::function<void(const std::string& why)> end_process);

}  // namespace hailstone::engines::hailo
