// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/library.hpp"

#include <algorithm>
#include <ostream>

#include "cli/term/interrupts.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

std::uint64_t count_of(const Json& object, const char* key) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, number_of(object, key)));
}

}  // namespace

void follow(const CommandContext& context, const std::string& target, const Json& body,
            ProgressView& view, const RunContext& run) {
  bool done = false;
  context.service.stream(
      target, body,
      [&](const Json& line) {
        const std::string status = text_of(line, "status");
        done = status == "success";
        view.show({status, count_of(line, "total"), count_of(line, "completed")});
      },
      run);
  if (!done) throw Error(ErrorCode::kEngineFailed, "the service has stopped half way");
}

void transfer_model(const CommandContext& context, Direction direction,
                    const TransferRequest& request) {
  Interrupts interrupts;
  ProgressView view(context.console);
  follow(context, direction == Direction::kPull ? "/api/pull" : "/api/push",
         Json{{"model", request.model}, {"insecure", request.insecure}}, view,
         {Deadline::never(), interrupts.arm()});
}

void copy_model(const CommandContext& context, const std::string& source,
                const std::string& destination) {
  context.service.command("POST", "/api/copy",
                          Json{{"source", source}, {"destination", destination}}, short_run());
  context.console.out << "copied '" << printable_line(source) << "' to '"
                      << printable_line(destination) << "'\n";
}

void remove_models(const CommandContext& context, const std::vector<std::string>& models) {
  for (const auto& model : models) {
    context.service.command("DELETE", "/api/delete", Json{{"model", model}}, short_run());
    context.console.out << "deleted '" << printable_line(model) << "'\n" << std::flush;
  }
}

}  // namespace hailstone::cli
