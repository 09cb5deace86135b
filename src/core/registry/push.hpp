// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Blobs and manifests on their way to a registry.

#include "core/registry/part_download.hpp"
#include "core/registry/session.hpp"
#include "core/store/store.hpp"

namespace hailstone::core {

/// Nothing is sent that the registry has, or can take over from the model that the layer came from.
/// on_bytes is called on this thread. Throws as RegistrySession::call() does.
void push_blob(RegistrySession& session, const Layer& blob, const RunContext& run,
               const OnBytes& on_bytes);

void push_manifest(RegistrySession& session, const StoredModel& model, const RunContext& run);

}  // namespace hailstone::core
