"""The newest clicks before each request, as lists in each exposure, by hand in polars or pandas. Usage: sequences.py PEER FOLDER OUT LENGTH (0: no histories).
A click is visible one minute after its time; the time of a request is that of its first exposure. Rows are ordered by user, time, request and position.
"""
import sys

peer, folder, out, length = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
DELAY = 60_000_000
ORDER = ["user_id", "ts", "request_id", "position"]


def with_polars():
    """One ASOF join finds the newest visible click of a request; ranges of clicks are exploded and gathered."""
    import polars as pl

    log = pl.read_parquet(f"{folder}/log.parquet").sort(ORDER)
    rows = log.select("user_id", "item_id", "request_id", "ts", "position", label=pl.col("is_click").cast(pl.Int8))
    if length > 0:
        steps = log.filter("is_click").select("user_id", "item_id", "ts").with_row_index("step")
        steps = steps.with_columns(first=pl.col("step").min().over("user_id")).with_columns(pl.col("step", "first").cast(pl.Int64))
        requests = log.group_by("user_id", "request_id").agg(cut_off=pl.col("ts").min() - pl.duration(microseconds=DELAY)).sort("cut_off")
        requests = requests.join_asof(
            steps.select("user_id", "ts", "step", "first").sort("ts"), left_on="cut_off", right_on="ts", by="user_id", allow_exact_matches=False,
        ).with_columns(end=pl.col("step") + 1)
        ranges = requests.filter(pl.col("end").is_not_null()).select(
            "request_id", step=pl.int_ranges(pl.max_horizontal("first", pl.col("end") - length), "end"),
        ).explode("step")
        lists = ranges.select("request_id", clicks__item_id=steps["item_id"].gather(ranges["step"]), clicks__ts=steps["ts"].gather(ranges["step"]))
        lists = lists.group_by("request_id", maintain_order=True).agg("clicks__item_id", "clicks__ts")
        rows = rows.join(lists, on="request_id", how="left", maintain_order="left").with_columns(pl.col("clicks__item_id", "clicks__ts").fill_null([]))
    rows.write_parquet(out, compression="zstd")


def with_pandas():
    """Each user's clicks as Python lists, by groupby; each request takes a slice."""
    from bisect import bisect_left

    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    log = pd.read_parquet(f"{folder}/log.parquet").sort_values(ORDER)
    log["us"] = log["ts"].astype("datetime64[us]").astype("int64")
    clicks = log[log["is_click"]].groupby("user_id").agg(items=("item_id", list), times=("us", list))
    requests = log.groupby(["user_id", "request_id"], as_index=False)["us"].min().merge(clicks, on="user_id", how="left")
    items, times = [], []
    for us, of_items, of_times in zip(requests["us"], requests["items"], requests["times"]):
        end = bisect_left(of_times, us - DELAY) if isinstance(of_times, list) else 0
        items.append(of_items[max(0, end - length):end] if end > 0 else [])
        times.append(of_times[max(0, end - length):end] if end > 0 else [])
    requests = requests[["request_id"]].assign(clicks__item_id=items, clicks__ts=times)
    rows = log[["user_id", "item_id", "request_id", "ts", "position"]].assign(label=log["is_click"].astype("int8")).merge(requests, on="request_id", how="left")
    schema = pa.schema([
        ("user_id", pa.int64()), ("item_id", pa.int64()), ("request_id", pa.int64()), ("ts", pa.timestamp("us")), ("position", pa.int32()), ("label", pa.int8()),
        ("clicks__item_id", pa.list_(pa.int64())), ("clicks__ts", pa.list_(pa.timestamp("us"))),
    ])
    pq.write_table(pa.Table.from_pandas(rows, schema, preserve_index=False), out, compression="zstd")


{"polars": with_polars, "pandas": with_pandas}[peer]()
