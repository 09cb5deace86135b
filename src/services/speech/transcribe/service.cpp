// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/transcribe/service.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "media/audio/sound_stream.hpp"
#include "services/speech/sound/leased_detector.hpp"
#include "services/speech/transcribe/cutter.hpp"

namespace hailstone::transcribe {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kTask = "transcribe";
/// Without trimming a recogniser hears so much at once: Whisper cuts it by itself.
constexpr milliseconds kWholeLength{600'000};
/// Bytes of what was said before that go with the next piece.
constexpr std::size_t kContext = 200;

milliseconds time_of(std::uint64_t samples) {
  return milliseconds(samples * 1000 / sound::kSampleRate);
}
std::uint64_t samples_of(milliseconds time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.count())) * sound::kSampleRate /
         1000;
}

/// All of it is speech.
class EverythingDetector final : public sound::VoiceDetector {
 public:
  std::size_t window() const noexcept override { return 160; }
  float judge(std::span<const float>) override { return 1; }
  void reset() override {}
};

CutOptions cut_options(Trimming trimming, std::string_view engine) {
  CutOptions options;
  if (trimming == Trimming::kNone) options.longest = options.comfortable = kWholeLength;
  if (engine == "pocketsphinx") {  // it hears utterances, and the longer the slower
    options.longest = milliseconds(14'000);
    options.comfortable = milliseconds(1500);
  }
  return options;
}

/// The part of a recording that was asked for.
class Excerpt {
 public:
  Excerpt(media::SoundStream& stream, const Task& task)
      : stream_(stream),
        begin_(samples_of(task.from)),
        end_(task.length ? begin_ + samples_of(*task.length) : UINT64_MAX) {}

  /// Empty at the end.
  std::vector<float> read() {
    while (position_ < end_) {
      auto piece = stream_.read();
      if (piece.empty()) break;
      const std::uint64_t at = position_;
      position_ += piece.size();
      if (position_ <= begin_) continue;
      if (position_ > end_) piece.resize(end_ - at);
      if (at < begin_)
        piece.erase(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(begin_ - at));
      if (!piece.empty()) return piece;
    }
    return {};
  }
  milliseconds begin() const { return time_of(begin_); }
  /// How much of the recording has been read.
  milliseconds position() const { return time_of(position_); }

 private:
  media::SoundStream& stream_;
  const std::uint64_t begin_;
  const std::uint64_t end_;
  std::uint64_t position_ = 0;
};

void shift(inference::HeardSegment& segment, milliseconds by) {
  segment.begin += by;
  segment.end += by;
  for (auto& word : segment.words) {
    word.begin += by;
    word.end += by;
  }
}

/// Hears clip by clip and puts the results together.
class Work {
 public:
  Work(inference::HearSession& session, const Task& task, const OnUpdate& on_update,
       std::optional<milliseconds> duration, const RunContext& run)
      : session_(session), task_(task), on_update_(on_update), duration_(duration), run_(run) {}

  void hear(Clip clip, milliseconds offset) {
    const milliseconds begin = offset + time_of(clip.begin);
    inference::HearRequest request{{sound::kSampleRate, std::move(clip.samples)}, task_.options};
    if (request.options.language.empty()) request.options.language = result_.language;
    add_context(request.options.prompt);
    const auto heard = session_.hear(
        request, [&](inference::HearEvent&& event) { take(std::move(event), begin); }, run_);
    if (result_.language.empty()) {
      result_.language = heard.language;
      result_.language_probability = heard.language_probability;
    }
  }

  void tell(milliseconds heard) {
    if (on_update_) on_update_({{}, heard, duration_});
  }

  Result finish() {
    if (result_.language.empty()) result_.language = task_.options.language;
    result_.text = trim(text_);
    return std::move(result_);
  }

 private:
  void take(inference::HearEvent&& event, milliseconds begin) {
    if (event.kind == inference::HearEvent::Kind::kFinal) {
      shift(event.segment, begin);
      text_ += event.segment.text;
      if (on_update_) on_update_({event.segment, begin + event.heard, duration_});
      result_.segments.push_back(std::move(event.segment));
    } else {
      tell(begin + event.heard);
    }
  }

  void add_context(std::string& prompt) const {
    std::string_view before = text_;
    if (before.size() > kContext) {
      before.remove_prefix(before.size() - kContext);
      before.remove_prefix(std::min(before.find(' '), before.size()));
    }
    prompt += before;
  }

  inference::HearSession& session_;
  const Task& task_;
  const OnUpdate& on_update_;
  const std::optional<milliseconds> duration_;
  const RunContext& run_;
  Result result_;
  std::string text_;
};

inference::HearSession& require_session(const core::Lease& lease, const std::string& model) {
  if (auto* session = lease.model().hear()) return *session;
  throw Error(ErrorCode::kUnsupported, "model '" + model + "' does not hear");
}

}  // namespace

Result TranscribeService::transcribe(media::ByteSource& audio, const Task& task,
                                     const OnUpdate& on_update, const RunContext& run) {
  media::SoundStream stream(audio);
  Excerpt excerpt(stream, task);
  auto piece = excerpt.read();  // no model is loaded for what holds no sound
  const auto model = models_.choose(std::span(&kTask, 1), task.model);
  const auto lease = models_.models().acquire(model, std::nullopt, run);
  Work work(require_session(lease, model.name), task, on_update, stream.info().duration, run);
  sound::LeasedDetector detector;
  if (task.trimming == Trimming::kNone) {
    detector.detector = std::make_unique<EverythingDetector>();
  } else {
    detector = sound::acquire_detector(models_, run);
  }
  Cutter cutter(std::move(detector.detector), cut_options(task.trimming, lease.engine()));
  const auto hear_ready = [&] {
    while (auto clip = cutter.take()) work.hear(*std::move(clip), excerpt.begin());
  };
  for (; !piece.empty(); piece = excerpt.read()) {
    run.check();
    cutter.push(piece);
    hear_ready();
    work.tell(excerpt.position());
  }
  cutter.finish();
  hear_ready();
  Result result = work.finish();
  result.duration = excerpt.position();
  result.model = model.name;
  result.engine = lease.engine();
  result.is_translated = task.options.translate;
  return result;
}

Listening TranscribeService::listen(const Task& task, const RunContext& run) {
  const auto model = models_.choose(std::span(&kTask, 1), task.model);
  // Shared with the function, which may be copied.
  const auto lease =
      std::make_shared<core::Lease>(models_.models().acquire(model, std::nullopt, run));
  auto& session = require_session(*lease, model.name);
  if (!session.abilities().streams) {
    throw Error(ErrorCode::kUnsupported,
                "model '" + model.name + "' hears whole recordings, no live sound");
  }
  return {model.name, std::string(lease->engine()),
          [lease, &session, options = task.options, run](inference::AudioSource& source,
                                                         const inference::OnHeard& on_heard) {
            return session.listen(options, source, on_heard, run).language;
          }};
}

}  // namespace hailstone::transcribe
