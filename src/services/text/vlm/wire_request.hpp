// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a form, or JSON, with pictures and a prompt to a task. Pure.

#include "services/text/chat/task.hpp"
#include "services/vision/picture/upload/picture_request.hpp"

namespace hailstone::vlm {

/// Fields: prompt, and model, system, stream, max_tokens, temperature, seed, think, region, detail.
/// Throws Error(kBadRequest) that names the field.
chat::GenerateTask make_task(picture::PictureRequest request);

}  // namespace hailstone::vlm
