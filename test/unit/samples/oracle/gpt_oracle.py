"""
What PyTorch makes of the network of samples/gpt: loss, logits and one step of AdamW from the same weights, the oracle of
gpt.test.ts. Its own modules where there are any: layer_norm, scaled_dot_product_attention, gelu, cross_entropy, AdamW.
Of each weight and gradient one number is kept: its product with numbers that have nothing to do with it.

    python test/unit/samples/oracle/gpt_oracle.py > test/unit/samples/oracle/gpt.json
"""
import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

sys.path.append(str(Path(__file__).parents[3] / "support"))
from hashed import numbers  # noqa: E402

VOCABULARY, CONTEXT, LAYERS, HEADS, WIDTH, BATCH = 11, 6, 2, 2, 8, 3
SHAPES = {"token": (VOCABULARY, WIDTH), "position": (CONTEXT, WIDTH), "norm.gain": (WIDTH,)}
for layer in range(LAYERS):
    SHAPES[f"{layer}.attention.norm.gain"] = (WIDTH,)
    for name in ("query", "key", "value", "out"):
        SHAPES[f"{layer}.attention.{name}"] = (WIDTH, WIDTH)
    SHAPES[f"{layer}.mlp.norm.gain"] = (WIDTH,)
    SHAPES[f"{layer}.mlp.in"] = (WIDTH, 4 * WIDTH)
    SHAPES[f"{layer}.mlp.out"] = (4 * WIDTH, WIDTH)

weights = {
    name: torch.tensor(numbers(shape, 10 + i, 0.8) + (1 if name.endswith("gain") else 0), requires_grad=True)
    for i, (name, shape) in enumerate(SHAPES.items())
}


def normalize(x, gain):
    return F.layer_norm(x, (WIDTH,), gain, None, 1e-5)


def forward(tokens):
    x = F.embedding(tokens, weights["token"]) + weights["position"][: tokens.shape[1]]
    for layer in range(LAYERS):
        seen = normalize(x, weights[f"{layer}.attention.norm.gain"])
        q, k, v = (
            (seen @ weights[f"{layer}.attention.{name}"]).unflatten(-1, (HEADS, -1)).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        joined = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)
        x = x + joined @ weights[f"{layer}.attention.out"]
        seen = normalize(x, weights[f"{layer}.mlp.norm.gain"])
        x = x + F.gelu(seen @ weights[f"{layer}.mlp.in"]) @ weights[f"{layer}.mlp.out"]
    return normalize(x, weights["norm.gain"]) @ weights["token"].T


text = torch.tensor([(7 * i * i + 3 * i) % VOCABULARY for i in range(BATCH * CONTEXT + 1)])
x, y = text[:-1].reshape(BATCH, CONTEXT), text[1:].reshape(BATCH, CONTEXT)
decays = {name: not ("norm" in name or "position" in name) for name in weights}
optimizer = torch.optim.AdamW(
    [
        {"params": [w for name, w in weights.items() if decays[name]], "weight_decay": 0.1},
        {"params": [w for name, w in weights.items() if not decays[name]], "weight_decay": 0.0},
    ],
    lr=0.01,
    betas=(0.9, 0.99),
    eps=1e-7,
)


def mixed(tensors):
    return {name: float((t.detach() * torch.tensor(numbers(t.shape, 1, 1))).sum()) for name, t in tensors.items()}


logits = forward(x)
loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
loss.backward()
gradients = mixed({name: w.grad for name, w in weights.items()})
norm = float(torch.nn.utils.clip_grad_norm_(list(weights.values()), 1.0))
optimizer.step()
after = F.cross_entropy(forward(x).flatten(0, 1), y.flatten())
print(
    json.dumps(
        {
            "loss": loss.item(),
            "logits": [round(value, 6) for value in logits.detach().flatten().tolist()],
            "gradients": gradients,
            "norm": norm,
            "weights": mixed(weights),
            "after": after.item(),
        },
        indent=1,
    )
)
