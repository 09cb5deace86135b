// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/protocol/channel.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstring>

#include "os/system_error.hpp"

namespace hailstone::hosting {
namespace {

constexpr std::size_t kMaxPieces = 64;  // per system call
/// A lying header must not make us take memory that never gets filled.
constexpr std::size_t kReadStep = std::size_t{1} << 20;

union DescriptorMessage {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];
};

void attach_descriptor(msghdr& message, DescriptorMessage& space, int descriptor) noexcept {
  std::memset(&space, 0, sizeof(space));
  message.msg_control = space.bytes;
  message.msg_controllen = sizeof(space.bytes);
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
}

/// The first one; a peer that sends more than one does not get us to keep them open.
os::UniqueFd detach_descriptor(msghdr& message) noexcept {
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  os::UniqueFd first;
  if (header == nullptr || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
    return first;
  }
  for (std::size_t at = CMSG_LEN(0); at + sizeof(int) <= header->cmsg_len; at += sizeof(int)) {
    int descriptor = -1;
    std::memcpy(&descriptor, reinterpret_cast<const char*>(header) + at, sizeof(int));
    os::UniqueFd received(descriptor);
    if (!first) first = std::move(received);
  }
  return first;
}

std::size_t total_size(const std::vector<std::span<const std::byte>>& parts) noexcept {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  return size;
}

/// Takes what was sent off the front.
void drop_front(std::vector<std::span<const std::byte>>& pieces, std::size_t& first,
                std::size_t sent) noexcept {
  while (first < pieces.size() && sent >= pieces[first].size()) sent -= pieces[first++].size();
  if (sent > 0) pieces[first] = pieces[first].subspan(sent);
}

}  // namespace

void Channel::check_size(const Body& body) {
  const auto check = [](std::size_t size, std::size_t most, const char* what) {
    if (size <= most) return;
    throw Error(ErrorCode::kTooLarge, "the request is too large for an engine host",
                "its " + std::string(what) + " has " + std::to_string(size) + " bytes, " +
                    std::to_string(most) + " are possible");
  };
  check(total_size(body.parts), kMaxPayload, "payload");
  check(body.json.size(), kMaxJson, "JSON");
}

bool Channel::send(FrameType type, std::uint32_t id, const Body& body) {
  check_size(body);
  const std::size_t payload_size = total_size(body.parts);
  FrameHeader header{type,
                     0,
                     0,
                     id,
                     static_cast<std::uint32_t>(body.json.size()),
                     static_cast<std::uint32_t>(payload_size)};
  const MutexLock lock(send_mutex_);
  if (is_broken_) return false;
  int descriptor = -1;
  if (sharing_ && payload_size >= kSharingThreshold) {
    if (const auto placed = slots_out_.place(body.parts, payload_size)) {
      header.flags = placed->new_memory >= 0 ? kFlagShared | kFlagNewMemory : kFlagShared;
      header.slot = placed->slot;
      descriptor = placed->new_memory;
    }
  }
  const HeaderBytes header_bytes = encode_header(header);
  std::vector<std::span<const std::byte>> pieces{header_bytes, std::as_bytes(std::span(body.json))};
  if (header.flags == 0) pieces.insert(pieces.end(), body.parts.begin(), body.parts.end());
  if (send_bytes(std::move(pieces), descriptor)) return true;
  is_broken_ = true;
  shut_down();
  return false;
}

bool Channel::send_bytes(std::vector<std::span<const std::byte>> pieces, int descriptor) {
  std::size_t first = 0;
  drop_front(pieces, first, 0);
  while (first < pieces.size()) {
    std::array<iovec, kMaxPieces> vectors;
    const std::size_t count = std::min(pieces.size() - first, kMaxPieces);
    for (std::size_t i = 0; i < count; ++i) {
      const auto piece = pieces[first + i];
      vectors[i] = {const_cast<std::byte*>(piece.data()), piece.size()};
    }
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    DescriptorMessage space;
    if (descriptor >= 0) attach_descriptor(message, space, descriptor);
    const ssize_t sent = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      descriptor = -1;
      drop_front(pieces, first, static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (!wait_until_writable()) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool Channel::wait_until_writable() const noexcept {
  pollfd writable{socket_.get(), POLLOUT, 0};
  return ::poll(&writable, 1, static_cast<int>(patience_.count())) > 0;
}

std::optional<Frame> Channel::receive() {
  HeaderBytes header_bytes;
  os::UniqueFd descriptor;
  if (!read_exactly(header_bytes, &descriptor)) return std::nullopt;
  const FrameHeader header = parse_header(header_bytes);
  Frame frame{header.type, header.id, {}, {}};
  if (!read_growing(frame.json, header.json_size)) return std::nullopt;
  if ((header.flags & kFlagShared) == 0) {
    std::vector<std::byte> payload;
    if (!read_growing(payload, header.payload_size)) return std::nullopt;
    frame.payload = std::move(payload);
    return frame;
  }
  if ((header.flags & kFlagNewMemory) != 0) slots_in_.adopt(header.slot, std::move(descriptor));
  frame.payload = slots_in_.take(header.slot, header.payload_size);
  return frame;
}

bool Channel::read_exactly(std::span<std::byte> bytes, os::UniqueFd* descriptor) {
  while (!bytes.empty()) {
    iovec vector{bytes.data(), bytes.size()};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    DescriptorMessage space;
    if (descriptor != nullptr) {
      message.msg_control = space.bytes;
      message.msg_controllen = sizeof(space.bytes);
    }
    const ssize_t got = ::recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    if (descriptor != nullptr && message.msg_controllen > 0) {
      *descriptor = detach_descriptor(message);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

template <typename Bytes>
bool Channel::read_growing(Bytes& bytes, std::size_t size) {
  bytes.reserve(size);
  while (bytes.size() < size) {
    const std::size_t begin = bytes.size();
    bytes.resize(std::min(size, begin + kReadStep));
    if (!read_exactly(std::as_writable_bytes(std::span(bytes).subspan(begin)))) return false;
  }
  return true;
}

void Channel::shut_down() noexcept {
  ::shutdown(socket_.get(), SHUT_RDWR);
}

void Channel::end_sending() noexcept {
  ::shutdown(socket_.get(), SHUT_WR);
}

}  // namespace hailstone::hosting
