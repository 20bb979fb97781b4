"""`python3 main.py [FILE]`: one task a line, from the file or standard input; one answer a line.

A task: {"config", "tables": {"impressions": [{column: value}], …}, "stage", "users": [id] or null, "seed", "epoch", "order"}. Integer ids are JSON integers
of any size. Answers have the shape of `recsample preview --format json`, and `counts` besides. What the config or the data make impossible is answered as {"error"}.
"""

import json
import sys

from sample import sample
from stage import Stage


def answer(task):
    stage = Stage(task["config"], task["tables"], task["stage"], task.get("seed"), task.get("epoch"), task.get("split", "train"))
    result = sample(stage, task["config"], task["tables"], task.get("users"), task.get("order"))
    return {"stage": stage.name, "seed": str(stage.seed), "epoch": stage.epoch, **result}


def main(lines):
    for line in lines:
        if line.strip():
            try:
                result = answer(json.loads(line))
            except ValueError as error:
                result = {"error": str(error)}
            print(json.dumps(result, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with open(sys.argv[1], encoding="utf-8") as file:
            main(file)
    else:
        sys.stdin.reconfigure(encoding="utf-8")
        sys.stdout.reconfigure(encoding="utf-8")
        main(sys.stdin)
