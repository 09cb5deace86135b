// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <istream>
#include <iterator>

#include "base/strings.hpp"
#include "cli/client/request_options.hpp"
#include "cli/files/modelfile.hpp"
#include "cli/models/library.hpp"
#include "cli/models/upload.hpp"
#include "cli/term/interrupts.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;

std::string read_text(const Console& console, const std::string& file) {
  if (file == "-") return {std::istreambuf_iterator<char>(console.in), {}};
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw Error(ErrorCode::kBadRequest, "no file " + file,
                "-f FILE names the Modelfile; docs/cli.md shows one");
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

/// "~/x" as shells write it; otherwise relative to the Modelfile.
fs::path resolve(const std::string& text, const fs::path& base,
                 const core::Environment& environment) {
  const auto home = core::find_variable(environment, "HOME");
  if (text.starts_with("~/") && home) return fs::path(*home) / text.substr(2);
  return base / text;
}

/// A file where there is one, or where the text can be nothing else; else the name of a model.
bool is_file(const std::string& text, const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) || text == "." || text == ".." ||
         text.starts_with("./") || text.starts_with("../") || text.starts_with('/') ||
         text.starts_with("~/") || text.ends_with(".gguf");
}

/// The files that are meant: the one itself, or the GGUF files of a folder.
std::vector<fs::path> files_of(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<fs::path> files;
  bool has_tensors = false;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (to_lower(entry.path().extension().string()) == ".gguf") files.push_back(entry.path());
    has_tensors = has_tensors || entry.path().extension() == ".safetensors";
  }
  std::sort(files.begin(), files.end());
  if (!files.empty()) return files;
  throw Error(ErrorCode::kBadRequest, "FROM " + path.string() + ": no GGUF file in this folder",
              has_tensors ? "convert its safetensors with llama.cpp's convert_hf_to_gguf.py"
                          : "FROM names a file, a folder with one, or a model that is installed");
}

Json parameters_of(const Modelfile& file) {
  Json out = Json::object();
  for (const auto& [name, text] : file.parameters) {
    Json value = parse_parameter(name, text);
    if (value.is_array() && out.contains(name)) {
      out[name].push_back(value.front());
    } else {
      out[name] = std::move(value);
    }
  }
  return out;
}

Json describe(const Modelfile& file) {
  Json body = Json::object();
  if (file.template_text) body["template"] = *file.template_text;
  if (file.system) body["system"] = *file.system;
  if (!file.licenses.empty()) body["license"] = file.licenses;
  if (!file.parameters.empty()) body["parameters"] = parameters_of(file);
  for (const auto& [role, content] : file.messages) {
    body["messages"].push_back({{"role", role}, {"content", content}});
  }
  return body;
}

}  // namespace

void create_model(const CommandContext& context, const CreateRequest& request) {
  const Modelfile file = parse_modelfile(read_text(context.console, request.file));
  for (const auto& note : file.notes) context.console.err << "note: " << note << '\n';
  const fs::path base =
      request.file == "-" ? fs::current_path() : fs::absolute(request.file).parent_path();
  Json body = describe(file);
  body["model"] = request.model;
  if (!request.quantize.empty()) body["quantize"] = request.quantize;
  Interrupts interrupts;
  const RunContext run{Deadline::never(), interrupts.arm()};
  ProgressView view(context.console);
  for (const auto& text : file.from) {
    const fs::path path = resolve(text, base, context.environment);
    if (!is_file(text, path)) {
      body["from"] = text;
      continue;
    }
    for (const auto& one : files_of(path)) {
      body["files"][one.filename().string()] = upload_file(context.service, one, view, run);
    }
  }
  for (const auto& text : file.adapters) {
    const fs::path path = resolve(text, base, context.environment);
    body["adapters"][path.filename().string()] = upload_file(context.service, path, view, run);
  }
  follow(context, "/api/create", body, view, run);
}

}  // namespace hailstone::cli
