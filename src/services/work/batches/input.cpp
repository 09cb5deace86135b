// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/batches/input.hpp"

#include <set>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/work/batches/wire.hpp"

namespace hailstone::batches {
namespace {

/// Of one file, line by line.
class Reader {
 public:
  Reader(const std::string& endpoint, const CheckTask& check)
      : endpoint_(endpoint), check_(check) {}

  void read(std::string_view text, std::size_t number) {
    if (trim(text).empty()) return;
    try {
      take(parse_line(text), number);
    } catch (const Error& error) {  // one bad line must not hide the others
      note(number, "invalid_request", error.what());
    }
  }

  void note(std::size_t line, std::string code, std::string message, std::string param = {}) {
    if (input_.mistakes.size() >= kMostMistakes) return;
    input_.mistakes.push_back({line, std::move(code), std::move(message), std::move(param)});
  }

  bool is_full() const noexcept {
    return input_.mistakes.size() >= kMostMistakes || input_.jobs.size() > kMostLines;
  }

  Input finish() {
    if (input_.jobs.size() > kMostLines) {
      note(0, "too_many_tasks", "a batch has at most " + std::to_string(kMostLines) + " lines");
    }
    if (input_.jobs.empty() && input_.mistakes.empty()) {
      note(0, "empty_file", "the file has no line with a request");
    }
    return std::move(input_);
  }

 private:
  void take(core::NewJob job, std::size_t number) {
    if (!labels_.insert(job.label).second) {
      return note(number, "duplicate_custom_id",
                  "the custom_id '" + job.label + "' stands in an earlier line, too", "custom_id");
    }
    const std::string path = job.task.target.substr(0, job.task.target.find('?'));
    if (!endpoint_.empty() && path != endpoint_) {
      return note(number, "mismatched_endpoint",
                  "the url is " + path + ", the batch's endpoint " + endpoint_, "url");
    }
    check_(job.task);
    input_.jobs.push_back(std::move(job));
  }

  const std::string& endpoint_;
  const CheckTask& check_;
  std::set<std::string> labels_;
  Input input_;
};

/// Not beyond the limit: a file without line ends would be one line. False at the end.
bool read_line(std::istream& lines, std::string& line, bool& is_too_long) {
  line.clear();
  is_too_long = false;
  auto* buffer = lines.rdbuf();
  for (int c = buffer->sbumpc(); c != std::istream::traits_type::eof(); c = buffer->sbumpc()) {
    if (c == '\n') return true;
    if (line.size() < kLongestLine) {
      line += static_cast<char>(c);
    } else {
      is_too_long = true;
    }
  }
  return !line.empty();
}

}  // namespace

Input read_input(std::istream& lines, const std::string& endpoint, const CheckTask& check) {
  Reader reader(endpoint, check);
  std::string line;
  bool is_too_long = false;
  for (std::size_t number = 1; !reader.is_full() && read_line(lines, line, is_too_long); ++number) {
    if (is_too_long) {
      reader.note(number, "line_too_long",
                  "a line has at most 32 MiB; name larger inputs by file_id");
    } else {
      reader.read(line, number);
    }
  }
  return reader.finish();
}

}  // namespace hailstone::batches
