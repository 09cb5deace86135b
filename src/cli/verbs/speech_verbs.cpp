// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// transcribe, speak, listen and voice.

#include <CLI/CLI.hpp>
#include <string>

#include "cli/speech/speech.hpp"
#include "cli/verbs/verb.hpp"

namespace hailstone::cli {
namespace {

/// --NAME is the field's name.
void add_field(CLI::App& app, Fields& fields, const std::string& name, const char* help,
               const char* form) {
  const auto keep = [&fields, name](const std::string& value) { fields.emplace_back(name, value); };
  app.add_option_function<std::string>("--" + name, keep, help)->type_name(form);
}

void add_hearing_fields(CLI::App& app, Fields& fields) {
  add_field(app, fields, "model", "what hears it, instead of the newest for the task", "MODEL");
  add_field(app, fields, "language", "what is spoken: en, german; else it is found out",
            "LANGUAGE");
}

void add_transcribe_options(CLI::App& app, TranscribeRequest& request) {
  app.add_option("FILE", request.files,
                 "WAV, FLAC, Ogg, MP3 or WebM files; '-': the standard input")
      ->required();
  add_hearing_fields(app, request.fields);
  add_field(app, request.fields, "prompt", "what was said before, or how names are spelt", "TEXT");
  app.add_flag_callback(
      "--translate", [&request] { request.fields.emplace_back("translate", "true"); },
      "to English");
  auto* srt = app.add_flag_callback(
      "--srt", [&request] { request.format = "srt"; }, "subtitles");
  auto* vtt = app.add_flag_callback(
      "--vtt", [&request] { request.format = "vtt"; }, "subtitles");
  auto* words = app.add_flag("--words", request.words, "a line for each word, with its times");
  auto* json = app.add_flag("--json", request.json, "print JSON, an object per file");
  srt->excludes(vtt)->excludes(words)->excludes(json);
  vtt->excludes(words)->excludes(json);
}

int transcribe(Invocation& invocation, const TranscribeRequest& request) {
  transcribe_files(invocation.context(), request);
  return kOk;
}

void add_speak_options(CLI::App& app, SpeakRequest& request) {
  app.add_option("TEXT", request.text, "what is said; without it, or '-': the standard input");
  app.add_option("-o,--out", request.out, "write it instead of playing it: .wav, .flac, .mp3, .ogg")
      ->type_name("FILE");
  app.add_option("--voice", request.voice, "a voice, or a language: see /api/voices")
      ->type_name("VOICE");
  app.add_option("--language", request.language, "of the text")->type_name("LANGUAGE");
  app.add_option("--model", request.model, "who speaks")->type_name("MODEL");
  app.add_option("--speed", request.speed, "1 is as people speak")->check(CLI::Range(0.25, 4.0));
}

int speak(Invocation& invocation, const SpeakRequest& request) {
  speak_text(invocation.context(), request);
  return kOk;
}

void add_listen_options(CLI::App& app, ListenRequest& request) {
  app.add_option("--device", request.device, "the microphone, as --devices calls it")
      ->type_name("DEVICE");
  app.add_option("FILE,--file", request.file,
                 "a sound file instead; '-': WAV or 16 kHz samples from the standard input")
      ->type_name("FILE");
  add_hearing_fields(app, request.fields);
  app.add_flag("--json", request.json, "print the events as JSON, one a line");
  app.add_flag("--devices", request.lists_devices, "print the devices that ALSA knows");
  app.add_flag("--level", request.shows_level, "show how loud it is, and transcribe nothing");
}

int run_listen(Invocation& invocation, const ListenRequest& request) {
  listen(invocation.context(), request);
  return kOk;
}

void add_voice_options(CLI::App& app, VoiceRequest& request) {
  app.add_option("--device", request.device,
                 "the microphone; hailstone listen --devices lists them")
      ->type_name("DEVICE");
  app.add_option("--speaker", request.speaker, "the loudspeaker")->type_name("DEVICE");
  app.add_option("--file", request.file,
                 "a sound file instead of the microphone; '-': the standard input")
      ->type_name("FILE");
  auto* wake = app.add_option("--wake", request.wake,
                              "wait for these words (hey_jarvis,alexa) before each talk")
                   ->type_name("WORDS");
  app.add_flag("--push-to-talk", request.push_to_talk, "Enter begins and ends what you say")
      ->excludes(wake);
  app.add_flag("--headphones", request.keeps_echo, "do not look for an echo of the answers");
  app.add_option("--model", request.model, "who answers")->type_name("MODEL");
  app.add_option("--voice", request.voice, "who speaks")->type_name("VOICE");
  app.add_option("--language", request.language, "what is spoken")->type_name("LANGUAGE");
  app.add_option("--instructions", request.instructions, "for who answers")->type_name("TEXT");
  app.add_flag("--json", request.json, "print the events as JSON, one a line");
}

int run_voice(Invocation& invocation, const VoiceRequest& request) {
  talk(invocation.context(), request);
  return kOk;
}

}  // namespace

std::vector<Verb> make_speech_verbs() {
  return {{"transcribe", "recordings to text",
           with_request<TranscribeRequest>(add_transcribe_options, transcribe)},
          {"speak", "text to speech", with_request<SpeakRequest>(add_speak_options, speak)},
          {"listen", "the microphone to text, while you speak",
           with_request<ListenRequest>(add_listen_options, run_listen)},
          {"voice", "talk with the models, aloud",
           with_request<VoiceRequest>(add_voice_options, run_voice)}};
}

}  // namespace hailstone::cli
