"""Times Keras's fit on the models of models.ts. One JSON request a line in, one JSON answer a line out."""
import json
import sys
import time
from pathlib import Path

import numpy as np
import tensorflow as tf

THREADS = int(sys.argv[1])
tf.config.threading.set_intra_op_parallelism_threads(THREADS)
tf.config.threading.set_inter_op_parallelism_threads(THREADS)

import keras  # noqa: E402  (after the threads are set)
from keras import layers, ops  # noqa: E402

sys.path.append(str(Path(__file__).parents[2] / "support"))
from networks import cnn, mlp  # noqa: E402

LENGTH, WIDTH, VOCABULARY = 64, 128, 96


class CausalAttention(layers.Layer):
    def __init__(self, heads, width):
        super().__init__()
        self.heads, self.width = heads, width

    def build(self, shape):
        self.kernels = [
            self.add_weight(shape=(self.width, self.width), initializer="glorot_uniform", name=name)
            for name in ("query", "key", "value", "out")
        ]

    def call(self, x):
        batch, length = ops.shape(x)[0], x.shape[1]
        head = self.width // self.heads

        def project(kernel):
            return ops.transpose(ops.reshape(ops.matmul(x, kernel), (batch, length, self.heads, head)), (0, 2, 1, 3))

        query, key, value = (project(kernel) for kernel in self.kernels[:3])
        scores = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / head**0.5
        future = (np.tril(np.ones((length, length), "float32")) - 1) * 1e9
        mixed = ops.matmul(ops.softmax(scores + future), value)
        return ops.matmul(ops.reshape(ops.transpose(mixed, (0, 2, 1, 3)), (batch, length, self.width)), self.kernels[3])


class Positions(layers.Layer):
    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:], initializer=keras.initializers.RandomNormal(stddev=0.02))

    def call(self, x):
        return x + self.table


def transformer():
    inputs = keras.Input((LENGTH,), dtype="int32")
    x = Positions()(layers.Embedding(VOCABULARY, WIDTH)(inputs))
    for _ in range(4):
        x = x + CausalAttention(4, WIDTH)(layers.LayerNormalization()(x))
        x = x + layers.Dense(WIDTH)(layers.Dense(4 * WIDTH, activation="relu")(layers.LayerNormalization()(x)))
    return keras.Model(inputs, layers.Dense(VOCABULARY)(layers.LayerNormalization()(x)))


def lstm():
    return keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32"),
            layers.Embedding(5000, 64),
            layers.LSTM(64),
            layers.Dense(2),
        ]
    )


random = np.random.default_rng(1)
sparse = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
binary = keras.losses.BinaryCrossentropy(from_logits=True)
MODELS = {
    "cnn": (cnn, sparse, 64, lambda n: (random.random((n, 32, 32, 3), "float32"), random.integers(0, 10, n))),
    "mlp": (
        mlp,
        binary,
        32,
        lambda n: (random.random((n, 2), "float32"), random.integers(0, 2, (n, 1)).astype("float32")),
    ),
    "lstm": (lstm, sparse, 32, lambda n: (random.integers(0, 5000, (n, LENGTH)), random.integers(0, 2, n))),
    "transformer": (
        transformer,
        sparse,
        16,
        lambda n: (random.integers(0, VOCABULARY, (n, LENGTH)), random.integers(0, VOCABULARY, (n, LENGTH))),
    ),
}
built = {}


def measure(name, steps):
    make, loss, batch, data = MODELS[name]
    if name not in built:
        model = make()
        model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=loss)
        x, y = data(batch * steps)
        for _ in range(2):
            model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
        built[name] = model, x, y
    model, x, y = built[name]
    started = time.perf_counter()
    model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
    return (time.perf_counter() - started) * 1000 / steps


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"ms": measure(request["model"], request["steps"])}
    except Exception as error:  # told to the benchmark, which names the peer that failed
        answer = {"error": str(error)[:500]}
    print(json.dumps(answer), flush=True)
