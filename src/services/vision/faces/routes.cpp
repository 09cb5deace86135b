// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/faces/routes.hpp"

#include <utility>

#include "http/router.hpp"
#include "services/vision/faces/service.hpp"
#include "services/vision/faces/wire.hpp"
#include "services/vision/faces/wire_people.hpp"
#include "services/vision/picture/picture_reply.hpp"
#include "services/vision/picture/picture_route.hpp"

namespace hailstone::faces {
namespace {

// A name in a path would be in every log of requests; these routes take it in the body or the
// query.
constexpr const char* kPeople = "/api/faces/people";

void send(http::Reply& reply, std::string body) {
  http::Response response;
  response.body = std::move(body);
  reply.send(std::move(response));
}

/// Each face in a colour of its own, with its name where that is known.
http::Response draw(FacesResult& result, media::Image picture, picture::ImageFile file) {
  picture::ObjectResult objects;
  for (auto& face : result.faces) {
    face.detection.class_id = static_cast<int>(objects.labels.size());
    objects.labels.push_back(face.person.value_or("face"));
    objects.detections.push_back(std::move(face.detection));
  }
  return picture::draw_objects(objects, std::move(picture), file);
}

picture::Answer find(FaceService& service, picture::Photo& photo, const FaceRequest& wanted,
                     const RunContext& run) {
  FacesResult result = service.find(photo, wanted.task, run);
  picture::Answer answer{{}, result.model, result.engine, result.timings};
  switch (wanted.format) {
    case Format::kImage:
      answer.response = draw(result, photo.take_image(), wanted.file);
      break;
    case Format::kCoco:
      answer.response.body = write_coco(result, wanted.image_id);
      break;
    case Format::kJson:
      answer.response.body = write_faces(result);
  }
  return answer;
}

void answer_enrol(FaceService& service, http::Request& request, http::Reply& reply) {
  service.people();  // the refusal comes before any complaint about the request
  auto fields = picture::take_picture_request(request);
  const Enrolment enrolment = parse_enrolment(fields);
  auto photos = picture::take_photos(fields);
  const Enrolled enrolled = service.enrol(photos, enrolment, request.run);
  send(reply, write_enrolled(enrolment.name, enrolled));
}

void send_export(const core::People& people, http::Reply& reply, const Clock& clock) {
  reply.add_header("Content-Disposition", "attachment; filename=\"people.json\"");
  auto& stream = reply.stream(200, "application/json; charset=utf-8");
  std::string piece = write_export_begin(people, clock.wall());
  for (std::size_t i = 0; i < people.people.size(); ++i) {
    stream.write(piece + write_export_person(people.people[i]));
    piece = i + 1 < people.people.size() ? "," : "";
  }
  stream.write(piece + kExportEnd);
}

void answer_list(FaceService& service, http::Request& request, http::Reply& reply,
                 const Clock& clock) {
  auto& store = service.people();
  const auto format = parse_people_format(picture::take_fields(request));
  const auto people = store.read();  // shared: see PeopleStore::read
  if (format == PeopleFormat::kExport) {
    send_export(*people, reply, clock);
  } else {
    send(reply, write_people(*people));
  }
}

void answer_change(FaceService& service, http::Request& request, http::Reply& reply) {
  auto& store = service.people();
  const PeopleChange change = parse_change(picture::take_fields(request));
  if (!change.new_name.empty()) store.rename(change.name, change.new_name);
  if (change.threshold) store.set_threshold(*change.threshold);
  send(reply, write_change(change));
}

void answer_delete(FaceService& service, http::Request& request, http::Reply& reply) {
  auto& store = service.people();
  const std::string name = parse_person(picture::take_fields(request));
  store.remove(name);
  send(reply, write_deleted(name));
}

http::Route make_people_route(http::Method method, http::Handler handler) {
  http::Route route;
  route.method = method;
  route.pattern = kPeople;
  route.handler = std::move(handler);
  return route;
}

}  // namespace

picture::VisionTask make_task(FaceService& service) {
  return {"faces", face_options(),
          [&service](const picture::PictureRequest& request) -> picture::Analysis {
            return [&service, wanted = parse_faces(request)](auto& photos, const RunContext& run) {
              return find(service, photos.front(), wanted, run);
            };
          }};
}

void add_people_routes(http::Router& router, FaceService& service, const Clock& clock) {
  const auto call = [&service](auto answer) {
    return [&service, answer](http::Request& request, http::Reply& reply) {
      answer(service, request, reply);
    };
  };
  router.add(picture::make_picture_route(kPeople, call(answer_enrol)));
  router.add(make_people_route(http::Method::kGet,
                               [&service, &clock](http::Request& request, http::Reply& reply) {
                                 answer_list(service, request, reply, clock);
                               }));
  router.add(make_people_route(http::Method::kPatch, call(answer_change)));
  router.add(make_people_route(http::Method::kPut, call(answer_change)));
  router.add(make_people_route(http::Method::kDelete, call(answer_delete)));
}

}  // namespace hailstone::faces
