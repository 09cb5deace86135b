// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The contract between the daemon and whatever runs models. An Engine stands for one runtime
// (llama.cpp, ONNX Runtime, HailoRT, ...); it loads models, and a loaded Model offers sessions by
// the shape of their data. Everything that crosses is a plain value or another interface, so that
// any engine can live in another process.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_size.hpp"
#include "base/celsius.hpp"
#include "base/run_context.hpp"
#include "inference/engines/engine_descriptor.hpp"
#include "inference/model_facts.hpp"
#include "inference/model_spec.hpp"

namespace hailstone::inference {

class TensorSession;
class TextSession;
class HearSession;
class SaySession;
class ReadSession;
class CallSession;

/// Whether an engine can work here. Missing hardware is an answer, not an exception.
struct Availability {
  bool usable = false;
  std::string reason;        ///< for people; what is missing and what would help; empty when usable
  std::string version = {};  ///< of its runtime: "5.1.1"; empty: not known
  ByteSize npu_memory = {};  ///< of its accelerator's own; zero: there is none
};

/// What a model costs while it is resident.
struct Footprint {
  ByteSize host;
  ByteSize npu;

  constexpr bool operator==(const Footprint&) const noexcept = default;
  constexpr Footprint& operator+=(const Footprint& other) noexcept {
    host += other.host;
    npu += other.npu;
    return *this;
  }
  constexpr Footprint operator+(Footprint other) const noexcept { return other += *this; }
  /// Saturates at zero, each pool for itself.
  constexpr Footprint operator-(const Footprint& other) const noexcept {
    return {host - other.host, npu - other.npu};
  }
  constexpr bool fits_into(const Footprint& room) const noexcept {
    return host <= room.host && npu <= room.npu;
  }
};

/// The larger of each pool.
constexpr Footprint larger_of(const Footprint& a, const Footprint& b) noexcept {
  return {a.host < b.host ? b.host : a.host, a.npu < b.npu ? b.npu : a.npu};
}

/// A loaded model. Thread-safe. The sessions belong to the model and live as long as it; which ones
/// are there depends on what the model is: the others are null.
class Model {
 public:
  virtual ~Model() = default;

  virtual TensorSession* tensor() noexcept { return nullptr; }
  /// A further network of the model, by its kind in ModelSpec::networks.
  virtual TensorSession* network(std::string_view /*kind*/) noexcept { return nullptr; }
  virtual TextSession* text() noexcept { return nullptr; }
  virtual HearSession* hear() noexcept { return nullptr; }
  virtual SaySession* say() noexcept { return nullptr; }
  virtual ReadSession* read() noexcept { return nullptr; }
  virtual CallSession* call() noexcept { return nullptr; }

  /// How many runs it works on at once; more of them wait inside. Zero: it does not say.
  virtual int slots() const noexcept { return 0; }

  /// False once the engine behind it has died: every further run throws kEngineFailed, and the
  /// model has to be loaded anew.
  virtual bool alive() const noexcept = 0;

  /// What it takes now, measured (the host's PSS, the chip's own statistics), not estimated.
  virtual Footprint footprint() const = 0;
};

/// Weights that shall be written anew, with fewer bits each.
struct QuantizeTask {
  std::filesystem::path from;
  std::filesystem::path to;  ///< is created; what a failed run leaves there is the caller's
  std::string type;          ///< "Q4_K_M", upper case
};

/// How much of a piece of work is done, from 0 to 1.
using OnFraction = std::function<void(double fraction)>;

/// Thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;

  /// As in manifests and in X-Hailstone-Engine: "llama", "onnx", "fake".
  virtual std::string_view name() const noexcept = 0;

  /// What is known of it without asking; as long as the engine lives.
  virtual const EngineDescriptor& descriptor() const;

  virtual Availability probe() const = 0;

  /// How hot its chip is. Nothing where it has none of its own, or cannot tell just now. Asked
  /// every few seconds: answers soon, starts nothing, never throws.
  virtual std::optional<Celsius> chip_temperature() const { return std::nullopt; }

  /// What the model will cost, without loading it. Throws Error(kNotFound) for a missing file and
  /// Error(kBadRequest) for one that it cannot read.
  virtual Footprint estimate(const ModelSpec& spec, const LoadOptions& options) const = 0;

  /// What the file says of itself, without loading the model. Throws as estimate does.
  virtual ModelFacts describe(const ModelSpec& spec, FactDetail detail) const = 0;

  /// Blocks until the model can work, or throws: kNotFound, kBadRequest (bad file), kUnsupported,
  /// kOutOfMemory, kTimeout, kCancelled, kEngineFailed. Destroying the model gives all memory back.
  virtual std::unique_ptr<Model> load(const ModelSpec& spec, const LoadOptions& options,
                                      const RunContext& run) = 0;

  /// Blocks; on_fraction is called on the calling thread and may throw, which ends the work. Throws
  /// kUnsupported where this engine, or its tool here, cannot do it, kBadRequest for a type that it
  /// does not know, kTimeout, kCancelled, kEngineFailed.
  virtual void quantize(const QuantizeTask& task, const OnFraction& on_fraction,
                        const RunContext& run);
};

}  // namespace hailstone::inference
