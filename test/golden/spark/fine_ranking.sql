-- generator: recsample 1.2.3
-- stage: fine_ranking
-- seed: demo
-- epoch: 0
-- split: train
-- config_sha256: …
-- plan_sha256: …
-- timezone: UTC
-- output: s3a://samples/fine_ranking
-- work: s3a://samples/_work/fine_ranking-…

-- ----------------------------------------------------------------------
-- Settings
-- ----------------------------------------------------------------------
-- Times without a zone, and days, are in the zone of the config.
SET TIME ZONE 'UTC';

-- Times of the result are readable for every reader.
SET spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS;

-- Texts are read as they are written here.
SET spark.sql.parser.escapedStringLiterals=false;

-- Rows that are distributed by user stay with their user in joins on further columns.
SET spark.sql.requireAllClusterKeysForCoPartition=false;

-- A missing or damaged file ends the job.
SET spark.sql.files.ignoreMissingFiles=false;
SET spark.sql.files.ignoreCorruptFiles=false;

-- ----------------------------------------------------------------------
-- Inputs
-- ----------------------------------------------------------------------
-- data.impressions
CREATE OR REPLACE TEMPORARY VIEW raw_impressions (
  user_id BIGINT,
  item_id BIGINT,
  ts TIMESTAMP_NTZ,
  request_id BIGINT,
  `position` SMALLINT,
  is_viewed BOOLEAN,
  is_click TINYINT,
  device STRING,
  shown_price DECIMAL(9, 2),
  teacher_score DOUBLE
) USING parquet OPTIONS (path 's3a://lake/data/impressions/dt=*/*.parquet', basePath 's3a://lake/data/impressions');

-- data.items
CREATE OR REPLACE TEMPORARY VIEW raw_items (
  item_id BIGINT,
  city STRING,
  status STRING,
  created_at TIMESTAMP_NTZ,
  removed_at TIMESTAMP_NTZ
) USING parquet OPTIONS (path 's3a://lake/data/items.parquet');

-- ----------------------------------------------------------------------
-- Log
-- ----------------------------------------------------------------------
-- Types, times in microseconds, events. docs/sampling.md: Which rows count.
CREATE OR REPLACE TEMPORARY VIEW log_rows AS
SELECT
  CAST(user_id AS BIGINT) AS `user`, CAST(item_id AS BIGINT) AS item, unix_micros(CAST(ts AS TIMESTAMP)) AS t,
  CAST(request_id AS BIGINT) AS request, `position`, coalesce(is_viewed, false) AS viewed,
  coalesce(is_click <> 0L, false) AS event_0,
  CAST(CASE WHEN NOT isnan(teacher_score) THEN teacher_score END AS DOUBLE) AS teacher,
  `position` AS `copy position`, device AS `copy device`, shown_price AS `copy shown_price`
FROM raw_impressions;

-- Valid impressions. positive: the heaviest event that makes a positive:
-- 0 = click (weight 1).
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…/log' USING parquet
SELECT
  *, coalesce('#' || CAST(request AS STRING), '@' || CAST(t AS STRING)) AS request_key,
  CASE WHEN t <= 1795219199999999L THEN CASE WHEN event_0 THEN 0L END END AS positive
FROM log_rows
WHERE (`user` IS NOT NULL)
  AND (item IS NOT NULL)
  AND (t IS NOT NULL);
CREATE OR REPLACE TEMPORARY VIEW log USING parquet OPTIONS (path 's3a://samples/_work/fine_ranking-…/log');

-- ----------------------------------------------------------------------
-- Corpus
-- ----------------------------------------------------------------------
-- Items, the times between which they are eligible, and whether data.items.where lists them.
-- docs/sampling.md: Exclusion and eligibility.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…/corpus' USING parquet
SELECT
  CAST(item_id AS BIGINT) AS item,
  coalesce(unix_micros(CAST(created_at AS TIMESTAMP)), -4611686018427387904L) AS created,
  coalesce(unix_micros(CAST(removed_at AS TIMESTAMP)), 4611686018427387904L) AS removed,
  coalesce(status = 'online', false) AS listed, city AS `copy city`
FROM raw_items
WHERE CAST(item_id AS BIGINT) IS NOT NULL;
CREATE OR REPLACE TEMPORARY VIEW corpus USING parquet OPTIONS (path 's3a://samples/_work/fine_ranking-…/corpus');

-- Two rows with one id are an error: it is unclear which one is right.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…/check_corpus' USING parquet
SELECT CASE WHEN wrong > 0 THEN CAST(raise_error(concat('data.items, column item_id: several rows have the id ', example)) AS BIGINT) ELSE wrong END AS wrong
FROM (
  SELECT
    count(*) AS wrong, min(CAST(item AS STRING)) AS example
  FROM (
    SELECT
      item
    FROM corpus
    GROUP BY item
    HAVING count(*) > 1L
  ) q
) q;

-- ----------------------------------------------------------------------
-- Exposures
-- ----------------------------------------------------------------------
-- Exposures of the split that count as seen and are mature. docs/sampling.md: Groups, impression.
CREATE OR REPLACE TEMPORARY VIEW exposures AS
SELECT
  l.`user`, l.item, l.t, l.request, l.`position`, l.positive, l.teacher, l.`copy position`, l.`copy device`,
  l.`copy shown_price`
FROM log l
WHERE (l.t >= 1793491200000000L)
  AND (l.t <= 1795219199999999L)
  AND ((l.positive IS NOT NULL) OR l.viewed)
  AND ((l.t + 1800000000L) <= 1795219199999999L);

-- The key of an exposure, its two words, and its draw for the salt @downsample.
CREATE OR REPLACE TEMPORARY VIEW exposure_draws AS
SELECT out.`user`, out.item, out.t, out.request, out.`position`, out.positive, out.teacher, out.`copy position`, out.`copy device`, out.`copy shown_price`, out.a, out.b
FROM (
  SELECT
    `user`, item, t, request, `position`, positive, teacher, `copy position`, `copy device`, `copy shown_price`,
    (k0 ^ 1644476024L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
    (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
    (a_3 ^ shiftright(a_3, 13)) AS a_4,
    (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
    (a_5 ^ shiftright(a_5, 16)) AS a, (k1 ^ 1467041324L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
    (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
    (b_3 ^ shiftright(b_3, 13)) AS b_4,
    (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
    (b_5 ^ shiftright(b_5, 16)) AS b
  FROM (
    SELECT
      `user`, item, t, request, `position`, positive, teacher, `copy position`, `copy device`, `copy shown_price`,
      CAST(conv(substr(md5, 1, 8), 16, 10) AS BIGINT) AS k0, CAST(conv(substr(md5, 9, 8), 16, 10) AS BIGINT) AS k1
    FROM (
      SELECT
        `user`, item, t, request, `position`, positive, teacher, `copy position`, `copy device`, `copy shown_price`,
        md5(coalesce(CAST(`user` AS STRING), '') || chr(31) || coalesce(CAST(item AS STRING), '') || chr(31) || coalesce(CAST(t AS STRING), '') || chr(31) || coalesce(CAST(request AS STRING), '') || chr(31) || coalesce(CAST(`position` AS STRING), '')) AS md5
      FROM exposures
    ) q
  ) q
) z
LATERAL VIEW inline(array(struct(z.`user`, z.item, z.t, z.request, z.`position`, z.positive, z.teacher, z.`copy position`, z.`copy device`, z.`copy shown_price`, z.a, z.b))) out AS `user`, item, t, request, `position`, positive, teacher, `copy position`, `copy device`, `copy shown_price`, a, b;

-- downsample: a share of the exposures without a positive event.
CREATE OR REPLACE TEMPORARY VIEW kept_exposures AS
SELECT
  `user`, item, t, request, `position`, positive, teacher, `copy position`, `copy device`, `copy shown_price`
FROM exposure_draws
WHERE (positive IS NOT NULL) OR ((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) < CAST('0.1' AS DOUBLE));

-- ----------------------------------------------------------------------
-- Output
-- ----------------------------------------------------------------------
-- One row for each exposure. docs/sampling.md: Groups, impression.
INSERT OVERWRITE DIRECTORY 's3a://samples/fine_ranking' USING parquet
SELECT
  r.`user` AS user_id, r.item AS item_id,
  CAST(CASE WHEN r.positive IS NULL THEN 0L ELSE 1L END AS TINYINT) AS label,
  CASE WHEN r.positive IS NULL THEN 'exposed_unclicked' ELSE CAST(NULL AS STRING) END AS source,
  CASE WHEN r.positive IS NULL THEN 'exposed_unclicked' ELSE CAST(NULL AS STRING) END AS entry, r.request,
  CAST(timestamp_micros(r.t) AS TIMESTAMP_NTZ) AS `time`, r.`position`,
  coalesce(CASE WHEN r.positive = 0L THEN CAST('1' AS DOUBLE) END, CAST('10' AS DOUBLE)) AS weight, r.teacher,
  c.`copy city` AS city, r.`copy device` AS device, r.`copy shown_price` AS shown_price
FROM (
  SELECT
    `user`, item, t, request, `position`, positive, teacher, `copy position`, `copy device`, `copy shown_price`
  FROM kept_exposures
) r
LEFT JOIN corpus c ON c.item = r.item;
