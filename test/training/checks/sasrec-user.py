import json

histories, targets = positives_of_users("out/user.parquet")
of_users = sorted(zip(map(tuple, histories.to_pylist()), targets.tolist()))
samples = map(json.loads, open("out/sequence.jsonl", encoding="utf-8"))
of_samples = sorted(
    (tuple(map(int, row["clicks__item_id"])), int(row["item_id"])) for row in samples if row["label"] == 1 and row["clicks__item_id"]
)
assert len(of_samples) > 10 and of_users == of_samples
