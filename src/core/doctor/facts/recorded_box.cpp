// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/doctor/facts/box.hpp"

namespace hailstone::doctor {
namespace fs = std::filesystem;
namespace {

constexpr int kMostLayers = 8;

using Outputs = std::map<std::string, CommandOutput>;

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

[[noreturn]] void refuse(const fs::path& file, const std::string& line, const char* form) {
  throw Error(ErrorCode::kBadRequest, file.string() + ": '" + line + "' cannot be read",
              std::string("a line is ") + form);
}

int number_of(std::string_view text, int otherwise) {
  int number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// "rw-r-----"; an 's' or 't' is an 'x' with more to it.
unsigned mode_of(std::string_view letters) {
  unsigned mode = 0;
  for (const char letter : letters) mode = mode << 1U | (letter == '-' ? 0U : 1U);
  return mode;
}

void read_owners(const fs::path& folder, std::map<std::string, FileStatus>& owners) {
  constexpr std::size_t kLetters = 10;
  for (const auto& line : lines_of(folder / "owners.txt")) {
    std::istringstream words(line);
    std::string letters;
    std::string path;
    FileStatus status;
    words >> letters >> status.user >> status.group >> path;
    if (!words || letters.size() != kLetters) {
      refuse(folder / "owners.txt", line, "crw-rw---- USER GROUP PATH, in numbers");
    }
    status.kind = letters.front();
    status.mode = mode_of(std::string_view(letters).substr(1));
    owners.emplace(path, status);  // of the first layer that says it
  }
}

void read_commands(const fs::path& folder, Outputs& outputs) {
  Outputs own;
  CommandOutput* current = nullptr;
  for (const auto& line : lines_of(folder / "commands.txt")) {
    if (line.starts_with("$ ")) {
      current = &own[line.substr(2)];
    } else if (current == nullptr) {
      refuse(folder / "commands.txt", line, "'$ COMMAND', and its output below it");
    } else if (line.starts_with("? ")) {
      current->status = number_of(std::string_view(line).substr(2), -1);
    } else {
      current->text += line + "\n";
    }
  }
  outputs.merge(own);  // those of the first layer stay
}

/// A command with the status 127 is one that is not installed.
RunCommand replay(Outputs outputs) {
  constexpr int kNoSuchCommand = 127;
  return [outputs = std::move(outputs)](const Command& command) -> std::optional<CommandOutput> {
    const auto found = outputs.find(join(command, " "));
    if (found == outputs.end() || found->second.status == kNoSuchCommand) return std::nullopt;
    return found->second;
  };
}

}  // namespace

Box recorded_box(const fs::path& folder) {
  Box::Parts parts;
  parts.roots.clear();
  Outputs outputs;
  for (fs::path layer = folder; !layer.empty();) {
    std::error_code ignored;
    if (!fs::is_directory(layer, ignored)) {
      throw Error(ErrorCode::kNotFound, layer.string() + " is no folder",
                  "a recorded box is a folder with proc, sys, commands.txt and others below it");
    }
    parts.roots.push_back(layer);
    if (parts.roots.size() > kMostLayers) {
      throw Error(ErrorCode::kBadRequest, folder.string() + ": base.txt leads in a circle");
    }
    read_owners(layer, parts.owners);
    read_commands(layer, outputs);
    for (const auto& path : lines_of(layer / "gone.txt")) parts.hidden.insert(path);
    const auto base = lines_of(layer / "base.txt");
    layer = base.empty() ? fs::path() : layer / base.front();
  }
  parts.run = replay(std::move(outputs));
  return Box(std::move(parts));
}

}  // namespace hailstone::doctor
