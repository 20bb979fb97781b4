"""The order of the rows of a file, and the ids of groups."""

import rng
from world import id_key

SEPARATOR = "\x1f"


def ordered(stage, drawn, how):
    """All rows in the order `how`: [user, item, label, entry, draw, group id]. `drawn`: pairs of a group and its rows."""
    salts = order_salts(stage)

    def of_group(group):
        return *mixed_words(salts, group), id_key(group.user), group.key.encode()

    def of_row(pair):
        group, row = pair
        entry = -1 if row["draw"] is None else row["draw"]
        return (
            *mixed_words(salts, group, row["item"]), id_key(group.user), group.key.encode(),
            -row["label"], (row["entry"] or "").encode(), entry,
        )

    if how == "shuffled_rows":
        rows = sorted(((group, row) for group, own in drawn for row in own), key=of_row)
    else:
        rows = [(group, row) for group, own in sorted(drawn, key=lambda pair: of_group(pair[0])) for row in own]
    return [
        [str(group.user), row["item"], row["label"], row["entry"], row["draw"], str(group_id(stage, group))]
        for group, row in rows
    ]


def order_salts(stage):
    return rng.salts(stage.seed, stage.epoch, stage.name, "@order")


def mixed_words(salts, group, item=None):
    """The words that order groups; with an item, those that order rows."""
    (k0, k1), (i0, i1) = group.words, (0, 0) if item is None else rng.words(item)
    s0, s1 = salts
    return rng.fmix32(k0 ^ s0 ^ i0), rng.fmix32(k1 ^ s1 ^ i1)


def group_id(stage, group):
    """The two words of the key as one signed integer; of the user and the key for a request."""
    k0, k1 = rng.words(f"{group.user}{SEPARATOR}{group.key}") if stage.unit == "request" else group.words
    value = k0 << 32 | k1
    return value - 2**64 if value >= 2**63 else value
