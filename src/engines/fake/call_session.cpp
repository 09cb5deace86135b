// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/fake/sessions.hpp"

namespace hailstone::engines::fake {

std::vector<std::string> FakeCall::methods() const {
  return {"echo"};
}

inference::CallValue FakeCall::call(const inference::CallRequest& request,
                                    inference::CallSource* input,
                                    const inference::OnCallValue& on_value, const RunContext& run) {
  if (request.method != "echo") {
    throw Error(ErrorCode::kNotFound, "no method '" + request.method + "'", "methods: echo");
  }
  Run steps(life_, run);
  steps.step();
  while (input != nullptr) {
    auto value = input->take(run);
    if (!value) break;
    steps.step();
    if (on_value) on_value(std::move(*value));
  }
  return request.arguments;
}

}  // namespace hailstone::engines::fake
