// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The people whose faces are known: names and embeddings, never pictures. In one file that only its
// owner reads; nothing of it goes to the log.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/people/nearest.hpp"

namespace hailstone::core {

class Database;

inline constexpr std::size_t kMostFacesOfAPerson = 100;
inline constexpr std::size_t kMostFaces = 20'000;
inline constexpr std::size_t kMostDimensions = 4096;
inline constexpr std::size_t kLongestPersonName = 128;  ///< bytes

/// Where ArcFace and its like draw the line between one person's faces and two persons'.
inline constexpr double kUsualThreshold = 0.34;

/// Throws Error(kBadRequest) unless it is 1 to kLongestPersonName bytes of UTF-8 on one line,
/// without blanks around it. Pure.
void check_person_name(const std::string& name);

/// Thread-safe, and several processes may have the same file. The file is opened (and made) at the
/// first call, and tried again at the next where that failed. Everything throws as Database does;
/// names that cannot be are Error(kBadRequest), names that are not there kNotFound.
class PeopleStore {
 public:
  /// The folder must exist; the clock outlives the store.
  explicit PeopleStore(std::filesystem::path file, const Clock& clock = system_clock());
  ~PeopleStore();
  PeopleStore(const PeopleStore&) = delete;
  PeopleStore& operator=(const PeopleStore&) = delete;

  /// Everybody, as of now. Shared because a change replaces it while others still look at the old
  /// one.
  std::shared_ptr<const People> read();

  /// Adds faces to a person, who is made if need be: all of them or none. How many the person has
  /// now. Throws kBadRequest for vectors that are empty, too long or not of length 1, kTooLarge
  /// beyond a limit.
  std::size_t enrol(const std::string& name, const std::vector<FaceEmbedding>& faces);

  /// Throws kConflict where the new name is another person's.
  void rename(const std::string& name, const std::string& new_name);

  /// What is deleted is overwritten on the disk, the write-ahead log's copy too. Works on a full
  /// disk: a file beside the database keeps the room for it.
  void remove(const std::string& name);

  /// Throws kBadRequest unless it is from -1 to 1.
  void set_threshold(double threshold);

 private:
  Database& open();
  std::shared_ptr<const People> load(Database& database) const;
  std::filesystem::path reserve() const;
  void keep_reserve() const noexcept;
  int delete_person(Database& database, const std::string& name) const;
  void add_face(Database& database, std::int64_t person, const FaceEmbedding& face) const;

  const std::filesystem::path file_;
  const Clock& clock_;

  std::mutex mutex_;  // of all below
  std::unique_ptr<Database> database_;
  std::shared_ptr<const People> people_;  // null: to be read again
  std::int64_t version_ = 0;  // of what was read; changes when another connection writes
};

}  // namespace hailstone::core
