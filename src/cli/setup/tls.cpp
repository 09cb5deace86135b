// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/setup/tls.hpp"

#include <fcntl.h>
#include <grp.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <memory>
#include <ostream>
#include <system_error>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/certificates/certificates.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::days kAuthorityLife{3650};
/// Apple's systems take no longer one.
constexpr std::chrono::days kServerLife{397};
constexpr mode_t kPublic = 0644;
constexpr mode_t kPrivate = 0600;
constexpr mode_t kOfTheService = 0640;

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

/// Of all interfaces that are up; no link-local ones, which are of no use in an address bar.
std::vector<std::string> own_addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);
  std::vector<std::string> addresses;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    const int family = one->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    const socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    std::array<char, NI_MAXHOST> text{};
    const int status =
        ::getnameinfo(one->ifa_addr, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    const std::string address = text.data();
    if (status == 0 && address.find('%') == std::string::npos) addresses.push_back(address);
  }
  return addresses;
}

fs::path folder_for(const core::Environment& environment, const TlsRequest& request) {
  if (!request.folder.empty()) return fs::absolute(request.folder);
  if (::geteuid() == 0) return "/etc/hailstone/tls";
  core::ConfigInput input;
  input.environment = environment;
  return core::load_settings(input).home / "tls";
}

[[noreturn]] void refuse(const fs::path& file, int error) {
  throw Error(ErrorCode::kForbidden,
              "cannot write " + file.native() + ": " + std::generic_category().message(error),
              "sudo hailstone tls writes to /etc/hailstone/tls; --dir names another folder");
}

/// Never readable by more people than in the end, and never half there.
void write_file(const fs::path& file, const std::string& text, mode_t mode) {
  const fs::path fresh = file.native() + ".new";
  ::unlink(fresh.c_str());
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0) refuse(fresh, errno);
  bool is_written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  is_written = ::fchmod(fd, mode) == 0 && is_written;
  const group* service = ::getgrnam("hailstone");
  // The service reads its key through its group; the authority's stays root's.
  if (mode == kOfTheService && ::geteuid() == 0 && service != nullptr) {
    is_written = ::fchown(fd, 0, service->gr_gid) == 0 && is_written;
  }
  ::close(fd);
  if (!is_written || ::rename(fresh.c_str(), file.c_str()) != 0) refuse(file, errno);
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

core::Certificate ensure_authority(const fs::path& folder) {
  const fs::path certificate = folder / "authority.pem";
  const fs::path key = folder / "authority.key";
  if (fs::exists(certificate) && fs::exists(key)) return {read_file(certificate), read_file(key)};
  auto made = core::make_authority("Hailstone on " + host_name(), kAuthorityLife);
  write_file(key, made.key, kPrivate);
  write_file(certificate, made.certificate, kPublic);
  return made;
}

void explain(std::ostream& out, const fs::path& folder, const std::vector<std::string>& names,
             const std::string& print) {
  const std::string port = "11443";
  out << "A certificate for " << join(names, ", ") << '\n'
      << "is in " << folder.native() << ". For the service, in its settings:\n\n"
      << "  tls_listen = [\"0.0.0.0:" << port << "\"]\n"
      << "  tls_cert = \"" << (folder / "server.pem").native() << "\"\n"
      << "  tls_key = \"" << (folder / "server.key").native() << "\"\n\n"
      << "Others trust it when they trust the authority " << (folder / "authority.pem").native()
      << "\n(never give its key away). Its SHA-256 is\n  " << print << "\n\n"
      << "  Debian      copy it to /usr/local/share/ca-certificates/hailstone.crt, then\n"
         "              update-ca-certificates\n"
         "  Firefox     Settings, Privacy, View Certificates, Authorities, Import\n"
         "  Chromium    Settings, Privacy, Security, Manage certificates, Import\n"
         "  Android     Settings, Security, Encryption, Install a certificate, CA certificate\n"
         "  iOS         send it to the phone, install the profile, then Settings, General, About,\n"
         "              Certificate Trust Settings\n"
         "  Python      SSL_CERT_FILE, REQUESTS_CA_BUNDLE;  Node.js  NODE_EXTRA_CA_CERTS\n";
}

}  // namespace

std::vector<std::string> machine_names() {
  const std::string host = to_lower(host_name());
  std::vector<std::string> names = {host, split(host, '.').front() + ".local", "localhost"};
  for (const auto& address : own_addresses()) names.push_back(address);
  std::vector<std::string> out;
  for (const auto& name : names) {
    const bool is_new = std::find(out.begin(), out.end(), name) == out.end();
    if (is_new && core::is_certificate_name(name)) out.push_back(name);
  }
  return out;
}

void make_tls_files(const Console& console, const core::Environment& environment,
                    const TlsRequest& request) {
  const auto names = request.names.empty() ? machine_names() : request.names;
  const fs::path folder = folder_for(environment, request);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) refuse(folder, error.value());
  const auto authority = ensure_authority(folder);
  const auto server = core::make_server_certificate(authority, names, kServerLife);
  write_file(folder / "server.key", server.key, kOfTheService);
  write_file(folder / "server.pem", server.certificate, kPublic);
  explain(console.out, folder, names, core::fingerprint(authority.certificate));
}

}  // namespace hailstone::cli
