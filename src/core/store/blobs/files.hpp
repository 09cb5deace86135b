// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files of a store: opened, written, made durable and named, with failures that say which path and
// what would help.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::core {

/// What a failed call means for the person who asked: no room is kOutOfMemory, no permission
/// kForbidden, anything else kEngineFailed. "cannot write /a/b: No space left on device".
Error disk_error(std::string_view verb, const std::filesystem::path& path, int error_number);

/// Whether it is a regular file that lies below one of the roots: links may lead from one to
/// another, but not to the rest of the machine. Nothing is opened.
bool is_store_file(const std::filesystem::path& file,
                   const std::vector<std::filesystem::path>& roots);

/// Regular files only: a pipe or device under a model's name would block for ever. Throws
/// Error(kNotFound), and disk_error().
os::UniqueFd open_to_read(const std::filesystem::path& file);

/// The same as a stream, at its beginning.
std::ifstream open_stream(const std::filesystem::path& file);

enum class OpenMode { kNew, kExisting };

/// kNew: must not exist; kExisting: created where it does not. Never follows a symbolic link in the
/// last place: what is written stays in the folder. Throws disk_error().
os::UniqueFd open_to_write(const std::filesystem::path& file, OpenMode mode);

/// All bytes, or throws disk_error().
void write_at(const os::UniqueFd& fd, std::string_view bytes, std::uint64_t offset,
              const std::filesystem::path& file);

/// Survives a power cut once these return. Throw disk_error().
void sync_file(const os::UniqueFd& fd, const std::filesystem::path& file);
void sync_folder(const std::filesystem::path& folder);

void ensure_folder(const std::filesystem::path& folder);
void rename_file(const std::filesystem::path& from, const std::filesystem::path& to);

/// False if there was none. A symbolic link goes, never what it points to.
bool remove_file(const std::filesystem::path& file);

enum class FileAccess { kEverybody, kOwner };

/// Appears under its name whole or not at all, and durably.
void replace_file(const std::filesystem::path& file, std::string_view bytes,
                  const std::filesystem::path& temporary,
                  FileAccess access = FileAccess::kEverybody);

/// Throws Error(kNotFound), and Error(kTooLarge) above 4 MiB.
std::string read_small_file(const std::filesystem::path& file);

}  // namespace hailstone::core
