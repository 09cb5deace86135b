// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A model in a host, with sessions that send their work there.

#include <memory>

#include "hosting/protocol/wire.hpp"
#include "hosting/remote_calls.hpp"
#include "inference/engine.hpp"

namespace hailstone::hosting {

/// loaded: what the host said of the model.
std::unique_ptr<inference::Model> make_remote_model(std::unique_ptr<RemoteCalls> calls,
                                                    LoadedModel loaded);

}  // namespace hailstone::hosting
