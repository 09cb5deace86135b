// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/vision/look.hpp"

#include <algorithm>
#include <optional>
#include <ostream>
#include <utility>

#include "base/encoding/form_data.hpp"
#include "base/strings.hpp"
#include "cli/files/picture_file.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/spinner.hpp"
#include "cli/term/table.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

std::string header_of(const net::ClientResponse& reply, const char* name) {
  return std::string(reply.find_header(name).value_or(""));
}

/// "decode;dur=3.21, infer;dur=58.10" -> "decode 3.21 ms, infer 58.10 ms"
std::string readable_timings(const std::string& header) {
  std::vector<std::string> steps;
  for (const auto& step : split(header, ',')) {
    const auto middle = step.find(";dur=");
    if (middle == std::string::npos) continue;
    steps.push_back(std::string(trim(step.substr(0, middle))) + ' ' + step.substr(middle + 5) +
                    " ms");
  }
  return join(steps, ", ");
}

/// One command. One thread; the references outlive it.
class Look {
 public:
  Look(const CommandContext& context, const VisionTask& task, const LookRequest& request)
      : context_(context), console_(context.console), task_(task), request_(request) {}

  void at(const std::vector<PictureFile>& pictures, const RunContext& run);

 private:
  void plan(const std::vector<PictureFile>& pictures);
  void at(const PictureFile& picture, const RunContext& run);
  BytesRequest make_request(const PictureFile& picture) const;
  /// What the service answers: the file that is to be saved, or a result to read.
  enum class Wanted { kFile, kResult };
  net::ClientResponse send(const PictureFile& picture, Wanted wanted, const RunContext& run) const;
  void show(const PictureFile& picture, const net::ClientResponse& reply) const;
  Json describe(const PictureFile& picture, const net::ClientResponse& reply) const;
  std::string format_result(const Json& result) const;
  void save(const net::ClientResponse& reply) const;
  /// Whether the reply is a picture with nothing to read beside it.
  bool is_drawing() const { return file_ && task_.saving == Saving::kDrawing; }
  bool is_json() const {
    return request_.text_format.empty() && (request_.json || !console_.out_is_terminal);
  }

  const CommandContext& context_;
  const Console& console_;
  const VisionTask& task_;
  const LookRequest& request_;
  std::optional<ResultFile> file_;
  std::optional<PictureFile> right_;
  bool has_headings_ = false;
};

void Look::plan(const std::vector<PictureFile>& pictures) {
  has_headings_ = pictures.size() > 1 && !is_json();
  if (!request_.right.empty()) {
    if (pictures.size() > 1 || (request_.right == "-" && pictures.front().name() == "-")) {
      throw Error(ErrorCode::kBadRequest, "--right takes one picture beside it: the left one");
    }
    right_.emplace(request_.right, console_.in);
  }
  if (request_.save_to.empty()) return;
  if (pictures.size() > 1) {
    throw Error(
        ErrorCode::kBadRequest,
        request_.save_to + ": one file cannot hold " + std::to_string(pictures.size()) + " results",
        "Name one picture at a time.");
  }
  file_ = plan_file(task_.saving, request_.save_to, request_.coloring,
                    {pictures.front().name(), request_.right});
}

void Look::at(const std::vector<PictureFile>& pictures, const RunContext& run) {
  plan(pictures);
  for (const PictureFile& picture : pictures) {
    if (has_headings_) {
      console_.out << (&picture == &pictures.front() ? "" : "\n") << printable_line(picture.name())
                   << '\n'
                   << std::flush;
    }
    at(picture, run);
    console_.out << std::flush;
  }
}

void Look::at(const PictureFile& picture, const RunContext& run) {
  net::ClientResponse reply = send(picture, file_ ? Wanted::kFile : Wanted::kResult, run);
  if (file_) save(reply);
  // A drawing tells a program nothing; it costs another look.
  if (is_drawing() && is_json()) reply = send(picture, Wanted::kResult, run);
  show(picture, reply);
  const std::string note = header_of(reply, "X-Hailstone-Note");
  if (!note.empty() && !is_json()) {
    console_.out << std::flush;
    console_.err << printable_line(header_of(reply, "X-Hailstone-Model") + ": " + note) << '\n';
  }
  if (!request_.verbose) return;
  console_.out << std::flush;
  console_.err << printable_line(header_of(reply, "X-Hailstone-Model") + " on " +
                                 header_of(reply, "X-Hailstone-Engine") + ": " +
                                 readable_timings(header_of(reply, "Server-Timing")))
               << '\n';
}

BytesRequest Look::make_request(const PictureFile& picture) const {
  if (!right_) return {std::string(picture.type()), picture.read(), "application/json", {}};
  const std::string left = picture.read();
  const std::string right = right_->read();
  FormData form = write_form({{"left", left, "left"}, {"right", right, "right"}});
  return {std::move(form.content_type), std::move(form.body), "application/json", {}};
}

net::ClientResponse Look::send(const PictureFile& picture, Wanted wanted,
                               const RunContext& run) const {
  Fields fields = request_.fields;
  BytesRequest sent = make_request(picture);
  if (wanted == Wanted::kFile) {
    fields.emplace_back("format", file_->format);
    sent.accept = file_->type;
  } else if (!request_.text_format.empty()) {
    fields.emplace_back("format", request_.text_format);
    sent.accept = "*/*";
  }
  if (request_.pictures.size() > 1) sent.subject = picture.name();
  Spinner spinner(spinner_stream(console_), printable_line(picture.name()));
  return context_.service.post_bytes(make_target(task_.route, fields), sent, run);
}

void Look::save(const net::ClientResponse& reply) const {
  write_file(file_->path, reply.body);
  const std::string_view type = picture_type(reply.body);
  if (type.empty() || type == file_->type) return;
  console_.err << "hailstone: warning: " << printable_line(file_->path.string()) << " is an "
               << type << " file, because that is what the service draws\n";
}

void Look::show(const PictureFile& picture, const net::ClientResponse& reply) const {
  auto& out = console_.out;
  if (!request_.text_format.empty()) {
    out << (console_.out_is_terminal ? printable(reply.body) : reply.body);
    if (!reply.body.ends_with('\n')) out << '\n';
    return;
  }
  if (is_json()) {
    out << dump(describe(picture, reply)) << '\n';
    return;
  }
  if (!is_drawing()) out << format_result(task_.read(reply));
  if (file_) out << "saved " << printable_line(file_->path.string()) << '\n';
}

Json Look::describe(const PictureFile& picture, const net::ClientResponse& reply) const {
  Json out{{"file", picture.name()},
           {"model", header_of(reply, "X-Hailstone-Model")},
           {"engine", header_of(reply, "X-Hailstone-Engine")}};
  out["result"] = task_.read(reply);
  if (file_) out["saved"] = file_->path.string();
  return out;
}

std::string Look::format_result(const Json& result) const {
  if (task_.columns.empty()) {
    std::string text = printable(text_of(result, "text"));
    if (text.empty()) text = "nothing found";
    return text.ends_with('\n') ? text : text + '\n';
  }
  if (result.empty()) return "nothing found\n";
  std::vector<Row> rows(1);
  for (const Column& column : task_.columns) rows.front().emplace_back(column.title);
  for (const Json& item : result.is_array() ? result : Json::array({result})) {
    Row& row = rows.emplace_back();
    for (const Column& column : task_.columns) row.push_back(column.cell(item));
  }
  return format_table(rows);
}

std::vector<PictureFile> open_pictures(const Console& console, const LookRequest& request) {
  std::vector<PictureFile> pictures;
  for (const auto& name : request.pictures) {
    if (name == "-" && console.in_is_terminal) {
      throw Error(ErrorCode::kBadRequest, "'-' takes a picture from a pipe, and there is none");
    }
    pictures.emplace_back(name, console.in);
  }
  return pictures;
}

}  // namespace

void look_at_pictures(const CommandContext& context, const VisionTask& task,
                      const LookRequest& request) {
  const auto pictures = open_pictures(context.console, request);
  Interrupts interrupts;
  Look(context, task, request).at(pictures, {Deadline::never(), interrupts.arm()});
}

}  // namespace hailstone::cli
