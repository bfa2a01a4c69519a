"""Times PyTorch, eager and torch.compile, on the models of models.ts. One JSON request a line in, one answer out."""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)

LENGTH, WIDTH, VOCABULARY = 64, 128, 96


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))
        self.first, self.second = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.wide, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        batch, length, width = x.shape
        normal = self.first(x)
        heads = [layer(normal).view(batch, length, 4, width // 4).transpose(1, 2) for layer in (self.query, self.key, self.value)]
        mixed = F.scaled_dot_product_attention(*heads, is_causal=True).transpose(1, 2).reshape(batch, length, width)
        x = x + self.out(mixed)
        return x + self.narrow(F.relu(self.wide(self.second(x))))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Parameter(torch.randn(LENGTH, WIDTH) * 0.02)
        self.blocks = nn.Sequential(*(Block() for _ in range(4)))
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, VOCABULARY)

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.tokens(x) + self.positions))).flatten(0, 1)


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.lstm, self.head = nn.Embedding(5000, 64), nn.LSTM(64, 64, batch_first=True), nn.Linear(64, 2)

    def forward(self, x):
        return self.head(self.lstm(self.tokens(x))[0][:, -1])


def cnn():
    return nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten(),
        nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10),
    )


def mlp():
    return nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))


def classes(count, *shape):
    return torch.randint(0, count, shape)


MODELS = {
    "cnn": (cnn, F.cross_entropy, lambda: (torch.rand(64, 3, 32, 32), classes(10, 64))),
    "mlp": (mlp, F.binary_cross_entropy_with_logits, lambda: (torch.rand(32, 2), classes(2, 32, 1).float())),
    "lstm": (Lstm, F.cross_entropy, lambda: (classes(5000, 32, LENGTH), classes(2, 32))),
    "transformer": (
        Transformer,
        F.cross_entropy,
        lambda: (classes(VOCABULARY, 16, LENGTH), classes(VOCABULARY, 16, LENGTH).flatten()),
    ),
}
built = {}


def measure(name, variant, steps):
    if (name, variant) not in built:
        make, loss, data = MODELS[name]
        model = make()
        optimizer = torch.optim.Adam(model.parameters(), 1e-3)
        forward = torch.compile(model) if variant == "compile" else model
        batches = [data() for _ in range(4)]

        def step(i):
            x, y = batches[i % 4]
            optimizer.zero_grad()
            value = loss(forward(x), y)
            value.backward()
            optimizer.step()
            return value.item()

        for i in range(10):
            step(i)
        built[name, variant] = step
    step = built[name, variant]
    started = time.perf_counter()
    for i in range(steps):
        step(i)
    return (time.perf_counter() - started) * 1000 / steps


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"ms": measure(request["model"], request["variant"], request["steps"])}
    except Exception as error:  # told to the benchmark, which names the peer that failed
        answer = {"error": str(error)[:500]}
    print(json.dumps(answer), flush=True)
