# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Sounds as files, as uploads, and as what was heard of them."""

import io
import math
import re
import struct
import wave


def wav(pcm: bytes, rate: int = 16_000) -> bytes:
    """pcm: 16 bits, mono."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return out.getvalue()


def hum(seconds: float) -> bytes:
    """A WAV: the stand-in for the chip hears words wherever it is not silent."""
    return wav(b"".join(struct.pack("<h", int(9000 * math.sin(i / 10))) for i in range(int(16_000 * seconds))))


def form(fields: dict[str, str], data: bytes, name: str = "audio") -> tuple[bytes, dict[str, str]]:
    """The file first: clients send options behind it."""
    parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="talk.wav"\r\n\r\n'.encode() + data]
    parts += [f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    return b"\r\n".join(parts) + b"\r\n--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}


def words_wrong(heard: str, said: str) -> float:
    """Word error rate."""
    a, b = [re.findall(r"[a-z']+", text.lower()) for text in (heard, said)]
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1] / max(1, len(b))
