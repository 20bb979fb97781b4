examples = list(csv.DictReader(open("out/hstu.csv", newline="", encoding="utf-8")))
numbers = lambda text: [int(number) for number in text.split(",")]
ids = [numbers(row["sequence_item_ids"]) for row in examples]
assert sorted((tuple(steps), target) for *steps, target in ids) == of_samples
for row, steps in zip(examples, ids):
    times = numbers(row["sequence_timestamps"])
    assert len(times) == len(steps) == len(numbers(row["sequence_ratings"]))
    # The delay of the sequence is a minute, so every step is older than its target.
    assert times == sorted(times) and times[-2] <= times[-1] - 60
