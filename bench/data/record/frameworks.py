# SPDX-License-Identifier: BSL-1.0
"""Runs one network of dense layers in real frameworks and keeps their logits.

    KERAS_BACKEND=jax python frameworks.py FOLDER keras      (backends: tensorflow, jax, torch, numpy)
    python frameworks.py FOLDER torch
    python frameworks.py FOLDER onnxruntime

FOLDER holds model.safetensors (dense_K.weight [out, in], dense_K.bias), inputs.npy and model.json ({"activation"}).
Each run writes FOLDER/outputs/NAME.npy, [rows, outputs]. A name that starts with `fault_` is wrong on purpose.
Needs from PyPI, in a virtual environment: numpy, safetensors, and the framework (keras with its backend, torch, or
onnx and onnxruntime).
"""

import json
import pathlib
import sys

import numpy as np
from safetensors.numpy import load_file


class Network:
    """The weights, the inputs and the place where results go."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        tensors = load_file(self.folder / "model.safetensors")
        self.depth = sum(name.endswith(".weight") for name in tensors)
        self.weights = [tensors[f"dense_{k}.weight"] for k in range(self.depth)]
        self.biases = [tensors[f"dense_{k}.bias"] for k in range(self.depth)]
        self.hidden = json.loads((self.folder / "model.json").read_text())["activation"]
        self.inputs = np.load(self.folder / "inputs.npy")

    def is_hidden(self, k):
        return k + 1 < self.depth

    def rows(self):
        """The inputs one row at a time, each still a batch."""
        return (self.inputs[i : i + 1] for i in range(len(self.inputs)))

    def keep(self, name, logits):
        logits = np.asarray(logits)
        expected = (len(self.inputs), len(self.biases[-1]))
        if logits.shape != expected:
            raise SystemExit(f"{name}: logits of shape {logits.shape} instead of {expected}")
        target = self.folder / "outputs"
        target.mkdir(exist_ok=True)
        np.save(target / f"{name}.npy", logits)


def build_keras(net, dropout=0.0):
    import keras

    stack = [keras.layers.Input((net.weights[0].shape[1],))]
    for k in range(net.depth):
        act = net.hidden if net.is_hidden(k) else None
        stack.append(keras.layers.Dense(len(net.biases[k]), activation=act, name=f"dense_{k}"))
        if dropout and net.is_hidden(k):
            stack.append(keras.layers.Dropout(dropout, seed=7))
    model = keras.Sequential(stack)
    for k in range(net.depth):  # Keras stores kernels [in, out]
        model.get_layer(f"dense_{k}").set_weights([net.weights[k].T, net.biases[k]])
    return model


def record_keras(net):
    import keras

    numpy_of = keras.ops.convert_to_numpy
    prefix = "keras_" + keras.backend.backend()
    model = build_keras(net)
    net.keep(f"{prefix}_batch", model.predict(net.inputs, batch_size=len(net.inputs), verbose=0))
    net.keep(f"{prefix}_batch32", model.predict(net.inputs, batch_size=32, verbose=0))
    net.keep(f"{prefix}_single", np.concatenate([numpy_of(model(row)) for row in net.rows()]))
    if keras.backend.backend() == "tensorflow":
        record_keras_tensorflow(net, model, prefix)


def record_keras_tensorflow(net, model, prefix):
    """What only TensorFlow has here: XLA, and the faults."""
    import keras
    import tensorflow as tf

    numpy_of = keras.ops.convert_to_numpy
    net.keep(f"{prefix}_predict1", model.predict(net.inputs, batch_size=1, verbose=0))
    compiled = tf.function(lambda batch: model(batch), jit_compile=True)
    net.keep(f"{prefix}_xla_batch", compiled(tf.constant(net.inputs)).numpy())

    net.keep("fault_keras_dropout", numpy_of(build_keras(net, dropout=0.1)(net.inputs, training=True)))
    for half in ("bfloat16", "float16"):
        keras.config.set_dtype_policy(f"mixed_{half}")
        logits = keras.ops.cast(build_keras(net)(net.inputs), "float32")
        net.keep(f"fault_keras_mixed_{half}", numpy_of(logits))
    keras.config.set_dtype_policy("float32")
    quantised = build_keras(net)
    quantised.quantize("int8")
    net.keep("fault_keras_int8", numpy_of(quantised(net.inputs)))


def record_torch(net):
    import torch

    kinds = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "gelu": torch.nn.GELU}
    stack = []
    for k in range(net.depth):
        outputs, inputs = net.weights[k].shape
        layer = torch.nn.Linear(inputs, outputs)
        layer.weight.data = torch.tensor(net.weights[k])
        layer.bias.data = torch.tensor(net.biases[k])
        stack.append(layer)
        if net.is_hidden(k):
            stack.append(kinds[net.hidden]())
    model = torch.nn.Sequential(*stack).eval()
    batch = torch.tensor(net.inputs)
    with torch.no_grad():
        net.keep("torch2_mkl_batch", model(batch))
        net.keep("torch2_mkl_single", torch.cat([model(batch[i : i + 1]) for i in range(len(batch))]))
        frozen = torch.jit.optimize_for_inference(torch.jit.script(model))
        net.keep("torch2_compiled_batch", frozen(batch))
        torch.set_float32_matmul_precision("medium")
        net.keep("torch2_matmul_medium_batch", model(batch))
        torch.set_float32_matmul_precision("highest")
        quantised = torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, dtype=torch.qint8)
        net.keep("fault_torch2_dynamic_int8", quantised(batch))


def build_onnx(net):
    from onnx import TensorProto, checker, helper, numpy_helper

    operators = {"relu": "Relu", "tanh": "Tanh", "gelu": "Gelu"}
    nodes, constants, value = [], [], "x"
    for k in range(net.depth):
        names = [f"dense_{k}.weight", f"dense_{k}.bias"]
        constants += [numpy_helper.from_array(a, n) for a, n in zip((net.weights[k], net.biases[k]), names)]
        nodes.append(helper.make_node("Gemm", [value, *names], [f"z{k}"], transB=1))
        value = f"z{k}"
        if net.is_hidden(k):
            nodes.append(helper.make_node(operators[net.hidden], [value], [f"a{k}"]))
            value = f"a{k}"
    ends = [(n, ["n", width]) for n, width in (("x", net.weights[0].shape[1]), (value, len(net.biases[-1])))]
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, shape) for n, shape in ends]
    graph = helper.make_graph(nodes, "mlp", ends[:1], ends[1:], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    checker.check_model(model)
    return model


def record_onnxruntime(net):
    import onnxruntime

    session = onnxruntime.InferenceSession(build_onnx(net).SerializeToString(), providers=["CPUExecutionProvider"])
    net.keep("onnxruntime_batch", session.run(None, {"x": net.inputs})[0])
    net.keep("onnxruntime_single", np.concatenate([session.run(None, {"x": row})[0] for row in net.rows()]))


if __name__ == "__main__":
    recorders = {"keras": record_keras, "torch": record_torch, "onnxruntime": record_onnxruntime}
    if len(sys.argv) != 3 or sys.argv[2] not in recorders:
        raise SystemExit(__doc__)
    recorders[sys.argv[2]](Network(sys.argv[1]))
