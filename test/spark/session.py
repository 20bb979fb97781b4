"""Runs jobs of recsample in one session: session.py JOB.py… with settings NAME=VALUE for the jobs that follow them."""

import runpy
import sys

from pyspark.sql import SparkSession

stop = SparkSession.stop
SparkSession.stop = lambda self: None
for part in sys.argv[1:]:
    name, sign, value = part.partition("=")
    if sign:
        SparkSession.builder.getOrCreate().conf.set(name, value)
    else:
        runpy.run_path(part, run_name="__main__")
stop(SparkSession.builder.getOrCreate())
