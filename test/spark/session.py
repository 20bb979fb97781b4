"""Runs jobs of recsample in one session: session.py PART…

A part is a job, JOB.py; a setting of the jobs that follow it, NAME=VALUE, or NAME= for the default of Spark; or a file
PLANS.jsonl, into which the plans of the jobs that follow it are written.
"""

import runpy
import sys

from plans import recorder
from pyspark.sql import SparkSession

# Hadoop starts chmod for each file and folder that it creates. Their permissions are right without it.
NO_CHMOD = """
public class NoChmod extends org.apache.hadoop.fs.RawLocalFileSystem {
    public void setPermission(
        org.apache.hadoop.fs.Path path, org.apache.hadoop.fs.permission.FsPermission permission) {}
}
"""


def create_files_without_chmod(spark):
    """Hadoop keeps a file system that was opened, and all parts of this process get it."""
    compiler = spark._jvm.org.codehaus.janino.SimpleCompiler()
    compiler.cook(NO_CHMOD)
    settings = spark._jvm.org.apache.hadoop.conf.Configuration(spark._jsc.hadoopConfiguration())
    settings.setClassLoader(compiler.getClassLoader())
    settings.set("fs.file.impl", "NoChmod")
    files = spark._jvm.org.apache.hadoop.fs.FileSystem
    files.closeAll()
    files.get(settings)
    kept = files.get(spark._jsc.hadoopConfiguration()).getClass().getName()
    if kept != "NoChmod":
        raise RuntimeError(f"Hadoop kept a file system of {kept}")


create_files_without_chmod(SparkSession.builder.getOrCreate())
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
