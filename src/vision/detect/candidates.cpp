// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/detect/candidates.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "vision/boxes/greedy.hpp"

namespace hailstone::vision {
namespace {

constexpr std::size_t kMaxCandidates = 30'000;
constexpr int kMaxClasses = 1 << 16;

float overlap_of(const Candidate& a, const Candidate& b) noexcept {
  const float width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const float height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (!(width > 0 && height > 0)) return 0;
  const float common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}

bool is_share(double value) noexcept {
  return value >= 0 && value <= 1;
}

}  // namespace

Candidate from_centre(float x, float y, float width, float height) noexcept {
  return {x - width / 2, y - height / 2, width, height};
}

Candidate from_corners(float left, float top, float right, float bottom) noexcept {
  return {left, top, right - left, bottom - top};
}

Detection to_detection(const Candidate& candidate) {
  Detection detection;
  detection.class_id = candidate.class_id;
  detection.score = std::min(candidate.score, 1.0F);
  detection.box = {candidate.x, candidate.y, candidate.width, candidate.height};
  detection.angle = candidate.angle;
  return detection;
}

Keypoint make_keypoint(float x, float y, float confidence) noexcept {
  if (!std::isfinite(x) || !std::isfinite(y) || !std::isfinite(confidence)) return {};
  return {x, y, std::clamp(confidence, 0.0F, 1.0F)};
}

std::vector<Detection> to_detections(const std::vector<Candidate>& candidates) {
  return to_detections(candidates, [](const Candidate&, Detection&) {});
}

Candidates::Candidates(const DetectOptions& options)
    : threshold_(static_cast<float>(options.score_threshold)), suppression_(options.suppression) {
  if (!is_share(options.score_threshold) || !is_share(suppression_.iou_threshold)) {
    throw Error(ErrorCode::kBadRequest, "thresholds of scores and overlaps are from 0 to 1");
  }
  if (suppression_.max_detections < 1) {
    throw Error(ErrorCode::kBadRequest, "the number of detections is at least 1");
  }
  for (const int id : options.classes) {
    if (id < 0 || id >= kMaxClasses) {
      throw Error(ErrorCode::kBadRequest, "there is no class " + std::to_string(id));
    }
    if (static_cast<std::size_t>(id) >= wanted_.size()) wanted_.resize(id + std::size_t{1});
    wanted_[id] = true;
  }
}

bool Candidates::wants(int class_id) const noexcept {
  if (class_id < 0) return false;
  return wanted_.empty() ||
         (static_cast<std::size_t>(class_id) < wanted_.size() && wanted_[class_id]);
}

void Candidates::add(const Candidate& candidate) {
  const float sum = candidate.x + candidate.y + candidate.width + candidate.height +
                    candidate.width * candidate.height + candidate.score + candidate.angle;
  if (!(candidate.score >= threshold_ && candidate.width > 0 && candidate.height > 0) ||
      !std::isfinite(sum) || !wants(candidate.class_id)) {
    return;
  }
  entries_.push_back({candidate, added_++});
  if (entries_.size() >= 2 * kMaxCandidates) keep_only_best();
}

void Candidates::sort() noexcept {
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    if (a.candidate.score != b.candidate.score) return a.candidate.score > b.candidate.score;
    return a.number < b.number;
  });
}

void Candidates::keep_only_best() {
  sort();
  if (entries_.size() > kMaxCandidates) entries_.resize(kMaxCandidates);
}

std::vector<Candidate> Candidates::select() {
  keep_only_best();
  std::vector<std::size_t> order(entries_.size());
  std::iota(order.begin(), order.end(), 0);
  const auto limit = static_cast<float>(suppression_.iou_threshold);
  const bool all_classes = suppression_.rivals == Rivals::kAllClasses;
  const auto is_rival = [&](std::size_t i, std::size_t j) {
    const auto& a = entries_[i].candidate;
    const auto& b = entries_[j].candidate;
    if (!all_classes && a.class_id != b.class_id) return false;
    if (a.angle == 0 && b.angle == 0) return overlap_of(a, b) > limit;
    return oriented_overlap(to_detection(a), to_detection(b)) > suppression_.iou_threshold;
  };
  std::vector<Candidate> selected;
  for (const auto index :
       keep_best(order, static_cast<std::size_t>(suppression_.max_detections), is_rival)) {
    selected.push_back(entries_[index].candidate);
  }
  return selected;
}

std::vector<Candidate> Candidates::select_all() {
  keep_only_best();
  const auto count =
      std::min(entries_.size(), static_cast<std::size_t>(suppression_.max_detections));
  std::vector<Candidate> selected;
  for (std::size_t i = 0; i < count; ++i) selected.push_back(entries_[i].candidate);
  return selected;
}

}  // namespace hailstone::vision
