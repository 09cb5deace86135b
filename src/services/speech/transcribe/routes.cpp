// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/transcribe/routes.hpp"

#include <utility>

#include "http/header_names.hpp"
#include "http/ndjson.hpp"
#include "http/router.hpp"
#include "http/sse.hpp"
#include "services/speech/transcribe/live.hpp"
#include "services/speech/transcribe/service.hpp"
#include "services/speech/transcribe/wire.hpp"
#include "services/speech/transcribe/wire_openai.hpp"

namespace hailstone::transcribe {
namespace {

/// How a dialect reads requests and writes results.
struct Dialect {
  http::Dialect errors;
  std::string_view audio_field;
  TranscribeRequest (*parse)(const sound::AudioRequest& request);
  std::string (*write_json)(const Result& result, const TranscribeRequest& request);
  std::string (*write_verbose)(const Result& result, const TranscribeRequest& request);
  void (*stream)(TranscribeService& service, media::ByteSource& audio,
                 const TranscribeRequest& what, http::Request& request, http::Reply& reply);
};

void add_result_headers(http::Reply& reply, const Result& result) {
  reply.add_header(http::kModelHeader, result.model);
  reply.add_header(http::kEngineHeader, result.engine);
}

http::Response respond(const Result& result, const TranscribeRequest& what,
                       const Dialect& dialect) {
  http::Response response;
  response.content_type = content_type_of(what.format);
  switch (what.format) {
    case Format::kJson:
      response.body = dialect.write_json(result, what);
      break;
    case Format::kVerboseJson:
      response.body = dialect.write_verbose(result, what);
      break;
    case Format::kText:
      response.body = result.text + "\n";
      break;
    case Format::kSrt:
      response.body = write_srt(result.segments);
      break;
    case Format::kVtt:
      response.body = write_vtt(result.segments);
      break;
  }
  return response;
}

/// A line for each segment, for progress between them, and for the end.
void stream_lines(TranscribeService& service, media::ByteSource& audio,
                  const TranscribeRequest& what, http::Request& request, http::Reply& reply) {
  http::NdjsonWriter lines(reply);
  const Result result = service.transcribe(
      audio, what.task, [&](const Update& update) { lines.write(write_update(update)); },
      request.run);
  lines.write(write_done(result, what));
}

void stream_events(TranscribeService& service, media::ByteSource& audio,
                   const TranscribeRequest& what, http::Request& request, http::Reply& reply) {
  http::SseWriter events(reply);
  const Result result = service.transcribe(
      audio, what.task,
      [&](const Update& update) {
        if (update.segment) events.send(write_text_delta(*update.segment));
      },
      request.run);
  events.send(write_text_done(result));
}

void handle(TranscribeService& service, const Dialect& dialect, const std::filesystem::path& spool,
            http::Request& request, http::Reply& reply) {
  const auto upload = sound::take_audio_request(request, spool);
  const TranscribeRequest what = dialect.parse(upload);
  sound::require_audio(upload, dialect.audio_field);
  const auto audio = upload.audio->source();
  if (what.is_streamed) {
    dialect.stream(service, *audio, what, request, reply);
    return;
  }
  const Result result = service.transcribe(*audio, what.task, {}, request.run);
  add_result_headers(reply, result);
  reply.send(respond(result, what, dialect));
}

std::string write_plain_json(const Result& result, const TranscribeRequest&) {
  return write_openai_json(result);
}

http::Route make_route(std::string path, TranscribeService& service, Dialect dialect,
                       const std::filesystem::path& spool) {
  http::Route route;
  route.method = http::Method::kPost;
  route.pattern = std::move(path);
  route.handler = [&service, dialect, spool](http::Request& request, http::Reply& reply) {
    handle(service, dialect, spool, request, reply);
  };
  route.dialect = dialect.errors;
  route.cost = http::Cost::kWork;
  route.body = http::BodyMode::kStreamed;
  route.max_body = sound::kMostAudio;
  route.timeout = {};  // hours of sound take their time; each wait has its own end
  return route;
}

/// No frame of a microphone is nearly as large.
constexpr ByteSize kMostMessage = ByteSize::mib(1);

http::Route make_live_route(TranscribeService& service) {
  http::Route route;
  route.method = http::Method::kGet;
  route.pattern = "/api/transcribe/live";
  route.max_body = kMostMessage;
  route.web_socket = [&service](const http::Request& request, http::WebSocketSession& session) {
    hold_conversation(service, request, session);
  };
  return route;
}

}  // namespace

void add_transcribe_routes(http::Router& router, TranscribeService& service,
                           const std::filesystem::path& spool) {
  const Dialect own{http::Dialect::kPlain, "audio",     parse_transcribe, write_json,
                    write_verbose,         stream_lines};
  Dialect openai{
      http::Dialect::kOpenAi,
      "file",
      [](const sound::AudioRequest& request) { return parse_openai(request, Aim::kTranscribe); },
      write_plain_json,
      write_openai_verbose,
      stream_events};
  router.add(make_route("/api/transcribe", service, own, spool));
  router.add(make_route("/v1/audio/transcriptions", service, openai, spool));
  openai.parse = [](const sound::AudioRequest& request) {
    return parse_openai(request, Aim::kTranslate);
  };
  router.add(make_route("/v1/audio/translations", service, openai, spool));
  const Dialect inference{http::Dialect::kPlain,
                          "file",
                          parse_inference,
                          write_plain_json,
                          [](const Result& result, const TranscribeRequest&) {
                            return write_inference_verbose(result);
                          },
                          stream_lines};
  router.add(make_route("/inference", service, inference, spool));
  router.add(make_live_route(service));
}

}  // namespace hailstone::transcribe
