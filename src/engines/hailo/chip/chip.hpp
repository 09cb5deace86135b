// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the engine wants of HailoRT, in plain values. Behind it stands an adapter: a shared object
// of its own, compiled against the headers of one version of HailoRT and opened with the library of
// that version (hailort/), because the library's C++ interface differs from version to version and
// its name carries the full version. Nothing of HailoRT's headers comes through here.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace hailstone::engines::hailo {

/// Rises with every change below: an adapter that was built for another one is not used.
inline constexpr int kChipInterface = 1;

/// A call of HailoRT's that did not answer with 0. All functions below throw it, and no other.
class ChipError : public std::runtime_error {
 public:
  /// call: "VDevice::create_shared"; message: what HailoRT calls the status.
  ChipError(int status, const std::string& call, const std::string& message)
      : std::runtime_error(call + ": " + message + " (" + std::to_string(status) + ")"),
        status_(status) {}
  /// hailo_status.
  int status() const noexcept { return status_; }

 private:
  int status_;
};

enum class Element : std::uint8_t { kUint8, kUint16, kFloat32 };

/// How the values of a stream lie, as far as we care.
enum class Order : std::uint8_t { kPlain, kNmsByClass, kNmsByScore, kNmsWithByteMask };

/// real = (stored - zero_point) * scale
struct Quantization {
  float scale = 1;
  float zero_point = 0;
};

struct StreamInfo {
  std::string name;
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  std::uint32_t features = 0;
  Element element = Element::kUint8;
  Order order = Order::kPlain;
  std::size_t frame_bytes = 0;
  std::vector<Quantization> quantization{};  ///< one, or one per feature
  std::uint32_t nms_classes = 0;             ///< of kNms...
  std::uint32_t nms_boxes = 0;               ///< per class; altogether where they are by score
};

/// What is said before a network is configured; what is not set is the HEF's own.
struct NetworkOptions {
  bool float_outputs = true;         ///< HailoRT makes floats of what the network gives
  std::vector<bool> float_inputs{};  ///< by input; missing: as the HEF says
  std::optional<float> score_threshold{};
  std::optional<float> iou_threshold{};
  std::optional<std::uint32_t> boxes_per_class{};
  std::uint8_t priority = 16;  ///< 0 to 31, the greater first
};

/// A configured network. Thread-safe.
class Network {
 public:
  using Done = std::function<void(int status)>;

  virtual ~Network() = default;
  virtual const std::vector<StreamInfo>& inputs() const noexcept = 0;
  virtual const std::vector<StreamInfo>& outputs() const noexcept = 0;
  /// How many frames it takes before it makes callers wait.
  virtual std::size_t depth() const noexcept = 0;
  /// Starts a frame; waits for a place in the queue, no longer than patience. Buffers in the order
  /// of the streams, aligned to pages, stay as they are until done is called, once, on a thread of
  /// HailoRT's; done must not call back. Where it throws, done is not called.
  virtual void start(std::span<const std::span<const std::byte>> inputs,
                     std::span<const std::span<std::byte>> outputs,
                     std::chrono::milliseconds patience, Done done) = 0;
};

enum class WritingState : std::uint8_t { kGoesOn, kFull, kEnded, kAborted };

/// A reply that is being written. Owned by one thread; must end before its model.
class Writing {
 public:
  virtual ~Writing() = default;  ///< aborts what goes on
  /// The next piece, whole UTF-8 characters. Only while state() is kGoesOn.
  virtual std::string read(std::chrono::milliseconds patience) = 0;
  virtual WritingState state() const = 0;
  /// Returns when the chip has stopped; the state follows once read() has taken what is left.
  virtual void abort() = 0;
};

/// What is not set is the model's own.
struct WritingOptions {
  std::optional<float> temperature{};  ///< greater than 0
  std::optional<float> top_p{};
  std::optional<std::uint32_t> top_k{};
  std::optional<float> repeat_penalty{};
  std::optional<std::uint32_t> seed{};
  std::optional<bool> sample{};
  std::uint32_t most_tokens = 0;
};

struct FrameShape {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// An LLM or a VLM. Calls do not overlap, and one reply is written at a time.
class LanguageModel {
 public:
  using Frames = std::vector<std::span<const std::byte>>;

  virtual ~LanguageModel() = default;
  virtual std::size_t capacity() const noexcept = 0;  ///< tokens, of prompt and reply together
  virtual std::size_t used() = 0;                     ///< of these
  virtual void clear() = 0;
  virtual std::vector<std::byte> save() = 0;
  virtual void restore(std::span<const std::byte> context) = 0;
  virtual std::vector<int> tokenize(const std::string& text) = 0;
  virtual std::vector<std::string> end_tokens() = 0;
  virtual std::string recovery_sequence() = 0;
  virtual std::string prompt_template() = 0;
  /// What pictures have to be, RGB with 8 bits each; nothing: it sees none.
  virtual std::optional<FrameShape> frame() const noexcept = 0;
  /// The text goes behind what is in the context.
  virtual std::unique_ptr<Writing> write(const WritingOptions& options,
                                         const std::string& text) = 0;
  /// Messages as JSON; HailoRT applies the model's template.
  virtual std::unique_ptr<Writing> write(const WritingOptions& options,
                                         const std::vector<std::string>& messages,
                                         const Frames& frames) = 0;
};

struct SpokenSegment {
  float begin = 0;  ///< seconds
  float end = 0;
  std::string text;
};

enum class SpeechTask : std::uint8_t { kTranscribe, kTranslate };

/// Speech to text. Calls do not overlap.
class Listener {
 public:
  virtual ~Listener() = default;
  /// samples: mono, 16 kHz. language: ISO 639-1; empty: find out.
  virtual std::vector<SpokenSegment> hear(std::span<const float> samples, SpeechTask task,
                                          const std::string& language,
                                          std::chrono::milliseconds patience) = 0;
};

struct ChipFigures {
  std::uint64_t memory_total = 0;  ///< bytes of the chip's own
  std::uint64_t memory_used = 0;
  float utilization = 0;  ///< of its network core, per cent
};

/// The opened device: one per process, for the process's whole life. Thread-safe.
class Chip {
 public:
  virtual ~Chip() = default;
  virtual std::unique_ptr<Network> open_network(const std::string& hef,
                                                const NetworkOptions& options) = 0;
  virtual std::unique_ptr<LanguageModel> open_language(const std::string& hef,
                                                       const std::string& lora) = 0;
  virtual std::unique_ptr<LanguageModel> open_vision_language(const std::string& hef) = 0;
  virtual std::unique_ptr<Listener> open_listener(const std::string& hef) = 0;
  /// Nothing where this version or board does not tell.
  virtual std::optional<ChipFigures> find_figures() = 0;
  virtual std::optional<double> find_celsius() = 0;
  virtual std::string firmware() = 0;  ///< "5.2.0"; empty: it does not say
};

/// What a HEF says of itself; needs no device.
struct HefInfo {
  std::vector<std::string> chips;   ///< "HAILO10H"
  std::vector<std::string> groups;  ///< its network groups
  std::vector<StreamInfo> inputs;
  std::vector<StreamInfo> outputs;
};

/// HailoRT. Thread-safe.
class HailoRt {
 public:
  virtual ~HailoRt() = default;
  virtual std::string headers_version() const = 0;  ///< that the adapter was built with: "5.2.0"
  /// Devices there are, whoever has them; opens none.
  virtual std::vector<std::string> scan() = 0;
  virtual std::unique_ptr<Chip> open_chip() = 0;
  virtual HefInfo describe(const std::string& hef) = 0;
};

/// The one function that an adapter exports, by this name. Null where its interface is another one.
/// The object belongs to the adapter.
inline constexpr const char* kAdapterSymbol = "hailstone_hailort_adapter";
using AdapterFunction = HailoRt* (*)(int interface_version);

}  // namespace hailstone::engines::hailo
