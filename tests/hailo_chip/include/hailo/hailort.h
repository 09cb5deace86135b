/* SPDX-FileCopyrightText: 2026 The Hailstone authors */
/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

// The C part of HailoRT's interface that the engine uses, for the stand-in: names and numbers as
// they are, written from a description. See README.md.

#include <cstdint>

using float32_t = float;
using float64_t = double;

#define HAILORTAPI __attribute__((visibility("default")))
#define HAILO_MAX_STREAM_NAME_SIZE (128)

typedef enum {
  HAILO_SUCCESS = 0,
  HAILO_UNINITIALIZED = 1,
  HAILO_INVALID_ARGUMENT = 2,
  HAILO_OUT_OF_HOST_MEMORY = 3,
  HAILO_TIMEOUT = 4,
  HAILO_INVALID_OPERATION = 6,
  HAILO_NOT_IMPLEMENTED = 7,
  HAILO_INTERNAL_FAILURE = 8,
  HAILO_OPEN_FILE_FAILURE = 13,
  HAILO_FILE_OPERATION_FAILURE = 14,
  HAILO_INVALID_HEF = 26,
  HAILO_DRIVER_OPERATION_FAILED = 36,
  HAILO_NOT_FOUND = 61,
  HAILO_COMMUNICATION_CLOSED = 62,
  HAILO_DRIVER_NOT_INSTALLED = 64,
  HAILO_OUT_OF_FW_MEMORY = 71,
  HAILO_DEVICE_IN_USE = 73,
  HAILO_OUT_OF_PHYSICAL_DEVICES = 74,
  HAILO_INVALID_DRIVER_VERSION = 76,
  HAILO_RPC_FAILED = 77,
  HAILO_NOT_SUPPORTED = 79,
  HAILO_OUT_OF_HOST_CMA_MEMORY = 81,
  HAILO_CONNECTION_REFUSED = 89,
  HAILO_HEF_NOT_SUPPORTED = 92,
  HAILO_HEF_NOT_COMPATIBLE_WITH_DEVICE = 93,
  HAILO_OPERATION_ABORTED = 95,
  HAILO_DEVICE_NOT_CONNECTED = 96,
  HAILO_DEVICE_TEMPORARILY_UNAVAILABLE = 97,
} hailo_status;

typedef enum {
  HAILO_FORMAT_TYPE_AUTO = 0,
  HAILO_FORMAT_TYPE_UINT8 = 1,
  HAILO_FORMAT_TYPE_UINT16 = 2,
  HAILO_FORMAT_TYPE_FLOAT32 = 3,
} hailo_format_type_t;

typedef enum {
  HAILO_FORMAT_ORDER_AUTO = 0,
  HAILO_FORMAT_ORDER_NHWC = 1,
  HAILO_FORMAT_ORDER_NHW = 5,
  HAILO_FORMAT_ORDER_NC = 6,
  HAILO_FORMAT_ORDER_HAILO_NMS_WITH_BYTE_MASK = 20,
  HAILO_FORMAT_ORDER_HAILO_NMS_BY_CLASS = 22,
  HAILO_FORMAT_ORDER_HAILO_NMS_BY_SCORE = 23,
} hailo_format_order_t;

typedef enum { HAILO_FORMAT_FLAGS_NONE = 0 } hailo_format_flags_t;

typedef struct {
  hailo_format_type_t type;
  hailo_format_order_t order;
  hailo_format_flags_t flags;
} hailo_format_t;

typedef struct {
  std::uint32_t height;
  std::uint32_t width;
  std::uint32_t features;
} hailo_3d_image_shape_t;

typedef struct {
  std::uint32_t number_of_classes;
  std::uint32_t max_bboxes_per_class;
  std::uint32_t max_bboxes_total;
  std::uint32_t max_accumulated_mask_size;
} hailo_nms_shape_t;

typedef struct {
  float32_t qp_zp;
  float32_t qp_scale;
  float32_t limvals_min;
  float32_t limvals_max;
} hailo_quant_info_t;

typedef struct {
  char name[HAILO_MAX_STREAM_NAME_SIZE];
  hailo_format_t format;
  hailo_3d_image_shape_t shape;
  hailo_nms_shape_t nms_shape;
  hailo_quant_info_t quant_info;
} hailo_vstream_info_t;

typedef enum { HAILO_ARCH_HAILO8 = 1, HAILO_ARCH_HAILO10H = 6 } hailo_device_architecture_t;

typedef struct {
  std::uint32_t major;
  std::uint32_t minor;
  std::uint32_t revision;
} hailo_firmware_version_t;

typedef struct {
  std::uint32_t major;
  std::uint32_t minor;
  std::uint32_t revision;
} hailo_version_t;

typedef struct {
  hailo_firmware_version_t fw_version;
  hailo_device_architecture_t device_architecture;
} hailo_device_identity_t;

typedef struct {
  float32_t ts0_temperature;
  float32_t ts1_temperature;
} hailo_chip_temperature_info_t;

typedef struct {
  float32_t on_die_temperature;
} hailo_health_stats_t;

typedef struct {
  std::int64_t ram_size_total;  // KiB
  std::int64_t ram_size_used;
  float32_t nnc_utilization;
} hailo_performance_stats_t;

typedef struct {
  std::uint32_t device_count;
  const char* group_id;
  bool multi_process_service;
} hailo_vdevice_params_t;

extern "C" {
HAILORTAPI hailo_status hailo_get_library_version(hailo_version_t* version);
HAILORTAPI const char* hailo_get_status_message(hailo_status status);
HAILORTAPI hailo_status hailo_init_vdevice_params(hailo_vdevice_params_t* params);
}
