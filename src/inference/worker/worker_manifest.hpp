// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a file says of a worker (docs/workers.md): a program of somebody else's that the daemon runs
// in a process of its own, and the route that leads to it. Plain values.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_size.hpp"
#include "base/lane.hpp"

namespace hailstone::inference {

enum class WorkerKind : std::uint8_t {
  kFunction,  ///< a Python function, called once a request
  kStream,    ///< takes a source, and tells what happens until it is stopped
  kCommand,   ///< a program that is started for each request
  kNative     ///< no program: which of our own routes does it
};

enum class WorkerResult : std::uint8_t { kJson, kPicture, kAudio, kFile, kStream };

enum class FieldKind : std::uint8_t { kText, kInteger, kNumber, kTruth, kJson, kFile };

enum class WorkerNetwork : std::uint8_t { kNone, kLocal, kAny };

/// Something that a request may say.
struct WorkerField {
  std::string name;
  FieldKind kind = FieldKind::kText;
  std::string description{};
  bool required = false;
  std::optional<std::string> fallback{};  ///< where the request says nothing; JSON
  std::optional<double> min{};            ///< of numbers
  std::optional<double> max{};
  std::size_t max_length = 64 * 1024;  ///< bytes, of texts and JSON
  std::vector<std::string> choices{};  ///< of texts; empty: any
  std::vector<std::string> media{};    ///< of files: "image/*"; empty: any
  ByteSize max_bytes = ByteSize::mib(64);
};

/// What its processes may do and take, besides what all caged ones have.
struct WorkerCage {
  std::vector<std::filesystem::path> read{};
  std::vector<std::filesystem::path> write{};
  std::vector<std::filesystem::path> devices{};
  WorkerNetwork network = WorkerNetwork::kNone;
  std::optional<ByteSize> memory{};  ///< of all its processes; nothing: what the budget leaves
  ByteSize disk = ByteSize::gib(1);  ///< of its own folder
  int processes = 64;
};

struct WorkerManifest {
  std::string name;
  WorkerKind kind = WorkerKind::kFunction;
  std::string description{};
  std::string needs{};        ///< what must be there for it; for people
  std::string application{};  ///< whose work it does: "lane_detection"
  std::string licence{};
  std::filesystem::path file{};  ///< that says all this
  std::string version{};         ///< another one where any of its files has changed

  std::filesystem::path python{};  ///< of its own environment; empty: the system's
  std::map<std::string, std::string> environment{};
  std::vector<std::string> inherited{};  ///< names of our variables that it gets, too
  std::filesystem::path working_directory{};

  std::string method = "POST";
  std::string route{};  ///< "/api/mean"
  std::vector<WorkerField> fields{};
  WorkerResult result = WorkerResult::kJson;
  std::string media_type{};  ///< of the result, where the worker does not say
  /// For whoever looks at pictures: "detect", its result is like that of POST /api/detect; "any".
  std::string vision{};

  std::chrono::seconds timeout{60};
  std::chrono::seconds start_limit{60};
  std::optional<std::chrono::seconds> keep_alive{};  ///< nothing: as models
  Lane lane = Lane::kInteractive;
  int parallel = 1;
  bool autostart = false;  ///< of a stream: it runs without being asked for
  bool restart = true;     ///< of a stream: after a failure, with pauses that grow
  /// Of a stream: so long without a piece, and it has failed. Nothing: it may be silent for ever.
  std::optional<std::chrono::seconds> stall_limit{};
  ByteSize host = ByteSize::mib(64);  ///< until it is measured
  ByteSize npu{};
  std::string exclusive{};  ///< of the workers and models of one group only one is loaded
  WorkerCage cage{};

  const WorkerField* find_field(std::string_view wanted) const noexcept {
    for (const auto& field : fields) {
      if (field.name == wanted) return &field;
    }
    return nullptr;
  }
  /// As the runtime knows it, beside stored models.
  std::string model_name() const { return "worker/" + name + ":latest"; }
};

/// Shared: a request goes on with the one that it began with, whatever becomes of the file.
using WorkerPtr = std::shared_ptr<const WorkerManifest>;

}  // namespace hailstone::inference
