// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the daemon counts, in Prometheus' exposition format. Names are part of the product: see
// docs/metrics.md.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hailstone::core {

using Labels = std::map<std::string, std::string>;

/// Thread-safe, like all below. References stay valid as long as the Metrics.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual void add(double amount = 1) = 0;
};

class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void set(double value) = 0;
  virtual void add(double amount) = 0;
};

class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void observe(double value) = 0;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// The same name and labels give the same object. Cheap enough for every request, but keep the
  /// reference where labels do not change.
  Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  /// bounds: upper limits of the buckets, rising.
  Histogram& histogram(const std::string& name, const std::string& help,
                       const std::vector<double>& bounds, const Labels& labels = {});

  /// Called before each exposition, to set gauges that are read from elsewhere.
  void add_collector(std::function<void()> collect);

  /// text/plain; version=0.0.4
  std::string expose() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::core
