"""Runs jobs of recsample in one session, and writes the plans of their statements.

Usage: plans.py PLANS JOB.py…  Each line of PLANS is a JSON object: job, step, optimized and physical plan.
"""

import json
import os
import re
import runpy
import sys

from pyspark.sql import SparkSession

target, jobs = sys.argv[1], sys.argv[2:]
run = SparkSession.sql
job = ""


def step(line):
    """The folder that a statement writes; `result`: that of the output; `counts/…`: for the lock file."""
    counts = re.search(r"_recsample_counts/(\w+)'", line)
    if counts:
        return "counts/" + counts.group(1)
    found = re.search(r"_work/[^']*?([^/']+)'", line)
    return found.group(1) if found else "result"


with open(target, "w", encoding="utf-8") as plans:

    def recorded(self, text, *args, **kwargs):
        """Runs a statement. The plan of an INSERT is opaque, so that of its SELECT is written."""
        lines = [line for line in text.splitlines() if line and not line.startswith("--")]
        if lines[0].startswith("INSERT "):
            execution = run(self, "\n".join(lines[1:]))._jdf.queryExecution()
            plan = {
                "job": os.path.splitext(os.path.basename(job))[0],
                "step": step(lines[0]),
                "optimized": execution.optimizedPlan().toString(),
                "physical": execution.executedPlan().toString(),
            }
            plans.write(json.dumps(plan) + "\n")
        return run(self, text, *args, **kwargs)

    SparkSession.sql = recorded
    stop = SparkSession.stop
    SparkSession.stop = lambda self: None
    for job in jobs:
        runpy.run_path(job, run_name="__main__")
    stop(SparkSession.builder.getOrCreate())
