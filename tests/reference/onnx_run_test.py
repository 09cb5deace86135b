#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The ONNX interpreter against results worked out by hand. Needs numpy; skipped without it."""

import sys
import unittest

try:
    import numpy as np
except ImportError:
    print("numpy is not there: python3-numpy")
    sys.exit(77)

from onnx_run import OPERATORS, attribute, tensor

X = np.arange(1, 10, dtype=np.float32).reshape(1, 1, 3, 3)


class OnnxRunTest(unittest.TestCase):
    def same(self, got, want):
        np.testing.assert_allclose(np.asarray(got).squeeze(), want, rtol=1e-6)

    def test_convolution_multiplies_windows_and_adds_the_bias(self):
        w = np.array([[[[1, 2], [3, 4]]]], np.float32)
        self.same(OPERATORS["Conv"]({}, X, w, np.float32([1])), [[38, 48], [68, 78]])

    def test_convolution_pads_and_strides(self):
        w = np.ones((1, 1, 3, 3), np.float32)
        self.same(OPERATORS["Conv"]({"pads": [1, 1, 1, 1], "strides": [2, 2]}, X, w), [[12, 16], [24, 28]])

    def test_convolution_sums_channels_but_not_those_of_other_groups(self):
        x, w = np.concatenate([X, 10 * X], 1), np.ones((1, 2, 1, 1), np.float32)
        self.same(OPERATORS["Conv"]({}, x, w), 11 * X[0, 0])
        w = np.float32([2, 3]).reshape(2, 1, 1, 1)
        self.same(OPERATORS["Conv"]({"group": 2}, x, w), [2 * X[0, 0], 30 * X[0, 0]])

    def test_same_upper_puts_the_odd_pad_at_the_end(self):
        w = np.ones((1, 1, 2, 2), np.float32)
        self.same(OPERATORS["Conv"]({"auto_pad": "SAME_UPPER"}, X, w), [[12, 16, 9], [24, 28, 15], [15, 17, 9]])

    def test_maximum_ignores_the_padding(self):
        self.same(OPERATORS["MaxPool"]({"kernel_shape": [2, 2], "pads": [1, 1, 0, 0]}, -X),
                  [[-1, -1, -2], [-1, -1, -2], [-4, -4, -5]])

    def test_nearest_resize_repeats_pixels(self):
        a = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        self.same(OPERATORS["Resize"](a, X[:, :, :1, :2], None, np.float32([1, 1, 1, 2])), [1, 1, 2, 2])

    def test_reshape_slice_concat_and_transpose_follow_the_specification(self):
        self.same(OPERATORS["Reshape"]({}, X, np.array([0, -1])), range(1, 10))
        self.same(OPERATORS["Slice"]({}, X, np.array([1]), np.array([2**63 - 1]), np.array([3])), X[0, 0, :, 1:])
        self.same(OPERATORS["Concat"]({"axis": 3}, X, X), np.hstack([X[0, 0], X[0, 0]]))
        self.same(OPERATORS["Transpose"]({"perm": [0, 1, 3, 2]}, X), X[0, 0].T)

    def test_split_cuts_where_the_sizes_say_and_softmax_sums_to_one(self):
        first, second = OPERATORS["Split"]({"axis": 2}, X, np.array([1, 2]))
        self.same(first, [1, 2, 3])
        self.same(second, [[4, 5, 6], [7, 8, 9]])
        self.same(OPERATORS["Softmax"]({"axis": 0}, np.log(np.float32([1, 3]))), [0.25, 0.75])

    def test_a_recurrent_layer_remembers_in_its_direction(self):
        x, w, r = np.float32([1, 0]).reshape(2, 1, 1), np.zeros((1, 4, 1), np.float32), np.zeros((1, 4, 1), np.float32)
        w[0, 3] = 1  # the cell takes what comes, half of it, and keeps half of what it had
        c = [np.tanh(1) / 2, np.tanh(1) / 4]
        self.same(OPERATORS["LSTM"]({"hidden_size": 1}, x, w, r), np.tanh(c) / 2)
        self.same(OPERATORS["LSTM"]({"hidden_size": 1, "direction": "reverse"}, x, w, r), [np.tanh(c[0]) / 2, 0])
        r[0, 3] = 2
        last = np.tanh(c[0] / 2 + np.tanh(np.tanh(c[0])) / 2) / 2  # half of what it said comes back twice
        self.same(OPERATORS["LSTM"]({"hidden_size": 1}, x, w, r)[1], last)
        both = [np.repeat(each, 2, 0) for each in (w, 0 * r)]
        self.same(OPERATORS["LSTM"]({"hidden_size": 1, "direction": "bidirectional"}, x, *both),
                  [[np.tanh(c[0]) / 2] * 2, [np.tanh(c[1]) / 2, 0]])

    def test_normalisation_goes_by_the_channel(self):
        x = np.concatenate([X, X], 1)[:, :, :1, :2]  # 1 2, 1 2
        self.same(OPERATORS["BatchNormalization"]({"epsilon": 0.0}, x, *np.float32([[1, 2], [0, 1], [1, 2], [1, 4]])),
                  [[0, 1], [0, 1]])

    def test_transposed_convolution_spreads_each_pixel(self):
        w = np.float32([[1, 2], [3, 4]]).reshape(1, 1, 2, 2)
        x = X[:, :, :1, :2]  # 1 2
        self.same(OPERATORS["ConvTranspose"]({"strides": [2, 2]}, x, w), [[1, 2, 2, 4], [3, 4, 6, 8]])
        self.same(OPERATORS["ConvTranspose"]({}, x, w), [[1, 4, 4], [3, 10, 8]])
        self.same(OPERATORS["ConvTranspose"]({"pads": [0, 1, 1, 0]}, x, w), [4, 4])

    def test_the_average_leaves_padding_out_unless_it_counts(self):
        a = {"kernel_shape": [2, 2], "pads": [1, 1, 0, 0]}
        self.same(OPERATORS["AveragePool"](a, X)[0, 0, 0], [1, 1.5, 2.5])
        self.same(OPERATORS["AveragePool"](a | {"count_include_pad": 1}, X)[0, 0, 0], [0.25, 0.75, 1.25])

    def test_linear_resize_goes_by_its_coordinates(self):
        row = X[:, :, :1, :2]  # 1 2
        scales = np.float32([1, 1, 1, 2])
        for mode, wanted in (("half_pixel", [1, 1.25, 1.75, 2]), ("asymmetric", [1, 1.5, 2, 2]),
                             ("align_corners", [1, 4 / 3, 5 / 3, 2])):
            a = {"mode": "linear", "coordinate_transformation_mode": mode}
            self.same(OPERATORS["Resize"](a, row, None, scales), wanted)

    def test_small_operators_follow_the_specification(self):
        self.same(OPERATORS["Clip"]({"min": 2.0, "max": 4.0}, X[0, 0, 0]), [2, 2, 3])
        self.same(OPERATORS["HardSigmoid"]({}, np.float32([-5, 1, 5])), [0, 0.7, 1])
        self.same(OPERATORS["Tile"]({}, np.float32([1, 2]), np.array([2])), [1, 2, 1, 2])
        self.same(OPERATORS["LeakyRelu"]({"alpha": 0.5}, np.float32([-2, 2])), [-1, 2])
        self.same(OPERATORS["Gather"]({"axis": 0}, np.float32([5, 6, 7]), np.array([2, 0])), [7, 5])
        self.same(OPERATORS["Unsqueeze"]({"axes": [0]}, np.float32([1])).shape, [1, 1])
        self.same(OPERATORS["Shape"]({}, X), [1, 1, 3, 3])

    def test_wire_format_is_read(self):
        self.same(tensor(bytes([8, 2, 16, 7, 58, 2, 5, 6])), [5, 6])
        self.assertEqual(attribute(b"\x0a\x01p\x40\x03\x40\x04"), ("p", [3, 4]))


if __name__ == "__main__":
    unittest.main()
