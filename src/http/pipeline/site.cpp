// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/site.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace hailstone::http {
namespace {

const std::vector<double> kSeconds = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300};

std::string machine_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data())
                                                          : std::string();
}

core::Counter& message_counter(core::Metrics& metrics, const char* direction) {
  return metrics.counter("hailstone_http_web_socket_messages_total", "Messages of WebSockets.",
                         {{"direction", direction}});
}

}  // namespace

RouteMetrics::RouteMetrics(core::Metrics& metrics, std::string route, std::string method)
    : metrics_(metrics), route_(std::move(route)), method_(std::move(method)) {}

void RouteMetrics::count(int status, double seconds) {
  const auto digit = std::clamp(status / 100, 1, 5);
  auto& slot = counters_[static_cast<std::size_t>(digit)];
  auto* counter = slot.load(std::memory_order_acquire);
  if (counter == nullptr) {
    counter = &metrics_.counter(
        "hailstone_http_requests_total", "Requests that were answered.",
        {{"route", route_}, {"method", method_}, {"status", std::to_string(digit) + "xx"}});
    slot.store(counter, std::memory_order_release);
  }
  counter->add();
  auto* histogram = seconds_.load(std::memory_order_acquire);
  if (histogram == nullptr) {
    histogram = &metrics_.histogram("hailstone_http_request_seconds",
                                    "From the header's arrival to the reply's end.", kSeconds,
                                    {{"route", route_}, {"method", method_}});
    seconds_.store(histogram, std::memory_order_release);
  }
  histogram->observe(seconds);
}

SiteMetrics::SiteMetrics(core::Metrics& metrics, const Router& router)
    : in_flight(metrics.gauge("hailstone_http_requests_in_flight", "Requests being answered.")),
      connections(metrics.gauge("hailstone_http_connections", "Open connections of clients.")),
      refused_connections(metrics.counter("hailstone_http_connections_refused_total",
                                          "Connections that found no place.")),
      web_sockets(metrics.gauge("hailstone_http_web_sockets", "Open WebSockets.")),
      refused_sessions(metrics.counter("hailstone_http_web_sockets_refused_total",
                                       "WebSockets that found no place.")),
      messages_received(message_counter(metrics, "received")),
      messages_sent(message_counter(metrics, "sent")) {
  for (const auto* route : router.routes()) {
    routes_[route] = std::make_unique<RouteMetrics>(metrics, route->pattern,
                                                    std::string(to_string(route->method)));
  }
  routes_[nullptr] = std::make_unique<RouteMetrics>(metrics, "unknown", "any");
  others_ = std::make_unique<RouteMetrics>(metrics, "other", "any");
}

RouteMetrics& SiteMetrics::of(const Route* route) noexcept {
  const auto found = routes_.find(route);
  return found == routes_.end() ? *others_ : *found->second;
}

Site::Site(ServerOptions given_options, Router given_router, core::Metrics& given_metrics)
    : options(std::move(given_options)),
      router(std::move(given_router)),
      hosts{options.allowed_hosts, machine_name()},
      metrics(given_metrics, router) {}

}  // namespace hailstone::http
