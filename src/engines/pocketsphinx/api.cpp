// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/pocketsphinx/api.hpp"

#ifdef HAILSTONE_POCKETSPHINX_5
#include <pocketsphinx/model.h>
#else
#include <sphinxbase/err.h>
#include <sphinxbase/ngram_model.h>
#endif

#include <array>
#include <utility>

#include "base/error.hpp"

namespace hailstone::engines::pocketsphinx {
namespace {

namespace fs = std::filesystem;

/// How much is expected of what Hailstone is asked, against all of English. Chosen by a handful of
/// sentences alone; bench/wer.py measures it.
constexpr float kOwnWeight = 0.3F;

Error damaged(const fs::path& data) {
  return {ErrorCode::kEngineFailed, "pocketsphinx cannot read its data in " + data.native()};
}

#ifdef HAILSTONE_POCKETSPHINX_5

DecoderPointer open_bare(const fs::path& data) {
  err_set_loglevel(ERR_FATAL);
  ps_config_t* config = ps_config_init(nullptr);
  ps_config_set_str(config, "hmm", (data / "en-us").c_str());
  ps_config_set_str(config, "dict", (data / "cmudict-en-us.dict").c_str());
  DecoderPointer decoder(ps_init(config));
  ps_config_free(config);
  return decoder;
}

int add_model(ps_decoder_t* decoder, const char* search, ngram_model_t* model) {
  return ps_add_lm(decoder, search, model);
}
int add_jsgf(ps_decoder_t* decoder, const char* search, const char* jsgf) {
  return ps_add_jsgf_string(decoder, search, jsgf);
}
int activate(ps_decoder_t* decoder, const char* search) {
  return ps_activate_search(decoder, search);
}

#else

DecoderPointer open_bare(const fs::path& data) {
  err_set_logfp(nullptr);
  const std::string hmm = data / "en-us";
  const std::string dict = data / "cmudict-en-us.dict";
  cmd_ln_t* config =
      cmd_ln_init(nullptr, ps_args(), TRUE, "-hmm", hmm.c_str(), "-dict", dict.c_str(), nullptr);
  if (config == nullptr) return nullptr;
  DecoderPointer decoder(ps_init(config));
  cmd_ln_free_r(config);
  return decoder;
}

int add_model(ps_decoder_t* decoder, const char* search, ngram_model_t* model) {
  return ps_set_lm(decoder, search, model);
}
int add_jsgf(ps_decoder_t* decoder, const char* search, const char* jsgf) {
  return ps_set_jsgf_string(decoder, search, jsgf);
}
int activate(ps_decoder_t* decoder, const char* search) {
  return ps_set_search(decoder, search);
}

#endif

struct ModelDeleter {
  void operator()(ngram_model_t* model) const noexcept { ngram_model_free(model); }
};
using ModelPointer = std::unique_ptr<ngram_model_t, ModelDeleter>;

ModelPointer read_model(ps_decoder_t* decoder, const fs::path& file) {
  ModelPointer model(ngram_model_read(ps_get_config(decoder), file.c_str(), NGRAM_AUTO,
                                      logmath_retain(ps_get_logmath(decoder))));
  if (!model) throw damaged(file);
  return model;
}

/// The probability of each word is the sum of both models', weighed. Takes them over.
ModelPointer mix(ps_decoder_t* decoder, ModelPointer general, ModelPointer own) {
  std::array models = {general.release(), own.release()};
  std::array names = {const_cast<char*>("general"), const_cast<char*>("own")};
  const std::array weights = {1 - kOwnWeight, kOwnWeight};
  return ModelPointer(
      ngram_model_set_init(ps_get_config(decoder), models.data(), names.data(), weights.data(), 2));
}

ModelPointer make_model(ps_decoder_t* decoder, const DecoderFiles& files, Expectation expectation) {
  if (expectation == Expectation::kOwn) return read_model(decoder, *files.language_model);
  auto general = read_model(decoder, files.data / "en-us.lm.bin");
  if (!files.language_model) return general;
  return mix(decoder, std::move(general), read_model(decoder, *files.language_model));
}

}  // namespace

DecoderPointer open_decoder(const DecoderFiles& files, const char* search,
                            Expectation expectation) {
  auto decoder = open_bare(files.data);
  if (!decoder) throw damaged(files.data);
  const auto model = make_model(decoder.get(), files, expectation);
  if (!model || add_model(decoder.get(), search, model.get()) != 0) throw damaged(files.data);
  choose_search(decoder.get(), search);
  return decoder;
}

void add_grammar(ps_decoder_t* decoder, const char* search, const char* jsgf) {
  if (add_jsgf(decoder, search, jsgf) == 0) return;
  throw Error(ErrorCode::kBadRequest, "the grammar cannot be used",
              "it must be JSGF, of words that the dictionary has");
}

void choose_search(ps_decoder_t* decoder, const char* search) {
  if (activate(decoder, search) != 0) {
    throw Error(ErrorCode::kEngineFailed, "pocketsphinx has lost a search");
  }
}

}  // namespace hailstone::engines::pocketsphinx
