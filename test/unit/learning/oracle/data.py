"""
What Keras and PyTorch make of tokens with a mask, and of several inputs and outputs: the oracle of data.test.ts, which has
the same data and weights. Needs keras and torch, of any recent version:

    KERAS_BACKEND=torch python test/unit/learning/oracle/data.py > test/unit/learning/oracle/data.json
"""
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

sys.path.append(str(Path(__file__).parents[3] / "support"))
from hashed import numbers  # noqa: E402

STEPS = 20
ROWS = 8
RATE = 0.1
TOKENS = 7
LONGEST = 6


def whole(shape, seed, below):
    return np.floor((numbers(shape, seed, 1) + 1) / 2 * below).clip(0, below - 1).astype("int64")


def lengths():
    return whole((ROWS,), 11, LONGEST) + 1


def positions():
    """A network on each position of rows of unequal length; what is beyond the end does not count."""
    tokens, labels = whole((ROWS, LONGEST), 12, TOKENS), whole((ROWS, LONGEST), 13, TOKENS)
    inside = np.arange(LONGEST)[None, :] < lengths()[:, None]
    tokens = torch.tensor(np.where(inside, tokens, 0))
    labels = torch.tensor(np.where(inside, labels, -100))
    table, w1, b1, w2, b2 = (
        torch.tensor(numbers(shape, seed, scale), requires_grad=True)
        for shape, seed, scale in [
            ((TOKENS, 5), 21, 0.5), ((5, 8), 22, 0.8), ((8,), 23, 0.1), ((8, TOKENS), 24, 0.6), ((TOKENS,), 25, 0.1)
        ]
    )
    optimizer = torch.optim.SGD([table, w1, b1, w2, b2], lr=RATE)
    losses, accuracies = [], []
    for _ in range(STEPS):
        logits = torch.tanh(table[tokens] @ w1 + b1) @ w2 + b2
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, TOKENS), labels.reshape(-1), ignore_index=-100)
        hits = (logits.argmax(-1) == labels)[torch.tensor(inside)]
        losses.append(loss.item())
        accuracies.append(hits.float().mean().item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return {"loss": losses, "accuracy": accuracies}


def several():
    """Two inputs, two outputs with a loss each, of which one counts half."""
    left, right = keras.Input((3,), name="left"), keras.Input((2,), name="right")
    hidden = keras.layers.Dense(8, activation="tanh")(keras.layers.Concatenate()([left, right]))
    label = keras.layers.Dense(3, activation="softmax", name="label")(hidden)
    price = keras.layers.Dense(1, name="price")(hidden)
    model = keras.Model({"left": left, "right": right}, {"label": label, "price": price})
    model.set_weights([
        numbers((5, 8), 31, 0.6), numbers((8,), 32, 0.1),
        numbers((8, 3), 33, 0.6), numbers((3,), 34, 0.1),
        numbers((8, 1), 35, 0.6), numbers((1,), 36, 0.1),
    ])
    model.compile(
        optimizer=keras.optimizers.SGD(RATE),
        loss={"label": "sparse_categorical_crossentropy", "price": "mse"},
        loss_weights={"label": 1.0, "price": 0.5},
    )
    x = {"left": numbers((ROWS, 3), 41, 1), "right": numbers((ROWS, 2), 42, 1)}
    y = {"label": whole((ROWS,), 43, 3), "price": numbers((ROWS, 1), 44, 1)}
    losses = {"loss": [], "label_loss": [], "price_loss": []}
    for _ in range(STEPS):
        model.reset_metrics()
        found = model.train_on_batch(x, y, return_dict=True)
        for name, values in losses.items():
            values.append(float(found[name]))
    return losses


json.dump({"positions": positions(), "several": several()}, sys.stdout, indent=1)
print()
