// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/encoding/form_data.hpp"

#include <algorithm>

namespace hailstone {

namespace {

std::string in_quotes(std::string_view text) {
  std::string plain(text);
  std::erase_if(plain, [](char c) { return c == '"' || c == '\r' || c == '\n'; });
  return "\"" + plain + "\"";
}

}  // namespace

FormData write_form(const std::vector<FormField>& fields) {
  std::string boundary = "hailstone";
  const auto is_taken = [&](const FormField& field) {
    return field.content.find(boundary) != std::string_view::npos;
  };
  while (std::any_of(fields.begin(), fields.end(), is_taken)) boundary += '-';
  FormData form;
  for (const auto& field : fields) {
    form.body += "--" + boundary + "\r\nContent-Disposition: form-data; name=";
    form.body += in_quotes(field.name);
    if (field.filename) form.body += "; filename=" + in_quotes(*field.filename);
    if (!field.content_type.empty()) {
      form.body.append("\r\nContent-Type: ").append(field.content_type);
    }
    form.body.append("\r\n\r\n").append(field.content).append("\r\n");
  }
  form.body += "--" + boundary + "--\r\n";
  form.content_type = "multipart/form-data; boundary=" + boundary;
  return form;
}

}  // namespace hailstone
