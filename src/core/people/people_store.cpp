// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/people/people_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/database/database.hpp"
#include "log/log.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kVersion = 1;

constexpr const char* kSchema = R"(
  CREATE TABLE people(
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    added INTEGER NOT NULL) STRICT;
  CREATE TABLE faces(
    id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    weights TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    vector BLOB NOT NULL CHECK(length(vector) = 4 * dimension),
    added INTEGER NOT NULL) STRICT;
  CREATE INDEX faces_person ON faces(person);
  CREATE TABLE settings(name TEXT PRIMARY KEY, value REAL NOT NULL) STRICT;
  PRAGMA user_version = 1;
)";

/// Milliseconds since 1970.
std::int64_t to_number(WallTime time) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

WallTime to_time(std::int64_t number) noexcept {
  return WallTime(std::chrono::milliseconds(number));
}

void check_face(const FaceEmbedding& face) {
  if (face.vector.empty() || face.vector.size() > kMostDimensions) {
    throw Error(ErrorCode::kBadRequest, "an embedding has 1 to " + std::to_string(kMostDimensions) +
                                            " numbers, not " + std::to_string(face.vector.size()));
  }
  double sum = 0;
  for (const float value : face.vector) sum += static_cast<double>(value) * value;
  if (!(std::abs(sum - 1) < 1e-3)) {
    throw Error(ErrorCode::kBadRequest, "an embedding must be of length 1");
  }
}

[[noreturn]] void refuse_unknown() {
  throw Error(ErrorCode::kNotFound, "nobody of that name is enrolled",
              "GET /api/faces/people lists everybody");
}

std::int64_t find_or_add(Database& database, const std::string& name, WallTime now) {
  Statement(database, "INSERT INTO people(name, added) VALUES(?, ?) ON CONFLICT DO NOTHING")
      .bind(name)
      .bind(to_number(now))
      .run();
  Statement found(database, "SELECT id FROM people WHERE name = ?");
  found.bind(name).step();
  return found.number(0);
}

std::size_t count_faces(Database& database, std::int64_t person) {
  Statement statement(database, "SELECT count(*) FROM faces WHERE person = ?");
  statement.bind(person).step();
  return static_cast<std::size_t>(statement.number(0));
}

void check_room(Database& database, std::size_t of_person, std::size_t more) {
  if (of_person + more > kMostFacesOfAPerson) {
    throw Error(ErrorCode::kTooLarge,
                "a person has at most " + std::to_string(kMostFacesOfAPerson) + " faces, and has " +
                    std::to_string(of_person) + " already",
                "delete the person and enrol the best pictures again");
  }
  const auto all = static_cast<std::size_t>(database.read_number("SELECT count(*) FROM faces"));
  if (all + more > kMostFaces) {
    throw Error(ErrorCode::kTooLarge,
                "all people together have at most " + std::to_string(kMostFaces) + " faces");
  }
}

/// Made where the file is new; whoever comes first, of several processes.
void ensure_schema(Database& database) {
  if (database.read_number("PRAGMA user_version") == kVersion) return;
  Transaction transaction(database);
  const auto version = database.read_number("PRAGMA user_version");
  if (version == kVersion) return;
  if (version > kVersion) {
    throw Error(ErrorCode::kUnsupported, "the people database was made by a newer version");
  }
  if (database.read_number("SELECT count(*) FROM sqlite_schema") > 0) {
    database.refuse_broken("it is a database of something else");
  }
  database.run(kSchema);
  transaction.commit();
}

double read_threshold(Database& database) {
  Statement statement(database, "SELECT value FROM settings WHERE name = 'threshold'");
  return statement.step() ? statement.real(0) : kUsualThreshold;
}

}  // namespace

void check_person_name(const std::string& name) {
  const bool is_text = is_valid_utf8(name) && std::none_of(name.begin(), name.end(), [](char c) {
                         return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
                       });
  if (!name.empty() && name.size() <= kLongestPersonName && is_text && trim(name) == name) return;
  throw Error(ErrorCode::kBadRequest, "a person's name must be 1 to " +
                                          std::to_string(kLongestPersonName) +
                                          " bytes of UTF-8 on one line, without blanks around it");
}

PeopleStore::PeopleStore(std::filesystem::path file, const Clock& clock)
    : file_(std::move(file)), clock_(clock) {}

PeopleStore::~PeopleStore() = default;

Database& PeopleStore::open() {
  if (database_ && !database_->is_in_place()) database_.reset();
  if (!database_) {
    people_ = nullptr;
    auto database = std::make_unique<Database>(file_);
    ensure_schema(*database);
    database_ = std::move(database);
    keep_reserve();
  }
  return *database_;
}

fs::path PeopleStore::reserve() const {
  fs::path file = file_;
  return file += "-reserve";
}

/// Deleting writes, too: what it needs on a full disk is put aside while there is some.
void PeopleStore::keep_reserve() const noexcept {
  constexpr off_t kEnough = 2 << 20;  // everything about the person with the most faces
  const os::UniqueFd fd(
      ::open(reserve().c_str(), O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (fd && ::posix_fallocate(fd.get(), 0, kEnough) != 0) ::unlink(reserve().c_str());
}

int PeopleStore::delete_person(Database& database, const std::string& name) const {
  const auto delete_now = [&] {
    return Statement(database, "DELETE FROM people WHERE name = ?").bind(name).run();
  };
  try {
    return delete_now();
  } catch (const Error& error) {
    // Nobody has to wait for room on the disk to be forgotten.
    if (error.code() != ErrorCode::kOutOfMemory || ::unlink(reserve().c_str()) != 0) throw;
  }
  return delete_now();
}

std::shared_ptr<const People> PeopleStore::read() {
  const std::lock_guard lock(mutex_);
  Database& database = open();
  // Before the rows: what is written in between is then read once more.
  const auto version = database.read_number("PRAGMA data_version");
  if (people_ == nullptr || version != version_) {
    people_ = load(database);
    version_ = version;
  }
  return people_;
}

std::shared_ptr<const People> PeopleStore::load(Database& database) const {
  auto out = std::make_shared<People>();
  out->threshold = read_threshold(database);
  Statement row(database,
                "SELECT p.name, p.added, f.model, f.weights, f.vector, f.added FROM people p "
                "LEFT JOIN faces f ON f.person = p.id ORDER BY p.name, f.id");
  while (row.step()) {
    std::string name = row.text(0);
    if (out->people.empty() || out->people.back().name != name) {
      out->people.push_back({std::move(name), to_time(row.number(1)), {}});
    }
    if (row.is_null(2)) continue;
    out->people.back().faces.push_back(
        {row.text(2), row.text(3), row.floats(4), to_time(row.number(5))});
  }
  return out;
}

void PeopleStore::add_face(Database& database, std::int64_t person,
                           const FaceEmbedding& face) const {
  Statement(database,
            "INSERT INTO faces(person, model, weights, dimension, vector, added) "
            "VALUES(?, ?, ?, ?, ?, ?)")
      .bind(person)
      .bind(face.model)
      .bind(face.weights)
      .bind(static_cast<std::int64_t>(face.vector.size()))
      .bind(std::span<const float>(face.vector))
      .bind(to_number(clock_.wall()))
      .run();
}

std::size_t PeopleStore::enrol(const std::string& name, const std::vector<FaceEmbedding>& faces) {
  check_person_name(name);
  for (const auto& face : faces) check_face(face);
  const std::lock_guard lock(mutex_);
  Database& database = open();
  Transaction transaction(database);
  const auto person = find_or_add(database, name, clock_.wall());
  const auto before = count_faces(database, person);
  check_room(database, before, faces.size());
  for (const auto& face : faces) add_face(database, person, face);
  transaction.commit();
  people_ = nullptr;
  return before + faces.size();
}

void PeopleStore::rename(const std::string& name, const std::string& new_name) {
  check_person_name(new_name);
  const std::lock_guard lock(mutex_);
  Database& database = open();
  Transaction transaction(database);
  Statement taken(database, "SELECT 1 FROM people WHERE name = ?");
  if (name != new_name && taken.bind(new_name).step()) {
    throw Error(ErrorCode::kConflict, "somebody else has the new name already");
  }
  Statement update(database, "UPDATE people SET name = ? WHERE name = ?");
  if (update.bind(new_name).bind(name).run() == 0) refuse_unknown();
  transaction.commit();
  people_ = nullptr;
}

void PeopleStore::remove(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    Database& database = open();
    if (delete_person(database, name) == 0) refuse_unknown();
    people_ = nullptr;
    // Where somebody else still reads, the log is emptied by whoever is last.
    database.read_number("PRAGMA wal_checkpoint(TRUNCATE)");
    keep_reserve();
  }
  log::info("people", "a person was deleted");
}

void PeopleStore::set_threshold(double threshold) {
  if (!(threshold >= -1 && threshold <= 1)) {
    throw Error(ErrorCode::kBadRequest, "threshold must be a number from -1 to 1");
  }
  const std::lock_guard lock(mutex_);
  Statement(open(),
            "INSERT INTO settings(name, value) VALUES('threshold', ?) "
            "ON CONFLICT(name) DO UPDATE SET value = excluded.value")
      .bind(threshold)
      .run();
  people_ = nullptr;
}

}  // namespace hailstone::core
