# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Frames of the host protocol, and payloads in shared memory (docs/host-protocol.md)."""

from __future__ import annotations

import array
import fcntl
import json
import mmap
import os
import socket
import struct
import threading
from typing import Any, List, NamedTuple, Optional, Sequence

from .request import Bytes

HELLO, REQUEST, CANCEL, CREDIT, PING, WELCOME, CHUNK, RESULT, ERROR, PONG, INPUT = range(1, 12)

HEADER = struct.Struct("<cBBBIII")
SHARED, NEW_MEMORY = 1, 2
SLOTS, SLOT_HEADER, MAX_SLOT = 4, 64, 32 << 20
SHARING_FROM = 64 << 10
_SEALS = 0x2 | 0x4 | 0x1  # against shrinking, growing, and more seals
_ADD_SEALS = getattr(fcntl, "F_ADD_SEALS", 1033)
_IN_USE = struct.pack("<I", 1)
_FREE = struct.pack("<I", 0)


class Closed(Exception):
    """The daemon is gone."""


class Frame(NamedTuple):
    kind: int
    request: int
    value: Any
    payload: memoryview
    size: int  # as credits count it
    slot: "Optional[Slot]"  # to be released, where the payload lies in one


class Slot:
    """Memory of the daemon's with a payload in it."""

    def __init__(self, descriptor: int) -> None:
        self.memory = mmap.mmap(descriptor, os.fstat(descriptor).st_size)
        os.close(descriptor)

    def payload(self, size: int) -> memoryview:
        whole = memoryview(self.memory)
        return whole[SLOT_HEADER:SLOT_HEADER + size].toreadonly()

    def free(self) -> None:
        self.memory[0:4] = _FREE


class OwnSlot:
    """Memory of ours, for a payload on its way to the daemon."""

    def __init__(self, size: int) -> None:
        capacity = 1 << (size + SLOT_HEADER - 1).bit_length()
        self.descriptor = os.memfd_create("hailstone-worker", os.MFD_CLOEXEC | 0x2)
        os.ftruncate(self.descriptor, capacity)
        fcntl.fcntl(self.descriptor, _ADD_SEALS, _SEALS)
        self.memory = mmap.mmap(self.descriptor, capacity)
        self.capacity = capacity - SLOT_HEADER

    @property
    def is_free(self) -> bool:
        return self.memory[0:4] == _FREE

    def fill(self, parts: Sequence[Bytes]) -> None:
        self.memory[0:4] = _IN_USE
        at = SLOT_HEADER
        for part in parts:
            size = memoryview(part).nbytes
            self.memory[at:at + size] = part
            at += size

    def close(self) -> None:
        self.memory.close()
        os.close(self.descriptor)


class Channel:
    """One end of the socket. Several threads may send, one at a time receives."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._sending = threading.Lock()
        self._theirs: List[Optional[Slot]] = [None] * SLOTS
        self._ours: List[Optional[OwnSlot]] = [None] * SLOTS
        self.shares_memory = False

    # Receiving ------------------------------------------------------------------------------------

    def receive(self) -> Frame:
        """Waits for the next frame. Raises Closed."""
        header, descriptor = self._read_header()
        _, kind, flags, number, request, json_size, payload_size = HEADER.unpack(header)
        text = self._read(json_size)
        value = json.loads(bytes(text)) if json_size else {}
        slot = None
        if flags & SHARED:
            if flags & NEW_MEMORY:
                self._theirs[number] = Slot(descriptor)
            slot = self._theirs[number]
            assert slot is not None, "the daemon names memory that it did not share"
            payload = slot.payload(payload_size)
        else:
            payload = self._read(payload_size)
        return Frame(kind, request, value, payload, json_size + payload_size, slot)

    def _read_header(self) -> "tuple[bytearray, int]":
        header = bytearray()
        descriptor = -1
        while len(header) < HEADER.size:
            room = socket.CMSG_SPACE(array.array("i").itemsize)
            try:
                data, ancillary, _, _ = self._socket.recvmsg(
                    HEADER.size - len(header), room, getattr(socket, "MSG_CMSG_CLOEXEC", 0))
            except OSError as error:
                raise Closed from error
            if not data:
                raise Closed
            for level, kind, content in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    descriptor = array.array("i", content[:4])[0]
            header += data
        return header, descriptor

    def _read(self, size: int) -> memoryview:
        if size == 0:
            return memoryview(b"")
        space = memoryview(bytearray(size))
        at = 0
        while at < size:
            try:
                got = self._socket.recv_into(space[at:])
            except OSError as error:
                raise Closed from error
            if got == 0:
                raise Closed
            at += got
        return space.toreadonly()

    # Sending --------------------------------------------------------------------------------------

    def send(self, kind: int, request: int, value: Any = None,
             parts: Sequence[Bytes] = ()) -> None:
        """Raises Closed; ValueError for a value that JSON does not know."""
        text = b"" if value is None else json.dumps(value, separators=(",", ":"),
                                                    allow_nan=False).encode()
        self.send_text(kind, request, text, parts)

    def send_text(self, kind: int, request: int, text: bytes,
                  parts: Sequence[Bytes] = ()) -> None:
        size = sum(memoryview(part).nbytes for part in parts)
        with self._sending:
            number = self._place(parts, size) if self.shares_memory else None
            if number is None:
                header = HEADER.pack(b"H", kind, 0, 0, request, len(text), size)
                self._send_all([header, text, *parts], [])
                return
            slot, is_new = number
            flags = SHARED | (NEW_MEMORY if is_new else 0)
            header = HEADER.pack(b"H", kind, flags, slot, request, len(text), size)
            own = self._ours[slot]
            self._send_all([header, text], [own.descriptor] if is_new and own else [])

    def _place(self, parts: Sequence[Bytes], size: int) -> "Optional[tuple[int, bool]]":
        """The slot that has the payload now, and whether its memory is new."""
        if size < SHARING_FROM or size > MAX_SLOT - SLOT_HEADER:
            return None
        for number, slot in enumerate(self._ours):
            if slot is not None and not slot.is_free:
                continue
            is_new = slot is None or slot.capacity < size
            if is_new:
                if slot is not None:
                    slot.close()
                slot = self._ours[number] = OwnSlot(size)
            assert slot is not None
            slot.fill(parts)
            return number, is_new
        return None

    def _send_all(self, parts: "list[Bytes]", descriptors: "list[int]") -> None:
        waiting = [memoryview(part).cast("B") for part in parts if memoryview(part).nbytes]
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
        try:
            while waiting:
                sent = self._socket.sendmsg(waiting[:64], ancillary if descriptors else [])
                descriptors = []
                while waiting and sent >= len(waiting[0]):
                    sent -= len(waiting.pop(0))
                if sent:
                    waiting[0] = waiting[0][sent:]
        except OSError as error:
            raise Closed from error
