// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wyoming/server.hpp"

#include <array>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "log/log.hpp"
#include "net/tcp_service.hpp"
#include "services/common/tasks/task_models.hpp"
#include "services/speech/speak/service.hpp"
#include "services/speech/transcribe/languages.hpp"
#include "services/speech/wake/service.hpp"
#include "services/speech/wyoming/assistant.hpp"
#include "services/speech/wyoming/connection.hpp"
#include "services/speech/wyoming/directory.hpp"

namespace hailstone::wyoming {
namespace {

/// All of them: Home Assistant has one for each utterance, and satellites some.
constexpr int kMostConnections = 64;
constexpr int kMostPerAddress = 32;

constexpr std::string_view kHearTask = "transcribe";

std::string plain_name(const core::StoredModel& model) {
  std::string name = model.name.display();
  if (name.ends_with(":latest")) name.resize(name.size() - 7);
  return name;
}

/// What its engine tells, else its manifest; a model that says nothing hears many.
std::vector<std::string> languages_of(const core::StoredModel& model,
                                      const inference::ModelFacts* facts) {
  std::vector<std::string> languages;
  if (facts != nullptr) {
    for (const auto& [name, fact] : facts->metadata) {
      const auto* list = std::get_if<inference::FactList>(&fact);
      if (name != "speech.languages" || list == nullptr) continue;
      for (const auto& value : list->values) {
        if (const auto* text = std::get_if<std::string>(&value)) languages.push_back(*text);
      }
    }
  }
  const auto setting = model.settings.find("language");
  if (languages.empty() && setting != model.settings.end()) return {setting->second};
  const bool is_english = model.name.display().find(".en") != std::string::npos;
  if (languages.empty() && is_english) return {"en"};
  return languages.empty() ? transcribe::language_codes() : languages;
}

/// "en-us" as Home Assistant has it: "en-US".
std::string with_region(std::string language) {
  const auto dash = language.find('-');
  for (auto i = dash; i < language.size(); ++i) {
    const bool is_region = language.size() - dash == 3;
    if (is_region && language[i] >= 'a' && language[i] <= 'z') language[i] -= 'a' - 'A';
  }
  return language;
}

/// A voice for English in the US speaks "en", too.
std::vector<std::string> voice_languages(const std::string& language) {
  const auto full = with_region(language);
  const auto dash = full.find('-');
  if (dash == std::string::npos) return {full};
  return {full, full.substr(0, dash)};
}

std::vector<ModelInfo> describe_voices(const std::vector<speak::Voice>& voices) {
  std::vector<ModelInfo> infos;
  for (const auto& voice : voices) {
    infos.push_back({voice.id, voice.name.empty() ? voice.id : voice.name + " (" + voice.id + ")",
                     voice_languages(voice.language)});
  }
  return infos;
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions given, const Services& on)
      : options(std::move(given)),
        services(on),
        task_models(on.models, options.catalog_folders),
        assistant(on.chat, on.models, options.catalog_folders, on.homes, options.model),
        directory(look_up(Depth::kManifests), [this] { return look_up(Depth::kAll); }),
        offer{on.transcribe, on.speak, on.wake, assistant, directory} {
    for (const auto& endpoint : options.listen) open(endpoint);
  }

  enum class Depth { kManifests, kAll };

  Info look_up(Depth depth) {
    Info info;
    info.version = options.version;
    for (const auto& model : task_models.installed(std::span(&kHearTask, 1))) {
      const auto facts = depth == Depth::kAll ? services.models.find_facts(model) : nullptr;
      const auto name = plain_name(model);
      info.hears.push_back({name, name, languages_of(model, facts.get())});
    }
    if (depth == Depth::kAll) info.voices = describe_voices(services.speak.voices());
    for (const auto& word : services.wake.words()) {
      info.wakes.push_back({word.name, word.phrase, {"en"}, word.phrase});
    }
    describe_answers(info);
    return info;
  }

  void describe_answers(Info& info) const {
    try {
      const auto name = assistant.model_name();
      info.answers.push_back({name, name, transcribe::language_codes()});
    } catch (const Error& error) {  // there is none: nothing is offered
      log::debug("wyoming", "nobody answers", {{"why", error.what()}});
      return;
    }
    // Home Assistant lets us control the home where this is there.
    if (services.homes.home()->is_known()) info.controls = info.answers;
  }

  void open(const Endpoint& endpoint) {
    net::TcpServiceOptions tcp;
    tcp.name = "wyoming";
    tcp.listen = {endpoint};
    tcp.allow_public = options.allow_public;
    tcp.max_connections = kMostConnections;
    tcp.max_per_address = kMostPerAddress;
    try {
      listeners.push_back(std::make_unique<net::TcpService>(
          std::move(tcp), [this](net::Socket& socket, const net::TcpClient& client) {
            Connection(socket, client.run, offer).serve();
          }));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kConflict) throw;
      log::warning("wyoming", "an address is taken", {{"address", to_string(endpoint)}});
    }
  }

  const ServerOptions options;
  const Services services;
  const services::TaskModels task_models;
  Assistant assistant;
  Directory directory;
  const Offer offer;
  std::vector<std::unique_ptr<net::TcpService>> listeners;  // last
};

Server::Server(ServerOptions options, const Services& services)
    : impl_(std::make_unique<Impl>(std::move(options), services)) {}

Server::~Server() = default;

std::vector<Endpoint> Server::endpoints() const {
  std::vector<Endpoint> all;
  for (const auto& listener : impl_->listeners) {
    for (auto& endpoint : listener->endpoints()) all.push_back(std::move(endpoint));
  }
  return all;
}

int Server::connections() const {
  int count = 0;
  for (const auto& listener : impl_->listeners) count += listener->connections();
  return count;
}

}  // namespace hailstone::wyoming
