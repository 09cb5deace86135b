// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/speak/routes.hpp"

#include <utility>

#include "http/router.hpp"
#include "services/speech/speak/service.hpp"
#include "services/speech/speak/sound_reply.hpp"
#include "services/speech/speak/wire.hpp"
#include "services/speech/speak/wire_openai.hpp"

namespace hailstone::speak {
namespace {

using Parse = SpeakRequest (*)(std::string_view body);

http::Handler speak_handler(SpeakService& service, Parse parse) {
  return [&service, parse](http::Request& request, http::Reply& reply) {
    const SpeakRequest what = parse(std::exchange(request.body, {}));
    SoundReply sound(reply, what);
    service.speak(
        what.task, [&sound](const Speaker& speaker) { sound.begin(speaker); },
        [&sound](const media::Pcm& piece) { sound.write(piece); }, request.run);
    sound.finish();
  };
}

http::Route work_route(std::string path, http::Handler handler, http::Dialect dialect) {
  http::Route route;
  route.method = http::Method::kPost;
  route.pattern = std::move(path);
  route.handler = std::move(handler);
  route.dialect = dialect;
  route.cost = http::Cost::kWork;
  route.max_body = ByteSize::mib(8);
  route.timeout = {};  // a book may take an hour; each wait has its own end
  return route;
}

using Write = std::string (*)(const std::vector<Voice>& voices);

http::Route list_route(std::string path, SpeakService& service, Write write,
                       http::Dialect dialect) {
  http::Route route;
  route.pattern = std::move(path);
  route.dialect = dialect;
  route.handler = [&service, write](http::Request&, http::Reply& reply) {
    http::Response response;
    response.body = write(service.voices());
    reply.send(std::move(response));
  };
  return route;
}

}  // namespace

void add_speak_routes(http::Router& router, SpeakService& service) {
  using http::Dialect;
  router.add(work_route("/api/speak", speak_handler(service, parse_speak), Dialect::kPlain));
  router.add(work_route("/v1/audio/speech", speak_handler(service, parse_openai_speech),
                        Dialect::kOpenAi));
  router.add(list_route("/api/voices", service, write_voices, Dialect::kPlain));
  router.add(list_route("/v1/audio/models", service, write_openai_models, Dialect::kOpenAi));
  router.add(list_route("/v1/audio/voices", service, write_openai_voices, Dialect::kOpenAi));
}

}  // namespace hailstone::speak
