// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the wire files of this room share: the pieces that a request is read from.

#include "hosting/protocol/wire.hpp"
#include "hosting/protocol/wire_json.hpp"

namespace hailstone::hosting {

/// {"op":...,"model":...,"time_left_ms":...}
Json head_of(const CallHead& head, const char* operation);

Load load_from(const Json& json);
Describe describe_from(const Json& json);
Estimate estimate_from(const Json& json);
inference::TextRequest text_request_from(const Json& json, PayloadReader& payload);
Embed embed_from(const Json& json);
Rank rank_from(const Json& json);
Detokenize detokenize_from(const Json& json);
inference::ChatPrompt chat_prompt_from(const Json& json, PayloadReader& payload);
std::vector<inference::Tensor> tensors_from(const Json& json, PayloadReader& payload);
inference::HearRequest hear_request_from(const Json& json, PayloadReader& payload);
Listen listen_from(const Json& json);
inference::SayRequest say_request_from(const Json& json);
Invoke invoke_from(const Json& json, PayloadReader& payload);
ReadImage read_image_from(const Json& json, PayloadReader& payload);

Json json_of(const inference::HearAbilities& abilities);
inference::HearAbilities hear_abilities_from(const Json& json);
Json json_of(const inference::Voice& voice);
inference::Voice voice_from(const Json& json);
Json json_of(const inference::TensorInfo& info);
inference::TensorInfo tensor_info_from(const Json& json);

}  // namespace hailstone::hosting
