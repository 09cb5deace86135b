// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// multipart/form-data (RFC 7578), pulled part by part while the body still arrives: memory holds
// one piece, however large a file is. For small forms, collect_form() reads all of it.
//
//   MultipartReader reader(request);
//   while (auto part = reader.next_part()) {
//     if (part->name == "audio") for (auto piece = reader.read(); !piece.empty(); ...)
//   }

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_size.hpp"
#include "http/message.hpp"

namespace hailstone::http {

struct MultipartLimits {
  int max_parts = 64;
  ByteSize max_part_header = ByteSize::kib(8);
  ByteSize max_part = ByteSize::gib(4);   ///< the route's max_body counts besides
  ByteSize max_total = ByteSize::gib(4);  ///< contents only
};

struct PartHeader {
  std::string name;
  std::optional<std::string> filename;
  std::string content_type = "text/plain";  ///< what RFC 7578 says where the client says nothing
};

/// The boundary from a Content-Type, unquoted. Throws Error(kBadRequest) if that is no multipart
/// form or its boundary is not as RFC 2046 wants it.
std::string parse_boundary(std::string_view content_type);

/// Belongs to the handler's thread. Throws Error(kBadRequest) for what is no proper form,
/// Error(kTooLarge) beyond a limit, kUnsupported for a transfer encoding, and what the body's
/// stream throws.
class MultipartReader {
 public:
  /// Of either body mode. The request outlives the reader.
  explicit MultipartReader(const Request& request, MultipartLimits limits = {});
  MultipartReader(std::string_view content_type, BodyStream& body, MultipartLimits limits = {});
  ~MultipartReader();
  MultipartReader(const MultipartReader&) = delete;
  MultipartReader& operator=(const MultipartReader&) = delete;

  /// The next part; what is unread of the one before is skipped. Nothing after the last one; then
  /// the body has been read to its end.
  std::optional<PartHeader> next_part();
  /// The next bytes of the part; empty at its end.
  std::string read();

 private:
  enum class Place { kPreamble, kContent, kPartEnd, kFinished };

  bool fill();
  std::string take(std::size_t size);
  void pass_delimiter();
  PartHeader read_header();
  std::string read_line();
  void count_content(std::size_t size);

  std::unique_ptr<BodyStream> own_body_;
  BodyStream* body_;
  MultipartLimits limits_;
  std::string delimiter_;  // "\r\n--boundary"
  std::string buffer_;
  std::size_t begin_ = 0;  // of what is not taken yet
  Place place_ = Place::kPreamble;
  int parts_ = 0;
  std::uint64_t part_size_ = 0;
  std::uint64_t total_size_ = 0;
  std::size_t header_size_ = 0;
};

struct FormPart {
  PartHeader header;
  std::string content;
};

struct Form {
  std::vector<FormPart> parts;  ///< in the client's order

  /// The first one of that name.
  const FormPart* find(std::string_view name) const noexcept;
  std::optional<std::string> find_text(std::string_view name) const;
};

/// All of it, in memory: max_total is the memory it may take.
Form collect_form(MultipartReader& reader);

}  // namespace hailstone::http
