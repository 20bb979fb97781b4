-- generator: recsample 1.2.3
-- stage: fine_ranking
-- seed: demo
-- epoch: 0
-- split: train
-- config_sha256: …
-- plan_sha256: …
-- timezone: UTC
-- window: 2026-11-01T00:00:00.000000Z (1793491200000000) to 2026-11-20T23:59:59.999999Z (1795219199999999)
-- output: s3a://samples/fine_ranking
-- work: s3a://samples/_work/fine_ranking-…
--
-- 1. Settings (12)
-- 2. Inputs (8)
-- 3. Log (3)
-- 4. Corpus (3)
-- 5. Exposures (3)
-- 6. Output (2)
-- 7. Counts for the lock file (4)
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
-- 2. Inputs
-- ----------------------------------------------------------------------
-- Every input must have files.
CREATE OR REPLACE TEMPORARY VIEW raw_impressions_files USING binaryFile OPTIONS (path 's3a://lake/data/impressions/dt=*/*.parquet', basePath 's3a://lake/data/impressions');
CREATE OR REPLACE TEMPORARY VIEW raw_items_files USING binaryFile OPTIONS (path 's3a://lake/data/items.parquet');
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…/input_files' USING parquet
SELECT coalesce(found, CAST(raise_error('data.impressions, s3a://lake/data/impressions/dt=*/*.parquet: there are no files') AS INT)) AS found
FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM raw_impressions_files LIMIT 1) f) q
UNION ALL
SELECT coalesce(found, CAST(raise_error('data.items, s3a://lake/data/items.parquet: there are no files') AS INT)) AS found
FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM raw_items_files LIMIT 1) f) q;

-- Columns that are missing would be read as NULL.
CREATE OR REPLACE TEMPORARY VIEW raw_impressions_columns USING parquet OPTIONS (path 's3a://lake/data/impressions/dt=*/*.parquet', basePath 's3a://lake/data/impressions', mergeSchema 'true', ignoreCorruptFiles 'true');
CREATE OR REPLACE TEMPORARY VIEW raw_items_columns USING parquet OPTIONS (path 's3a://lake/data/items.parquet', mergeSchema 'true', ignoreCorruptFiles 'true');
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…/input_columns' USING parquet
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
  status STRING,
  created_at TIMESTAMP_NTZ,
  removed_at TIMESTAMP_NTZ
) USING parquet OPTIONS (path 's3a://lake/data/items.parquet');

-- ----------------------------------------------------------------------
-- 3. Log
-- ----------------------------------------------------------------------
-- Types, times in microseconds, events. docs/sampling.md: Which rows count.
CREATE OR REPLACE TEMPORARY VIEW log_rows AS
SELECT
  CAST(user_id AS BIGINT) AS `user`, CAST(item_id AS BIGINT) AS item, unix_micros(CAST(ts AS TIMESTAMP)) AS t,
  CAST(request_id AS BIGINT) AS request, `position`, coalesce(is_viewed, false) AS viewed,
  coalesce(is_click <> 0L, false) AS event_0, coalesce((is_click <> 0L) IS NULL, false) AS event_1,
  CAST(CASE WHEN NOT isnan(teacher_score) THEN teacher_score END AS DOUBLE) AS teacher, device AS `copy device`,
  shown_price AS `copy shown_price`
FROM raw_impressions;

-- Valid impressions. positive: the heaviest event that makes a positive:
-- 0 = click (weight 1).
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…/log' USING parquet
SELECT
  *, CASE WHEN t <= 1795219199999999L THEN CASE WHEN event_0 THEN 0L END END AS positive, event_1 AS `unknown`
FROM log_rows
WHERE (`user` IS NOT NULL)
  AND (item IS NOT NULL)
  AND (t IS NOT NULL);
CREATE OR REPLACE TEMPORARY VIEW log USING parquet OPTIONS (path 's3a://samples/_work/fine_ranking-…/log');

-- ----------------------------------------------------------------------
-- 4. Corpus
-- ----------------------------------------------------------------------
-- Items, the times between which they are eligible, and whether data.items.where lists them.
-- docs/sampling.md: Exclusion and eligibility.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/fine_ranking-…/corpus' USING parquet
SELECT
  CAST(item_id AS BIGINT) AS item, city AS `copy city`
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
-- 5. Exposures
-- ----------------------------------------------------------------------
-- Exposures of the split that count as seen and are mature. docs/sampling.md: Groups, impression.
CREATE OR REPLACE TEMPORARY VIEW exposures AS
SELECT
  l.`user`, l.item, l.t, l.request, l.`position`, l.positive, l.teacher, l.`copy device`, l.`copy shown_price`
FROM log l
WHERE (l.t >= 1793491200000000L)
  AND (l.t <= 1795219199999999L)
  AND ((l.positive IS NOT NULL) OR (NOT l.`unknown`))
  AND ((l.positive IS NOT NULL) OR l.viewed)
  AND ((l.t + 1800000000L) <= 1795219199999999L);

-- The key of an exposure, its two words, and its draw for the salt @downsample.
CREATE OR REPLACE TEMPORARY VIEW exposure_draws AS
SELECT z.`user`, z.item, z.t, z.request, z.`position`, z.positive, z.teacher, z.`copy device`, z.`copy shown_price`, out.a, out.b
FROM (
  SELECT
    `user`, item, t, request, `position`, positive, teacher, `copy device`, `copy shown_price`,
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
      `user`, item, t, request, `position`, positive, teacher, `copy device`, `copy shown_price`,
      CAST(conv(substr(md5, 1, 8), 16, 10) AS BIGINT) AS k0, CAST(conv(substr(md5, 9, 8), 16, 10) AS BIGINT) AS k1
    FROM (
      SELECT
        `user`, item, t, request, `position`, positive, teacher, `copy device`, `copy shown_price`,
        md5(coalesce(CAST(`user` AS STRING), '') || chr(31) || coalesce(CAST(item AS STRING), '') || chr(31) || coalesce(CAST(t AS STRING), '') || chr(31) || coalesce(CAST(request AS STRING), '') || chr(31) || coalesce(CAST(`position` AS STRING), '')) AS md5
      FROM exposures
    ) q
  ) q
) z
LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b;

-- downsample: a share of the exposures without a positive event.
CREATE OR REPLACE TEMPORARY VIEW kept_exposures AS
SELECT
  `user`, item, t, request, `position`, positive, teacher, `copy device`, `copy shown_price`
FROM exposure_draws
WHERE (positive IS NOT NULL) OR ((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) < CAST('0.1' AS DOUBLE));

-- ----------------------------------------------------------------------
-- 6. Output
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
    `user`, item, t, request, `position`, positive, teacher, `copy device`, `copy shown_price`
  FROM kept_exposures
) r
LEFT JOIN corpus c ON c.item = r.item;
CREATE OR REPLACE TEMPORARY VIEW result USING parquet OPTIONS (path 's3a://samples/fine_ranking');

-- ----------------------------------------------------------------------
-- 7. Counts for the lock file
-- ----------------------------------------------------------------------
-- All counts at once. Each row is a line of JSON with the name of its table.
CREATE OR REPLACE TEMPORARY VIEW counts_impressions USING binaryFile OPTIONS (path 's3a://lake/data/impressions/dt=*/*.parquet');
CREATE OR REPLACE TEMPORARY VIEW counts_items USING binaryFile OPTIONS (path 's3a://lake/data/items.parquet');
CREATE OR REPLACE TEMPORARY VIEW counts_result USING binaryFile OPTIONS (path 's3a://samples/fine_ranking');
INSERT OVERWRITE DIRECTORY 's3a://samples/fine_ranking/_recsample_counts' USING text
-- What is known before the job runs. docs/samples.md: The lock file.
SELECT to_json(struct('job' AS counts, q.*)) AS value
FROM (
  SELECT * FROM (VALUES
    ('run', 'generator', 'recsample 1.2.3'),
    ('run', 'stage', 'fine_ranking'),
    ('run', 'unit', 'impression'),
    ('run', 'seed', 'demo'),
    ('run', 'epoch', '0'),
    ('run', 'split', 'train'),
    ('config', 'path', 'configs/fine_ranking.ratio.yaml'),
    ('config', 'sha256', '…'),
    ('plan', 'sha256', '…'),
    ('teacher', 'on', 'exposed'),
    ('exposures', 'entry', 'exposed_unclicked'),
    ('copied', 'exposures', 'true'),
    ('data', 'impressions', '../data/impressions/dt=*/*.parquet'),
    ('data', 'items', '../data/items.parquet'),
    ('output', 'layout', 'long'),
    ('output', 'order', 'any'),
    ('setting', 'calibration', 'weight'),
    ('setting', 'data.impressions.columns.item', 'item_id'),
    ('setting', 'data.impressions.columns.position', 'position'),
    ('setting', 'data.impressions.columns.request', 'request_id'),
    ('setting', 'data.impressions.columns.teacher', 'teacher_score'),
    ('setting', 'data.impressions.columns.time', 'ts'),
    ('setting', 'data.impressions.columns.user', 'user_id'),
    ('setting', 'data.impressions.columns.viewed', 'is_viewed'),
    ('setting', 'data.items.columns.created', 'created_at'),
    ('setting', 'data.items.columns.item', 'item_id'),
    ('setting', 'data.items.columns.removed', 'removed_at'),
    ('setting', 'data.items.where', '{"status":"online"}'),
    ('setting', 'downsample', '0.1'),
    ('setting', 'entry', 'exposed_unclicked'),
    ('setting', 'events.click', 'is_click'),
    ('setting', 'events.click?', 'unknown (is_click)'),
    ('setting', 'mature_after', '30m'),
    ('setting', 'on_shortfall', 'keep'),
    ('setting', 'positives.events', '[{"name":"click","weight":1}]'),
    ('setting', 'positives.unknown', '[{"event":"click","name":"click?"}]'),
    ('setting', 'seen', 'viewed'),
    ('setting', 'teacher.column', 'teacher_score'),
    ('setting', 'teacher.from', 'impressions'),
    ('setting', 'teacher.on', 'exposed'),
    ('setting', 'timezone', 'UTC'),
    ('setting', 'window.eval.from', '2026-11-21'),
    ('setting', 'window.eval.to', '2026-11-21'),
    ('setting', 'window.train.from', '2026-11-01'),
    ('setting', 'window.train.to', '2026-11-20'),
    ('read', 'impressions', 's3a://lake/data/impressions/dt=*/*.parquet'),
    ('read', 'items', 's3a://lake/data/items.parquet'),
    ('counts', 'version', '2')
  ) AS v (kind, name, value)
) q
UNION ALL
-- Users of the log, the training cut, and the time until which outcomes are known.
SELECT to_json(struct('totals' AS counts, q.*)) AS value
FROM (
  SELECT
    '…' AS plan, version() AS engine, users,
    1795219199999999L AS cut, 1795219199999999L AS known_until
  FROM (
    SELECT
      count(DISTINCT `user`) AS users
    FROM log
  ) q
) q
UNION ALL
-- Impressions that are neither positives nor negatives, because an event is unknown.
SELECT to_json(struct('unknown' AS counts, q.*)) AS value
FROM (
  SELECT
    'click' AS event, `day`, count(*) AS impressions
  FROM (
    SELECT
      CAST(unix_date(CAST(timestamp_micros(t) AS DATE)) AS BIGINT) AS `day`
    FROM log
    WHERE (positive IS NULL)
      AND event_1
      AND (t >= 1793491200000000L)
      AND (t <= 1795219199999999L)
  ) q
  GROUP BY `day`
) q
UNION ALL
-- Rows by label, entry and bins of half a nat of their logs. sum: of whole millionths.
SELECT to_json(struct('rows' AS counts, q.*)) AS value
FROM (
  SELECT
    label, entry, count(*) AS `rows`, count(teacher) AS known
  FROM (
    SELECT
      label, entry, teacher
    FROM (
      SELECT
        CAST(label AS INT) AS label, entry, teacher
      FROM result
    ) q
  ) q
  GROUP BY label, entry
) q
UNION ALL
-- Files that were read, so that their digests can be computed later.
SELECT to_json(struct('inputs' AS counts, q.*)) AS value
FROM (
  SELECT '…' AS plan, 'impressions' AS data, path, length AS bytes, unix_micros(modificationTime) AS modified
  FROM counts_impressions
) q
UNION ALL
SELECT to_json(struct('inputs' AS counts, q.*)) AS value
FROM (
  SELECT '…' AS plan, 'items' AS data, path, length AS bytes, unix_micros(modificationTime) AS modified
  FROM counts_items
) q
UNION ALL
-- Files of the result, and their rows.
SELECT to_json(struct('files' AS counts, q.*)) AS value
FROM (
  SELECT '…' AS plan, path, length AS bytes, unix_micros(modificationTime) AS modified, 0L AS rows, 0L AS samples
  FROM counts_result
) q
UNION ALL
SELECT to_json(struct('files' AS counts, q.*)) AS value
FROM (
  SELECT '…' AS plan, input_file_name() AS path, count(*) AS rows, sum(1L) AS samples
  FROM result
  GROUP BY input_file_name()
) q;
