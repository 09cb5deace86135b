// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/home/routes.hpp"

#include <utility>

#include "http/router.hpp"
#include "services/text/home/commands.hpp"
#include "services/text/home/home_store.hpp"
#include "services/text/home/wire_home.hpp"

namespace hailstone::home {
namespace {

void add(http::Router& router, http::Method method, const char* path, http::Handler handler) {
  http::Route route;
  route.method = method;
  route.pattern = path;
  route.handler = std::move(handler);
  router.add(std::move(route));
}

void send(http::Reply& reply, std::string body) {
  http::Response response;
  response.body = std::move(body);
  reply.send(std::move(response));
}

}  // namespace

void add_home_routes(http::Router& router, HomeStore& store, const Clock& clock) {
  add(router, http::Method::kGet, "/api/home", [&store](http::Request&, http::Reply& reply) {
    send(reply, write_home(store.home()->home()));
  });
  add(router, http::Method::kPut, "/api/home",
      [&store](http::Request& request, http::Reply& reply) {
        store.replace(parse_home(request.body));
        send(reply, write_home(store.home()->home()));
      });
  add(router, http::Method::kPost, "/api/home/commands",
      [&store, &clock](http::Request& request, http::Reply& reply) {
        auto spoken = parse_spoken(request.body);
        spoken.now = clock.wall();
        send(reply, write_intents(find_commands(spoken, *store.home())));
      });
}

}  // namespace hailstone::home
