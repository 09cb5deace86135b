// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/resampler.hpp"

#include <soxr.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace hailstone::media {
namespace {

/// Of input at a time: what comes out of it is kept small.
constexpr std::size_t kBlock = 8192;

}  // namespace

struct Resampler::Impl {
  Impl(int from, int to) : ratio(static_cast<double>(to) / from) {
    const auto io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    const auto quality = soxr_quality_spec(SOXR_HQ, 0);
    const auto threads = soxr_runtime_spec(1);
    soxr_error_t error = nullptr;
    handle = soxr_create(from, to, 1, &error, &io, &quality, &threads);
    if (error != nullptr) {
      soxr_delete(handle);
      throw Error(ErrorCode::kOutOfMemory, "no resampler: " + std::string(soxr_strerror(error)));
    }
  }
  ~Impl() { soxr_delete(handle); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// Null: the input has ended. How many samples came out.
  std::size_t process(const float* in, std::size_t count, std::vector<float>& out) {
    const auto room = static_cast<std::size_t>(std::ceil(static_cast<double>(kBlock) * ratio)) + 64;
    const std::size_t before = out.size();
    out.resize(before + room);
    std::size_t used = 0;
    std::size_t made = 0;
    std::size_t total = 0;
    do {
      const auto* error =
          soxr_process(handle, in, count, &used, out.data() + before + total, room - total, &made);
      if (error != nullptr) {
        throw Error(ErrorCode::kInternal, "resampling: " + std::string(soxr_strerror(error)));
      }
      total += made;
      if (in != nullptr) in += used;
      count -= std::min(used, count);
    } while (count > 0 && total < room);
    out.resize(before + total);
    return total;
  }

  soxr_t handle = nullptr;
  double ratio;
};

Resampler::Resampler(int from, int to)
    : impl_(from == to ? nullptr : std::make_unique<Impl>(from, to)) {}
Resampler::~Resampler() = default;
Resampler::Resampler(Resampler&&) noexcept = default;
Resampler& Resampler::operator=(Resampler&&) noexcept = default;

void Resampler::push(std::span<const float> samples, std::vector<float>& out) {
  if (!impl_) {
    out.insert(out.end(), samples.begin(), samples.end());
    return;
  }
  for (std::size_t at = 0; at < samples.size(); at += kBlock) {
    const auto block = samples.subspan(at, std::min(kBlock, samples.size() - at));
    impl_->process(block.data(), block.size(), out);
  }
}

void Resampler::finish(std::vector<float>& out) {
  if (!impl_) return;
  while (impl_->process(nullptr, 0, out) > 0) {
  }
  soxr_clear(impl_->handle);
}

std::vector<float> resample(std::span<const float> samples, int from, int to) {
  Resampler resampler(from, to);
  std::vector<float> out;
  resampler.push(samples, out);
  resampler.finish(out);
  return out;
}

}  // namespace hailstone::media
