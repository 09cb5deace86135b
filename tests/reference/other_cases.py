# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Cases of everything that is no list of detections."""

import numpy as np

import formulas as f

TEMPLATE = [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655),
            (70.7299, 92.2041)]


def masks():
    rng = np.random.default_rng(20)
    proto = rng.normal(0, 0.5, (8, 16, 32)).astype(np.float32)
    coefficients = rng.normal(0, 1, (2, 32)).astype(np.float32)
    boxes = np.array([[3.4, 2.7, 60.2, 30.1], [40.5, 10.5, 50.0, 35.25]], np.float32)
    placement = np.array([0.61, 0.58, 1.5, 2.5], np.float32)
    files = {"proto.npy": proto, "coefficients.npy": coefficients, "boxes.npy": boxes,
             "placement.npy": placement}
    for i, (c, b) in enumerate(zip(coefficients, boxes)):
        bits = f.mask(proto.astype(float), c.astype(float), b.astype(float), placement.astype(float),
                      (64, 32))
        counts = f.runs(bits)
        files[f"mask{i}.npy"] = bits
        files[f"runs{i}.npy"] = np.array(counts, np.int32)
        files[f"runs{i}.txt"] = f.compress(counts) + "\n"
    return files


def text_line():
    rng = np.random.default_rng(21)
    alphabet = ["", *"abcdefg", " "]
    logits = rng.normal(0, 1, (24, 9))
    for t, c in enumerate([3, 3, 0, 1, 1, 0, 0, 2, 2, 2, 8, 0, 5, 0, 5, 5, 0, 7, 7, 0, 0, 6, 0, 4]):
        logits[t, c] += 5
    p = f.softmax(logits).astype(np.float32)
    text, confidence = f.ctc(p.astype(float), alphabet)
    return {"probabilities.npy": p[None], "logits.npy": logits.astype(np.float32)[None],
            "quantized.npy": np.round(p * 255).astype(np.uint8)[None],
            "expected.txt": text + "\n", "confidence.npy": np.array([confidence], np.float32)}


def dense():
    rng = np.random.default_rng(22)
    x = rng.normal(0, 2, (6, 10)).astype(np.float32)
    scores = rng.normal(0, 1, (5, 6, 10)).astype(np.float32)
    return {"depth_input.npy": x[None, None], "scdepth.npy": f.scdepth(x).astype(np.float32),
            "inverse_depth.npy": f.inverse_depth(x).astype(np.float32),
            "scores.npy": scores[None], "classes.npy": scores.argmax(0).astype(np.uint8)}


def class_scores():
    rng = np.random.default_rng(23)
    logits = rng.normal(0, 3, 12).astype(np.float32)
    vectors = rng.normal(0, 1, (4, 16)).astype(np.float32)
    unit = vectors / np.linalg.norm(vectors.astype(float), axis=1, keepdims=True)
    prompts = f.softmax(100 * unit[1:] @ unit[0])
    return {"logits.npy": logits[None], "softmax.npy": f.softmax(logits).astype(np.float32),
            "vectors.npy": vectors, "unit.npy": unit.astype(np.float32),
            "prompts.npy": prompts.astype(np.float32)}


def alignment():
    rng = np.random.default_rng(24)
    points = (np.array(TEMPLATE) @ np.array([[1.1, 0.6], [-0.6, 1.1]]) + [200, 80]
              + rng.normal(0, 4, (5, 2))).astype(np.float32)
    return {"points.npy": points,
            "transform.npy": np.array(f.similarity(points, TEMPLATE), np.float32)}


def all_files():
    files = {}
    for folder, make in (("masks/testdata/golden/masks", masks),
                         ("text/testdata/golden/line", text_line),
                         ("dense/testdata/golden/maps", dense),
                         ("scores/testdata/golden/scores", class_scores),
                         ("boxes/testdata/golden/alignment", alignment)):
        files.update({f"{folder}/{name}": value for name, value in make().items()})
    return files
