// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Makes a model out of one that is there, or of uploaded files: POST /api/create.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/run_context.hpp"
#include "core/store/store_writer.hpp"
#include "formats/onnx_file.hpp"
#include "services/common/model_access.hpp"
#include "services/library/library/assembly/assembly.hpp"
#include "services/library/library/assembly/wire_config.hpp"
#include "services/library/library/task.hpp"
#include "vision/known/recognise.hpp"

namespace hailstone::library {

/// One thread, one use. What it makes becomes visible with its last step; until then its blobs are
/// held, and left for the store to prune if it fails. The references outlive it.
class Creation {
 public:
  Creation(services::ModelAccess& models, core::StoreWriter& writer, const CreateTask& task,
           std::vector<std::filesystem::path> catalog_folders, const OnProgress& on_progress,
           const RunContext& run)
      : models_(models),
        writer_(writer),
        task_(task),
        catalog_folders_(std::move(catalog_folders)),
        on_progress_(on_progress),
        run_(run),
        assembly_(writer) {}

  /// Throws kBadRequest for a name that is none, and for a template that cannot be parsed.
  static void check(const CreateTask& task);

  /// Blocks. Gives what was found out about a network; nothing for other models. Throws kBadRequest
  /// for what does not fit together and for a network that cannot be used, kNotFound for a model
  /// that is not there, what Engine::describe, Engine::quantize and Runtime::acquire throw, and
  /// what the store's writer throws.
  std::optional<Recognised> run();

 private:
  void take_model();
  void take_files(const BlobFiles& files);
  void take_file(const std::string& file, const std::string& digest);
  void take_part(const std::string& file, const std::string& kind, core::Layer layer);
  void check_networks() const;
  void take_gguf(const std::string& file, core::Layer layer);
  void take_other(const std::string& file, core::Layer layer);
  void read_onnx(const std::string& file, const core::Layer& layer);
  core::Layer require_blob(const std::string& file, const std::string& digest);
  void require_one_model(const std::string& file) const;
  inference::ModelFacts describe(const core::Layer& layer) const;
  void note_facts(const inference::ModelFacts& facts);

  // creation_network.cpp: what a network is, and whether that is so.
  std::optional<Recognised> find_out();
  std::optional<Recognised> find_out_voice();
  vision::Clues clues() const;
  inference::ModelSpec spec() const;
  void take_labels(const vision::KnownNetwork& known);
  void note_network(const vision::KnownNetwork& known, bool was_tried);
  [[noreturn]] void refuse_unknown() const;
  std::size_t count_labels();

  void quantize();
  core::Layer quantized(const core::Layer& layer, const std::string& from, const std::string& to);

  void set_texts();
  void set_parameters();
  void replace_text(const char* kind, const std::string& text);
  void add_text(const char* kind, const std::string& text);
  void add_layer(core::Layer layer);
  core::Layer* find_layer(std::string_view kind) noexcept;

  void write();
  void report(const std::string& status) const { on_progress_({status, {}, 0, 0}); }

  services::ModelAccess& models_;
  core::StoreWriter& writer_;
  const CreateTask& task_;
  const std::vector<std::filesystem::path> catalog_folders_;
  const OnProgress& on_progress_;
  const RunContext& run_;

  core::ModelName name_;
  std::string base_config_;
  ConfigFacts facts_;
  std::string network_file_;               ///< the name of the network's file
  std::optional<formats::OnnxFile> onnx_;  ///< what it says
  std::vector<core::Layer> layers_;
  Assembly assembly_;
};

}  // namespace hailstone::library
