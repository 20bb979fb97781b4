"""The newest clicks before each request, as lists in each exposure, by hand in polars or pandas. Usage: sequences.py PEER FOLDER OUT LENGTH LAYOUT.
A click is visible one minute after its time; the time of a request is that of its first exposure. Rows are ordered by user, time, request and position.
The layouts request and user have lists of exposures in one row for each request or user; user has all clicks of its histories once, and the slice of each exposure.
"""
import sys

peer, folder, out, length, layout = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
DELAY = 60_000_000
ORDER = ["user_id", "ts", "request_id", "position"]


def with_polars():
    """One ASOF join finds the newest visible click of a request; ranges of clicks are exploded and gathered."""
    import polars as pl

    log = pl.read_parquet(f"{folder}/log.parquet").sort(ORDER)
    rows = log.select("user_id", "item_id", "request_id", "ts", "position", label=pl.col("is_click").cast(pl.Int8))
    steps = log.filter("is_click").select("user_id", "item_id", "ts").with_row_index("step")
    steps = steps.with_columns(first=pl.col("step").min().over("user_id")).with_columns(pl.col("step", "first").cast(pl.Int64))
    requests = log.group_by("user_id", "request_id").agg(cut_off=pl.col("ts").min() - pl.duration(microseconds=DELAY)).sort("cut_off")
    requests = requests.join_asof(
        steps.select("user_id", "ts", "step", "first").sort("ts"), left_on="cut_off", right_on="ts", by="user_id", allow_exact_matches=False,
    ).filter(pl.col("step").is_not_null()).select("user_id", "request_id", end=pl.col("step") + 1, begin=pl.max_horizontal("first", pl.col("step") + 1 - length))

    def gathered(ranges, key):
        """The clicks of one range for each key, as lists."""
        ranges = ranges.select(key, step=pl.int_ranges("begin", "end")).explode("step")
        lists = ranges.select(key, clicks__item_id=steps["item_id"].gather(ranges["step"]), clicks__ts=steps["ts"].gather(ranges["step"]))
        return lists.group_by(key, maintain_order=True).agg("clicks__item_id", "clicks__ts")

    if layout == "user":
        users = requests.group_by("user_id").agg(pl.col("begin").min(), pl.col("end").max())
        bounds = requests.join(users.select("user_id", base="begin"), on="user_id").select("request_id", clicks__from=pl.col("begin") - pl.col("base"), clicks__to=pl.col("end") - pl.col("base"))
        rows = rows.join(bounds, on="request_id", how="left", maintain_order="left").with_columns(pl.col("clicks__from", "clicks__to").fill_null(0).cast(pl.Int32))
        rows = rows.group_by("user_id", maintain_order=True).agg(pl.exclude("user_id"))
        rows = rows.join(gathered(users, "user_id"), on="user_id", how="left", maintain_order="left")
    else:
        if layout == "request":
            rows = rows.group_by("user_id", "request_id", maintain_order=True).agg(pl.exclude("user_id", "request_id"))
        rows = rows.join(gathered(requests, "request_id"), on="request_id", how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("clicks__item_id", "clicks__ts").fill_null([]))
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
    items, times, begins, ends = [], [], [], []
    for us, of_items, of_times in zip(requests["us"], requests["items"], requests["times"]):
        end = bisect_left(of_times, us - DELAY) if isinstance(of_times, list) else 0
        begin = max(0, end - length)
        begins.append(begin)
        ends.append(end)
        items.append(of_items[begin:end] if end > 0 else [])
        times.append(of_times[begin:end] if end > 0 else [])
    rows = log[["user_id", "item_id", "request_id", "ts", "position"]].assign(label=log["is_click"].astype("int8"))
    fields = [("user_id", pa.int64()), ("item_id", pa.int64()), ("request_id", pa.int64()), ("ts", pa.timestamp("us")), ("position", pa.int32()), ("label", pa.int8())]
    shared = {"long": [], "request": ["user_id", "request_id"], "user": ["user_id"]}[layout]
    if layout == "user":
        # All clicks of a user, from the first that a history has: histories are slices of them.
        requests = requests.assign(begin=begins, end=ends)
        seen = requests[requests["end"] > 0].groupby("user_id").agg(base=("begin", "min"), last=("end", "max"))
        slices = requests.merge(seen, on="user_id", how="left")
        known = slices["end"] > 0
        slices = slices[["request_id"]].assign(clicks__from=(slices["begin"] - slices["base"]).where(known, 0), clicks__to=(slices["end"] - slices["base"]).where(known, 0)).astype({"clicks__from": "int32", "clicks__to": "int32"})
        rows = rows.merge(slices, on="request_id", how="left")
        fields += [("clicks__from", pa.int32()), ("clicks__to", pa.int32())]
        clicks = clicks.join(seen, how="inner").astype({"base": "int64", "last": "int64"})
        histories = pd.DataFrame({
            "user_id": clicks.index,
            "clicks__item_id": [of[base:last] for of, base, last in zip(clicks["items"], clicks["base"], clicks["last"])],
            "clicks__ts": [of[base:last] for of, base, last in zip(clicks["times"], clicks["base"], clicks["last"])],
        })
    else:
        histories = requests[["request_id"]].assign(clicks__item_id=items, clicks__ts=times)
    if shared:
        own = [name for name, _ in fields if name not in shared]
        rows["ts"] = rows["ts"].astype("datetime64[us]").astype("int64")
        rows = rows.groupby(shared, sort=False)[own].agg(list).reset_index()
        fields = [(name, kind if name in shared else pa.list_(kind)) for name, kind in fields]
    rows = rows.merge(histories, on="user_id" if layout == "user" else "request_id", how="left")
    if layout == "user":
        for name in ("clicks__item_id", "clicks__ts"):
            rows[name] = [of if isinstance(of, list) else [] for of in rows[name]]
    schema = pa.schema([*fields, ("clicks__item_id", pa.list_(pa.int64())), ("clicks__ts", pa.list_(pa.timestamp("us")))])
    pq.write_table(pa.Table.from_pandas(rows, schema, preserve_index=False), out, compression="zstd")


{"polars": with_polars, "pandas": with_pandas}[peer]()
