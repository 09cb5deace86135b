// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The commands that change which models are there. All throw what Service throws; Ctrl-C ends them
// with Error(kCancelled).

#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/term/progress.hpp"

namespace hailstone::cli {

enum class Direction { kPull, kPush };

struct TransferRequest {
  std::string model;
  bool insecure = false;
};
void transfer_model(const CommandContext& context, Direction direction,
                    const TransferRequest& request);

struct CreateRequest {
  std::string model;
  std::string file = "Modelfile";  ///< "-": from in
  std::string quantize;
};
/// Files that the Modelfile names are uploaded; their paths are relative to it.
void create_model(const CommandContext& context, const CreateRequest& request);

void copy_model(const CommandContext& context, const std::string& source,
                const std::string& destination);

void remove_models(const CommandContext& context, const std::vector<std::string>& models);

enum class FsckPart { kRepair, kReport };
/// Prints what is wrong in the service's store and what to do. False if anything is.
bool check_store(const CommandContext& context, FsckPart part);

/// Empty: as the file says, or as the service finds out.
struct ImportRequest {
  std::string file;
  std::string name;  ///< empty: asked for, or the file's
  std::string task;
  std::string engine;
  std::vector<std::string> files;  ///< further ones: "recogniser=rec.onnx"

  // How a network is read.
  std::string manifest;  ///< a file of the catalogue's form that says all of this
  std::string decoder;
  std::string input;   ///< "640x480": width and height; "640": both
  std::string layout;  ///< "nchw", "nhwc"
  std::string color;   ///< "rgb", "bgr", "gray"
  std::string resize;  ///< "letterbox", ...
  std::vector<double> mean;
  std::vector<double> std;
  std::string labels;   ///< a file, or a label set of the catalogue
  std::string anchors;  ///< a file: x y width height in each line
};
/// Prints one line: what was imported, and what it was taken for.
void import_file(const CommandContext& context, const ImportRequest& request);

/// POSTs to a route that tells how far it is, and shows it. Gives the last line.
Json follow(const CommandContext& context, const std::string& target, const Json& body,
            ProgressView& view, const RunContext& run);

}  // namespace hailstone::cli
