// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/host_server.hpp"

#include <utility>

#include "hosting/crew.hpp"

namespace hailstone::hosting {

/// One request under way in the host.
class HostServer::Request {
 public:
  Request(Channel& channel, std::uint32_t id) noexcept : channel_(channel), id_(id) {}

  std::uint32_t id() const noexcept { return id_; }
  SteadyTime arrived() const noexcept { return arrived_; }
  std::stop_token stop_token() const noexcept { return stop_.get_token(); }
  void stop() noexcept { stop_.request_stop(); }

  void add_credit(std::uint32_t chunks) {
    {
      const std::lock_guard lock(mutex_);
      credit_ += chunks;
    }
    credited_.notify_all();
  }

  /// Waits while the daemon has more than it wants. Throws as RunContext::check does.
  void send_chunk(const Body& body, const RunContext& run) {
    std::unique_lock lock(mutex_);
    const auto has_credit = [this] { return credit_ > 0; };
    if (run.deadline.is_never()) {
      credited_.wait(lock, run.stop, has_credit);
    } else {
      credited_.wait_until(lock, run.stop, run.deadline.time(), has_credit);
    }
    run.check();
    --credit_;
    lock.unlock();
    if (!channel_.send(FrameType::kChunk, id_, body)) {
      throw Error(ErrorCode::kCancelled, "the daemon is gone");
    }
  }

  void finish(const Body& body) { channel_.send(FrameType::kResult, id_, body); }

 private:
  Channel& channel_;
  const std::uint32_t id_;
  const SteadyTime arrived_ = system_clock().now();
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable_any credited_;
  std::uint32_t credit_ = kChunkWindow;  // guarded by mutex_
};

namespace {

template <typename Session>
Session& require(Session* session, const char* kind) {
  if (session == nullptr) {
    throw Error(ErrorCode::kUnsupported, std::string("the model has no ") + kind + " session");
  }
  return *session;
}

LoadedModel describe_loaded(inference::Model& model, const inference::ModelSpec& spec) {
  LoadedModel loaded;
  if (const auto* tensor = model.tensor()) loaded.tensor = {tensor->inputs(), tensor->outputs()};
  for (const auto& [kind, file] : spec.networks) {
    const auto* network = model.network(kind);
    if (network != nullptr) loaded.networks[kind] = {network->inputs(), network->outputs()};
  }
  if (const auto* text = model.text()) loaded.context_length = text->context_length();
  if (const auto* say = model.say()) loaded.voices = say->voices();
  loaded.hears = model.hear() != nullptr;
  loaded.reads = model.read() != nullptr;
  loaded.footprint = model.footprint();
  return loaded;
}

}  // namespace

/// Does one operation and sends what comes of it.
class HostServer::Runner {
 public:
  Runner(HostServer& server, Request& request, std::uint32_t model, const RunContext& run)
      : server_(server), request_(request), model_(model), run_(run) {}

  void operator()(const Load& load) {
    std::shared_ptr<inference::Model> model = server_.engine_.load(load.spec, load.options, run_);
    const LoadedModel loaded = describe_loaded(*model, load.spec);
    {
      const std::lock_guard lock(server_.mutex_);
      server_.models_[model_] = std::move(model);
    }
    request_.finish(encode_loaded(loaded));
  }
  void operator()(const Unload&) {
    {
      std::shared_ptr<inference::Model> model = server_.find_model(model_);
      const std::lock_guard lock(server_.mutex_);
      server_.models_.erase(model_);
    }
    request_.finish({});
  }
  void operator()(const Describe& describe) {
    request_.finish(encode_facts(server_.engine_.describe(describe.spec, describe.detail)));
  }
  void operator()(const Estimate& estimate) {
    request_.finish(encode_footprint(server_.engine_.estimate(estimate.spec, estimate.options)));
  }
  void operator()(const ReadTemperature&) {
    request_.finish(encode_temperature(server_.engine_.chip_temperature()));
  }
  void operator()(const inference::TextRequest& text) {
    const auto on_chunk = [this](inference::TextChunk&& chunk) {
      request_.send_chunk(encode_text_chunk(chunk), run_);
    };
    request_.finish(encode_text_result(this->text().generate(text, on_chunk, run_)));
  }
  void operator()(const Embed& embed) {
    request_.finish(encode_embeddings(text().embed(embed.inputs, run_)));
  }
  void operator()(const Tokenize& tokenize) {
    request_.finish(encode_tokens(text().tokenize(tokenize.text, run_)));
  }
  void operator()(const Detokenize& detokenize) {
    request_.finish(encode_text(text().detokenize(detokenize.tokens, run_)));
  }
  void operator()(const inference::ChatPrompt& prompt) {
    request_.finish(encode_text(text().apply_template(prompt, run_)));
  }
  void operator()(const RunTensors& tensors) {
    const std::string& kind = tensors.network;
    auto& session = kind.empty() ? require(model().tensor(), "tensor")
                                 : require(model().network(kind), kind.c_str());
    request_.finish(encode_tensors(session.run(tensors.inputs, run_)));
  }
  void operator()(const inference::HearRequest& hear) {
    const auto on_segment = [this](const inference::HeardSegment& segment) {
      request_.send_chunk(encode_segment(segment), run_);
    };
    auto& session = require(model().hear(), "hear");
    request_.finish(encode_hear_result(session.hear(hear, on_segment, run_)));
  }
  void operator()(const inference::SayRequest& say) {
    const auto on_audio = [this](media::Pcm&& audio) {
      request_.send_chunk(encode_audio(audio), run_);
    };
    require(model().say(), "say").say(say, on_audio, run_);
    request_.finish({});
  }
  void operator()(const ReadImage& read) {
    auto& session = require(model().read(), "read");
    request_.finish(encode_lines(session.read(read.image, read.language, run_)));
  }

 private:
  inference::Model& model() {
    if (!held_) held_ = server_.find_model(model_);
    if (!held_) throw Error(ErrorCode::kInternal, "the model is not loaded in this host");
    return *held_;
  }
  inference::TextSession& text() { return require(model().text(), "text"); }

  HostServer& server_;
  Request& request_;
  const std::uint32_t model_;
  const RunContext& run_;
  std::shared_ptr<inference::Model> held_;
};

void HostServer::serve() {
  greet();
  Crew crew(
      options_.threads, "host-work", [this] { return read_request(); },
      [this](Frame&& frame) { run(std::move(frame)); });
  crew.run();
  models_.clear();
}

/// Does what is no request itself. At the end, what runs is called off.
std::optional<Frame> HostServer::read_request() {
  struct StopUnlessRead {
    HostServer& server;
    bool has_read = false;
    ~StopUnlessRead() {
      if (!has_read) server.stop_all();
    }
  } guard{*this};
  while (auto frame = channel_.receive()) {
    if (frame->type != FrameType::kRequest) {
      dispatch(*frame);
      continue;
    }
    const std::lock_guard lock(mutex_);
    requests_[frame->id] = std::make_shared<Request>(channel_, frame->id);
    guard.has_read = true;
    return frame;
  }
  return std::nullopt;
}

void HostServer::greet() {
  const auto frame = channel_.receive();
  if (!frame) return;
  if (frame->type != FrameType::kHello) {
    throw Error(ErrorCode::kEngineFailed, "the first frame is not a hello");
  }
  const Hello hello = parse_hello(*frame);
  const bool share = hello.shared_memory && options_.share_memory;
  channel_.send(
      FrameType::kWelcome, frame->id,
      encode_welcome({kProtocolVersion, std::string(engine_.name()), engine_.probe(), share}));
  if (share) channel_.allow_sharing();
}

void HostServer::dispatch(const Frame& frame) {
  if (frame.type == FrameType::kPing) {
    channel_.send(FrameType::kPong, frame.id);
    return;
  }
  const auto request = find_request(frame.id);
  if (!request) return;  // it has ended meanwhile
  if (frame.type == FrameType::kCancel) request->stop();
  if (frame.type == FrameType::kCredit) request->add_credit(parse_credit(frame));
}

void HostServer::run(Frame&& frame) noexcept {
  const auto held_request = find_request(frame.id);
  if (!held_request) return;  // the number was used twice and has ended
  Request& request = *held_request;
  std::uint32_t model = 0;
  try {
    const Call call = parse_call(frame);
    model = call.head.model;
    const Deadline deadline = call.head.time_left
                                  ? Deadline::at(request.arrived() + *call.head.time_left)
                                  : Deadline::never();
    const RunContext context{deadline, request.stop_token()};
    context.check();
    std::visit(Runner(*this, request, model, context), call.operation);
  } catch (...) {
    const auto held = find_model(model);
    const Body body = encode_error({current_error(), held == nullptr || held->alive()});
    channel_.send(FrameType::kError, request.id(), body);
  }
  const std::lock_guard lock(mutex_);
  requests_.erase(request.id());
}

std::shared_ptr<HostServer::Request> HostServer::find_request(std::uint32_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = requests_.find(id);
  return found == requests_.end() ? nullptr : found->second;
}

std::shared_ptr<inference::Model> HostServer::find_model(std::uint32_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = models_.find(id);
  return found == models_.end() ? nullptr : found->second;
}

void HostServer::stop_all() {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, request] : requests_) request->stop();
}

}  // namespace hailstone::hosting
