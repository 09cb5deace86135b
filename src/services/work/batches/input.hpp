// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The file that a batch runs: one request a line. Checked as a whole before anything of it runs.
// Pure but for reading.

#include <cstddef>
#include <functional>
#include <istream>
#include <string>
#include <vector>

#include "core/jobs/job.hpp"

namespace hailstone::batches {

inline constexpr std::size_t kMostLines = 50'000;
inline constexpr std::size_t kLongestLine = 32 << 20;
/// More than so many mistakes help nobody.
inline constexpr std::size_t kMostMistakes = 50;

struct Mistake {
  std::size_t line = 0;  ///< from 1 on; 0: the file as a whole
  std::string code;
  std::string message;
  std::string param;  ///< the field; may be empty
};

struct Input {
  std::vector<core::NewJob> jobs;  ///< with the line's custom_id as label
  std::vector<Mistake> mistakes;
};

/// Throws Error where a task cannot be a job.
using CheckTask = std::function<void(const core::JobTask& task)>;

/// {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{...}} a line. endpoint:
/// the url that every line must have; empty: any.
Input read_input(std::istream& lines, const std::string& endpoint, const CheckTask& check);

}  // namespace hailstone::batches
