# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""From a picture's file to faces and what tells them apart, with numpy and Pillow alone, written from the formulas."""

import detectors
import numpy as np
from formulas import similarity
from onnx_run import Network
from pictures import letterbox, load, planes

SIZE = 640
# Of ArcFace: eyes, tip of the nose, corners of the mouth in a picture of 112x112.
PLACES = [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)]


class FaceFinder:
    """kind: yunet, scrfd."""

    def __init__(self, file, kind):
        self.network, self.kind = Network(file.read_bytes()), kind

    def find(self, picture, room=0, threshold=0.5, limit=0.4):
        """The five points of each face in pixels of the picture, the surest first. room: black around the picture, in pixels; a
        face that fills it is not found without."""
        framed = np.pad(picture, ((room, room), (room, room), (0, 0)))
        pixels, scale, offset = letterbox(framed, SIZE, centred=False, pad=0)
        pixels = pixels[:, :, ::-1] if self.kind == "yunet" else (pixels - 127.5) / 128
        heads = [output[0] for output in self.network.run(planes(pixels))]
        decode = {"yunet": detectors.yunet, "scrfd": detectors.scrfd}[self.kind]
        options = {"input": (SIZE, SIZE), "score": threshold, "iou": limit}
        faces = decode(*(heads[i:i + 3] for i in range(0, len(heads), 3)), options)
        points = [np.reshape(face["extra"], (5, 3))[:, :2] for face in faces]
        return [(each - offset) / scale - room for each in points]


def aligned(picture, points, size=112):
    """Where each pixel of the small picture comes from is the inverse of the fit; bilinear, black outside."""
    a, b, tx, c, d, ty = similarity(points, PLACES)
    y, x = np.mgrid[:size, :size]
    source = np.linalg.inv([[a, b], [c, d]]) @ np.stack([x.ravel() - tx, y.ravel() - ty])
    framed = np.pad(picture.astype(float), ((1, 1), (1, 1), (0, 0)))
    high = np.array(picture.shape[1::-1]) + 1
    at = np.clip(source.T + 1, 0, high - 1e-6)
    low = at.astype(int)
    tx, ty = (at - low).T[:, :, None]
    (x0, y0), (x1, y1) = low.T, np.minimum(low + 1, high).T
    rows = ((framed[y0, x0] * (1 - tx) + framed[y0, x1] * tx) * (1 - ty)
            + (framed[y1, x0] * (1 - tx) + framed[y1, x1] * tx) * ty)
    return rows.reshape(size, size, 3)


class FaceEmbedder:
    def __init__(self, file):
        self.network = Network(file.read_bytes())

    def embed(self, picture, points):
        vector = self.network.run(planes((aligned(picture, points) - 127.5) / 127.5))[0][0]
        return vector / np.linalg.norm(vector)


def area_under_curve(vectors):
    """vectors: name -> rows. How often two of a person are nearer than two of different ones."""
    names = np.repeat(list(vectors), [len(rows) for rows in vectors.values()])
    cosines = np.concatenate(list(vectors.values())) @ np.concatenate(list(vectors.values())).T
    first, second = np.triu_indices(len(names), 1)
    same = names[first] == names[second]
    near, far = cosines[first, second][same][:, None], cosines[first, second][~same][None]
    return float(((near > far) + (near == far) / 2).mean())
