// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/library/wire_fsck.hpp"

#include <nlohmann/json.hpp>

#include "http/json_fields.hpp"

namespace hailstone::library {
namespace {

using Json = nlohmann::ordered_json;

Json write_finding(const core::FsckFinding& finding) {
  return {{"fault", core::to_string(finding.fault)},
          {"file", finding.file.string()},
          {"models", finding.models},
          {"repaired", finding.is_repaired}};
}

}  // namespace

FsckTask parse_fsck(std::string_view body) {
  FsckTask task;
  if (body.empty()) return task;
  const http::Json json = http::parse_json_object(body);
  task.repair = http::Fields(json).find_bool("repair").value_or(true);
  return task;
}

std::string write_report(const core::FsckReport& report) {
  Json findings = Json::array();
  for (const auto& finding : report.findings) findings.push_back(write_finding(finding));
  const Json json{{"status", "success"},
                  {"models", report.models},
                  {"files", report.blobs},
                  {"bytes", report.bytes.count()},
                  {"findings", std::move(findings)},
                  {"pull_again", report.pull_again}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hailstone::library
