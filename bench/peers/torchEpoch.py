"""Seconds of one epoch of the probe of a trial in PyTorch, on one thread: POSITIVES NEGATIVES USERS ITEMS BATCH."""

import json
import sys
import time

import torch
from torch.nn import functional

positives, negatives, users, items, batch = map(int, sys.argv[1:])
torch.set_num_threads(1)
torch.manual_seed(0)
user = torch.randint(users, (positives,))
candidate = torch.randint(items, (positives, 1 + negatives))
of_user, of_item = (torch.nn.Embedding(count, 32, sparse=True) for count in (users, items))
for table in (of_user, of_item):
    torch.nn.init.uniform_(table.weight, -0.173, 0.173)
adagrad = torch.optim.Adagrad(
    [*of_user.parameters(), *of_item.parameters()], lr=0.05, initial_accumulator_value=0.1
)


def train(end):
    for start in range(0, end, batch):
        own = slice(start, min(end, start + batch))
        scores = torch.bmm(of_item(candidate[own]), of_user(user[own]).unsqueeze(2)).squeeze(2)
        loss = functional.cross_entropy(scores, torch.zeros(len(scores), dtype=torch.long))
        adagrad.zero_grad()
        loss.backward()
        adagrad.step()


# Before the clock: the first batch loads code.
train(batch)
started, used = time.perf_counter(), time.process_time()
train(positives)
taken = {"seconds": time.perf_counter() - started, "cpuSeconds": time.process_time() - used}
print(json.dumps({**taken, "version": torch.__version__}))
