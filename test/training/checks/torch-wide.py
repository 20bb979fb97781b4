found = []
for users_, items_, corrections, held, others, weight in softmax_batches("out/recall.wide.parquet", 16):
    assert items_.dtype == torch.int64 and not corrections[held].isnan().any() and held[:, 0].all()
    assert len(others) == len(users_) == len(weight) and not others.isnan().any()
    for user, row, flags in zip(users_.tolist(), items_.tolist(), held.tolist()):
        found.append((user, [item for item, flag in zip(row, flags) if flag]))
assert found == groups_of("out/recall.csv"), (len(found), len(groups_of("out/recall.csv")))
assert torch.isfinite(loss) and loss.item() > 0
# The values are those of the long file.
wanted = [float(row["logq_correction_batch"]) for row in table("out/recall.csv") if row["label"] == "1" and row["logq_correction"] != ""]
seen = [other for *_, others, _ in softmax_batches("out/recall.wide.parquet", 16) for other in others.tolist()]
assert len(seen) == len(wanted) and max(abs(a - b) for a, b in zip(seen, wanted)) < 1e-5
