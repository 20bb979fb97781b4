assert read(list(zip(*(torch.cat([batch[name] for batch in loader]).tolist() for name in ("user_id", "item_id", "label"))))) == rows_of("out/recall.csv")
assert len(list(loader)) > 1, "one batch shows nothing"


def epoch():
    losses = []
    for batch in loader:
        scores = model(batch["user_id"], batch["item_id"])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, batch["label"].float(), weight=batch["weight"].float())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses)


first = epoch()
for _ in range(20):
    last = epoch()
assert last < first, (first, last)
# The row groups are split among the workers, so each row comes once.
workers = DataLoader(Samples("out/pointwise.parquet", columns, batch_size=256), batch_size=None, num_workers=2)
assert sorted(torch.cat([batch["item_id"] for batch in workers]).tolist()) == sorted(int(item) for _, item, _ in rows_of("out/recall.csv"))
