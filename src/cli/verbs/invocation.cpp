// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/verbs/invocation.hpp"

#include <ostream>

#include "base/strings.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {

Service& Invocation::service() {
  if (!service_) {
    const auto key = core::find_variable(environment_, "HAILSTONE_API_KEY");
    service_ = std::make_unique<Service>(
        service_endpoint(environment_), split(key.value_or(""), ',').front(),
        [this](std::chrono::seconds wait, const std::string& why) {
          if (console_.err_is_terminal) console_.err << "\r\x1b[K";  // where a spinner may turn
          console_.err << "hailstone: " << printable_line(why) << " (trying again in "
                       << wait.count() << " s)\n";
        });
  }
  return *service_;
}

}  // namespace hailstone::cli
