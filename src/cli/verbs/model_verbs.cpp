// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Models: which there are, and what becomes of them.

#include <CLI/CLI.hpp>
#include <utility>

#include "cli/models/library.hpp"
#include "cli/verbs/verb.hpp"

namespace hailstone::cli {
namespace {

struct ListRequest {
  bool json = false;
};
struct CatalogCommand {
  CatalogRequest wanted;
  bool json = false;
};
struct BenchCommand {
  BenchRequest wanted;
  bool json = false;
};
struct ShowRequest {
  std::string model;
  ShowPart part = ShowPart::kAll;
};
struct StopRequest {
  std::string model;
};
struct CopyRequest {
  std::string source;
  std::string destination;
};
struct RemoveRequest {
  std::vector<std::string> models;
};
struct FsckRequest {
  FsckPart part = FsckPart::kRepair;
};

Output output_of(bool json) {
  return json ? Output::kJson : Output::kTable;
}

void add_list(CLI::App& app, ListRequest& request) {
  app.add_flag("--json", request.json, "print JSON");
}

int list(Invocation& invocation, const ListRequest& request) {
  list_models(invocation.context(), output_of(request.json));
  return kOk;
}

int ps(Invocation& invocation, const ListRequest& request) {
  list_loaded(invocation.context(), output_of(request.json));
  return kOk;
}

void add_catalog(CLI::App& app, CatalogCommand& request) {
  app.add_option("TASK", request.wanted.task, "only what does this: chat, detect, transcribe, ...");
  app.add_option("--engine", request.wanted.engine, "only what this engine runs")
      ->type_name("ENGINE");
  app.add_flag("--json", request.json, "print JSON");
}

int catalog(Invocation& invocation, const CatalogCommand& request) {
  list_catalog(invocation.context(), request.wanted, output_of(request.json));
  return kOk;
}

void add_bench(CLI::App& app, BenchCommand& request) {
  app.add_option("MODEL", request.wanted.model,
                 "name of the model; without it only what was measured before is shown");
  app.add_option("--engine", request.wanted.engine, "its variant for this engine")
      ->type_name("ENGINE");
  app.add_option("--runs", request.wanted.runs, "how often, after the runs that warm it up")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  app.add_flag("--all", request.wanted.all, "every variant that is installed");
  app.add_flag("--json", request.json, "print JSON");
}

int bench(Invocation& invocation, const BenchCommand& request) {
  bench_model(invocation.context(), request.wanted, output_of(request.json));
  return kOk;
}

void add_show(CLI::App& app, ShowRequest& request) {
  app.add_option("MODEL", request.model, "name of the model")->required();
  struct Flag {
    const char* flag;
    ShowPart part;
    const char* what;
  };
  constexpr Flag kFlags[] = {
      {"--modelfile", ShowPart::kModelfile, "only the Modelfile that makes it again"},
      {"--template", ShowPart::kTemplate, "only what writes its prompts"},
      {"--parameters", ShowPart::kParameters, "only its parameters"},
      {"--license", ShowPart::kLicense, "only its licence"},
      {"--system", ShowPart::kSystem, "only what it is told first"},
      {"--json", ShowPart::kJson, "all that the service knows, as JSON"}};
  auto* parts = app.add_option_group("parts", "at most one of")->require_option(0, 1);
  for (const auto& [flag, part, what] : kFlags) {
    parts->add_flag_callback(
        flag, [&request, chosen = part] { request.part = chosen; }, what);
  }
}

int show(Invocation& invocation, const ShowRequest& request) {
  show_model(invocation.context(), request.model, request.part);
  return kOk;
}

void add_stop(CLI::App& app, StopRequest& request) {
  app.add_option("MODEL", request.model, "name of the model")->required();
}

int stop(Invocation& invocation, const StopRequest& request) {
  stop_model(invocation.context(), request.model);
  return kOk;
}

void add_transfer(CLI::App& app, TransferRequest& request) {
  app.add_option("MODEL", request.model, "name of the model")->required();
  app.add_flag("--insecure", request.insecure,
               "also without encryption, and from whoever answers there");
}

template <Direction direction>
int transfer(Invocation& invocation, const TransferRequest& request) {
  transfer_model(invocation.context(), direction, request);
  return kOk;
}

void add_create(CLI::App& app, CreateRequest& request) {
  app.add_option("MODEL", request.model, "name of the new model")->required();
  app.add_option("-f,--file", request.file, "what it is made of; '-': from the standard input")
      ->capture_default_str()
      ->type_name("MODELFILE");
  app.add_option("-q,--quantize", request.quantize, "fewer bits for its weights: Q8_0, Q4_K_M, ...")
      ->type_name("TYPE");
}

int create(Invocation& invocation, const CreateRequest& request) {
  create_model(invocation.context(), request);
  return kOk;
}

/// What a network does not tell, or what the program takes it for wrongly.
void add_network_words(CLI::App& app, ImportRequest& request) {
  const auto add = [&](const char* name, auto& value, const char* help, const char* type) {
    app.add_option(name, value, help)->type_name(type)->group("How a network is read");
  };
  add("--manifest", request.manifest, "all of it, as the catalogue says it", "FILE.toml");
  add("--decoder", request.decoder, "how its output is read: yolov8, ssd, logits, ...", "DECODER");
  add("--input", request.input, "the size of its input, where that may be any", "WIDTHxHEIGHT");
  add("--layout", request.layout, "nchw or nhwc", "LAYOUT");
  add("--color", request.color, "rgb, bgr or gray", "COLOR");
  add("--resize", request.resize, "letterbox, letterbox-top-left, stretch or crop", "HOW");
  add("--labels", request.labels, "a file with one label a line, or a set: coco80", "FILE|SET");
  add("--anchors", request.anchors, "x y width height of each prior box, one a line", "FILE");
  const auto add_numbers = [&](const char* name, std::vector<double>& values, const char* help) {
    app.add_option(name, values, help)
        ->delimiter(',')
        ->expected(1, 3)
        ->type_name("N[,N,N]")
        ->group("How a network is read");
  };
  add_numbers("--mean", request.mean, "taken from each channel of a pixel of 0 to 255");
  add_numbers("--std", request.std, "what each channel is divided by then");
}

void add_import(CLI::App& app, ImportRequest& request) {
  app.add_option("FILE", request.file, "GGUF, ONNX, HEF, or ggml for Whisper")->required();
  app.add_option("--name", request.name, "name of the new model")->type_name("MODEL");
  app.add_option("--task", request.task, "what it is for, where the file does not say it")
      ->type_name("TASK");
  app.add_option("--engine", request.engine, "what runs it, instead of the format's usual one")
      ->type_name("ENGINE");
  app.add_option("--file", request.files,
                 "a further file: labels, tokenizer, recogniser, text-encoder")
      ->type_name("KIND=PATH");
  add_network_words(app, request);
}

int import(Invocation& invocation, const ImportRequest& request) {
  import_file(invocation.context(), request);
  return kOk;
}

void add_copy(CLI::App& app, CopyRequest& request) {
  app.add_option("SOURCE", request.source, "name of the model")->required();
  app.add_option("DESTINATION", request.destination, "its second name")->required();
}

int copy(Invocation& invocation, const CopyRequest& request) {
  copy_model(invocation.context(), request.source, request.destination);
  return kOk;
}

void add_remove(CLI::App& app, RemoveRequest& request) {
  app.add_option("MODEL", request.models, "names of the models")->required();
}

int remove(Invocation& invocation, const RemoveRequest& request) {
  remove_models(invocation.context(), request.models);
  return kOk;
}

void add_fsck(CLI::App& app, FsckRequest& request) {
  app.add_flag_callback(
      "-n,--dry-run", [&request] { request.part = FsckPart::kReport; }, "only say what is wrong");
}

int fsck(Invocation& invocation, const FsckRequest& request) {
  return check_store(invocation.context(), request.part) ? kOk : kFailed;
}

}  // namespace

std::vector<Verb> make_model_verbs() {
  return {
      {"list", "models that are installed", with_request(add_list, list)},
      {"ps", "models that are loaded", with_request(add_list, ps)},
      {"catalog", "models that can be had", with_request(add_catalog, catalog)},
      {"bench", "measure how fast a model is here", with_request(add_bench, bench)},
      {"show", "what a model is", with_request(add_show, show)},
      {"stop", "unload a model", with_request(add_stop, stop)},
      {"pull", "fetch a model", with_request(add_transfer, transfer<Direction::kPull>)},
      {"push", "give a model to a registry",
       with_request(add_transfer, transfer<Direction::kPush>)},
      {"create", "make a model as a Modelfile says", with_request(add_create, create)},
      {"import", "make a model of a file", with_request(add_import, import)},
      {"cp", "give a model a second name", with_request(add_copy, copy)},
      {"rm", "delete models", with_request(add_remove, remove)},
      {"fsck", "look the models on the disk over, and repair", with_request(add_fsck, fsck)},
  };
}

}  // namespace hailstone::cli
