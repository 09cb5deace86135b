// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/catalog/catalog.hpp"
#include "services/library/library/assembly/creation.hpp"
#include "services/library/library/assembly/trial.hpp"
#include "speech/piper/voice_config.hpp"
#include "vision/known/recognise_onnx.hpp"

namespace hailstone::library {
namespace {

/// "in [1,3,any,any]"
std::string write_tensors(const std::vector<formats::OnnxTensor>& tensors) {
  std::vector<std::string> all;
  for (const auto& tensor : tensors) {
    std::vector<std::string> sizes;
    for (const auto size : tensor.shape) sizes.push_back(size < 0 ? "any" : std::to_string(size));
    all.push_back("\"" + tensor.name + "\" [" + join(sizes, ",") + "]");
  }
  return join(all, ", ");
}

bool is_for_networks(const std::string& format) {
  return format == "onnx" || format == "hef";
}

/// Where its file does not tell, it does.
bool takes_pictures(const std::optional<formats::OnnxFile>& file) {
  const auto inputs = file ? vision::infos_of(file->inputs) : std::nullopt;
  return !inputs || vision::plain_input(*inputs).has_value();
}

bool takes_phonemes(const formats::OnnxFile& file) {
  const auto has = [&](std::string_view name) {
    return std::any_of(file.inputs.begin(), file.inputs.end(),
                       [&](const auto& input) { return input.name == name; });
  };
  return has("input") && has("input_lengths") && has("scales");
}

/// Tasks whose services need to know how a network's output is read.
bool needs_decoder(std::string_view task) {
  constexpr std::string_view kTasks[] = {"classify",    "depth",      "detect",  "detect-oriented",
                                         "face-detect", "face-embed", "ocr",     "person-embed",
                                         "pose",        "segment",    "semantic"};
  return std::find(std::begin(kTasks), std::end(kTasks), task) != std::end(kTasks);
}

/// A reader of text finds lines with one network and reads them with another; CLIP has one for
/// pictures and one for words.
void require_both_halves(const vision::KnownNetwork& known,
                         const std::map<std::string, std::filesystem::path, std::less<>>& others) {
  if (known.decoder == "clip" && !others.contains("text-encoder")) {
    throw Error(ErrorCode::kBadRequest,
                "the network compares pictures with words, and the one for words is missing",
                "its other half comes along: --file text-encoder=TEXT.onnx --file "
                "tokenizer=tokenizer.json");
  }
  if (known.task != "ocr" || others.contains("recogniser")) return;
  const bool is_detector = known.decoder == "db";
  throw Error(ErrorCode::kBadRequest,
              is_detector ? "the network finds lines of text and does not read them"
                          : "the network reads a line of text and does not find any",
              is_detector
                  ? "its other half comes along: --file recogniser=REC.onnx --labels DICT.txt"
                  : "import the network that finds lines, with this one as "
                    "--file recogniser=FILE and its dictionary as --labels DICT.txt");
}

}  // namespace

/// Runs the network, where it can be run here; what cannot be what it is said to be is refused.
std::optional<Recognised> Creation::find_out() {
  if (!is_for_networks(facts_.format)) return std::nullopt;
  if (auto voice = find_out_voice()) return voice;
  Claim claim{{}, clues(), find_setting(facts_.settings, "input")};
  if (onnx_) claim.known = vision::recognise_onnx(*onnx_, claim.clues);
  report("trying the network");
  const auto tried = try_network(models_.runtime(), spec(), claim, run_);
  facts_.decoder = task_.decoder;
  Recognised out;
  if (tried.known) {
    if (task_.decoder.empty()) require_both_halves(*tried.known, spec().networks);
    note_network(*tried.known, tried.not_tried.empty());
    out.certainty = vision::name_of(tried.known->certainty);
    out.sign = tried.known->sign;
    out.decoder = tried.known->decoder;
    if (takes_pictures(onnx_)) {
      out.input = complete_input_text(tried.known->input, claim.input);
    }
  } else if (facts_.task.empty() || (tried.not_tried.empty() && needs_decoder(facts_.task))) {
    refuse_unknown();
  }
  out.task = facts_.task;
  out.labels = count_labels();
  out.not_tried = tried.not_tried;
  return out;
}

/// A Piper voice is known by the names of its network's inputs and by the file that comes with it.
std::optional<Recognised> Creation::find_out_voice() {
  const auto* file = find_layer("voice");
  const bool has_inputs = onnx_ && takes_phonemes(*onnx_);
  if (!has_inputs && file == nullptr) return std::nullopt;
  if (file == nullptr) {
    throw Error(
        ErrorCode::kBadRequest,
        "\"" + network_file_ + "\" is a Piper voice, and the file that describes it is missing",
        "it comes along: --file voice=VOICE.onnx.json");
  }
  if (onnx_ && !has_inputs) {
    throw Error(
        ErrorCode::kBadRequest,
        "\"" + network_file_ + "\" is no Piper voice: it takes " + write_tensors(onnx_->inputs),
        "a network with the inputs input, input_lengths and scales");
  }
  const auto voice = speech::piper::read_voice_config(core::read_layer(*file));
  facts_.task = "speak";
  facts_.decoder = "piper";
  if (facts_.family.empty()) facts_.family = "piper";
  Recognised out;
  out.task = facts_.task;
  out.decoder = facts_.decoder;
  out.certainty = vision::name_of(vision::Certainty::kSure);
  out.sign = "its inputs and its file, for " + voice.language;
  out.not_tried = "it takes no picture";
  return out;
}

vision::Clues Creation::clues() const {
  vision::Clues clues;
  clues.task = facts_.task;
  clues.decoder = task_.decoder;
  const auto labels = std::find_if(layers_.begin(), layers_.end(), [](const auto& layer) {
    return layer.media_type == core::kImageLayer + "labels";
  });
  if (labels != layers_.end()) clues.label_count = count_lines(core::read_layer(*labels));
  return clues;
}

inference::ModelSpec Creation::spec() const {
  inference::ModelSpec spec;
  spec.name = name_.display();
  spec.engine = facts_.engine;
  spec.settings = settings_of(facts_.settings);
  for (const auto& layer : layers_) {
    const std::string kind = layer.media_type.substr(core::kImageLayer.size());
    if (kind == "model") spec.weights = layer.path;
    const auto kinds = core::network_kinds();
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) {
      spec.networks.emplace(kind, layer.path);
    }
  }
  return spec;
}

/// What was seen is written down. A model of several networks is put together by who leases it, and
/// what was not run may still turn out to be something else.
void Creation::note_network(const vision::KnownNetwork& known, bool was_tried) {
  if (facts_.task.empty()) {
    facts_.task = known.task;
    facts_.certainty = vision::name_of(known.certainty);
  }
  const bool is_pair = !spec().networks.empty();
  if (!was_tried || is_pair) return;
  facts_.decoder = known.decoder;
  facts_.settings =
      with_setting(facts_.settings, "input",
                   complete_input_text(known.input, find_setting(facts_.settings, "input")));
  take_labels(known);
}

/// Its file's own, or the usual ones of such networks, unless some came with it.
void Creation::take_labels(const vision::KnownNetwork& known) {
  if (find_layer("labels") != nullptr) return;
  auto labels = known.names;
  const std::string set = task_.label_set.empty() ? known.labels : task_.label_set;
  if (!set.empty() && (labels.empty() || !task_.label_set.empty())) {
    labels = core::read_labels(catalog_folders_, set);
  }
  if (!labels.empty()) add_text("labels", join(labels, "\n") + "\n");
}

std::size_t Creation::count_labels() {
  return find_layer("labels") == nullptr ? 0 : clues().label_count;
}

void Creation::refuse_unknown() const {
  std::string detail = R"(name its task, for example "hailstone": {"task": "detect"}, and if )"
                       R"(that is not enough, its decoder: docs/catalog.md)";
  if (onnx_) {
    detail = "it takes " + write_tensors(onnx_->inputs) + " and gives " +
             write_tensors(onnx_->outputs) + "; " + detail;
  }
  throw Error(ErrorCode::kBadRequest,
              facts_.task.empty() ? "\"" + network_file_ + "\" does not say what the model is for"
                                  : "nobody knows how to read the output of \"" + network_file_ +
                                        "\" for " + facts_.task,
              detail);
}

}  // namespace hailstone::library
