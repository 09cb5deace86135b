// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "support/golden.hpp"
#include "vision/boxes/face_alignment.hpp"
#include "vision/boxes/suppress.hpp"
#include "vision/boxes/tiles.hpp"
#include "vision/boxes/to_picture.hpp"

namespace hailstone::vision {
namespace {

Detection make(const Box& box, double score = 0.9, int class_id = 0, double angle = 0) {
  Detection found;
  found.box = box;
  found.score = score;
  found.class_id = class_id;
  found.angle = angle;
  return found;
}

TEST(Overlap, IsIntersectionOverUnion) {
  EXPECT_DOUBLE_EQ(overlap({0, 0, 2, 2}, {1, 0, 2, 2}), 1.0 / 3);
  EXPECT_EQ(overlap({0, 0, 2, 2}, {2, 0, 2, 2}), 0);
  EXPECT_EQ(overlap({0, 0, 0, 0}, {0, 0, 0, 0}), 0);
  EXPECT_DOUBLE_EQ(containment({0, 0, 10, 10}, {1, 1, 2, 2}), 1);
}

TEST(OrientedOverlap, OfABoxTurnedByAQuarterIsThatOfItsSidesSwapped) {
  const double quarter = std::numbers::pi / 2;
  EXPECT_NEAR(oriented_overlap(make({0, 0, 4, 2}, 1, 0, quarter), make({1, -1, 2, 4})), 1, 1e-9);
}

TEST(OrientedOverlap, OfASquareTurnedByAnEighthIsAnOctagon) {
  const auto square = make({-1, -1, 2, 2});
  const auto turned = make({-1, -1, 2, 2}, 1, 0, std::numbers::pi / 4);
  const double octagon = 8 * (std::numbers::sqrt2 - 1);
  EXPECT_NEAR(oriented_overlap(square, turned), octagon / (8 - octagon), 1e-9);
}

TEST(Suppress, KeepsTheBestOfEachObjectAndClass) {
  const auto kept = suppress({make({0, 0, 10, 10}, 0.5), make({1, 0, 10, 10}, 0.9),
                              make({1, 0, 10, 10}, 0.8, 1), make({50, 0, 10, 10}, 0.3)},
                             {});
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_EQ(kept[0].score, 0.9);
  EXPECT_EQ(kept[1].class_id, 1);
  EXPECT_EQ(kept[2].box.x, 50);
}

TEST(ToPicture, UndoesALetterboxAndClips) {
  const media::Placement placement{0.5, 0.5, 0, 20};
  auto found = make({-10, 15, 60, 30});
  found.keypoints = {{10, 30, 1}};
  const auto moved = to_picture({found, make({0, 0, 100, 19})}, placement, 200, 100);
  ASSERT_EQ(moved.size(), 1U) << "the second lies in the padding";
  EXPECT_EQ(moved[0].box.x, 0);
  EXPECT_EQ(moved[0].box.y, 0);
  EXPECT_EQ(moved[0].box.width, 100);
  EXPECT_EQ(moved[0].box.height, 50);
  EXPECT_EQ(moved[0].keypoints[0].x, 20);
  EXPECT_EQ(moved[0].keypoints[0].y, 20);
}

TEST(ToPicture, KeepsTheAngleWhereTheShapeIsKept) {
  const auto moved = to_picture({make({10, 10, 20, 10}, 1, 0, 0.3)}, {0.5, 0.5, 0, 0}, 200, 200);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_NEAR(moved[0].angle, 0.3, 1e-12);
  EXPECT_NEAR(moved[0].box.width, 40, 1e-9);
}

TEST(ToPicture, MakesAMaskLargerWithThePicture) {
  auto found = make({2, 2, 2, 2});
  found.mask = {2, 2, {1, 0, 0, 1}};
  const auto moved = to_picture({found}, {0.5, 0.5, 0, 0}, 100, 100);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].mask.width, 4);
  EXPECT_THAT(moved[0].mask.pixels,
              ::testing::ElementsAre(1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1));
}

TEST(ToPicture, LeavesOutWhatIsNoNumber) {
  EXPECT_TRUE(to_picture({make({NAN, 0, 1, 1}), make({0, 0, INFINITY, 1})}, {}, 10, 10).empty());
  EXPECT_TRUE(to_picture({make({0, 0, 1, 1})}, {0, 0, 0, 0}, 10, 10).empty());
}

TEST(PlanTiles, CoverThePictureAndOverlap) {
  const auto tiles = plan_tiles(1000, 640, {640, 640, 0.2});
  ASSERT_EQ(tiles.size(), 2U);
  EXPECT_EQ(tiles[0].x, 0);
  EXPECT_EQ(tiles[1].x, 360);
  for (const auto& tile : plan_tiles(4000, 3000, {640, 512, 0.25})) {
    EXPECT_LE(tile.x + tile.width, 4000);
    EXPECT_LE(tile.y + tile.height, 3000);
  }
}

TEST(PlanTiles, OverlapAtLeastAsMuchAsTold) {
  const auto tiles = plan_tiles(1920, 100, {640, 640, 0.2});
  for (std::size_t i = 1; i < tiles.size(); ++i) {
    EXPECT_GE(tiles[i - 1].x + 640 - tiles[i].x, 127);
  }
  EXPECT_EQ(tiles.back().x + 640, 1920);
}

TEST(PlanTiles, ASmallPictureIsOneTile) {
  const auto tiles = plan_tiles(100, 50, {});
  ASSERT_EQ(tiles.size(), 1U);
  EXPECT_EQ(tiles[0].width, 100);
}

TEST(PlanTiles, RefuseTooMany) {
  EXPECT_THROW(plan_tiles(100'000, 100'000, {64, 64, 0}), Error);
  EXPECT_THROW(plan_tiles(1'000'000, 1, {1, 1, 0}), Error);
  EXPECT_THROW(plan_tiles(100, 100, {64, 64, NAN}), Error);
}

TEST(MergeTiles, TakeTheWholeObjectAndNotItsHalf) {
  const Tile left{0, 0, 100, 100};
  const Tile right{60, 0, 100, 100};
  const auto merged =
      merge_tiles({{left, {make({70, 10, 30, 30}, 0.95)}}, {right, {make({70, 10, 50, 30}, 0.8)}}},
                  {}, 160, 100);
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_EQ(merged[0].box.width, 50) << "the better score was cut off";
}

TEST(MergeTiles, AnObjectWithinAnotherStays) {
  const Tile tile{0, 0, 100, 100};
  EXPECT_EQ(
      merge_tiles({{tile, {make({10, 10, 80, 80}), make({20, 20, 10, 10})}}}, {}, 100, 100).size(),
      2U);
}

TEST(MergeTiles, TheSameObjectInTwoTilesIsOne) {
  const auto merged = merge_tiles({{{0, 0, 100, 100}, {make({70, 10, 20, 20}, 0.7)}},
                                   {{60, 0, 100, 100}, {make({71, 10, 20, 20}, 0.9)}}},
                                  {}, 160, 100);
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_EQ(merged[0].score, 0.9);
}

TEST(AlignFace, AgreesWithTheReference) {
  const auto folder = std::filesystem::path(HAILSTONE_ROOM_DIR) / "testdata/golden/alignment";
  const auto values = testing::read_floats(folder / "points.npy");
  std::vector<Keypoint> points;
  for (std::size_t i = 0; i < values.size(); i += 2)
    points.push_back({values[i], values[i + 1], 1});
  const auto expected = testing::read_floats(folder / "transform.npy");
  const auto transform = align_face(points);
  for (std::size_t i = 0; i < transform.size(); ++i) EXPECT_NEAR(transform[i], expected[i], 1e-4);
}

TEST(AlignFace, RefusesWhatIsNoFace) {
  EXPECT_THROW(align_face(std::vector<Keypoint>(4)), Error);
  EXPECT_THROW(align_face(std::vector<Keypoint>(5)), Error);
  EXPECT_THROW(align_face(std::vector<Keypoint>(5, {NAN, 1, 1})), Error);
}

}  // namespace
}  // namespace hailstone::vision
