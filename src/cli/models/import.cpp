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
#include "cli/files/labels.hpp"
#include "cli/models/library.hpp"
#include "cli/models/upload.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/text.hpp"
#include "core/store/model_name.hpp"
#include "formats/onnx_file.hpp"
#include "vision/known/recognise_onnx.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;

/// What people import; a word that is missing here can still be given with --task.
constexpr std::array<std::string_view, 9> kTasks = {
    "detect", "pose", "segment", "depth", "classify", "ocr", "embed", "transcribe", "upscale"};

/// What is known of the file before it goes to the service.
struct FileFacts {
  bool says_its_task = false;  ///< a GGUF file: the service reads it
  std::string task;
  std::string license;
  std::vector<std::string> labels;
  Json settings = Json::object();
};

std::string first_bytes(const fs::path& file) {
  std::string bytes(4, '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorCode::kNotFound, "no file " + file.string() + " that can be read");
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

/// Other exporters' words for ours.
std::string known_task(const std::string& word) {
  const std::string task = to_lower(word);
  return std::find(kTasks.begin(), kTasks.end(), task) == kTasks.end() ? "" : task;
}

/// What its tensors look like, where they look like a network that we know.
std::string recognise_task(const formats::OnnxFile& header) {
  const auto known = vision::recognise_onnx(header);
  return known ? known->task : std::string();
}

/// The first input, where it is a picture: batch, then channels in front or behind.
Json picture_input(const formats::OnnxFile& header) {
  if (header.inputs.empty() || header.inputs.front().shape.size() != 4) return nullptr;
  const auto& shape = header.inputs.front().shape;
  const bool channels_first = shape[1] == 1 || shape[1] == 3;
  if (!channels_first && shape[3] != 1 && shape[3] != 3) return nullptr;
  const std::size_t row = channels_first ? 2 : 1;
  if (shape[row] <= 0 || shape[row + 1] <= 0) return nullptr;
  return Json{{"channels", channels_first ? shape[1] : shape[3]},
              {"height", shape[row]},
              {"width", shape[row + 1]},
              {"layout", channels_first ? "nchw" : "nhwc"}};
}

FileFacts read_onnx(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const formats::OnnxFile header = formats::read_onnx_file(in);
  FileFacts facts;
  facts.task = known_task(header.find("task").value_or(""));
  if (facts.task.empty()) facts.task = recognise_task(header);
  facts.license = header.find("license").value_or("");
  facts.labels =
      find_labels(header.find("names").value_or("")).value_or(std::vector<std::string>{});
  if (Json input = picture_input(header); !input.is_null()) {
    facts.settings["input"] = std::move(input);
  }
  return facts;
}

FileFacts read_facts(const fs::path& file) {
  const std::string magic = first_bytes(file);
  FileFacts facts;
  if (magic == "GGUF") {
    facts.says_its_task = true;
  } else if (magic == "lmgg") {
    facts.task = "transcribe";
  } else if (magic != "\x01HEF") {
    facts = read_onnx(file);
  }
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
  return files;
}

bool has_labels(const std::map<std::string, fs::path>& files) {
  return std::any_of(files.begin(), files.end(),
                     [](const auto& file) { return fs::path(file.first).stem() == "labels"; });
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

std::string choose_task(const Console& console, const ImportRequest& request,
                        const FileFacts& facts) {
  if (!request.task.empty() || facts.says_its_task) return request.task;
  if (!facts.task.empty()) return facts.task;
  const std::string tasks = join({kTasks.begin(), kTasks.end()}, ", ");
  std::string task = ask(console, "What is the model for? (" + tasks + ")", "");
  if (!task.empty()) return task;
  throw Error(ErrorCode::kBadRequest, request.file + " does not say what the model is for",
              "Say it with --task: " + tasks);
}

}  // namespace

void import_file(const CommandContext& context, const ImportRequest& request) {
  const fs::path file = request.file;
  const FileFacts facts = read_facts(file);
  const auto further = further_files(request);
  const std::string task = choose_task(context.console, request, facts);
  const std::string name =
      request.name.empty() ? ask(context.console, "Name", name_for(file)) : request.name;
  core::parse_model_name(name);  // before gigabytes are hashed
  Json body{{"model", name}};
  if (!facts.license.empty()) body["license"] = facts.license;
  Json& ours = body["hailstone"] = Json::object();
  if (!task.empty()) ours["task"] = task;
  if (!request.engine.empty()) ours["engine"] = request.engine;
  if (!facts.settings.empty()) ours["settings"] = facts.settings;
  {
    Interrupts interrupts;
    const RunContext run{Deadline::never(), interrupts.arm()};
    ProgressView view(context.console);
    body["files"][file.filename().string()] = upload_file(context.service, file, view, run);
    for (const auto& [known_as, path] : further) {
      body["files"][known_as] = upload_file(context.service, path, view, run);
    }
    if (!facts.labels.empty() && !has_labels(further)) {
      body["files"]["labels.txt"] =
          upload_text(context.service, join(facts.labels, "\n") + '\n', run);
    }
    follow(context, "/api/create", body, view, run);
  }
  context.console.out << "imported '" << printable_line(name) << "'"
                      << (task.empty() ? "" : " for " + printable_line(task)) << "\n";
}

}  // namespace hailstone::cli
