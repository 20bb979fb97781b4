"""Runs jobs of recsample in one session: session.py PART…

A part is a job, JOB.py; a setting of the jobs that follow it, NAME=VALUE, or NAME= for the default of Spark; or a file
PLANS.jsonl, into which the plans of the jobs that follow it are written.
"""

import runpy
import sys

from plans import recorder
from pyspark.sql import SparkSession

stop = SparkSession.stop
SparkSession.stop = lambda self: None


def run(job):
    runpy.run_path(job, run_name="__main__")


for part in sys.argv[1:]:
    name, sign, value = part.partition("=")
    conf = SparkSession.builder.getOrCreate().conf
    if sign and value:
        conf.set(name, value)
    elif sign:
        conf.unset(name)
    elif part.endswith(".jsonl"):
        run = recorder(part)
    else:
        run(part)
stop(SparkSession.builder.getOrCreate())
