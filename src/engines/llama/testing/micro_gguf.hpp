// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes GGUF files for tests: hostile headers, and a random two-layer llama of some 100 KB that
// llama-server loads and that talks nonsense in words of one letter.

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hailstone::engines::llama::testing {

/// Numbers as GGUF has them, one behind the other.
class Bytes {
 public:
  template <typename T>
  Bytes& number(T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    data_.append(raw, sizeof(T));
    return *this;
  }
  Bytes& text(std::string_view value) {
    number<std::uint64_t>(value.size());
    data_.append(value);
    return *this;
  }
  Bytes& raw(std::string_view value) {
    data_.append(value);
    return *this;
  }
  Bytes& align(std::size_t to) {
    while (data_.size() % to != 0) data_ += '\0';
    return *this;
  }
  const std::string& data() const noexcept { return data_; }

 private:
  std::string data_;
};

/// The parts of a file in order; each may be wrong on purpose.
class GgufWriter {
 public:
  enum Type : std::uint32_t { kU32 = 4, kI32 = 5, kF32 = 6, kBool = 7, kText = 8, kList = 9 };

  std::uint32_t version = 3;

  GgufWriter& set(std::string_view key, std::uint32_t value) {
    entry(key, kU32).number(value);
    return *this;
  }
  GgufWriter& set(std::string_view key, float value) {
    entry(key, kF32).number(value);
    return *this;
  }
  GgufWriter& set(std::string_view key, bool value) {
    entry(key, kBool).number<std::uint8_t>(value ? 1 : 0);
    return *this;
  }
  GgufWriter& set(std::string_view key, std::string_view value) {
    entry(key, kText).text(value);
    return *this;
  }
  GgufWriter& set(std::string_view key, const char* value) {
    return set(key, std::string_view(value));
  }
  GgufWriter& set(std::string_view key, const std::vector<std::string>& values) {
    list(key, kText, values.size());
    for (const auto& value : values) metadata_.text(value);
    return *this;
  }
  template <typename T>
  GgufWriter& set(std::string_view key, const std::vector<T>& values) {
    list(key, std::is_same_v<T, float> ? kF32 : std::is_signed_v<T> ? kI32 : kU32, values.size());
    for (const T value : values) metadata_.number(value);
    return *this;
  }
  /// The bytes behind the key and the type are the caller's.
  Bytes& entry(std::string_view key, std::uint32_t type) {
    ++entries_;
    return metadata_.text(key).number(type);
  }
  GgufWriter& tensor(std::string_view name, std::vector<std::uint64_t> shape,
                     const std::vector<float>& values) {
    tensor_info(name, std::move(shape), 0, weights_.data().size());
    weights_.raw({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
    weights_.align(32);
    return *this;
  }
  GgufWriter& tensor_info(std::string_view name, std::vector<std::uint64_t> shape,
                          std::uint32_t type, std::uint64_t offset) {
    ++tensors_;
    infos_.text(name).number(static_cast<std::uint32_t>(shape.size()));
    for (const std::uint64_t extent : shape) infos_.number(extent);
    infos_.number(type).number(offset);
    return *this;
  }
  std::string file() const {
    Bytes bytes;
    bytes.raw("GGUF").number(version).number(tensors_).number(entries_);
    bytes.raw(metadata_.data()).raw(infos_.data()).align(32).raw(weights_.data());
    return bytes.data();
  }

 private:
  void list(std::string_view key, std::uint32_t type, std::uint64_t length) {
    entry(key, kList).number(type).number(length);
  }

  std::uint64_t entries_ = 0;
  std::uint64_t tensors_ = 0;
  Bytes metadata_;
  Bytes infos_;
  Bytes weights_;
};

struct MicroModel {
  std::uint32_t context = 512;
  std::string chat_template = {};
  std::uint32_t pooling = 0;  ///< not 0: an embedding model
  /// Which tokens it likes to say: words, or the bytes of characters that need several.
  enum class Says { kWords, kBytes } says = Says::kWords;
};

inline std::vector<std::string> micro_vocabulary() {
  std::vector<std::string> tokens = {"<unk>", "<s>", "</s>", "<PRE>", "<SUF>", "<MID>"};
  for (int byte = 0; byte < 256; ++byte) {
    char text[8];
    std::snprintf(text, sizeof(text), "<0x%02X>", static_cast<unsigned>(byte));
    tokens.emplace_back(text);
  }
  tokens.emplace_back("\u2581");  // how SentencePiece writes a blank
  for (char c = '!'; c <= '~'; ++c) tokens.emplace_back(1, c);
  for (char c = 'a'; c <= 'z'; ++c) tokens.push_back(std::string("\u2581") + c);
  return tokens;
}

/// A file as llama.cpp's converter would write it.
inline std::string micro_gguf(const MicroModel& model = {}) {
  constexpr std::uint32_t kWidth = 32;
  constexpr std::uint32_t kInner = 64;
  constexpr std::size_t kSpecial = 6;
  constexpr std::size_t kBytesEnd = kSpecial + 256;
  const auto tokens = micro_vocabulary();
  std::vector<float> scores;
  std::vector<std::int32_t> types;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    scores.push_back(i < kBytesEnd ? 0.0F : -static_cast<float>(i));
    types.push_back(i == 0 ? 2 : i < kSpecial ? 3 : i < kBytesEnd ? 6 : 1);
  }
  GgufWriter out;
  out.set("general.architecture", "llama").set("general.name", "micro");
  out.set("general.file_type", 0U).set("llama.block_count", 2U);
  out.set("llama.context_length", model.context).set("llama.embedding_length", kWidth);
  out.set("llama.feed_forward_length", kInner).set("llama.attention.head_count", 2U);
  out.set("llama.attention.head_count_kv", 2U).set("llama.rope.dimension_count", kWidth / 2);
  out.set("llama.attention.layer_norm_rms_epsilon", 1e-5F);
  if (model.pooling != 0) out.set("llama.pooling_type", model.pooling);
  out.set("tokenizer.ggml.model", "llama").set("tokenizer.ggml.tokens", tokens);
  out.set("tokenizer.ggml.scores", scores).set("tokenizer.ggml.token_type", types);
  out.set("tokenizer.ggml.bos_token_id", 1U).set("tokenizer.ggml.eos_token_id", 2U);
  out.set("tokenizer.ggml.fim_pre_token_id", 3U).set("tokenizer.ggml.fim_suf_token_id", 4U);
  out.set("tokenizer.ggml.fim_mid_token_id", 5U);
  if (!model.chat_template.empty()) out.set("tokenizer.chat_template", model.chat_template);

  std::mt19937 random(1);  // its numbers are the same everywhere, a distribution's are not
  const auto noise = [&](std::size_t count) {
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(random() % 2001) / 1000.0F - 1.0F;
    return values;
  };
  const auto ones = std::vector<float>(kWidth, 1.0F);
  const auto vocabulary = static_cast<std::uint64_t>(tokens.size());
  out.tensor("token_embd.weight", {kWidth, vocabulary}, noise(kWidth * tokens.size()));
  for (const std::string block : {"blk.0.", "blk.1."}) {
    out.tensor(block + "attn_norm.weight", {kWidth}, ones);
    for (const char* name : {"attn_q", "attn_k", "attn_v", "attn_output"}) {
      out.tensor(block + name + ".weight", {kWidth, kWidth}, noise(kWidth * kWidth));
    }
    out.tensor(block + "ffn_norm.weight", {kWidth}, ones);
    out.tensor(block + "ffn_gate.weight", {kWidth, kInner}, noise(kWidth * kInner));
    out.tensor(block + "ffn_up.weight", {kWidth, kInner}, noise(kWidth * kInner));
    out.tensor(block + "ffn_down.weight", {kInner, kWidth}, noise(kWidth * kInner));
  }
  out.tensor("output_norm.weight", {kWidth}, ones);
  auto head = noise(kWidth * tokens.size());
  const bool says_words = model.says == MicroModel::Says::kWords;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_liked = says_words ? i > kBytesEnd : i >= kSpecial + 0x80 && i < kBytesEnd;
    if (!is_liked) std::fill_n(head.begin() + static_cast<std::ptrdiff_t>(i * kWidth), kWidth, 0.F);
  }
  out.tensor("output.weight", {kWidth, vocabulary}, head);
  return out.file();
}

/// Removed with its folder at the end.
class TempFile {
 public:
  TempFile(const std::string& name, std::string_view content) {
    std::string pattern = (std::filesystem::temp_directory_path() / "hailstone-XXXXXX").native();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    std::ofstream(path_ = folder_ / name, std::ios::binary) << content;
  }
  ~TempFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

}  // namespace hailstone::engines::llama::testing
