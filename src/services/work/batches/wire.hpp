// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenAI's files and batches as JSON. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/jobs/batch_store.hpp"
#include "core/jobs/job.hpp"
#include "services/work/batches/input.hpp"

namespace hailstone::batches {

/// A line of a batch's file. Throws Error(kBadRequest) that names the field.
core::NewJob parse_line(std::string_view text);

/// POST /v1/batches. Throws Error(kBadRequest) that names the field.
core::Batch parse_batch(std::string_view text, WallTime now);

std::string write_file(const core::StoredFile& file);
std::string write_files(const std::vector<core::StoredFile>& files, bool has_more);
std::string write_deleted_file(const std::string& id);
std::string write_batch(const core::Batch& batch);
std::string write_batches(const std::vector<core::Batch>& batches, bool has_more);
std::string write_mistakes(const std::vector<Mistake>& mistakes);

/// A line of an output or error file, with its line end; answer: the reply's body, where there was
/// a reply.
std::string write_result(const core::Job& job, const std::optional<std::string>& answer);

/// The file that a request's JSON body names instead of its picture or sound ({"file_id":"file-1"}
/// or {"image":{"file_id":"file-1"}}), and the rest of the body as form fields.
struct FileInput {
  std::string file_id;
  std::string field;  ///< "image", "audio" ...; empty: the body does not say
  std::vector<std::pair<std::string, std::string>> options;
};
std::optional<FileInput> find_file_input(std::string_view body);

}  // namespace hailstone::batches
