// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What POST /api/detect costs over a bare call of ONNX Runtime with the same network, measured
// alternately in one run: with one client, and with four against whatever the bare runtime does
// best on these cores. Bare is the library with its defaults; "tuned" has our engine's options as
// well, so that the rest is what the daemon adds. bench/detect.py starts it with a daemon.
//
//     detect_bench HOST:PORT MODEL NETWORK.onnx PICTURE...
//
// Each picture is scaled to 1920x1080 and sent as a JPEG. What that costs goes by its bytes.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "bare_network.hpp"
#include "base/endpoint.hpp"
#include "base/strings.hpp"
#include "engines/onnx/engine.hpp"
#include "media/codec/decode.hpp"
#include "media/codec/encode.hpp"
#include "media/geometry/fit.hpp"
#include "net/http_client.hpp"

namespace {

using namespace hailstone;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr int kSide = 640;
constexpr int kPairs = 100;
constexpr int kRounds = 8;
constexpr auto kRound = std::chrono::seconds(6);
constexpr auto kRamp = std::chrono::seconds(1);
constexpr int kClients = 4;

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// In full HD, as a camera would compress it.
std::string make_full_hd(const std::string& path) {
  media::FitOptions options{1920, 1080};
  options.fit = media::Fit::kCrop;
  return media::encode_jpeg(
      media::fit_image(media::decode_image(read_file(path)).image, options).image, 80);
}

class Client {
 public:
  Client(const std::string& address, const std::string& model, std::string jpeg)
      : http_(parse_endpoint(address, 11434)) {
    request_.method = "POST";
    request_.target = "/api/detect?model=" + model;
    request_.headers = {{"Content-Type", "image/jpeg"}};
    request_.body = std::move(jpeg);
  }

  net::ClientResponse post() {
    auto response = http_.send(request_, {});
    if (response.status != 200) throw std::runtime_error(response.body);
    return response;
  }

 private:
  net::HttpClient http_;
  net::ClientRequest request_;
};

/// Adds the milliseconds of "decode;dur=3.21, pre;dur=0.85" to their lists.
void note_stages(std::string_view timing, std::map<std::string, std::vector<double>>& stages) {
  for (const auto& part : split(timing, ',')) {
    const auto entry = trim(part);
    const auto end = entry.find(";dur=");
    if (end == std::string_view::npos) continue;
    stages[std::string(entry.substr(0, end))].push_back(
        std::strtod(std::string(entry.substr(end + 5)).c_str(), nullptr));
  }
}

template <typename Work>
double time_of(Work&& work) {
  const auto begin = Clock::now();
  work();
  return Milliseconds(Clock::now() - begin).count();
}

/// Times per second, with so many threads at it: only what is done while all of them are.
template <typename Work>
double rate_of(int threads, Work&& work) {
  std::atomic<int> count{0};
  std::vector<std::jthread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&](const std::stop_token& stop) {
      for (; !stop.stop_requested(); ++count) work();
    });
  }
  std::this_thread::sleep_for(kRamp);
  const int before = count;
  const auto begin = Clock::now();
  std::this_thread::sleep_for(kRound);
  return (count - before) / std::chrono::duration<double>(Clock::now() - begin).count();
}

void compare_one_client(bench::BareNetwork& bare, bench::BareNetwork& tuned, Client& client) {
  std::vector<double> bare_ms, http_ms, added_ms, ratios, tuned_ratios;
  std::map<std::string, std::vector<double>> stages;
  for (int i = 0; i < kPairs + 3; ++i) {
    net::ClientResponse response;
    const double a = time_of([&] { bare.run(); });
    const double b = time_of([&] { response = client.post(); });
    const double c = time_of([&] { tuned.run(); });
    if (i < 3) continue;
    bare_ms.push_back(a), http_ms.push_back(b), added_ms.push_back(b - c);
    ratios.push_back(b / a), tuned_ratios.push_back(b / c);
    note_stages(response.find_header("Server-Timing").value_or(""), stages);
  }
  std::printf(
      "one client: bare %.2f ms, /api/detect %.2f ms, ratio %.3f; of tuned: added %.2f ms, ratio "
      "%.3f (medians of %d rounds)\n ",
      median(bare_ms), median(http_ms), median(ratios), median(added_ms), median(tuned_ratios),
      kPairs);
  for (const auto& [name, values] : stages) std::printf(" %s %.2f", name.c_str(), median(values));
  std::printf(" ms\n");
}

void compare_four_clients(bench::BareNetwork& single, bench::BareNetwork& wide,
                          bench::BareNetwork& tuned, Client& client) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  std::vector<double> wide_rates, side_rates, http_rates, ratios, tuned_ratios;
  for (int round = 0; round < kRounds; ++round) {
    wide_rates.push_back(rate_of(1, [&] { wide.run(); }));
    side_rates.push_back(rate_of(cores, [&] { single.run(); }));
    http_rates.push_back(rate_of(kClients, [&] { client.post(); }));
    ratios.push_back(http_rates.back() / std::max(wide_rates.back(), side_rates.back()));
    tuned_ratios.push_back(http_rates.back() / rate_of(cores, [&] { tuned.run(); }));
  }
  std::printf(
      "%d clients: bare %.2f/s with %d threads, %.2f/s with %d runs of one thread side by "
      "side; /api/detect %.2f/s: %.3f of the best, %.3f of tuned side by side (medians of %d "
      "rounds)\n",
      kClients, median(wide_rates), cores, median(side_rates), cores, median(http_rates),
      median(ratios), median(tuned_ratios), kRounds);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: detect_bench HOST:PORT MODEL NETWORK.onnx PICTURE...\n");
    return 2;
  }
  bench::start_through_loader(argv);
  if (const auto reason = engines::onnx::open_library()) {
    std::fprintf(stderr, "%s\n", reason->c_str());
    return 1;
  }
  inference::ModelSpec spec;
  spec.name = spec.weights = argv[3];
  spec.settings = {{"input", bench::kPictureInput}};
  const auto input =
      engines::onnx::make_onnx_engine(1)->load(spec, {}, {})->tensor()->inputs().at(0);
  const auto picture = bench::gray_picture(input, kSide);
  bench::BareNetwork single(spec, input, picture, 1);
  bench::BareNetwork wide(spec, input, picture,
                          static_cast<int>(std::thread::hardware_concurrency()));
  bench::BareNetwork tuned(spec, input, picture, 1, bench::Fusions::kAsEngine);
  for (const auto& path : std::vector<std::string>(argv + 4, argv + argc)) {
    const std::string jpeg = make_full_hd(path);
    std::printf("%s, scaled to 1920x1080: %.0f kB\n",
                std::filesystem::path(path).filename().c_str(),
                static_cast<double>(jpeg.size()) / 1e3);
    Client client(argv[1], argv[2], jpeg);
    compare_one_client(single, tuned, client);
    compare_four_clients(single, wide, tuned, client);
  }
}
