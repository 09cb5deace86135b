// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/protobuf.hpp"

#include <istream>

#include "base/error.hpp"

namespace hailstone::formats {
namespace {

constexpr std::uint64_t kLongestText = 1 << 20;

[[noreturn]] void refuse() {
  throw Error(ErrorCode::kBadRequest, "the file is broken, or of another format than it should be");
}

}  // namespace

ProtobufWalker::ProtobufWalker(std::istream& in) : in_(in) {
  in_.seekg(0, std::ios::end);
  const auto end = in_.tellg();
  if (end < 0) refuse();
  size_ = position_ = static_cast<std::uint64_t>(end);
}

void ProtobufWalker::each_field(ProtobufRange message,
                                const std::function<void(const ProtobufField&)>& take) {
  for (std::uint64_t at = message.begin; at < message.end;) {
    const ProtobufField field = read_field(at, message.end);
    take(field);
  }
}

void ProtobufWalker::each_message(ProtobufRange message, std::uint64_t number,
                                  const std::function<void(ProtobufRange)>& take) {
  each_field(message, [&](const ProtobufField& field) {
    if (field.number == number && field.range) take(*field.range);
  });
}

void ProtobufWalker::each_number(ProtobufRange packed,
                                 const std::function<void(std::uint64_t)>& take) {
  for (std::uint64_t at = packed.begin; at < packed.end;) take(number(at, packed.end));
}

std::string ProtobufWalker::text(ProtobufRange range) {
  if (range.size() > kLongestText) return {};
  std::string out(range.size(), '\0');
  go_to(range.begin);
  in_.read(out.data(), static_cast<std::streamsize>(out.size()));
  if (static_cast<std::uint64_t>(in_.gcount()) != out.size()) refuse();
  position_ = range.end;
  return out;
}

/// A seek throws the stream's buffer away.
void ProtobufWalker::go_to(std::uint64_t position) {
  if (position == position_ && in_) return;
  in_.clear();
  in_.seekg(static_cast<std::streamoff>(position));
  position_ = position;
}

std::uint64_t ProtobufWalker::number(std::uint64_t& at, std::uint64_t end) {
  go_to(at);
  std::uint64_t out = 0;
  for (unsigned shift = 0; shift < 64 && at < end; shift += 7) {
    const int byte = in_.get();
    if (byte < 0) refuse();
    ++at;
    ++position_;
    out |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return out;
  }
  refuse();
}

ProtobufField ProtobufWalker::read_field(std::uint64_t& at, std::uint64_t end) {
  enum Wire : std::uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };
  const std::uint64_t tag = number(at, end);
  ProtobufField field;
  field.number = tag >> 3;
  std::uint64_t size = 0;
  switch (tag & 7) {
    case kVarint:
      field.value = number(at, end);
      return field;
    case kFixed64:
      size = 8;
      break;
    case kFixed32:
      size = 4;
      break;
    case kBytes:
      size = number(at, end);
      break;
    default:
      refuse();
  }
  if (size > end - at) refuse();
  field.range = ProtobufRange{at, at + size};
  at += size;
  return field;
}

}  // namespace hailstone::formats
