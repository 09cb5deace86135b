// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/opencv/engine.hpp"

#include <unistd.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "engines/opencv/detectors.hpp"
#include "inference/model_card.hpp"
#include "os/process_memory.hpp"

namespace hailstone::engines::opencv {
namespace fs = std::filesystem;
namespace {

constexpr const char* kName = "opencv";
constexpr const char* kCascade = "haarcascades/haarcascade_frontalface_alt.xml";

enum class Detector : std::uint8_t { kPeople, kFaces, kStereo };

struct DetectorFacts {
  Detector detector;
  const char* name;
  const char* architecture;
  int max_side;     ///< where the card does not say it
  ByteSize memory;  ///< measured with a picture of that size, besides the process itself
};

constexpr DetectorFacts kDetectors[] = {
    {Detector::kPeople, "people-hog", "hog-svm", 1280, ByteSize::mib(60)},
    {Detector::kFaces, "face-cascade", "haar-cascade", 640, ByteSize::mib(60)},
    {Detector::kStereo, "stereo-sgbm", "sgbm", 1280, ByteSize::mib(150)},
};

const DetectorFacts& facts_of(const inference::ModelSpec& spec) {
  const auto wanted = inference::setting_or(spec, "detector", "");
  std::vector<std::string> names;
  for (const auto& facts : kDetectors) {
    if (facts.name == wanted) return facts;
    names.emplace_back(facts.name);
  }
  throw Error(ErrorCode::kBadRequest,
              "model " + spec.name + ": setting detector: '" + std::string(wanted) + "' is unknown",
              "known: " + join(names, ", "));
}

int disparities_of(const inference::ModelSpec& spec) {
  const int disparities = inference::number_setting_or(spec, "disparities", 0, 16, 1024);
  if (disparities % 16 == 0) return disparities;
  throw Error(ErrorCode::kBadRequest,
              "model " + spec.name + ": setting disparities: a multiple of 16 expected");
}

std::optional<fs::path> find_data_folder() {
  for (const char* folder :
       {"/usr/local/share/opencv4", "/usr/share/opencv4", "/usr/share/opencv"}) {
    std::error_code ignored;
    if (fs::exists(fs::path(folder) / kCascade, ignored)) return fs::path(folder);
  }
  return std::nullopt;
}

class OpencvModel : public inference::Model {
 public:
  explicit OpencvModel(std::unique_ptr<inference::TensorSession> session)
      : session_(std::move(session)) {}

  inference::TensorSession* tensor() noexcept override { return session_.get(); }
  bool alive() const noexcept override { return true; }
  /// Of the whole process, which is the model's own.
  inference::Footprint footprint() const override {
    const auto memory = os::find_process_memory(::getpid());
    return {memory ? memory->pss : ByteSize(), {}};
  }

 private:
  const std::unique_ptr<inference::TensorSession> session_;
};

class OpencvEngine : public inference::Engine {
 public:
  explicit OpencvEngine(const OpencvOptions& options)
      : data_(options.data ? options.data : find_data_folder()) {}

  std::string_view name() const noexcept override { return kName; }

  /// People and stereo need nothing besides the library; what faces need, load() says.
  inference::Availability probe() const override { return {true, {}}; }

  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions&) const override {
    inference::check_model_card(spec, kName);
    return {facts_of(spec).memory, {}};
  }

  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail) const override {
    inference::check_model_card(spec, kName);
    inference::ModelFacts facts;
    facts.architecture = facts_of(spec).architecture;
    facts.metadata = {{"opencv.version", std::string(CV_VERSION)},
                      {"opencv.detector", std::string(facts_of(spec).name)}};
    return facts;
  }

  std::unique_ptr<inference::Model> load(const inference::ModelSpec& spec,
                                         const inference::LoadOptions& options,
                                         const RunContext& run) override {
    run.check();
    inference::check_model_card(spec, kName);
    const auto cores = static_cast<int>(std::thread::hardware_concurrency());
    cv::setNumThreads(options.threads > 0 ? options.threads : std::max(1, cores / 2));
    return std::make_unique<OpencvModel>(make_session(spec, options));
  }

 private:
  std::unique_ptr<inference::TensorSession> make_session(
      const inference::ModelSpec& spec, const inference::LoadOptions& options) const {
    const DetectorFacts& facts = facts_of(spec);
    const int max_side = inference::number_setting_or(spec, "max_side", facts.max_side, 64, 4096);
    const auto parallel = static_cast<std::size_t>(std::max(1, options.parallel));
    switch (facts.detector) {
      case Detector::kPeople:
        return make_people_detector(max_side, find_cascade(), parallel);
      case Detector::kFaces:
        return make_face_detector(max_side, require_cascade(), parallel);
      case Detector::kStereo:
        return make_stereo_matcher(max_side, disparities_of(spec));
    }
    throw Error(ErrorCode::kInternal, "a detector that is not made");
  }

  std::optional<fs::path> find_cascade() const {
    std::error_code ignored;
    if (data_ && fs::exists(*data_ / kCascade, ignored)) return *data_ / kCascade;
    return std::nullopt;
  }

  fs::path require_cascade() const {
    if (auto file = find_cascade()) return *std::move(file);
    throw Error(ErrorCode::kUnsupported, "OpenCV's data for faces is not installed",
                "apt-get install opencv-data");
  }

  const std::optional<fs::path> data_;
};

}  // namespace

std::unique_ptr<inference::Engine> make_opencv_engine(const OpencvOptions& options) {
  return std::make_unique<OpencvEngine>(options);
}

}  // namespace hailstone::engines::opencv
