// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <istream>
#include <map>
#include <ostream>

#include "base/strings.hpp"
#include "cli/models/import_words.hpp"
#include "cli/models/library.hpp"
#include "cli/models/upload.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/text.hpp"
#include "core/store/model_name.hpp"
#include "formats/file_format.hpp"
#include "formats/onnx_file.hpp"
#include "vision/known/recognise_onnx.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;

/// What people import; a word that is missing here can still be given with --task.
constexpr std::array<std::string_view, 13> kTasks = {
    "detect",     "pose",         "segment", "semantic",   "depth",   "classify", "ocr",
    "face-embed", "person-embed", "embed",   "transcribe", "upscale", "speak"};

/// What is known of the file before it goes to the service.
struct FileFacts {
  formats::FileFormat format = formats::FileFormat::kUnknown;
  std::string task;
  std::string license;
};

std::string first_bytes(const fs::path& file) {
  std::string bytes(formats::kFormatBytes, '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorCode::kNotFound, "no file " + file.string() + " that can be read");
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

/// What the service will find out, too, or more: here it only saves a question.
void read_onnx(const fs::path& file, FileFacts& facts) {
  std::ifstream in(file, std::ios::binary);
  const formats::OnnxFile header = formats::read_onnx_file(in);
  if (const auto known = vision::recognise_onnx(header)) facts.task = known->task;
  facts.license = header.find("license").value_or("");
}

FileFacts read_facts(const fs::path& file) {
  FileFacts facts;
  facts.format = formats::find_format(first_bytes(file));
  if (formats::name_of(facts.format).empty()) {
    const auto why = formats::explain(facts.format);
    throw Error(ErrorCode::kBadRequest, file.string() + " " + std::string(why.what),
                std::string(why.help));
  }
  if (facts.format == formats::FileFormat::kGgml) facts.task = "transcribe";
  if (facts.format == formats::FileFormat::kOnnx) read_onnx(file, facts);
  return facts;
}

/// By the name that the service knows a file by: its kind, with the file's own ending.
std::map<std::string, fs::path> further_files(const ImportRequest& request) {
  std::map<std::string, fs::path> files;
  for (const auto& text : request.files) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
      throw Error(ErrorCode::kBadRequest, "--file '" + text + "' is not KIND=PATH",
                  "for example --file recogniser=rec.onnx");
    }
    const fs::path file = text.substr(equals + 1);
    first_bytes(file);  // before gigabytes are hashed
    files[text.substr(0, equals) + file.extension().string()] = file;
  }
  std::error_code ignored;
  if (fs::is_regular_file(request.labels, ignored)) files["labels.txt"] = request.labels;
  // Piper's voices lie beside their networks.
  if (const fs::path voice = request.file + ".json"; fs::is_regular_file(voice, ignored)) {
    files.try_emplace("voice.json", voice);
  }
  return files;
}

/// "YOLOv8n (1).onnx" -> "yolov8n-1": what a model's name may be made of.
std::string name_for(const fs::path& file) {
  std::string name;
  for (const char letter : to_lower(file.stem().string())) {
    const bool may_stand = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                           letter == '.' || letter == '_';
    if (may_stand) {
      name += letter;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (!name.empty() && (name.back() == '-' || name.back() == '.')) name.pop_back();
  while (!name.empty() && name.front() == '.') name.erase(0, 1);
  return name.empty() ? "imported" : name;
}

/// Asks a person; the suggestion where only Enter comes, or where nobody can be asked.
std::string ask(const Console& console, const std::string& what, const std::string& suggestion) {
  if (!console.in_is_terminal || !console.err_is_terminal) return suggestion;
  console.err << what << (suggestion.empty() ? "" : " [" + suggestion + "]") << ": " << std::flush;
  std::string line;
  if (!std::getline(console.in, line)) throw Error(ErrorCode::kCancelled, "nothing was answered");
  const std::string answer(trim(line));
  return answer.empty() ? suggestion : answer;
}

/// Empty: the service finds out.
std::string choose_task(const Console& console, const ImportRequest& request,
                        const FileFacts& facts) {
  if (!request.task.empty() || !request.manifest.empty()) return request.task;
  if (facts.format == formats::FileFormat::kGguf) return {};
  if (facts.format == formats::FileFormat::kGgml) return facts.task;
  const bool may_be_found_out = facts.format == formats::FileFormat::kOnnx;
  const bool can_ask = console.in_is_terminal && console.err_is_terminal;
  if (may_be_found_out && (!facts.task.empty() || !request.decoder.empty() || !can_ask)) return {};
  const std::string tasks = join({kTasks.begin(), kTasks.end()}, ", ");
  std::string task = ask(console, "What is the model for? (" + tasks + ")", "");
  if (!task.empty() || may_be_found_out) return task;
  throw Error(ErrorCode::kBadRequest, request.file + " does not say what the model is for",
              "Say it with --task: " + tasks);
}

bool is_unsure(const Json& recognised) {
  return text_of(recognised, "certainty") == "guess";
}

/// "640x480 rgb nchw"
std::string write_input(const Json& input) {
  const auto side = [&](const char* key) {
    const auto pixels = number_of(input, key);
    return pixels > 0 ? std::to_string(pixels) : std::string("any");
  };
  return side("width") + "x" + side("height") + " " + text_of(input, "color") + " " +
         text_of(input, "layout");
}

/// One line: "imported 'net' for detect: decoder yolov8, input 640x640 rgb nchw, 80 labels; ..."
std::string write_result(const std::string& name, const Json& recognised) {
  const std::string task = text_of(recognised, "task");
  std::string line = "imported '" + name + "'" + (task.empty() ? "" : " for " + task);
  std::vector<std::string> facts;
  if (const auto decoder = text_of(recognised, "decoder"); !decoder.empty()) {
    facts.push_back("decoder " + decoder);
  }
  if (recognised.contains("input")) facts.push_back("input " + write_input(recognised["input"]));
  if (const auto labels = number_of(recognised, "labels"); labels > 0) {
    facts.push_back(std::to_string(labels) + " labels");
  }
  if (!facts.empty()) line += ": " + join(facts, ", ");
  if (const auto sign = text_of(recognised, "sign"); !sign.empty()) {
    line += "; " + text_of(recognised, "certainty") + " by " + sign;
  }
  if (const auto why = text_of(recognised, "not_tried"); !why.empty()) {
    line += "; not tried: " + why;
  }
  if (is_unsure(recognised)) {
    line += "; requests that name no model do not use it until --task " + task + " is said";
  }
  return printable_line(line);
}

/// One import. One thread; the references outlive it.
class Import {
 public:
  Import(const CommandContext& context, const ImportRequest& request)
      : context_(context), request_(request), facts_(read_facts(request.file)) {}

  void run() {
    further_ = further_files(request_);
    const std::string task = choose_task(context_.console, request_, facts_);
    name_ = request_.name.empty() ? ask(context_.console, "Name", name_for(request_.file))
                                  : request_.name;
    core::parse_model_name(name_);  // before gigabytes are hashed
    body_ = describe_import(request_, std::string(formats::name_of(facts_.format)));
    body_["model"] = name_;
    if (!body_.contains("license") && !facts_.license.empty()) body_["license"] = facts_.license;
    if (!task.empty()) body_["hailstone"]["task"] = task;
    Json recognised = send();
    if (is_unsure(recognised) && is_confirmed(recognised)) {
      body_["hailstone"]["task"] = recognised["task"];
      recognised = send();
    }
    if (text_of(recognised, "task").empty() && !task.empty()) recognised["task"] = task;
    context_.console.out << write_result(name_, recognised) << "\n";
  }

 private:
  /// What was found out; an empty object where there is nothing to find out.
  Json send() {
    std::ostream nowhere(nullptr);  // in a pipe one line is enough
    Console quiet{context_.console.in, nowhere, nowhere};
    const Console& console = context_.console.err_is_terminal ? context_.console : quiet;
    Interrupts interrupts;
    const RunContext run{Deadline::never(), interrupts.arm()};
    ProgressView view(console);
    const fs::path file = request_.file;
    body_["files"][file.filename().string()] = upload_file(context_.service, file, view, run);
    for (const auto& [known_as, path] : further_) {
      body_["files"][known_as] = upload_file(context_.service, path, view, run);
    }
    const Json last = follow(context_, "/api/create", body_, view, run);
    return last.value("recognised", Json::object());
  }

  bool is_confirmed(const Json& recognised) const {
    const std::string task = printable_line(text_of(recognised, "task"));
    const std::string answer =
        ask(context_.console,
            "It may be for " + task + ", a guess by " +
                printable_line(text_of(recognised, "sign")) + ". Is it? (yes, no)",
            "no");
    return answer == "yes" || answer == "y";
  }

  const CommandContext& context_;
  const ImportRequest& request_;
  const FileFacts facts_;
  std::map<std::string, fs::path> further_;
  std::string name_;
  Json body_;
};

}  // namespace

void import_file(const CommandContext& context, const ImportRequest& request) {
  Import(context, request).run();
}

}  // namespace hailstone::cli
