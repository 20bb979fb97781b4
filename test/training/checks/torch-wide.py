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
# The mask covers every pair of a user and an item that the user chose, and no other.
positive_pairs = {(user, item) for user, item, label in rows_of("out/recall.csv") if label}
for user, item, is_own in zip(*(part.tolist() for part in (users_.repeat_interleave(len(users_)), items_[:, 0].repeat(len(users_)), torch.isin(pair(users_[:, None], items_[:, 0][None, :]), chosen).flatten()))):
    assert is_own == ((user, item) in positive_pairs), (user, item)
