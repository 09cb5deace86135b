// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/multipart.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/header_value.hpp"

namespace hailstone::http {
namespace {

Error bad(const std::string& message) {
  return Error(ErrorCode::kBadRequest, "multipart form: " + message);
}

Error too_large(const std::string& message) {
  return Error(ErrorCode::kTooLarge, "multipart form: " + message);
}

/// A body that has arrived whole, as a stream of one piece. The text outlives it.
class WholeBody final : public BodyStream {
 public:
  explicit WholeBody(std::string_view text) noexcept : rest_(text) {}
  std::string read() override {
    const auto piece = rest_.substr(0, kPiece);
    rest_.remove_prefix(piece.size());
    return std::string(piece);
  }

 private:
  static constexpr std::size_t kPiece = 64 << 10;
  std::string_view rest_;
};

bool is_boundary_char(char c) noexcept {
  constexpr std::string_view kOthers = "'()+_,-./:=? ";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kOthers.find(c) != std::string_view::npos;
}

std::string content_type_of(const Request& request) {
  return std::string(request.headers.find("Content-Type").value_or(""));
}

void apply_disposition(std::string_view value, PartHeader& part) {
  const auto disposition = parse_header_value(value);
  if (disposition.value != "form-data") throw bad("a part's Content-Disposition is not form-data");
  const auto* name = disposition.find("name");
  if (name == nullptr) throw bad("a part has no name");
  if (!is_valid_utf8(*name)) throw bad("a part's name is not valid UTF-8");
  part.name = *name;
  if (const auto* filename = disposition.find("filename")) part.filename = *filename;
}

void check_transfer_encoding(std::string_view value) {
  const auto encoding = to_lower(trim(value));
  if (encoding == "7bit" || encoding == "8bit" || encoding == "binary") return;
  throw Error(ErrorCode::kUnsupported,
              "multipart form: Content-Transfer-Encoding " + encoding + " is not supported",
              "send the bytes as they are");
}

}  // namespace

std::string parse_boundary(std::string_view content_type) {
  const auto type = parse_header_value(content_type);
  if (type.value != "multipart/form-data") {
    throw Error(ErrorCode::kBadRequest, "the body must be a multipart form",
                "send it as multipart/form-data, as in: curl -F name=@file");
  }
  const auto* boundary = type.find("boundary");
  if (boundary == nullptr) throw bad("the Content-Type names no boundary");
  const bool is_proper = !boundary->empty() && boundary->size() <= 70 && boundary->back() != ' ' &&
                         std::all_of(boundary->begin(), boundary->end(), is_boundary_char);
  if (!is_proper) throw bad("the boundary is not as RFC 2046 wants it");
  return *boundary;
}

MultipartReader::MultipartReader(const Request& request, MultipartLimits limits)
    : own_body_(request.body_stream == nullptr ? std::make_unique<WholeBody>(request.body)
                                               : nullptr),
      body_(own_body_ ? own_body_.get() : request.body_stream),
      limits_(limits),
      delimiter_("\r\n--" + parse_boundary(content_type_of(request))),
      buffer_("\r\n") {}

// The buffer begins with the line break that the first boundary has no need of: so that all of them
// look the same.
MultipartReader::MultipartReader(std::string_view content_type, BodyStream& body,
                                 MultipartLimits limits)
    : body_(&body),
      limits_(limits),
      delimiter_("\r\n--" + parse_boundary(content_type)),
      buffer_("\r\n") {}

MultipartReader::~MultipartReader() = default;

bool MultipartReader::fill() {
  auto piece = body_->read();
  if (piece.empty()) return false;
  buffer_.erase(0, begin_);
  begin_ = 0;
  buffer_ += piece;
  return true;
}

std::string MultipartReader::take(std::size_t size) {
  auto taken = buffer_.substr(begin_, size);
  begin_ += size;
  return taken;
}

void MultipartReader::count_content(std::size_t size) {
  part_size_ += size;
  total_size_ += size;
  if (part_size_ > limits_.max_part.count()) {
    throw too_large("a part is larger than " + to_string(limits_.max_part));
  }
  if (total_size_ > limits_.max_total.count()) {
    throw too_large("it is larger than " + to_string(limits_.max_total));
  }
}

std::string MultipartReader::read() {
  if (place_ != Place::kContent) return {};
  while (true) {
    const auto found = buffer_.find(delimiter_, begin_);
    // Up to the delimiter, or up to where one may begin that has not arrived wholly.
    const auto keep = delimiter_.size() - 1;
    const auto have = buffer_.size() - begin_;
    const auto ready = found != std::string::npos ? found - begin_ : have - std::min(have, keep);
    if (found == begin_) {
      place_ = Place::kPartEnd;
      return {};
    }
    if (ready > 0) {
      count_content(ready);
      return take(ready);
    }
    if (!fill()) throw bad("it ends in the middle of a part");
  }
}

// After the delimiter: "--" at the end of the form, else blanks and a line break.
void MultipartReader::pass_delimiter() {
  begin_ += delimiter_.size();
  while (buffer_.size() - begin_ < 2) {
    if (!fill()) throw bad("it ends in the middle of a boundary");
  }
  if (buffer_.compare(begin_, 2, "--") == 0) {
    place_ = Place::kFinished;
    while (!body_->read().empty()) {  // the epilogue, which nobody reads
    }
    return;
  }
  if (buffer_[begin_] == '\n') {
    throw bad("its lines end with LF alone; RFC 7578 wants CR LF, as in curl -F");
  }
  header_size_ = 0;
  if (!trim(read_line()).empty()) throw bad("a boundary has something behind it");
  if (++parts_ > limits_.max_parts) {
    throw too_large("it has more than " + std::to_string(limits_.max_parts) + " parts");
  }
  part_size_ = 0;
  place_ = Place::kContent;
}

std::string MultipartReader::read_line() {
  std::size_t searched = begin_;
  while (true) {
    const auto end = buffer_.find("\r\n", searched);
    const auto length = (end == std::string::npos ? buffer_.size() : end) - begin_;
    if (header_size_ + length > limits_.max_part_header.count()) {
      throw too_large("a part's header is larger than " + to_string(limits_.max_part_header));
    }
    if (end != std::string::npos) {
      header_size_ += length + 2;
      auto line = take(length);
      take(2);
      return line;
    }
    const auto have = buffer_.size() - begin_;
    if (!fill()) throw bad("it ends in the middle of a part's header");
    searched = begin_ + have - std::min<std::size_t>(have, 1);
  }
}

PartHeader MultipartReader::read_header() {
  PartHeader part;
  bool has_disposition = false;
  for (auto line = read_line(); !line.empty(); line = read_line()) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) throw bad("a part's header has a line without a colon");
    const auto name = std::string_view(line).substr(0, colon);
    const auto value = trim(std::string_view(line).substr(colon + 1));
    if (equals_ignoring_case(name, "Content-Disposition")) {
      apply_disposition(value, part);
      has_disposition = true;
    } else if (equals_ignoring_case(name, "Content-Type")) {
      part.content_type = std::string(value);
    } else if (equals_ignoring_case(name, "Content-Transfer-Encoding")) {
      check_transfer_encoding(value);
    }
  }
  if (!has_disposition) throw bad("a part has no Content-Disposition");
  return part;
}

std::optional<PartHeader> MultipartReader::next_part() {
  if (place_ == Place::kFinished) return std::nullopt;
  // What stands before the first boundary is skipped as if it were a part.
  if (place_ == Place::kPreamble) place_ = Place::kContent;
  while (place_ == Place::kContent) read();
  pass_delimiter();
  if (place_ == Place::kFinished) return std::nullopt;
  return read_header();
}

const FormPart* Form::find(std::string_view name) const noexcept {
  for (const auto& part : parts) {
    if (part.header.name == name) return &part;
  }
  return nullptr;
}

std::optional<std::string> Form::find_text(std::string_view name) const {
  const auto* part = find(name);
  if (part == nullptr) return std::nullopt;
  return part->content;
}

Form collect_form(MultipartReader& reader) {
  Form form;
  while (auto header = reader.next_part()) {
    FormPart part{*std::move(header), {}};
    for (auto piece = reader.read(); !piece.empty(); piece = reader.read()) part.content += piece;
    form.parts.push_back(std::move(part));
  }
  return form;
}

}  // namespace hailstone::http
