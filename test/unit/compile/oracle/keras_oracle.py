"""
Losses of 20 training steps in Keras, the oracle of keras.test.ts, which computes the same weights and data.

    <cache>/peers/bin/python test/unit/compile/oracle/keras_oracle.py > test/unit/compile/oracle/keras.json
"""
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

sys.path.append(str(Path(__file__).parents[3] / "support"))
from networks import cnn, mlp  # noqa: E402
from hashed import numbers  # noqa: E402

STEPS = 20


def train(model, loss, optimizer, batch):
    for i, weight in enumerate(model.trainable_weights):
        fan_in = int(np.prod(weight.shape[:-1])) if len(weight.shape) > 1 else 100
        weight.assign(numbers(weight.shape, i + 1, (3 / fan_in) ** 0.5))
    model.compile(optimizer=optimizer, loss=loss)
    losses = []
    for step in range(STEPS):
        x, y = batch(step)
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        if isinstance(optimizer, keras.optimizers.Adam):
            # Keras adds epsilon to sqrt(v), tfjs to sqrt(v / (1 - beta2^t)): it is given what tfjs's amounts to.
            optimizer.epsilon = 1e-7 * (1 - optimizer.beta_2 ** (step + 1)) ** 0.5
        optimizer.apply(tape.gradient(value, model.trainable_weights), model.trainable_weights)
        losses.append(float(value))
    return losses


def mlp_batch(step):
    x = numbers((32, 2), 100 + step, 1)
    return x, (x[:, :1] * x[:, 1:] > 0).astype("float32")


def cnn_batch(step):
    return numbers((16, 32, 32, 3), 200 + step, 1), np.arange(step, step + 16) % 10


OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.05),
    "momentum": lambda: keras.optimizers.SGD(0.02, momentum=0.9),
    "adam": lambda: keras.optimizers.Adam(1e-3),
    "rmsprop": lambda: keras.optimizers.RMSprop(1e-3, epsilon=1e-7),
    "adamax": lambda: keras.optimizers.Adamax(1e-3),
}
binary = keras.losses.BinaryCrossentropy(from_logits=True)
sparse = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
losses = {
    "mlp": {name: train(mlp(), binary, make(), mlp_batch) for name, make in OPTIMIZERS.items()},
    "cnn": {name: train(cnn(), sparse, OPTIMIZERS[name](), cnn_batch) for name in ("sgd", "adam")},
}
print(json.dumps({"keras": keras.__version__, "tensorflow": tf.__version__, "losses": losses}, indent=1))
