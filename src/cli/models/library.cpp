// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/models/library.hpp"

#include <algorithm>
#include <functional>
#include <ostream>

#include "cli/term/interrupts.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

std::uint64_t count_of(const Json& object, const char* key) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, number_of(object, key)));
}

}  // namespace

namespace {

using OnStep = std::function<void(const Step&)>;

Json follow_steps(const CommandContext& context, const std::string& target, const Json& body,
                  const OnStep& on_step, const RunContext& run) {
  Json last;
  context.service.stream(
      target, body,
      [&](const Json& line) {
        const std::string status = text_of(line, "status");
        on_step({status, count_of(line, "total"), count_of(line, "completed")});
        last = line;
      },
      run);
  if (text_of(last, "status") != "success") {
    throw Error(ErrorCode::kEngineFailed, "the service has stopped half way");
  }
  return last;
}

}  // namespace

Json follow(const CommandContext& context, const std::string& target, const Json& body,
            ProgressView& view, const RunContext& run) {
  return follow_steps(
      context, target, body, [&view](const Step& step) { view.show(step); }, run);
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

bool check_store(const CommandContext& context, FsckPart part) {
  Json report;
  {
    Interrupts interrupts;
    ProgressView view(context.console);
    // Its steps are files: in a log they would be a line each, and nobody reads thousands.
    const auto show = [&](const Step& step) {
      if (context.console.err_is_terminal) view.show(step);
    };
    report = follow_steps(context, "/api/fsck", Json{{"repair", part == FsckPart::kRepair}}, show,
                          {Deadline::never(), interrupts.arm()});
  }
  auto& out = context.console.out;
  for (const auto& finding : array_of(report, "findings")) {
    const bool is_repaired = truth_of(finding, "repaired");
    out << printable_line(text_of(finding, "fault")) << ": "
        << printable_line(text_of(finding, "file")) << (is_repaired ? "  (moved aside)" : "")
        << '\n';
  }
  for (const auto& model : array_of(report, "pull_again")) {
    if (model.is_string()) {
      out << "to mend it: hailstone pull " << printable_line(model.get<std::string>()) << '\n';
    }
  }
  out << count_of(report, "models") << " models, " << count_of(report, "files") << " files, "
      << array_of(report, "findings").size() << " faults\n";
  return array_of(report, "findings").empty();
}

}  // namespace hailstone::cli
