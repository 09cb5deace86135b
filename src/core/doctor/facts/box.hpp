// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A machine as it is seen from outside: its files, and what its programs print. Everything that the
// doctor knows comes through here, so that a folder with copies of files can stand in for a
// machine.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::doctor {

struct FileStatus {
  char kind = '-';    ///< as ls writes it: '-', 'd', 'l', 'c', 'b', 's', 'p'
  unsigned mode = 0;  ///< the permissions alone: 0644
  unsigned user = 0;
  unsigned group = 0;
  std::uintmax_t size = 0;
};

using Command = std::vector<std::string>;

struct CommandOutput {
  int status = 0;    ///< its exit code; -1 where it was killed or did not end in time
  std::string text;  ///< of both its outputs
};

/// Nothing where there is no such program.
using RunCommand = std::function<std::optional<CommandOutput>(const Command&)>;

/// One thread. Throws nothing for what is missing or may not be read: there is nothing then.
class Box {
 public:
  /// The first root that has a file counts. owners says what a copy of a file cannot: by path, as
  /// in the file system; hidden paths are in no root, with all below them.
  struct Parts {
    std::vector<std::filesystem::path> roots = {"/"};
    RunCommand run;
    std::map<std::string, FileStatus> owners;
    std::set<std::string> hidden;
  };
  explicit Box(Parts parts) : parts_(std::move(parts)) {}

  /// All of a file, up to 16 MiB.
  std::optional<std::string> text(std::string_view path) const;
  /// Its first line without blanks at the ends; "" where there is none.
  std::string line(std::string_view path) const;
  /// What a folder holds, sorted.
  std::vector<std::string> names(std::string_view path) const;
  /// Links are followed.
  std::optional<FileStatus> status(std::string_view path) const;
  bool has(std::string_view path) const { return status(path).has_value(); }
  /// Where a symbolic link leads, as it is written; "" where there is none.
  std::string link(std::string_view path) const;
  /// Where a file of the machine really stands.
  std::optional<std::filesystem::path> locate(std::string_view path) const;

  std::optional<CommandOutput> run(const Command& command) const { return parts_.run(command); }
  /// This machine, not a copy of one.
  bool is_live() const { return parts_.roots.front() == "/"; }

 private:
  bool is_hidden(std::string_view path) const;

  const Parts parts_;
};

/// This machine. Its commands are children without a cage, killed after ten seconds.
Box live_box();

/// A folder with copies below proc/, sys/, dev/, etc/ ... and beside them, where there is need:
/// base.txt: the folder that has what this one has not; owners.txt: "crw-rw---- USER GROUP PATH" in
/// numbers; gone.txt: paths that the base has and this machine has not; commands.txt: "$ COMMAND"
/// and what it printed, with "? STATUS" as the last line where that is not 0. Throws
/// Error(kNotFound) where there is no such folder, kBadRequest for a line that is none of these.
Box recorded_box(const std::filesystem::path& folder);

}  // namespace hailstone::doctor
