"""Makes optimizers.json: 20 steps of linear regression under each rule, by PyTorch (float64).

    python3 test/unit/learning/oracle/optimizers.py > test/unit/learning/oracle/optimizers.json
"""

import json
import math

import torch

torch.set_default_dtype(torch.float64)
STEPS, ROWS = 20, 8
INPUTS = [[math.sin(1 + 3 * row), math.cos(2 * row), ((row * 5) % 7) / 7] for row in range(ROWS)]
TARGETS = [[3 * x[0] - 2 * x[1] + 0.5] for x in INPUTS]


def run(make, rate=None, clip=None, accumulate=1):
    weight = torch.tensor([[0.1], [-0.2], [0.3]], requires_grad=True)
    bias = torch.tensor([0.05], requires_grad=True)
    optimizer = make([weight, bias])
    x, y = torch.tensor(INPUTS), torch.tensor(TARGETS)
    losses = []
    for step in range(STEPS):
        # Batches of four in turns.
        part = slice(0, 4) if step % 2 == 0 else slice(4, 8)
        if rate is not None:
            for group in optimizer.param_groups:
                group["lr"] = rate(step // accumulate)
        loss = ((x[part] @ weight + bias - y[part]) ** 2).mean()
        losses.append(loss.item())
        (loss / accumulate).backward()
        if (step + 1) % accumulate:
            continue
        if clip is not None:
            clip([weight, bias])
        optimizer.step()
        optimizer.zero_grad()
    return {"losses": losses, "weight": weight.flatten().tolist(), "bias": bias.tolist()}


def clip_norm(limit):
    def clip(parameters):
        for parameter in parameters:
            norm = parameter.grad.norm()
            parameter.grad.mul_(limit / max(norm.item(), limit))

    return clip


def clip_global(limit):
    def clip(parameters):
        norm = math.sqrt(sum((parameter.grad**2).sum().item() for parameter in parameters))
        for parameter in parameters:
            parameter.grad.mul_(limit / max(norm, limit))

    return clip


def clip_value(limit):
    return lambda parameters: torch.nn.utils.clip_grad_value_(parameters, limit)


def adamw(parameters):
    return torch.optim.AdamW(parameters, lr=0.05, weight_decay=0.1, eps=1e-7)


def adamw_excluded(parameters):
    weight, bias = parameters
    groups = [{"params": [weight], "weight_decay": 0.1}, {"params": [bias], "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.05, eps=1e-7)


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=0.1)


def momentum(parameters):
    return torch.optim.SGD(parameters, lr=0.05, momentum=0.9)


def schedule_of(make):
    """The rates of one of PyTorch's own schedulers, step by step."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


S = torch.optim.lr_scheduler
print(
    json.dumps(
        {
            "adamw": run(adamw),
            "adamwExcluded": run(adamw_excluded),
            "clipNorm": run(sgd, clip=clip_norm(0.5)),
            "clipValue": run(sgd, clip=clip_value(0.3)),
            "globalClipNorm": run(sgd, clip=clip_global(0.5)),
            "accumulated": run(momentum, accumulate=3),
            "cosine": run(adamw, rate=lambda step: 0.05 * (1 + math.cos(math.pi * min(step / 15, 1))) / 2),
            "rates": {
                "stepDecay": schedule_of(lambda o: S.StepLR(o, step_size=6, gamma=0.5)),
                "exponentialDecay": schedule_of(lambda o: S.ExponentialLR(o, gamma=0.9)),
                "cosineDecay": schedule_of(lambda o: S.CosineAnnealingLR(o, T_max=STEPS)),
                "oneCycle": schedule_of(lambda o: S.OneCycleLR(o, max_lr=0.1, total_steps=STEPS, cycle_momentum=False)),
            },
        },
        indent=1,
    )
)
