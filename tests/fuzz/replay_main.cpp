// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Runs a fuzz target without a fuzzer: on each file of its corpus, and on a fixed number of random
// changes of them, the same ones every time.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

constexpr int kMutations = 2000;
constexpr std::size_t kMaxSize = 64 << 10;

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::vector<std::string> read_corpus(int count, char** paths) {
  std::vector<fs::path> files;
  for (int i = 0; i < count; ++i) {
    if (fs::is_regular_file(paths[i])) files.emplace_back(paths[i]);
    if (!fs::is_directory(paths[i])) continue;
    for (const auto& entry : fs::recursive_directory_iterator(paths[i])) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());  // the order of a folder is not the same everywhere
  std::vector<std::string> corpus;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return corpus;
}

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

  std::string make() {
    std::string input = corpus_.empty() ? std::string() : pick();
    for (auto changes = 1 + below(8); changes > 0; --changes) change(input);
    input.resize(std::min(input.size(), kMaxSize));
    return input;
  }

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }
  const std::string& pick() { return corpus_[below(corpus_.size())]; }
  char byte() {
    constexpr char kTelling[] = {0, '\n', '\r', '"', '%', '-', '/', '0', ';', '[', '\\', '\xFF'};
    return below(2) == 0 ? kTelling[below(sizeof(kTelling))] : static_cast<char>(below(256));
  }

  void change(std::string& input) {
    const auto at = below(input.size() + 1);
    switch (below(5)) {
      case 0:
        input.insert(at, 1, byte());
        break;
      case 1:
        input.erase(at, 1 + below(16));
        break;
      case 2:
        if (at < input.size()) input[at] = byte();
        break;
      case 3: {
        const auto part = input.substr(at, 1 + below(64));
        input.insert(below(input.size() + 1), part);
        break;
      }
      default:
        if (!corpus_.empty()) {
          const auto& other = pick();
          input.insert(at, other, below(other.size() + 1), 1 + below(64));
        }
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937 random_{20261123};
};

}  // namespace

int main(int argc, char** argv) {
  const auto corpus = read_corpus(argc - 1, argv + 1);
  for (const auto& input : corpus) run(input);
  Mutator mutator(corpus);
  for (int i = 0; i < kMutations; ++i) run(mutator.make());
  std::printf("%zu files and %d mutations of them: fine\n", corpus.size(), kMutations);
  return 0;
}
