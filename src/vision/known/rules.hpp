// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Each knows one family of networks, or nothing.

#include <optional>

#include "vision/known/network.hpp"

namespace hailstone::vision {

using Known = std::optional<KnownNetwork>;
using Rule = Known (*)(const Network&);

// rules_boxes.cpp
Known recognise_hailo_nms(const Network& network);
Known recognise_named_boxes(const Network& network);
Known recognise_ultralytics(const Network& network);
Known recognise_yolo_table(const Network& network);
Known recognise_raw_maps(const Network& network);
// rules_faces.cpp
Known recognise_named_faces(const Network& network);
Known recognise_shaped_faces(const Network& network);
Known recognise_embedding(const Network& network);
// rules_pixels.cpp
Known recognise_depth(const Network& network);
Known recognise_semantic(const Network& network);
Known recognise_text(const Network& network);
// rules_other.cpp
Known recognise_voice_activity(const Network& network);
Known recognise_clip(const Network& network);
Known recognise_classifier(const Network& network);
// as_said.cpp
/// What its user says of a network that no rule knows, as far as its tensors allow; nothing where
/// the user says nothing, or too little.
Known describe_as_said(const Network& network);

/// Whether its file was written by Ultralytics' exporter, or says what that would say.
bool is_ultralytics(const Network& network);

}  // namespace hailstone::vision
