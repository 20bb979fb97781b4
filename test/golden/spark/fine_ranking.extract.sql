-- generator: recsample 1.2.3
-- stage: fine_ranking
-- seed: demo
-- epoch: 0
-- split: train
-- config_sha256: …
-- plan_sha256: …
-- users: ["7203685477500000123","42"]
-- timezone: UTC
-- output: s3a://samples/fine_ranking.extract
-- work: s3a://samples/_work/fine_ranking-…-extract
--
-- 1. Settings (12)
-- 2. Extract (1)
-- 3. Inputs (8)
-- 4. Log (3)
-- 5. Corpus (3)
-- 6. Rows of the users (4)
-- 7. Manifest (1)
--
-- In parentheses: statements. What is costly and read several times is written to the work folder. Others are views.
-- user, part, k0, k1: the key of a group. The groups of a user and part are drawn by one task.
-- t, created, removed, last: microseconds since 1970 in UTC. quota_0, entry_0_…: of the first entry of the mix.
-- a, b: the two words of a draw. a_1, a_2, …: the steps of their hash, written out in 64-bit integers.

-- ----------------------------------------------------------------------
-- 1. Settings
-- ----------------------------------------------------------------------
-- Nothing in a name or a text is a variable.
SET spark.sql.variable.substitute=false;

-- Times without a zone, and days, are in the zone of the config.
SET TIME ZONE 'UTC';

-- Times of the result are readable for every reader.
SET spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS;

-- Texts are read as they are written here.
SET spark.sql.parser.escapedStringLiterals=false;

-- Rows that are distributed by user stay with their user in joins on further columns.
SET spark.sql.requireAllClusterKeysForCoPartition=false;

-- Tables whose parts are small are joined without sorting the rows.
SET spark.sql.adaptive.maxShuffledHashJoinLocalMapThreshold=64m;

-- A view is analyzed when it is created, and not again by each statement that reads it.
SET spark.sql.legacy.storeAnalyzedPlanForView=true;

-- No two groups have the same words, so files of Parquet need no dictionary of them.
SET `parquet.enable.dictionary#k0`=false;
SET `parquet.enable.dictionary#k1`=false;

-- A missing or damaged file ends the job.
SET spark.sql.files.ignoreMissingFiles=false;
SET spark.sql.files.ignoreCorruptFiles=false;

-- Columns with nanoseconds that the job does not read do not end it.
SET spark.sql.legacy.parquet.nanosAsLong=true;

-- ----------------------------------------------------------------------
-- 2. Extract
-- ----------------------------------------------------------------------
-- Until all rows are written, the folder is not complete.
INSERT OVERWRITE DIRECTORY 's3a://samples/fine_ranking.extract/manifest' USING json
SELECT
  '' AS kind, '' AS name, '' AS value
FROM (
  SELECT
    1L AS one
) q
WHERE false;

-- ----------------------------------------------------------------------
-- 3. Inputs
-- ----------------------------------------------------------------------
-- Every input must have files.
CREATE OR REPLACE TEMPORARY VIEW raw_impressions_files USING binaryFile OPTIONS (path 's3a://lake/data/impressions/dt=*/*.parquet', basePath 's3a://lake/data/impressions');
CREATE OR REPLACE TEMPORARY VIEW raw_items_files USING binaryFile OPTIONS (path 's3a://lake/data/items.parquet');
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…-extract/input_files' USING parquet
SELECT coalesce(found, CAST(raise_error('data.impressions, s3a://lake/data/impressions/dt=*/*.parquet: there are no files') AS INT)) AS found
FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM raw_impressions_files LIMIT 1) f) q
UNION ALL
SELECT coalesce(found, CAST(raise_error('data.items, s3a://lake/data/items.parquet: there are no files') AS INT)) AS found
FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM raw_items_files LIMIT 1) f) q;

-- Columns that are missing would be read as NULL.
CREATE OR REPLACE TEMPORARY VIEW raw_impressions_columns USING parquet OPTIONS (path 's3a://lake/data/impressions/dt=*/*.parquet', basePath 's3a://lake/data/impressions', mergeSchema 'true', ignoreCorruptFiles 'true');
CREATE OR REPLACE TEMPORARY VIEW raw_items_columns USING parquet OPTIONS (path 's3a://lake/data/items.parquet', mergeSchema 'true', ignoreCorruptFiles 'true');
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…-extract/input_columns' USING parquet
SELECT CASE WHEN missing <> '' THEN CAST(raise_error(concat('data.impressions, s3a://lake/data/impressions/dt=*/*.parquet: the job was written for columns that are missing there: ', missing)) AS STRING) ELSE missing END AS missing
FROM (
  SELECT concat_ws(', ',
    CASE WHEN NOT array_contains(names, lower('user_id')) THEN 'user_id' END,
    CASE WHEN NOT array_contains(names, lower('item_id')) THEN 'item_id' END,
    CASE WHEN NOT array_contains(names, lower('ts')) THEN 'ts' END,
    CASE WHEN NOT array_contains(names, lower('request_id')) THEN 'request_id' END,
    CASE WHEN NOT array_contains(names, lower('position')) THEN 'position' END,
    CASE WHEN NOT array_contains(names, lower('is_viewed')) THEN 'is_viewed' END,
    CASE WHEN NOT array_contains(names, lower('is_click')) THEN 'is_click' END,
    CASE WHEN NOT array_contains(names, lower('device')) THEN 'device' END,
    CASE WHEN NOT array_contains(names, lower('shown_price')) THEN 'shown_price' END,
    CASE WHEN NOT array_contains(names, lower('teacher_score')) THEN 'teacher_score' END
  ) AS missing
  FROM (
    SELECT json_object_keys(lower(to_json(struct(r.*), map('ignoreNullFields', 'false')))) AS names
    FROM (SELECT 1 AS one) o
    LEFT JOIN (SELECT * FROM raw_impressions_columns WHERE false) r ON true
  ) n
) q
UNION ALL
SELECT CASE WHEN missing <> '' THEN CAST(raise_error(concat('data.items, s3a://lake/data/items.parquet: the job was written for columns that are missing there: ', missing)) AS STRING) ELSE missing END AS missing
FROM (
  SELECT concat_ws(', ',
    CASE WHEN NOT array_contains(names, lower('item_id')) THEN 'item_id' END,
    CASE WHEN NOT array_contains(names, lower('city')) THEN 'city' END,
    CASE WHEN NOT array_contains(names, lower('category')) THEN 'category' END,
    CASE WHEN NOT array_contains(names, lower('status')) THEN 'status' END,
    CASE WHEN NOT array_contains(names, lower('created_at')) THEN 'created_at' END,
    CASE WHEN NOT array_contains(names, lower('removed_at')) THEN 'removed_at' END
  ) AS missing
  FROM (
    SELECT json_object_keys(lower(to_json(struct(r.*), map('ignoreNullFields', 'false')))) AS names
    FROM (SELECT 1 AS one) o
    LEFT JOIN (SELECT * FROM raw_items_columns WHERE false) r ON true
  ) n
) q;

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
  category STRING,
  status STRING,
  created_at TIMESTAMP_NTZ,
  removed_at TIMESTAMP_NTZ
) USING parquet OPTIONS (path 's3a://lake/data/items.parquet');

-- ----------------------------------------------------------------------
-- 4. Log
-- ----------------------------------------------------------------------
-- Types, times in microseconds, events. docs/sampling.md: Which rows count.
CREATE OR REPLACE TEMPORARY VIEW log_rows AS
SELECT
  CAST(user_id AS BIGINT) AS `user`, CAST(item_id AS BIGINT) AS item, unix_micros(CAST(ts AS TIMESTAMP)) AS t,
  CAST(request_id AS BIGINT) AS request, `position`, coalesce(is_viewed, false) AS viewed,
  coalesce(is_click <> 0L, false) AS event_0, coalesce((is_click <> 0L) IS NULL, false) AS event_1,
  CAST(CASE WHEN NOT isnan(teacher_score) THEN teacher_score END AS DOUBLE) AS teacher,
  `position` AS `copy position`, device AS `copy device`, shown_price AS `copy shown_price`
FROM raw_impressions;

-- Valid impressions. positive: the heaviest event that makes a positive:
-- 0 = click (weight 1).
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…-extract/log' USING parquet
SELECT
  *, coalesce('#' || CAST(request AS STRING), '@' || CAST(t AS STRING)) AS request_key,
  CASE WHEN t <= 1795219199999999L THEN CASE WHEN event_0 THEN 0L END END AS positive, event_1 AS `unknown`
FROM log_rows
WHERE (`user` IS NOT NULL)
  AND (item IS NOT NULL)
  AND (t IS NOT NULL);
CREATE OR REPLACE TEMPORARY VIEW log USING parquet OPTIONS (path 's3a://samples/_work/fine_ranking-…-extract/log');

-- ----------------------------------------------------------------------
-- 5. Corpus
-- ----------------------------------------------------------------------
-- Items, the times between which they are eligible, and whether data.items.where lists them.
-- docs/sampling.md: Exclusion and eligibility.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…-extract/corpus' USING parquet
SELECT
  CAST(item_id AS BIGINT) AS item,
  coalesce(unix_micros(CAST(created_at AS TIMESTAMP)), -4611686018427387904L) AS created,
  coalesce(unix_micros(CAST(removed_at AS TIMESTAMP)), 4611686018427387904L) AS removed,
  coalesce(status = 'online', false) AS listed, city AS `copy city`
FROM raw_items
WHERE CAST(item_id AS BIGINT) IS NOT NULL;
CREATE OR REPLACE TEMPORARY VIEW corpus USING parquet OPTIONS (path 's3a://samples/_work/fine_ranking-…-extract/corpus');

-- Two rows with one id are an error: it is unclear which one is right.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…-extract/check_corpus' USING parquet
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
-- 6. Rows of the users
-- ----------------------------------------------------------------------
-- The impressions of the users.
INSERT OVERWRITE DIRECTORY 's3a://samples/fine_ranking.extract/impressions' USING parquet
SELECT
  user_id, item_id, ts, request_id, `position`, is_viewed, device, shown_price, is_click, teacher_score
FROM raw_impressions
WHERE CAST(user_id AS BIGINT) IN (7203685477500000123L, 42L);
CREATE OR REPLACE TEMPORARY VIEW extract_impressions USING parquet OPTIONS (path 's3a://samples/fine_ranking.extract/impressions');

-- data.items: the items of the pools and of the rows above.
INSERT OVERWRITE DIRECTORY 's3a://samples/fine_ranking.extract/items' USING parquet
SELECT
  r.item_id, r.created_at, r.removed_at, r.city, r.category, r.status
FROM (
  SELECT
    item_id, created_at, removed_at, city, category, status, CAST(item_id AS BIGINT) AS `recsample item`
  FROM raw_items
) r
SEMI JOIN (
  SELECT
    item AS `recsample item`
  FROM (
    SELECT
      CAST(item_id AS BIGINT) AS item
    FROM extract_impressions
  ) q
) w ON w.`recsample item` = r.`recsample item`;
CREATE OR REPLACE TEMPORARY VIEW extract_items USING parquet OPTIONS (path 's3a://samples/fine_ranking.extract/items');

-- ----------------------------------------------------------------------
-- 7. Manifest
-- ----------------------------------------------------------------------
-- Written last: a folder without it is not complete.
INSERT OVERWRITE DIRECTORY 's3a://samples/fine_ranking.extract/manifest' USING json
SELECT * FROM (VALUES
  ('extract', 'version', '1'),
  ('run', 'generator', 'recsample 1.2.3'),
  ('run', 'config_sha256', '…'),
  ('same', 'stage', 'fine_ranking'),
  ('same', 'split', 'train'),
  ('same', 'unit', 'impression'),
  ('same', 'timezone', 'UTC'),
  ('same', 'window', '…'),
  ('same', 'events', '…'),
  ('same', 'data.impressions', '…'),
  ('same', 'data.items', '…'),
  ('same', 'positives', '…'),
  ('same', 'training', '…'),
  ('same', 'output.pass_through', '…'),
  ('same', 'negatives', '…'),
  ('user', '7203685477500000123', ''),
  ('user', '42', ''),
  ('dataset', 'impressions', 'impressions'),
  ('dataset', 'items', 'items')
) AS v (kind, name, value)
UNION ALL
SELECT
  'time' AS kind, 'newest' AS name, CAST((SELECT max(t) AS newest FROM log) AS STRING) AS value
UNION ALL
SELECT
  'time' AS kind, 'known_until' AS name, CAST(1795219199999999L AS STRING) AS value
UNION ALL
SELECT
  'rows' AS kind, 'impressions' AS name,
  CAST((SELECT count(*) AS `rows` FROM extract_impressions) AS STRING) AS value
UNION ALL
SELECT
  'rows' AS kind, 'items' AS name, CAST((SELECT count(*) AS `rows` FROM extract_items) AS STRING) AS value;
