"""Writes the plans of the statements of jobs."""

import json
import os
import re

from pyspark.java_gateway import ensure_callback_server_started
from pyspark.sql import DataFrameWriter, SparkSession

# Else Spark shortens the texts of plans.
WHOLE = {"spark.sql.debug.maxToStringFields": "10000", "spark.sql.maxPlanStringLength": "2000000000"}


class Executions:
    """
    Spark calls it with each execution that has ended. Those that collect rows have their plan, and so have those of a
    command which writes files.
    """

    def __init__(self):
        self.ended = []

    def onSuccess(self, name, execution, nanoseconds):
        writes = execution.analyzed().nodeName().endswith("InsertIntoHadoopFsRelationCommand")
        if writes or name.startswith("collect"):
            self.ended.append((name, execution))

    def onFailure(self, name, execution, error):
        pass

    class Java:
        implements = ["org.apache.spark.sql.util.QueryExecutionListener"]


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


def recorder(target):
    """
    Writes the plans of all later statements of this process into a new file: a JSON object in each line, with the job,
    the step, and the optimized and the physical plan. Returns the function that runs a job.
    """
    job, last = "", None
    spark = SparkSession.builder.getOrCreate()
    ensure_callback_server_started(spark.sparkContext._gateway)
    executions = Executions()
    spark._jsparkSession.listenerManager().register(executions)
    with open(target, "w", encoding="utf-8"):
        pass

    def recorded(run, computes=lambda *args: True):
        """Writes the plan with which a thing computed its rows, and before it that of rows which the driver kept."""

        def then_recorded(self, *args, **kwargs):
            nonlocal last
            for name, execution in taken():
                # Of rows that the driver keeps.
                if name == "collectAsList":
                    record(last, execution)
            result = run(self, *args, **kwargs)
            last = spark.sparkContext.getLocalProperty("spark.job.description")
            if computes(*args):
                ((_, execution),) = taken()
                record(last, execution)
            return result

        return then_recorded

    def taken():
        # In milliseconds. By default, it would fail after ten seconds.
        spark.sparkContext._jsc.sc().listenerBus().waitUntilEmpty(600_000)
        ended, executions.ended = executions.ended, []
        return ended

    def record(step, execution):
        for name, value in WHOLE.items():
            spark.conf.set(name, value)
        plan = {
            "job": os.path.splitext(os.path.basename(job))[0],
            "step": step,
            "optimized": execution.optimizedPlan().toString(),
            "physical": planned(execution.executedPlan().toString()),
        }
        for name in WHOLE:
            spark.conf.unset(name)
        with open(target, "a", encoding="utf-8") as plans:
            plans.write(json.dumps(plan) + "\n")

    def inserts(text):
        return any(line.startswith("INSERT ") for line in text.splitlines())

    def run(path):
        nonlocal job
        job = path
        # One step after another: so each execution belongs to the step that runs.
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"^AT_ONCE = .*", "AT_ONCE = 1", file.read(), flags=re.MULTILINE)
        exec(compile(text, path, "exec"), {"__name__": "__main__"})

    taken()
    SparkSession.sql = recorded(SparkSession.sql, inserts)
    DataFrameWriter.parquet = recorded(DataFrameWriter.parquet)
    # Since Spark 4, a frame is of a class below `pyspark.sql.DataFrame`, with its own `collect`.
    frames = type(spark.range(0))
    frames.collect = recorded(frames.collect)
    return run
