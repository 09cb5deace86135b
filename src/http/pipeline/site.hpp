// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What all requests of a server share: its rules, its routes, its figures.

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/lane.hpp"
#include "core/metrics/metrics.hpp"
#include "http/pipeline/access_rules.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace hailstone::http {

/// What is counted of each route. Thread-safe.
class RouteMetrics {
 public:
  RouteMetrics(core::Metrics& metrics, std::string route, std::string method);
  void count(int status, double seconds);

 private:
  core::Metrics& metrics_;
  const std::string route_;
  const std::string method_;
  // By the status's first digit. Made when first needed, so that routes that nobody uses take no
  // place in the exposition; kept, because finding them anew costs more than the request.
  std::array<std::atomic<core::Counter*>, 6> counters_{};
  std::atomic<core::Histogram*> seconds_ = nullptr;
};

/// Thread-safe.
class SiteMetrics {
 public:
  SiteMetrics(core::Metrics& metrics, const Router& router);

  /// route: null for requests that found none.
  RouteMetrics& of(const Route* route) noexcept;

  core::Gauge& in_flight;
  core::Gauge& connections;
  core::Counter& refused_connections;
  core::Gauge& web_sockets;
  core::Counter& refused_sessions;
  core::Counter& messages_received;
  core::Counter& messages_sent;

 private:
  std::map<const Route*, std::unique_ptr<RouteMetrics>> routes_;
  std::unique_ptr<RouteMetrics> others_;  // of routes that come and go
};

struct Site {
  Site(ServerOptions given_options, Router given_router, core::Metrics& given_metrics);

  const ServerOptions options;
  const Router router;
  const HostRules hosts;
  std::uint16_t https_port =
      0;  ///< where plain HTTP is sent; 0: nowhere. Set before the first request
  SiteMetrics metrics;
  std::atomic<std::uint64_t> unproven_bytes = 0;  ///< of those whose key is not known yet
  std::atomic<std::uint64_t> body_bytes = 0;      ///< of all requests whose bodies are in memory
};

}  // namespace hailstone::http
