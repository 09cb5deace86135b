// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/vision/look.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/client/stub_service.hpp"
#include "cli/program.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string kJpeg = "\xFF\xD8\xFF\xE0 a photo";
constexpr const char* kDog = R"([{"label":"dog","confidence":0.914,"bbox":[10.4,20.5,300,400]}])";
constexpr const char* kHeaders =
    "X-Hailstone-Model: yolox-nano:latest\r\nX-Hailstone-Engine: onnx\r\n"
    "Server-Timing: decode;dur=3.21, infer;dur=58.10\r\n";

class LookCommands : public ::testing::Test {
 protected:
  LookCommands() {
    std::string pattern = (fs::temp_directory_path() / "hailstone-look-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    photo_ = write("photo.jpg", kJpeg);
  }
  ~LookCommands() override { fs::remove_all(folder_); }

  int run(const std::vector<std::string>& arguments) {
    return run_program(arguments, environment_, console_.console, {});
  }
  void serve(int status, const std::string& body, const std::string& headers = kHeaders) {
    service_ = std::make_unique<StubService>(
        [=](const StubRequest&) { return reply_with(status, body, headers); });
    environment_["OLLAMA_HOST"] = to_string(service_->endpoint());
  }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return path(name);
  }
  std::string read(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string out() const { return console_.out.str(); }
  std::string err() const { return console_.err.str(); }
  StubRequest last() const { return service_->requests().back(); }
  void use_terminal() { console_.console.out_is_terminal = true; }

  fs::path folder_;
  std::string photo_;
  core::Environment environment_ = {{"HOME", "/nowhere"}, {"OLLAMA_HOST", "127.0.0.1:1"}};
  TestConsole console_;
  std::unique_ptr<StubService> service_;
};

TEST_F(LookCommands, ThePictureIsTheBodyAndOptionsAreInTheAddress) {
  serve(200, kDog);
  EXPECT_EQ(run({"detect", photo_, "--model", "m:1", "--threshold", "0.5", "--classes", "dog,cat",
                 "--max", "3", "--tiles", "auto"}),
            kOk)
      << err();
  EXPECT_EQ(last().line,
            "POST /api/detect?model=m%3A1&threshold=0.5&classes=dog%2Ccat&max=3&tiles=auto");
  EXPECT_THAT(last().head, HasSubstr("Content-Type: image/jpeg\r\n"));
  EXPECT_EQ(last().content, kJpeg);
}

TEST_F(LookCommands, ATerminalGetsATableAndAPipeJson) {
  serve(200, kDog);
  EXPECT_EQ(run({"detect", photo_}), kOk);
  EXPECT_EQ(Json::parse(out()), Json({{"file", photo_},
                                      {"model", "yolox-nano:latest"},
                                      {"engine", "onnx"},
                                      {"result", Json::parse(kDog)}}));
  console_.out.str({});
  use_terminal();
  EXPECT_EQ(run({"detect", photo_}), kOk);
  EXPECT_EQ(out(),
            "LABEL    CONFIDENCE    X     Y     WIDTH    HEIGHT\n"
            "dog      0.91          10    20    300      400\n");
  console_.out.str({});
  EXPECT_EQ(run({"detect", photo_, "--json"}), kOk);
  EXPECT_TRUE(Json::accept(out()));
}

TEST_F(LookCommands, SeveralPicturesHaveHeadingsOrALineEach) {
  serve(200, "[]");
  const auto second = write("second.jpg", kJpeg);
  EXPECT_EQ(run({"detect", photo_, second}), kOk);
  const std::string lines = out();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
  console_.out.str({});
  use_terminal();
  EXPECT_EQ(run({"detect", photo_, second}), kOk);
  EXPECT_EQ(out(), photo_ + "\nnothing found\n\n" + second + "\nnothing found\n");
}

TEST_F(LookCommands, NothingIsSentWhereOnePictureIsNone) {
  serve(200, "[]");
  EXPECT_EQ(run({"detect", photo_, path("absent.jpg")}), kUsage);
  EXPECT_THAT(err(), HasSubstr("absent.jpg"));
  EXPECT_EQ(run({"pose", photo_, folder_.string()}), kUsage);
  EXPECT_EQ(run({"segment", write("letter.jpg", "Dear Sir")}), kUsage);
  EXPECT_EQ(run({"detect"}), kUsage);
  EXPECT_THAT(service_->requests(), IsEmpty());
}

TEST_F(LookCommands, APictureComesFromAPipe) {
  serve(200, "[]");
  console_.in.str(kJpeg);
  EXPECT_EQ(run({"detect", "-"}), kOk) << err();
  EXPECT_EQ(last().content, kJpeg);
  console_.console.in_is_terminal = true;
  EXPECT_EQ(run({"detect", "-"}), kUsage);
  EXPECT_THAT(service_->requests(), SizeIs(1));
}

TEST_F(LookCommands, ARefusalSaysWhatWouldWork) {
  serve(503, R"({"error":"no model for detect is installed",)"
             R"("detail":"install one with: hailstone pull yolox-nano"})");
  EXPECT_EQ(run({"detect", photo_}), kFailed);
  EXPECT_THAT(err(), HasSubstr("hailstone: no model for detect is installed\n"
                               "install one with: hailstone pull yolox-nano\n"));
  console_.err.str({});
  EXPECT_EQ(run({"detect", photo_, write("second.jpg", kJpeg)}), kFailed);
  EXPECT_THAT(err(), HasSubstr("photo.jpg: no model"));
}

TEST_F(LookCommands, ADrawingIsSavedAndNeverOverThePicture) {
  serve(200, "\xFF\xD8\xFF drawn");
  EXPECT_EQ(run({"detect", photo_, "--draw", photo_}), kUsage);
  fs::create_symlink(photo_, folder_ / "link.jpg");
  EXPECT_EQ(run({"detect", photo_, "--draw", path("link.jpg")}), kUsage);
  EXPECT_EQ(run({"detect", photo_, "--draw", path("out.txt")}), kUsage);
  EXPECT_EQ(run({"detect", photo_, "--draw", path("absent/out.jpg")}), kUsage);
  EXPECT_EQ(run({"detect", photo_, photo_, "--draw", path("out.jpg")}), kUsage);
  EXPECT_THAT(service_->requests(), IsEmpty());
  EXPECT_EQ(read("photo.jpg"), kJpeg);

  use_terminal();
  console_.err.str({});
  EXPECT_EQ(run({"detect", photo_, "--draw", path("out.jpg")}), kOk) << err();
  EXPECT_EQ(last().line, "POST /api/detect?format=image");
  EXPECT_EQ(read("out.jpg"), "\xFF\xD8\xFF drawn");
  EXPECT_EQ(out(), "saved " + path("out.jpg") + "\n");
  EXPECT_EQ(err(), "");
  EXPECT_EQ(run({"detect", photo_, "--draw", path("out.png")}), kOk);
  EXPECT_THAT(err(), HasSubstr("warning: " + path("out.png") + " is an image/jpeg file"));
}

TEST_F(LookCommands, ADrawingInAPipeComesWithTheResult) {
  service_ = std::make_unique<StubService>([](const StubRequest& request) {
    const bool draws = request.line.find("format=image") != std::string::npos;
    return reply_with(200, draws ? "\xFF\xD8\xFF drawn" : kDog, kHeaders);
  });
  environment_["OLLAMA_HOST"] = to_string(service_->endpoint());
  EXPECT_EQ(run({"detect", photo_, "--draw", path("out.jpg")}), kOk) << err();
  EXPECT_EQ(read("out.jpg"), "\xFF\xD8\xFF drawn");
  const Json line = Json::parse(out());
  EXPECT_EQ(line["result"], Json::parse(kDog));
  EXPECT_EQ(line["saved"], path("out.jpg"));
}

TEST_F(LookCommands, OtherProgramsFormatsArePrintedAsTheyCome) {
  serve(200, "0 0.5 0.5 0.1 0.1\n");
  EXPECT_EQ(run({"detect", photo_, "--format", "yolo"}), kOk) << err();
  EXPECT_EQ(last().line, "POST /api/detect?format=yolo");
  EXPECT_EQ(out(), "0 0.5 0.5 0.1 0.1\n");
  EXPECT_EQ(run({"detect", photo_, "--format", "yolo", "--draw", path("out.jpg")}), kUsage);
  EXPECT_EQ(run({"pose", photo_, "--format", "openpose"}), kOk) << err();
}

TEST_F(LookCommands, PeopleAreShownWithTheJointsThatAreSeen) {
  serve(200, R"([{"person_id":0,"confidence":0.9,"bbox":[1,2,3,4],"keypoints":[
      {"name":"nose","x":1,"y":2,"confidence":0.8},{"name":"left_eye","x":1,"y":2,"confidence":0.1}]}])");
  use_terminal();
  EXPECT_EQ(run({"pose", photo_}), kOk);
  EXPECT_THAT(out(), HasSubstr("0         0.90          1    2    3        4         1 of 2\n"));
}

TEST_F(LookCommands, DepthTellsItsFiguresAndIsSavedInTheFormatOfItsName) {
  serve(200, "map",
        std::string(kHeaders) + "X-Hailstone-Depth: kind=metric; unit=m; min=0.4; max=7.25\r\n");
  EXPECT_EQ(run({"depth", photo_, "--out", path("depth.npy")}), kOk) << err();
  EXPECT_EQ(last().line, "POST /api/depth?format=npy");
  EXPECT_EQ(read("depth.npy"), "map");
  const Json line = Json::parse(out());
  EXPECT_EQ(line["result"], Json({{"kind", "metric"}, {"unit", "m"}, {"min", 0.4}, {"max", 7.25}}));
  EXPECT_EQ(line["saved"], path("depth.npy"));

  EXPECT_EQ(run({"depth", photo_, "--out", path("d.png"), "--color", "--colormap", "turbo"}), kOk);
  EXPECT_EQ(last().line, "POST /api/depth?colormap=turbo&format=color");
  EXPECT_EQ(run({"depth", photo_, "--out", path("d.npy"), "--color"}), kUsage);
  EXPECT_EQ(run({"depth", photo_, "--color"}), kUsage);
  use_terminal();
  console_.out.str({});
  EXPECT_EQ(run({"depth", photo_}), kOk);
  EXPECT_EQ(out(), "KIND      UNIT    MIN    MAX\nmetric    m       0.4    7.25\n");
}

TEST_F(LookCommands, APairOfPicturesIsSentAsOneForm) {
  serve(200, "map", "X-Hailstone-Depth: kind=metric; unit=m; min=0.4; max=7.25\r\n");
  const std::string right = write("right.png", "\x89PNG\r\n\x1A\n hailstone");
  EXPECT_EQ(run({"depth", photo_, "--right", right, "--focal", "721.5", "--baseline", "0.54"}), kOk)
      << err();
  EXPECT_EQ(last().line, "POST /api/depth?focal=721.5&baseline=0.54");
  const auto part = [](const std::string& name, const std::string& bytes) {
    return "--hailstone-\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" +
           name + "\"\r\n\r\n" + bytes + "\r\n";
  };
  EXPECT_EQ(last().content, part("left", kJpeg) + part("right", "\x89PNG\r\n\x1A\n hailstone") +
                                "--hailstone---\r\n");
  EXPECT_EQ(run({"depth", photo_, photo_, "--right", right}), kUsage);
  EXPECT_EQ(run({"depth", photo_, "--right", path("absent.png")}), kUsage);
  EXPECT_EQ(run({"depth", photo_, "--right", right, "--out", right}), kUsage);
  EXPECT_THAT(err(), HasSubstr("is not overwritten"));
  EXPECT_EQ(run({"detect", photo_, "--right", right}), kUsage);
}

TEST_F(LookCommands, TextIsPrintedAsTextOnATerminal) {
  serve(200, R"({"text":"Hello\u001b[2J\nworld","lines":[]})");
  use_terminal();
  EXPECT_EQ(run({"ocr", photo_}), kOk);
  EXPECT_EQ(out(), "Hello[2J\nworld\n");
  serve(200, "level\tpage\n1\t1\n");
  console_.out.str({});
  EXPECT_EQ(run({"ocr", photo_, "--format", "tsv"}), kOk);
  EXPECT_EQ(last().line, "POST /api/ocr?format=tsv");
  EXPECT_EQ(out(), "level\tpage\n1\t1\n");
  EXPECT_EQ(run({"ocr", photo_, "--format", "pdf"}), kUsage);
}

TEST_F(LookCommands, FacesAndClassesAreTablesToo) {
  serve(200,
        R"([{"label":"face","confidence":0.99,"bbox":[1,2,3,4],"person":"Ada","similarity":0.71},
                {"label":"face","confidence":0.8,"bbox":[5,6,7,8],"person":null}])");
  use_terminal();
  EXPECT_EQ(run({"faces", photo_}), kOk);
  EXPECT_THAT(out(), HasSubstr("Ada       0.71          0.99          1    2    3        4\n"));
  serve(200, R"([{"label":"a cat","confidence":0.97}])");
  EXPECT_EQ(run({"classify", photo_, "--labels", "a cat,a dog"}), kOk);
  EXPECT_EQ(last().line, "POST /api/classify?labels=a%20cat%2Ca%20dog");
  EXPECT_THAT(out(), HasSubstr("a cat    0.97\n"));
}

TEST_F(LookCommands, VerboseTellsWhoAnsweredAndWhereTheTimeWent) {
  serve(200, "[]");
  EXPECT_EQ(run({"detect", photo_, "--verbose"}), kOk);
  EXPECT_EQ(err(), "yolox-nano:latest on onnx: decode 3.21 ms, infer 58.10 ms\n");
}

TEST_F(LookCommands, RepliesOfAnotherKindAreErrors) {
  serve(200, "<html>", "");
  EXPECT_EQ(run({"detect", photo_}), kFailed);
  EXPECT_THAT(err(), HasSubstr("does not answer in JSON"));
  EXPECT_EQ(run({"depth", photo_}), kFailed);
  use_terminal();
  serve(200, R"([7,{"bbox":"wide"},{"bbox":[1,null],"confidence":"high"}])");
  EXPECT_EQ(run({"detect", photo_}), kOk);
  EXPECT_THAT(out(), Not(HasSubstr("wide")));
}

}  // namespace
}  // namespace hailstone::cli
