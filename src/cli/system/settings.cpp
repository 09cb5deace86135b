// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/system/settings.hpp"

#include <ostream>

#include "cli/term/table.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

constexpr const char* kHere =
    "; these are the settings that one started in this shell would have\n";

void print_table(const CommandContext& context, const Json& config) {
  std::ostream& out = context.console.out;
  out << "in force at " << context.service.url()
      << "; configuration file: " << printable_line(text_of(config, "file")) << "\n\n";
  std::vector<Row> rows = {{"NAME", "VALUE", "FROM"}};
  for (const auto& [name, setting] : object_of(config, "settings").items()) {
    const auto value = text_of(setting, "value");
    rows.push_back({name, value.empty() ? "-" : value, text_of(setting, "source")});
  }
  out << format_table(rows);
  for (const Json& missing : array_of(config, "kernel_lacks")) {
    if (missing.is_string()) {
      out << "\nits kernel has " << printable_line(missing.get<std::string>()) << '\n';
    }
  }
}

}  // namespace

bool print_settings_in_force(const CommandContext& context, Output output) {
  const auto& [console, environment, service] = context;
  Json config;
  try {
    config = service.get("/api/config", short_run());
  } catch (const net::ConnectionError& error) {
    console.err << "hailstone: no service at " << service.url() << kHere;
    return false;
  } catch (const RefusedError& error) {
    constexpr int kNotFound = 404;
    if (error.status() != kNotFound) throw;
    console.err << "hailstone: the service at " << service.url() << " does not tell" << kHere;
    return false;
  }
  if (output == Output::kJson) {
    console.out << dump(config, 2) << '\n';
  } else {
    print_table(context, config);
  }
  return true;
}

}  // namespace hailstone::cli
