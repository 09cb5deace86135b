// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs a network once before its model is made: only then is it known that it loads, what its
// outputs are like, and that the decoder which it is said to have can read them.

#include <optional>
#include <string>
#include <string_view>

#include "base/run_context.hpp"
#include "inference/model_spec.hpp"
#include "vision/known/recognise.hpp"

namespace hailstone::core {
class Runtime;
}

namespace hailstone::library {

/// What is known before the run.
struct Claim {
  std::optional<vision::KnownNetwork> known;  ///< by its file, or by a catalogue
  vision::Clues clues;
  std::string input;  ///< the user's part of the setting "input": a JSON object as text, or empty
};

struct Tried {
  std::optional<vision::KnownNetwork> known;
  std::string not_tried;  ///< why it was not run, for people; empty: it was
};

/// Of a list of labels, one a line.
std::size_t count_lines(std::string_view text) noexcept;

/// The setting "input" as the user wants it: his words over what is known. A JSON object as text.
std::string complete_input_text(const inference::ImageInput& known, const std::string& said);

/// Blocks while the model is loaded, within the runtime's budget, and runs. spec: with the user's
/// settings. Where no engine here runs it, there is no memory for it now, or it is not
/// for pictures, nothing is tried. Throws
/// Error(kBadRequest) that says why the network cannot be what it is said to be, and what
/// Runtime::acquire and TensorSession::run throw.
Tried try_network(core::Runtime& runtime, inference::ModelSpec spec, const Claim& claim,
                  const RunContext& run);

}  // namespace hailstone::library
