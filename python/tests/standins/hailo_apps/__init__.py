# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
# A stand-in for tests, written from what is known of the real one's behaviour: it has its names and
# shapes, and none of its code. What passes with it has not been seen on the chip.

