found = []
for users_, items_, log_q, held, weight in softmax_batches("out/recall.wide.parquet", 16):
    assert items_.dtype == torch.int64 and not log_q.isnan().any() and held[:, 0].all()
    for user, row, flags in zip(users_.tolist(), items_.tolist(), held.tolist()):
        found.append((user, [item for item, flag in zip(row, flags) if flag]))
assert found == groups_of("out/recall.csv"), (len(found), len(groups_of("out/recall.csv")))
assert torch.isfinite(loss) and loss.item() > 0
