// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every decoder, each of the form that Detector::decode has. The formulas' sources stand beside
// them.

#include <span>
#include <vector>

#include "vision/detect/detector.hpp"

namespace hailstone::vision {

using Tensors = std::span<const inference::Tensor>;
using Detections = std::vector<Detection>;

Detections decode_boxes(Tensors outputs, const DetectOptions& options);
Detections decode_centernet(Tensors outputs, const DetectOptions& options);
Detections decode_detr(Tensors outputs, const DetectOptions& options);
Detections decode_lightface(Tensors outputs, const DetectOptions& options);
Detections decode_nanodet(Tensors outputs, const DetectOptions& options);
Detections decode_nms_by_class(Tensors outputs, const DetectOptions& options);
Detections decode_nms_by_score(Tensors outputs, const DetectOptions& options);
Detections decode_nms_with_byte_mask(Tensors outputs, const DetectOptions& options);
Detections decode_retinaface(Tensors outputs, const DetectOptions& options);
Detections decode_rtmo(Tensors outputs, const DetectOptions& options);
Detections decode_scrfd(Tensors outputs, const DetectOptions& options);
Detections decode_ssd(Tensors outputs, const DetectOptions& options);
Detections decode_yolov5(Tensors outputs, const DetectOptions& options);
Detections decode_yolov5_seg(Tensors outputs, const DetectOptions& options);
Detections decode_yolov7_nms(Tensors outputs, const DetectOptions& options);
Detections decode_yolov8(Tensors outputs, const DetectOptions& options);
Detections decode_yolov8_obb(Tensors outputs, const DetectOptions& options);
Detections decode_yolov8_pose(Tensors outputs, const DetectOptions& options);
Detections decode_yolov8_seg(Tensors outputs, const DetectOptions& options);
Detections decode_yolov10(Tensors outputs, const DetectOptions& options);
Detections decode_yolox(Tensors outputs, const DetectOptions& options);
Detections decode_yunet(Tensors outputs, const DetectOptions& options);

}  // namespace hailstone::vision
