// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whatever has no session of its own: a method by name, JSON and bytes in and out. Programs that
// run as workers of the daemon have nothing else.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "inference/shared_bytes.hpp"

namespace hailstone::inference {

struct Blob {
  std::string name;        ///< "image"
  std::string media_type;  ///< "image/jpeg"
  SharedBytes data;
};

/// A JSON value as text, and bytes that go with it.
struct CallValue {
  std::string json = "null";
  std::vector<Blob> blobs{};
};

struct CallRequest {
  std::string method;
  CallValue arguments;
};

/// Input that goes on after the request. It may be asked on a thread other than the caller's.
class CallSource {
 public:
  virtual ~CallSource() = default;
  /// The next one, waited for; nothing at the end, and it is not called again. Throws as
  /// RunContext::check does, and what happened to whoever brings it: that comes out of call().
  virtual std::optional<CallValue> take(const RunContext& run) = 0;
};

/// Called on the thread that runs call(); may throw to call the run off, may block.
using OnCallValue = std::function<void(CallValue&&)>;

/// Thread-safe.
class CallSession {
 public:
  virtual ~CallSession() = default;
  virtual std::vector<std::string> methods() const = 0;
  /// input: null where the request is all. What is emitted on the way and each piece of input is
  /// bounded (4 MiB), the request and the result are not. Throws kNotFound (method), kBadRequest,
  /// kTooLarge, kUnsupported (input), kTimeout, kCancelled, kEngineFailed.
  virtual CallValue call(const CallRequest& request, CallSource* input, const OnCallValue& on_value,
                         const RunContext& run) = 0;
};

}  // namespace hailstone::inference
