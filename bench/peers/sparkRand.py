"""What one writes by hand: rand(), an alias table made on the driver, fifteen attempts for ten rows, an anti join.

Not reproducible, without log q, and a group may stay short. Arguments: the folder of the shop, the folder to write.
"""

import csv
import os
import sys
import tempfile

from pyspark.sql import SparkSession

shop, out = sys.argv[1:3]
spark = SparkSession.builder.getOrCreate()
spark.read.parquet(f"{shop}/impressions.parquet").createOrReplaceTempView("impressions")
spark.read.parquet(f"{shop}/items.parquet").createOrReplaceTempView("items")

counts = spark.sql(
    "SELECT item_id, count(*) AS clicks FROM impressions JOIN items USING (item_id) WHERE is_click GROUP BY item_id"
).collect()
weights = [row.clicks**0.75 for row in counts]
scale = len(weights) / sum(weights)
share = [weight * scale for weight in weights]
other = list(range(len(share)))
light = [k for k, value in enumerate(share) if value < 1]
heavy = [k for k, value in enumerate(share) if value >= 1]
while light and heavy:
    small, large = light.pop(), heavy[-1]
    other[small] = large
    share[large] -= 1 - share[small]
    if share[large] < 1:
        light.append(heavy.pop())

with tempfile.TemporaryDirectory() as folder:
    table = os.path.join(folder, "alias.csv")
    with open(table, "w", newline="") as file:
        csv.writer(file).writerows(
            (k, share[k], counts[k].item_id, counts[other[k]].item_id) for k in range(len(counts))
        )
    spark.read.csv(table, schema="place BIGINT, below DOUBLE, item BIGINT, other BIGINT").createOrReplaceTempView("alias")
    spark.sql(
        f"""
        INSERT OVERWRITE DIRECTORY '{out}' USING parquet
        WITH positives AS (
          SELECT monotonically_increasing_id() AS positive, user_id, item_id AS positive_item, ts
          FROM impressions WHERE is_click
        ), attempts AS (
          SELECT p.*, attempt, CAST(floor(rand() * {len(counts)}) AS BIGINT) AS place, rand() AS dice
          FROM positives p LATERAL VIEW explode(sequence(0, 14)) AS attempt
        ), drawn AS (
          SELECT /*+ BROADCAST(a) */ d.positive, d.user_id, d.positive_item, d.ts, d.attempt,
            if(d.dice < a.below, a.item, a.other) AS item_id
          FROM attempts d JOIN alias a ON a.place = d.place
        ), kept AS (
          SELECT d.positive, d.user_id, d.positive_item, d.ts, d.item_id, min(d.attempt) AS attempt
          FROM drawn d
          LEFT ANTI JOIN (SELECT DISTINCT user_id, item_id FROM impressions) seen
            ON seen.user_id = d.user_id AND seen.item_id = d.item_id
          GROUP BY d.positive, d.user_id, d.positive_item, d.ts, d.item_id
        )
        SELECT user_id, positive_item, ts, item_id
        FROM (SELECT *, row_number() OVER (PARTITION BY positive ORDER BY attempt) AS place FROM kept)
        WHERE place <= 10
        """
    )
spark.stop()
