// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <fstream>
#include <iterator>
#include <ostream>

#include "cli/speech/speech.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/progress.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

constexpr const char* kRoute = "/api/transcribe";

std::string read_file(const std::string& name, std::istream& in) {
  if (name == "-") return {std::istreambuf_iterator<char>(in), {}};
  std::ifstream file(name, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  if (!file) throw Error(ErrorCode::kBadRequest, name + ": there is no such file to read");
  if (bytes.empty()) throw Error(ErrorCode::kBadRequest, name + " is empty");
  return bytes;
}

/// One command. One thread; the references outlive it.
class Transcription {
 public:
  Transcription(const CommandContext& context, const TranscribeRequest& request)
      : context_(context), out_(context.console.out), request_(request) {}

  void of(const std::string& name, const RunContext& run) {
    const std::string sound = read_file(name, context_.console.in);
    if (request_.files.size() > 1 && !request_.json) out_ << printable_line(name) << '\n';
    const BytesRequest sent{"application/octet-stream", sound, "*/*",
                            request_.files.size() > 1 ? name : std::string()};
    if (is_whole()) {
      send_whole(sent, run);
    } else {
      send_streamed(sent, run);
    }
    out_ << std::flush;
  }

 private:
  bool is_whole() const { return request_.json || request_.words || !request_.format.empty(); }

  void send_whole(const BytesRequest& sent, const RunContext& run) {
    Fields fields = request_.fields;
    if (!request_.format.empty()) fields.emplace_back("format", request_.format);
    if (request_.json) fields.emplace_back("format", "verbose_json");
    if (request_.words) fields.emplace_back("words", "true");
    const auto reply = context_.service.post_bytes(make_target(kRoute, fields), sent, run);
    if (!request_.words || request_.json) {
      out_ << (context_.console.out_is_terminal ? printable(reply.body) : reply.body);
      if (!reply.body.ends_with('\n')) out_ << '\n';
      return;
    }
    for (const Json& word : Json::parse(reply.body).at("words")) {
      out_ << word.at("begin").get<double>() << '\t' << word.at("end").get<double>() << '\t'
           << printable_line(text_of(word, "word")) << '\n';
    }
  }

  void send_streamed(const BytesRequest& sent, const RunContext& run) {
    Fields fields = request_.fields;
    fields.emplace_back("stream", "true");
    ProgressView progress(context_.console);
    context_.service.stream_bytes(
        make_target(kRoute, fields), sent,
        [&](const Json& line) {
          if (text_of(line, "type") == "segment") {
            out_ << printable_line(text_of(line, "text")) << '\n' << std::flush;
          } else if (context_.console.err_is_terminal && line.contains("heard")) {
            // The bar counts bytes: these are milliseconds of sound.
            progress.show({"transcribing", to_count(line, "duration"), to_count(line, "heard")});
          }
        },
        run);
  }

  static std::uint64_t to_count(const Json& line, const char* name) {
    const auto found = line.find(name);
    if (found == line.end() || !found->is_number()) return 0;
    return static_cast<std::uint64_t>(std::llround(std::max(0.0, found->get<double>()) * 1000));
  }

  const CommandContext& context_;
  std::ostream& out_;
  const TranscribeRequest& request_;
};

}  // namespace

void transcribe_files(const CommandContext& context, const TranscribeRequest& request) {
  for (const auto& name : request.files) {
    if (name != "-" && !std::ifstream(name)) {
      throw Error(ErrorCode::kBadRequest, name + ": there is no such file to read");
    }
  }
  Interrupts interrupts;
  Transcription transcription(context, request);
  const RunContext run{Deadline::never(), interrupts.arm()};
  for (const auto& name : request.files) transcription.of(name, run);
}

}  // namespace hailstone::cli
