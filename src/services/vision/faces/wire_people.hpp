// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Requests about people, and the lists of them. Pure.

#include <optional>
#include <string>

#include "services/vision/faces/service.hpp"
#include "services/vision/picture/upload/picture_request.hpp"

namespace hailstone::faces {

/// "name" and at least one picture; options as for finding faces. Takes the pictures.
Enrolment parse_enrolment(const picture::PictureRequest& request);

/// "name": of the person that a request is about.
std::string parse_person(const picture::PictureRequest& request);

struct PeopleChange {
  std::string name;      ///< with new_name
  std::string new_name;  ///< empty: nobody is renamed
  std::optional<double> threshold;
};
/// "name" and "new_name", or "threshold", or both.
PeopleChange parse_change(const picture::PictureRequest& request);

enum class PeopleFormat { kList, kExport };
/// "format": absent or "list" for the list, "json" for everything.
PeopleFormat parse_people_format(const picture::PictureRequest& request);

/// {"threshold":0.34,"people":[{"name":"Ann","faces":2,"models":["mobilefacenet:latest"],
/// "added":"2026-..."}]}
std::string write_people(const core::People& people);
/// {"name":"Ann","added":1,"faces":2}
std::string write_enrolled(const std::string& name, const Enrolled& enrolled);
std::string write_change(const PeopleChange& change);
/// {"deleted":"Ann"}
std::string write_deleted(const std::string& name);

/// The export is the beginning, each person with a comma in between, and the end.
std::string write_export_begin(const core::People& people, WallTime now);
std::string write_export_person(const core::Person& person);
inline constexpr const char* kExportEnd = "]}\n";

}  // namespace hailstone::faces
