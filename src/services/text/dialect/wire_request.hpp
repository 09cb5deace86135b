// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the dialects of language models other than Ollama's have in common when they read a request.
// Pure. What cannot be read throws Error(kBadRequest) that names the field.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/json_fields.hpp"
#include "inference/text_session.hpp"
#include "services/common/model_options.hpp"
#include "services/text/chat/task.hpp"

namespace hailstone::dialect {

/// The names under which a dialect has what all have.
struct SamplingNames {
  std::string_view stop = "stop";
  std::string_view top_k = "top_k";
};

/// temperature, top_p, penalties, seed, logit_bias, stop, and options that only we know: top_k,
/// min_p, repeat_penalty.
void read_sampling(const http::Fields& request, const SamplingNames& names,
                   services::ModelOptions& options);

/// "none", "minimal", "low", "medium", "high", "xhigh", "max".
inference::Thinking read_effort(const http::Fields& fields, std::string_view name);

/// A JSON schema, as TextRequest::schema wants it.
std::string read_schema(const http::Fields& fields, std::string_view name);

/// "" where absent; an object or a text that is one.
std::string read_arguments(const http::Fields& fields, std::string_view name);

/// name, description, and the schema of the arguments under the dialect's name for it.
inference::ToolSpec read_tool(const http::Fields& function, std::string_view schema_name);

/// Throws where the choice names a tool that is not there, or requires one where there are none.
void check_tool_choice(const chat::ChatTask& task, std::string_view path);

/// OpenAI's "tool_choice", behind the tools; an object may have the name inside "function" or
/// beside "type".
void read_openai_tool_choice(const http::Fields& request, chat::ChatTask& task);

/// Throws for fields that would change the answer and are not obeyed here, unless they have a value
/// that changes nothing: null, false, an empty list.
void refuse_fields(const http::Fields& request, std::initializer_list<std::string_view> names);

/// {"truncated":{"messages","tokens"}}: what was dropped to make the prompt fit; nothing where it
/// did fit.
void add_truncated(http::Json& reply, const chat::Summary& summary);

/// What our own clients may add to any dialect: keep_alive, truncate, options of Ollama's.
void read_extensions(const http::Fields& request, chat::Task& task);

}  // namespace hailstone::dialect
