"""Runs jobs of recsample in one session, and writes the plans of their statements.

Usage: plans.py PLANS JOB.py…  Each line of PLANS is a JSON object: job, step, optimized and physical plan.
"""

import json
import os
import re
import runpy
import sys
import threading

from pyspark.java_gateway import ensure_callback_server_started
from pyspark.sql import SparkSession

target, jobs = sys.argv[1], sys.argv[2:]
run = SparkSession.sql
job = ""
# One statement after another: so each execution belongs to the statement that runs.
alone = threading.Lock()
# Else Spark shortens the texts of plans.
WHOLE = {"spark.sql.debug.maxToStringFields": "10000", "spark.sql.maxPlanStringLength": "2000000000"}


class Executions:
    """Spark calls it with each execution that has ended. That of a command which writes files has the rows' plan."""

    def __init__(self):
        self.writing = []

    def onSuccess(self, name, execution, nanoseconds):
        if execution.analyzed().nodeName().endswith("InsertIntoHadoopFsRelationCommand"):
            self.writing.append(execution)

    def onFailure(self, name, execution, error):
        pass

    class Java:
        implements = ["org.apache.spark.sql.util.QueryExecutionListener"]


def step(line):
    """The folder that a statement writes; `result`: that of the output; `counts`: for the lock file."""
    if "_recsample_counts'" in line:
        return "counts"
    found = re.search(r"_work/[^']*?([^/']+)'", line)
    return found.group(1) if found else "result"


def planned(physical):
    """A plan as it was before its execution, which adds the plans that took its place."""
    lines, inside = [], 0
    for line in physical.splitlines():
        if line.endswith("== Final Plan =="):
            inside += 1
        elif line.endswith("== Initial Plan =="):
            inside -= 1
        elif inside == 0:
            lines.append(line)
    return "\n".join(lines)


spark = SparkSession.builder.getOrCreate()
ensure_callback_server_started(spark.sparkContext._gateway)
executions = Executions()
spark._jsparkSession.listenerManager().register(executions)

with open(target, "w", encoding="utf-8") as plans:

    def recorded(self, text, *args, **kwargs):
        """Runs a statement, and writes the plan with which an INSERT was executed."""
        with alone:
            return record(self, text, *args, **kwargs)

    def record(self, text, *args, **kwargs):
        result = run(self, text, *args, **kwargs)
        self.sparkContext._jsc.sc().listenerBus().waitUntilEmpty()
        writing, executions.writing = executions.writing, []
        first = next(line for line in text.splitlines() if line and not line.startswith("--"))
        if not first.startswith("INSERT "):
            return result
        (execution,) = writing
        for name, value in WHOLE.items():
            self.conf.set(name, value)
        plan = {
            "job": os.path.splitext(os.path.basename(job))[0],
            "step": step(first),
            "optimized": execution.optimizedPlan().toString(),
            "physical": planned(execution.executedPlan().toString()),
        }
        for name in WHOLE:
            self.conf.unset(name)
        plans.write(json.dumps(plan) + "\n")
        return result

    SparkSession.sql = recorded
    stop = SparkSession.stop
    SparkSession.stop = lambda self: None
    for job in jobs:
        runpy.run_path(job, run_name="__main__")
    stop(spark)
