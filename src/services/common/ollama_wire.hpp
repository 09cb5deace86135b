// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The pieces of JSON that several routes of the Ollama API share. Pure. What cannot be read throws
// Error(kBadRequest) that names the field or the option.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/runtime/runtime.hpp"
#include "http/json_fields.hpp"
#include "inference/text_session.hpp"
#include "services/common/model_options.hpp"

namespace hailstone::services {

/// "options". Unknown keys are collected, not refused.
ModelOptions parse_options(const http::Fields& request);
/// The same for an object that is the options: "parameters" of a model that is made.
ModelOptions parse_options_object(const http::Fields& options);

/// "keep_alive": seconds as a number, or a Go duration; text of digits alone means seconds.
/// Negative: for ever.
std::optional<core::KeepAlive> parse_keep_alive(const http::Fields& request);

/// "format": "json" or a JSON schema, as TextRequest::schema wants it. Nothing for "".
std::optional<std::string> parse_format(const http::Fields& request);

/// "think": true, false, "low", "medium", "high", "max".
inference::Thinking parse_think(const http::Fields& request);

/// "images": base64, with or without the beginning of a data: URL. The bytes of each.
std::vector<std::string> parse_images(const http::Fields& object);

/// "role" of a message, in any case. One that is not ours is kept by its name.
void read_role(const http::Fields& fields, inference::Message& message);
std::string_view to_string(inference::Role role) noexcept;
/// The same of a message, by its own name where it has one.
std::string_view role_of(const inference::Message& message) noexcept;

/// A manifest's layers "params" and "messages". owner is whom errors blame.
ModelOptions parse_params_layer(std::string_view text, const std::string& owner);
std::vector<inference::Message> parse_messages_layer(std::string_view text,
                                                     const std::string& owner);

}  // namespace hailstone::services
