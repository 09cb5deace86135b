// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/sound/sound_card.hpp"

#ifdef HAILSTONE_HAS_ALSA
#include <alsa/asoundlib.h>
#endif

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "base/error.hpp"

namespace hailstone::cli {

#ifdef HAILSTONE_HAS_ALSA

namespace {

constexpr int kFramesPerSecond = 50;
/// What waits in the device.
constexpr unsigned kLatencyMicroseconds = 100'000;

struct PcmDeleter {
  void operator()(snd_pcm_t* pcm) const noexcept { snd_pcm_close(pcm); }
};
using PcmPointer = std::unique_ptr<snd_pcm_t, PcmDeleter>;

void say_nothing(const char*, int, const char*, int, const char*, ...) {}

/// The library prints what fails on its way to something that works.
void be_quiet() {
  snd_lib_error_set_handler(say_nothing);
}

PcmPointer open_pcm(const std::string& device, snd_pcm_stream_t stream, int sample_rate) {
  be_quiet();
  const char* const what = stream == SND_PCM_STREAM_CAPTURE ? "microphone" : "loudspeaker";
  snd_pcm_t* opened = nullptr;
  int result = snd_pcm_open(&opened, device.c_str(), stream, 0);
  PcmPointer pcm(opened);
  if (result == 0) {
    result = snd_pcm_set_params(opened, SND_PCM_FORMAT_S16_LE, SND_PCM_ACCESS_RW_INTERLEAVED, 1,
                                static_cast<unsigned>(sample_rate), /*soft_resample=*/1,
                                kLatencyMicroseconds);
  }
  if (result == 0) return pcm;
  throw Error(
      ErrorCode::kBadRequest,
      std::string("there is no ") + what + " '" + device + "' to be had: " + snd_strerror(result),
      "hailstone listen --devices lists what is there; /dev/snd is for root and for the "
      "group audio");
}

[[noreturn]] void throw_gone(long result) {
  throw Error(ErrorCode::kInternal, std::string("the sound device has failed: ") +
                                        snd_strerror(static_cast<int>(result)));
}

}  // namespace

std::vector<SoundDevice> list_sound_devices() {
  be_quiet();
  std::vector<SoundDevice> devices;
  void** hints = nullptr;
  if (snd_device_name_hint(-1, "pcm", &hints) != 0) return devices;
  for (void** hint = hints; *hint != nullptr; ++hint) {
    const auto text = [hint](const char* id) {
      const std::unique_ptr<char, decltype(&std::free)> found(snd_device_name_get_hint(*hint, id),
                                                              &std::free);
      return found ? std::string(found.get()) : std::string();
    };
    const std::string direction = text("IOID");
    SoundDevice device{text("NAME"), text("DESC"), direction != "Output", direction != "Input"};
    std::replace(device.description.begin(), device.description.end(), '\n', ' ');
    if (!device.name.empty()) devices.push_back(std::move(device));
  }
  snd_device_name_free_hint(hints);
  return devices;
}

struct Microphone::Impl {
  PcmPointer pcm;
  int sample_rate = 0;
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  std::uint64_t read = 0;
  std::mutex mutex;
  std::condition_variable_any never;

  /// Until that much can have been said.
  void keep_time(const RunContext& run) {
    const auto until =
        begin + std::chrono::milliseconds(read * 1000 / static_cast<std::uint64_t>(sample_rate)) -
        std::chrono::milliseconds(500);
    std::unique_lock lock(mutex);
    never.wait_until(lock, run.stop, until, [] { return false; });
  }
};

Microphone::Microphone(const std::string& device, int sample_rate)
    : impl_(std::make_unique<Impl>()) {
  impl_->pcm = open_pcm(device, SND_PCM_STREAM_CAPTURE, sample_rate);
  impl_->sample_rate = sample_rate;
}
Microphone::~Microphone() = default;

std::vector<std::int16_t> Microphone::read(const RunContext& run) {
  run.check();
  std::vector<std::int16_t> samples(static_cast<std::size_t>(impl_->sample_rate) /
                                    kFramesPerSecond);
  snd_pcm_sframes_t count = snd_pcm_readi(impl_->pcm.get(), samples.data(), samples.size());
  if (count < 0) {  // we were too slow, or the machine slept: some of the sound is lost
    if (snd_pcm_recover(impl_->pcm.get(), static_cast<int>(count), 1) != 0) throw_gone(count);
    count = snd_pcm_readi(impl_->pcm.get(), samples.data(), samples.size());
    if (count < 0) throw_gone(count);
  }
  samples.resize(static_cast<std::size_t>(count));
  impl_->read += samples.size();
  impl_->keep_time(run);
  return samples;
}

struct Loudspeaker::Impl {
  PcmPointer pcm;
};

Loudspeaker::Loudspeaker(const std::string& device, int sample_rate)
    : impl_(std::make_unique<Impl>()) {
  impl_->pcm = open_pcm(device, SND_PCM_STREAM_PLAYBACK, sample_rate);
}
Loudspeaker::~Loudspeaker() = default;

void Loudspeaker::play(std::span<const std::int16_t> samples) {
  while (!samples.empty()) {
    snd_pcm_sframes_t count = snd_pcm_writei(impl_->pcm.get(), samples.data(), samples.size());
    if (count < 0) {  // it had nothing left to play
      if (snd_pcm_recover(impl_->pcm.get(), static_cast<int>(count), 1) != 0) throw_gone(count);
      continue;
    }
    samples = samples.subspan(static_cast<std::size_t>(count));
  }
}

void Loudspeaker::stop() {
  snd_pcm_drop(impl_->pcm.get());
  snd_pcm_prepare(impl_->pcm.get());
}

#else

namespace {

[[noreturn]] void refuse() {
  throw Error(ErrorCode::kUnsupported, "this program was built without ALSA",
              "a file, or sound on the standard input, works: --file");
}

}  // namespace

std::vector<SoundDevice> list_sound_devices() {
  refuse();
}
struct Microphone::Impl {};
Microphone::Microphone(const std::string&, int) {
  refuse();
}
Microphone::~Microphone() = default;
std::vector<std::int16_t> Microphone::read(const RunContext&) {
  return {};
}
struct Loudspeaker::Impl {};
Loudspeaker::Loudspeaker(const std::string&, int) {
  refuse();
}
Loudspeaker::~Loudspeaker() = default;
void Loudspeaker::play(std::span<const std::int16_t>) {}
void Loudspeaker::stop() {}

#endif

}  // namespace hailstone::cli
