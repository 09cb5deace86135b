# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Runs an ONNX network with numpy alone, operator by operator as the specification has them.

Slow and plain on purpose: an independent second opinion on what a network's weights say. Reads the wire format of
protobuf itself; the field numbers are those of onnx.proto. An operator that is not here is named in the error.
"""

import struct

import numpy as np

DTYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64, 9: np.bool_, 10: np.float16, 11: np.float64}
OPERATORS = {}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """Field number -> list of values: int of a varint, bytes of everything else."""
    out, at = {}, 0
    while at < len(data):
        tag, at = varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(kind)
            if size is None:
                size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        out.setdefault(tag >> 3, []).append(value)
    return out


def integers(values):
    """Repeated int64, packed or not."""
    out = []
    for value in values:
        if isinstance(value, int):
            out.append(value)
            continue
        at = 0
        while at < len(value):
            number, at = varint(value, at)
            out.append(number)
    return [v - (1 << 64) if v >> 63 else v for v in out]


def tensor(data):
    f = fields(data)
    shape, dtype = integers(f.get(1, [])), DTYPES[f[2][0]]
    if 9 in f:
        return np.frombuffer(f[9][0], dtype).reshape(shape)
    if 4 in f:
        return np.frombuffer(b"".join(f[4]), np.float32).reshape(shape)
    values = np.array(integers(f.get(5, []) + f.get(7, [])), np.int64)
    return (values.astype(np.uint16).view(np.float16) if dtype is np.float16 else values.astype(dtype)).reshape(shape)


def attribute(data):
    f = fields(data)
    for number, read in ((2, lambda v: struct.unpack("<f", v[0])[0]), (3, lambda v: integers(v)[0]),
                         (4, lambda v: v[0].decode()), (5, lambda v: tensor(v[0])), (6, lambda v: v[0]), (8, integers),
                         (7, lambda v: np.frombuffer(b"".join(v), np.float32).tolist())):
        if number in f:
            return f[1][0].decode(), read(f[number])
    return f[1][0].decode(), 0  # proto3 leaves a zero away


def operator(function):
    OPERATORS[function.__name__.rstrip("_")] = function
    return function


def padding(a, size, kernel, strides, dilations):
    """(before, after) of each spatial dimension."""
    mode = a.get("auto_pad", "NOTSET")
    if mode in ("NOTSET", "VALID"):
        pads = a.get("pads") if mode == "NOTSET" else None
        pads = pads or [0] * 2 * len(kernel)
        return list(zip(pads[:len(kernel)], pads[len(kernel):]))
    out = []
    for n, k, s, d in zip(size, kernel, strides, dilations):
        total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
        small = total // 2
        out.append((small, total - small) if mode == "SAME_UPPER" else (total - small, small))
    return out


def windows(x, a, kernel, fill):
    """Each place of the kernel as a strided view [n, c, h, w] of the padded x."""
    strides, dilations = a.get("strides", [1, 1]), a.get("dilations", [1, 1])
    pads = padding(a, x.shape[2:], kernel, strides, dilations)
    x = np.pad(x, [(0, 0), (0, 0)] + pads, constant_values=fill)
    size = [(n - (k - 1) * d - 1) // s + 1 for n, k, s, d in zip(x.shape[2:], kernel, strides, dilations)]
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            top, left = i * dilations[0], j * dilations[1]
            yield i, j, x[:, :, top:top + (size[0] - 1) * strides[0] + 1:strides[0],
                          left:left + (size[1] - 1) * strides[1] + 1:strides[1]]


@operator
def Conv(a, x, w, b=None):
    if w.ndim == 3:  # along a line: as a picture of one row
        pads = a.get("pads", [0, 0])
        flat = {**a, "strides": [1, *a.get("strides", [1])], "dilations": [1, *a.get("dilations", [1])],
                "pads": [0, pads[0], 0, pads[1]]}
        return Conv(flat, x[:, :, None, :], w[:, :, None, :], b)[:, :, 0, :]
    groups, out = a.get("group", 1), None
    each = w.shape[0] // groups
    for i, j, view in windows(x, a, w.shape[2:], 0):
        n, c, rows, columns = view.shape
        if w.shape[1] == 1 and each == 1:
            part = view * w[:, 0, i, j][None, :, None, None]
        else:
            flat = np.ascontiguousarray(view).reshape(n, groups, c // groups, rows * columns)
            part = (w[:, :, i, j].reshape(groups, each, -1) @ flat).reshape(n, -1, rows, columns)
        out = part if out is None else out + part
    return out if b is None else out + b[None, :, None, None]


@operator
def ConvTranspose(a, x, w, b=None):
    if a.get("group", 1) != 1 or any(a.get("output_padding", [])) or any(d != 1 for d in a.get("dilations", [1])):
        raise ValueError("ConvTranspose: groups, dilations and output_padding are not supported")
    (kh, kw), (sh, sw), (n, _, h, wide) = w.shape[2:], a.get("strides", [1, 1]), x.shape
    top, left, bottom, right = a.get("pads") or [0] * 4
    out = np.zeros((n, w.shape[1], (h - 1) * sh + kh, (wide - 1) * sw + kw), x.dtype)
    for i in range(kh):
        for j in range(kw):
            part = np.einsum("nchw,co->nohw", x, w[:, :, i, j], optimize=True)
            out[:, :, i:i + (h - 1) * sh + 1:sh, j:j + (wide - 1) * sw + 1:sw] += part
    out = out[:, :, top:out.shape[2] - bottom, left:out.shape[3] - right]
    return out if b is None else out + b[None, :, None, None]


@operator
def AveragePool(a, x):
    counts = sum(view for _, _, view in windows(np.ones_like(x), a, a["kernel_shape"], 0))
    if a.get("count_include_pad", 0):
        counts = np.prod(a["kernel_shape"])
    return sum(view for _, _, view in windows(x, a, a["kernel_shape"], 0)) / counts


@operator
def MaxPool(a, x):
    if a.get("ceil_mode", 0):
        raise ValueError("MaxPool: ceil_mode is not supported, only floor")
    out = None
    for _, _, view in windows(x, a, a["kernel_shape"], -np.inf):
        out = view if out is None else np.maximum(out, view)
    return out


def linear(x, axis, target, factor, mode):
    """One axis, by the coordinates of the Resize operator."""
    n, places = x.shape[axis], np.arange(target)
    if mode == "align_corners":
        at = places * (n - 1) / max(target - 1, 1)
    elif mode == "asymmetric":
        at = places / factor
    else:
        at = (places + 0.5) / factor - 0.5
    at = np.clip(at, 0, n - 1)
    low = np.minimum(at.astype(int), n - 1)
    part = (at - low).astype(np.float32).reshape([-1 if i == axis else 1 for i in range(x.ndim)])
    return np.take(x, low, axis) * (1 - part) + np.take(x, np.minimum(low + 1, n - 1), axis) * part


@operator
def Upsample(a, x, scales):
    return Resize({"mode": a.get("mode", "nearest"), "coordinate_transformation_mode": "asymmetric",
                   "nearest_mode": "floor"}, x, None, scales)


@operator
def Resize(a, x, roi=None, scales=None, sizes=None):
    if a.get("mode") == "linear":
        for axis, n in enumerate(x.shape):
            target = int(sizes[axis]) if sizes is not None and len(sizes) else int(n * scales[axis])
            if target != n:
                x = linear(x, axis, target, target / n, a.get("coordinate_transformation_mode", "half_pixel"))
        return x
    if a.get("mode", "nearest") != "nearest" or a.get("coordinate_transformation_mode") != "asymmetric":
        raise ValueError("Resize: only mode nearest with asymmetric coordinates is supported")
    if a.get("nearest_mode", "round_prefer_floor") != "floor":
        raise ValueError("Resize: only nearest_mode floor is supported")
    target = sizes if sizes is not None else [int(n * s) for n, s in zip(x.shape, scales)]
    for axis, (n, t) in enumerate(zip(x.shape, target)):
        factor = scales[axis] if sizes is None else t / n
        x = np.take(x, np.minimum(np.arange(t) / factor, n - 1).astype(int), axis)
    return x


@operator
def Reshape(a, x, shape):
    return x.reshape([x.shape[i] if n == 0 else n for i, n in enumerate(shape.tolist())])


@operator
def Slice(a, x, starts, ends, axes=None, steps=None):
    index = [slice(None)] * x.ndim
    for i, start in enumerate(starts.tolist()):
        axis = i if axes is None else int(axes[i])
        step = 1 if steps is None else int(steps[i])
        if step < 0:
            raise ValueError("Slice: only positive steps are supported")
        index[axis] = slice(start, int(ends[i]), step)
    return x[tuple(index)]


@operator
def Split(a, x, split=None):
    split = a.get("split") if split is None else split.tolist()
    if split is None:
        raise ValueError("Split: only with sizes")
    return np.split(x, np.cumsum(split)[:-1], a.get("axis", 0))


@operator
def BatchNormalization(a, x, scale, bias, mean, variance):
    shape = (-1, *[1] * (x.ndim - 2))
    factor = scale / np.sqrt(variance + np.float32(a.get("epsilon", 1e-5)))
    return x * factor.reshape(shape) + (bias - mean * factor).reshape(shape)


@operator
def LSTM(a, x, w, r, b=None, lengths=None, state=None, cell=None, peepholes=None):
    """x: [steps, batch, features]; gates in ONNX's order: input, output, forget, cell. The first output is enough."""
    if lengths is not None or peepholes is not None or "activations" in a:
        raise ValueError("LSTM: only the plain one is supported")
    size, ways = a["hidden_size"], {"forward": [1], "reverse": [-1], "bidirectional": [1, -1]}
    out = []
    for way, step in enumerate(ways[a.get("direction", "forward")]):
        bias = 0 if b is None else b[way, :4 * size] + b[way, 4 * size:]
        h = np.zeros((x.shape[1], size), np.float32) if state is None else state[way]
        c = np.zeros_like(h) if cell is None else cell[way]
        seen = []
        for each in x[::step]:
            gates = each @ w[way].T + h @ r[way].T + bias
            i, o, f = (OPERATORS["Sigmoid"]({}, gate) for gate in np.split(gates[:, :3 * size], 3, 1))
            c = f * c + i * np.tanh(gates[:, 3 * size:])
            h = o * np.tanh(c)
            seen.append(h)
        out.append(np.stack(seen)[::step])
    return np.stack(out, 1)


@operator
def Gemm(a, x, w, b=None):
    x, w = (x.T if a.get("transA") else x), (w.T if a.get("transB") else w)
    y = np.float32(a.get("alpha", 1)) * (x @ w)
    return y if b is None else y + np.float32(a.get("beta", 1)) * b


@operator
def Pad(a, x, pads=None, fill=None):
    """With a constant."""
    pads = a.get("pads") if pads is None else pads.tolist()
    value = a.get("value", 0.0) if fill is None else float(fill)
    return np.pad(x, list(zip(pads[:x.ndim], pads[x.ndim:])), constant_values=value)


def reduce(function):
    def run(a, x, axes=None):
        axes = a.get("axes") if axes is None else axes.tolist()
        return function(x, tuple(axes) if axes else None, keepdims=bool(a.get("keepdims", 1)))
    return run


@operator
def Softmax(a, x):
    e = np.exp(x - x.max(a.get("axis", -1), keepdims=True))
    return e / e.sum(a.get("axis", -1), keepdims=True)


OPERATORS.update({
    "Abs": lambda a, x: np.abs(x),
    "Cast": lambda a, x: widen(x.astype(DTYPES[a["to"]])),
    "Clip": lambda a, x, low=None, high=None: np.clip(x, a.get("min", low), a.get("max", high)),
    "Exp": lambda a, x: np.exp(x),
    "Expand": lambda a, x, shape: x * np.ones(shape.tolist(), x.dtype),
    "Flatten": lambda a, x: x.reshape(int(np.prod(x.shape[:a.get("axis", 1)])), -1),
    "GreaterOrEqual": lambda a, x, y: x >= y,
    "Log": lambda a, x: np.log(x),
    "Max": lambda a, *x: np.maximum.reduce(np.broadcast_arrays(*x)),
    "ReduceMax": reduce(np.max),
    "ReduceMean": reduce(np.mean),
    "Sqrt": lambda a, x: np.sqrt(x),
    "Floor": lambda a, x: np.floor(x),
    "Gather": lambda a, x, at: np.take(x, at, a.get("axis", 0)),
    "GlobalAveragePool": lambda a, x: x.mean((2, 3), keepdims=True),
    "HardSigmoid": lambda a, x: np.clip(np.float32(a.get("alpha", 0.2)) * x + np.float32(a.get("beta", 0.5)), 0, 1),
    "LeakyRelu": lambda a, x: np.where(x < 0, x * np.float32(a.get("alpha", 0.01)), x),
    "MatMul": lambda a, x, y: x @ y,
    "PRelu": lambda a, x, slope: np.where(x < 0, x * slope, x),
    "Shape": lambda a, x: np.array(x.shape, np.int64),
    "Squeeze": lambda a, x, axes=None: np.squeeze(x, tuple(a.get("axes", () if axes is None else axes.tolist())) or None),
    "Unsqueeze": lambda a, x, axes=None: np.expand_dims(x, tuple(a.get("axes", () if axes is None else axes.tolist()))),
    "Add": lambda a, x, y: x + y,
    "Concat": lambda a, *x: np.concatenate(x, a["axis"]),
    "Constant": lambda a: widen(a["value"]),
    "Div": lambda a, x, y: x / y,
    "Identity": lambda a, x: x,
    "Mul": lambda a, x, y: x * y,
    "Pow": lambda a, x, y: x ** y,
    "Relu": lambda a, x: np.maximum(x, 0),
    "Sigmoid": lambda a, x: 0.5 * np.tanh(0.5 * x) + 0.5,  # the same, without overflow
    "Sub": lambda a, x, y: x - y,
    "Tile": lambda a, x, repeats: np.tile(x, repeats.tolist()),
    "Transpose": lambda a, x: x.transpose(a.get("perm")),
})


def widen(array):
    """Halves as floats: numpy computes with those, and ONNX Runtime's processor kernels do, too."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


class Network:
    def __init__(self, data):
        graph = fields(fields(data)[7][0])
        self.weights = {fields(t)[8][0].decode(): widen(tensor(t)) for t in graph.get(5, [])}
        self.inputs = [n for n in (fields(v)[1][0].decode() for v in graph[11]) if n not in self.weights]
        self.outputs = [fields(v)[1][0].decode() for v in graph[12]]
        self.nodes = [fields(n) for n in graph[1]]

    def run(self, *inputs):
        """The outputs in the file's order."""
        values = {**self.weights, **dict(zip(self.inputs, inputs)), "": None}
        run_nodes(self.nodes, values)
        return [values[name] for name in self.outputs]


def run_nodes(nodes, values):
    for node in nodes:
        kind = node[4][0].decode()
        arguments = [values[name.decode()] for name in node.get(1, [])]
        attributes = dict(map(attribute, node.get(5, [])))
        if kind == "If":
            result = run_branch(attributes["then_branch" if arguments[0].item() else "else_branch"], values)
        elif kind in OPERATORS:
            result = OPERATORS[kind](attributes, *arguments)
        else:
            raise ValueError(f"operator {kind} is not supported")
        names = [name.decode() for name in node[2]]
        values.update(zip(names, result if isinstance(result, list) else [result]))


def run_branch(graph, values):
    """It sees what has been computed outside."""
    branch = fields(graph)
    inside = {**values, **{fields(t)[8][0].decode(): widen(tensor(t)) for t in branch.get(5, [])}}
    run_nodes([fields(n) for n in branch.get(1, [])], inside)
    return [inside[fields(v)[1][0].decode()] for v in branch[12]]
