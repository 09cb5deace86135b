# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A Python program as a service of Hailstone.

A worker is a file with a function, and a manifest that says which route leads to it:

    # mean.py
    def handle(request):
        picture = request.file("image").data
        return {"mean": sum(picture) / len(picture)}

``start()``, where there is one, is called once before the first request, and is the place to load
models. ``handle(request)`` is called once a request, with as many at a time as the manifest's
``parallel`` says. What it returns is the reply: anything that JSON knows, bytes or a :class:`File`,
or both as ``(value, file, ...)``. A generator, also an asynchronous one, is a stream: each thing
that it yields is sent at once.

Errors for the client are :class:`BadRequest`, :class:`NotFound` and their kin; any other exception
is the worker's own fault, and its traceback is in the log.

``python3 -m hailstone_worker new NAME`` writes a worker to begin with, with a test of it, and
``python3 -m hailstone_worker run FOLDER`` drives one without the daemon.
"""

from .request import (BadRequest, Busy, Failure, File, NotFound, OutOfMemory, Request, TooLarge,
                      Unsupported, Value)

__version__ = "1.0"

__all__ = ["BadRequest", "Busy", "Failure", "File", "NotFound", "OutOfMemory", "Request",
           "TooLarge", "Unsupported", "Value", "__version__"]
