// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/deepstack/routes.hpp"

#include <algorithm>
#include <utility>

#include "base/strings.hpp"
#include "http/pipeline/access_rules.hpp"
#include "http/router.hpp"
#include "services/vision/deepstack/scene.hpp"
#include "services/vision/deepstack/wire.hpp"
#include "services/vision/faces/service.hpp"
#include "services/vision/picture/object_request.hpp"
#include "services/vision/picture/picture_reply.hpp"
#include "services/vision/picture/picture_route.hpp"

namespace hailstone::deepstack {
namespace {

constexpr double kObjectConfidence = 0.4;
constexpr double kFaceConfidence = 0.55;
/// A client without a key may send so much before it is refused.
constexpr ByteSize kMaxForm = ByteSize::mib(32);

struct Call {
  picture::PictureRequest& form;
  const http::Request& request;
  http::Reply& reply;
};

using Answer = std::string (*)(const Rooms& rooms, const Call& call);

template <typename Result>
void add_headers(const Call& call, const Result& result) {
  picture::add_result_headers(call.reply, result.model, result.engine, result.timings);
}

std::string find_objects(const Rooms& rooms, const Call& call, std::string model) {
  picture::ObjectTask task;
  const double threshold = parse_min_confidence(call.form, kObjectConfidence);
  task.options = picture::parse_object_options(call.form);
  task.options.threshold = threshold;
  task.options.max = parse_max(call.form);
  if (!model.empty()) task.options.model = std::move(model);
  auto images = take_images(call.form);
  const auto result = rooms.objects.find("detect", images.front(), task, call.request.run);
  add_headers(call, result);
  return write_detections(result, task.options.max);
}

std::string answer_detection(const Rooms& rooms, const Call& call) {
  return find_objects(rooms, call, {});
}

/// A worker's result has all that it found: what the client does not want goes here.
std::string find_by_other(const Call& call, picture::ObjectResult result) {
  const double threshold = parse_min_confidence(call.form, kObjectConfidence);
  std::erase_if(result.detections, [&](const auto& each) { return each.score < threshold; });
  add_headers(call, result);
  return write_detections(result, parse_max(call.form));
}

std::string answer_custom(const Rooms& rooms, const Call& call) {
  const auto names = rooms.others.names ? rooms.others.names() : std::vector<std::string>();
  const std::string& wanted = call.request.params.at("model");
  if (std::find(names.begin(), names.end(), wanted) != names.end()) {
    auto images = take_images(call.form);
    auto found = rooms.others.find(wanted, images.front(), call.request.run);
    if (found) return find_by_other(call, *std::move(found));
  }
  return find_objects(rooms, call, call.request.params.at("model"));
}

std::string answer_custom_list(const Rooms& rooms, const Call&) {
  std::vector<std::string> names;
  for (const auto& model : rooms.choice.models().store().list()) {
    if (model.task == "detect") names.push_back(model.name.display());
  }
  if (rooms.others.names) {
    for (auto& name : rooms.others.names()) names.push_back(std::move(name));
  }
  return write_names("models", names);
}

std::string answer_scene(const Rooms& rooms, const Call& call) {
  auto images = take_images(call.form);
  const Scene scene = find_scene(rooms.choice, images.front(), call.request.run);
  add_headers(call, scene);
  return write_scene(scene.label, scene.confidence, scene.timings);
}

std::string answer_face(const Rooms& rooms, const Call& call) {
  faces::FaceTask task;
  task.objects.threshold = parse_min_confidence(call.form, kFaceConfidence);
  task.objects.max = parse_max(call.form);
  task.identify = faces::Identify::kNo;
  auto images = take_images(call.form);
  const auto result = rooms.faces.find(images.front(), task, call.request.run);
  add_headers(call, result);
  return write_faces(result, task.objects.max);
}

std::string answer_recognize(const Rooms& rooms, const Call& call) {
  faces::FaceTask task;
  task.identify = faces::Identify::kYes;
  const double usual = to_confidence(rooms.faces.people().read()->threshold);
  task.min_similarity = to_cosine(parse_min_confidence(call.form, usual));
  task.objects.max = parse_max(call.form);
  auto images = take_images(call.form);
  const auto result = rooms.faces.find(images.front(), task, call.request.run);
  add_headers(call, result);
  return write_recognized(result, task.objects.max);
}

std::string answer_register(const Rooms& rooms, const Call& call) {
  rooms.faces.people();  // the refusal comes before any complaint about the request
  faces::Enrolment enrolment;
  enrolment.name = parse_userid(call.form);
  auto images = take_images(call.form);
  rooms.faces.enrol(images, enrolment, call.request.run);
  return write_registered();
}

std::string answer_face_list(const Rooms& rooms, const Call&) {
  std::vector<std::string> names;
  const auto people = rooms.faces.people().read();  // shared: see PeopleStore::read
  for (const auto& person : people->people) names.push_back(person.name);
  return write_names("faces", names);
}

std::string answer_face_delete(const Rooms& rooms, const Call& call) {
  auto& people = rooms.faces.people();
  people.remove(parse_userid(call.form));
  return write_success();
}

std::string answer_match(const Rooms& rooms, const Call& call) {
  auto images = take_two_images(call.form);
  return write_similarity(rooms.faces.compare(images, call.request.run));
}

void answer(const Rooms& rooms, Answer make_body, http::Request& request, http::Reply& reply) {
  auto form = take_form(request);
  http::require_key(request.headers.find("Authorization").value_or(""),
                    form.find_field("api_key").value_or(""), rooms.api_keys);
  http::Response response;
  response.body = make_body(rooms, {form, request, reply});
  reply.send(std::move(response));
}

}  // namespace

void add_deepstack_routes(http::Router& router, const Rooms& rooms) {
  const auto add = [&](const std::string& path, http::Cost cost, Answer make_body) {
    auto route = picture::make_picture_route(
        "/v1/vision/" + path, [rooms, make_body](http::Request& request, http::Reply& reply) {
          answer(rooms, make_body, request, reply);
        });
    route.dialect = http::Dialect::kDeepStack;
    route.key = http::KeyPlace::kInForm;
    route.cost = cost;
    route.max_body = kMaxForm;
    router.add(std::move(route));
  };
  using http::Cost;
  add("detection", Cost::kWork, answer_detection);
  add("custom/{model}", Cost::kWork, answer_custom);
  add("custom/list", Cost::kQuick, answer_custom_list);
  add("scene", Cost::kWork, answer_scene);
  add("face", Cost::kWork, answer_face);
  add("face/register", Cost::kWork, answer_register);
  add("face/recognize", Cost::kWork, answer_recognize);
  add("face/match", Cost::kWork, answer_match);
  add("face/list", Cost::kQuick, answer_face_list);
  add("face/delete", Cost::kQuick, answer_face_delete);
}

}  // namespace hailstone::deepstack
