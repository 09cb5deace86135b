# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Gives back what it gets."""

from hailstone_worker import Value


def handle(request):
    for piece in request.inputs():
        request.emit(piece.value, *piece.files)
    return Value(request.value, request.files.values())


METHODS = {"echo": handle}
