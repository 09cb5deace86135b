// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/measurements/measurements.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/measurements/wire.hpp"
#include "core/store/blobs/files.hpp"
#include "log/log.hpp"

namespace hailstone::core {
namespace {

namespace fs = std::filesystem;

std::vector<Measurement> read(const fs::path& file) {
  try {
    return parse_measurements(read_small_file(file));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kNotFound) return {};
    std::error_code ignored;
    fs::rename(file, file.native() + ".bad", ignored);
    log::warning("measurements", "the file cannot be read and is set aside",
                 {{"file", file.native()}, {"why", error.what()}});
    return {};
  }
}

void write(const fs::path& file, const std::vector<Measurement>& all) {
  const fs::path temporary = file.native() + ".new";
  try {
    remove_file(temporary);  // of a process that was killed here
    replace_file(file, write_measurements(all), temporary);
  } catch (const Error& error) {
    log::warning("measurements", "the figures are not kept", {{"why", error.what()}});
  }
}

/// A quarter more or less is what a busy machine makes of the same load.
bool is_about(std::chrono::nanoseconds a, std::chrono::nanoseconds b) noexcept {
  return a < b + b / 4 && b < a + a / 4;
}

}  // namespace

Measurements::Measurements(fs::path file, std::string machine, const Clock& clock)
    : file_(std::move(file)), machine_(std::move(machine)), clock_(clock), all_(read(file_)) {}

std::optional<Measurement> Measurements::find(const MeasuredModel& model) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const Measurement& one) {
    return one.model == model && one.machine == machine_;
  });
  if (found == all_.end()) return std::nullopt;
  return *found;
}

std::vector<Measurement> Measurements::list() const {
  std::vector<Measurement> out;
  {
    const std::lock_guard lock(mutex_);
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(out),
                 [&](const Measurement& one) { return one.machine == machine_; });
  }
  std::stable_sort(out.begin(), out.end(), [](const Measurement& a, const Measurement& b) {
    return a.model.name < b.model.name;
  });
  return out;
}

void Measurements::note_load(const MeasuredModel& model, std::chrono::nanoseconds time) {
  if (const auto known = find(model); known && known->load_time) {
    if (is_about(*known->load_time, time)) return;
  }
  std::unique_lock lock(mutex_);
  entry(model).load_time = time;
  save(std::move(lock));
}

void Measurements::note_speed(const MeasuredModel& model, const Speed& speed,
                              const inference::Footprint& memory) {
  std::unique_lock lock(mutex_);
  Measurement& measurement = entry(model);
  measurement.speed = speed;
  measurement.memory = memory;
  save(std::move(lock));
}

void Measurements::forget(const std::string& name) {
  std::unique_lock lock(mutex_);
  const auto count = std::erase_if(all_, [&](const Measurement& measurement) {
    return equals_ignoring_case(measurement.model.name, name);
  });
  if (count > 0) save(std::move(lock));
}

/// The one of that model, moved to the end as the newest; made where there is none. What the name
/// meant before on this machine goes: nobody asks for it again.
Measurement& Measurements::entry(const MeasuredModel& model) {
  Measurement measurement;
  std::erase_if(all_, [&](Measurement& one) {
    const bool is_it = one.machine == machine_ && one.model.name == model.name;
    if (is_it && one.model == model) measurement = std::move(one);
    return is_it;
  });
  measurement.model = model;
  measurement.machine = machine_;
  measurement.when = clock_.wall();
  if (all_.size() >= kMost) all_.erase(all_.begin());
  return all_.emplace_back(std::move(measurement));
}

/// Writes without the lock. Who comes meanwhile leaves its change to whoever is writing.
void Measurements::save(std::unique_lock<std::mutex> lock) {
  is_changed_ = true;
  if (is_saving_) return;
  is_saving_ = true;
  while (std::exchange(is_changed_, false)) {
    const std::vector<Measurement> all = all_;
    lock.unlock();
    write(file_, all);
    lock.lock();
  }
  is_saving_ = false;
}

}  // namespace hailstone::core
