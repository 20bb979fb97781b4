"""Runs jobs of recsample in one session: session.py JOB.py…"""

import runpy
import sys

from pyspark.sql import SparkSession

stop = SparkSession.stop
SparkSession.stop = lambda self: None
for job in sys.argv[1:]:
    runpy.run_path(job, run_name="__main__")
stop(SparkSession.builder.getOrCreate())
