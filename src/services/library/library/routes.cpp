// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/library/routes.hpp"

#include <charconv>
#include <limits>
#include <utility>

#include "http/ndjson.hpp"
#include "services/common/ollama_routes.hpp"
#include "services/library/library/service.hpp"
#include "services/library/library/wire_fsck.hpp"
#include "services/library/library/wire_ollama.hpp"

namespace hailstone::library {
namespace {

using http::Method;
using http::Reply;
using http::Request;
using services::ollama_route;

/// Templates and licences come inside the JSON.
constexpr ByteSize kMaxCreateBody = ByteSize::mib(16);
/// The disk is the limit.
constexpr ByteSize kMaxBlob = ByteSize::bytes(std::numeric_limits<std::int64_t>::max());

/// Tells of a long task: line by line, or only that it is done.
class ProgressWriter {
 public:
  ProgressWriter(Reply& reply, bool streamed) : reply_(reply), lines_(reply), streamed_(streamed) {}

  void write(const Progress& progress) {
    if (streamed_) return lines_.write(write_progress(progress));
    last_ = progress;
  }
  /// The task has ended well.
  void finish() {
    if (streamed_) return;
    http::Response response;
    response.body = write_progress(last_);
    reply_.send(std::move(response));
  }

 private:
  Reply& reply_;
  http::NdjsonWriter lines_;
  const bool streamed_;
  Progress last_;
};

std::optional<ByteSize> find_content_length(const Request& request) {
  const auto text = request.headers.find("Content-Length");
  std::uint64_t bytes = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), bytes).ec != std::errc{})
    return std::nullopt;
  return ByteSize::bytes(bytes);
}

void send_status(Reply& reply, int status) {
  http::Response response;
  response.status = status;
  reply.send(std::move(response));
}

using Transfer = void (LibraryService::*)(const TransferTask&, const OnProgress&,
                                          const RunContext&);

void handle_transfer(LibraryService& service, Transfer transfer, Request& request, Reply& reply) {
  const TransferTask task = parse_transfer(request.body);
  ProgressWriter writer(reply, task.stream);
  (service.*transfer)(
      task, [&](const Progress& progress) { writer.write(progress); }, request.run);
  writer.finish();
}

void handle_create(LibraryService& service, Request& request, Reply& reply) {
  const CreateTask task = parse_create(request.body);
  ProgressWriter writer(reply, task.stream);
  service.create(
      task, [&](const Progress& progress) { writer.write(progress); }, request.run);
  writer.finish();
}

void handle_fsck(LibraryService& service, Request& request, Reply& reply) {
  const FsckTask task = parse_fsck(request.body);
  http::NdjsonWriter lines(reply);
  const auto report = service.fsck(
      task, [&](const Progress& progress) { lines.write(write_progress(progress)); }, request.run);
  lines.write(write_report(report));
}

void handle_blob_head(LibraryService& service, Request& request, Reply& reply) {
  const std::string& digest = request.params.at("digest");
  if (!service.has_blob(digest)) {
    throw Error(ErrorCode::kNotFound, "blob \"" + digest + "\" not found");
  }
  send_status(reply, 200);
}

void handle_blob_post(LibraryService& service, Request& request, Reply& reply) {
  const auto upload = service.add_blob(
      request.params.at("digest"), find_content_length(request),
      [&] { return request.body_stream->read(); }, request.run);
  send_status(reply, upload == Upload::kCreated ? 201 : 200);
}

/// Takes as long as it takes, on threads of its own: it waits for disks and networks. How many run
/// at once is the service's to say.
http::Route make_long_route(Method method, const char* path, http::Handler handler) {
  http::Route route = ollama_route(method, path, std::move(handler));
  route.cost = http::Cost::kLong;
  route.timeout = std::chrono::seconds::zero();
  return route;
}

}  // namespace

void add_library_routes(http::Router& router, LibraryService& service) {
  router.add(
      make_long_route(Method::kPost, "/api/pull", [&service](Request& request, Reply& reply) {
        handle_transfer(service, &LibraryService::pull, request, reply);
      }));
  router.add(
      make_long_route(Method::kPost, "/api/push", [&service](Request& request, Reply& reply) {
        handle_transfer(service, &LibraryService::push, request, reply);
      }));
  auto create = make_long_route(
      Method::kPost, "/api/create",
      [&service](Request& request, Reply& reply) { handle_create(service, request, reply); });
  create.max_body = kMaxCreateBody;
  router.add(std::move(create));
  router.add(make_long_route(
      Method::kPost, "/api/fsck",
      [&service](Request& request, Reply& reply) { handle_fsck(service, request, reply); }));
  router.add(ollama_route(Method::kPost, "/api/copy", [&service](Request& request, Reply& reply) {
    service.copy(parse_copy(request.body));
    send_status(reply, 200);
  }));
  router.add(
      ollama_route(Method::kDelete, "/api/delete", [&service](Request& request, Reply& reply) {
        service.remove(parse_delete(request.body));
        send_status(reply, 200);
      }));
  router.add(ollama_route(
      Method::kHead, "/api/blobs/{digest}",
      [&service](Request& request, Reply& reply) { handle_blob_head(service, request, reply); }));
  auto upload = make_long_route(
      Method::kPost, "/api/blobs/{digest}",
      [&service](Request& request, Reply& reply) { handle_blob_post(service, request, reply); });
  upload.body = http::BodyMode::kStreamed;
  upload.max_body = kMaxBlob;
  router.add(std::move(upload));
}

}  // namespace hailstone::library
