// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The checks. Each is a pure function of what was read, but that some look at further files and run
// commands of the box. None throws.

#include "core/doctor/checks/finding.hpp"
#include "core/doctor/facts/examination.hpp"

namespace hailstone::doctor {

Findings check_system(const Examination& examination);
Findings check_power(const Examination& examination);
Findings check_disk(const Examination& examination);
Findings check_clock(const Examination& examination);
Findings check_memory(const Examination& examination);
Findings check_swap(const Examination& examination);
Findings check_heat(const Examination& examination);

Findings check_chip(const Examination& examination);
Findings check_packages(const Examination& examination);
Findings check_driver(const Examination& examination);
Findings check_versions(const Examination& examination);
Findings check_kernel_log(const Examination& examination);
Findings check_node(const Examination& examination);
Findings check_permissions(const Examination& examination);
Findings check_sandbox(const Examination& examination);
Findings check_holder(const Examination& examination);
Findings check_identify(const Examination& examination);
Findings check_cma(const Examination& examination);
Findings check_link(const Examination& examination);
Findings check_pages(const Examination& examination);

Findings check_settings(const Examination& examination);
Findings check_user(const Examination& examination);
Findings check_home(const Examination& examination);
Findings check_models(const Examination& examination);
Findings check_environment(const Examination& examination);
Findings check_ports(const Examination& examination);
Findings check_unit(const Examination& examination);
Findings check_journal(const Examination& examination);
Findings check_health(const Examination& examination);
Findings check_reach(const Examination& examination);
Findings check_others(const Examination& examination);
Findings check_workers(const Examination& examination);

}  // namespace hailstone::doctor
