"""Trains the probe of a trial with the gradients of PyTorch, in double precision: probe.json to trained.json."""

import json

import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)


def candidates(groups, order, place, batch):
    """Items of a group and their corrections: its own, then the positives of the other groups of its batch."""
    group = order[place]
    own = slice(groups["offsets"][group], groups["offsets"][group + 1])
    items, corrections = groups["candidates"][own], groups["corrections"][own]
    start = place - place % batch
    for other in order[start : start + batch]:
        if other != group:
            items = items + [groups["candidates"][groups["offsets"][other]]]
            corrections = corrections + [groups["batchCorrections"][other]]
    return items, torch.tensor(corrections)


def loss_of(kind, scores):
    if kind == "pairwise":
        return functional.softplus(scores[1:] - scores[0]).mean()
    return functional.cross_entropy(scores[None], torch.tensor([0]))


def adagrad(rows, sums, gradients, rate):
    """One sum of squared gradients for each row, as FBGEMM's row-wise Adagrad."""
    sums += (gradients**2).mean(dim=-1)
    rows -= rate * gradients / torch.sqrt(sums)[..., None]


def train(asked):
    users, items = (torch.tensor(asked[name]).reshape(-1, asked["dimensions"]) for name in ("users", "items"))
    user_sums, item_sums = (torch.full((len(rows),), asked["initial_sum"]) for rows in (users, items))
    groups, losses = asked["groups"], []
    for order in asked["orders"]:
        total = 0.0
        for place, group in enumerate(order):
            numbers, corrections = candidates(groups, order, place, asked["batch"])
            user = groups["users"][group]
            p = users[user].clone().requires_grad_()
            q = items[numbers].clone().requires_grad_()
            loss = loss_of(asked["loss"], q @ p - corrections)
            (loss * groups["weights"][group]).backward()
            total += loss.item()
            with torch.no_grad():
                own_items, own_sums = items[numbers], item_sums[numbers]
                adagrad(own_items, own_sums, q.grad, asked["rate"])
                items[numbers], item_sums[numbers] = own_items, own_sums
                adagrad(users[user], user_sums[user], p.grad, asked["rate"])
        losses.append(total)
    return {"losses": losses, "users": users.tolist(), "items": items.tolist()}


with open("probe.json", encoding="utf-8") as file:
    runs = json.load(file)
with open("trained.json", "w", encoding="utf-8") as file:
    json.dump([train(run) for run in runs], file)
