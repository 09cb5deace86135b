// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A conversation as Ollama's templates get it. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "inference/text_session.hpp"
#include "services/common/templates/values.hpp"

namespace hailstone::templates {

struct Collated {
  std::string system;  ///< all system texts, a blank line between them
  std::vector<PlainMessage> messages;
};

/// Consecutive messages of one role become one, a blank line between them; results of tools stay
/// apart. mark stands for each picture: where the text says [img], else in front of it.
Collated collate(const std::vector<inference::Message>& messages, std::string_view mark);

}  // namespace hailstone::templates
