# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""YOLO-World: objects by words. The network takes CLIP's vectors of 80 texts (ViT-B/32, length 1)
beside the picture; outputs per stride: a score for each text, and the distances of the four sides."""

import functools
import json
from pathlib import Path

import numpy

from hailstone_worker import BadRequest, Unsupported
from hailstone_worker.hailo import Network, decode, find_hef, letterbox

PLACES, LENGTH = 80, 512  # texts that the network takes, and the length of a vector
MOST_KEPT = 300           # boxes, of each text and altogether
known = {}                # word -> vector, of the setting vectors


def start(context):
    global network, clip_cache
    network = Network(find_hef("yolo_world_v2s", context.settings), float_inputs=1)
    clip_cache = context.settings.get("clip_cache")
    if context.settings.get("vectors"):
        for entry in json.loads(Path(context.settings["vectors"]).read_text())["entries"]:
            if entry["text"]:
                known[entry["text"]] = unit(entry["embedding"])


def unit(vector):
    vector = numpy.asarray(vector, numpy.float32).reshape(-1)
    if vector.size != LENGTH:
        raise BadRequest(f"a vector has {vector.size} numbers, where CLIP's ViT-B/32 has {LENGTH}")
    return vector / max(float(numpy.linalg.norm(vector)), 1e-9)


@functools.lru_cache(maxsize=1)
def text_encoder():
    import clip

    return clip.load("ViT-B/32", device="cpu", download_root=clip_cache)[0]


@functools.lru_cache(maxsize=1000)
def encode(word):
    try:
        import clip
        import torch
    except ImportError as error:
        raise Unsupported(f"there is no vector for '{word}', and no CLIP to make one",
                          "install clip and torch (hailo-apps' environment has them), or give vectors for "
                          f"your words: the setting vectors, a file as hailo-clip writes it ({error})") from error
    with torch.no_grad():
        return unit(text_encoder().encode_text(clip.tokenize([word]))[0].float().numpy())


def vector_of(word):
    return known[word] if word in known else encode(word)


def words_of(text):
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not 1 <= len(words) <= PLACES:
        raise BadRequest(f"prompts must be 1 to {PLACES} words or phrases with commas between them")
    return words


def candidates(outputs, count, side):
    """(corners, scores) of all cells: [cells,4] in pixels of the input, [cells,count]."""
    corners, scores = [], []
    maps = {}
    for one in outputs.values():
        rows, columns, depth = one.shape[-3:]
        kind = "scores" if depth == PLACES else "sides"
        maps.setdefault(rows, {})[kind] = one.reshape(rows * columns, depth)
    for rows, found in maps.items():
        stride = side / rows
        y, x = numpy.divmod(numpy.arange(rows * rows), rows)
        middle = numpy.stack([x, y], 1) + 0.5
        sides = distances(found["sides"])
        corners.append(numpy.concatenate([middle - sides[:, :2], middle + sides[:, 2:]], 1) * stride)
        values = found["scores"][:, :count]
        is_logit = found["scores"].min() < 0 or found["scores"].max() > 1
        scores.append(1 / (1 + numpy.exp(-values)) if is_logit else values)
    return numpy.concatenate(corners), numpy.concatenate(scores)


def distances(sides):
    """Left, top, right, bottom in cells; 64 columns are the distributions that they are read from."""
    if sides.shape[1] == 4:
        return sides
    bins = sides.reshape(len(sides), 4, -1)
    share = numpy.exp(bins - bins.max(2, keepdims=True))
    return (share / share.sum(2, keepdims=True)) @ numpy.arange(bins.shape[2], dtype=numpy.float32)


def suppress(corners, scores, overlap):
    """Indices of what stays, the best first."""
    order, kept = scores.argsort()[::-1][:MOST_KEPT * 4], []
    area = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    while order.size and len(kept) < MOST_KEPT:
        best, order = order[0], order[1:]
        kept.append(best)
        inner = numpy.clip(numpy.minimum(corners[best, 2:], corners[order, 2:])
                           - numpy.maximum(corners[best, :2], corners[order, :2]), 0, None).prod(1)
        order = order[inner / numpy.maximum(area[best] + area[order] - inner, 1e-9) <= overlap]
    return kept


def handle(request):
    words = words_of(request["prompts"])
    picture = decode(request.file("picture"))
    # Fewer words are repeated: the network compares with the best of them, so that changes nothing.
    texts = numpy.stack([vector_of(words[i % len(words)]) for i in range(PLACES)])
    boxed, scale, left, top = letterbox(network, picture)
    outputs = network.run(boxed, texts)
    corners, scores = candidates(outputs, len(words), network.shape[0])
    corners = (corners - [left, top, left, top]) / scale
    corners = numpy.clip(corners, 0, [picture.shape[1], picture.shape[0]] * 2)
    found = []
    for number, word in enumerate(words):
        places = numpy.flatnonzero(scores[:, number] >= request["confidence"])
        for i in places[suppress(corners[places], scores[places, number], request["iou"])]:
            x1, y1, x2, y2 = corners[i].tolist()
            found.append({"label": word, "confidence": round(float(scores[i, number]), 4),
                          "bbox": [round(v, 2) for v in (x1, y1, x2 - x1, y2 - y1)]})
    return sorted(found, key=lambda one: -one["confidence"])[:MOST_KEPT]
