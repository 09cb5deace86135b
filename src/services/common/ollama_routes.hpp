// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Routes of Ollama's API: their errors look as Ollama's clients expect them.

#include <string>
#include <utility>

#include "http/router.hpp"

namespace hailstone::services {

/// For what is soon done and uses no engine.
inline http::Route ollama_route(http::Method method, std::string pattern, http::Handler handler) {
  return {.method = method,
          .pattern = std::move(pattern),
          .handler = std::move(handler),
          .dialect = http::Dialect::kOllama};
}

/// For what may have to ask an engine about a model's files first: it starts a process for that.
inline http::Route ollama_question_route(http::Method method, std::string pattern,
                                         http::Handler handler) {
  http::Route route = ollama_route(method, std::move(pattern), std::move(handler));
  route.cost = http::Cost::kLong;
  return route;
}

/// For what runs a model: a POST whose body may bring pictures, as base64 inside the JSON, and
/// whose reply takes as long as it takes.
inline http::Route ollama_model_route(std::string pattern, http::Handler handler) {
  http::Route route = ollama_route(http::Method::kPost, std::move(pattern), std::move(handler));
  route.cost = http::Cost::kWork;
  route.max_body = ByteSize::mib(64);
  route.timeout = std::chrono::seconds::zero();
  return route;
}

}  // namespace hailstone::services
