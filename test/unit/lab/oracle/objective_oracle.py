"""
What Keras and PyTorch make of the losses, weights and metrics of the lab: the oracle of objective.test.ts, which has the
same data and weights. Needs keras and torch, of any recent version:

    KERAS_BACKEND=torch python test/unit/lab/oracle/objective_oracle.py > test/unit/lab/oracle/objective.json
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
ROWS = 20
RATE = 0.1


def inputs(step):
    return numbers((ROWS, 4), 100 + step, 1)


def labels(step):
    """0, 1, 2; the last is rare."""
    x = inputs(step)
    return np.where(x[:, 0] + x[:, 1] > 1, 2, (x[:, 2] > 0).astype("int64"))


def targets(step, kind):
    if kind == "sparse":
        return labels(step)
    if kind == "categorical":
        return np.eye(3, dtype="float32")[labels(step)]
    if kind == "soft":
        p = np.exp(numbers((ROWS, 3), 300 + step, 2))
        return (p / p.sum(-1, keepdims=True)).astype("float32")
    if kind == "binary":
        return (labels(step) > 0).astype("float32")[:, None]
    return np.stack([inputs(step)[:, 0] * 3, inputs(step)[:, 1] - 1], -1).astype("float32")


UNITS = {"sparse": 3, "categorical": 3, "soft": 3, "binary": 1, "numbers": 2}


def example_weights(step):
    return numbers((ROWS,), 500 + step, 1) + 1


def network(kind, activation):
    units = UNITS[kind]
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(units, activation)])
    model.set_weights([numbers((4, 8), 1, 0.8), numbers((8,), 2, 0.1), numbers((8, units), 3, 0.6), numbers((units,), 4, 0.1)])
    return model


def train(kind, activation, loss, weights=None):
    """20 steps of gradient descent by Keras's own train_on_batch; the loss of each."""
    model = network(kind, activation)
    model.compile(optimizer=keras.optimizers.SGD(RATE), loss=loss)
    losses = []
    for step in range(STEPS):
        y = targets(step, kind)
        given = {} if weights is None else {"sample_weight": weights(step)}
        # The loss of one batch alone: train_on_batch tells the mean since the last reset.
        model.reset_metrics()
        losses.append(float(model.train_on_batch(inputs(step), y, **given)))
    return losses


def train_torch(loss, weight=None):
    """The same with PyTorch, which smooths class indices and weights by class itself."""
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))
    values = [numbers((4, 8), 1, 0.8).T, numbers((8,), 2, 0.1), numbers((8, 3), 3, 0.6).T, numbers((3,), 4, 0.1)]
    for parameter, value in zip(model.parameters(), values):
        parameter.data = torch.tensor(np.ascontiguousarray(value))
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        value = loss(model(torch.tensor(inputs(step))), torch.tensor(labels(step)))
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses


CLASS_WEIGHTS = np.array([1, 2, 6], dtype="float32")
k = keras.losses
by_class = lambda step: CLASS_WEIGHTS[labels(step)]  # noqa: E731
losses = {
    "sparse, smoothed (PyTorch)": train_torch(torch.nn.CrossEntropyLoss(label_smoothing=0.1)),
    "categorical, smoothed": train("categorical", None, k.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)),
    "binary, smoothed": train("binary", "sigmoid", k.BinaryCrossentropy(label_smoothing=0.2)),
    "categorical focal": train("categorical", "softmax", k.CategoricalFocalCrossentropy(alpha=0.5, gamma=3)),
    "categorical focal of logits": train("categorical", None, k.CategoricalFocalCrossentropy(from_logits=True)),
    "binary focal": train("binary", "sigmoid", k.BinaryFocalCrossentropy(gamma=1.5)),
    "binary focal, balanced": train(
        "binary", None, k.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.7, from_logits=True)
    ),
    "divergence": train("soft", "softmax", k.KLDivergence()),
    "huber": train("numbers", None, k.Huber(delta=0.7)),
    "class weights": train("sparse", "softmax", k.SparseCategoricalCrossentropy(), by_class),
    "class weights, binary": train(
        "binary", "sigmoid", k.BinaryCrossentropy(), lambda step: np.array([1, 4.0])[targets(step, "binary")[:, 0].astype(int)]
    ),
    "sample weights": train("sparse", "softmax", k.SparseCategoricalCrossentropy(), example_weights),
    "sample weights of numbers": train("numbers", None, k.MeanSquaredError(), example_weights),
    "sample weights, huber": train("numbers", None, k.Huber(), example_weights),
    "both weights": train(
        "sparse", None, k.SparseCategoricalCrossentropy(from_logits=True), lambda step: by_class(step) * example_weights(step)
    ),
}


def measure(kind, activation, metric, of=lambda y: y):
    """Over the 20 batches, the last of them smaller, of a network that is not trained."""
    model = network(kind, activation)
    for step in range(STEPS):
        rows = ROWS if step < STEPS - 1 else 7
        metric.update_state(of(targets(step, kind)[:rows]), model(inputs(step)[:rows]))
    return [float(value) for value in np.ravel(keras.ops.convert_to_numpy(metric.result()))]


class OfLargest:
    """Precision and recall of one class, said where its output is the largest."""

    def __init__(self, metric, class_id):
        self.metric, self.class_id = metric, class_id

    def update_state(self, y, p):
        said = keras.ops.convert_to_numpy(p).argmax(-1) == self.class_id
        self.metric.update_state((y == self.class_id).astype("float32"), said.astype("float32"))

    def result(self):
        return self.metric.result()


m = keras.metrics
metrics = {
    "binaryAccuracy at 0.4": measure("binary", "sigmoid", m.BinaryAccuracy(threshold=0.4)),
    "topKAccuracy of 2": measure("sparse", "softmax", m.SparseTopKCategoricalAccuracy(k=2)),
    "topKAccuracy of 2, one-hot": measure("categorical", "softmax", m.TopKCategoricalAccuracy(k=2)),
    "precision": measure("binary", "sigmoid", m.Precision()),
    "recall": measure("binary", "sigmoid", m.Recall()),
    "recall at 0.3": measure("binary", "sigmoid", m.Recall(thresholds=0.3)),
    "f1": measure("binary", "sigmoid", m.F1Score(threshold=0.5)),
    "precision of class 1": measure("sparse", "softmax", OfLargest(m.Precision(), 1)),
    "recall of class 0": measure("sparse", "softmax", OfLargest(m.Recall(), 0)),
    "f1, macro": measure("categorical", "softmax", m.F1Score(average="macro")),
    "f1, weighted": measure("categorical", "softmax", m.F1Score(average="weighted")),
    "f1, micro": measure("categorical", "softmax", m.F1Score(average="micro")),
    "auc": measure("binary", "sigmoid", m.AUC()),
    "auc of logits": measure("binary", None, m.AUC(from_logits=True)),
    "auc of one-hot targets": measure("categorical", "softmax", m.AUC()),
    "r2": measure("numbers", None, m.R2Score()),
}

text = json.dumps({"keras": keras.__version__, "torch": torch.__version__, "losses": losses, "metrics": metrics}, indent=1)
print(text)
