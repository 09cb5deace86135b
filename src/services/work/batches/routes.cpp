// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/batches/routes.hpp"

#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "http/multipart.hpp"
#include "http/router.hpp"
#include "services/work/batches/service.hpp"
#include "services/work/batches/wire.hpp"

namespace hailstone::batches {
namespace {

using http::Method;
using http::Reply;
using http::Request;

using Answer = void (*)(BatchService&, Request&, Reply&);

constexpr ByteSize kMaxFile = ByteSize::mib(512);
constexpr std::size_t kUsualPage = 20;
constexpr std::size_t kMostListed = 10'000;

void send(Reply& reply, std::string body) {
  http::Response response;
  response.body = std::move(body);
  reply.send(std::move(response));
}

/// Parts come in any order; the file goes to the disk as it arrives.
void post_file(BatchService& service, Request& request, Reply& reply) {
  http::MultipartReader reader(request);
  std::optional<core::BatchStore::Incoming> file;
  std::string filename;
  std::string purpose;
  while (const auto part = reader.next_part()) {
    if (part->name == "file") {
      if (file) throw Error(ErrorCode::kBadRequest, "there must be one file only");
      filename = part->filename.value_or("file");
      file = service.store().receive();
      for (auto piece = reader.read(); !piece.empty(); piece = reader.read()) {
        file->writer->append(piece);
      }
    } else if (part->name == "purpose") {
      for (auto piece = reader.read(); !piece.empty(); piece = reader.read()) purpose += piece;
    }
  }
  if (!file) throw Error(ErrorCode::kBadRequest, "file is required, as a part of the form");
  if (purpose.empty()) {
    throw Error(ErrorCode::kBadRequest, "purpose is required",
                "\"batch\" for a file of requests, \"vision\" or \"user_data\" for their inputs");
  }
  send(reply, write_file(service.store().keep(std::move(*file), filename, purpose)));
}

std::size_t limit_of(const Request& request) {
  const auto found = request.query.find("limit");
  if (found == request.query.end()) return kUsualPage;
  std::size_t limit = 0;
  const auto& text = found->second;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (code != std::errc{} || end != text.data() + text.size() || limit < 1 || limit > kMostListed) {
    throw Error(ErrorCode::kBadRequest, "limit must be a number from 1 to 10000");
  }
  return limit;
}

std::string value_of(const Request& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

core::StoredFile require_file(BatchService& service, const std::string& id) {
  if (auto file = service.store().find_file(id)) return *std::move(file);
  throw Error(ErrorCode::kNotFound, "there is no file '" + id + "'", "GET /v1/files lists them");
}

template <typename Item>
bool cut(std::vector<Item>& items, std::size_t limit) {
  if (items.size() <= limit) return false;
  items.resize(limit);
  return true;
}

void list_files(BatchService& service, Request& request, Reply& reply) {
  const std::string after = value_of(request, "after");
  const auto before = after.empty() ? 0 : require_file(service, after).number;
  const std::size_t limit = limit_of(request);
  auto files = service.store().list_files(value_of(request, "purpose"), before, limit + 1);
  const bool has_more = cut(files, limit);
  send(reply, write_files(files, has_more));
}

void get_file(BatchService& service, Request& request, Reply& reply) {
  send(reply, write_file(require_file(service, request.params.at("id"))));
}

void get_content(BatchService& service, Request& request, Reply& reply) {
  auto file = service.store().open_file(request.params.at("id"));
  auto& stream = reply.stream(200, "application/octet-stream");
  std::array<char, 64 << 10> piece{};
  while (file.read(piece.data(), piece.size()) || file.gcount() > 0) {
    stream.write({piece.data(), static_cast<std::size_t>(file.gcount())});
  }
}

void delete_file(BatchService& service, Request& request, Reply& reply) {
  service.store().remove_file(request.params.at("id"));
  send(reply, write_deleted_file(request.params.at("id")));
}

void post_batch(BatchService& service, Request& request, Reply& reply) {
  send(reply, write_batch(service.create(parse_batch(request.body, system_clock().wall()))));
}

void list_batches(BatchService& service, Request& request, Reply& reply) {
  const std::string after = value_of(request, "after");
  const auto before = after.empty() ? 0 : service.store().require(after).number;
  const std::size_t limit = limit_of(request);
  auto batches = service.store().list(before, limit + 1);
  const bool has_more = cut(batches, limit);
  for (auto& batch : batches) batch = service.find(batch.id);
  send(reply, write_batches(batches, has_more));
}

void get_batch(BatchService& service, Request& request, Reply& reply) {
  send(reply, write_batch(service.find(request.params.at("id"))));
}

void cancel_batch(BatchService& service, Request& request, Reply& reply) {
  send(reply, write_batch(service.cancel(request.params.at("id"))));
}

struct Row {
  Method method;
  const char* pattern;
  Answer answer;
};

constexpr Row kRows[] = {
    {Method::kPost, "/v1/files", post_file},
    {Method::kGet, "/v1/files", list_files},
    {Method::kGet, "/v1/files/{id}", get_file},
    {Method::kGet, "/v1/files/{id}/content", get_content},
    {Method::kDelete, "/v1/files/{id}", delete_file},
    {Method::kPost, "/v1/batches", post_batch},
    {Method::kGet, "/v1/batches", list_batches},
    {Method::kGet, "/v1/batches/{id}", get_batch},
    {Method::kPost, "/v1/batches/{id}/cancel", cancel_batch},
};

}  // namespace

void add_batch_routes(http::Router& router, BatchService& service) {
  for (const Row& row : kRows) {
    http::Route route;
    route.method = row.method;
    route.pattern = row.pattern;
    route.dialect = http::Dialect::kOpenAi;
    route.handler = [&service, answer = row.answer](Request& request, Reply& reply) {
      answer(service, request, reply);
    };
    if (row.answer == post_file) {
      route.body = http::BodyMode::kStreamed;
      route.max_body = kMaxFile;
      route.timeout = std::chrono::seconds::zero();
    }
    if (row.answer == get_content) route.timeout = std::chrono::seconds::zero();
    router.add(std::move(route));
  }
}

}  // namespace hailstone::batches
