// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/blobs/files.hpp"
#include "services/library/library/assembly/creation.hpp"

namespace hailstone::library {
namespace {

namespace fs = std::filesystem;

/// What the tool writes, until it has become a blob.
class IncomingFile {
 public:
  explicit IncomingFile(const fs::path& root) : path_(core::incoming_blob_path(root)) {
    core::ensure_folder(path_.parent_path());
  }
  ~IncomingFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  IncomingFile(const IncomingFile&) = delete;
  IncomingFile& operator=(const IncomingFile&) = delete;
  const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

/// Hashed and written by the one who makes all blobs.
core::Blob make_blob(const fs::path& root, const fs::path& file, const RunContext& run) {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  core::BlobWriter writer(root, {std::nullopt, ByteSize::bytes(fs::file_size(file))});
  std::ifstream in = core::open_stream(file);
  std::string piece(kPiece, '\0');
  while (in.read(piece.data(), kPiece) || in.gcount() > 0) {
    run.check();
    writer.write({piece.data(), static_cast<std::size_t>(in.gcount())});
  }
  return writer.commit();
}

}  // namespace

void Creation::quantize() {
  if (task_.quantize.empty()) return;
  core::Layer& layer = *find_layer("model");
  const auto before = describe(layer);
  const std::string type = to_upper(task_.quantize);
  if (before.quantization == type) return;
  if (before.quantization != "F16" && before.quantization != "F32" &&
      before.quantization != "BF16") {
    throw Error(ErrorCode::kBadRequest, "quantization is only supported for F16 and F32 models",
                "this one is " + before.quantization);
  }
  layer = quantized(layer, before.quantization, type);
  note_facts(describe(layer));
}

core::Layer Creation::quantized(const core::Layer& layer, const std::string& from,
                                const std::string& to) {
  const IncomingFile file(writer_.root());
  core::require_room(file.path().parent_path(), layer.size);
  // Ollama's command line draws a bar for what has a digest, and this one it knows.
  Progress progress{"quantizing " + from + " model to " + to, std::string(19, '0'),
                    layer.size.count(), 0};
  models_.runtime().find_engine("llama")->quantize(
      {layer.path, file.path(), to},
      [&](double fraction) {
        progress.completed =
            static_cast<std::uint64_t>(fraction * static_cast<double>(progress.total));
        on_progress_(progress);
      },
      run_);
  const core::Blob blob = make_blob(writer_.root(), file.path(), run_);
  assembly_.hold(blob.digest);
  report("creating new layer " + blob.digest);
  core::Layer out;
  out.media_type = layer.media_type;
  out.digest = blob.digest;
  out.size = blob.size;
  out.path = blob.path;
  return out;
}

}  // namespace hailstone::library
