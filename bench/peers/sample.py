"""Ten negatives for every click by popularity to the power of 0.75, in numpy and polars. Each click gets fourteen attempts. Exposed items and repetitions are dropped, and
the first ten stay. If fourteen attempts do not suffice, the group stays short, and the output says so. log q leaves out the items excluded for the user. Usage: sample.py FOLDER OUT.
"""
import sys

import numpy as np
import polars as pl

ATTEMPTS, NEGATIVES = 14, 10
folder, out = sys.argv[1:3]
log = pl.read_parquet(f"{folder}/impressions.parquet")
corpus = pl.read_parquet(f"{folder}/items.parquet", columns=["item_id"])
positives = log.filter("is_click").drop("is_click").sort("user_id", "ts", "request_id").with_row_index("g")
shown = log.select("user_id", "item_id").unique()
pool = positives.group_by("item_id").len().join(corpus, on="item_id", how="semi").sort("item_id")
weights = pool["len"].to_numpy() ** 0.75
cumulated = np.cumsum(weights)
places = np.searchsorted(cumulated, np.random.default_rng(1).random(len(positives) * ATTEMPTS) * cumulated[-1], side="right")
places = np.minimum(places, len(weights) - 1)
drawn = pl.DataFrame({
    "g": np.repeat(positives["g"].to_numpy(), ATTEMPTS), "user_id": np.repeat(positives["user_id"].to_numpy(), ATTEMPTS),
    "item_id": pool["item_id"].to_numpy()[places], "log_q": np.log(weights / cumulated[-1])[places],
})
kept = (
    drawn.join(shown, on=["user_id", "item_id"], how="anti", maintain_order="left").unique(["g", "item_id"], keep="first", maintain_order=True)
    .with_columns(draw=pl.int_range(pl.len(), dtype=pl.Int32).over("g")).filter(pl.col("draw") < NEGATIVES)
)
rows = pl.concat([
    positives.select("g", "user_id", "item_id", label=pl.lit(1, pl.Int8), source=pl.lit(None, pl.String), draw=pl.lit(None, pl.Int32), log_q=pl.lit(None, pl.Float64)),
    kept.select("g", "user_id", "item_id", label=pl.lit(0, pl.Int8), source=pl.lit("popularity"), draw="draw", log_q="log_q"),
])
context = positives.select("g", positive_item="item_id", request_id="request_id", ts="ts")
rows.join(context, on="g").sort("g", pl.col("label") * -1, "draw").drop("g").write_parquet(out, compression="zstd")
print(len(positives) * NEGATIVES - len(kept), "negatives short")
