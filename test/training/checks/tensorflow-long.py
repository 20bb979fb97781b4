data = list(samples("out/pointwise.parquet", 256))
assert len(data) > 1, "one batch shows nothing"
assert read(list(zip(*(tf.concat([batch[name] for batch in data], 0).numpy().tolist() for name in ("user_id", "item_id", "label"))))) == rows_of("out/recall.csv")


def epoch():
    total = 0.0
    for batch in data:
        total += float(step(lambda: tf.reduce_mean(batch["weight"] * tf.nn.sigmoid_cross_entropy_with_logits(
            batch["label"], tf.reduce_sum(tf.gather(users, batch["user_id"] % buckets) * tf.gather(items, batch["item_id"] % buckets), -1)))))
    return total


first = epoch()
for _ in range(5):
    last = epoch()
assert last < first, (first, last)
