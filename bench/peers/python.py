"""pyarrow, polars and pandas on the same folder. Usage: python.py PEER TASK FOLDER. Prints one JSON per line."""
import json
import resource
import sys
import time

PAGE = 200
PROFILED = ["user_id", "item_id", "ts", "position", "is_click", "play_time"]
peer, task, folder = sys.argv[1:4]


def say(**fields):
    print(json.dumps(fields), flush=True)


def positions(rows, count):
    return [int(((k * 0.6180339887498949 + 0.137) % 1) * max(0, rows - PAGE)) for k in range(count)]


def timed(call):
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def polars_tasks():
    import polars as pl

    lazy = pl.scan_parquet(folder + "/*/*.parquet", hive_partitioning=True)
    clicks = (pl.col("is_click") == 1) & (pl.col("position") >= 3)

    def rows():
        return lazy.select(pl.len()).collect().item()

    def profile():
        whole = pl.col(PROFILED)
        numbers = pl.col([name for name in PROFILED if name != "ts"])
        lazy.select(
            whole.null_count().name.suffix(".nulls"), whole.min().name.suffix(".min"), whole.max().name.suffix(".max"),
            whole.approx_n_unique().name.suffix(".distinct"), numbers.mean().name.suffix(".mean"), numbers.cast(pl.Float64).std().name.suffix(".sd"),
        ).collect()

    return {
        "first": lambda: (lazy.head(PAGE).collect(), say(event="ready"), [])[2],
        "anywhere": lambda: [timed(lambda: lazy.slice(at, PAGE).collect()) for at in positions(rows(), 20)],
        "sort": lambda: [timed(lambda: lazy.sort("ts", descending=True).head(PAGE).collect()) for _ in range(2)],
        "filter": lambda: [timed(lambda: lazy.filter(clicks).head(PAGE).collect())],
        "filter-count": lambda: [timed(lambda: (lazy.filter(clicks).select(pl.len()).collect(), lazy.filter(clicks).head(PAGE).collect()))],
        "profile-base": lambda: [timed(profile)],
        "profile-full": lambda: [timed(lambda: lazy.select(PROFILED).collect().describe())],
    }


def pyarrow_tasks():
    import pyarrow.dataset as ds

    data = ds.dataset(folder, format="parquet", partitioning="hive")
    clicks = (ds.field("is_click") == 1) & (ds.field("position") >= 3)

    def page(at):
        """Rows starting at `at`, from the row groups that contain them. The last page of a row group needs the next group too."""
        wanted, parts = PAGE, []
        for fragment in data.get_fragments():
            if at >= fragment.metadata.num_rows:
                at -= fragment.metadata.num_rows
                continue
            for group in fragment.split_by_row_group():
                rows = group.row_groups[0].num_rows
                if at >= rows:
                    at -= rows
                    continue
                parts.append(group.to_table().slice(at, wanted))
                wanted -= parts[-1].num_rows
                if wanted == 0:
                    return parts
                at = 0
        return parts

    return {
        "first": lambda: (data.head(PAGE), say(event="ready"), [])[2],
        "anywhere": lambda: [timed(lambda: page(at)) for at in positions(data.count_rows(), 20)],
        "filter": lambda: [timed(lambda: data.head(PAGE, filter=clicks))],
        "filter-count": lambda: [timed(lambda: (data.count_rows(filter=clicks), data.head(PAGE, filter=clicks)))],
    }


def pandas_tasks():
    import pandas as pd

    return {
        "first": lambda: (pd.read_parquet(folder).head(PAGE), say(event="ready"), [])[2],
        "profile-full": lambda: [timed(lambda: pd.read_parquet(folder, columns=PROFILED).describe(include="all"))],
    }


NOTES = {
    ("polars", "profile-full"): "describe: quartiles; no distinct counts, top values, histograms",
    ("pandas", "profile-full"): "describe: quartiles; no distinct counts, top values, histograms",
    ("polars", "anywhere"): "slice of a lazy scan",
}
work = {"polars": polars_tasks, "pyarrow": pyarrow_tasks, "pandas": pandas_tasks}[peer]().get(task)
if work:
    note = NOTES.get((peer, task))
    say(event="done", ms=work(), **({"note": note} if note else {}), peakMb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
