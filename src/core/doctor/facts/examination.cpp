// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/facts/examination.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::doctor {
namespace {

/// "--listen HOST:PORT" and "--listen=HOST:PORT", as the service was started.
std::map<std::string, std::vector<std::string>> flags_of(const std::vector<std::string>& words) {
  std::map<std::string, std::vector<std::string>> flags;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    const auto flag = words[i].substr(0, equals);
    const auto keep = [&](const std::string& name, bool is_switch) {
      if (equals != std::string::npos) {
        flags[name].push_back(words[i].substr(equals + 1));
      } else if (is_switch) {
        flags[name] = {"true"};
      } else if (i + 1 < words.size()) {
        flags[name].push_back(words[++i]);
      }
    };
    if (flag == "--config") keep("config", false);
    for (const auto& setting : core::setting_table()) {
      const bool is_switch = std::holds_alternative<bool core::Settings::*>(setting.target);
      if (flag == core::flag_of(setting)) keep(std::string(setting.name), is_switch);
    }
  }
  return flags;
}

/// A copied machine's files are not where its paths say.
void find_copied_file(const Box& box, core::ConfigInput& input) {
  if (box.is_live()) return;
  const auto named = input.flags.find("config");
  std::vector<std::string> files;
  if (named != input.flags.end()) files.push_back(named->second.back());
  if (const auto variable = core::find_variable(input.environment, "HAILSTONE_CONFIG")) {
    files.push_back(*variable);
  }
  const auto user = core::find_user_folder(input.environment, "XDG_CONFIG_HOME", ".config");
  if (user) files.push_back(*user + "/hailstone.toml");
  files.emplace_back("/etc/hailstone/hailstone.toml");
  input.etc = "/nonexistent";
  for (const auto& file : files) {
    if (const auto found = box.locate(file)) {
      input.flags["config"] = {found->string()};
      return;
    }
  }
}

void load_settings(Examination& examination) {
  core::ConfigInput input;
  input.flags = flags_of(examination.service.words);
  input.environment = examination.service.environment;
  // A service that does not run yet would run as whoever asks.
  if (input.environment.empty()) input.environment = examination.asked.environment;
  find_copied_file(examination.box, input);
  try {
    examination.settings = core::load_settings(input);
  } catch (const Error& error) {  // is what the check of the settings tells
    examination.settings_fault = error.what();
    examination.settings_advice = error.detail();
  }
}

void find_accounts(Examination& examination) {
  const Box& box = examination.box;
  const auto self = box.status("/proc/self");
  const unsigned own = self ? self->user : 0;
  examination.is_root = own == 0;
  auto account = find_account(box, examination.service.user);
  examination.is_account_guessed = !account;
  if (!account) account = find_account(box, own);
  examination.account = account.value_or(Account{std::to_string(own), own, own, {own}, {}});
}

/// Asks the chip, without taking it.
void identify(Examination& examination) {
  examination.identify = examination.box.run({"hailortcli", "fw-control", "identify"});
  if (!examination.identify || examination.identify->status != 0) return;
  const std::string_view text = examination.identify->text;
  const auto at = text.find("Firmware Version:");
  if (at == std::string_view::npos) return;
  const auto rest = text.substr(at);
  examination.firmware = find_version(rest.substr(0, rest.find('\n')));
}

/// At the address of its own settings; a port that the system chose is not among them.
void ask(Examination& examination) {
  const auto& listen = examination.settings.listen;
  if (!examination.asked.ask || listen.empty() || listen.front().port == 0) return;
  examination.answer = examination.asked.ask(listen.front());
}

}  // namespace

Examination examine_box(const Box& box, Asked asked) {
  if (asked.environment.empty()) {
    asked.environment = find_environment(box, "self").value_or(core::Environment());
  }
  Examination examination{.box = box,
                          .asked = std::move(asked),
                          .packages = read_packages(box),
                          .npu = read_npu(box),
                          .processes = read_processes(box)};
  examination.service = read_service(box, examination.processes);
  find_accounts(examination);
  load_settings(examination);
  if (!examination.npu.nodes.empty()) identify(examination);
  ask(examination);
  return examination;
}

}  // namespace hailstone::doctor
