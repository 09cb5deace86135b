// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// SHA-256 digests, which name the blobs of a store, and the names of files made from them.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::core {

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// The same, piece by piece. Movable; owned by one thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void add(std::string_view bytes);
  /// Once, at the end.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// "sha256:<64 hex>" or "sha256-<64 hex>", nothing else: what comes out of here is safe in a path.
/// Gives the 64 digits in lower case.
std::optional<std::string> find_digest_hex(std::string_view digest);

/// Every digest that stands in a text, whatever the text is, as 64 digits. For finding out what an
/// unreadable manifest may still refer to.
std::vector<std::string> digests_in(std::string_view text);

/// The one function that turns a digest into a path. Nothing for a text that is not a digest.
std::optional<std::filesystem::path> find_blob_path(const std::filesystem::path& root,
                                                    std::string_view digest);

/// What a file in the folder of the blobs is, by its name.
struct BlobFileName {
  enum class Kind {
    kBlob,
    kPartial,   ///< a download that can be resumed, or a part's state: Ollama's names
    kBad,       ///< moved aside: its bytes are not what its name says
    kIncoming,  ///< a BlobWriter's
    kOther,
  };
  Kind kind = Kind::kOther;
  std::string hex;  ///< not for the last two
};
BlobFileName read_blob_file_name(std::string_view name);

/// Where a blob goes whose bytes are not what its name says.
std::filesystem::path bad_blob_path(const std::filesystem::path& blob);

/// A name for one that has none yet.
std::filesystem::path incoming_blob_path(const std::filesystem::path& root);

std::filesystem::path blobs_folder(const std::filesystem::path& root);

}  // namespace hailstone::core
