// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/catalog/wire.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace hailstone::catalog {
namespace {

using Json = nlohmann::ordered_json;

std::string find_or_empty(const std::map<std::string, std::string>& query, const char* name) {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

void set_text(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

Json size_or_null(const std::optional<ByteSize>& size) {
  return size ? Json(size->count()) : Json(nullptr);
}

Json write_variant(const OfferedVariant& offered) {
  const auto& variant = offered.variant;
  Json out{{"engine", variant.engine},
           {"format", variant.format},
           {"size", size_or_null(variant.size())},
           {"usable", offered.usable},
           {"installed", offered.installed},
           {"chosen", offered.chosen}};
  set_text(out, "runtime", variant.runtime);
  set_text(out, "quantization", variant.quantization);
  set_text(out, "registry", variant.registry);
  return out;
}

Json write_offer(const Offer& offer) {
  Json out{{"name", offer.model.name},
           {"task", offer.model.task},
           {"description", offer.model.description},
           {"licence", offer.model.licence},
           {"permissive", core::is_permissive(offer.model.licence)},
           {"default", offer.model.is_default},
           {"size", size_or_null(offer.size)},
           {"installed", offer.installed},
           {"loaded", offer.loaded}};
  set_text(out, "parameters", offer.model.parameters);
  set_text(out, "labels", offer.model.labels);
  out["variants"] = Json::array();
  for (const auto& variant : offer.variants) out["variants"].push_back(write_variant(variant));
  return out;
}

const OfferedVariant* find_usable(const Offer& offer) {
  const auto found = std::find_if(offer.variants.begin(), offer.variants.end(),
                                  [](const OfferedVariant& variant) { return variant.usable; });
  return found == offer.variants.end() ? nullptr : &*found;
}

/// By what people ask first: may I, is it meant for beginners, does it fit.
bool comes_before(const Offer* a, const Offer* b) {
  const auto rank = [](const Offer& offer) {
    return std::pair(!core::is_permissive(offer.model.licence), !offer.model.is_default);
  };
  return rank(*a) < rank(*b);
}

Json write_recommendation(const Offer& offer, const OfferedVariant& variant) {
  Json out{{"model", offer.model.name}, {"description", offer.model.description}};
  const auto& memory = variant.variant.npu_memory;
  if (memory > ByteSize()) out["vram_bytes"] = memory.count();
  return out;
}

}  // namespace

CatalogQuery parse_query(const std::map<std::string, std::string>& query) {
  return {find_or_empty(query, "task"), find_or_empty(query, "engine")};
}

std::string write_catalog(const CatalogList& list) {
  Json out{{"models", Json::array()}};
  for (const auto& offer : list.offers) out["models"].push_back(write_offer(offer));
  if (!list.problems.empty()) out["problems"] = list.problems;
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_recommendations(const CatalogList& list) {
  constexpr std::size_t kMost = 12;
  std::vector<const Offer*> offers;
  for (const auto& offer : list.offers) {
    const bool talks = offer.model.task == "chat" || offer.model.task == "vlm";
    if (talks && find_usable(offer) != nullptr) offers.push_back(&offer);
  }
  std::stable_sort(offers.begin(), offers.end(), comes_before);
  offers.resize(std::min(offers.size(), kMost));
  Json out{{"recommendations", Json::array()}};
  for (const Offer* offer : offers) {
    out["recommendations"].push_back(write_recommendation(*offer, *find_usable(*offer)));
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_hailo_list(const CatalogList& list) {
  Json names = Json::array();
  for (const auto& offer : list.offers) {
    const bool writes = offer.model.task == "chat" || offer.model.task == "vlm";
    const bool is_for_it = std::any_of(
        offer.variants.begin(), offer.variants.end(),
        [](const OfferedVariant& variant) { return variant.variant.engine == "hailo"; });
    if (writes && is_for_it) names.push_back(offer.model.name);
  }
  return Json{{"models", std::move(names)}}.dump();
}

}  // namespace hailstone::catalog
