// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// detect, pose, segment, ...: each a row of the table of vision tasks.

#include <CLI/CLI.hpp>

#include "cli/verbs/verb.hpp"
#include "cli/vision/look.hpp"

namespace hailstone::cli {
namespace {

void add_fields(CLI::App& app, const VisionTask& task, LookRequest& request) {
  for (const VisionOption& option : task.options) {
    const auto keep = [&request, field = option.field](const std::string& value) {
      request.fields.emplace_back(field, value);
    };
    app.add_option_function(option.flag, std::function<void(const std::string&)>(keep), option.help)
        ->type_name(option.form);
  }
}

void add_saving(CLI::App& app, Saving saving, LookRequest& request) {
  if (saving == Saving::kDrawing) {
    app.add_option("--draw", request.save_to, "save the picture with what was found drawn in")
        ->type_name("FILE.jpg");
  } else if (saving == Saving::kDepth) {
    auto* out = app.add_option("--out", request.save_to, "save the depth map: .png, .npy, .pfm")
                    ->type_name("FILE");
    app.add_flag_callback(
           "--color", [&request] { request.coloring = Coloring::kColor; },
           "as a picture to look at: near things bright")
        ->needs(out);
  }
}

void add_options(CLI::App& app, const VisionTask& task, LookRequest& request) {
  app.add_option("PICTURE", request.pictures, "JPEG, PNG or WebP files; '-': the standard input")
      ->required();
  if (task.takes_pairs) {
    app.add_option("--right", request.right, "of a pair of cameras, PICTURE is the left one")
        ->type_name("PICTURE");
  }
  add_fields(app, task, request);
  add_saving(app, task.saving, request);
  auto* json = app.add_flag("--json", request.json, "print JSON, an object per picture");
  if (!task.text_formats.empty()) {
    auto* format = app.add_option("--format", request.text_format, "print this instead")
                       ->check(CLI::IsMember(task.text_formats))
                       ->excludes(json);
    if (auto* draw = app.get_option_no_throw("--draw")) format->excludes(draw);
  }
  app.add_flag("--verbose", request.verbose, "the model and the time of each step, to stderr");
}

}  // namespace

std::vector<Verb> make_vision_verbs() {
  std::vector<Verb> verbs;
  for (const VisionTask& task : vision_tasks()) {
    const auto add = [&task](CLI::App& app) -> Command {
      // Shared because a std::function is copied; the options write into it before it runs.
      auto request = std::make_shared<LookRequest>();
      add_options(app, task, *request);
      return [&task, request](Invocation& invocation) -> int {
        look_at_pictures(invocation.context(), task, *request);
        return kOk;
      };
    };
    verbs.push_back({task.name, task.help, add});
  }
  return verbs;
}

}  // namespace hailstone::cli
