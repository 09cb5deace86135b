// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/checks/finding.hpp"

#include <utility>

namespace hailstone::doctor {

std::string_view to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kSkipped:
      return "skipped";
    case Verdict::kNote:
      return "note";
    case Verdict::kWarning:
      return "warning";
    case Verdict::kProblem:
      break;
  }
  return "problem";
}

Finding ok(std::string found) {
  return {Verdict::kOk, std::move(found), {}, {}, {}};
}

Finding skipped(std::string found) {
  return {Verdict::kSkipped, std::move(found), {}, {}, {}};
}

Finding note(std::string found, std::string means, std::vector<std::string> fix) {
  return {Verdict::kNote, std::move(found), std::move(means), std::move(fix), {}};
}

Finding warning(std::string found, std::string means, std::vector<std::string> fix) {
  return {Verdict::kWarning, std::move(found), std::move(means), std::move(fix), {}};
}

Finding problem(std::string found, std::string means, std::vector<std::string> fix) {
  return {Verdict::kProblem, std::move(found), std::move(means), std::move(fix), {}};
}

}  // namespace hailstone::doctor
