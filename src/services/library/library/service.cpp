// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/library/service.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/catalog/catalog_model.hpp"
#include "inference/engine.hpp"
#include "services/library/library/assembly/creation.hpp"
#include "services/library/library/assembly/fetching.hpp"

namespace hailstone::library {
namespace {

/// Each holds one of the server's threads for long tasks, perhaps for hours; most of them are left
/// to the others.
constexpr int kMostTurns = 24;
constexpr std::chrono::seconds kRetryAfter{5};

void refuse_word(const std::string& what, const std::string& word,
                 const std::vector<std::string>& known) {
  throw Error(ErrorCode::kBadRequest, "unknown " + what + " '" + word + "'",
              what + " is one of " + join(known, ", "));
}

/// What nobody could ever run.
void require_known(const CreateTask& task, const core::Runtime& runtime) {
  const auto tasks = core::catalog_tasks();
  if (!task.task.empty() && std::find(tasks.begin(), tasks.end(), task.task) == tasks.end()) {
    refuse_word("task", task.task, {tasks.begin(), tasks.end()});
  }
  if (task.engine.empty() || runtime.find_engine(task.engine) != nullptr) return;
  std::vector<std::string> engines;
  for (const auto* engine : runtime.engines()) engines.emplace_back(engine->name());
  refuse_word("engine", task.engine, engines);
}

}  // namespace

/// One of the long tasks that may run at once.
class LibraryService::Turn {
 public:
  explicit Turn(LibraryService& service) : service_(service) {
    const std::lock_guard lock(service_.mutex_);
    if (service_.turns_ >= kMostTurns) {
      throw Error(ErrorCode::kBusy, "too many models are being fetched or made",
                  std::to_string(kMostTurns) + " at once")
          .set_retry_after(kRetryAfter);
    }
    ++service_.turns_;
  }
  ~Turn() {
    const std::lock_guard lock(service_.mutex_);
    --service_.turns_;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  LibraryService& service_;
};

void LibraryService::pull(const TransferTask& task, const OnProgress& on_progress,
                          const RunContext& run) {
  const Turn turn(*this);
  fetch(task, on_progress, run);
  on_progress({"success", {}, 0, 0});
}

core::ModelName LibraryService::fetch(const TransferTask& task, const OnProgress& on_progress,
                                      const RunContext& run) {
  const auto digest_of = [this](const core::ModelName& name) {
    const auto model = writer_.store().find(name);
    return model ? model->digest : std::string();
  };
  const std::string before = digest_of(core::parse_model_name(task.model));
  const core::ModelName name =
      Fetching(writer_, registry_, catalog_folders_, models_, on_progress, run).fetch(task);
  if (digest_of(name) != before) unload(name);
  return name;
}

void LibraryService::push(const TransferTask& task, const OnProgress& on_progress,
                          const RunContext& run) {
  const Turn turn(*this);
  const auto security = task.insecure ? core::Security::kInsecure : core::Security::kHttps;
  registry_.push(
      core::parse_model_name(task.model), security,
      [&](const core::TransferProgress& progress) {
        on_progress({progress.status, progress.digest, progress.total, progress.completed});
      },
      run);
}

void LibraryService::create(const CreateTask& task, const OnProgress& on_progress,
                            const RunContext& run) {
  const Turn turn(*this);
  Creation::check(task);  // a fault is told before a download
  require_known(task, models_.runtime());
  const auto name = core::parse_model_name(task.model);
  CreateTask ready = task;
  if (!task.from.empty() && !writer_.store().find(core::parse_model_name(task.from))) {
    ready.from = fetch({.model = task.from}, on_progress, run).display();
  }
  auto recognised = Creation(models_, writer_, ready, catalog_folders_, on_progress, run).run();
  unload(name);
  on_progress({"success", {}, 0, 0, std::move(recognised)});
}

void LibraryService::copy(const CopyTask& task) {
  const auto source = core::parse_model_name(task.source);
  const auto destination = core::parse_model_name(task.destination);
  // Onto itself: nothing changes, and nobody has to load it anew.
  if (core::same_name(source, destination) && writer_.store().find(source)) return;
  writer_.copy(source, destination);
  unload(destination);
}

void LibraryService::remove(const std::string& model) {
  const auto name = core::parse_model_name(model);
  writer_.remove(name);
  models_.placement().forget(name);
  unload(name);
}

core::FsckReport LibraryService::fsck(const FsckTask& task, const OnProgress& on_progress,
                                      const RunContext& run) {
  const Turn turn(*this);
  return core::check_store(
      writer_, task.repair ? core::FsckMode::kRepair : core::FsckMode::kReport,
      [&](const std::string& digest, std::size_t at, std::size_t of) {
        on_progress({"checking " + std::to_string(at) + " of " + std::to_string(of), digest, 0, 0});
      },
      run);
}

bool LibraryService::has_blob(const std::string& digest) const {
  return writer_.blob_state(digest) != core::BlobState::kAbsent;
}

Upload LibraryService::add_blob(const std::string& digest, std::optional<ByteSize> size,
                                const ReadPiece& read, const RunContext& run) {
  const Turn turn(*this);
  const auto hold = writer_.hold(digest);
  if (writer_.verify_blob(digest, run)) return Upload::kWasThere;
  core::BlobWriter blob(writer_.root(), {"sha256:" + core::find_digest_hex(digest).value(), size});
  for (std::string piece = read(); !piece.empty(); piece = read()) blob.write(piece);
  blob.commit();
  return Upload::kCreated;
}

void LibraryService::unload(const core::ModelName& name) {
  auto& runtime = models_.runtime();
  for (const auto& resident : runtime.residents()) {
    const auto other = core::find_model_name(resident.name);
    if (other && core::same_name(name, *other)) runtime.unload(resident.name);
  }
}

}  // namespace hailstone::library
