"""What PyTorch takes for language models: SmolLM2 by transformers, its fine-tuning with LoRA, and the GPT of the lesson. One
JSON request a line in, one answer out."""
import json
import os
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)


class Block(nn.Module):
    def __init__(self, heads, width):
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width, bias=False), nn.LayerNorm(width, bias=False)
        self.qkv, self.out = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)
        self.wide, self.narrow = nn.Linear(width, 4 * width, bias=False), nn.Linear(4 * width, width, bias=False)

    def forward(self, x):
        batch, length, width = x.shape
        parts = self.qkv(self.first(x)).split(width, dim=2)
        q, k, v = (part.view(batch, length, self.heads, -1).transpose(1, 2) for part in parts)
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(seen.transpose(1, 2).reshape(batch, length, width))
        return x + self.narrow(F.gelu(self.wide(self.second(x))))


class Gpt(nn.Module):
    def __init__(self, vocabulary, context, layers, heads, width):
        super().__init__()
        self.token = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(torch.randn(context, width) * 0.02)
        nn.init.normal_(self.token.weight, std=0.02)
        self.blocks = nn.Sequential(*(Block(heads, width) for _ in range(layers)))
        self.norm = nn.LayerNorm(width, bias=False)

    def forward(self, x):
        return F.linear(self.norm(self.blocks(self.token(x) + self.position)), self.token.weight)


def gpt(size, batch, variant):
    model = Gpt(**size)
    plain = [p for p in model.parameters() if p.dim() < 2 or p is model.position]
    decayed = [p for p in model.parameters() if not any(p is other for other in plain)]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.99), fused=variant == "fused")
    text = torch.randint(0, size["vocabulary"], (100_000,))
    length = size["context"]

    def step():
        starts = torch.randint(0, len(text) - length - 1, (batch,))
        x = torch.stack([text[i : i + length] for i in starts])
        y = torch.stack([text[i + 1 : i + 1 + length] for i in starts])
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    return step, sum(p.numel() for p in model.parameters())


class Lora(nn.Module):
    """A frozen layer and the change of its matrix, two small ones. B begins with zeros."""

    def __init__(self, frozen, rank, scale):
        super().__init__()
        self.frozen, self.scale = frozen, scale
        self.a = nn.Parameter(torch.randn(frozen.in_features, rank) / frozen.in_features**0.5)
        self.b = nn.Parameter(torch.zeros(rank, frozen.out_features))

    def forward(self, x):
        return self.frozen(x) + (x @ self.a) @ self.b * self.scale


def lora(file, rank, scale, first, targets, batch, length, answer, learningRate, **_):
    model = loaded(file).requires_grad_(False)
    for layer in model.model.layers[first:]:
        for name in targets:
            setattr(layer.self_attn, name, Lora(getattr(layer.self_attn, name), rank, scale))
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=learningRate, weight_decay=0.0, fused=True)

    def step():
        x = torch.randint(100, 40_000, (batch, length))
        # Shorter rows have zeros in front.
        mask = torch.arange(length) >= torch.randint(0, length // 4, (batch, 1))
        y = torch.randint(100, 40_000, (batch, answer))
        optimizer.zero_grad()
        logits = model(x, attention_mask=mask.long(), use_cache=False, logits_to_keep=answer).logits
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        return loss.item()

    return step, sum(p.numel() for p in trained)


def loaded(file):
    from transformers import AutoModelForCausalLM

    folder, name = os.path.split(file)
    return AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32).eval()


class Smol:
    def __init__(self, file):
        self.model = loaded(file)
        self.past = None

    @torch.inference_mode()
    def read(self, tokens, past):
        output = self.model(torch.tensor([tokens]), past_key_values=past, use_cache=True, logits_to_keep=1)
        output.logits.numpy()
        return output.past_key_values

    def prompt(self, tokens):
        self.past = self.read(tokens, None)

    def further(self, tokens):
        for token in tokens:
            self.past = self.read([token], self.past)


made = {}


def once(key, make):
    if key not in made:
        made[key] = make()
    return made[key]


def training(request):
    if request["task"] == "lora":
        return lora(**request)
    return gpt(request["size"], request["batch"], request["variant"])


def measure(request):
    if request["task"] in ("gpt", "lora"):
        is_new = "step" not in made
        step, trained = once("step", lambda: training(request))
        for _ in range(5 if is_new else 0):
            step()
        started = time.perf_counter()
        for _ in range(request["steps"]):
            step()
        return {"ms": (time.perf_counter() - started) * 1000 / request["steps"], "trained": trained}
    smol = once("smol", lambda: Smol(request["file"]))
    started = time.perf_counter()
    getattr(smol, request["task"])(request["tokens"])
    return {"ms": (time.perf_counter() - started) * 1000}


def most_resident():
    """In MB, of the time so far; macOS counts bytes, Linux kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


for line in sys.stdin:
    try:
        answer = {**measure(json.loads(line)), "mb": most_resident()}
    except Exception as error:  # told to the benchmark, which names the peer that failed
        answer = {"error": str(error)[:500]}
    print(json.dumps(answer), flush=True)
