// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What the service starts with: settings, user, folders, environment.

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "core/doctor/checks/checks.hpp"
#include "core/doctor/checks/model_files.hpp"

namespace hailstone::doctor {
namespace {

namespace fs = std::filesystem;

/// Variables that decide what a service finds; the values of others are nobody's business.
constexpr std::array kCompared = {"HAILSTONE_HOME",
                                  "HAILSTONE_MODELS",
                                  "HAILSTONE_CONFIG",
                                  "HAILSTONE_ENGINE_RUNTIME",
                                  "OLLAMA_MODELS",
                                  "OLLAMA_HOST",
                                  "XDG_DATA_HOME",
                                  "XDG_DATA_DIRS",
                                  "XDG_STATE_HOME",
                                  "XDG_CONFIG_HOME",
                                  "HOME",
                                  "PATH",
                                  "LD_LIBRARY_PATH",
                                  "TESSDATA_PREFIX",
                                  "ESPEAK_DATA_PATH"};

std::string owner_of(const Examination& examination) {
  const auto& account = examination.account;
  return account.name + ":" + group_name(examination.box, account.group);
}

std::vector<std::string> give(const Examination& examination, const std::string& path) {
  return {"sudo chown -R " + owner_of(examination) + " " + path,
          "sudo -u " + examination.account.name + " test -r " + path + " && echo readable"};
}

/// Under /home and /root, which ProtectHome= hides.
bool is_in_a_home(const fs::path& path) {
  const auto text = path.string() + "/";
  return text.starts_with("/home/") || text.starts_with("/root/");
}

bool hides_homes(const Service& service) {
  const auto protect = service.of_unit("ProtectHome");
  return protect == "yes" || protect == "tmpfs";
}

/// One that somebody named has to be readable; those that are tried in case do not.
bool is_named(const Examination& examination, const fs::path& root) {
  const auto& named = examination.settings.models;
  return std::find(named.begin(), named.end(), root) != named.end() ||
         root == examination.settings.home / "models";
}

Finding hidden_home(const fs::path& root) {
  return problem(root.string() + " is in a home folder, and the unit has ProtectHome=yes",
                 "the service sees an empty folder there: its models are nowhere",
                 {"sudo systemctl edit hailstone   # [Service] BindReadOnlyPaths=" + root.string(),
                  "sudo systemctl restart hailstone"});
}

Finding judge_root(const Examination& examination, const fs::path& root) {
  const Box& box = examination.box;
  const auto& account = examination.account;
  const auto unreadable = find_unreadable(box, account, root);
  if (!unreadable.empty()) {
    const auto status = box.status(unreadable);
    const auto what = root.string() + ": " + account.name + " may not read " + unreadable +
                      (status ? " (" + describe(box, *status) + ")" : "");
    if (is_named(examination, root)) {
      return problem(what, "its models are not found, or fail to load",
                     give(examination, unreadable));
    }
    return note(what, "the models there are not offered",
                {"sudo setfacl -R -m u:" + account.name + ":rX " + unreadable});
  }
  return ok(root.string() + (has_models(box, root) ? "" : ": no models yet"));
}

/// Folders of one PATH that the other has not.
std::vector<std::string> only_here(const std::string& here, const std::string& there) {
  const auto known = split(there, ':');
  std::vector<std::string> more;
  for (const auto& folder : split(here, ':')) {
    const bool is_new = std::find(known.begin(), known.end(), folder) == known.end() &&
                        std::find(more.begin(), more.end(), folder) == more.end();
    if (is_new && !folder.empty()) more.push_back(folder);
  }
  return more;
}

}  // namespace

Findings check_settings(const Examination& examination) {
  if (!examination.settings_fault.empty()) {
    return {problem(examination.settings_fault,
                    "the service does not start with it. " + examination.settings_advice,
                    {"sudoedit /etc/hailstone/hailstone.toml", "hailstone config --local",
                     "sudo systemctl restart hailstone"})};
  }
  const auto& file = examination.settings.file;
  return {ok(file ? "of " + file->string() : std::string("without a configuration file"))};
}

Findings check_user(const Examination& examination) {
  const auto& service = examination.service;
  if (!service.has_unit) return {skipped("no unit " + std::string(kUnit))};
  if (service.user == "root") {
    return {warning("the service runs as root", "it needs none of root's rights",
                    {"sudo systemctl edit hailstone   # [Service] User=hailstone"})};
  }
  if (!find_account(examination.box, service.user)) {
    return {problem("there is no user " + service.user + ", that the unit names",
                    "systemd cannot start the service (status 217/USER)",
                    {"sudo systemd-sysusers", "sudo systemctl restart hailstone"})};
  }
  std::vector<std::string> groups;
  for (const auto group : examination.account.groups) {
    groups.push_back(group_name(examination.box, group));
  }
  return {ok(service.user + ", in the groups " + join(groups, ", "))};
}

Findings check_home(const Examination& examination) {
  const auto& home = examination.settings.home;
  const Box& box = examination.box;
  if (home.empty()) return {skipped("the service's settings are not known")};
  if (!box.has(home.native())) {
    const bool is_wanted = examination.service.pid.has_value();
    if (!is_wanted) return {ok(home.string() + ": made when the service starts")};
    return {skipped(home.string() + " may not be seen from here")};
  }
  if (const auto obstacle = find_obstacle(box, examination.account, home, Want::kChange)) {
    const auto status = box.status(*obstacle);
    return {problem(home.string() + ": " + examination.account.name + " may not use " + *obstacle +
                        (status ? " (" + describe(box, *status) + ")" : ""),
                    "the service cannot start: it keeps its state there",
                    {"sudo chown -R " + owner_of(examination) + " " + home.string(),
                     "sudo systemctl restart hailstone"})};
  }
  return {ok(home.string())};
}

Findings check_models(const Examination& examination) {
  Findings findings;
  for (const auto& root : service_roots(examination)) {
    if (is_in_a_home(root) && hides_homes(examination.service) && is_named(examination, root)) {
      findings.push_back(hidden_home(root));
    } else if (examination.box.has(root.native())) {
      findings.push_back(judge_root(examination, root));
    }
  }
  if (findings.empty()) findings.push_back(ok("no folder of models yet; the first pull makes one"));
  return findings;
}

Findings check_environment(const Examination& examination) {
  const auto& service = examination.service;
  if (!service.is_environment_seen) {
    return {skipped(service.pid
                        ? "only root sees the service's environment: 'sudo hailstone doctor'"
                        : "the service does not run")};
  }
  Findings findings;
  const auto theirs = service_roots(examination);
  for (const auto& root : shell_roots(examination)) {
    const bool is_known = std::find(theirs.begin(), theirs.end(), root) != theirs.end();
    if (is_known || !has_models(examination.box, root)) continue;
    findings.push_back(
        warning(root.string() + " has models that this shell would find and the service does not",
                "its HOME, XDG_DATA_DIRS or HAILSTONE_MODELS are others than yours",
                {"sudo systemctl edit hailstone   # [Service] Environment=HAILSTONE_MODELS=" +
                     examination.settings.home.string() + "/models:" + root.string(),
                 "sudo systemctl restart hailstone"}));
  }
  std::vector<std::string> differences;
  for (const char* name : kCompared) {
    const auto here = core::find_variable(examination.asked.environment, name);
    const auto there = core::find_variable(service.environment, name);
    if (here == there) continue;
    if (std::string_view(name) == "PATH") {
      const auto more = only_here(here.value_or(""), there.value_or(""));
      if (!more.empty()) differences.push_back("PATH has not " + join(more, ":") + " there");
      continue;
    }
    differences.push_back(std::string(name) + " is " + there.value_or("not set") + " there and " +
                          here.value_or("not set") + " here");
  }
  if (differences.empty()) {
    findings.push_back(ok("as this shell's"));
  } else {
    findings.push_back(
        note(join(differences, "; "), "what works in this shell may not work there", {}));
  }
  return findings;
}

}  // namespace hailstone::doctor
