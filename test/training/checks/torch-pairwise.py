assert sum(len(items) for _, items in groups_of("out/recall.csv")) > 0
assert torch.isfinite(loss) and loss.item() > 0


def pairs_epoch():
    total = 0.0
    for batch in pq.ParquetFile("out/pairwise.parquet").iter_batches(256, columns=["user_id", "item_id", "negative_item_id"]):
        user, item = (torch.tensor(batch.column(name).to_numpy()) for name in ("user_id", "item_id"))
        negatives, held = padded(batch.column("negative_item_id"))
        losses = -torch.nn.functional.logsigmoid(model(user, item)[:, None] - model(user, negatives))[held]
        optimizer.zero_grad()
        losses.mean().backward()
        optimizer.step()
        total += losses.mean().item()
    return total


first = pairs_epoch()
for _ in range(20):
    last = pairs_epoch()
assert last < first, (first, last)
