// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a check came to.

#include <string>
#include <string_view>
#include <vector>

namespace hailstone::doctor {

enum class Verdict {
  kOk,
  kSkipped,  ///< could not be looked at, or does not apply
  kNote,     ///< worth knowing; nothing is wrong
  kWarning,  ///< works, but not as well as it could, or not for long
  kProblem,  ///< something that is wanted does not work
};

/// "ok", "skipped", "note", "warning", "problem".
std::string_view to_string(Verdict verdict) noexcept;

struct Finding {
  Verdict verdict = Verdict::kOk;
  std::string found;             ///< "driver 5.3.0, library 5.2.0"
  std::string means;             ///< what follows from it; "" where it needs no saying
  std::vector<std::string> fix;  ///< commands, in order; "# ..." for what only hands can do
  std::string check;             ///< "npu.versions"; examine() fills it in
};

using Findings = std::vector<Finding>;

Finding ok(std::string found);
Finding skipped(std::string found);
Finding note(std::string found, std::string means, std::vector<std::string> fix = {});
Finding warning(std::string found, std::string means, std::vector<std::string> fix);
Finding problem(std::string found, std::string means, std::vector<std::string> fix);

}  // namespace hailstone::doctor
