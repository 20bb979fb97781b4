"""Golden vectors: `python3 selftest.py VECTORS.json`. Prints the number of compared vectors; exits with 1 at the first difference."""

import json
import sys

import alias
import quota
import rng


def cases(v):
    for c in v["fmix32"]:
        yield c, rng.fmix32(c["in"]), c["out"]
    for c in v["words"] + v["item_words"]:
        yield c, rng.words(c["text"]), (c["k0"], c["k1"])
    for c in v["salts"]:
        yield c, rng.salts(c["seed"], c["epoch"], c["stage"], c["entry"]), (c["s0"], c["s1"])
    d = v["draws"]
    key, salts = rng.words(d["key"]), rng.salts(d["seed"], d["epoch"], d["stage"], d["entry"])
    for place, k in enumerate(d["k"]):
        a, b = rng.draw(key, salts, k)
        yield d, (a, b, rng.uniform(a, b)), (d["a"][place], d["b"][place], d["u"][place])
    for c in v["weights"]:
        yield c, (alias.sixteenths(c["exponent"]), alias.weight(c["x"], c["exponent"])), (c["n65536"], c["weight"])
    for c in v["alias"]:
        yield c, alias.alias_table(c["weights"]), (c["L"], c["threshold"], c["alias"])
    for c in v["quota"]:
        yield c, quota.quotas(quota.bounds(c["N"], c["shares"]), c["v"]), c["quota"]


def main(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    compared = 0
    for case, ours, expected in cases(vectors):
        if ours != expected:
            print(f"differs: {json.dumps(case, ensure_ascii=False)}\n  here: {ours}")
            return 1
        compared += 1
    print(f"{compared} vectors hold")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
