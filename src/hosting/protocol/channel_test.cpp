// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/protocol/channel.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "os/unix_socket.hpp"

namespace hailstone::hosting {
namespace {

using namespace std::chrono_literals;
using inference::SharedBytes;

std::vector<std::byte> bytes(std::size_t size, int seed) {
  std::vector<std::byte> made(size);
  for (std::size_t i = 0; i < size; ++i)
    made[i] = std::byte((i * 31 + static_cast<unsigned>(seed)) & 0xFFU);
  return made;
}

struct Pair {
  explicit Pair(Peer peer = Peer::kUntrusted, std::chrono::milliseconds patience = 10s)
      : Pair(os::make_socket_pair(), peer, patience) {}
  Pair(std::pair<os::UniqueFd, os::UniqueFd> ends, Peer peer, std::chrono::milliseconds patience)
      : near(std::move(ends.first), peer, patience), far(std::move(ends.second), peer, patience) {}
  Channel near;
  Channel far;
};

/// A channel whose other end is a bare socket.
struct HalfPair {
  HalfPair() : HalfPair(os::make_socket_pair()) {}
  explicit HalfPair(std::pair<os::UniqueFd, os::UniqueFd> ends)
      : channel(std::move(ends.first)), socket(std::move(ends.second)) {}

  void write(const void* data, std::size_t size) const {
    ASSERT_EQ(::send(socket.get(), data, size, MSG_NOSIGNAL), static_cast<ssize_t>(size));
  }
  void write(const FrameHeader& header) const {
    const auto encoded = encode_header(header);
    write(encoded.data(), encoded.size());
  }
  void write_with_descriptor(const FrameHeader& header, int descriptor) const {
    auto encoded = encode_header(header);
    iovec vector{encoded.data(), encoded.size()};
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = space;
    message.msg_controllen = sizeof(space);
    cmsghdr* control = CMSG_FIRSTHDR(&message);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(control), &descriptor, sizeof(int));
    ASSERT_GT(::sendmsg(socket.get(), &message, MSG_NOSIGNAL), 0);
  }

  Channel channel;
  os::UniqueFd socket;
};

TEST(Channel, CarriesFramesOfManyParts) {
  Pair pair;
  std::vector<std::vector<std::byte>> pieces;
  Body body{"{\"a\":1}", {}};
  pieces.reserve(200);
  for (int i = 0; i < 200; ++i) pieces.push_back(bytes(static_cast<std::size_t>(i % 7), i));
  std::vector<std::byte> whole;
  for (const auto& piece : pieces) {
    body.parts.emplace_back(piece);
    whole.insert(whole.end(), piece.begin(), piece.end());
  }
  ASSERT_TRUE(pair.near.send(FrameType::kRequest, 42, body));
  ASSERT_TRUE(pair.near.send(FrameType::kCancel, 42));
  const auto first = pair.far.receive();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->type, FrameType::kRequest);
  EXPECT_EQ(first->id, 42U);
  EXPECT_EQ(first->json, body.json);
  EXPECT_EQ(first->payload, SharedBytes(std::move(whole)));
  EXPECT_EQ(pair.far.receive()->type, FrameType::kCancel);
  pair.near.end_sending();
  EXPECT_FALSE(pair.far.receive());
}

TEST(Channel, CarriesLargePayloadsThroughTheSocketAndThroughMemory) {
  for (const bool sharing : {false, true}) {
    Pair pair;
    if (sharing) pair.near.allow_sharing();
    const std::jthread sender([&] {
      for (int i = 0; i < 12; ++i) {
        // Growing and shrinking, more than there are slots, one larger than a slot may be.
        const std::size_t size = i == 7 ? kMaxSlotSize : std::size_t{70'000} * (i % 5 + 1);
        const auto payload = bytes(size, i);
        EXPECT_TRUE(pair.near.send(FrameType::kResult, 1, {"{}", {payload}}));
      }
    });
    for (int i = 0; i < 12; ++i) {
      const auto frame = pair.far.receive();
      ASSERT_TRUE(frame);
      EXPECT_EQ(frame->payload.size(), i == 7 ? kMaxSlotSize : std::size_t{70'000} * (i % 5 + 1));
      EXPECT_TRUE(frame->payload == SharedBytes(bytes(frame->payload.size(), i))) << i;
    }
  }
}

TEST(Channel, FallsBackToTheSocketWhenNoSlotIsFree) {
  // Four payloads fill the slots; as nobody has read them, the fifth goes through the socket.
  Pair pair;
  pair.near.allow_sharing();
  const SharedBytes payload = bytes(100'000, 3);
  const Body body{"", {payload}};
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(pair.near.send(FrameType::kResult, 1, body));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(pair.far.receive()->payload, payload);
  ASSERT_TRUE(pair.near.send(FrameType::kResult, 1, body));
  EXPECT_EQ(pair.far.receive()->payload, payload);
}

TEST(Channel, WhatATrustedPeerSentStaysWhereItIsUntilItIsLetGo) {
  Pair pair(Peer::kTrusted);
  pair.near.allow_sharing();
  const auto send = [&](int seed) {
    const auto payload = bytes(100'000, seed);
    ASSERT_TRUE(pair.near.send(FrameType::kRequest, 1, {"", {payload}}));
  };
  send(1);
  auto first = pair.far.receive()->payload;
  const void* where = first.data();
  for (int seed = 2; seed < 9; ++seed) {
    send(seed);
    EXPECT_EQ(pair.far.receive()->payload, SharedBytes(bytes(100'000, seed)));
  }
  EXPECT_EQ(first, SharedBytes(bytes(100'000, 1))) << "nothing was written over it";
  first = {};
  send(9);
  EXPECT_EQ(pair.far.receive()->payload.data(), where) << "its slot is free again";
}

TEST(Channel, WhatAnUntrustedPeerMayWriteToIsCopied) {
  constexpr std::size_t kSize = 4096;
  const os::UniqueFd memory(::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(::ftruncate(memory.get(), kSize), 0);
  ASSERT_EQ(::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK), 0);
  Mapping theirs(os::UniqueFd(::dup(memory.get())), kSize);
  HalfPair pair;
  pair.write_with_descriptor({FrameType::kResult, kFlagShared | kFlagNewMemory, 0, 1, 0, 100},
                             memory.get());
  const auto frame = pair.channel.receive();
  ASSERT_TRUE(frame);
  std::memset(theirs.payload(), 7, 100);
  EXPECT_EQ(frame->payload, SharedBytes(std::vector<std::byte>(100)));
}

TEST(Channel, FramesOfManyThreadsDoNotMix) {
  Pair pair;
  pair.near.allow_sharing();
  constexpr int kThreads = 4;
  constexpr int kFrames = 50;
  std::vector<std::jthread> senders;
  for (std::uint32_t t = 0; t < kThreads; ++t) {
    senders.emplace_back([&, t] {
      for (int i = 0; i < kFrames; ++i) {
        const auto payload = bytes(t % 2 == 0 ? 100 : 100'000, static_cast<int>(t));
        EXPECT_TRUE(pair.near.send(FrameType::kChunk, t, {std::string(t, 'x'), {payload}}));
      }
    });
  }
  for (int i = 0; i < kThreads * kFrames; ++i) {
    const auto frame = pair.far.receive();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->json.size(), frame->id);
    EXPECT_EQ(frame->payload,
              SharedBytes(bytes(frame->id % 2 == 0 ? 100 : 100'000, static_cast<int>(frame->id))));
  }
}

TEST(Channel, RefusesWhatIsNoFrame) {
  for (const std::string garbage : {"GET / HTTP/1.1\r\n\r\n", "H\x0Cxxxxxxxxxxxxxx",
                                    "H\x01\x04xxxxxxxxxxxxx", "HHHHHHHHHHHHHHHH"}) {
    ASSERT_GE(garbage.size(), kHeaderSize);
    HalfPair pair;
    pair.write(garbage.data(), kHeaderSize);
    EXPECT_THROW(pair.channel.receive(), Error);
  }
}

TEST(Channel, RefusesSizesOverTheLimit) {
  HalfPair pair;
  pair.write(FrameHeader{FrameType::kResult, 0, 0, 1, kMaxJson + 1, 0});
  EXPECT_THROW(pair.channel.receive(), Error);
  HalfPair other;
  other.write(FrameHeader{FrameType::kResult, 0, 0, 1, 0, kMaxPayload + 1});
  EXPECT_THROW(other.channel.receive(), Error);
}

TEST(Channel, ALieAboutTheSizeTakesNoMemory) {
  HalfPair pair;
  pair.write(FrameHeader{FrameType::kResult, 0, 0, 1, 0, kMaxPayload});
  pair.write("only this", 9);
  pair.socket.reset();
  EXPECT_FALSE(pair.channel.receive());
}

TEST(Channel, RefusesMemoryThatWasNotSharedOrCouldShrink) {
  const FrameHeader shared{FrameType::kResult, kFlagShared, 2, 1, 0, 100};
  HalfPair unshared;
  unshared.write(shared);
  EXPECT_THROW(unshared.channel.receive(), Error);

  FrameHeader fresh = shared;
  fresh.flags = kFlagShared | kFlagNewMemory;
  HalfPair without_descriptor;
  without_descriptor.write(fresh);
  EXPECT_THROW(without_descriptor.channel.receive(), Error);

  const os::UniqueFd unsealed(::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(::ftruncate(unsealed.get(), 4096), 0);
  HalfPair shrinkable;
  shrinkable.write_with_descriptor(fresh, unsealed.get());
  EXPECT_THROW(shrinkable.channel.receive(), Error);

  ASSERT_EQ(::fcntl(unsealed.get(), F_ADD_SEALS, F_SEAL_SHRINK), 0);
  HalfPair sealed;
  sealed.write_with_descriptor(fresh, unsealed.get());
  EXPECT_EQ(sealed.channel.receive()->payload.size(), 100U);
  FrameHeader too_long = shared;
  too_long.payload_size = 4096;
  sealed.write(too_long);
  EXPECT_THROW(sealed.channel.receive(), Error);
}

TEST(Channel, UnaskedDescriptorsDoNotStayOpen) {
  const auto count = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  HalfPair pair;
  const auto before = count();
  for (int i = 0; i < 10; ++i) {
    pair.write_with_descriptor(FrameHeader{FrameType::kPong, 0, 0, 1, 0, 0}, 0);
    ASSERT_TRUE(pair.channel.receive());
  }
  EXPECT_EQ(count(), before);
}

TEST(Channel, APeerThatTakesNothingCountsAsGone) {
  Pair pair(Peer::kUntrusted, 50ms);
  const auto payload = bytes(8 << 20, 1);
  EXPECT_FALSE(pair.near.send(FrameType::kRequest, 1, {"", {payload}}));
  EXPECT_FALSE(pair.near.send(FrameType::kRequest, 1));
  EXPECT_FALSE(pair.near.receive());
}

TEST(Channel, SendingToAClosedSocketIsNoSignal) {
  HalfPair pair;
  pair.socket.reset();
  EXPECT_FALSE(pair.channel.send(FrameType::kPing, 0));
}

}  // namespace
}  // namespace hailstone::hosting
