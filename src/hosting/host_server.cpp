// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/host_server.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "inference/run_wait.hpp"

namespace hailstone::hosting {

/// One request under way in the host.
class HostServer::Request {
 public:
  Request(Channel& channel, std::uint32_t id, const Features& features) noexcept
      : channel_(channel), id_(id) {
    if (features.streams) chunks_.count_bytes();
  }

  std::uint32_t id() const noexcept { return id_; }
  SteadyTime arrived() const noexcept { return arrived_; }
  std::stop_token stop_token() const noexcept { return stop_.get_token(); }
  void stop() noexcept { stop_.request_stop(); }
  /// True once: for whoever then answers it.
  bool take() noexcept { return !is_taken_.exchange(true); }

  void add_credit(const Credit& credit) {
    {
      const MutexLock lock(mutex_);
      chunks_.add(credit);
    }
    changed_.notify_all();
  }

  /// Throws Error(kEngineFailed) for more than was allowed.
  void add_input(Frame&& frame) {
    {
      const MutexLock lock(mutex_);
      if (!input_window_.admit(size_of(frame))) {
        throw Error(ErrorCode::kEngineFailed, "the daemon sent more input than it was allowed to");
      }
      input_.push_back(std::move(frame));
    }
    changed_.notify_all();
  }

  /// Waits while the daemon has more than it wants. Throws kTooLarge, and as RunContext::check
  /// does.
  void send_chunk(const Body& body, const RunContext& run) {
    if (size_of(body) > kMaxChunk) {
      throw Error(ErrorCode::kTooLarge, "a piece of the result is larger than 4 MiB");
    }
    {
      UniqueLock lock(mutex_);
      wait_for(changed_, lock.native(), run, [&] {
        mutex_.assert_held();
        return chunks_.has_room(size_of(body));
      });
      chunks_.take(size_of(body));
    }
    if (!channel_.send(FrameType::kChunk, id_, body)) {
      throw Error(ErrorCode::kCancelled, "the daemon is gone");
    }
  }

  /// Nothing: none has come by then. Throws as RunContext::check does.
  std::optional<Frame> take_input(Deadline until, const RunContext& run) {
    Frame frame;
    Credit credit;
    {
      UniqueLock lock(mutex_);
      wait_until(changed_, lock.native(), until.earlier(run.deadline), run.stop, [this] {
        mutex_.assert_held();
        return !input_.empty();
      });
      run.check();
      if (input_.empty()) return std::nullopt;
      frame = std::move(input_.front());
      input_.pop_front();
      input_window_.use_up(size_of(frame));
      credit = input_window_.credit();  // at once: so the daemon knows what we have worked through
    }
    channel_.send(FrameType::kCredit, id_, encode_credit(credit));
    return frame;
  }

  void finish(const Body& body) { channel_.send(FrameType::kResult, id_, body); }

 private:
  Channel& channel_;
  const std::uint32_t id_;
  const SteadyTime arrived_ = system_clock().now();
  std::stop_source stop_;
  std::atomic<bool> is_taken_{false};
  Mutex mutex_;
  std::condition_variable_any changed_;
  SendWindow chunks_ HAILSTONE_GUARDED_BY(mutex_);
  ReceiveWindow input_window_ HAILSTONE_GUARDED_BY(mutex_);
  std::deque<Frame> input_ HAILSTONE_GUARDED_BY(mutex_);
};

/// What a call's input frames bring.
class HostServer::RequestInput final : public inference::CallSource {
 public:
  explicit RequestInput(Request& request) noexcept : request_(request) {}
  std::optional<inference::CallValue> take(const RunContext& run) override {
    return parse_call_input(*request_.take_input(Deadline::never(), run));
  }

 private:
  Request& request_;
};

/// The audio of a stream, as its input frames bring it.
class HostServer::RequestAudio final : public inference::AudioSource {
 public:
  RequestAudio(Request& request, int sample_rate) noexcept
      : request_(request), sample_rate_(sample_rate) {}
  int sample_rate() const noexcept override { return sample_rate_; }
  inference::AudioPiece take(Deadline until, const RunContext& run) override {
    const auto frame = request_.take_input(until, run);
    return frame ? parse_audio_piece(*frame) : inference::AudioPiece{};
  }

 private:
  Request& request_;
  const int sample_rate_;
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
  if (const auto* call = model.call()) loaded.methods = call->methods();
  if (const auto* hear = model.hear()) loaded.hear = hear->abilities();
  loaded.reads = model.read() != nullptr;
  loaded.slots = model.slots();
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
    LoadedModel loaded = describe_loaded(*model, load.spec);
    if (loaded.hear && !server_.features_.streams) loaded.hear->streams = false;
    {
      const MutexLock lock(server_.mutex_);
      run_.check();  // nobody would unload what nobody knows of
      server_.models_[model_] = model;
    }
    request_.finish(encode_loaded(loaded));
  }
  void operator()(const Unload&) {
    {
      std::shared_ptr<inference::Model> model = server_.find_model(model_);
      const MutexLock lock(server_.mutex_);
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
  // Answered by whoever reads them; see answer_at_once.
  void operator()(const ReadTemperature&) {}
  void operator()(const Measure&) {}
  void operator()(const inference::TextRequest& text) {
    const auto on_chunk = [this](inference::TextChunk&& chunk) {
      request_.send_chunk(encode_text_chunk(chunk), run_);
    };
    request_.finish(encode_text_result(this->text().generate(text, on_chunk, run_)));
  }
  void operator()(const Embed& embed) {
    request_.finish(encode_embeddings(text().embed(embed.inputs, run_)));
  }
  void operator()(const Rank& rank) {
    request_.finish(encode_ranking(text().rank(rank.query, rank.documents, run_)));
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
    auto& session = require(model().hear(), "hear");
    request_.finish(encode_hear_result(session.hear(hear, hand_on_heard(), run_)));
  }
  void operator()(const Listen& listen) {
    auto& session = require(model().hear(), "hear");
    RequestAudio audio(request_, listen.sample_rate);
    request_.finish(
        encode_hear_result(session.listen(listen.options, audio, hand_on_heard(), run_)));
  }
  void operator()(const inference::SayRequest& say) {
    const auto on_audio = [this](media::Pcm&& audio) { send_audio(std::move(audio)); };
    require(model().say(), "say").say(say, on_audio, run_);
    request_.finish({});
  }
  void operator()(const Invoke& invoke) {
    auto& session = require(model().call(), "call");
    RequestInput input(request_);
    const auto on_value = [this](inference::CallValue&& value) {
      request_.send_chunk(encode_call_value(value), run_);
    };
    request_.finish(encode_call_value(session.call(
        invoke.request, invoke.input == InputFollows::kYes ? &input : nullptr, on_value, run_)));
  }
  void operator()(const ReadImage& read) {
    auto& session = require(model().read(), "read");
    request_.finish(encode_lines(session.read(read.image, read.language, run_)));
  }

 private:
  inference::OnHeard hand_on_heard() {
    return [this](inference::HearEvent&& event) {
      if (event.kind != inference::HearEvent::Kind::kFinal && !server_.features_.streams) return;
      request_.send_chunk(encode_heard(event), run_);
    };
  }

  /// In pieces that a chunk may have.
  void send_audio(media::Pcm&& audio) {
    constexpr std::size_t kSamples = std::size_t{256} << 10;
    for (std::size_t begin = 0; begin < audio.samples.size(); begin += kSamples) {
      const auto part = std::span(audio.samples)
                            .subspan(begin)
                            .first(std::min(kSamples, audio.samples.size() - begin));
      request_.send_chunk(encode_audio(audio.sample_rate, part), run_);
    }
  }

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
  Crew crew(options_.crew, "host-work", [this] { return read_job(); });
  crew.run();
  std::map<std::uint32_t, std::shared_ptr<inference::Model>> gone;  // without the lock
  const MutexLock lock(mutex_);
  gone.swap(models_);
}

/// Does what needs no engine itself. At the end, what runs is called off.
std::optional<Job> HostServer::read_job() {
  struct StopUnlessRead {
    HostServer& server;
    bool has_read = false;
    ~StopUnlessRead() {
      if (!has_read) server.stop_all();
    }
  } guard{*this};
  while (auto frame = channel_.receive()) {
    if (frame->type != FrameType::kRequest) {
      dispatch(std::move(*frame));
    } else if (auto job = begin_request(*frame)) {
      guard.has_read = true;
      return job;
    }
  }
  return std::nullopt;
}

/// Nothing where it has been answered already.
std::optional<Job> HostServer::begin_request(const Frame& frame) {
  const auto request = std::make_shared<Request>(channel_, frame.id, features_);
  try {
    const auto call = std::make_shared<Call>(parse_call(frame));
    if (answer_at_once(*request, *call)) return std::nullopt;
    const MutexLock lock(mutex_);
    requests_[frame.id] = request;
    return Job{call->head.model, [this, request, call] { run(*request, *call); }};
  } catch (...) {
    fail(*request, 0);
    return std::nullopt;
  }
}

/// What is asked every few seconds must not wait behind what the engine does.
bool HostServer::answer_at_once(Request& request, const Call& call) {
  if (std::holds_alternative<ReadTemperature>(call.operation)) {
    request.finish(encode_temperature(engine_.chip_temperature()));
  } else if (std::holds_alternative<Measure>(call.operation)) {
    request.finish(encode_measured(measure()));
  } else {
    return false;
  }
  return true;
}

std::vector<MeasuredModel> HostServer::measure() const {
  std::map<std::uint32_t, std::shared_ptr<inference::Model>> models;
  {
    const MutexLock lock(mutex_);
    models = models_;
  }
  std::vector<MeasuredModel> measured;
  for (const auto& [number, model] : models) measured.push_back({number, model->footprint()});
  return measured;
}

void HostServer::greet() {
  const auto frame = channel_.receive();
  if (!frame) return;
  if (frame->type != FrameType::kHello) {
    throw Error(ErrorCode::kEngineFailed, "the first frame is not a hello");
  }
  const Hello hello = parse_hello(*frame);
  const bool share = hello.shared_memory && options_.share_memory;
  features_ = hello.features & kFeatures;
  channel_.send(FrameType::kWelcome, frame->id,
                encode_welcome({kProtocolVersion, std::string(engine_.name()), engine_.probe(),
                                share, features_}));
  if (share) channel_.allow_sharing();
}

void HostServer::dispatch(Frame&& frame) {
  if (frame.type == FrameType::kPing) {
    channel_.send(FrameType::kPong, frame.id);
    return;
  }
  const auto request = find_request(frame.id);
  if (!request) return;  // it has ended meanwhile
  if (frame.type == FrameType::kCancel) cancel(*request);
  if (frame.type == FrameType::kCredit) request->add_credit(parse_credit(frame));
  if (frame.type == FrameType::kInput) request->add_input(std::move(frame));
}

/// One that still waits is answered here: it might wait for long.
void HostServer::cancel(Request& request) {
  request.stop();
  if (!request.take()) return;
  const Error cancelled(ErrorCode::kCancelled, "request canceled");
  channel_.send(FrameType::kError, request.id(), encode_error({cancelled, true}));
  forget(request);
}

void HostServer::run(Request& request, const Call& call) noexcept {
  if (!request.take()) return;
  const std::uint32_t model = call.head.model;
  try {
    const Deadline deadline = call.head.time_left
                                  ? Deadline::at(request.arrived() + *call.head.time_left)
                                  : Deadline::never();
    const RunContext context{deadline, request.stop_token(), call.head.lane};
    context.check();
    std::visit(Runner(*this, request, model, context), call.operation);
  } catch (...) {
    fail(request, model);
  }
  forget(request);
}

/// Call only inside a catch block.
void HostServer::fail(Request& request, std::uint32_t model) noexcept {
  const auto held = find_model(model);
  channel_.send(FrameType::kError, request.id(),
                encode_error({current_error(), held == nullptr || held->alive()}));
}

void HostServer::forget(const Request& request) {
  const MutexLock lock(mutex_);
  const auto found = requests_.find(request.id());
  if (found != requests_.end() && found->second.get() == &request) requests_.erase(found);
}

std::shared_ptr<HostServer::Request> HostServer::find_request(std::uint32_t id) const {
  const MutexLock lock(mutex_);
  const auto found = requests_.find(id);
  return found == requests_.end() ? nullptr : found->second;
}

std::shared_ptr<inference::Model> HostServer::find_model(std::uint32_t id) const {
  const MutexLock lock(mutex_);
  const auto found = models_.find(id);
  return found == models_.end() ? nullptr : found->second;
}

void HostServer::stop_all() {
  const MutexLock lock(mutex_);
  for (const auto& [id, request] : requests_) request->stop();
}

}  // namespace hailstone::hosting
