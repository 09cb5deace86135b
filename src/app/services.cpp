// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/services.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "app/offers.hpp"
#include "app/places.hpp"
#include "base/error.hpp"
#include "core/announce/announcement.hpp"
#include "core/config/environment.hpp"
#include "core/config/store_roots.hpp"
#include "core/people/people_store.hpp"
#include "core/queues/queue_file.hpp"
#include "core/registry/allowed_fetch.hpp"
#include "core/workers/worker_files.hpp"
#include "hosting/workers/worker_engine.hpp"
#include "log/log.hpp"
#include "os/cage/cage.hpp"
#include "os/thread_name.hpp"
#include "services/common/model_access.hpp"
#include "services/library/bench/routes.hpp"
#include "services/library/bench/service.hpp"
#include "services/library/catalog/routes.hpp"
#include "services/library/catalog/service.hpp"
#include "services/library/library/routes.hpp"
#include "services/library/library/service.hpp"
#include "services/library/models/routes.hpp"
#include "services/library/models/service.hpp"
#include "services/speech/realtime/client_secrets.hpp"
#include "services/speech/realtime/routes.hpp"
#include "services/speech/speak/routes.hpp"
#include "services/speech/speak/service.hpp"
#include "services/speech/transcribe/routes.hpp"
#include "services/speech/transcribe/service.hpp"
#include "services/speech/voice/routes.hpp"
#include "services/speech/wake/routes.hpp"
#include "services/speech/wake/service.hpp"
#include "services/speech/wyoming/server.hpp"
#include "services/system/status/routes.hpp"
#include "services/system/status/service.hpp"
#include "services/text/anthropic/routes.hpp"
#include "services/text/chat/routes.hpp"
#include "services/text/chat/service.hpp"
#include "services/text/embed/routes.hpp"
#include "services/text/embed/service.hpp"
#include "services/text/home/home_store.hpp"
#include "services/text/home/routes.hpp"
#include "services/text/openai/routes.hpp"
#include "services/text/rerank/routes.hpp"
#include "services/text/rerank/service.hpp"
#include "services/text/responses/response_store.hpp"
#include "services/text/responses/routes.hpp"
#include "services/text/streams/kept_streams.hpp"
#include "services/text/vlm/routes.hpp"
#include "services/text/vlm/service.hpp"
#include "services/vision/analyze/routes.hpp"
#include "services/vision/classify/routes.hpp"
#include "services/vision/classify/service.hpp"
#include "services/vision/deepstack/routes.hpp"
#include "services/vision/depth/routes.hpp"
#include "services/vision/depth/service.hpp"
#include "services/vision/detect/routes.hpp"
#include "services/vision/detect/service.hpp"
#include "services/vision/faces/routes.hpp"
#include "services/vision/faces/service.hpp"
#include "services/vision/ocr/routes.hpp"
#include "services/vision/ocr/service.hpp"
#include "services/vision/picture/objects.hpp"
#include "services/vision/pose/routes.hpp"
#include "services/vision/pose/service.hpp"
#include "services/vision/segment/routes.hpp"
#include "services/vision/segment/service.hpp"
#include "services/work/batches/routes.hpp"
#include "services/work/batches/service.hpp"
#include "services/work/ends/web_sink.hpp"
#include "services/work/jobs/gauges.hpp"
#include "services/work/jobs/routes.hpp"
#include "services/work/jobs/runner.hpp"
#include "services/work/jobs/service.hpp"
#include "services/work/sources/sources.hpp"
#include "services/work/workers/routes.hpp"
#include "services/work/workers/service.hpp"
#include "services/work/workers/stream_runs.hpp"
#include "services/work/workers/vision.hpp"

namespace hailstone::app {

namespace {

/// Wyoming, and the homes that it is told of, are for any of them.
const std::vector<std::string_view> kSpeechServices = {"speak", "transcribe", "voice", "wake"};

/// A negative time is for ever: as long as anybody will count.
responses::StoreOptions response_options(const core::Settings& settings) {
  constexpr std::chrono::hours kForEver{24 * 36500};
  const auto keep = settings.keep_responses;
  return {settings.home / "responses.db",
          keep.count() < 0 ? kForEver : std::chrono::ceil<std::chrono::seconds>(keep),
          ByteSize::mib(static_cast<std::uint64_t>(settings.responses_mb))};
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "this machine";
  return name.data();
}

/// Empty where the operator allows no host.
dialect::RemotePictures remote_pictures(const core::Settings& settings) {
  if (settings.picture_hosts.empty()) return {};
  return [fetch = core::AllowedFetch(settings.picture_hosts)](
             const std::string& url, const RunContext& run) { return fetch.fetch(url, run); };
}

deepstack::OtherDetectors other_detectors(workers::WorkerService& own) {
  return {[&own] { return workers::detector_names(own); },
          [&own](const std::string& name, picture::Photo& photo, const RunContext& run) {
            return workers::find_objects(own, name, photo, run);
          }};
}

std::vector<status::WorkerLine> worker_lines(const workers::WorkerService& own) {
  std::vector<status::WorkerLine> lines;
  for (const auto& [worker, state, reason, host, npu] : own.known()) {
    lines.push_back({worker->name, worker->route, std::string(workers::to_string(state))});
  }
  return lines;
}

status::InForce in_force(const core::Settings& settings) {
  return {settings.file ? settings.file->string() : "none", settings.effective,
          os::missing_protections()};
}

}  // namespace

struct Services::Impl {
  explicit Impl(const Foundation& on)
      : offers(on.settings.services),
        api_keys(on.settings.api_key),
        remote(remote_pictures(on.settings)),
        home(on.settings.home),
        access(on.store, on.runtime,
               {on.settings.context_length, on.settings.num_parallel, &on.measurements,
                on.settings.fallback == "cpu" ? services::Fallback::kProcessor
                                              : services::Fallback::kNone}),
        chat(access, system_clock(), &on.metrics),
        embed(access),
        rerank(access, on.catalog_folders),
        responses(response_options(on.settings)),
        library(access, on.writer, on.registry, on.catalog_folders),
        models(access),
        catalog(on.catalog_folders, access),
        bench(access, on.measurements, on.catalog_folders),
        vision(access, on.catalog_folders),
        vlm(chat, vision),
        objects(vision),
        detect(objects),
        pose(objects),
        segment(vision),
        depth(vision),
        ocr(vision),
        classify(vision),
        faces(vision, on.people),
        speak(access, on.catalog_folders),
        transcribe(access, on.catalog_folders),
        wake(access, on.catalog_folders),
        homes(on.settings.home / "home.json"),
        wyoming_options{on.settings.wyoming, on.settings.public_without_key,
                        on.settings.wyoming_model, HAILSTONE_VERSION, on.catalog_folders},
        task_models(access, on.catalog_folders),
        system(on.store, on.runtime, on.host, on.metrics, on.pulse, HAILSTONE_VERSION,
               [this] { return why_not_ready(); }),
        jobs(on.jobs,
             [this](const std::string& model) { return access.placement().require(model).task; }),
        batches(on.batches, jobs),
        workers(on.workers, on.runtime, on.metrics, hosting::spec_of),
        worker_streams(workers),
        metrics(on.metrics),
        job_threads(on.settings.jobs),
        queues(core::queue_folders(on.settings, core::process_environment(), on.program)) {
    if (!on.settings.webhook_hosts.empty()) {
      const core::AllowedFetch hosts(on.settings.webhook_hosts);
      web_sink.emplace(hosts, home / "webhook_secret");
      jobs.set_webhook_check([hosts](const std::string& url) { hosts.check(url); });
    }
    const auto& environment = core::process_environment();
    system.set_places(find_places(on.settings, environment, on.program),
                      find_variables(environment));
    system.set_workers([this] { return worker_lines(workers); });
    system.set_settings(in_force(on.settings), on.settings.pin);
    for (const auto& name : system.missing_pins()) {
      log::warning("app", "a pinned model is not installed", {{"model", name}});
    }
  }

  std::optional<std::string> why_not_ready() const {
    if (is_ready) return std::nullopt;
    return "starting";
  }

  http::Dispatched perform(const core::ClaimedJob& claimed, const RunContext& run) {
    auto [job, body, stop] = batches.with_files(claimed);
    const auto& task = job.task;
    auto request = http::make_request(task.method, task.target, task.content_type, std::move(body));
    request.id = job.id;
    request.run = run;
    return http::dispatch(*job_router, std::move(request), task.target);
  }

  voice::VoiceServices voice_services() { return {task_models, transcribe, chat, speak, &wake}; }

  std::vector<picture::VisionTask> vision_tasks() {
    return {detect::make_task(detect),    pose::make_task(pose), segment::make_task(segment),
            depth::make_task(depth),      ocr::make_task(ocr),   faces::make_task(faces),
            classify::make_task(classify)};
  }

  void add_vision_routes(http::Router& router) {
    std::vector<picture::VisionTask> offered;
    std::vector<std::string_view> names;
    const auto tasks = vision_tasks();
    for (const auto& task : tasks) {
      offers.add(router, {task.name}, [&](auto& own) { picture::add_task_route(own, task); });
      names.push_back(task.name);
      if (offers.has(task.name)) offered.push_back(task);
    }
    offers.add(router, names, [&](auto& own) {
      analyze::add_analyze_route(own, offered.empty() ? tasks : offered,
                                 [this] { return workers::vision_tasks(workers); });
    });
    offers.add(router, {"faces"}, [this](auto& own) { faces::add_people_routes(own, faces); });
    offers.add(router, {"detect", "faces"}, [this](auto& own) {
      deepstack::add_deepstack_routes(own,
                                      {vision, objects, faces, api_keys, other_detectors(workers)});
    });
  }

  void preload(const std::vector<std::string>& names, const std::stop_token& stop) {
    for (const auto& name : names) {
      if (stop.stop_requested()) return;
      try {
        access.acquire(access.choose(name, {}), std::nullopt, {Deadline::never(), stop});
      } catch (...) {  // the top of this thread's work on one model
        const Error error = current_error();
        log::warning("app", "a model cannot be preloaded",
                     {{"model", name}, {"why", error.what()}, {"detail", error.detail()}});
      }
    }
  }

  std::atomic<bool> is_ready{false};
  std::atomic<bool> is_preloading{false};
  const Offers offers;
  const std::vector<std::string> api_keys;
  const dialect::RemotePictures remote;
  const std::filesystem::path home;
  services::ModelAccess access;
  chat::ChatService chat;
  embed::EmbedService embed;
  rerank::RerankService rerank;
  responses::ResponseStore responses;
  library::LibraryService library;
  models::ModelsService models;
  catalog::CatalogService catalog;
  bench::BenchService bench;
  picture::ModelChoice vision;
  vlm::VlmService vlm;
  picture::ObjectFinder objects;
  detect::DetectService detect;
  pose::PoseService pose;
  segment::SegmentService segment;
  depth::DepthService depth;
  ocr::OcrService ocr;
  classify::ClassifyService classify;
  faces::FaceService faces;
  speak::SpeakService speak;
  transcribe::TranscribeService transcribe;
  wake::WakeService wake;
  home::HomeStore homes;
  const wyoming::ServerOptions wyoming_options;
  services::TaskModels task_models;
  realtime::ClientSecrets client_secrets;
  status::SystemService system;
  streams::KeptStreams streams;  // before the others goes: what it still runs uses them
  jobs::JobService jobs;
  batches::BatchService batches;
  workers::WorkerService workers;
  workers::StreamRuns worker_streams;
  std::optional<workers::WorkerRoutes> worker_routes;
  core::Metrics& metrics;
  const int job_threads;
  std::optional<http::Router> job_router;  ///< the routes that jobs may run
  // Last: they use what is above.
  std::jthread preloader;
  const std::vector<std::filesystem::path> queues;  ///< the folders of files that describe them
  std::optional<jobs::WebSink> web_sink;
  std::optional<jobs::Deliverer> web_deliverer;
  std::optional<jobs::Sources> sources;
  std::optional<jobs::JobRunner> runner;
  std::unique_ptr<wyoming::Server> wyoming;
  std::optional<core::Announcement> announcement;
};

Services::Services(const Foundation& foundation) : impl_(std::make_unique<Impl>(foundation)) {}

Services::~Services() {
  impl_->workers.stop();
}

/// A client may name its reply and come back for the rest, whatever the dialect.
void Services::add_text_routes(http::Router& router) {
  http::Router text;
  auto& impl = *impl_;
  impl.offers.add(text, {"chat"}, [&impl](auto& own) {
    chat::add_chat_routes(own, impl.chat);
    anthropic::add_anthropic_routes(own, impl.chat, impl.remote);
    responses::add_responses_routes(own, impl.chat, impl.responses, impl.remote);
  });
  impl.offers.add(text, {"embed"}, [&](auto& own) { embed::add_embed_routes(own, impl.embed); });
  impl.offers.add(text, {"rerank"},
                  [&](auto& own) { rerank::add_rerank_routes(own, impl.rerank); });
  impl.offers.add(text, {"chat", "embed"}, [&](auto& own) {
    openai::add_openai_routes(own, {impl.chat, impl.embed, impl.models, impl.remote});
  });
  impl.offers.add(text, {"vlm"}, [&](auto& own) { vlm::add_vlm_route(own, impl.vlm); });
  for (const auto* route : text.routes()) router.add(impl_->streams.keeping(*route));
  streams::add_stream_routes(router, impl_->streams);
}

http::Router Services::make_router() {
  impl_->job_router = make_inference_router();
  impl_->jobs.set_router(*impl_->job_router);
  http::Router router = make_inference_router();
  auto& impl = *impl_;
  if (impl.offers.has("jobs")) jobs::offer_async(router, impl.jobs);
  impl.offers.add(router, {"jobs"}, [&](auto& own) { jobs::add_job_routes(own, impl.jobs); });
  impl.offers.add(router, {"batches"},
                  [&](auto& own) { batches::add_batch_routes(own, impl.batches); });
  workers::add_worker_routes(router, impl_->workers);
  add_routes_of_workers(router);
  return router;
}

/// They come and go while the server runs.
void Services::add_routes_of_workers(http::Router& router) {
  auto& impl = *impl_;
  http::Router taken;
  for (const auto* route : router.routes()) {
    http::Route name;
    name.method = route->method;
    name.pattern = route->pattern;
    taken.add(std::move(name));
  }
  auto& own = impl.worker_routes.emplace(
      impl.workers, impl.worker_streams, std::move(taken),
      [&impl](http::Router& more) { jobs::offer_async(more, impl.jobs); });
  router.set_more([&own] { return own.for_clients(); });
  impl.job_router->set_more([&own] { return own.for_jobs(); });
  impl.workers.start([&own, &impl](const core::WorkerTable& table) {
    auto problems = own.rebuild(table);
    impl.worker_streams.follow(table);
    return problems;
  });
}

http::Router Services::make_inference_router() {
  http::Router router;
  add_text_routes(router);
  library::add_library_routes(router, impl_->library);
  models::add_models_routes(router, impl_->models, HAILSTONE_VERSION);
  catalog::add_catalog_routes(router, impl_->catalog);
  bench::add_bench_routes(router, impl_->bench);
  impl_->add_vision_routes(router);
  impl_->offers.add(router, {"speak"},
                    [this](auto& own) { speak::add_speak_routes(own, impl_->speak); });
  impl_->offers.add(router, {"transcribe"}, [this](auto& own) {
    transcribe::add_transcribe_routes(own, impl_->transcribe, impl_->home);
  });
  impl_->offers.add(router, {"wake"},
                    [this](auto& own) { wake::add_wake_routes(own, impl_->wake); });
  impl_->offers.add(router, kSpeechServices,
                    [this](auto& own) { home::add_home_routes(own, impl_->homes); });
  impl_->offers.add(router, {"voice"}, [this](auto& own) {
    voice::add_voice_routes(own, impl_->voice_services(), impl_->home);
    realtime::add_realtime_routes(own, impl_->voice_services(), impl_->client_secrets);
  });
  status::add_system_routes(router, impl_->system);
  return router;
}

void Services::preload(std::vector<std::string> models) {
  if (models.empty()) return;
  impl_->is_preloading = true;
  impl_->preloader =
      std::jthread([impl = impl_.get(), models = std::move(models)](const std::stop_token& stop) {
        os::set_thread_name("preload");
        impl->preload(models, stop);
        impl->is_preloading = false;
      });
}

bool Services::is_preloading() const noexcept {
  return impl_->is_preloading;
}

void Services::start_jobs() {
  jobs::RunnerOptions options;
  options.threads = impl_->job_threads;
  options.note_attempt = [&metrics = impl_->metrics](const std::string& outcome) {
    metrics.counter("hailstone_job_attempts_total", "Attempts to run a job", {{"outcome", outcome}})
        .add();
  };
  options.note_counts = [&metrics = impl_->metrics](const core::JobCounts& counts) {
    jobs::show_jobs(metrics, counts, system_clock().wall());
  };
  impl_->runner.emplace(
      impl_->jobs.queue(),
      [impl = impl_.get()](const core::ClaimedJob& job, const RunContext& run) {
        return impl->perform(job, run);
      },
      options);
  impl_->batches.start();
  if (impl_->web_sink) {
    impl_->web_deliverer.emplace(impl_->jobs.queue(), *impl_->web_sink, jobs::web_delays());
  }
  impl_->sources.emplace(impl_->jobs, core::read_queue_files(impl_->queues).queues, impl_->metrics,
                         impl_->job_threads);
}

void Services::stop_jobs() {
  impl_->workers.stop();
  impl_->worker_streams.stop_all();
  impl_->sources.reset();
  impl_->web_deliverer.reset();
  impl_->batches.stop();
  impl_->runner.reset();
}

std::vector<Endpoint> Services::start_wyoming() {
  const bool is_offered =
      std::any_of(kSpeechServices.begin(), kSpeechServices.end(),
                  [this](const auto service) { return impl_->offers.has(service); });
  if (impl_->wyoming_options.listen.empty() || !is_offered) return {};
  impl_->wyoming = std::make_unique<wyoming::Server>(
      impl_->wyoming_options, wyoming::Services{impl_->access, impl_->transcribe, impl_->speak,
                                                impl_->wake, impl_->chat, impl_->homes});
  auto endpoints = impl_->wyoming->endpoints();
  // Of several addresses the network is told one port: Home Assistant finds the machine by name.
  const auto open = std::find_if(endpoints.begin(), endpoints.end(),
                                 [](const auto& endpoint) { return !is_loopback(endpoint.host); });
  if (open != endpoints.end()) {
    impl_->announcement.emplace(
        core::Announced{"Hailstone on " + host_name(), "_wyoming._tcp", open->port});
  }
  return endpoints;
}

void Services::stop_wyoming() {
  impl_->announcement.reset();
  impl_->wyoming.reset();
}

void Services::set_ready() noexcept {
  impl_->is_ready = true;
}

}  // namespace hailstone::app
