// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/model_name.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::core {
namespace {

const ModelName kDefaults;

bool is_alnum(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// The grammar of one part: its first character, its further ones, its length.
bool is_part(std::string_view part, std::string_view further, std::size_t longest) noexcept {
  if (part.empty() || part.size() > longest) return false;
  if (!is_alnum(part.front()) && part.front() != '_') return false;
  return std::all_of(part.begin(), part.end(), [&](char c) {
    return is_alnum(c) || c == '_' || further.find(c) != std::string_view::npos;
  });
}

bool is_valid(const ModelName& name) noexcept {
  return is_part(name.host, "-.:", 350) && is_part(name.ns, "-", 80) &&
         is_part(name.model, "-.", 80) && is_part(name.tag, "-.", 80);
}

/// Cuts what stands before the last separator, if there is one.
std::optional<std::string> cut_front(std::string_view& text, char separator) {
  const auto at = text.rfind(separator);
  if (at == std::string_view::npos) return std::nullopt;
  std::string front(text.substr(0, at));
  text.remove_prefix(at + 1);
  return front;
}

}  // namespace

std::string ModelName::display() const {
  std::string out;
  if (!equals_ignoring_case(host, kDefaults.host)) {
    out = host + "/" + ns + "/";
  } else if (!equals_ignoring_case(ns, kDefaults.ns)) {
    out = ns + "/";
  }
  return out + model + ":" + tag;
}

bool same_name(const ModelName& a, const ModelName& b) noexcept {
  return equals_ignoring_case(a.host, b.host) && equals_ignoring_case(a.ns, b.ns) &&
         equals_ignoring_case(a.model, b.model) && equals_ignoring_case(a.tag, b.tag);
}

std::optional<ModelName> find_model_name(std::string_view text) {
  ModelName name;
  // A scheme is what people paste from a browser; it says nothing more.
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    text.remove_prefix(scheme + 3);
  }
  std::string_view last = text;
  auto front = cut_front(last, '/');
  if (const auto colon = last.find(':'); colon != std::string_view::npos) {
    name.tag = last.substr(colon + 1);
    last = last.substr(0, colon);
  }
  name.model = last;
  if (front) {
    std::string_view rest = *front;
    const auto host = cut_front(rest, '/');
    name.ns = rest;
    if (host) name.host = *host;
  }
  if (!is_valid(name)) return std::nullopt;
  return name;
}

std::filesystem::path manifest_path(const std::filesystem::path& root, const ModelName& name) {
  // Whoever filled the parts in by hand may have passed by the grammar.
  if (!is_valid(name)) throw Error(ErrorCode::kBadRequest, "invalid model name");
  return manifests_folder(root) / name.host / name.ns / name.model / name.tag;
}

std::filesystem::path manifests_folder(const std::filesystem::path& root) {
  return root / "manifests";
}

ModelName parse_model_name(std::string_view text) {
  auto name = find_model_name(text);
  if (!name) {
    throw Error(ErrorCode::kBadRequest, "invalid model name",
                "a name is [host/][namespace/]model[:tag], of letters, digits, '_', '-' and '.'");
  }
  return *name;
}

}  // namespace hailstone::core
