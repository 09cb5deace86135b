// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/verbs/verb.hpp"

namespace hailstone::cli {

std::vector<Verb> make_verbs() {
  std::vector<Verb> verbs;
  const auto add = [&](std::vector<Verb> more) {
    for (Verb& verb : more) verbs.push_back(std::move(verb));
  };
  add({make_serve_verb(), make_run_verb()});
  add(make_vision_verbs());
  add(make_speech_verbs());
  add(make_model_verbs());
  add(make_job_verbs());
  add(make_system_verbs());
  add({make_worker_verb(), make_setup_verb(), make_tls_verb(), make_config_verb(),
       make_version_verb()});
  return verbs;
}

}  // namespace hailstone::cli
