// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/load_plan.hpp"

#include <algorithm>
#include <limits>

#include "engines/llama/gguf/facts.hpp"

namespace hailstone::engines::llama {
namespace {

constexpr int kDefaultContext = 4096;
constexpr int kDefaultEmbeddingContext = 2048;
constexpr int kMaxContext = 1 << 22;
constexpr int kMaxSlots = 64;
constexpr int kDefaultSlots = 4;
/// A batch is what a stop request and the other slots have to wait for; on a CPU larger ones are
/// not faster (measured: 128 as fast as 512, 32 slower).
constexpr int kDefaultBatch = 128;
constexpr ByteSize kSmallCache = ByteSize::mib(256);
/// llama-server itself, its threads and buffers, measured with a model of 0.5 MB.
constexpr ByteSize kProcess = ByteSize::mib(24);

std::uint64_t sum_of(const inference::FactList& list) {
  std::uint64_t sum = 0;
  for (const auto& value : list.values) {
    if (const auto* number = std::get_if<std::uint64_t>(&value)) sum += *number;
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number != nullptr && *number > 0) sum += static_cast<std::uint64_t>(*number);
  }
  return sum;
}

/// Key and value heads of all layers together.
std::uint64_t cached_heads(const Gguf& gguf, std::uint64_t layers) {
  const std::string architecture(gguf.find_text("general.architecture").value_or(""));
  if (const auto* list = gguf.find_list(architecture + ".attention.head_count_kv")) {
    return sum_of(*list);
  }
  const auto heads = find_arch_count(gguf, "attention.head_count").value_or(0);
  return layers * find_arch_count(gguf, "attention.head_count_kv").value_or(heads);
}

/// Bytes of one token in the cache, in 16 bit floats. Models whose cache is smaller than that
/// (sliding windows, recurrent layers) are taken for larger than they are.
std::uint64_t cache_bytes_per_token(const Gguf& gguf) {
  constexpr std::uint64_t kBound = 1 << 20;
  const auto bounded = [&](std::string_view key, std::uint64_t otherwise) {
    return std::min(find_arch_count(gguf, key).value_or(otherwise), kBound);
  };
  const std::uint64_t heads = bounded("attention.head_count", 1);
  const std::uint64_t head_width =
      bounded("embedding_length", 0) / std::max<std::uint64_t>(heads, 1);
  const std::uint64_t key = bounded("attention.key_length", head_width);
  const std::uint64_t value = bounded("attention.value_length", head_width);
  return std::min(cached_heads(gguf, bounded("block_count", 0)), kBound) * (key + value) * 2;
}

bool is_float(const Gguf& gguf) {
  return std::all_of(gguf.tensors.begin(), gguf.tensors.end(), [](const GgufTensor& tensor) {
    constexpr std::uint32_t kF32 = 0;
    constexpr std::uint32_t kF16 = 1;
    constexpr std::uint32_t kBf16 = 30;
    return tensor.type == kF32 || tensor.type == kF16 || tensor.type == kBf16;
  });
}

int context_of(const Gguf& gguf, const inference::LoadOptions& options, bool pools) {
  const auto trained = find_arch_count(gguf, "context_length").value_or(0);
  const int limit = trained == 0 || trained > kMaxContext ? kMaxContext : static_cast<int>(trained);
  const int otherwise = pools ? kDefaultEmbeddingContext : kDefaultContext;
  return std::min(options.context_length > 0 ? options.context_length : otherwise, limit);
}

/// Several conversations at a time, as long as what they remember stays small beside the model.
int slots_of(const inference::LoadOptions& options, ByteSize slot_cache, std::uint64_t weights) {
  if (options.parallel > 0) return std::min(options.parallel, kMaxSlots);
  const std::uint64_t room = std::max(kSmallCache.count(), weights / 4);
  const std::uint64_t fitting = room / std::max<std::uint64_t>(slot_cache.count(), 1);
  return static_cast<int>(std::clamp<std::uint64_t>(fitting, 1, kDefaultSlots));
}

std::string comma_separated(const std::vector<std::filesystem::path>& paths) {
  std::string text;
  for (const auto& path : paths) text.append(text.empty() ? "" : ",").append(path.native());
  return text;
}

}  // namespace

LoadPlan make_plan(const Gguf& gguf, const inference::LoadOptions& options, int threads) {
  LoadPlan plan;
  plan.ranks = is_reranker(gguf);
  plan.embeds_only = !plan.ranks && is_embedding_model(gguf);
  const bool pools = plan.ranks || plan.embeds_only;
  // Quantised weights are rearranged for the CPU while they are loaded; mapped, they would be in
  // memory twice.
  plan.use_mmap = options.use_mmap && is_float(gguf);
  plan.context_length = context_of(gguf, options, pools);
  plan.slot_cache = ByteSize::bytes(cache_bytes_per_token(gguf) *
                                    static_cast<std::uint64_t>(plan.context_length));
  plan.slots = slots_of(options, plan.slot_cache, gguf.file_bytes);
  plan.threads = options.threads > 0 ? options.threads : threads;
  plan.batch_size = options.batch_size > 0 ? options.batch_size : kDefaultBatch;
  if (pools) {
    // An input that is pooled over all of its tokens has to fit into one batch.
    plan.batch_size = plan.context_length;
  } else {
    // Two conversations that take turns in one slot have to fit both.
    plan.prompt_cache =
        std::clamp(plan.slot_cache + plan.slot_cache, ByteSize::mib(8), kSmallCache);
  }
  plan.batch_size = std::min(plan.batch_size, plan.context_length);
  return plan;
}

ByteSize estimate_memory(const Gguf& gguf, const LoadPlan& plan, std::uint64_t file_bytes) {
  constexpr std::uint64_t kBound = 1 << 20;
  const auto* vocabulary = gguf.find_list("tokenizer.ggml.tokens");
  const std::uint64_t words = vocabulary == nullptr ? 0 : vocabulary->length;
  const std::uint64_t width =
      std::min(find_arch_count(gguf, "embedding_length").value_or(0) * 8 +
                   find_arch_count(gguf, "feed_forward_length").value_or(0) * 2,
               kBound);
  const auto batch = static_cast<std::uint64_t>(plan.batch_size);
  const std::uint64_t work = batch * width * sizeof(float);
  constexpr std::uint64_t kPerWord = 150;  // its text, scores and the maps to find it
  const auto slots = static_cast<std::uint64_t>(plan.slots);
  return kProcess + ByteSize::bytes(file_bytes + work + words * kPerWord) +
         ByteSize::bytes(plan.slot_cache.count() * slots) + plan.prompt_cache;
}

std::vector<std::string> server_arguments(const LoadPlan& plan, const inference::ModelSpec& spec,
                                          const std::filesystem::path& socket) {
  const auto text = [](auto number) { return std::to_string(number); };
  std::vector<std::string> arguments = {
      "--model", spec.weights.native(), "--host", socket.native(),
      // Stands in every piece of a reply.
      "--alias", "m", "--ctx-size", text(plan.context_length * plan.slots), "--parallel",
      text(plan.slots),
      // Each slot has its context for itself; a common pool could run full in the midst of a reply.
      "--no-kv-unified", "--context-shift", "--batch-size", text(plan.batch_size), "--ubatch-size",
      text(plan.batch_size), "--threads", text(plan.threads), "--load-mode",
      plan.use_mmap ? "mmap" : "none", "--fit", "off",
      // Its own defaults are 8 GiB and 32 per slot, which no budget would know of.
      "--cache-ram", text(plan.prompt_cache.count() >> 20), "--no-cache-idle-slots",
      "--ctx-checkpoints", "4",
      // A request that waits for a slot holds a thread; others must get through.
      "--threads-http", text(plan.slots + 60), "--jinja", plan.ranks ? "--rerank" : "--embeddings",
      "--no-ui", "--offline", "--log-verbosity", "2", "--sse-ping-interval", "-1"};
  if (!plan.embeds_only && !plan.ranks) {
    // Only so can a chat model make embeddings, too; it makes no difference to its conversations.
    arguments.insert(arguments.end(), {"--pooling", "last"});
  }
  if (!plan.prompt_folder.empty()) {
    arguments.insert(arguments.end(), {"--slot-save-path", plan.prompt_folder / ""});
  }
  for (const auto& projector : spec.projectors) {
    arguments.insert(arguments.end(), {"--mmproj", projector.native()});
  }
  if (!spec.adapters.empty()) {
    arguments.insert(arguments.end(), {"--lora", comma_separated(spec.adapters)});
  }
  return arguments;
}

}  // namespace hailstone::engines::llama
