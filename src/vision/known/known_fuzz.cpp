// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any names, shapes and metadata are a known network or none.

#include "fuzz/attempt.hpp"
#include "fuzz/tensors.hpp"
#include "vision/known/class_names.hpp"
#include "vision/known/recognise.hpp"

using namespace hailstone;
using namespace hailstone::vision;

namespace {

std::vector<inference::TensorInfo> make_infos(fuzz::Bytes& bytes) {
  std::vector<inference::TensorInfo> infos(bytes.byte() % 14);
  for (auto& info : infos) {
    info.name = bytes.text(bytes.byte() % 24);
    info.type = static_cast<inference::ElementType>(bytes.byte() % 6);
    for (int rank = bytes.byte() % 6; rank > 0; --rank) {
      const auto extent = bytes.word();
      info.shape.push_back(extent == 65535 ? -1 : extent);
    }
  }
  return infos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const auto inputs = make_infos(bytes);
  const auto outputs = make_infos(bytes);
  const std::string task = bytes.text(bytes.byte() % 16);
  const std::string names = bytes.text(bytes.left());
  const auto known = recognise(inputs, outputs, {{{"task", task}, {"names", names}}, 0, {}, {}});
  fuzz::require(!known || (!known->task.empty() && !known->decoder.empty()));
  parse_class_names({reinterpret_cast<const char*>(data), size});
  return 0;
}
