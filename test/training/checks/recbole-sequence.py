import json
from datetime import datetime


def written(path):
    """The positives with a history in the sample file: user, item, lists."""
    rows = map(json.loads, open(path, encoding="utf-8"))
    seconds = lambda text: datetime.fromisoformat(text).timestamp()
    return sorted(
        (int(row["user_id"]), int(row["item_id"]), [int(one) for one in row["clicks__item_id"]], row["clicks__category"], row["clicks__age"], [seconds(ts) for ts in row["clicks__ts"]])
        for row in rows
        if row["label"] == 1 and row["clicks__item_id"]
    )


def read_by_recbole(part):
    rows = part.dataset.inter_feat
    lengths = rows["item_length"].tolist()
    # Padding is on the right.
    assert min(lengths) > 0 and all((steps[length:] == 0).all() for steps, length in zip(rows["item_id_list"], lengths))
    texts = lambda name, values: [str(value) for value in part.dataset.id2token(name, values.numpy())]
    lists = lambda name: [values[:length] for values, length in zip(rows[name], lengths)]
    users, items = (texts(name, rows[name]) for name in ("user_id", "item_id"))
    columns = zip(users, items, *(lists(f"{name}_list") for name in ("item_id", "category", "age", "timestamp")))
    return sorted(
        (int(user), int(item), [int(one) for one in texts("item_id_list", steps)], texts("category_list", kinds), ages.tolist(), times.tolist())
        for user, item, steps, kinds, ages, times in columns
    )


assert config["MAX_ITEM_LIST_LENGTH"] == 50 and model.ITEM_SEQ == "item_id_list"
for part, path in ((train, "out/sequence.jsonl"), (valid, "out/sequence.eval.jsonl"), (test, "out/sequence.eval.jsonl")):
    found, wanted = read_by_recbole(part), written(path)
    assert len(wanted) > 10
    assert [row[:5] for row in found] == [row[:5] for row in wanted]
    # RecBole rounds times to multiples of 128 s.
    assert all(abs(a - b) <= 64 for row, other in zip(found, wanted) for a, b in zip(row[5], other[5], strict=True))
assert 0 <= best_ndcg <= 1
