// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/outbox.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace hailstone::http {
namespace {

constexpr std::size_t kMergeBelow = 16 << 10;
constexpr std::size_t kBlocksAtOnce = 16;

}  // namespace

void Outbox::push(std::string bytes) {
  if (bytes.empty()) return;
  size_ += bytes.size();
  if (!blocks_.empty() && blocks_.back().size() + bytes.size() <= kMergeBelow) {
    blocks_.back() += bytes;
  } else {
    blocks_.push_back(std::move(bytes));
  }
}

Outbox::Flush Outbox::flush(int socket) {
  while (!blocks_.empty()) {
    std::array<iovec, kBlocksAtOnce> vectors{};
    const auto count = std::min(blocks_.size(), vectors.size());
    for (std::size_t i = 0; i < count; ++i) {
      vectors[i] = {blocks_[i].data(), blocks_[i].size()};
    }
    vectors[0] = {blocks_[0].data() + sent_, blocks_[0].size() - sent_};
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    const auto sent = ::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
      drop_front(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return Flush::kBlocked;
    } else if (errno != EINTR) {
      clear();
      return Flush::kFailed;
    }
  }
  return Flush::kDone;
}

void Outbox::drop_front(std::size_t sent) {
  size_ -= sent;
  sent_ += sent;
  while (!blocks_.empty() && sent_ >= blocks_.front().size()) {
    sent_ -= blocks_.front().size();
    blocks_.pop_front();
  }
}

void Outbox::clear() noexcept {
  blocks_.clear();
  sent_ = 0;
  size_ = 0;
}

}  // namespace hailstone::http
