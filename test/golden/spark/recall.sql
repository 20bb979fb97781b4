-- generator: recsample 1.2.3
-- stage: recall
-- seed: demo
-- epoch: 0
-- split: train
-- config_sha256: …
-- plan_sha256: …
-- timezone: UTC
-- window: 2026-11-01T00:00:00.000000Z (1793491200000000) to 2026-11-20T23:59:59.999999Z (1795219199999999)
-- output: s3a://samples/recall
-- work: s3a://samples/_work/recall-…
--
-- 1. Settings (12)
-- 2. Inputs (14)
-- 3. Log (3)
-- 4. Corpus (3)
-- 5. Users (1)
-- 6. Groups (13)
-- 7. Exclusion (4)
-- 8. Entry exposed_unclicked: exposed_unclicked (32)
-- 9. Entry host_refused: rejected (25)
-- 10. Entry popularity: popularity (34)
-- 11. Entry same_city: same_attribute (21)
-- 12. Refill (2)
-- 13. Entry global_random: global_random (21)
-- 14. Rows (9)
-- 15. Newest values of items (6)
-- 16. Output (4)
-- 17. Counts for the lock file (8)
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
CREATE OR REPLACE TEMPORARY VIEW raw_users_files USING binaryFile OPTIONS (path 's3a://lake/data/users.parquet');
CREATE OR REPLACE TEMPORARY VIEW raw_rejections_files USING binaryFile OPTIONS (path 's3a://lake/data/rejections.parquet');
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/input_files' USING parquet
SELECT coalesce(found, CAST(raise_error('data.impressions, s3a://lake/data/impressions/dt=*/*.parquet: there are no files') AS INT)) AS found
FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM raw_impressions_files LIMIT 1) f) q
UNION ALL
SELECT coalesce(found, CAST(raise_error('data.items, s3a://lake/data/items.parquet: there are no files') AS INT)) AS found
FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM raw_items_files LIMIT 1) f) q
UNION ALL
SELECT coalesce(found, CAST(raise_error('data.users, s3a://lake/data/users.parquet: there are no files') AS INT)) AS found
FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM raw_users_files LIMIT 1) f) q
UNION ALL
SELECT coalesce(found, CAST(raise_error('data.rejections, s3a://lake/data/rejections.parquet: there are no files') AS INT)) AS found
FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM raw_rejections_files LIMIT 1) f) q;

-- Columns that are missing would be read as NULL.
CREATE OR REPLACE TEMPORARY VIEW raw_impressions_columns USING parquet OPTIONS (path 's3a://lake/data/impressions/dt=*/*.parquet', basePath 's3a://lake/data/impressions', mergeSchema 'true', ignoreCorruptFiles 'true');
CREATE OR REPLACE TEMPORARY VIEW raw_items_columns USING parquet OPTIONS (path 's3a://lake/data/items.parquet', mergeSchema 'true', ignoreCorruptFiles 'true');
CREATE OR REPLACE TEMPORARY VIEW raw_users_columns USING parquet OPTIONS (path 's3a://lake/data/users.parquet', mergeSchema 'true', ignoreCorruptFiles 'true');
CREATE OR REPLACE TEMPORARY VIEW raw_rejections_columns USING parquet OPTIONS (path 's3a://lake/data/rejections.parquet', mergeSchema 'true', ignoreCorruptFiles 'true');
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/input_columns' USING parquet
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
    CASE WHEN NOT array_contains(names, lower('play_time')) THEN 'play_time' END,
    CASE WHEN NOT array_contains(names, lower('device')) THEN 'device' END,
    CASE WHEN NOT array_contains(names, lower('item_ctr')) THEN 'item_ctr' END
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
) q
UNION ALL
SELECT CASE WHEN missing <> '' THEN CAST(raise_error(concat('data.users, s3a://lake/data/users.parquet: the job was written for columns that are missing there: ', missing)) AS STRING) ELSE missing END AS missing
FROM (
  SELECT concat_ws(', ',
    CASE WHEN NOT array_contains(names, lower('user_id')) THEN 'user_id' END,
    CASE WHEN NOT array_contains(names, lower('region')) THEN 'region' END,
    CASE WHEN NOT array_contains(names, lower('activity')) THEN 'activity' END
  ) AS missing
  FROM (
    SELECT json_object_keys(lower(to_json(struct(r.*), map('ignoreNullFields', 'false')))) AS names
    FROM (SELECT 1 AS one) o
    LEFT JOIN (SELECT * FROM raw_users_columns WHERE false) r ON true
  ) n
) q
UNION ALL
SELECT CASE WHEN missing <> '' THEN CAST(raise_error(concat('data.rejections, s3a://lake/data/rejections.parquet: the job was written for columns that are missing there: ', missing)) AS STRING) ELSE missing END AS missing
FROM (
  SELECT concat_ws(', ',
    CASE WHEN NOT array_contains(names, lower('user_id')) THEN 'user_id' END,
    CASE WHEN NOT array_contains(names, lower('item_id')) THEN 'item_id' END,
    CASE WHEN NOT array_contains(names, lower('ts')) THEN 'ts' END
  ) AS missing
  FROM (
    SELECT json_object_keys(lower(to_json(struct(r.*), map('ignoreNullFields', 'false')))) AS names
    FROM (SELECT 1 AS one) o
    LEFT JOIN (SELECT * FROM raw_rejections_columns WHERE false) r ON true
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
  play_time DOUBLE,
  device STRING,
  item_ctr DOUBLE
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

-- data.users
CREATE OR REPLACE TEMPORARY VIEW raw_users (
  user_id BIGINT,
  region STRING,
  activity STRING
) USING parquet OPTIONS (path 's3a://lake/data/users.parquet');

-- data.rejections
CREATE OR REPLACE TEMPORARY VIEW raw_rejections (
  user_id BIGINT,
  item_id BIGINT,
  ts TIMESTAMP_NTZ
) USING parquet OPTIONS (path 's3a://lake/data/rejections.parquet');

-- ----------------------------------------------------------------------
-- 3. Log
-- ----------------------------------------------------------------------
-- Types, times in microseconds, events. docs/sampling.md: Which rows count.
CREATE OR REPLACE TEMPORARY VIEW log_rows AS
SELECT
  CAST(user_id AS BIGINT) AS `user`, CAST(item_id AS BIGINT) AS item, unix_micros(CAST(ts AS TIMESTAMP)) AS t,
  CAST(request_id AS BIGINT) AS request, `position`, coalesce(is_viewed, false) AS viewed,
  coalesce(is_click <> 0L, false) AS event_0, coalesce((is_click <> 0L) IS NULL, false) AS event_1,
  coalesce(CASE WHEN CASE WHEN NOT isnan(play_time) THEN play_time END IS NOT NULL THEN coalesce((play_time >= CAST('7' AS DOUBLE)) AND (NOT isnan(play_time)), false) END, false) AS event_2,
  coalesce(CASE WHEN CASE WHEN NOT isnan(play_time) THEN play_time END IS NOT NULL THEN coalesce((play_time >= CAST('7' AS DOUBLE)) AND (NOT isnan(play_time)), false) END IS NULL, false) AS event_3,
  device AS `copy device`, item_ctr AS `copy item_ctr`, device AS `pick device`, is_click AS `pick is_click`,
  is_viewed AS `pick is_viewed`, CASE WHEN NOT isnan(item_ctr) THEN item_ctr END AS `pick item_ctr`,
  item_id AS `pick item_id`, CASE WHEN NOT isnan(play_time) THEN play_time END AS `pick play_time`
FROM raw_impressions;

-- Valid impressions. positive: the heaviest event that makes a positive:
-- 0 = long_play (weight 2), 1 = click (weight 1).
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/log' USING parquet
SELECT
  *, coalesce('#' || CAST(request AS STRING), '@' || CAST(t AS STRING)) AS request_key,
  CASE WHEN t <= 1795219199999999L THEN CASE WHEN event_2 THEN 0L WHEN event_0 THEN 1L END END AS positive,
  event_3 OR event_1 AS `unknown`
FROM log_rows
WHERE (`user` IS NOT NULL)
  AND (item IS NOT NULL)
  AND (t IS NOT NULL);
CREATE OR REPLACE TEMPORARY VIEW log USING parquet OPTIONS (path 's3a://samples/_work/recall-…/log');

-- ----------------------------------------------------------------------
-- 4. Corpus
-- ----------------------------------------------------------------------
-- Items, the times between which they are eligible, and whether data.items.where lists them.
-- docs/sampling.md: Exclusion and eligibility.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/corpus' USING parquet
SELECT
  CAST(item_id AS BIGINT) AS item,
  coalesce(unix_micros(CAST(created_at AS TIMESTAMP)), -4611686018427387904L) AS created,
  coalesce(unix_micros(CAST(removed_at AS TIMESTAMP)), 4611686018427387904L) AS removed,
  coalesce(status = 'online', false) AS listed, CAST(city AS STRING) AS `attribute city`, city AS `copy city`,
  category AS `copy category`
FROM raw_items
WHERE CAST(item_id AS BIGINT) IS NOT NULL;
CREATE OR REPLACE TEMPORARY VIEW corpus USING parquet OPTIONS (path 's3a://samples/_work/recall-…/corpus');

-- Two rows with one id are an error: it is unclear which one is right.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/check_corpus' USING parquet
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
-- 5. Users
-- ----------------------------------------------------------------------
-- One row of each user: the smallest tuple of the columns that the config uses.
CREATE OR REPLACE TEMPORARY VIEW users AS
SELECT
  `user`, `copy activity`
FROM (
  SELECT
    `user`, `copy activity`,
    row_number() OVER (PARTITION BY `user` ORDER BY `pick activity` NULLS FIRST, `pick region` NULLS FIRST) AS place
  FROM (
    SELECT
      CAST(user_id AS BIGINT) AS `user`, activity AS `copy activity`, activity AS `pick activity`,
      region AS `pick region`
    FROM raw_users
    WHERE CAST(user_id AS BIGINT) IS NOT NULL
  ) q
) q
WHERE place = 1L;

-- ----------------------------------------------------------------------
-- 6. Groups
-- ----------------------------------------------------------------------
-- One row for each positive of the split, with the two words of its key. Equal keys are one positive.
-- docs/sampling.md: Groups, positive.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/positives' USING parquet
SELECT
  `user`, positive, t, item, request, request_key, `copy device`, group_key,
  CAST(conv(substr(md5, 1, 8), 16, 10) AS BIGINT) AS k0, CAST(conv(substr(md5, 9, 8), 16, 10) AS BIGINT) AS k1
FROM (
  SELECT
    `user`, positive, t, item, request, request_key, `copy device`, group_key, md5(group_key) AS md5
  FROM (
    SELECT
      `user`, positive, t, item, request, request_key, `copy device`,
      coalesce(CAST(`user` AS STRING), '') || chr(31) || coalesce(CAST(item AS STRING), '') || chr(31) || coalesce(CAST(t AS STRING), '') || chr(31) || coalesce(CAST(request AS STRING), '') || chr(31) || coalesce(CAST(CASE WHEN positive = 0L THEN 'long_play' WHEN positive = 1L THEN 'click' END AS STRING), '') AS group_key
    FROM (
      SELECT
        `user`, positive, t, item, request, request_key, `copy device`
      FROM (
        SELECT
          `user`, positive, t, item, request, request_key, `copy device`,
          row_number() OVER (PARTITION BY `user`, item, t, coalesce(CAST(request AS STRING), ''), positive ORDER BY request NULLS FIRST, `position` NULLS FIRST, `pick device` NULLS FIRST, `pick is_click` NULLS FIRST, `pick is_viewed` NULLS FIRST, `pick item_ctr` NULLS FIRST, `pick item_id` NULLS FIRST, `pick play_time` NULLS FIRST) AS place
        FROM log
        WHERE (positive IS NOT NULL)
          AND (t >= 1793491200000000L)
          AND (t <= 1795219199999999L)
      ) q
      WHERE place = 1L
    ) q
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW positives USING parquet OPTIONS (path 's3a://samples/_work/recall-…/positives');

-- The positives whose shares decide.
CREATE OR REPLACE TEMPORARY VIEW training_positives AS
SELECT
  item
FROM positives;

-- downsample_hot: the probability with which a positive of an item stays.
CREATE OR REPLACE TEMPORARY VIEW item_keep AS
SELECT
  item,
  least(CAST('1' AS DOUBLE), ((sqrt(share / CAST('0.001' AS DOUBLE)) + CAST('1' AS DOUBLE)) * CAST('0.001' AS DOUBLE)) / share) AS keep
FROM (
  SELECT
    item, CAST(count(*) AS DOUBLE) / CAST((SELECT count(*) AS total FROM training_positives) AS DOUBLE) AS share
  FROM training_positives
  GROUP BY item
) q;

-- Those that stay, by their draw for the salt @keep.
CREATE OR REPLACE TEMPORARY VIEW kept_positives AS
SELECT
  `user`, positive, t, item, request, request_key, `copy device`, group_key, k0, k1, keep
FROM (
  SELECT z.`user`, z.positive, z.t, z.item, z.request, z.request_key, z.`copy device`, z.group_key, z.k0, z.k1, z.keep, out.a, out.b
  FROM (
    SELECT
      `user`, positive, t, item, request, request_key, `copy device`, group_key, k0, k1, keep,
      (k0 ^ 2997833869L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
      (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
      (a_3 ^ shiftright(a_3, 13)) AS a_4,
      (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
      (a_5 ^ shiftright(a_5, 16)) AS a, (k1 ^ 159063034L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
      (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
      (b_3 ^ shiftright(b_3, 13)) AS b_4,
      (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
      (b_5 ^ shiftright(b_5, 16)) AS b
    FROM (
      SELECT
        p.`user`, p.positive, p.t, p.item, p.request, p.request_key, p.`copy device`, p.group_key, p.k0, p.k1,
        coalesce(h.keep, CAST('1' AS DOUBLE)) AS keep
      FROM positives p
      LEFT JOIN item_keep h ON h.item = p.item
    ) q
  ) z
  LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
) q
WHERE (CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) < keep;

-- max_per_user_per_day: the positives of a day with the smallest draw for the salt @cap.
CREATE OR REPLACE TEMPORARY VIEW capped_positives AS
SELECT
  `user`, positive, t, item, request, request_key, `copy device`, k0, k1, keep
FROM (
  SELECT
    `user`, positive, t, item, request, request_key, `copy device`, k0, k1, keep,
    row_number() OVER (PARTITION BY `user`, CAST(unix_date(CAST(timestamp_micros(t) AS DATE)) AS BIGINT) ORDER BY (CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) NULLS FIRST, group_key NULLS FIRST) AS place
  FROM (
    SELECT z.`user`, z.positive, z.t, z.item, z.request, z.request_key, z.`copy device`, z.group_key, z.k0, z.k1, z.keep, out.a, out.b
    FROM (
      SELECT
        `user`, positive, t, item, request, request_key, `copy device`, group_key, k0, k1, keep,
        (k0 ^ 3587876321L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
        (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
        (a_3 ^ shiftright(a_3, 13)) AS a_4,
        (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
        (a_5 ^ shiftright(a_5, 16)) AS a, (k1 ^ 3370276800L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
        (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
        (b_3 ^ shiftright(b_3, 13)) AS b_4,
        (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
        (b_5 ^ shiftright(b_5, 16)) AS b
      FROM kept_positives
    ) z
    LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
  ) q
) q
WHERE place <= 50L;

-- The earliest impression or event of each request: what is read for its rows is read before. docs/sampling.md: Read time.
CREATE OR REPLACE TEMPORARY VIEW read_times AS
SELECT
  `user`, request_key, min(t) AS t
FROM (
  SELECT
    `user`, coalesce('#' || CAST(request AS STRING), '@' || CAST(t AS STRING)) AS request_key, t
  FROM log
  WHERE request IS NOT NULL
) q
GROUP BY `user`, request_key;

-- Users with more than 4096 groups and 1/200 of all: several tasks draw for them. Most jobs have none.
-- docs/dev/spark-jobs.md.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/split_users' USING parquet
SELECT
  `user`, CAST(floor(CAST(groups AS DOUBLE) / CAST(most AS DOUBLE)) AS BIGINT) + 1L AS parts
FROM (
  SELECT
    `user`, count(*) AS groups,
    greatest(4096L, CAST(floor(CAST((SELECT count(*) AS total FROM positives) AS DOUBLE) / CAST('200' AS DOUBLE)) AS BIGINT)) AS most
  FROM positives
  GROUP BY `user`
) q
WHERE groups > most;
CREATE OR REPLACE TEMPORARY VIEW split_users USING parquet OPTIONS (path 's3a://samples/_work/recall-…/split_users');

-- The groups and the quota of each entry. docs/sampling.md: Quotas.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/groups' USING parquet
SELECT /*+ BROADCAST(h) */
  g.`user`, g.k0, g.k1, g.positive, g.keep, g.t, g.item, g.request, g.request_key, g.`copy device`,
  least(g.t, coalesce(rt.t, g.t)) AS read_t,
  CASE WHEN h.parts IS NOT NULL THEN CAST(pmod(hash(g.request_key), CAST(h.parts AS INT)) AS BIGINT) ELSE 0L END AS part,
  shiftright((a + 12884901888L), 32) AS quota_0,
  shiftright((a + 21474836480L), 32) - shiftright((a + 12884901888L), 32) AS quota_1,
  shiftright((a + 23622320128L), 32) - shiftright((a + 21474836480L), 32) AS quota_2,
  shiftright((a + 40802189312L), 32) - shiftright((a + 23622320128L), 32) AS quota_3,
  shiftright((a + 42949672960L), 32) - shiftright((a + 40802189312L), 32) AS quota_4
FROM (
  SELECT z.`user`, z.k0, z.k1, z.positive, z.keep, z.t, z.item, z.request, z.request_key, z.`copy device`, out.a
  FROM (
    SELECT
      `user`, k0, k1, positive, keep, t, item, request, request_key, `copy device`, (k0 ^ 3642073057L) AS a_1,
      (a_1 ^ shiftright(a_1, 16)) AS a_2,
      (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
      (a_3 ^ shiftright(a_3, 13)) AS a_4,
      (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
      (a_5 ^ shiftright(a_5, 16)) AS a
    FROM capped_positives
  ) z
  LATERAL VIEW inline(array(struct(z.a))) out AS a
) g
LEFT JOIN split_users h ON h.`user` = g.`user`
LEFT JOIN read_times rt ON (rt.`user` = g.`user`) AND (rt.request_key = g.request_key);
CREATE OR REPLACE TEMPORARY VIEW groups USING parquet OPTIONS (path 's3a://samples/_work/recall-…/groups');

-- From here on, a group is its user and the two words of its key.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/check_groups' USING parquet
SELECT CASE WHEN wrong > 0 THEN CAST(raise_error(concat('two groups have the same words of their keys, one of them of user ', example)) AS BIGINT) ELSE wrong END AS wrong
FROM (
  SELECT
    count(*) AS wrong, min(CAST(`user` AS STRING)) AS example
  FROM (
    SELECT
      `user`, part, k0, k1
    FROM groups
    GROUP BY `user`, part, k0, k1
    HAVING count(*) > 1L
  ) q
) q;

-- The positives of the groups.
CREATE OR REPLACE TEMPORARY VIEW group_positives AS
SELECT
  `user`, part, k0, k1, t, item
FROM groups;

-- ----------------------------------------------------------------------
-- 7. Exclusion
-- ----------------------------------------------------------------------
-- Items that a user has an excluding event on, with the last time of one.
-- docs/sampling.md: Exclusion and eligibility.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/excluded_0' USING parquet
SELECT /*+ BROADCAST(h) */
  s.`user`, s.item, explode(sequence(0L, (coalesce(h.parts, 1L) - 1L))) AS part
FROM (
  SELECT
    `user`, item
  FROM (
    SELECT
      `user`, item
    FROM log
    WHERE (event_0 OR event_1)
      AND (t >= 1793491200000000L)
      AND (t <= 1795219199999999L)
    UNION ALL
    SELECT
      `user`, item
    FROM log
    WHERE ((positive IS NOT NULL) OR `unknown`)
      AND (t >= 1793491200000000L)
      AND (t <= 1795219199999999L)
  ) q
  GROUP BY `user`, item
) s
LEFT JOIN split_users h ON h.`user` = s.`user`;
CREATE OR REPLACE TEMPORARY VIEW excluded_0 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/excluded_0');

-- Items that a user has an excluding event on, with the last time of one.
-- docs/sampling.md: Exclusion and eligibility.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/excluded_1' USING parquet
SELECT /*+ BROADCAST(h) */
  s.`user`, s.item, explode(sequence(0L, (coalesce(h.parts, 1L) - 1L))) AS part
FROM (
  SELECT
    `user`, item
  FROM (
    SELECT
      `user`, item
    FROM log
    WHERE (event_0 OR event_1)
      AND (t >= 1793491200000000L)
      AND (t <= 1795219199999999L)
  ) q
  GROUP BY `user`, item
) s
LEFT JOIN split_users h ON h.`user` = s.`user`;
CREATE OR REPLACE TEMPORARY VIEW excluded_1 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/excluded_1');

-- ----------------------------------------------------------------------
-- 8. Entry exposed_unclicked: exposed_unclicked
-- ----------------------------------------------------------------------
-- Exposures without a positive event that count as seen and are mature.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__exposures AS
SELECT
  l.`user`, l.request_key, l.item, l.t
FROM log l
WHERE (l.positive IS NULL)
  AND (NOT l.`unknown`)
  AND (l.t >= 1793491200000000L)
  AND (l.t <= 1795219199999999L)
  AND l.viewed
  AND ((l.t + 1800000000L) <= 1795219199999999L);

-- Candidates of each request, with the words of their items.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/exposed_unclicked__request' USING parquet
SELECT /*+ BROADCAST(h) */
  s.`user`, s.request_key, s.item, s.i0, s.i1,
  CASE WHEN h.parts IS NOT NULL THEN CAST(pmod(hash(s.request_key), CAST(h.parts AS INT)) AS BIGINT) ELSE 0L END AS part
FROM (
  SELECT
    `user`, request_key, item, CAST(conv(substr(md5, 1, 8), 16, 10) AS BIGINT) AS i0,
    CAST(conv(substr(md5, 9, 8), 16, 10) AS BIGINT) AS i1
  FROM (
    SELECT
      `user`, request_key, item, md5(CAST(item AS STRING)) AS md5
    FROM (
      SELECT DISTINCT
        `user`, request_key, item
      FROM exposed_unclicked__exposures
    ) q
  ) q
) s
LEFT JOIN split_users h ON h.`user` = s.`user`;
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__request USING parquet OPTIONS (path 's3a://samples/_work/recall-…/exposed_unclicked__request');

-- Candidates of each user, with their first exposure and the words of their items.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/exposed_unclicked__user' USING parquet
SELECT /*+ BROADCAST(h) */
  s.`user`, s.item, s.since, s.i0, s.i1, explode(sequence(0L, (coalesce(h.parts, 1L) - 1L))) AS part
FROM (
  SELECT
    `user`, item, since, CAST(conv(substr(md5, 1, 8), 16, 10) AS BIGINT) AS i0,
    CAST(conv(substr(md5, 9, 8), 16, 10) AS BIGINT) AS i1
  FROM (
    SELECT
      `user`, item, since, md5(CAST(item AS STRING)) AS md5
    FROM (
      SELECT
        `user`, item, min(t) AS since
      FROM exposed_unclicked__exposures
      GROUP BY `user`, item
    ) q
  ) q
) s
LEFT JOIN split_users h ON h.`user` = s.`user`;
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__user USING parquet OPTIONS (path 's3a://samples/_work/recall-…/exposed_unclicked__user');

-- Groups that draw something.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__groups AS
SELECT
  `user`, part, k0, k1, t, read_t, request_key, quota_0 AS quota
FROM groups
WHERE quota_0 > 0L;

-- The acceptable candidates of the request in keyed order.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/exposed_unclicked__request_rows' USING parquet
SELECT
  `user`, part, k0, k1, quota, item,
  row_number() OVER (PARTITION BY `user`, part, k0, k1 ORDER BY a NULLS FIRST, b NULLS FIRST, item NULLS FIRST) AS place
FROM (
  SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.item, out.a, out.b
  FROM (
    SELECT
      `user`, part, k0, k1, quota, item, ((k0 ^ i0) ^ 4126693919L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
      (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
      (a_3 ^ shiftright(a_3, 13)) AS a_4,
      (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
      (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ i1) ^ 1426423628L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
      (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
      (b_3 ^ shiftright(b_3, 13)) AS b_4,
      (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
      (b_5 ^ shiftright(b_5, 16)) AS b
    FROM (
      SELECT
        c.`user`, c.part, c.k0, c.k1, c.quota, c.item, c.i0, c.i1
      FROM (
        SELECT
          g.`user`, g.part, g.k0, g.k1, g.t, quota, l.item, l.i0, l.i1
        FROM exposed_unclicked__groups g
        JOIN exposed_unclicked__request l ON (l.`user` = g.`user`) AND (l.part = g.part) AND (l.request_key = g.request_key)
      ) c
      JOIN corpus i ON (i.item = c.item) AND (i.created <= c.t) AND (c.t < i.removed)
      ANTI JOIN excluded_0 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
      ANTI JOIN group_positives o ON (o.`user` = c.`user`) AND (o.part = c.part) AND (o.k0 = c.k0) AND (o.k1 = c.k1) AND (o.item = c.item)
    ) q
  ) z
  LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
) q;
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__request_rows USING parquet OPTIONS (path 's3a://samples/_work/recall-…/exposed_unclicked__request_rows');

-- Groups that the candidates of their request do not fill.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__short AS
SELECT
  g.*
FROM exposed_unclicked__groups g
ANTI JOIN (
  SELECT
    `user`, part, k0, k1
  FROM exposed_unclicked__request_rows
  WHERE place = quota
) f ON (f.`user` = g.`user`) AND (f.part = g.part) AND (f.k0 = g.k0) AND (f.k1 = g.k1);

-- Users with more than 1024 candidates.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/exposed_unclicked__heavy_users' USING parquet
SELECT
  c.`user`
FROM exposed_unclicked__user c
SEMI JOIN (
  SELECT DISTINCT
    `user`
  FROM exposed_unclicked__short
) g ON g.`user` = c.`user`
WHERE c.part = 0L
GROUP BY c.`user`
HAVING count(*) > 1024L;
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy_users USING parquet OPTIONS (path 's3a://samples/_work/recall-…/exposed_unclicked__heavy_users');

-- Groups of other users. Their candidates are put in order.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__light AS
SELECT
  g.*
FROM exposed_unclicked__short g
ANTI JOIN exposed_unclicked__heavy_users h ON h.`user` = g.`user`;

-- The acceptable candidates of the user in keyed order.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/exposed_unclicked__user_rows' USING parquet
SELECT
  `user`, part, k0, k1, item,
  row_number() OVER (PARTITION BY `user`, part, k0, k1 ORDER BY a NULLS FIRST, b NULLS FIRST, item NULLS FIRST) AS place
FROM (
  SELECT z.`user`, z.part, z.k0, z.k1, z.item, out.a, out.b
  FROM (
    SELECT
      `user`, part, k0, k1, item, ((k0 ^ i0) ^ 4126693919L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
      (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
      (a_3 ^ shiftright(a_3, 13)) AS a_4,
      (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
      (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ i1) ^ 1426423628L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
      (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
      (b_3 ^ shiftright(b_3, 13)) AS b_4,
      (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
      (b_5 ^ shiftright(b_5, 16)) AS b
    FROM (
      SELECT
        c.`user`, c.part, c.k0, c.k1, c.item, c.i0, c.i1
      FROM (
        SELECT
          g.`user`, g.part, g.k0, g.k1, g.t, g.request_key, l.item, l.i0, l.i1
        FROM exposed_unclicked__light g
        JOIN exposed_unclicked__user l ON ((l.`user` = g.`user`) AND (l.part = g.part)) AND (l.since < g.read_t)
      ) c
      JOIN corpus i ON (i.item = c.item) AND (i.created <= c.t) AND (c.t < i.removed)
      ANTI JOIN exposed_unclicked__request f ON (f.`user` = c.`user`) AND (f.part = c.part) AND (f.request_key = c.request_key) AND (f.item = c.item)
      ANTI JOIN excluded_0 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
      ANTI JOIN group_positives o ON (o.`user` = c.`user`) AND (o.part = c.part) AND (o.k0 = c.k0) AND (o.k1 = c.k1) AND (o.item = c.item)
    ) q
  ) z
  LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
) q;
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__user_rows USING parquet OPTIONS (path 's3a://samples/_work/recall-…/exposed_unclicked__user_rows');

-- The candidates of heavy users in the order of items. Those that the corpus lacks are never eligible.
-- docs/sampling.md: Lists, heavy users.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/exposed_unclicked__heavy__pool' USING parquet
SELECT
  c.`user` AS value, c.item,
  CASE WHEN i.item IS NULL THEN 4611686018427387904L ELSE greatest(c.since + 1L, i.created) END AS created,
  CASE WHEN i.item IS NULL THEN 4611686018427387904L ELSE i.removed END AS removed, c.since,
  row_number() OVER (PARTITION BY c.`user` ORDER BY c.item NULLS FIRST) - 1L AS place
FROM exposed_unclicked__user c
SEMI JOIN exposed_unclicked__heavy_users h ON h.`user` = c.`user`
LEFT JOIN corpus i ON i.item = c.item
WHERE c.part = 0L;
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy__pool USING parquet OPTIONS (path 's3a://samples/_work/recall-…/exposed_unclicked__heavy__pool');

-- Number of the candidates of each of them.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy__size AS
SELECT
  value, count(*) AS items, 0L AS bits
FROM exposed_unclicked__heavy__pool
GROUP BY value;

-- Groups of heavy users, the rows that are missing, and the most attempts.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/exposed_unclicked__heavy__values' USING parquet
SELECT
  g.`user`, g.part, g.k0, g.k1, g.t, g.read_t, g.request_key, g.`user` AS value,
  coalesce(w.counted, 0L) AS before, g.quota - coalesce(r.taken, 0L) AS quota, (8L * g.quota) + 64L AS attempts
FROM exposed_unclicked__short g
SEMI JOIN exposed_unclicked__heavy_users h ON h.`user` = g.`user`
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, count(*) AS taken
  FROM exposed_unclicked__request_rows
  GROUP BY `user`, part, k0, k1
) r ON (r.`user` = g.`user`) AND (r.part = g.part) AND (r.k0 = g.k0) AND (r.k1 = g.k1)
LEFT JOIN (
  SELECT
    r.`user`, r.part, r.k0, r.k1, count(*) AS counted
  FROM exposed_unclicked__request_rows r
  JOIN exposed_unclicked__short q ON (q.`user` = r.`user`) AND (q.part = r.part) AND (q.k0 = r.k0) AND (q.k1 = r.k1)
  JOIN exposed_unclicked__user c ON ((c.`user` = r.`user`) AND (c.part = r.part) AND (c.item = r.item)) AND (c.since < q.read_t)
  GROUP BY r.`user`, r.part, r.k0, r.k1
) w ON (w.`user` = g.`user`) AND (w.part = g.part) AND (w.k0 = g.k0) AND (w.k1 = g.k1);
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy__values USING parquet OPTIONS (path 's3a://samples/_work/recall-…/exposed_unclicked__heavy__values');

-- The same with the number of candidates.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy__groups AS
SELECT
  g.*, s.items AS size, s.bits
FROM exposed_unclicked__heavy__values g
JOIN exposed_unclicked__heavy__size s ON s.value = g.value;

-- As many attempts as rows are missing, and 8 more.
-- An item counts at its smallest accepted attempt k. docs/sampling.md: Pools.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/exposed_unclicked__heavy__accepted_1' USING parquet
SELECT
  `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits, items,
  quota - CAST(array_size(items) AS BIGINT) AS missing
FROM (
  SELECT
    `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits,
    slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits, members.item AS found
    FROM (
      SELECT
        c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.value, c.attempts, c.request_key, c.read_t, c.size, c.bits,
        sort_array(collect_list(struct(c.k AS k, c.item AS item)) FILTER (WHERE (c.item IS NOT NULL) AND (x.`user` IS NULL) AND (o.`user` IS NULL) AND (f.`user` IS NULL) AND (n.`user` IS NULL))) AS members
      FROM (
        SELECT
          d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.value, d.attempts, d.request_key, d.read_t, d.size, d.bits, d.k,
          p.item
        FROM (
          SELECT
            `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits, k,
            least(size - 1L, CAST(floor((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) * CAST(size AS DOUBLE)) AS BIGINT)) AS place
          FROM (
            SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.value, z.attempts, z.request_key, z.read_t, z.size, z.bits, z.k, out.a, out.b
            FROM (
              SELECT
                `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits, k,
                ((k0 ^ w) ^ 4126693919L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
                (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                (a_3 ^ shiftright(a_3, 13)) AS a_4,
                (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 1426423628L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                (b_3 ^ shiftright(b_3, 13)) AS b_4,
                (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                (b_5 ^ shiftright(b_5, 16)) AS b
              FROM (
                SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.value, z.attempts, z.request_key, z.read_t, z.size, z.bits, z.k, out.w
                FROM (
                  SELECT
                    `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits, k, k + 1L AS w_0,
                    (((w_0 & 65535L) * 2654435761L) + shiftleft(((shiftright(w_0, 16) * 2654435761L) & 65535L), 16)) & 4294967295L AS w_1,
                    (w_1 ^ shiftright(w_1, 16)) AS w_2,
                    (((w_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(w_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS w_3,
                    (w_3 ^ shiftright(w_3, 13)) AS w_4,
                    (((w_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(w_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS w_5,
                    (w_5 ^ shiftright(w_5, 16)) AS w
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits,
                      explode(sequence(0L, ((quota + 8L) - 1L))) AS k
                    FROM (
                      SELECT
                        *
                      FROM exposed_unclicked__heavy__groups
                      DISTRIBUTE BY `user`, part
                    ) q
                  ) q
                ) z
                LATERAL VIEW inline(array(struct(z.w))) out AS w
              ) q
            ) z
            LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
          ) q
        ) d
        LEFT JOIN exposed_unclicked__heavy__pool p ON ((p.value = d.value) AND (p.place = d.place)) AND (p.created <= d.t) AND (d.t < p.removed)
      ) c
      LEFT JOIN excluded_0 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
      LEFT JOIN group_positives o ON (o.`user` = c.`user`) AND (o.part = c.part) AND (o.k0 = c.k0) AND (o.k1 = c.k1) AND (o.item = c.item)
      LEFT JOIN exposed_unclicked__request f ON (f.`user` = c.`user`) AND (f.part = c.part) AND (f.request_key = c.request_key) AND (f.item = c.item)
      LEFT JOIN exposed_unclicked__user n ON ((n.`user` = c.`user`) AND (n.part = c.part) AND (n.item = c.item)) AND (n.since >= c.read_t)
      GROUP BY c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.value, c.attempts, c.request_key, c.read_t, c.size, c.bits
    ) q
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy__accepted_1 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/exposed_unclicked__heavy__accepted_1');

-- Groups that are not full: all attempts up to 8·quota + 64.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/exposed_unclicked__heavy__accepted_2' USING parquet
SELECT
  `user`, part, k0, k1, items
FROM (
  SELECT
    `user`, part, k0, k1, slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      f.`user`, f.part, f.k0, f.k1, f.quota, concat(coalesce(a.items, array()), coalesce(f.found, array())) AS found
    FROM (
      SELECT
        `user`, part, k0, k1, quota, members.item AS found
      FROM (
        SELECT
          c.`user`, c.part, c.k0, c.k1, c.quota,
          sort_array(collect_list(struct(c.k AS k, c.item AS item)) FILTER (WHERE (c.item IS NOT NULL) AND (x.`user` IS NULL) AND (o.`user` IS NULL) AND (f.`user` IS NULL) AND (n.`user` IS NULL))) AS members
        FROM (
          SELECT
            d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.value, d.attempts, d.request_key, d.read_t, d.size, d.bits, d.k,
            p.item
          FROM (
            SELECT
              `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits, k,
              least(size - 1L, CAST(floor((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) * CAST(size AS DOUBLE)) AS BIGINT)) AS place
            FROM (
              SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.value, z.attempts, z.request_key, z.read_t, z.size, z.bits, z.k, out.a, out.b
              FROM (
                SELECT
                  `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits, k,
                  ((k0 ^ w) ^ 4126693919L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
                  (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                  (a_3 ^ shiftright(a_3, 13)) AS a_4,
                  (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                  (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 1426423628L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                  (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                  (b_3 ^ shiftright(b_3, 13)) AS b_4,
                  (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                  (b_5 ^ shiftright(b_5, 16)) AS b
                FROM (
                  SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.value, z.attempts, z.request_key, z.read_t, z.size, z.bits, z.k, out.w
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits, k, k + 1L AS w_0,
                      (((w_0 & 65535L) * 2654435761L) + shiftleft(((shiftright(w_0, 16) * 2654435761L) & 65535L), 16)) & 4294967295L AS w_1,
                      (w_1 ^ shiftright(w_1, 16)) AS w_2,
                      (((w_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(w_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS w_3,
                      (w_3 ^ shiftright(w_3, 13)) AS w_4,
                      (((w_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(w_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS w_5,
                      (w_5 ^ shiftright(w_5, 16)) AS w
                    FROM (
                      SELECT
                        `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits,
                        explode(sequence((quota + 8L), (attempts - 1L))) AS k
                      FROM (
                        SELECT
                          `user`, part, k0, k1, quota, t, value, attempts, request_key, read_t, size, bits
                        FROM exposed_unclicked__heavy__accepted_1
                        WHERE missing > 0L
                        DISTRIBUTE BY `user`, part
                      ) q
                    ) q
                  ) z
                  LATERAL VIEW inline(array(struct(z.w))) out AS w
                ) q
              ) z
              LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
            ) q
          ) d
          LEFT JOIN exposed_unclicked__heavy__pool p ON ((p.value = d.value) AND (p.place = d.place)) AND (p.created <= d.t) AND (d.t < p.removed)
        ) c
        LEFT JOIN excluded_0 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
        LEFT JOIN group_positives o ON (o.`user` = c.`user`) AND (o.part = c.part) AND (o.k0 = c.k0) AND (o.k1 = c.k1) AND (o.item = c.item)
        LEFT JOIN exposed_unclicked__request f ON (f.`user` = c.`user`) AND (f.part = c.part) AND (f.request_key = c.request_key) AND (f.item = c.item)
        LEFT JOIN exposed_unclicked__user n ON ((n.`user` = c.`user`) AND (n.part = c.part) AND (n.item = c.item)) AND (n.since >= c.read_t)
        GROUP BY c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.value, c.attempts, c.request_key, c.read_t, c.size, c.bits
      ) q
    ) f
    JOIN (
      SELECT
        `user`, part, k0, k1, items
      FROM exposed_unclicked__heavy__accepted_1
      WHERE missing > 0L
    ) a ON (a.`user` = f.`user`) AND (a.part = f.part) AND (a.k0 = f.k0) AND (a.k1 = f.k1)
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy__accepted_2 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/exposed_unclicked__heavy__accepted_2');

-- The negatives of each group, in the order of their draws.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy__lists AS
SELECT
  `user`, part, k0, k1, items
FROM exposed_unclicked__heavy__accepted_1
WHERE NOT (missing > 0L)
UNION ALL
SELECT
  `user`, part, k0, k1, items
FROM exposed_unclicked__heavy__accepted_2;

-- The negatives of the entry.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy__drawn AS
SELECT
  `user`, part, k0, k1, items[CAST(draw AS INT)] AS item, draw
FROM (
  SELECT
    `user`, part, k0, k1, items, explode(sequence(0L, (CAST(array_size(items) AS BIGINT) - 1L))) AS draw
  FROM exposed_unclicked__heavy__lists
  WHERE CAST(array_size(items) AS BIGINT) > 0L
) q;

-- Excluded items of the pool, and when each of them would be drawn.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy__taken AS
SELECT
  x.`user`, x.part, p.value, p.created AS since, p.removed AS until
FROM excluded_0 x
JOIN exposed_unclicked__heavy__pool p ON (p.item = x.item) AND (p.value = x.`user`);

-- Weight and number of the items that each group accepts. docs/sampling.md: log q.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy__acceptable AS
SELECT
  b.`user`, b.part, b.k0, b.k1, b.items - coalesce(o.items, 0L) AS items
FROM (
  SELECT
    `user`, part, k0, k1, items
  FROM (
    SELECT
      `user`, part, k0, k1, is_group,
      CAST(sum(items) OVER (PARTITION BY `user`, part, value ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS items
    FROM (
      SELECT
        `user`, part, value, created AS `at`, 0L AS is_group, 1L AS items, CAST(NULL AS BIGINT) AS k0,
        CAST(NULL AS BIGINT) AS k1
      FROM (
        SELECT /*+ BROADCAST(h) */
          s.`user`, s.value, s.created, s.removed, explode(sequence(0L, (coalesce(h.parts, 1L) - 1L))) AS part
        FROM (
          SELECT
            value AS `user`, value, created, removed
          FROM exposed_unclicked__heavy__pool
        ) s
        LEFT JOIN split_users h ON h.`user` = s.`user`
      ) q
      WHERE created < removed
      UNION ALL
      SELECT
        `user`, part, value, removed AS `at`, 0L AS is_group, -1L AS items, CAST(NULL AS BIGINT) AS k0,
        CAST(NULL AS BIGINT) AS k1
      FROM (
        SELECT /*+ BROADCAST(h) */
          s.`user`, s.value, s.created, s.removed, explode(sequence(0L, (coalesce(h.parts, 1L) - 1L))) AS part
        FROM (
          SELECT
            value AS `user`, value, created, removed
          FROM exposed_unclicked__heavy__pool
        ) s
        LEFT JOIN split_users h ON h.`user` = s.`user`
      ) q
      WHERE created < removed
      UNION ALL
      SELECT
        `user`, part, value, since AS `at`, 0L AS is_group, -1L AS items, CAST(NULL AS BIGINT) AS k0,
        CAST(NULL AS BIGINT) AS k1
      FROM exposed_unclicked__heavy__taken
      WHERE since < until
      UNION ALL
      SELECT
        `user`, part, value, until AS `at`, 0L AS is_group, 1L AS items, CAST(NULL AS BIGINT) AS k0,
        CAST(NULL AS BIGINT) AS k1
      FROM exposed_unclicked__heavy__taken
      WHERE since < until
      UNION ALL
      SELECT
        `user`, part, value, t AS `at`, 1L AS is_group, 0L AS items, k0, k1
      FROM exposed_unclicked__heavy__values
    ) q
  ) q
  WHERE is_group = 1L
) b
LEFT JOIN (
  SELECT
    c.`user`, c.part, c.k0, c.k1, count(*) AS items
  FROM (
    SELECT
      o.`user`, o.part, o.k0, o.k1, o.item
    FROM (
      SELECT
        o.`user`, o.part, o.k0, o.k1, o.t, o.item, v.value
      FROM group_positives o
      JOIN exposed_unclicked__heavy__values v ON (v.`user` = o.`user`) AND (v.part = o.part) AND (v.k0 = o.k0) AND (v.k1 = o.k1)
    ) o
    JOIN exposed_unclicked__heavy__pool p ON ((p.value = o.value) AND (p.item = o.item)) AND (p.created <= o.t) AND (o.t < p.removed)
  ) c
  ANTI JOIN excluded_0 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
  GROUP BY c.`user`, c.part, c.k0, c.k1
) o ON (o.`user` = b.`user`) AND (o.part = b.part) AND (o.k0 = b.k0) AND (o.k1 = b.k1);

-- size: acceptable candidates that the request does not have. asked: the rows that they should fill.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__heavy__counts AS
SELECT
  g.`user`, g.part, g.k0, g.k1, (a.items - g.before) - coalesce(l.late, 0L) AS size,
  CASE WHEN coalesce(d.taken, 0L) < least(g.quota, (a.items - g.before) - coalesce(l.late, 0L)) THEN coalesce(d.taken, 0L) ELSE g.quota END AS asked
FROM exposed_unclicked__heavy__values g
JOIN exposed_unclicked__heavy__acceptable a ON (a.`user` = g.`user`) AND (a.part = g.part) AND (a.k0 = g.k0) AND (a.k1 = g.k1)
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, CAST(array_size(items) AS BIGINT) AS taken
  FROM exposed_unclicked__heavy__lists
) d ON (d.`user` = g.`user`) AND (d.part = g.part) AND (d.k0 = g.k0) AND (d.k1 = g.k1)
LEFT JOIN (
  SELECT
    c.`user`, c.part, c.k0, c.k1, count(*) AS late
  FROM (
    SELECT
      h.`user`, h.part, h.k0, h.k1, p.item
    FROM (
      SELECT
        `user`, part, k0, k1, t, read_t, value,
        explode(sequence(CAST(floor(read_t / CAST('3600000000' AS DOUBLE)) AS BIGINT), CAST(floor(t / CAST('3600000000' AS DOUBLE)) AS BIGINT))) AS `hour`
      FROM exposed_unclicked__heavy__values
      WHERE read_t < t
    ) h
    JOIN (
      SELECT
        *, CAST(floor(since / CAST('3600000000' AS DOUBLE)) AS BIGINT) AS `hour`
      FROM exposed_unclicked__heavy__pool
    ) p ON ((p.value = h.value) AND (p.`hour` = h.`hour`)) AND (p.since >= h.read_t) AND (p.since < h.t) AND (p.created <= h.t) AND (h.t < p.removed)
  ) c
  ANTI JOIN excluded_0 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
  ANTI JOIN group_positives o ON (o.`user` = c.`user`) AND (o.part = c.part) AND (o.k0 = c.k0) AND (o.k1 = c.k1) AND (o.item = c.item)
  GROUP BY c.`user`, c.part, c.k0, c.k1
) l ON (l.`user` = g.`user`) AND (l.part = g.part) AND (l.k0 = g.k0) AND (l.k1 = g.k1);

-- Number of acceptable candidates of each group. Those of the user are not counted if those of the request are enough.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/exposed_unclicked__sizes' USING parquet
SELECT
  g.`user`, g.part, g.k0, g.k1, g.quota, coalesce(r.candidates, 0L) AS request_size,
  coalesce(h.size, u.candidates, 0L) AS user_size,
  coalesce(h.asked, g.quota - least(g.quota, coalesce(r.candidates, 0L))) AS user_asked
FROM exposed_unclicked__groups g
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, count(*) AS candidates
  FROM exposed_unclicked__request_rows
  GROUP BY `user`, part, k0, k1
) r ON (r.`user` = g.`user`) AND (r.part = g.part) AND (r.k0 = g.k0) AND (r.k1 = g.k1)
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, count(*) AS candidates
  FROM exposed_unclicked__user_rows
  GROUP BY `user`, part, k0, k1
) u ON (u.`user` = g.`user`) AND (u.part = g.part) AND (u.k0 = g.k0) AND (u.k1 = g.k1)
LEFT JOIN exposed_unclicked__heavy__counts h ON (h.`user` = g.`user`) AND (h.part = g.part) AND (h.k0 = g.k0) AND (h.k1 = g.k1);
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__sizes USING parquet OPTIONS (path 's3a://samples/_work/recall-…/exposed_unclicked__sizes');

-- The negatives of the entry, numbered from 0.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__drawn AS
SELECT
  r.`user`, r.part, r.k0, r.k1, r.item, r.place - 1L AS draw
FROM exposed_unclicked__request_rows r
JOIN exposed_unclicked__sizes s ON (s.`user` = r.`user`) AND (s.part = r.part) AND (s.k0 = r.k0) AND (s.k1 = r.k1)
WHERE r.place <= s.quota
UNION ALL
SELECT
  r.`user`, r.part, r.k0, r.k1, r.item, ((least(s.quota, s.request_size)) + r.place) - 1L AS draw
FROM exposed_unclicked__user_rows r
JOIN exposed_unclicked__sizes s ON (s.`user` = r.`user`) AND (s.part = r.part) AND (s.k0 = r.k0) AND (s.k1 = r.k1)
WHERE ((least(s.quota, s.request_size)) + r.place) <= s.quota
UNION ALL
SELECT
  r.`user`, r.part, r.k0, r.k1, r.item, least(s.quota, s.request_size) + r.draw AS draw
FROM exposed_unclicked__heavy__drawn r
JOIN exposed_unclicked__sizes s ON (s.`user` = r.`user`) AND (s.part = r.part) AND (s.k0 = r.k0) AND (s.k1 = r.k1);

-- ----------------------------------------------------------------------
-- 9. Entry host_refused: rejected
-- ----------------------------------------------------------------------
-- Rejections up to known until, and since when each counts.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/host_refused__user' USING parquet
SELECT /*+ BROADCAST(h) */
  s.`user`, s.item, s.since, s.i0, s.i1, explode(sequence(0L, (coalesce(h.parts, 1L) - 1L))) AS part
FROM (
  SELECT
    `user`, item, since, CAST(conv(substr(md5, 1, 8), 16, 10) AS BIGINT) AS i0,
    CAST(conv(substr(md5, 9, 8), 16, 10) AS BIGINT) AS i1
  FROM (
    SELECT
      `user`, item, since, md5(CAST(item AS STRING)) AS md5
    FROM (
      SELECT
        `user`, item, -4611686018427387904L AS since
      FROM (
        SELECT
          CAST(user_id AS BIGINT) AS `user`, CAST(item_id AS BIGINT) AS item, unix_micros(CAST(ts AS TIMESTAMP)) AS `at`
        FROM raw_rejections
      ) q
      WHERE (`user` IS NOT NULL)
        AND (item IS NOT NULL)
        AND ((`at` IS NULL) OR (`at` <= 1795219199999999L))
      GROUP BY `user`, item
    ) q
  ) q
) s
LEFT JOIN split_users h ON h.`user` = s.`user`;
CREATE OR REPLACE TEMPORARY VIEW host_refused__user USING parquet OPTIONS (path 's3a://samples/_work/recall-…/host_refused__user');

-- Groups that draw something.
CREATE OR REPLACE TEMPORARY VIEW host_refused__groups AS
SELECT
  `user`, part, k0, k1, t, quota_2 AS quota
FROM groups
WHERE quota_2 > 0L;

-- Users with more than 1024 candidates.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/host_refused__heavy_users' USING parquet
SELECT
  c.`user`
FROM host_refused__user c
SEMI JOIN (
  SELECT DISTINCT
    `user`
  FROM host_refused__groups
) g ON g.`user` = c.`user`
WHERE c.part = 0L
GROUP BY c.`user`
HAVING count(*) > 1024L;
CREATE OR REPLACE TEMPORARY VIEW host_refused__heavy_users USING parquet OPTIONS (path 's3a://samples/_work/recall-…/host_refused__heavy_users');

-- Groups of other users. Their candidates are put in order.
CREATE OR REPLACE TEMPORARY VIEW host_refused__light AS
SELECT
  g.*
FROM host_refused__groups g
ANTI JOIN host_refused__heavy_users h ON h.`user` = g.`user`;

-- The acceptable candidates of the user in keyed order.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/host_refused__user_rows' USING parquet
SELECT
  `user`, part, k0, k1, item,
  row_number() OVER (PARTITION BY `user`, part, k0, k1 ORDER BY a NULLS FIRST, b NULLS FIRST, item NULLS FIRST) AS place
FROM (
  SELECT z.`user`, z.part, z.k0, z.k1, z.item, out.a, out.b
  FROM (
    SELECT
      `user`, part, k0, k1, item, ((k0 ^ i0) ^ 1065335608L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
      (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
      (a_3 ^ shiftright(a_3, 13)) AS a_4,
      (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
      (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ i1) ^ 61268703L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
      (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
      (b_3 ^ shiftright(b_3, 13)) AS b_4,
      (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
      (b_5 ^ shiftright(b_5, 16)) AS b
    FROM (
      SELECT
        c.`user`, c.part, c.k0, c.k1, c.item, c.i0, c.i1
      FROM (
        SELECT
          g.`user`, g.part, g.k0, g.k1, g.t, l.item, l.i0, l.i1
        FROM host_refused__light g
        JOIN host_refused__user l ON (l.`user` = g.`user`) AND (l.part = g.part)
      ) c
      JOIN corpus i ON (i.item = c.item) AND (i.created <= c.t) AND (c.t < i.removed)
      ANTI JOIN group_positives o ON (o.`user` = c.`user`) AND (o.part = c.part) AND (o.k0 = c.k0) AND (o.k1 = c.k1) AND (o.item = c.item)
    ) q
  ) z
  LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
) q;
CREATE OR REPLACE TEMPORARY VIEW host_refused__user_rows USING parquet OPTIONS (path 's3a://samples/_work/recall-…/host_refused__user_rows');

-- The candidates of heavy users in the order of items. Those that the corpus lacks are never eligible.
-- docs/sampling.md: Lists, heavy users.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/host_refused__heavy__pool' USING parquet
SELECT
  c.`user` AS value, c.item,
  CASE WHEN i.item IS NULL THEN 4611686018427387904L ELSE greatest(c.since, i.created) END AS created,
  CASE WHEN i.item IS NULL THEN 4611686018427387904L ELSE i.removed END AS removed,
  row_number() OVER (PARTITION BY c.`user` ORDER BY c.item NULLS FIRST) - 1L AS place
FROM host_refused__user c
SEMI JOIN host_refused__heavy_users h ON h.`user` = c.`user`
LEFT JOIN corpus i ON i.item = c.item
WHERE c.part = 0L;
CREATE OR REPLACE TEMPORARY VIEW host_refused__heavy__pool USING parquet OPTIONS (path 's3a://samples/_work/recall-…/host_refused__heavy__pool');

-- Number of the candidates of each of them.
CREATE OR REPLACE TEMPORARY VIEW host_refused__heavy__size AS
SELECT
  value, count(*) AS items, 0L AS bits
FROM host_refused__heavy__pool
GROUP BY value;

-- Groups of heavy users, the rows that are missing, and the most attempts.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/host_refused__heavy__values' USING parquet
SELECT
  g.`user`, g.part, g.k0, g.k1, g.t, g.`user` AS value, 0L AS before, g.quota, (8L * g.quota) + 64L AS attempts
FROM host_refused__groups g
SEMI JOIN host_refused__heavy_users h ON h.`user` = g.`user`;
CREATE OR REPLACE TEMPORARY VIEW host_refused__heavy__values USING parquet OPTIONS (path 's3a://samples/_work/recall-…/host_refused__heavy__values');

-- The same with the number of candidates.
CREATE OR REPLACE TEMPORARY VIEW host_refused__heavy__groups AS
SELECT
  g.*, s.items AS size, s.bits
FROM host_refused__heavy__values g
JOIN host_refused__heavy__size s ON s.value = g.value;

-- As many attempts as rows are missing, and 8 more.
-- An item counts at its smallest accepted attempt k. docs/sampling.md: Pools.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/host_refused__heavy__accepted_1' USING parquet
SELECT
  `user`, part, k0, k1, quota, t, value, attempts, size, bits, items,
  quota - CAST(array_size(items) AS BIGINT) AS missing
FROM (
  SELECT
    `user`, part, k0, k1, quota, t, value, attempts, size, bits,
    slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      `user`, part, k0, k1, quota, t, value, attempts, size, bits, members.item AS found
    FROM (
      SELECT
        c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.value, c.attempts, c.size, c.bits,
        sort_array(collect_list(struct(c.k AS k, c.item AS item)) FILTER (WHERE (c.item IS NOT NULL) AND (o.`user` IS NULL))) AS members
      FROM (
        SELECT
          d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.value, d.attempts, d.size, d.bits, d.k, p.item
        FROM (
          SELECT
            `user`, part, k0, k1, quota, t, value, attempts, size, bits, k,
            least(size - 1L, CAST(floor((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) * CAST(size AS DOUBLE)) AS BIGINT)) AS place
          FROM (
            SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.value, z.attempts, z.size, z.bits, z.k, out.a, out.b
            FROM (
              SELECT
                `user`, part, k0, k1, quota, t, value, attempts, size, bits, k, ((k0 ^ w) ^ 1065335608L) AS a_1,
                (a_1 ^ shiftright(a_1, 16)) AS a_2,
                (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                (a_3 ^ shiftright(a_3, 13)) AS a_4,
                (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 61268703L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                (b_3 ^ shiftright(b_3, 13)) AS b_4,
                (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                (b_5 ^ shiftright(b_5, 16)) AS b
              FROM (
                SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.value, z.attempts, z.size, z.bits, z.k, out.w
                FROM (
                  SELECT
                    `user`, part, k0, k1, quota, t, value, attempts, size, bits, k, k + 1L AS w_0,
                    (((w_0 & 65535L) * 2654435761L) + shiftleft(((shiftright(w_0, 16) * 2654435761L) & 65535L), 16)) & 4294967295L AS w_1,
                    (w_1 ^ shiftright(w_1, 16)) AS w_2,
                    (((w_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(w_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS w_3,
                    (w_3 ^ shiftright(w_3, 13)) AS w_4,
                    (((w_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(w_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS w_5,
                    (w_5 ^ shiftright(w_5, 16)) AS w
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, value, attempts, size, bits, explode(sequence(0L, ((quota + 8L) - 1L))) AS k
                    FROM (
                      SELECT
                        *
                      FROM host_refused__heavy__groups
                      DISTRIBUTE BY `user`, part
                    ) q
                  ) q
                ) z
                LATERAL VIEW inline(array(struct(z.w))) out AS w
              ) q
            ) z
            LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
          ) q
        ) d
        LEFT JOIN host_refused__heavy__pool p ON ((p.value = d.value) AND (p.place = d.place)) AND (p.created <= d.t) AND (d.t < p.removed)
      ) c
      LEFT JOIN group_positives o ON (o.`user` = c.`user`) AND (o.part = c.part) AND (o.k0 = c.k0) AND (o.k1 = c.k1) AND (o.item = c.item)
      GROUP BY c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.value, c.attempts, c.size, c.bits
    ) q
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW host_refused__heavy__accepted_1 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/host_refused__heavy__accepted_1');

-- Groups that are not full: all attempts up to 8·quota + 64.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/host_refused__heavy__accepted_2' USING parquet
SELECT
  `user`, part, k0, k1, items
FROM (
  SELECT
    `user`, part, k0, k1, slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      f.`user`, f.part, f.k0, f.k1, f.quota, concat(coalesce(a.items, array()), coalesce(f.found, array())) AS found
    FROM (
      SELECT
        `user`, part, k0, k1, quota, members.item AS found
      FROM (
        SELECT
          c.`user`, c.part, c.k0, c.k1, c.quota,
          sort_array(collect_list(struct(c.k AS k, c.item AS item)) FILTER (WHERE (c.item IS NOT NULL) AND (o.`user` IS NULL))) AS members
        FROM (
          SELECT
            d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.value, d.attempts, d.size, d.bits, d.k, p.item
          FROM (
            SELECT
              `user`, part, k0, k1, quota, t, value, attempts, size, bits, k,
              least(size - 1L, CAST(floor((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) * CAST(size AS DOUBLE)) AS BIGINT)) AS place
            FROM (
              SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.value, z.attempts, z.size, z.bits, z.k, out.a, out.b
              FROM (
                SELECT
                  `user`, part, k0, k1, quota, t, value, attempts, size, bits, k, ((k0 ^ w) ^ 1065335608L) AS a_1,
                  (a_1 ^ shiftright(a_1, 16)) AS a_2,
                  (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                  (a_3 ^ shiftright(a_3, 13)) AS a_4,
                  (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                  (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 61268703L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                  (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                  (b_3 ^ shiftright(b_3, 13)) AS b_4,
                  (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                  (b_5 ^ shiftright(b_5, 16)) AS b
                FROM (
                  SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.value, z.attempts, z.size, z.bits, z.k, out.w
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, value, attempts, size, bits, k, k + 1L AS w_0,
                      (((w_0 & 65535L) * 2654435761L) + shiftleft(((shiftright(w_0, 16) * 2654435761L) & 65535L), 16)) & 4294967295L AS w_1,
                      (w_1 ^ shiftright(w_1, 16)) AS w_2,
                      (((w_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(w_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS w_3,
                      (w_3 ^ shiftright(w_3, 13)) AS w_4,
                      (((w_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(w_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS w_5,
                      (w_5 ^ shiftright(w_5, 16)) AS w
                    FROM (
                      SELECT
                        `user`, part, k0, k1, quota, t, value, attempts, size, bits,
                        explode(sequence((quota + 8L), (attempts - 1L))) AS k
                      FROM (
                        SELECT
                          `user`, part, k0, k1, quota, t, value, attempts, size, bits
                        FROM host_refused__heavy__accepted_1
                        WHERE missing > 0L
                        DISTRIBUTE BY `user`, part
                      ) q
                    ) q
                  ) z
                  LATERAL VIEW inline(array(struct(z.w))) out AS w
                ) q
              ) z
              LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
            ) q
          ) d
          LEFT JOIN host_refused__heavy__pool p ON ((p.value = d.value) AND (p.place = d.place)) AND (p.created <= d.t) AND (d.t < p.removed)
        ) c
        LEFT JOIN group_positives o ON (o.`user` = c.`user`) AND (o.part = c.part) AND (o.k0 = c.k0) AND (o.k1 = c.k1) AND (o.item = c.item)
        GROUP BY c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.value, c.attempts, c.size, c.bits
      ) q
    ) f
    JOIN (
      SELECT
        `user`, part, k0, k1, items
      FROM host_refused__heavy__accepted_1
      WHERE missing > 0L
    ) a ON (a.`user` = f.`user`) AND (a.part = f.part) AND (a.k0 = f.k0) AND (a.k1 = f.k1)
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW host_refused__heavy__accepted_2 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/host_refused__heavy__accepted_2');

-- The negatives of each group, in the order of their draws.
CREATE OR REPLACE TEMPORARY VIEW host_refused__heavy__lists AS
SELECT
  `user`, part, k0, k1, items
FROM host_refused__heavy__accepted_1
WHERE NOT (missing > 0L)
UNION ALL
SELECT
  `user`, part, k0, k1, items
FROM host_refused__heavy__accepted_2;

-- The negatives of the entry.
CREATE OR REPLACE TEMPORARY VIEW host_refused__heavy__drawn AS
SELECT
  `user`, part, k0, k1, items[CAST(draw AS INT)] AS item, draw
FROM (
  SELECT
    `user`, part, k0, k1, items, explode(sequence(0L, (CAST(array_size(items) AS BIGINT) - 1L))) AS draw
  FROM host_refused__heavy__lists
  WHERE CAST(array_size(items) AS BIGINT) > 0L
) q;

-- Weight and number of the items that each group accepts. docs/sampling.md: log q.
CREATE OR REPLACE TEMPORARY VIEW host_refused__heavy__acceptable AS
SELECT
  b.`user`, b.part, b.k0, b.k1, b.items - coalesce(o.items, 0L) AS items
FROM (
  SELECT
    `user`, part, k0, k1, items
  FROM (
    SELECT
      `user`, part, k0, k1, is_group,
      CAST(sum(items) OVER (PARTITION BY `user`, part, value ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS items
    FROM (
      SELECT
        `user`, part, value, created AS `at`, 0L AS is_group, 1L AS items, CAST(NULL AS BIGINT) AS k0,
        CAST(NULL AS BIGINT) AS k1
      FROM (
        SELECT /*+ BROADCAST(h) */
          s.`user`, s.value, s.created, s.removed, explode(sequence(0L, (coalesce(h.parts, 1L) - 1L))) AS part
        FROM (
          SELECT
            value AS `user`, value, created, removed
          FROM host_refused__heavy__pool
        ) s
        LEFT JOIN split_users h ON h.`user` = s.`user`
      ) q
      WHERE created < removed
      UNION ALL
      SELECT
        `user`, part, value, removed AS `at`, 0L AS is_group, -1L AS items, CAST(NULL AS BIGINT) AS k0,
        CAST(NULL AS BIGINT) AS k1
      FROM (
        SELECT /*+ BROADCAST(h) */
          s.`user`, s.value, s.created, s.removed, explode(sequence(0L, (coalesce(h.parts, 1L) - 1L))) AS part
        FROM (
          SELECT
            value AS `user`, value, created, removed
          FROM host_refused__heavy__pool
        ) s
        LEFT JOIN split_users h ON h.`user` = s.`user`
      ) q
      WHERE created < removed
      UNION ALL
      SELECT
        `user`, part, value, t AS `at`, 1L AS is_group, 0L AS items, k0, k1
      FROM host_refused__heavy__values
    ) q
  ) q
  WHERE is_group = 1L
) b
LEFT JOIN (
  SELECT
    c.`user`, c.part, c.k0, c.k1, count(*) AS items
  FROM (
    SELECT
      o.`user`, o.part, o.k0, o.k1
    FROM (
      SELECT
        o.`user`, o.part, o.k0, o.k1, o.t, o.item, v.value
      FROM group_positives o
      JOIN host_refused__heavy__values v ON (v.`user` = o.`user`) AND (v.part = o.part) AND (v.k0 = o.k0) AND (v.k1 = o.k1)
    ) o
    JOIN host_refused__heavy__pool p ON ((p.value = o.value) AND (p.item = o.item)) AND (p.created <= o.t) AND (o.t < p.removed)
  ) c
  GROUP BY c.`user`, c.part, c.k0, c.k1
) o ON (o.`user` = b.`user`) AND (o.part = b.part) AND (o.k0 = b.k0) AND (o.k1 = b.k1);

-- size: acceptable candidates that the request does not have. asked: the rows that they should fill.
CREATE OR REPLACE TEMPORARY VIEW host_refused__heavy__counts AS
SELECT
  g.`user`, g.part, g.k0, g.k1, a.items - g.before AS size,
  CASE WHEN coalesce(d.taken, 0L) < least(g.quota, a.items - g.before) THEN coalesce(d.taken, 0L) ELSE g.quota END AS asked
FROM host_refused__heavy__values g
JOIN host_refused__heavy__acceptable a ON (a.`user` = g.`user`) AND (a.part = g.part) AND (a.k0 = g.k0) AND (a.k1 = g.k1)
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, CAST(array_size(items) AS BIGINT) AS taken
  FROM host_refused__heavy__lists
) d ON (d.`user` = g.`user`) AND (d.part = g.part) AND (d.k0 = g.k0) AND (d.k1 = g.k1);

-- Number of acceptable candidates of each group. Those of the user are not counted if those of the request are enough.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/host_refused__sizes' USING parquet
SELECT
  g.`user`, g.part, g.k0, g.k1, g.quota, 0L AS request_size, coalesce(h.size, u.candidates, 0L) AS user_size,
  coalesce(h.asked, g.quota - least(g.quota, 0L)) AS user_asked
FROM host_refused__groups g
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, count(*) AS candidates
  FROM host_refused__user_rows
  GROUP BY `user`, part, k0, k1
) u ON (u.`user` = g.`user`) AND (u.part = g.part) AND (u.k0 = g.k0) AND (u.k1 = g.k1)
LEFT JOIN host_refused__heavy__counts h ON (h.`user` = g.`user`) AND (h.part = g.part) AND (h.k0 = g.k0) AND (h.k1 = g.k1);
CREATE OR REPLACE TEMPORARY VIEW host_refused__sizes USING parquet OPTIONS (path 's3a://samples/_work/recall-…/host_refused__sizes');

-- The negatives of the entry, numbered from 0.
CREATE OR REPLACE TEMPORARY VIEW host_refused__drawn AS
SELECT
  r.`user`, r.part, r.k0, r.k1, r.item, ((least(s.quota, s.request_size)) + r.place) - 1L AS draw
FROM host_refused__user_rows r
JOIN host_refused__sizes s ON (s.`user` = r.`user`) AND (s.part = r.part) AND (s.k0 = r.k0) AND (s.k1 = r.k1)
WHERE ((least(s.quota, s.request_size)) + r.place) <= s.quota
UNION ALL
SELECT
  r.`user`, r.part, r.k0, r.k1, r.item, least(s.quota, s.request_size) + r.draw AS draw
FROM host_refused__heavy__drawn r
JOIN host_refused__sizes s ON (s.`user` = r.`user`) AND (s.part = r.part) AND (s.k0 = r.k0) AND (s.k1 = r.k1);

-- ----------------------------------------------------------------------
-- 10. Entry popularity: popularity
-- ----------------------------------------------------------------------
-- The values of group_by of each user. Of several rows of a user, the smallest.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/popularity__users' USING parquet
SELECT
  `user`, 'v' || attribute_0 AS value
FROM (
  SELECT
    CAST(user_id AS BIGINT) AS `user`, min(CAST(region AS STRING)) AS attribute_0
  FROM raw_users
  WHERE CAST(user_id AS BIGINT) IS NOT NULL
  GROUP BY CAST(user_id AS BIGINT)
) q
WHERE attribute_0 IS NOT NULL;
CREATE OR REPLACE TEMPORARY VIEW popularity__users USING parquet OPTIONS (path 's3a://samples/_work/recall-…/popularity__users');

-- The day of each group, at most the one after the cut, and the value of its user.
CREATE OR REPLACE TEMPORARY VIEW popularity__wanted AS
SELECT
  g.`user`, g.part, g.k0, g.k1,
  least(CAST(unix_date(CAST(timestamp_micros(g.t) AS DATE)) AS BIGINT), CAST(unix_date(CAST(timestamp_micros(1795219199999999L) AS DATE)) AS BIGINT) + 1L) AS `day`,
  coalesce(u.value, '') AS user_value
FROM groups g
LEFT JOIN popularity__users u ON u.`user` = g.`user`;

-- The rows that count.
CREATE OR REPLACE TEMPORARY VIEW popularity__counted AS
SELECT
  `user`, item, CAST(unix_date(CAST(timestamp_micros(t) AS DATE)) AS BIGINT) AS row_day
FROM log
WHERE event_0
  AND (t <= 1795219199999999L);

-- Counts by item and day, for all users and for the users of each value.
CREATE OR REPLACE TEMPORARY VIEW popularity__counts AS
SELECT
  '' AS user_value, l.item, l.row_day, count(*) AS counted
FROM popularity__counted l
GROUP BY l.item, l.row_day
UNION ALL
SELECT
  u.value AS user_value, l.item, l.row_day, count(*) AS counted
FROM popularity__counted l
JOIN popularity__users u ON u.`user` = l.`user`
GROUP BY u.value, l.item, l.row_day;

-- The days and values of the tables.
CREATE OR REPLACE TEMPORARY VIEW popularity__tables AS
SELECT
  `day`, user_value
FROM popularity__wanted
UNION
SELECT
  `day`, '' AS user_value
FROM popularity__wanted;

-- The days that count for each day with groups.
CREATE OR REPLACE TEMPORARY VIEW popularity__days AS
SELECT
  `day`, user_value, explode(sequence((`day` - 7L), (`day` - 1L))) AS row_day
FROM popularity__tables;

-- Items and their integer weights, sorted into ranges.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/popularity__ranges' USING parquet
SELECT
  value, item, created, removed, weight, spark_partition_id() AS bucket
FROM (
  SELECT /*+ REPARTITION_BY_RANGE(value, item) */
    value, item, created, removed, weight
  FROM (
    SELECT
      value, item, created, removed, weight
    FROM (
      SELECT z.value, z.item, z.created, z.removed, out.weight
      FROM (
        SELECT
          value, item, created, removed, CAST(counted AS DOUBLE) + CAST('0' AS DOUBLE) AS root_0,
          sqrt(root_0) AS root_1, sqrt(root_1) AS root_2,
          CASE WHEN root_0 > CAST('0' AS DOUBLE) THEN greatest(1L, CAST(floor((CAST('1024' AS DOUBLE) * (root_1 * root_2)) + CAST('0.5' AS DOUBLE)) AS BIGINT)) ELSE 0L END AS weight
        FROM (
          SELECT
            n.value, n.item, n.counted, m.created, m.removed
          FROM (
            SELECT
              CAST(w.`day` AS STRING) || chr(31) || w.user_value AS value, n.item, CAST(sum(n.counted) AS BIGINT) AS counted
            FROM popularity__days w
            JOIN popularity__counts n ON (n.user_value = w.user_value) AND (n.row_day = w.row_day)
            GROUP BY w.`day`, w.user_value, n.item
          ) n
          JOIN (
            SELECT
              item, created, removed
            FROM corpus
            WHERE listed
          ) m ON m.item = n.item
        ) q
      ) z
      LATERAL VIEW inline(array(struct(z.weight))) out AS weight
    ) q
    WHERE weight > 0L
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW popularity__ranges USING parquet OPTIONS (path 's3a://samples/_work/recall-…/popularity__ranges');

-- place: the index of an item in the pool. upto: the weights up to it.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/popularity__pool' USING parquet
SELECT
  r.value, r.item, r.created, r.removed, r.weight, r.upto + b.upto AS upto, (r.place + b.place) - 1L AS place
FROM (
  SELECT
    value, item, created, removed, weight, bucket,
    CAST(sum(weight) OVER (PARTITION BY value, bucket ORDER BY item NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS upto,
    row_number() OVER (PARTITION BY value, bucket ORDER BY item NULLS FIRST) AS place
  FROM popularity__ranges
) r
JOIN (
  SELECT
    value, bucket,
    coalesce(CAST(sum(upto) OVER (PARTITION BY value ORDER BY bucket NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0L) AS upto,
    coalesce(CAST(sum(place) OVER (PARTITION BY value ORDER BY bucket NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0L) AS place
  FROM (
    SELECT
      value, bucket, CAST(sum(weight) AS BIGINT) AS upto, count(bucket) AS place
    FROM popularity__ranges
    GROUP BY value, bucket
  ) q
) b ON (b.value = r.value) AND (b.bucket = r.bucket);
CREATE OR REPLACE TEMPORARY VIEW popularity__pool USING parquet OPTIONS (path 's3a://samples/_work/recall-…/popularity__pool');

-- Total weight, number of items, and bits of the columns of the alias table.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/popularity__size' USING parquet
SELECT
  value, total, items, CASE WHEN items <= 1L THEN 0L ELSE CAST(length(bin(items - 1L)) AS BIGINT) END AS bits
FROM (
  SELECT
    value, CAST(sum(weight) AS BIGINT) AS total, count(*) AS items
  FROM popularity__ranges
  GROUP BY value
  HAVING count(*) > 0L
) q;
CREATE OR REPLACE TEMPORARY VIEW popularity__size USING parquet OPTIONS (path 's3a://samples/_work/recall-…/popularity__size');

-- Columns of the alias table with their mass in units of 2^-32. off: the distance from a full column.
-- docs/sampling.md: Pools. Heavy columns have at least one unit of 2^32, light ones less.
CREATE OR REPLACE TEMPORARY VIEW popularity__columns AS
SELECT
  value, j, mass, CASE WHEN mass >= 4294967296L THEN 1L ELSE 0L END AS heavy, abs(mass - 4294967296L) AS off,
  shiftright(j, 15) AS bucket
FROM (
  SELECT
    p.value, p.place AS j,
    CAST(floor((CAST(p.upto AS DOUBLE) / CAST(s.total AS DOUBLE)) * (CAST(shiftleft(1L, CAST(s.bits AS INT)) AS DOUBLE) * CAST('4294967296' AS DOUBLE))) AS BIGINT) - CASE WHEN p.place = 0L THEN 0L ELSE CAST(floor((CAST(p.upto - p.weight AS DOUBLE) / CAST(s.total AS DOUBLE)) * (CAST(shiftleft(1L, CAST(s.bits AS INT)) AS DOUBLE) * CAST('4294967296' AS DOUBLE))) AS BIGINT) END AS mass
  FROM popularity__pool p
  JOIN popularity__size s ON s.value = p.value
  UNION ALL
  SELECT
    value, j, 0L AS mass
  FROM (
    SELECT
      value, explode(sequence(items, (shiftleft(1L, CAST(bits AS INT)) - 1L))) AS j
    FROM popularity__size
    WHERE items <= (shiftleft(1L, CAST(bits AS INT)) - 1L)
  ) q
) q;

-- upto: deficits of the light columns, or surpluses of the heavy ones, up to each column. next: the next one of its kind.
CREATE OR REPLACE TEMPORARY VIEW popularity__sums AS
SELECT
  r.value, r.heavy, r.j, r.mass, r.off + b.off AS upto, coalesce(r.next, b.first) AS next
FROM (
  SELECT
    value, heavy, j, mass, bucket,
    CAST(sum(off) OVER (PARTITION BY value, heavy, bucket ORDER BY j NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS off,
    lead(j) OVER (PARTITION BY value, heavy, bucket ORDER BY j NULLS FIRST) AS next
  FROM popularity__columns
) r
JOIN (
  SELECT
    value, heavy, bucket,
    coalesce(CAST(sum(off) OVER (PARTITION BY value, heavy ORDER BY bucket NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0L) AS off,
    lead(first) OVER (PARTITION BY value, heavy ORDER BY bucket NULLS FIRST) AS first
  FROM (
    SELECT
      value, heavy, bucket, CAST(sum(off) AS BIGINT) AS off, min(j) AS first
    FROM popularity__columns
    GROUP BY value, heavy, bucket
  ) q
) b ON (b.value = r.value) AND (b.heavy = r.heavy) AND (b.bucket = r.bucket);

-- search 0: A light column takes the first heavy column whose surpluses cover the deficits before it.
-- search 1: A heavy column takes the least deficit above its surpluses. What is missing comes from the next heavy one.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/popularity__search' USING parquet
SELECT
  search, value, `at`, heavy, j, mass, next, found, spark_partition_id() AS bucket
FROM (
  SELECT /*+ REPARTITION_BY_RANGE(search, value, `at`, heavy, j) */
    search, value, `at`, heavy, j, mass, next, found
  FROM (
    SELECT
      search, value, j, mass, next, heavy,
      CASE WHEN (heavy = 0L) AND (search = 0L) THEN upto - (4294967296L - mass) ELSE upto END AS `at`,
      CASE WHEN (search = 0L) AND (NOT (heavy = 0L)) THEN j WHEN (NOT (search = 0L)) AND (heavy = 0L) THEN upto END AS found
    FROM (
      SELECT
        value, j, mass, next, heavy, upto, explode(sequence(0L, 1L)) AS search
      FROM popularity__sums
    ) q
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW popularity__search USING parquet OPTIONS (path 's3a://samples/_work/recall-…/popularity__search');

-- A draw takes item j if its second word is below the threshold, else the alias.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/popularity__alias' USING parquet
SELECT
  value, j,
  CASE WHEN NOT (heavy = 1L) THEN mass WHEN found IS NULL THEN 4294967296L ELSE 4294967296L - (found - `at`) END AS threshold,
  CASE WHEN NOT (heavy = 1L) THEN found WHEN found IS NULL THEN j ELSE next END AS alias
FROM (
  SELECT
    r.search, r.value, r.j, r.mass, r.next, r.heavy, r.`at`, coalesce(r.found, b.found) AS found
  FROM (
    SELECT
      search, value, j, mass, next, heavy, `at`, bucket,
      min(found) OVER (PARTITION BY search, value, bucket ORDER BY `at` DESC NULLS LAST, heavy DESC NULLS LAST, j DESC NULLS LAST ROWS UNBOUNDED PRECEDING) AS found
    FROM popularity__search
  ) r
  JOIN (
    SELECT
      search, value, bucket,
      min(found) OVER (PARTITION BY search, value ORDER BY bucket DESC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS found
    FROM (
      SELECT
        search, value, bucket, min(found) AS found
      FROM popularity__search
      GROUP BY search, value, bucket
    ) q
  ) b ON (b.search = r.search) AND (b.value = r.value) AND (b.bucket = r.bucket)
) q
WHERE search = heavy;
CREATE OR REPLACE TEMPORARY VIEW popularity__alias USING parquet OPTIONS (path 's3a://samples/_work/recall-…/popularity__alias');

-- The groups of the entry, with the value that chooses their table.
CREATE OR REPLACE TEMPORARY VIEW popularity__values AS
SELECT
  g.`user`, g.part, g.k0, g.k1, g.t, g.quota_3 AS quota, g.item AS own,
  coalesce(z.value, CAST(w.`day` AS STRING) || chr(31) || '') AS value
FROM groups g
JOIN popularity__wanted w ON (w.`user` = g.`user`) AND (w.part = g.part) AND (w.k0 = g.k0) AND (w.k1 = g.k1)
LEFT JOIN popularity__size z ON z.value = (CAST(w.`day` AS STRING) || chr(31) || w.user_value);

-- Groups that draw something, with the size of their table.
CREATE OR REPLACE TEMPORARY VIEW popularity__groups AS
SELECT
  g.`user`, g.part, g.k0, g.k1, g.t, g.quota, g.own, g.value, s.items AS size, s.bits
FROM popularity__values g
JOIN popularity__size s ON s.value = g.value
WHERE (g.quota > 0L)
  AND (s.items > 0L);

-- An attempt more for each eight rows that are missing, and one more. Most groups are full then.
-- An item counts at its smallest accepted attempt k. docs/sampling.md: Pools.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/popularity__accepted_1' USING parquet
SELECT
  `user`, part, k0, k1, quota, t, own, value, size, bits, items,
  quota - CAST(array_size(items) AS BIGINT) AS missing
FROM (
  SELECT
    `user`, part, k0, k1, quota, t, own, value, size, bits,
    slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      `user`, part, k0, k1, quota, t, own, value, size, bits,
      array_compact(array(item_0, item_1, item_2, item_3, item_4, item_5)) AS found
    FROM (
      SELECT
        `user`, part, k0, k1, quota, t, own, value, size, bits, max(accepted) FILTER (WHERE attempt = 0L) AS item_0,
        max(accepted) FILTER (WHERE attempt = 1L) AS item_1, max(accepted) FILTER (WHERE attempt = 2L) AS item_2,
        max(accepted) FILTER (WHERE attempt = 3L) AS item_3, max(accepted) FILTER (WHERE attempt = 4L) AS item_4,
        max(accepted) FILTER (WHERE attempt = 5L) AS item_5
      FROM (
        SELECT
          c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.own, c.value, c.size, c.bits, c.k AS attempt,
          CASE WHEN (c.item IS NOT NULL) AND (c.item <> c.own) AND (x.`user` IS NULL) THEN c.item END AS accepted
        FROM (
          SELECT
            d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.value, d.size, d.bits, d.k, p.item
          FROM (
            SELECT
              d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.value, d.size, d.bits, d.k,
              CASE WHEN d.b < t.threshold THEN d.j ELSE t.alias END AS place
            FROM (
              SELECT
                `user`, part, k0, k1, quota, t, own, value, size, bits, k, b,
                CASE WHEN bits = 0L THEN 0L ELSE shiftright(a, CAST((32L - bits) AS INT)) END AS j
              FROM (
                SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.value, z.size, z.bits, z.k, out.a, out.b
                FROM (
                  SELECT
                    `user`, part, k0, k1, quota, t, own, value, size, bits, k, ((k0 ^ w) ^ 513679045L) AS a_1,
                    (a_1 ^ shiftright(a_1, 16)) AS a_2,
                    (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                    (a_3 ^ shiftright(a_3, 13)) AS a_4,
                    (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                    (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 3508052148L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                    (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                    (b_3 ^ shiftright(b_3, 13)) AS b_4,
                    (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                    (b_5 ^ shiftright(b_5, 16)) AS b
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, own, value, size, bits, k,
                      array(301794027L, 3140136926L, 3601063660L, 4123930335L, 2575495355L, 2161595580L)[CAST(k AS INT)] AS w
                    FROM (
                      SELECT
                        `user`, part, k0, k1, quota, t, own, value, size, bits,
                        explode(sequence(0L, (quota + shiftright(quota, 3)))) AS k
                      FROM (
                        SELECT
                          *
                        FROM popularity__groups
                        DISTRIBUTE BY `user`, part
                      ) q
                    ) q
                  ) q
                ) z
                LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
              ) q
            ) d
            JOIN popularity__alias t ON (t.value = d.value) AND (t.j = d.j)
          ) d
          LEFT JOIN popularity__pool p ON ((p.value = d.value) AND (p.place = d.place)) AND (p.created <= d.t) AND (d.t < p.removed)
        ) c
        LEFT JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
      ) q
      GROUP BY `user`, part, k0, k1, quota, t, own, value, size, bits
    ) q
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW popularity__accepted_1 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/popularity__accepted_1');

-- Groups that are not full: 8 more attempts.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/popularity__accepted_2' USING parquet
SELECT
  `user`, part, k0, k1, quota, t, own, value, size, bits, items,
  quota - CAST(array_size(items) AS BIGINT) AS missing
FROM (
  SELECT
    `user`, part, k0, k1, quota, t, own, value, size, bits,
    slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      f.`user`, f.part, f.k0, f.k1, f.quota, f.t, f.own, f.value, f.size, f.bits,
      concat(coalesce(a.items, array()), coalesce(f.found, array())) AS found
    FROM (
      SELECT
        `user`, part, k0, k1, quota, t, own, value, size, bits,
        array_compact(array(item_0, item_1, item_2, item_3, item_4, item_5, item_6, item_7)) AS found
      FROM (
        SELECT
          `user`, part, k0, k1, quota, t, own, value, size, bits, max(accepted) FILTER (WHERE attempt = 0L) AS item_0,
          max(accepted) FILTER (WHERE attempt = 1L) AS item_1, max(accepted) FILTER (WHERE attempt = 2L) AS item_2,
          max(accepted) FILTER (WHERE attempt = 3L) AS item_3, max(accepted) FILTER (WHERE attempt = 4L) AS item_4,
          max(accepted) FILTER (WHERE attempt = 5L) AS item_5, max(accepted) FILTER (WHERE attempt = 6L) AS item_6,
          max(accepted) FILTER (WHERE attempt = 7L) AS item_7
        FROM (
          SELECT
            c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.own, c.value, c.size, c.bits,
            c.k - ((quota + shiftright(quota, 3)) + 1L) AS attempt,
            CASE WHEN (c.item IS NOT NULL) AND (c.item <> c.own) AND (x.`user` IS NULL) THEN c.item END AS accepted
          FROM (
            SELECT
              d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.value, d.size, d.bits, d.k, p.item
            FROM (
              SELECT
                d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.value, d.size, d.bits, d.k,
                CASE WHEN d.b < t.threshold THEN d.j ELSE t.alias END AS place
              FROM (
                SELECT
                  `user`, part, k0, k1, quota, t, own, value, size, bits, k, b,
                  CASE WHEN bits = 0L THEN 0L ELSE shiftright(a, CAST((32L - bits) AS INT)) END AS j
                FROM (
                  SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.value, z.size, z.bits, z.k, out.a, out.b
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, own, value, size, bits, k, ((k0 ^ w) ^ 513679045L) AS a_1,
                      (a_1 ^ shiftright(a_1, 16)) AS a_2,
                      (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                      (a_3 ^ shiftright(a_3, 13)) AS a_4,
                      (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                      (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 3508052148L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                      (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                      (b_3 ^ shiftright(b_3, 13)) AS b_4,
                      (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                      (b_5 ^ shiftright(b_5, 16)) AS b
                    FROM (
                      SELECT
                        `user`, part, k0, k1, quota, t, own, value, size, bits, k,
                        array(301794027L, 3140136926L, 3601063660L, 4123930335L, 2575495355L, 2161595580L, 2438488908L, 4161883331L, 2973052569L, 855957878L, 2523181930L, 1583049005L, 3076159820L, 582076057L)[CAST(k AS INT)] AS w
                      FROM (
                        SELECT
                          `user`, part, k0, k1, quota, t, own, value, size, bits,
                          explode(sequence(((quota + shiftright(quota, 3)) + 1L), ((quota + shiftright(quota, 3)) + 8L))) AS k
                        FROM (
                          SELECT
                            `user`, part, k0, k1, quota, t, own, value, size, bits
                          FROM popularity__accepted_1
                          WHERE missing > 0L
                          DISTRIBUTE BY `user`, part
                        ) q
                      ) q
                    ) q
                  ) z
                  LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
                ) q
              ) d
              JOIN popularity__alias t ON (t.value = d.value) AND (t.j = d.j)
            ) d
            LEFT JOIN popularity__pool p ON ((p.value = d.value) AND (p.place = d.place)) AND (p.created <= d.t) AND (d.t < p.removed)
          ) c
          LEFT JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
        ) q
        GROUP BY `user`, part, k0, k1, quota, t, own, value, size, bits
      ) q
    ) f
    JOIN (
      SELECT
        `user`, part, k0, k1, items
      FROM popularity__accepted_1
      WHERE missing > 0L
    ) a ON (a.`user` = f.`user`) AND (a.part = f.part) AND (a.k0 = f.k0) AND (a.k1 = f.k1)
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW popularity__accepted_2 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/popularity__accepted_2');

-- The few that are still not full: all attempts up to 8·quota + 64.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/popularity__accepted_3' USING parquet
SELECT
  `user`, part, k0, k1, items
FROM (
  SELECT
    `user`, part, k0, k1, slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      f.`user`, f.part, f.k0, f.k1, f.quota, concat(coalesce(a.items, array()), coalesce(f.found, array())) AS found
    FROM (
      SELECT
        `user`, part, k0, k1, quota, members.item AS found
      FROM (
        SELECT
          c.`user`, c.part, c.k0, c.k1, c.quota,
          sort_array(collect_list(struct(c.k AS k, c.item AS item)) FILTER (WHERE (c.item IS NOT NULL) AND (c.item <> c.own) AND (x.`user` IS NULL))) AS members
        FROM (
          SELECT
            d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.value, d.size, d.bits, d.k, p.item
          FROM (
            SELECT
              d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.value, d.size, d.bits, d.k,
              CASE WHEN d.b < t.threshold THEN d.j ELSE t.alias END AS place
            FROM (
              SELECT
                `user`, part, k0, k1, quota, t, own, value, size, bits, k, b,
                CASE WHEN bits = 0L THEN 0L ELSE shiftright(a, CAST((32L - bits) AS INT)) END AS j
              FROM (
                SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.value, z.size, z.bits, z.k, out.a, out.b
                FROM (
                  SELECT
                    `user`, part, k0, k1, quota, t, own, value, size, bits, k, ((k0 ^ w) ^ 513679045L) AS a_1,
                    (a_1 ^ shiftright(a_1, 16)) AS a_2,
                    (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                    (a_3 ^ shiftright(a_3, 13)) AS a_4,
                    (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                    (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 3508052148L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                    (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                    (b_3 ^ shiftright(b_3, 13)) AS b_4,
                    (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                    (b_5 ^ shiftright(b_5, 16)) AS b
                  FROM (
                    SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.value, z.size, z.bits, z.k, out.w
                    FROM (
                      SELECT
                        `user`, part, k0, k1, quota, t, own, value, size, bits, k, k + 1L AS w_0,
                        (((w_0 & 65535L) * 2654435761L) + shiftleft(((shiftright(w_0, 16) * 2654435761L) & 65535L), 16)) & 4294967295L AS w_1,
                        (w_1 ^ shiftright(w_1, 16)) AS w_2,
                        (((w_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(w_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS w_3,
                        (w_3 ^ shiftright(w_3, 13)) AS w_4,
                        (((w_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(w_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS w_5,
                        (w_5 ^ shiftright(w_5, 16)) AS w
                      FROM (
                        SELECT
                          `user`, part, k0, k1, quota, t, own, value, size, bits,
                          explode(sequence((((quota + shiftright(quota, 3)) + 8L) + 1L), ((quota * 8L) + 63L))) AS k
                        FROM (
                          SELECT
                            `user`, part, k0, k1, quota, t, own, value, size, bits
                          FROM popularity__accepted_2
                          WHERE missing > 0L
                          DISTRIBUTE BY `user`, part
                        ) q
                      ) q
                    ) z
                    LATERAL VIEW inline(array(struct(z.w))) out AS w
                  ) q
                ) z
                LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
              ) q
            ) d
            JOIN popularity__alias t ON (t.value = d.value) AND (t.j = d.j)
          ) d
          LEFT JOIN popularity__pool p ON ((p.value = d.value) AND (p.place = d.place)) AND (p.created <= d.t) AND (d.t < p.removed)
        ) c
        LEFT JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
        GROUP BY c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.own, c.value, c.size, c.bits
      ) q
    ) f
    JOIN (
      SELECT
        `user`, part, k0, k1, items
      FROM popularity__accepted_2
      WHERE missing > 0L
    ) a ON (a.`user` = f.`user`) AND (a.part = f.part) AND (a.k0 = f.k0) AND (a.k1 = f.k1)
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW popularity__accepted_3 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/popularity__accepted_3');

-- The negatives of each group, in the order of their draws.
CREATE OR REPLACE TEMPORARY VIEW popularity__lists AS
SELECT
  `user`, part, k0, k1, items
FROM popularity__accepted_1
WHERE NOT (missing > 0L)
UNION ALL
SELECT
  `user`, part, k0, k1, items
FROM popularity__accepted_2
WHERE NOT (missing > 0L)
UNION ALL
SELECT
  `user`, part, k0, k1, items
FROM popularity__accepted_3;

-- Excluded items of the pool, and when each of them would be drawn.
CREATE OR REPLACE TEMPORARY VIEW popularity__taken AS
SELECT
  x.`user`, x.part, p.value, p.weight, p.created AS since, p.removed AS until
FROM excluded_1 x
JOIN popularity__pool p ON p.item = x.item;

-- Their weight and number at the time of each group: a sweep over the changes and groups of each user.
CREATE OR REPLACE TEMPORARY VIEW popularity__excluded AS
SELECT
  `user`, part, k0, k1, weight, items
FROM (
  SELECT
    `user`, part, k0, k1, is_group,
    CAST(sum(weight) OVER (PARTITION BY `user`, part, value ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS weight,
    CAST(sum(items) OVER (PARTITION BY `user`, part, value ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS items
  FROM (
    SELECT
      `user`, part, value, since AS `at`, 0L AS is_group, weight, 1L AS items, CAST(NULL AS BIGINT) AS k0,
      CAST(NULL AS BIGINT) AS k1
    FROM popularity__taken
    WHERE since < until
    UNION ALL
    SELECT
      `user`, part, value, until AS `at`, 0L AS is_group, 0L - weight AS weight, -1L AS items,
      CAST(NULL AS BIGINT) AS k0, CAST(NULL AS BIGINT) AS k1
    FROM popularity__taken
    WHERE since < until
    UNION ALL
    SELECT
      `user`, part, value, t AS `at`, 1L AS is_group, 0L AS weight, 0L AS items, k0, k1
    FROM popularity__values
  ) q
) q
WHERE is_group = 1L;

-- When items of the pool become eligible or cease to be, and the times of groups, by hour.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/popularity__changes' USING parquet
SELECT
  value, `at`, is_group, CAST(sum(weight) AS BIGINT) AS weight, CAST(sum(items) AS BIGINT) AS items,
  greatest(CAST(floor(`at` / CAST('3600000000' AS DOUBLE)) AS BIGINT), coalesce((SELECT CAST(floor(min(t) / CAST('3600000000' AS DOUBLE)) AS BIGINT) AS first FROM popularity__values), 0L)) AS bucket
FROM (
  SELECT
    value, created AS `at`, 0L AS is_group, weight, 1L AS items
  FROM popularity__pool
  WHERE created < removed
  UNION ALL
  SELECT
    value, removed AS `at`, 0L AS is_group, 0L - weight AS weight, -1L AS items
  FROM popularity__pool
  WHERE created < removed
  UNION ALL
  SELECT
    value, t AS `at`, 1L AS is_group, 0L AS weight, 0L AS items
  FROM (
    SELECT DISTINCT
      value, t
    FROM popularity__values
  ) q
) q
GROUP BY value, `at`, is_group;
CREATE OR REPLACE TEMPORARY VIEW popularity__changes USING parquet OPTIONS (path 's3a://samples/_work/recall-…/popularity__changes');

-- Weight and number of the eligible items at the times of groups.
CREATE OR REPLACE TEMPORARY VIEW popularity__eligible AS
SELECT
  value, `at` AS t, weight, items
FROM (
  SELECT
    r.value, r.`at`, r.is_group, r.weight + b.weight AS weight, r.items + b.items AS items
  FROM (
    SELECT
      value, `at`, is_group, bucket,
      CAST(sum(weight) OVER (PARTITION BY value, bucket ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS weight,
      CAST(sum(items) OVER (PARTITION BY value, bucket ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS items
    FROM popularity__changes
  ) r
  JOIN (
    SELECT
      value, bucket,
      coalesce(CAST(sum(weight) OVER (PARTITION BY value ORDER BY bucket NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0L) AS weight,
      coalesce(CAST(sum(items) OVER (PARTITION BY value ORDER BY bucket NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0L) AS items
    FROM (
      SELECT
        value, bucket, CAST(sum(weight) AS BIGINT) AS weight, CAST(sum(items) AS BIGINT) AS items
      FROM popularity__changes
      GROUP BY value, bucket
    ) q
  ) b ON (b.value = r.value) AND (b.bucket = r.bucket)
) q
WHERE is_group = 1L;

-- Weight and number of the items that each group accepts. docs/sampling.md: log q.
CREATE OR REPLACE TEMPORARY VIEW popularity__acceptable AS
SELECT
  b.`user`, b.part, b.k0, b.k1, b.value, (b.weight - coalesce(x.weight, 0L)) - coalesce(o.weight, 0L) AS weight,
  (b.items - coalesce(x.items, 0L)) - coalesce(o.items, 0L) AS items
FROM (
  SELECT
    g.`user`, g.part, g.k0, g.k1, g.value, coalesce(e.weight, 0L) AS weight, coalesce(e.items, 0L) AS items
  FROM popularity__values g
  LEFT JOIN popularity__eligible e ON (e.value = g.value) AND (e.t = g.t)
) b
LEFT JOIN popularity__excluded x ON (x.`user` = b.`user`) AND (x.part = b.part) AND (x.k0 = b.k0) AND (x.k1 = b.k1)
LEFT JOIN (
  SELECT
    c.`user`, c.part, c.k0, c.k1, c.weight, 1L AS items
  FROM (
    SELECT
      o.`user`, o.part, o.k0, o.k1, o.own AS item, p.weight
    FROM (
      SELECT
        *
      FROM popularity__values
      DISTRIBUTE BY `user`, part
    ) o
    JOIN popularity__pool p ON (p.value = o.value) AND (p.item = o.own) AND (p.created <= o.t) AND (o.t < p.removed)
  ) c
  ANTI JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
) o ON (o.`user` = b.`user`) AND (o.part = b.part) AND (o.k0 = b.k0) AND (o.k1 = b.k1);

-- ----------------------------------------------------------------------
-- 11. Entry same_city: same_attribute
-- ----------------------------------------------------------------------
-- Items and their integer weights, sorted into ranges.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/same_city__ranges' USING parquet
SELECT
  value, item, created, removed, weight, spark_partition_id() AS bucket
FROM (
  SELECT /*+ REPARTITION_BY_RANGE(value, item) */
    value, item, created, removed, weight
  FROM (
    SELECT
      value, item, created, removed, weight
    FROM (
      SELECT
        value, item, created, removed, 1L AS weight
      FROM (
        SELECT
          `attribute city` AS value, item, created, removed
        FROM corpus
        WHERE listed
          AND (`attribute city` IS NOT NULL)
      ) q
    ) q
    WHERE weight > 0L
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW same_city__ranges USING parquet OPTIONS (path 's3a://samples/_work/recall-…/same_city__ranges');

-- place: the index of an item in the pool.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/same_city__pool' USING parquet
SELECT
  r.value, r.item, r.created, r.removed, r.weight, (r.place + b.place) - 1L AS place
FROM (
  SELECT
    value, item, created, removed, weight, bucket,
    row_number() OVER (PARTITION BY value, bucket ORDER BY item NULLS FIRST) AS place
  FROM same_city__ranges
) r
JOIN (
  SELECT
    value, bucket,
    coalesce(CAST(sum(place) OVER (PARTITION BY value ORDER BY bucket NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0L) AS place
  FROM (
    SELECT
      value, bucket, count(bucket) AS place
    FROM same_city__ranges
    GROUP BY value, bucket
  ) q
) b ON (b.value = r.value) AND (b.bucket = r.bucket);
CREATE OR REPLACE TEMPORARY VIEW same_city__pool USING parquet OPTIONS (path 's3a://samples/_work/recall-…/same_city__pool');

-- Number of items of each table.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/same_city__size' USING parquet
SELECT
  value, items, CASE WHEN items <= 1L THEN 0L ELSE CAST(length(bin(items - 1L)) AS BIGINT) END AS bits
FROM (
  SELECT
    value, count(*) AS items
  FROM same_city__ranges
  GROUP BY value
  HAVING count(*) > 0L
) q;
CREATE OR REPLACE TEMPORARY VIEW same_city__size USING parquet OPTIONS (path 's3a://samples/_work/recall-…/same_city__size');

-- The groups of the entry, with the value that chooses their table.
CREATE OR REPLACE TEMPORARY VIEW same_city__values AS
SELECT
  g.`user`, g.part, g.k0, g.k1, g.t, g.quota_4 AS quota, g.item AS own, i.`attribute city` AS value
FROM groups g
JOIN corpus i ON i.item = g.item
WHERE i.`attribute city` IS NOT NULL;

-- Groups that draw something, with the size of their table.
CREATE OR REPLACE TEMPORARY VIEW same_city__groups AS
SELECT
  g.`user`, g.part, g.k0, g.k1, g.t, g.quota, g.own, g.value, s.items AS size, s.bits
FROM same_city__values g
JOIN same_city__size s ON s.value = g.value
WHERE (g.quota > 0L)
  AND (s.items > 0L);

-- An attempt more for each eight rows that are missing, and one more. Most groups are full then.
-- An item counts at its smallest accepted attempt k. docs/sampling.md: Pools.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/same_city__accepted_1' USING parquet
SELECT
  `user`, part, k0, k1, quota, t, own, value, size, bits, items,
  quota - CAST(array_size(items) AS BIGINT) AS missing
FROM (
  SELECT
    `user`, part, k0, k1, quota, t, own, value, size, bits,
    slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      `user`, part, k0, k1, quota, t, own, value, size, bits, array_compact(array(item_0, item_1)) AS found
    FROM (
      SELECT
        `user`, part, k0, k1, quota, t, own, value, size, bits, max(accepted) FILTER (WHERE attempt = 0L) AS item_0,
        max(accepted) FILTER (WHERE attempt = 1L) AS item_1
      FROM (
        SELECT
          c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.own, c.value, c.size, c.bits, c.k AS attempt,
          CASE WHEN (c.item IS NOT NULL) AND (c.item <> c.own) AND (x.`user` IS NULL) THEN c.item END AS accepted
        FROM (
          SELECT
            d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.value, d.size, d.bits, d.k, p.item
          FROM (
            SELECT
              `user`, part, k0, k1, quota, t, own, value, size, bits, k,
              least(size - 1L, CAST(floor((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) * CAST(size AS DOUBLE)) AS BIGINT)) AS place
            FROM (
              SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.value, z.size, z.bits, z.k, out.a, out.b
              FROM (
                SELECT
                  `user`, part, k0, k1, quota, t, own, value, size, bits, k, ((k0 ^ w) ^ 842853314L) AS a_1,
                  (a_1 ^ shiftright(a_1, 16)) AS a_2,
                  (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                  (a_3 ^ shiftright(a_3, 13)) AS a_4,
                  (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                  (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 3216011647L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                  (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                  (b_3 ^ shiftright(b_3, 13)) AS b_4,
                  (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                  (b_5 ^ shiftright(b_5, 16)) AS b
                FROM (
                  SELECT
                    `user`, part, k0, k1, quota, t, own, value, size, bits, k, array(301794027L, 3140136926L)[CAST(k AS INT)] AS w
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, own, value, size, bits,
                      explode(sequence(0L, (quota + shiftright(quota, 3)))) AS k
                    FROM (
                      SELECT
                        *
                      FROM same_city__groups
                      DISTRIBUTE BY `user`, part
                    ) q
                  ) q
                ) q
              ) z
              LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
            ) q
          ) d
          LEFT JOIN same_city__pool p ON ((p.value = d.value) AND (p.place = d.place)) AND (p.created <= d.t) AND (d.t < p.removed)
        ) c
        LEFT JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
      ) q
      GROUP BY `user`, part, k0, k1, quota, t, own, value, size, bits
    ) q
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW same_city__accepted_1 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/same_city__accepted_1');

-- Groups that are not full: 8 more attempts.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/same_city__accepted_2' USING parquet
SELECT
  `user`, part, k0, k1, quota, t, own, value, size, bits, items,
  quota - CAST(array_size(items) AS BIGINT) AS missing
FROM (
  SELECT
    `user`, part, k0, k1, quota, t, own, value, size, bits,
    slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      f.`user`, f.part, f.k0, f.k1, f.quota, f.t, f.own, f.value, f.size, f.bits,
      concat(coalesce(a.items, array()), coalesce(f.found, array())) AS found
    FROM (
      SELECT
        `user`, part, k0, k1, quota, t, own, value, size, bits,
        array_compact(array(item_0, item_1, item_2, item_3, item_4, item_5, item_6, item_7)) AS found
      FROM (
        SELECT
          `user`, part, k0, k1, quota, t, own, value, size, bits, max(accepted) FILTER (WHERE attempt = 0L) AS item_0,
          max(accepted) FILTER (WHERE attempt = 1L) AS item_1, max(accepted) FILTER (WHERE attempt = 2L) AS item_2,
          max(accepted) FILTER (WHERE attempt = 3L) AS item_3, max(accepted) FILTER (WHERE attempt = 4L) AS item_4,
          max(accepted) FILTER (WHERE attempt = 5L) AS item_5, max(accepted) FILTER (WHERE attempt = 6L) AS item_6,
          max(accepted) FILTER (WHERE attempt = 7L) AS item_7
        FROM (
          SELECT
            c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.own, c.value, c.size, c.bits,
            c.k - ((quota + shiftright(quota, 3)) + 1L) AS attempt,
            CASE WHEN (c.item IS NOT NULL) AND (c.item <> c.own) AND (x.`user` IS NULL) THEN c.item END AS accepted
          FROM (
            SELECT
              d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.value, d.size, d.bits, d.k, p.item
            FROM (
              SELECT
                `user`, part, k0, k1, quota, t, own, value, size, bits, k,
                least(size - 1L, CAST(floor((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) * CAST(size AS DOUBLE)) AS BIGINT)) AS place
              FROM (
                SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.value, z.size, z.bits, z.k, out.a, out.b
                FROM (
                  SELECT
                    `user`, part, k0, k1, quota, t, own, value, size, bits, k, ((k0 ^ w) ^ 842853314L) AS a_1,
                    (a_1 ^ shiftright(a_1, 16)) AS a_2,
                    (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                    (a_3 ^ shiftright(a_3, 13)) AS a_4,
                    (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                    (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 3216011647L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                    (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                    (b_3 ^ shiftright(b_3, 13)) AS b_4,
                    (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                    (b_5 ^ shiftright(b_5, 16)) AS b
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, own, value, size, bits, k,
                      array(301794027L, 3140136926L, 3601063660L, 4123930335L, 2575495355L, 2161595580L, 2438488908L, 4161883331L, 2973052569L, 855957878L)[CAST(k AS INT)] AS w
                    FROM (
                      SELECT
                        `user`, part, k0, k1, quota, t, own, value, size, bits,
                        explode(sequence(((quota + shiftright(quota, 3)) + 1L), ((quota + shiftright(quota, 3)) + 8L))) AS k
                      FROM (
                        SELECT
                          `user`, part, k0, k1, quota, t, own, value, size, bits
                        FROM same_city__accepted_1
                        WHERE missing > 0L
                        DISTRIBUTE BY `user`, part
                      ) q
                    ) q
                  ) q
                ) z
                LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
              ) q
            ) d
            LEFT JOIN same_city__pool p ON ((p.value = d.value) AND (p.place = d.place)) AND (p.created <= d.t) AND (d.t < p.removed)
          ) c
          LEFT JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
        ) q
        GROUP BY `user`, part, k0, k1, quota, t, own, value, size, bits
      ) q
    ) f
    JOIN (
      SELECT
        `user`, part, k0, k1, items
      FROM same_city__accepted_1
      WHERE missing > 0L
    ) a ON (a.`user` = f.`user`) AND (a.part = f.part) AND (a.k0 = f.k0) AND (a.k1 = f.k1)
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW same_city__accepted_2 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/same_city__accepted_2');

-- The few that are still not full: all attempts up to 8·quota + 64.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/same_city__accepted_3' USING parquet
SELECT
  `user`, part, k0, k1, items
FROM (
  SELECT
    `user`, part, k0, k1, slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      f.`user`, f.part, f.k0, f.k1, f.quota, concat(coalesce(a.items, array()), coalesce(f.found, array())) AS found
    FROM (
      SELECT
        `user`, part, k0, k1, quota, members.item AS found
      FROM (
        SELECT
          c.`user`, c.part, c.k0, c.k1, c.quota,
          sort_array(collect_list(struct(c.k AS k, c.item AS item)) FILTER (WHERE (c.item IS NOT NULL) AND (c.item <> c.own) AND (x.`user` IS NULL))) AS members
        FROM (
          SELECT
            d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.value, d.size, d.bits, d.k, p.item
          FROM (
            SELECT
              `user`, part, k0, k1, quota, t, own, value, size, bits, k,
              least(size - 1L, CAST(floor((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) * CAST(size AS DOUBLE)) AS BIGINT)) AS place
            FROM (
              SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.value, z.size, z.bits, z.k, out.a, out.b
              FROM (
                SELECT
                  `user`, part, k0, k1, quota, t, own, value, size, bits, k, ((k0 ^ w) ^ 842853314L) AS a_1,
                  (a_1 ^ shiftright(a_1, 16)) AS a_2,
                  (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                  (a_3 ^ shiftright(a_3, 13)) AS a_4,
                  (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                  (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 3216011647L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                  (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                  (b_3 ^ shiftright(b_3, 13)) AS b_4,
                  (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                  (b_5 ^ shiftright(b_5, 16)) AS b
                FROM (
                  SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.value, z.size, z.bits, z.k, out.w
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, own, value, size, bits, k, k + 1L AS w_0,
                      (((w_0 & 65535L) * 2654435761L) + shiftleft(((shiftright(w_0, 16) * 2654435761L) & 65535L), 16)) & 4294967295L AS w_1,
                      (w_1 ^ shiftright(w_1, 16)) AS w_2,
                      (((w_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(w_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS w_3,
                      (w_3 ^ shiftright(w_3, 13)) AS w_4,
                      (((w_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(w_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS w_5,
                      (w_5 ^ shiftright(w_5, 16)) AS w
                    FROM (
                      SELECT
                        `user`, part, k0, k1, quota, t, own, value, size, bits,
                        explode(sequence((((quota + shiftright(quota, 3)) + 8L) + 1L), ((quota * 8L) + 63L))) AS k
                      FROM (
                        SELECT
                          `user`, part, k0, k1, quota, t, own, value, size, bits
                        FROM same_city__accepted_2
                        WHERE missing > 0L
                        DISTRIBUTE BY `user`, part
                      ) q
                    ) q
                  ) z
                  LATERAL VIEW inline(array(struct(z.w))) out AS w
                ) q
              ) z
              LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
            ) q
          ) d
          LEFT JOIN same_city__pool p ON ((p.value = d.value) AND (p.place = d.place)) AND (p.created <= d.t) AND (d.t < p.removed)
        ) c
        LEFT JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
        GROUP BY c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.own, c.value, c.size, c.bits
      ) q
    ) f
    JOIN (
      SELECT
        `user`, part, k0, k1, items
      FROM same_city__accepted_2
      WHERE missing > 0L
    ) a ON (a.`user` = f.`user`) AND (a.part = f.part) AND (a.k0 = f.k0) AND (a.k1 = f.k1)
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW same_city__accepted_3 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/same_city__accepted_3');

-- The negatives of each group, in the order of their draws.
CREATE OR REPLACE TEMPORARY VIEW same_city__lists AS
SELECT
  `user`, part, k0, k1, items
FROM same_city__accepted_1
WHERE NOT (missing > 0L)
UNION ALL
SELECT
  `user`, part, k0, k1, items
FROM same_city__accepted_2
WHERE NOT (missing > 0L)
UNION ALL
SELECT
  `user`, part, k0, k1, items
FROM same_city__accepted_3;

-- Excluded items of the pool, and when each of them would be drawn.
CREATE OR REPLACE TEMPORARY VIEW same_city__taken AS
SELECT
  x.`user`, x.part, p.value, p.weight, p.created AS since, p.removed AS until
FROM excluded_1 x
JOIN same_city__pool p ON p.item = x.item;

-- Their weight and number at the time of each group: a sweep over the changes and groups of each user.
CREATE OR REPLACE TEMPORARY VIEW same_city__excluded AS
SELECT
  `user`, part, k0, k1, weight, items
FROM (
  SELECT
    `user`, part, k0, k1, is_group,
    CAST(sum(weight) OVER (PARTITION BY `user`, part, value ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS weight,
    CAST(sum(items) OVER (PARTITION BY `user`, part, value ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS items
  FROM (
    SELECT
      `user`, part, value, since AS `at`, 0L AS is_group, weight, 1L AS items, CAST(NULL AS BIGINT) AS k0,
      CAST(NULL AS BIGINT) AS k1
    FROM same_city__taken
    WHERE since < until
    UNION ALL
    SELECT
      `user`, part, value, until AS `at`, 0L AS is_group, 0L - weight AS weight, -1L AS items,
      CAST(NULL AS BIGINT) AS k0, CAST(NULL AS BIGINT) AS k1
    FROM same_city__taken
    WHERE since < until
    UNION ALL
    SELECT
      `user`, part, value, t AS `at`, 1L AS is_group, 0L AS weight, 0L AS items, k0, k1
    FROM same_city__values
  ) q
) q
WHERE is_group = 1L;

-- When items of the pool become eligible or cease to be, and the times of groups, by hour.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/same_city__changes' USING parquet
SELECT
  value, `at`, is_group, CAST(sum(weight) AS BIGINT) AS weight, CAST(sum(items) AS BIGINT) AS items,
  greatest(CAST(floor(`at` / CAST('3600000000' AS DOUBLE)) AS BIGINT), coalesce((SELECT CAST(floor(min(t) / CAST('3600000000' AS DOUBLE)) AS BIGINT) AS first FROM same_city__values), 0L)) AS bucket
FROM (
  SELECT
    value, created AS `at`, 0L AS is_group, weight, 1L AS items
  FROM same_city__pool
  WHERE created < removed
  UNION ALL
  SELECT
    value, removed AS `at`, 0L AS is_group, 0L - weight AS weight, -1L AS items
  FROM same_city__pool
  WHERE created < removed
  UNION ALL
  SELECT
    value, t AS `at`, 1L AS is_group, 0L AS weight, 0L AS items
  FROM (
    SELECT DISTINCT
      value, t
    FROM same_city__values
  ) q
) q
GROUP BY value, `at`, is_group;
CREATE OR REPLACE TEMPORARY VIEW same_city__changes USING parquet OPTIONS (path 's3a://samples/_work/recall-…/same_city__changes');

-- Weight and number of the eligible items at the times of groups.
CREATE OR REPLACE TEMPORARY VIEW same_city__eligible AS
SELECT
  value, `at` AS t, weight, items
FROM (
  SELECT
    r.value, r.`at`, r.is_group, r.weight + b.weight AS weight, r.items + b.items AS items
  FROM (
    SELECT
      value, `at`, is_group, bucket,
      CAST(sum(weight) OVER (PARTITION BY value, bucket ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS weight,
      CAST(sum(items) OVER (PARTITION BY value, bucket ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS items
    FROM same_city__changes
  ) r
  JOIN (
    SELECT
      value, bucket,
      coalesce(CAST(sum(weight) OVER (PARTITION BY value ORDER BY bucket NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0L) AS weight,
      coalesce(CAST(sum(items) OVER (PARTITION BY value ORDER BY bucket NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0L) AS items
    FROM (
      SELECT
        value, bucket, CAST(sum(weight) AS BIGINT) AS weight, CAST(sum(items) AS BIGINT) AS items
      FROM same_city__changes
      GROUP BY value, bucket
    ) q
  ) b ON (b.value = r.value) AND (b.bucket = r.bucket)
) q
WHERE is_group = 1L;

-- Weight and number of the items that each group accepts. docs/sampling.md: log q.
CREATE OR REPLACE TEMPORARY VIEW same_city__acceptable AS
SELECT
  b.`user`, b.part, b.k0, b.k1, b.value, (b.weight - coalesce(x.weight, 0L)) - coalesce(o.weight, 0L) AS weight,
  (b.items - coalesce(x.items, 0L)) - coalesce(o.items, 0L) AS items
FROM (
  SELECT
    g.`user`, g.part, g.k0, g.k1, g.value, coalesce(e.weight, 0L) AS weight, coalesce(e.items, 0L) AS items
  FROM same_city__values g
  LEFT JOIN same_city__eligible e ON (e.value = g.value) AND (e.t = g.t)
) b
LEFT JOIN same_city__excluded x ON (x.`user` = b.`user`) AND (x.part = b.part) AND (x.k0 = b.k0) AND (x.k1 = b.k1)
LEFT JOIN (
  SELECT
    c.`user`, c.part, c.k0, c.k1, c.weight, 1L AS items
  FROM (
    SELECT
      o.`user`, o.part, o.k0, o.k1, o.own AS item, p.weight
    FROM (
      SELECT
        *
      FROM same_city__values
      DISTRIBUTE BY `user`, part
    ) o
    JOIN same_city__pool p ON (p.value = o.value) AND (p.item = o.own) AND (p.created <= o.t) AND (o.t < p.removed)
  ) c
  ANTI JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
) o ON (o.`user` = b.`user`) AND (o.part = b.part) AND (o.k0 = b.k0) AND (o.k1 = b.k1);

-- ----------------------------------------------------------------------
-- 12. Refill
-- ----------------------------------------------------------------------
-- What the other entries lack is added to the quota. docs/sampling.md: Refill.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/refilled_groups' USING parquet
SELECT
  g.`user`, g.part, g.k0, g.k1, g.t, g.item,
  g.quota_1 + ((g.quota_0 + g.quota_2 + g.quota_3 + g.quota_4) - coalesce(d.drawn, 0L)) AS quota_1
FROM groups g
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, CAST(sum(drawn) AS BIGINT) AS drawn
  FROM (
    SELECT
      `user`, part, k0, k1, 1L AS drawn
    FROM exposed_unclicked__drawn
    UNION ALL
    SELECT
      `user`, part, k0, k1, 1L AS drawn
    FROM host_refused__drawn
    UNION ALL
    SELECT
      `user`, part, k0, k1, CAST(array_size(items) AS BIGINT) AS drawn
    FROM popularity__lists
    UNION ALL
    SELECT
      `user`, part, k0, k1, CAST(array_size(items) AS BIGINT) AS drawn
    FROM same_city__lists
  ) q
  GROUP BY `user`, part, k0, k1
) d ON (d.`user` = g.`user`) AND (d.part = g.part) AND (d.k0 = g.k0) AND (d.k1 = g.k1);
CREATE OR REPLACE TEMPORARY VIEW refilled_groups USING parquet OPTIONS (path 's3a://samples/_work/recall-…/refilled_groups');

-- ----------------------------------------------------------------------
-- 13. Entry global_random: global_random
-- ----------------------------------------------------------------------
-- Items and their integer weights, sorted into ranges.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/global_random__ranges' USING parquet
SELECT
  item, created, removed, weight, spark_partition_id() AS bucket
FROM (
  SELECT /*+ REPARTITION_BY_RANGE(item) */
    item, created, removed, weight
  FROM (
    SELECT
      item, created, removed, weight
    FROM (
      SELECT
        item, created, removed, 1L AS weight
      FROM (
        SELECT
          item, created, removed
        FROM corpus
        WHERE listed
      ) q
    ) q
    WHERE weight > 0L
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW global_random__ranges USING parquet OPTIONS (path 's3a://samples/_work/recall-…/global_random__ranges');

-- place: the index of an item in the pool.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/global_random__pool' USING parquet
SELECT
  r.item, r.created, r.removed, r.weight, (r.place + b.place) - 1L AS place
FROM (
  SELECT
    item, created, removed, weight, bucket,
    row_number() OVER (PARTITION BY bucket ORDER BY item NULLS FIRST) AS place
  FROM global_random__ranges
) r
JOIN (
  SELECT
    bucket,
    coalesce(CAST(sum(place) OVER (ORDER BY bucket NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0L) AS place
  FROM (
    SELECT
      bucket, count(bucket) AS place
    FROM global_random__ranges
    GROUP BY bucket
  ) q
) b ON b.bucket = r.bucket;
CREATE OR REPLACE TEMPORARY VIEW global_random__pool USING parquet OPTIONS (path 's3a://samples/_work/recall-…/global_random__pool');

-- Number of items of each table.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/global_random__size' USING parquet
SELECT
  items
FROM (
  SELECT
    CAST(sum(weight) AS BIGINT) AS total, count(*) AS items
  FROM global_random__ranges
  HAVING count(*) > 0L
) q;
CREATE OR REPLACE TEMPORARY VIEW global_random__size USING parquet OPTIONS (path 's3a://samples/_work/recall-…/global_random__size');

-- The groups of the entry, with the value that chooses their table.
CREATE OR REPLACE TEMPORARY VIEW global_random__values AS
SELECT
  g.`user`, g.part, g.k0, g.k1, g.t, g.quota_1 AS quota, g.item AS own
FROM refilled_groups g;

-- Groups that draw something.
CREATE OR REPLACE TEMPORARY VIEW global_random__groups AS
SELECT
  g.`user`, g.part, g.k0, g.k1, g.t, g.quota, g.own
FROM global_random__values g
WHERE (g.quota > 0L)
  AND ((SELECT items FROM global_random__size) > 0L);

-- An attempt more for each eight rows that are missing, and one more. Most groups are full then.
-- An item counts at its smallest accepted attempt k. docs/sampling.md: Pools.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/global_random__accepted_1' USING parquet
SELECT
  `user`, part, k0, k1, quota, t, own, items, quota - CAST(array_size(items) AS BIGINT) AS missing
FROM (
  SELECT
    `user`, part, k0, k1, quota, t, own, slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      `user`, part, k0, k1, quota, t, own,
      array_compact(array(item_0, item_1, item_2, item_3, item_4, item_5, item_6, item_7, item_8, item_9, item_10, item_11)) AS found
    FROM (
      SELECT
        `user`, part, k0, k1, quota, t, own, max(accepted) FILTER (WHERE attempt = 0L) AS item_0,
        max(accepted) FILTER (WHERE attempt = 1L) AS item_1, max(accepted) FILTER (WHERE attempt = 2L) AS item_2,
        max(accepted) FILTER (WHERE attempt = 3L) AS item_3, max(accepted) FILTER (WHERE attempt = 4L) AS item_4,
        max(accepted) FILTER (WHERE attempt = 5L) AS item_5, max(accepted) FILTER (WHERE attempt = 6L) AS item_6,
        max(accepted) FILTER (WHERE attempt = 7L) AS item_7, max(accepted) FILTER (WHERE attempt = 8L) AS item_8,
        max(accepted) FILTER (WHERE attempt = 9L) AS item_9, max(accepted) FILTER (WHERE attempt = 10L) AS item_10,
        max(accepted) FILTER (WHERE attempt = 11L) AS item_11
      FROM (
        SELECT
          c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.own, c.k AS attempt,
          CASE WHEN (c.item IS NOT NULL) AND (c.item <> c.own) AND (x.`user` IS NULL) THEN c.item END AS accepted
        FROM (
          SELECT
            d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.k, p.item
          FROM (
            SELECT
              `user`, part, k0, k1, quota, t, own, k,
              least((SELECT items FROM global_random__size) - 1L, CAST(floor((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) * CAST((SELECT items FROM global_random__size) AS DOUBLE)) AS BIGINT)) AS place
            FROM (
              SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.k, out.a, out.b
              FROM (
                SELECT
                  `user`, part, k0, k1, quota, t, own, k, ((k0 ^ w) ^ 1179555199L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
                  (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                  (a_3 ^ shiftright(a_3, 13)) AS a_4,
                  (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                  (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 584470568L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                  (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                  (b_3 ^ shiftright(b_3, 13)) AS b_4,
                  (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                  (b_5 ^ shiftright(b_5, 16)) AS b
                FROM (
                  SELECT
                    `user`, part, k0, k1, quota, t, own, k,
                    array(301794027L, 3140136926L, 3601063660L, 4123930335L, 2575495355L, 2161595580L, 2438488908L, 4161883331L, 2973052569L, 855957878L, 2523181930L, 1583049005L)[CAST(k AS INT)] AS w
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, own, explode(sequence(0L, (quota + shiftright(quota, 3)))) AS k
                    FROM (
                      SELECT
                        *
                      FROM global_random__groups
                      DISTRIBUTE BY `user`, part
                    ) q
                  ) q
                ) q
              ) z
              LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
            ) q
          ) d
          LEFT JOIN global_random__pool p ON (p.place = d.place) AND (p.created <= d.t) AND (d.t < p.removed)
        ) c
        LEFT JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
      ) q
      GROUP BY `user`, part, k0, k1, quota, t, own
    ) q
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW global_random__accepted_1 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/global_random__accepted_1');

-- Groups that are not full: 8 more attempts.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/global_random__accepted_2' USING parquet
SELECT
  `user`, part, k0, k1, quota, t, own, items, quota - CAST(array_size(items) AS BIGINT) AS missing
FROM (
  SELECT
    `user`, part, k0, k1, quota, t, own, slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      f.`user`, f.part, f.k0, f.k1, f.quota, f.t, f.own,
      concat(coalesce(a.items, array()), coalesce(f.found, array())) AS found
    FROM (
      SELECT
        `user`, part, k0, k1, quota, t, own,
        array_compact(array(item_0, item_1, item_2, item_3, item_4, item_5, item_6, item_7)) AS found
      FROM (
        SELECT
          `user`, part, k0, k1, quota, t, own, max(accepted) FILTER (WHERE attempt = 0L) AS item_0,
          max(accepted) FILTER (WHERE attempt = 1L) AS item_1, max(accepted) FILTER (WHERE attempt = 2L) AS item_2,
          max(accepted) FILTER (WHERE attempt = 3L) AS item_3, max(accepted) FILTER (WHERE attempt = 4L) AS item_4,
          max(accepted) FILTER (WHERE attempt = 5L) AS item_5, max(accepted) FILTER (WHERE attempt = 6L) AS item_6,
          max(accepted) FILTER (WHERE attempt = 7L) AS item_7
        FROM (
          SELECT
            c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.own, c.k - ((quota + shiftright(quota, 3)) + 1L) AS attempt,
            CASE WHEN (c.item IS NOT NULL) AND (c.item <> c.own) AND (x.`user` IS NULL) THEN c.item END AS accepted
          FROM (
            SELECT
              d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.k, p.item
            FROM (
              SELECT
                `user`, part, k0, k1, quota, t, own, k,
                least((SELECT items FROM global_random__size) - 1L, CAST(floor((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) * CAST((SELECT items FROM global_random__size) AS DOUBLE)) AS BIGINT)) AS place
              FROM (
                SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.k, out.a, out.b
                FROM (
                  SELECT
                    `user`, part, k0, k1, quota, t, own, k, ((k0 ^ w) ^ 1179555199L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
                    (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                    (a_3 ^ shiftright(a_3, 13)) AS a_4,
                    (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                    (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 584470568L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                    (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                    (b_3 ^ shiftright(b_3, 13)) AS b_4,
                    (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                    (b_5 ^ shiftright(b_5, 16)) AS b
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, own, k,
                      array(301794027L, 3140136926L, 3601063660L, 4123930335L, 2575495355L, 2161595580L, 2438488908L, 4161883331L, 2973052569L, 855957878L, 2523181930L, 1583049005L, 3076159820L, 582076057L, 3999498104L, 3648753646L, 184392085L, 638308238L, 3160703581L, 3754578343L)[CAST(k AS INT)] AS w
                    FROM (
                      SELECT
                        `user`, part, k0, k1, quota, t, own,
                        explode(sequence(((quota + shiftright(quota, 3)) + 1L), ((quota + shiftright(quota, 3)) + 8L))) AS k
                      FROM (
                        SELECT
                          `user`, part, k0, k1, quota, t, own
                        FROM global_random__accepted_1
                        WHERE missing > 0L
                        DISTRIBUTE BY `user`, part
                      ) q
                    ) q
                  ) q
                ) z
                LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
              ) q
            ) d
            LEFT JOIN global_random__pool p ON (p.place = d.place) AND (p.created <= d.t) AND (d.t < p.removed)
          ) c
          LEFT JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
        ) q
        GROUP BY `user`, part, k0, k1, quota, t, own
      ) q
    ) f
    JOIN (
      SELECT
        `user`, part, k0, k1, items
      FROM global_random__accepted_1
      WHERE missing > 0L
    ) a ON (a.`user` = f.`user`) AND (a.part = f.part) AND (a.k0 = f.k0) AND (a.k1 = f.k1)
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW global_random__accepted_2 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/global_random__accepted_2');

-- The few that are still not full: all attempts up to 8·quota + 64.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/global_random__accepted_3' USING parquet
SELECT
  `user`, part, k0, k1, items
FROM (
  SELECT
    `user`, part, k0, k1, slice(array_distinct(found), 1, CAST(quota AS INT)) AS items
  FROM (
    SELECT
      f.`user`, f.part, f.k0, f.k1, f.quota, concat(coalesce(a.items, array()), coalesce(f.found, array())) AS found
    FROM (
      SELECT
        `user`, part, k0, k1, quota, members.item AS found
      FROM (
        SELECT
          c.`user`, c.part, c.k0, c.k1, c.quota,
          sort_array(collect_list(struct(c.k AS k, c.item AS item)) FILTER (WHERE (c.item IS NOT NULL) AND (c.item <> c.own) AND (x.`user` IS NULL))) AS members
        FROM (
          SELECT
            d.`user`, d.part, d.k0, d.k1, d.quota, d.t, d.own, d.k, p.item
          FROM (
            SELECT
              `user`, part, k0, k1, quota, t, own, k,
              least((SELECT items FROM global_random__size) - 1L, CAST(floor((CAST((a * 2097152L) + shiftright(b, 11) AS DOUBLE) / CAST('9007199254740992' AS DOUBLE)) * CAST((SELECT items FROM global_random__size) AS DOUBLE)) AS BIGINT)) AS place
            FROM (
              SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.k, out.a, out.b
              FROM (
                SELECT
                  `user`, part, k0, k1, quota, t, own, k, ((k0 ^ w) ^ 1179555199L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
                  (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                  (a_3 ^ shiftright(a_3, 13)) AS a_4,
                  (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                  (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ w) ^ 584470568L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                  (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                  (b_3 ^ shiftright(b_3, 13)) AS b_4,
                  (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                  (b_5 ^ shiftright(b_5, 16)) AS b
                FROM (
                  SELECT z.`user`, z.part, z.k0, z.k1, z.quota, z.t, z.own, z.k, out.w
                  FROM (
                    SELECT
                      `user`, part, k0, k1, quota, t, own, k, k + 1L AS w_0,
                      (((w_0 & 65535L) * 2654435761L) + shiftleft(((shiftright(w_0, 16) * 2654435761L) & 65535L), 16)) & 4294967295L AS w_1,
                      (w_1 ^ shiftright(w_1, 16)) AS w_2,
                      (((w_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(w_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS w_3,
                      (w_3 ^ shiftright(w_3, 13)) AS w_4,
                      (((w_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(w_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS w_5,
                      (w_5 ^ shiftright(w_5, 16)) AS w
                    FROM (
                      SELECT
                        `user`, part, k0, k1, quota, t, own,
                        explode(sequence((((quota + shiftright(quota, 3)) + 8L) + 1L), ((quota * 8L) + 63L))) AS k
                      FROM (
                        SELECT
                          `user`, part, k0, k1, quota, t, own
                        FROM global_random__accepted_2
                        WHERE missing > 0L
                        DISTRIBUTE BY `user`, part
                      ) q
                    ) q
                  ) z
                  LATERAL VIEW inline(array(struct(z.w))) out AS w
                ) q
              ) z
              LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
            ) q
          ) d
          LEFT JOIN global_random__pool p ON (p.place = d.place) AND (p.created <= d.t) AND (d.t < p.removed)
        ) c
        LEFT JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
        GROUP BY c.`user`, c.part, c.k0, c.k1, c.quota, c.t, c.own
      ) q
    ) f
    JOIN (
      SELECT
        `user`, part, k0, k1, items
      FROM global_random__accepted_2
      WHERE missing > 0L
    ) a ON (a.`user` = f.`user`) AND (a.part = f.part) AND (a.k0 = f.k0) AND (a.k1 = f.k1)
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW global_random__accepted_3 USING parquet OPTIONS (path 's3a://samples/_work/recall-…/global_random__accepted_3');

-- The negatives of each group, in the order of their draws.
CREATE OR REPLACE TEMPORARY VIEW global_random__lists AS
SELECT
  `user`, part, k0, k1, items
FROM global_random__accepted_1
WHERE NOT (missing > 0L)
UNION ALL
SELECT
  `user`, part, k0, k1, items
FROM global_random__accepted_2
WHERE NOT (missing > 0L)
UNION ALL
SELECT
  `user`, part, k0, k1, items
FROM global_random__accepted_3;

-- Excluded items of the pool, and when each of them would be drawn.
CREATE OR REPLACE TEMPORARY VIEW global_random__taken AS
SELECT
  x.`user`, x.part, p.weight, p.created AS since, p.removed AS until
FROM excluded_1 x
JOIN global_random__pool p ON p.item = x.item;

-- Their weight and number at the time of each group: a sweep over the changes and groups of each user.
CREATE OR REPLACE TEMPORARY VIEW global_random__excluded AS
SELECT
  `user`, part, k0, k1, weight, items
FROM (
  SELECT
    `user`, part, k0, k1, is_group,
    CAST(sum(weight) OVER (PARTITION BY `user`, part ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS weight,
    CAST(sum(items) OVER (PARTITION BY `user`, part ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS items
  FROM (
    SELECT
      `user`, part, since AS `at`, 0L AS is_group, weight, 1L AS items, CAST(NULL AS BIGINT) AS k0,
      CAST(NULL AS BIGINT) AS k1
    FROM global_random__taken
    WHERE since < until
    UNION ALL
    SELECT
      `user`, part, until AS `at`, 0L AS is_group, 0L - weight AS weight, -1L AS items, CAST(NULL AS BIGINT) AS k0,
      CAST(NULL AS BIGINT) AS k1
    FROM global_random__taken
    WHERE since < until
    UNION ALL
    SELECT
      `user`, part, t AS `at`, 1L AS is_group, 0L AS weight, 0L AS items, k0, k1
    FROM global_random__values
  ) q
) q
WHERE is_group = 1L;

-- When items of the pool become eligible or cease to be, and the times of groups, by hour.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/global_random__changes' USING parquet
SELECT
  `at`, is_group, CAST(sum(weight) AS BIGINT) AS weight, CAST(sum(items) AS BIGINT) AS items,
  greatest(CAST(floor(`at` / CAST('3600000000' AS DOUBLE)) AS BIGINT), coalesce((SELECT CAST(floor(min(t) / CAST('3600000000' AS DOUBLE)) AS BIGINT) AS first FROM global_random__values), 0L)) AS bucket
FROM (
  SELECT
    created AS `at`, 0L AS is_group, weight, 1L AS items
  FROM global_random__pool
  WHERE created < removed
  UNION ALL
  SELECT
    removed AS `at`, 0L AS is_group, 0L - weight AS weight, -1L AS items
  FROM global_random__pool
  WHERE created < removed
  UNION ALL
  SELECT
    t AS `at`, 1L AS is_group, 0L AS weight, 0L AS items
  FROM (
    SELECT DISTINCT
      t
    FROM global_random__values
  ) q
) q
GROUP BY `at`, is_group;
CREATE OR REPLACE TEMPORARY VIEW global_random__changes USING parquet OPTIONS (path 's3a://samples/_work/recall-…/global_random__changes');

-- Weight and number of the eligible items at the times of groups.
CREATE OR REPLACE TEMPORARY VIEW global_random__eligible AS
SELECT
  `at` AS t, weight, items
FROM (
  SELECT
    r.`at`, r.is_group, r.weight + b.weight AS weight, r.items + b.items AS items
  FROM (
    SELECT
      `at`, is_group, bucket,
      CAST(sum(weight) OVER (PARTITION BY bucket ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS weight,
      CAST(sum(items) OVER (PARTITION BY bucket ORDER BY `at` NULLS FIRST, is_group NULLS FIRST ROWS UNBOUNDED PRECEDING) AS BIGINT) AS items
    FROM global_random__changes
  ) r
  JOIN (
    SELECT
      bucket,
      coalesce(CAST(sum(weight) OVER (ORDER BY bucket NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0L) AS weight,
      coalesce(CAST(sum(items) OVER (ORDER BY bucket NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0L) AS items
    FROM (
      SELECT
        bucket, CAST(sum(weight) AS BIGINT) AS weight, CAST(sum(items) AS BIGINT) AS items
      FROM global_random__changes
      GROUP BY bucket
    ) q
  ) b ON b.bucket = r.bucket
) q
WHERE is_group = 1L;

-- Weight and number of the items that each group accepts. docs/sampling.md: log q.
CREATE OR REPLACE TEMPORARY VIEW global_random__acceptable AS
SELECT
  b.`user`, b.part, b.k0, b.k1, (b.weight - coalesce(x.weight, 0L)) - coalesce(o.weight, 0L) AS weight,
  (b.items - coalesce(x.items, 0L)) - coalesce(o.items, 0L) AS items
FROM (
  SELECT
    g.`user`, g.part, g.k0, g.k1, coalesce(e.weight, 0L) AS weight, coalesce(e.items, 0L) AS items
  FROM global_random__values g
  LEFT JOIN global_random__eligible e ON e.t = g.t
) b
LEFT JOIN global_random__excluded x ON (x.`user` = b.`user`) AND (x.part = b.part) AND (x.k0 = b.k0) AND (x.k1 = b.k1)
LEFT JOIN (
  SELECT
    c.`user`, c.part, c.k0, c.k1, c.weight, 1L AS items
  FROM (
    SELECT
      o.`user`, o.part, o.k0, o.k1, o.own AS item, p.weight
    FROM (
      SELECT
        *
      FROM global_random__values
      DISTRIBUTE BY `user`, part
    ) o
    JOIN global_random__pool p ON true AND (p.item = o.own) AND (p.created <= o.t) AND (o.t < p.removed)
  ) c
  ANTI JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
) o ON (o.`user` = b.`user`) AND (o.part = b.part) AND (o.k0 = b.k0) AND (o.k1 = b.k1);

-- ----------------------------------------------------------------------
-- 14. Rows
-- ----------------------------------------------------------------------
-- The groups with the negatives of each entry, in the order of their draws.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/drawn_groups' USING parquet
SELECT
  g.`user`, g.part, g.k0, g.k1, g.t, g.request, g.request_key, g.read_t, g.positive, g.keep, g.`copy device`,
  g.item AS group_item, coalesce((c.created <= g.t) AND (g.t < c.removed), false) AS own_eligible, g.quota_0,
  d0.drawn AS entry_0_items, coalesce(CAST(array_size(d0.drawn) AS BIGINT), 0L) AS entry_0_filled,
  w0.quota AS entry_0_quota, w0.request_size AS entry_0_request_size, w0.user_size AS entry_0_user_size,
  w0.user_asked AS entry_0_user_asked, g.quota_1, d1.drawn AS entry_1_items,
  coalesce(CAST(array_size(d1.drawn) AS BIGINT), 0L) AS entry_1_filled, w1.weight AS entry_1_weight,
  w1.items AS entry_1_accepted, g.quota_2, d2.drawn AS entry_2_items,
  coalesce(CAST(array_size(d2.drawn) AS BIGINT), 0L) AS entry_2_filled, w2.quota AS entry_2_quota,
  w2.request_size AS entry_2_request_size, w2.user_size AS entry_2_user_size,
  w2.user_asked AS entry_2_user_asked, g.quota_3, d3.drawn AS entry_3_items,
  coalesce(CAST(array_size(d3.drawn) AS BIGINT), 0L) AS entry_3_filled, w3.value AS entry_3_table,
  w3.weight AS entry_3_weight, w3.items AS entry_3_accepted, g.quota_4, d4.drawn AS entry_4_items,
  coalesce(CAST(array_size(d4.drawn) AS BIGINT), 0L) AS entry_4_filled, w4.value AS entry_4_table,
  w4.weight AS entry_4_weight, w4.items AS entry_4_accepted
FROM (
  SELECT
    *
  FROM groups
  DISTRIBUTE BY `user`, part
) g
LEFT JOIN corpus c ON c.item = g.item
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, members.item AS drawn
  FROM (
    SELECT
      `user`, part, k0, k1, sort_array(collect_list(struct(draw AS draw, item AS item))) AS members
    FROM exposed_unclicked__drawn
    GROUP BY `user`, part, k0, k1
  ) q
) d0 ON (d0.`user` = g.`user`) AND (d0.part = g.part) AND (d0.k0 = g.k0) AND (d0.k1 = g.k1)
LEFT JOIN exposed_unclicked__sizes w0 ON (w0.`user` = g.`user`) AND (w0.part = g.part) AND (w0.k0 = g.k0) AND (w0.k1 = g.k1)
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, items AS drawn
  FROM global_random__lists
) d1 ON (d1.`user` = g.`user`) AND (d1.part = g.part) AND (d1.k0 = g.k0) AND (d1.k1 = g.k1)
LEFT JOIN global_random__acceptable w1 ON (w1.`user` = g.`user`) AND (w1.part = g.part) AND (w1.k0 = g.k0) AND (w1.k1 = g.k1)
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, members.item AS drawn
  FROM (
    SELECT
      `user`, part, k0, k1, sort_array(collect_list(struct(draw AS draw, item AS item))) AS members
    FROM host_refused__drawn
    GROUP BY `user`, part, k0, k1
  ) q
) d2 ON (d2.`user` = g.`user`) AND (d2.part = g.part) AND (d2.k0 = g.k0) AND (d2.k1 = g.k1)
LEFT JOIN host_refused__sizes w2 ON (w2.`user` = g.`user`) AND (w2.part = g.part) AND (w2.k0 = g.k0) AND (w2.k1 = g.k1)
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, items AS drawn
  FROM popularity__lists
) d3 ON (d3.`user` = g.`user`) AND (d3.part = g.part) AND (d3.k0 = g.k0) AND (d3.k1 = g.k1)
LEFT JOIN popularity__acceptable w3 ON (w3.`user` = g.`user`) AND (w3.part = g.part) AND (w3.k0 = g.k0) AND (w3.k1 = g.k1)
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, items AS drawn
  FROM same_city__lists
) d4 ON (d4.`user` = g.`user`) AND (d4.part = g.part) AND (d4.k0 = g.k0) AND (d4.k1 = g.k1)
LEFT JOIN same_city__acceptable w4 ON (w4.`user` = g.`user`) AND (w4.part = g.part) AND (w4.k0 = g.k0) AND (w4.k1 = g.k1);
CREATE OR REPLACE TEMPORARY VIEW drawn_groups USING parquet OPTIONS (path 's3a://samples/_work/recall-…/drawn_groups');

-- The rows: positives, then the negatives of each entry. own: 1 for a positive. Negatives are eligible.
CREATE OR REPLACE TEMPORARY VIEW row_items AS
SELECT
  `user`, part, k0, k1, t, request, request_key, read_t, positive, `copy device`, group_item, entry_0_filled,
  entry_0_quota, entry_0_request_size, entry_0_user_size, entry_0_user_asked, entry_1_filled, entry_1_weight,
  entry_1_accepted, entry_2_filled, entry_2_quota, entry_2_request_size, entry_2_user_size, entry_2_user_asked,
  entry_3_filled, entry_3_table, entry_3_weight, entry_3_accepted, entry_4_filled, entry_4_table,
  entry_4_weight, entry_4_accepted, `rows`, CASE WHEN n < 1L THEN 1L ELSE 0L END AS own,
  CASE WHEN n < 1L THEN CAST(NULL AS BIGINT) WHEN n < (1L + entry_0_filled) THEN 0L WHEN n < (1L + entry_0_filled + entry_1_filled) THEN 1L WHEN n < (1L + entry_0_filled + entry_1_filled + entry_2_filled) THEN 2L WHEN n < (1L + entry_0_filled + entry_1_filled + entry_2_filled + entry_3_filled) THEN 3L WHEN n < (1L + entry_0_filled + entry_1_filled + entry_2_filled + entry_3_filled + entry_4_filled) THEN 4L END AS entry,
  CAST(CASE WHEN n < 1L THEN CAST(NULL AS BIGINT) WHEN n < (1L + entry_0_filled) THEN n - 1L WHEN n < (1L + entry_0_filled + entry_1_filled) THEN n - (1L + entry_0_filled) WHEN n < (1L + entry_0_filled + entry_1_filled + entry_2_filled) THEN n - (1L + entry_0_filled + entry_1_filled) WHEN n < (1L + entry_0_filled + entry_1_filled + entry_2_filled + entry_3_filled) THEN n - (1L + entry_0_filled + entry_1_filled + entry_2_filled) WHEN n < (1L + entry_0_filled + entry_1_filled + entry_2_filled + entry_3_filled + entry_4_filled) THEN n - (1L + entry_0_filled + entry_1_filled + entry_2_filled + entry_3_filled) END AS INT) AS draw,
  CASE WHEN n < 1L THEN group_item WHEN n < (1L + entry_0_filled) THEN entry_0_items[CAST((n - 1L) AS INT)] WHEN n < (1L + entry_0_filled + entry_1_filled) THEN entry_1_items[CAST((n - (1L + entry_0_filled)) AS INT)] WHEN n < (1L + entry_0_filled + entry_1_filled + entry_2_filled) THEN entry_2_items[CAST((n - (1L + entry_0_filled + entry_1_filled)) AS INT)] WHEN n < (1L + entry_0_filled + entry_1_filled + entry_2_filled + entry_3_filled) THEN entry_3_items[CAST((n - (1L + entry_0_filled + entry_1_filled + entry_2_filled)) AS INT)] WHEN n < (1L + entry_0_filled + entry_1_filled + entry_2_filled + entry_3_filled + entry_4_filled) THEN entry_4_items[CAST((n - (1L + entry_0_filled + entry_1_filled + entry_2_filled + entry_3_filled)) AS INT)] END AS item,
  CASE WHEN n < 1L THEN CASE WHEN positive = 0L THEN CAST('2' AS DOUBLE) WHEN positive = 1L THEN CAST('1' AS DOUBLE) END ELSE CAST('1' AS DOUBLE) END AS weight,
  CASE WHEN n < 1L THEN keep END AS keep, CASE WHEN n < 1L THEN own_eligible ELSE true END AS eligible
FROM (
  SELECT
    `user`, part, k0, k1, t, request, request_key, read_t, positive, keep, `copy device`, group_item,
    own_eligible, entry_0_items, entry_0_filled, entry_0_quota, entry_0_request_size, entry_0_user_size,
    entry_0_user_asked, entry_1_items, entry_1_filled, entry_1_weight, entry_1_accepted, entry_2_items,
    entry_2_filled, entry_2_quota, entry_2_request_size, entry_2_user_size, entry_2_user_asked, entry_3_items,
    entry_3_filled, entry_3_table, entry_3_weight, entry_3_accepted, entry_4_items, entry_4_filled, entry_4_table,
    entry_4_weight, entry_4_accepted,
    entry_0_filled + entry_1_filled + entry_2_filled + entry_3_filled + entry_4_filled AS `rows`,
    explode(sequence(0L, ((1L + (entry_0_filled + entry_1_filled + entry_2_filled + entry_3_filled + entry_4_filled)) - 1L))) AS n
  FROM (
    SELECT
      *
    FROM drawn_groups
    WHERE (1L + (entry_0_filled + entry_1_filled + entry_2_filled + entry_3_filled + entry_4_filled)) > 0L
    DISTRIBUTE BY `user`, part
  ) q
) q;

-- expected: the sum of n_s·q_s(item). even: the same if every pool were drawn uniformly.
-- docs/sampling.md: log q, log q correction.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/row_chances' USING parquet
SELECT
  m.*,
  CASE WHEN m.entry = 0L THEN ln(CASE WHEN (least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size)) > 0L THEN CASE WHEN m.draw < least(m.entry_0_quota, m.entry_0_request_size) THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked) AS DOUBLE) / CAST(m.entry_0_user_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END) WHEN m.entry = 1L THEN ln(CAST(p1.weight AS DOUBLE) / CAST(m.entry_1_weight AS DOUBLE)) WHEN m.entry = 2L THEN ln(CASE WHEN (least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size)) > 0L THEN CASE WHEN m.draw < least(m.entry_2_quota, m.entry_2_request_size) THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked) AS DOUBLE) / CAST(m.entry_2_user_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END) WHEN m.entry = 3L THEN ln(CAST(p3.weight AS DOUBLE) / CAST(m.entry_3_weight AS DOUBLE)) WHEN m.entry = 4L THEN ln(CAST(p4.weight AS DOUBLE) / CAST(m.entry_4_weight AS DOUBLE)) ELSE CAST(NULL AS DOUBLE) END AS log_q,
  coalesce(CAST(m.entry_0_filled AS DOUBLE) * CASE WHEN m.eligible THEN CASE WHEN m.own = 1L THEN CASE WHEN (r0.`user` IS NOT NULL) OR (u0.`user` IS NOT NULL) THEN CASE WHEN r0.`user` IS NOT NULL THEN CASE WHEN (least(m.entry_0_quota, m.entry_0_request_size + 1L) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked), m.entry_0_user_size)) > 0L THEN CASE WHEN true THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size + 1L AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size + 1L) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked) AS DOUBLE) / CAST(m.entry_0_user_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size + 1L) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END WHEN (m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size)) > 0L THEN CASE WHEN (least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size + 1L)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size + 1L) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked) AS DOUBLE) / CAST(m.entry_0_user_size + 1L AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size + 1L) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CASE WHEN ((r0.`user` IS NOT NULL) OR ((u0.`user` IS NOT NULL) AND ((m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size)) > 0L))) AND (NOT (x0.`user` IS NOT NULL)) THEN CASE WHEN (least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size)) > 0L THEN CASE WHEN r0.`user` IS NOT NULL THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked) AS DOUBLE) / CAST(m.entry_0_user_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END END END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_1_filled AS DOUBLE) * CASE WHEN ((NOT (m.own = 1L)) OR ((p1.created <= m.t) AND (m.t < p1.removed))) AND (p1.weight IS NOT NULL) AND ((m.own = 1L) OR (NOT (x1.`user` IS NOT NULL))) THEN CAST(p1.weight AS DOUBLE) / CAST(m.entry_1_weight + CASE WHEN m.own = 1L THEN p1.weight ELSE 0L END AS DOUBLE) END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_2_filled AS DOUBLE) * CASE WHEN m.eligible THEN CASE WHEN m.own = 1L THEN CASE WHEN false OR (u2.`user` IS NOT NULL) THEN CASE WHEN false THEN CASE WHEN (least(m.entry_2_quota, m.entry_2_request_size + 1L) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked), m.entry_2_user_size)) > 0L THEN CASE WHEN true THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size + 1L AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size + 1L) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked) AS DOUBLE) / CAST(m.entry_2_user_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size + 1L) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END WHEN (m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size)) > 0L THEN CASE WHEN (least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size + 1L)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size + 1L) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked) AS DOUBLE) / CAST(m.entry_2_user_size + 1L AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size + 1L) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CASE WHEN (false OR ((u2.`user` IS NOT NULL) AND ((m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size)) > 0L))) AND (NOT false) THEN CASE WHEN (least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked) AS DOUBLE) / CAST(m.entry_2_user_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END END END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_3_filled AS DOUBLE) * CASE WHEN ((NOT (m.own = 1L)) OR ((p3.created <= m.t) AND (m.t < p3.removed))) AND (p3.weight IS NOT NULL) AND ((m.own = 1L) OR (NOT (x1.`user` IS NOT NULL))) THEN CAST(p3.weight AS DOUBLE) / CAST(m.entry_3_weight + CASE WHEN m.own = 1L THEN p3.weight ELSE 0L END AS DOUBLE) END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_4_filled AS DOUBLE) * CASE WHEN ((NOT (m.own = 1L)) OR ((p4.created <= m.t) AND (m.t < p4.removed))) AND (p4.weight IS NOT NULL) AND ((m.own = 1L) OR (NOT (x1.`user` IS NOT NULL))) THEN CAST(p4.weight AS DOUBLE) / CAST(m.entry_4_weight + CASE WHEN m.own = 1L THEN p4.weight ELSE 0L END AS DOUBLE) END, CAST('0' AS DOUBLE)) AS expected,
  coalesce(CAST(m.entry_0_filled AS DOUBLE) * CASE WHEN m.eligible THEN CASE WHEN m.own = 1L THEN CASE WHEN true THEN CASE WHEN (least(m.entry_0_quota, m.entry_0_request_size + 1L) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked), m.entry_0_user_size)) > 0L THEN CASE WHEN true THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size + 1L AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size + 1L) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked) AS DOUBLE) / CAST(m.entry_0_user_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size + 1L) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END WHEN (m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size)) > 0L THEN CASE WHEN (least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size + 1L)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size + 1L) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked) AS DOUBLE) / CAST(m.entry_0_user_size + 1L AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size + 1L) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CASE WHEN ((r0.`user` IS NOT NULL) OR ((u0.`user` IS NOT NULL) AND ((m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size)) > 0L))) AND (NOT (x0.`user` IS NOT NULL)) THEN CASE WHEN (least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size)) > 0L THEN CASE WHEN r0.`user` IS NOT NULL THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked) AS DOUBLE) / CAST(m.entry_0_user_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END END END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_1_filled AS DOUBLE) * CASE WHEN ((NOT (m.own = 1L)) OR ((p1.created <= m.t) AND (m.t < p1.removed))) AND (p1.weight IS NOT NULL) AND ((m.own = 1L) OR (NOT (x1.`user` IS NOT NULL))) THEN CAST(p1.weight AS DOUBLE) / CAST(m.entry_1_weight + CASE WHEN m.own = 1L THEN p1.weight ELSE 0L END AS DOUBLE) END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_2_filled AS DOUBLE) * CASE WHEN m.eligible THEN CASE WHEN m.own = 1L THEN CASE WHEN false OR (u2.`user` IS NOT NULL) THEN CASE WHEN false THEN CASE WHEN (least(m.entry_2_quota, m.entry_2_request_size + 1L) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked), m.entry_2_user_size)) > 0L THEN CASE WHEN true THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size + 1L AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size + 1L) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked) AS DOUBLE) / CAST(m.entry_2_user_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size + 1L) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END WHEN (m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size)) > 0L THEN CASE WHEN (least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size + 1L)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size + 1L) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked) AS DOUBLE) / CAST(m.entry_2_user_size + 1L AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size + 1L) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CASE WHEN (false OR ((u2.`user` IS NOT NULL) AND ((m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size)) > 0L))) AND (NOT false) THEN CASE WHEN (least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked) AS DOUBLE) / CAST(m.entry_2_user_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END END END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_3_filled AS DOUBLE) * CASE WHEN ((NOT (m.own = 1L)) OR ((p3.created <= m.t) AND (m.t < p3.removed))) AND (p3.weight IS NOT NULL) AND ((m.own = 1L) OR (NOT (x1.`user` IS NOT NULL))) THEN CAST(p3.weight AS DOUBLE) / CAST(m.entry_3_weight + CASE WHEN m.own = 1L THEN p3.weight ELSE 0L END AS DOUBLE) END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_4_filled AS DOUBLE) * CASE WHEN ((NOT (m.own = 1L)) OR ((p4.created <= m.t) AND (m.t < p4.removed))) AND (p4.weight IS NOT NULL) AND ((m.own = 1L) OR (NOT (x1.`user` IS NOT NULL))) THEN CAST(p4.weight AS DOUBLE) / CAST(m.entry_4_weight + CASE WHEN m.own = 1L THEN p4.weight ELSE 0L END AS DOUBLE) END, CAST('0' AS DOUBLE)) AS candidate,
  coalesce(CAST(m.entry_0_filled AS DOUBLE) * CASE WHEN m.eligible THEN CASE WHEN m.own = 1L THEN CASE WHEN true THEN CASE WHEN (least(m.entry_0_quota, m.entry_0_request_size + 1L) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked), m.entry_0_user_size)) > 0L THEN CASE WHEN true THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size + 1L AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size + 1L) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked) AS DOUBLE) / CAST(m.entry_0_user_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size + 1L) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END WHEN (m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size)) > 0L THEN CASE WHEN (least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size + 1L)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size + 1L) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked) AS DOUBLE) / CAST(m.entry_0_user_size + 1L AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size + 1L) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CASE WHEN ((r0.`user` IS NOT NULL) OR ((u0.`user` IS NOT NULL) AND ((m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size)) > 0L))) AND (NOT (x0.`user` IS NOT NULL)) THEN CASE WHEN (least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size)) > 0L THEN CASE WHEN r0.`user` IS NOT NULL THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked) AS DOUBLE) / CAST(m.entry_0_user_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_asked), m.entry_0_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END END END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_1_filled AS DOUBLE) * CASE WHEN ((NOT (m.own = 1L)) OR ((p1.created <= m.t) AND (m.t < p1.removed))) AND (p1.weight IS NOT NULL) AND ((m.own = 1L) OR (NOT (x1.`user` IS NOT NULL))) THEN CAST(1L AS DOUBLE) / CAST(m.entry_1_accepted + CASE WHEN m.own = 1L THEN 1L ELSE 0L END AS DOUBLE) END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_2_filled AS DOUBLE) * CASE WHEN m.eligible THEN CASE WHEN m.own = 1L THEN CASE WHEN false OR (u2.`user` IS NOT NULL) THEN CASE WHEN false THEN CASE WHEN (least(m.entry_2_quota, m.entry_2_request_size + 1L) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked), m.entry_2_user_size)) > 0L THEN CASE WHEN true THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size + 1L AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size + 1L) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked) AS DOUBLE) / CAST(m.entry_2_user_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size + 1L) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END WHEN (m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size)) > 0L THEN CASE WHEN (least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size + 1L)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size + 1L) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked) AS DOUBLE) / CAST(m.entry_2_user_size + 1L AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size + 1L) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CASE WHEN (false OR ((u2.`user` IS NOT NULL) AND ((m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size)) > 0L))) AND (NOT false) THEN CASE WHEN (least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked) AS DOUBLE) / CAST(m.entry_2_user_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_asked), m.entry_2_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END END END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_3_filled AS DOUBLE) * CASE WHEN ((NOT (m.own = 1L)) OR ((p3.created <= m.t) AND (m.t < p3.removed))) AND (p3.weight IS NOT NULL) AND ((m.own = 1L) OR (NOT (x1.`user` IS NOT NULL))) THEN CAST(1L AS DOUBLE) / CAST(m.entry_3_accepted + CASE WHEN m.own = 1L THEN 1L ELSE 0L END AS DOUBLE) END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_4_filled AS DOUBLE) * CASE WHEN ((NOT (m.own = 1L)) OR ((p4.created <= m.t) AND (m.t < p4.removed))) AND (p4.weight IS NOT NULL) AND ((m.own = 1L) OR (NOT (x1.`user` IS NOT NULL))) THEN CAST(1L AS DOUBLE) / CAST(m.entry_4_accepted + CASE WHEN m.own = 1L THEN 1L ELSE 0L END AS DOUBLE) END, CAST('0' AS DOUBLE)) AS even
FROM row_items m
LEFT JOIN exposed_unclicked__request r0 ON (r0.`user` = m.`user`) AND (r0.part = m.part) AND (r0.request_key = m.request_key) AND (r0.item = m.item)
LEFT JOIN exposed_unclicked__user u0 ON ((u0.`user` = m.`user`) AND (u0.part = m.part) AND (u0.item = m.item)) AND (u0.since < m.read_t)
LEFT JOIN global_random__pool p1 ON p1.item = m.item
LEFT JOIN host_refused__user u2 ON (u2.`user` = m.`user`) AND (u2.part = m.part) AND (u2.item = m.item)
LEFT JOIN popularity__pool p3 ON (p3.value = m.entry_3_table) AND (p3.item = m.item)
LEFT JOIN same_city__pool p4 ON (p4.value = m.entry_4_table) AND (p4.item = m.item)
LEFT JOIN excluded_0 x0 ON (x0.`user` = m.`user`) AND (x0.part = m.part) AND (x0.item = m.item)
LEFT JOIN excluded_1 x1 ON (x1.`user` = m.`user`) AND (x1.part = m.part) AND (x1.item = m.item);
CREATE OR REPLACE TEMPORARY VIEW row_chances USING parquet OPTIONS (path 's3a://samples/_work/recall-…/row_chances');

-- In-batch negatives: positives by item.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/batch_items' USING parquet
SELECT
  item, count(*) AS positives
FROM group_positives
GROUP BY item;
CREATE OR REPLACE TEMPORARY VIEW batch_items USING parquet OPTIONS (path 's3a://samples/_work/recall-…/batch_items');

-- All positives, and their distinct items.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/batch_size' USING parquet
SELECT
  CAST(sum(positives) AS BIGINT) AS positives, count(*) AS items
FROM batch_items;
CREATE OR REPLACE TEMPORARY VIEW batch_size USING parquet OPTIONS (path 's3a://samples/_work/recall-…/batch_size');

-- ----------------------------------------------------------------------
-- 15. Newest values of items
-- ----------------------------------------------------------------------
-- One log row for each time of an item. docs/samples.md: Pass-through columns.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/as_of_rows' USING parquet
SELECT
  item, t, `copy item_ctr`
FROM (
  SELECT
    item, t, `copy item_ctr`,
    row_number() OVER (PARTITION BY item, t ORDER BY `user` NULLS FIRST, request NULLS FIRST, `position` NULLS FIRST, `pick device` NULLS FIRST, `pick is_click` NULLS FIRST, `pick is_viewed` NULLS FIRST, `pick item_ctr` NULLS FIRST, `pick item_id` NULLS FIRST, `pick play_time` NULLS FIRST) AS place
  FROM log
) q
WHERE place = 1L;
CREATE OR REPLACE TEMPORARY VIEW as_of_rows USING parquet OPTIONS (path 's3a://samples/_work/recall-…/as_of_rows');

-- Times of the log, and those of rows that look for them.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/as_of_hours' USING parquet
SELECT
  item, t, shown, is_log, CAST(floor(t / CAST('3600000000' AS DOUBLE)) AS BIGINT) AS `hour`
FROM (
  SELECT
    item, t, t AS shown, 1L AS is_log
  FROM as_of_rows
  UNION ALL
  SELECT DISTINCT
    item, t, CAST(NULL AS BIGINT) AS shown, 0L AS is_log
  FROM (
    SELECT
      item, read_t AS t
    FROM row_items
  ) q
) q;
CREATE OR REPLACE TEMPORARY VIEW as_of_hours USING parquet OPTIONS (path 's3a://samples/_work/recall-…/as_of_hours');

-- shown: the newest time of the item in the same hour, else in an earlier one.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/as_of_times' USING parquet
SELECT
  n.item, n.t, coalesce(n.shown, b.shown) AS shown
FROM (
  SELECT
    item, t, `hour`, is_log,
    max(shown) OVER (PARTITION BY item, `hour` ORDER BY t NULLS FIRST, is_log NULLS FIRST ROWS UNBOUNDED PRECEDING) AS shown
  FROM as_of_hours
) n
JOIN (
  SELECT
    item, `hour`,
    max(shown) OVER (PARTITION BY item ORDER BY `hour` NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS shown
  FROM (
    SELECT
      item, `hour`, max(shown) AS shown
    FROM as_of_hours
    GROUP BY item, `hour`
  ) q
) b ON (b.item = n.item) AND (b.`hour` = n.`hour`)
WHERE n.is_log = 0L;
CREATE OR REPLACE TEMPORARY VIEW as_of_times USING parquet OPTIONS (path 's3a://samples/_work/recall-…/as_of_times');

-- ----------------------------------------------------------------------
-- 16. Output
-- ----------------------------------------------------------------------
-- The rows of the result, and what places them. docs/samples.md: Order.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/sample_rows' USING parquet
SELECT
  c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, `user`, t,
  `key`, place_0, place_1, place_2, place_3, a, b
FROM (
  SELECT z.c0, z.c1, z.c2, z.c3, z.c4, z.c5, z.c6, z.c7, z.c8, z.c9, z.c10, z.c11, z.c12, z.c13, z.c14, z.c15, z.c16, z.c17, z.c18, z.c19, z.c20, z.`user`, z.t, z.`key`, z.place_0, z.place_1, z.place_2, z.place_3, out.a, out.b
  FROM (
    SELECT
      c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, `user`, t,
      `key`, place_0, place_1, place_2, place_3, (k0 ^ 77886636L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
      (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
      (a_3 ^ shiftright(a_3, 13)) AS a_4,
      (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
      (a_5 ^ shiftright(a_5, 16)) AS a, (k1 ^ 86081024L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
      (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
      (b_3 ^ shiftright(b_3, 13)) AS b_4,
      (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
      (b_5 ^ shiftright(b_5, 16)) AS b
    FROM (
      SELECT
        r.`user` AS c0, r.item AS c1, CAST(r.own AS TINYINT) AS c2,
        CASE WHEN r.entry = 0L THEN 'exposed_unclicked' WHEN r.entry = 1L THEN 'global_random' WHEN r.entry = 2L THEN 'rejected' WHEN r.entry = 3L THEN 'popularity' WHEN r.entry = 4L THEN 'same_attribute' END AS c3,
        CASE WHEN r.entry = 0L THEN 'exposed_unclicked' WHEN r.entry = 1L THEN 'global_random' WHEN r.entry = 2L THEN 'host_refused' WHEN r.entry = 3L THEN 'popularity' WHEN r.entry = 4L THEN 'same_city' END AS c4,
        r.group_item AS c5, r.request AS c6, CAST(timestamp_micros(r.t) AS TIMESTAMP_NTZ) AS c7, r.draw AS c8,
        r.log_q AS c9,
        CASE WHEN r.expected > CAST('0' AS DOUBLE) THEN ln(CAST(r.expected AS DOUBLE) / CAST(r.`rows` AS DOUBLE)) END AS c10,
        CASE WHEN (CAST(r.candidate AS DOUBLE) + coalesce(CASE WHEN r.own = 1L THEN CAST('4.285714285714286' AS DOUBLE) * (CAST(h.positives AS DOUBLE) / CAST((SELECT positives FROM batch_size) AS DOUBLE)) END, CAST('0' AS DOUBLE))) > CAST('0' AS DOUBLE) THEN ln((CAST(r.candidate AS DOUBLE) + coalesce(CASE WHEN r.own = 1L THEN CAST('4.285714285714286' AS DOUBLE) * (CAST(h.positives AS DOUBLE) / CAST((SELECT positives FROM batch_size) AS DOUBLE)) END, CAST('0' AS DOUBLE))) / (CAST(r.even AS DOUBLE) + coalesce(CASE WHEN r.own = 1L THEN CAST('4.285714285714286' AS DOUBLE) * CASE WHEN h.positives IS NOT NULL THEN CAST(1L AS DOUBLE) / CAST((SELECT items FROM batch_size) AS DOUBLE) END END, CAST('0' AS DOUBLE)))) END AS c11,
        ln(CAST(h.positives AS DOUBLE) / CAST((SELECT positives FROM batch_size) AS DOUBLE)) AS c12,
        CASE WHEN r.own = 1L THEN ln(CAST(h.positives AS DOUBLE) / CAST((SELECT positives FROM batch_size) AS DOUBLE)) + ln((SELECT items FROM batch_size) * CAST('238.70000000000002' AS DOUBLE)) END AS c13,
        r.weight AS c14, r.keep AS c15, c.`copy city` AS c16, c.`copy category` AS c17, d.`copy activity` AS c18,
        r.`copy device` AS c19, CASE WHEN (r.read_t - a.t) <= 604800000000L THEN a.`copy item_ctr` END AS c20, r.k0,
        r.k1, r.`user`, r.t,
        coalesce(CAST(r.group_item AS STRING), '') || chr(31) || coalesce(CAST(r.t AS STRING), '') || chr(31) || coalesce(CAST(r.request AS STRING), '') || chr(31) || coalesce(CAST(CASE WHEN r.positive = 0L THEN 'long_play' WHEN r.positive = 1L THEN 'click' END AS STRING), '') AS `key`,
        1L - r.own AS place_0, coalesce(r.entry, -1L) AS place_1, coalesce(r.draw, -1L) AS place_2, r.item AS place_3
      FROM row_chances r
      LEFT JOIN batch_items h ON h.item = r.item
      LEFT JOIN as_of_times s ON (s.item = r.item) AND (s.t = r.read_t)
      LEFT JOIN as_of_rows a ON (a.item = r.item) AND (a.t = s.shown)
      LEFT JOIN corpus c ON c.item = r.item
      LEFT JOIN (
        SELECT /*+ BROADCAST(h) */
          s.`user`, s.`copy activity`, explode(sequence(0L, (coalesce(h.parts, 1L) - 1L))) AS part
        FROM users s
        LEFT JOIN split_users h ON h.`user` = s.`user`
      ) d ON (d.`user` = r.`user`) AND (d.part = r.part)
    ) q
  ) z
  LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
) q;
CREATE OR REPLACE TEMPORARY VIEW sample_rows USING parquet OPTIONS (path 's3a://samples/_work/recall-…/sample_rows');

-- Positives and negatives. docs/sampling.md: log q, log q correction.
INSERT OVERWRITE DIRECTORY 's3a://samples/recall' USING parquet
SELECT
  p.c0 AS user_id, p.c1 AS item_id, p.c2 AS label, p.c3 AS source, p.c4 AS entry, p.c5 AS positive_item,
  p.c6 AS request_id, p.c7 AS ts, p.c8 AS draw, p.c9 AS log_q, p.c10 AS log_q_mix, p.c11 AS logq_correction,
  p.c12 AS log_q_batch, p.c13 AS logq_correction_batch, p.c14 AS weight, p.c15 AS keep_prob, p.c16 AS city,
  p.c17 AS category, p.c18 AS activity, p.c19 AS device, p.c20 AS item_ctr
FROM sample_rows p
ORDER BY p.a NULLS FIRST, p.b NULLS FIRST, p.`user` NULLS FIRST, p.t NULLS FIRST, p.`key` NULLS FIRST,
  p.place_0 NULLS FIRST, p.place_1 NULLS FIRST, p.place_2 NULLS FIRST, p.place_3 NULLS FIRST;
CREATE OR REPLACE TEMPORARY VIEW result USING parquet OPTIONS (path 's3a://samples/recall');

-- ----------------------------------------------------------------------
-- 17. Counts for the lock file
-- ----------------------------------------------------------------------
-- Rows by label, entry and bins of half a nat of their logs. sum: of whole millionths.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/recall-…/row_counts' USING parquet
SELECT
  label, entry, q_bin, mix_bin, count(*) AS `rows`, count(q) AS q_rows,
  CAST(CAST(sum(CAST(floor((q * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE)) AS BIGINT)) AS BIGINT) AS STRING) AS q_sum,
  min(q) AS q_least, max(q) AS q_greatest, count(mix) AS mix_rows,
  CAST(CAST(sum(CAST(floor((mix * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE)) AS BIGINT)) AS BIGINT) AS STRING) AS mix_sum,
  min(mix) AS mix_least, max(mix) AS mix_greatest, count(logq_correction_batch) AS batch_rows,
  sum(exp(- logq_correction_batch)) AS batch_sum
FROM (
  SELECT
    label, entry, log_q AS q,
    CASE WHEN (- log_q * CAST('2' AS DOUBLE)) >= CAST('200' AS DOUBLE) THEN 199L WHEN (- log_q * CAST('2' AS DOUBLE)) > CAST('0' AS DOUBLE) THEN CAST(floor(- log_q * CAST('2' AS DOUBLE)) AS BIGINT) WHEN log_q IS NOT NULL THEN 0L END AS q_bin,
    log_q_mix AS mix,
    CASE WHEN (- log_q_mix * CAST('2' AS DOUBLE)) >= CAST('200' AS DOUBLE) THEN 199L WHEN (- log_q_mix * CAST('2' AS DOUBLE)) > CAST('0' AS DOUBLE) THEN CAST(floor(- log_q_mix * CAST('2' AS DOUBLE)) AS BIGINT) WHEN log_q_mix IS NOT NULL THEN 0L END AS mix_bin,
    logq_correction_batch
  FROM (
    SELECT
      CAST(label AS INT) AS label, entry, log_q, log_q_mix, logq_correction_batch
    FROM result
  ) q
) q
GROUP BY label, entry, q_bin, mix_bin;
CREATE OR REPLACE TEMPORARY VIEW row_counts USING parquet OPTIONS (path 's3a://samples/_work/recall-…/row_counts');

-- All counts at once. Each row is a line of JSON with the name of its table.
CREATE OR REPLACE TEMPORARY VIEW counts_impressions USING binaryFile OPTIONS (path 's3a://lake/data/impressions/dt=*/*.parquet');
CREATE OR REPLACE TEMPORARY VIEW counts_items USING binaryFile OPTIONS (path 's3a://lake/data/items.parquet');
CREATE OR REPLACE TEMPORARY VIEW counts_users USING binaryFile OPTIONS (path 's3a://lake/data/users.parquet');
CREATE OR REPLACE TEMPORARY VIEW counts_rejections USING binaryFile OPTIONS (path 's3a://lake/data/rejections.parquet');
CREATE OR REPLACE TEMPORARY VIEW counts_result USING binaryFile OPTIONS (path 's3a://samples/recall');
INSERT OVERWRITE DIRECTORY 's3a://samples/recall/_recsample_counts' USING text
-- What is known before the job runs. docs/samples.md: The lock file.
SELECT to_json(struct('job' AS counts, q.*)) AS value
FROM (
  SELECT * FROM (VALUES
    ('run', 'generator', 'recsample 1.2.3'),
    ('run', 'stage', 'recall'),
    ('run', 'unit', 'positive'),
    ('run', 'seed', 'demo'),
    ('run', 'epoch', '0'),
    ('run', 'split', 'train'),
    ('config', 'path', 'configs/recall.ratio.yaml'),
    ('config', 'sha256', '…'),
    ('plan', 'sha256', '…'),
    ('plan', 'logq', 'shares'),
    ('entry', '0', 'exposed_unclicked'),
    ('entry', '1', 'global_random'),
    ('entry', '2', 'host_refused'),
    ('entry', '3', 'popularity'),
    ('entry', '4', 'same_city'),
    ('source', '0', 'exposed_unclicked'),
    ('source', '1', 'global_random'),
    ('source', '2', 'rejected'),
    ('source', '3', 'popularity'),
    ('source', '4', 'same_attribute'),
    ('refill', 'from', '1'),
    ('data', 'impressions', '../data/impressions/dt=*/*.parquet'),
    ('data', 'items', '../data/items.parquet'),
    ('data', 'users', '../data/users.parquet'),
    ('data', 'rejections', '../data/rejections.parquet'),
    ('output', 'layout', 'long'),
    ('output', 'order', 'shuffled'),
    ('setting', 'batch_size', '1024'),
    ('setting', 'data.impressions.columns.item', 'item_id'),
    ('setting', 'data.impressions.columns.position', 'position'),
    ('setting', 'data.impressions.columns.request', 'request_id'),
    ('setting', 'data.impressions.columns.time', 'ts'),
    ('setting', 'data.impressions.columns.user', 'user_id'),
    ('setting', 'data.impressions.columns.viewed', 'is_viewed'),
    ('setting', 'data.items.columns.created', 'created_at'),
    ('setting', 'data.items.columns.item', 'item_id'),
    ('setting', 'data.items.columns.removed', 'removed_at'),
    ('setting', 'data.items.where', '{"status":"online"}'),
    ('setting', 'data.rejections.columns.item', 'item_id'),
    ('setting', 'data.rejections.columns.time', 'ts'),
    ('setting', 'data.rejections.columns.user', 'user_id'),
    ('setting', 'data.users.columns.user', 'user_id'),
    ('setting', 'downsample_hot.threshold', '0.001'),
    ('setting', 'events.click', 'is_click'),
    ('setting', 'events.click?', 'unknown (is_click)'),
    ('setting', 'events.long_play', 'play_time >= 7'),
    ('setting', 'events.long_play?', 'unknown (play_time >= 7)'),
    ('setting', 'exposed_unclicked.before', 'true'),
    ('setting', 'exposed_unclicked.by_channel', 'false'),
    ('setting', 'exposed_unclicked.exclude.events', '["click","click?"]'),
    ('setting', 'exposed_unclicked.exclude.within', 'train'),
    ('setting', 'exposed_unclicked.mature_after', '30m'),
    ('setting', 'exposed_unclicked.scope', 'request_then_user'),
    ('setting', 'exposed_unclicked.seen', 'viewed'),
    ('setting', 'exposed_unclicked.share', '0.3'),
    ('setting', 'exposed_unclicked.source', 'exposed_unclicked'),
    ('setting', 'global_random.exclude.events', '["click","click?"]'),
    ('setting', 'global_random.exclude.within', 'train'),
    ('setting', 'global_random.items', 'corpus'),
    ('setting', 'global_random.share', '0.2'),
    ('setting', 'global_random.source', 'global_random'),
    ('setting', 'host_refused.by_channel', 'false'),
    ('setting', 'host_refused.share', '0.05'),
    ('setting', 'host_refused.source', 'rejected'),
    ('setting', 'logq', 'shares'),
    ('setting', 'mask_same_item', 'true'),
    ('setting', 'max_per_user_per_day', '50'),
    ('setting', 'on_shortfall', 'refill'),
    ('setting', 'per_group', '10'),
    ('setting', 'popularity.as_of', 'day'),
    ('setting', 'popularity.by', 'user'),
    ('setting', 'popularity.counted', 'click'),
    ('setting', 'popularity.exclude.events', '["click","click?"]'),
    ('setting', 'popularity.exclude.within', 'train'),
    ('setting', 'popularity.exponent', '0.75'),
    ('setting', 'popularity.group_by', 'region'),
    ('setting', 'popularity.items', 'corpus'),
    ('setting', 'popularity.share', '0.4'),
    ('setting', 'popularity.smoothing', '0'),
    ('setting', 'popularity.source', 'popularity'),
    ('setting', 'popularity.window', '7d'),
    ('setting', 'positives.events', '[{"name":"long_play","weight":2},{"name":"click","weight":1}]'),
    ('setting', 'positives.unknown', '[{"event":"long_play","name":"long_play?"},{"event":"click","name":"click?"}]'),
    ('setting', 'refill_from', 'global_random'),
    ('setting', 'same_city.by', 'positive'),
    ('setting', 'same_city.exclude.events', '["click","click?"]'),
    ('setting', 'same_city.exclude.within', 'train'),
    ('setting', 'same_city.items', 'corpus'),
    ('setting', 'same_city.match', '["city"]'),
    ('setting', 'same_city.share', '0.05'),
    ('setting', 'same_city.source', 'same_attribute'),
    ('setting', 'timezone', 'UTC'),
    ('setting', 'weight', '0.3'),
    ('setting', 'window.eval.from', '2026-11-21'),
    ('setting', 'window.eval.to', '2026-11-21'),
    ('setting', 'window.train.from', '2026-11-01'),
    ('setting', 'window.train.to', '2026-11-20'),
    ('read', 'impressions', 's3a://lake/data/impressions/dt=*/*.parquet'),
    ('read', 'items', 's3a://lake/data/items.parquet'),
    ('read', 'users', 's3a://lake/data/users.parquet'),
    ('read', 'rejections', 's3a://lake/data/rejections.parquet'),
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
    'long_play' AS event, `day`, count(*) AS impressions
  FROM (
    SELECT
      CAST(unix_date(CAST(timestamp_micros(t) AS DATE)) AS BIGINT) AS `day`
    FROM log
    WHERE (positive IS NULL)
      AND event_3
      AND (t >= 1793491200000000L)
      AND (t <= 1795219199999999L)
  ) q
  GROUP BY `day`
  UNION ALL
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
-- Groups, and the quotas of each entry before refill.
SELECT to_json(struct('groups' AS counts, q.*)) AS value
FROM (
  SELECT
    count(*) AS groups, CAST(sum(quota_0) AS BIGINT) AS asked_0, CAST(sum(quota_1) AS BIGINT) AS asked_1,
    CAST(sum(quota_2) AS BIGINT) AS asked_2, CAST(sum(quota_3) AS BIGINT) AS asked_3,
    CAST(sum(quota_4) AS BIGINT) AS asked_4
  FROM groups
) q
UNION ALL
-- Rows by label, entry and bins of half a nat of their logs. sum: of whole millionths.
SELECT to_json(struct('rows' AS counts, q.*)) AS value
FROM (
  SELECT * FROM row_counts
) q
UNION ALL
-- Items of the pools, over all their tables.
SELECT to_json(struct('pools' AS counts, q.*)) AS value
FROM (
  SELECT
    1L AS entry, CASE WHEN (SELECT items FROM global_random__size) IS NULL THEN 0L ELSE 1L END AS tables,
    (SELECT items FROM global_random__size) AS items
  UNION ALL
  SELECT
    3L AS entry, count(*) AS tables, CAST(sum(items) AS BIGINT) AS items
  FROM popularity__size
  UNION ALL
  SELECT
    4L AS entry, count(*) AS tables, CAST(sum(items) AS BIGINT) AS items
  FROM same_city__size
) q
UNION ALL
-- Groups with a shortfall and their missing rows, of each entry. enough: missing although there are enough items.
SELECT to_json(struct('shortfalls' AS counts, q.*)) AS value
FROM (
  SELECT
    CAST(sum(CASE WHEN missing_0 > 0L THEN 1L ELSE 0L END) AS BIGINT) AS groups_0,
    CAST(sum(CASE WHEN missing_0 > 0L THEN missing_0 ELSE 0L END) AS BIGINT) AS missing_0,
    CAST(sum(CASE WHEN (missing_0 > 0L) AND (size_0 >= quota_0) THEN missing_0 ELSE 0L END) AS BIGINT) AS enough_0,
    CAST(sum(CASE WHEN missing_1 > 0L THEN 1L ELSE 0L END) AS BIGINT) AS groups_1,
    CAST(sum(CASE WHEN missing_1 > 0L THEN missing_1 ELSE 0L END) AS BIGINT) AS missing_1,
    CAST(sum(CASE WHEN (missing_1 > 0L) AND (size_1 >= quota_1) THEN missing_1 ELSE 0L END) AS BIGINT) AS enough_1,
    CAST(sum(CASE WHEN missing_2 > 0L THEN 1L ELSE 0L END) AS BIGINT) AS groups_2,
    CAST(sum(CASE WHEN missing_2 > 0L THEN missing_2 ELSE 0L END) AS BIGINT) AS missing_2,
    CAST(sum(CASE WHEN (missing_2 > 0L) AND (size_2 >= quota_2) THEN missing_2 ELSE 0L END) AS BIGINT) AS enough_2,
    CAST(sum(CASE WHEN missing_3 > 0L THEN 1L ELSE 0L END) AS BIGINT) AS groups_3,
    CAST(sum(CASE WHEN missing_3 > 0L THEN missing_3 ELSE 0L END) AS BIGINT) AS missing_3,
    CAST(sum(CASE WHEN (missing_3 > 0L) AND (size_3 >= quota_3) THEN missing_3 ELSE 0L END) AS BIGINT) AS enough_3,
    CAST(sum(CASE WHEN missing_4 > 0L THEN 1L ELSE 0L END) AS BIGINT) AS groups_4,
    CAST(sum(CASE WHEN missing_4 > 0L THEN missing_4 ELSE 0L END) AS BIGINT) AS missing_4,
    CAST(sum(CASE WHEN (missing_4 > 0L) AND (size_4 >= quota_4) THEN missing_4 ELSE 0L END) AS BIGINT) AS enough_4
  FROM (
    SELECT
      quota_0 - entry_0_filled AS missing_0, quota_0, entry_0_request_size + entry_0_user_size AS size_0,
      (quota_1 - entry_1_filled) + (quota_0 - entry_0_filled) + (quota_2 - entry_2_filled) + (quota_3 - entry_3_filled) + (quota_4 - entry_4_filled) AS missing_1,
      quota_1 + (quota_0 - entry_0_filled) + (quota_2 - entry_2_filled) + (quota_3 - entry_3_filled) + (quota_4 - entry_4_filled) AS quota_1,
      entry_1_accepted AS size_1, quota_2 - entry_2_filled AS missing_2, quota_2,
      entry_2_request_size + entry_2_user_size AS size_2, quota_3 - entry_3_filled AS missing_3, quota_3,
      entry_3_accepted AS size_3, quota_4 - entry_4_filled AS missing_4, quota_4, entry_4_accepted AS size_4
    FROM drawn_groups
    WHERE ((quota_0 - entry_0_filled) > 0L) OR (((quota_1 - entry_1_filled) + (quota_0 - entry_0_filled) + (quota_2 - entry_2_filled) + (quota_3 - entry_3_filled) + (quota_4 - entry_4_filled)) > 0L) OR ((quota_2 - entry_2_filled) > 0L) OR ((quota_3 - entry_3_filled) > 0L) OR ((quota_4 - entry_4_filled) > 0L)
  ) q
) q
UNION ALL
-- Effective shares of the entries, summed over the groups with negatives.
SELECT to_json(struct('effective' AS counts, q.*)) AS value
FROM (
  SELECT
    count(*) AS groups,
    sum(part_0 / (part_0 + part_1 + part_2 + part_3 + part_4 + coalesce((SELECT CAST('1023' AS DOUBLE) * (sum(batch_sum) / sum(batch_rows)) AS batch FROM row_counts WHERE batch_rows > 0L), CAST('0' AS DOUBLE)))) AS share_0,
    sum(part_1 / (part_0 + part_1 + part_2 + part_3 + part_4 + coalesce((SELECT CAST('1023' AS DOUBLE) * (sum(batch_sum) / sum(batch_rows)) AS batch FROM row_counts WHERE batch_rows > 0L), CAST('0' AS DOUBLE)))) AS share_1,
    sum(part_2 / (part_0 + part_1 + part_2 + part_3 + part_4 + coalesce((SELECT CAST('1023' AS DOUBLE) * (sum(batch_sum) / sum(batch_rows)) AS batch FROM row_counts WHERE batch_rows > 0L), CAST('0' AS DOUBLE)))) AS share_2,
    sum(part_3 / (part_0 + part_1 + part_2 + part_3 + part_4 + coalesce((SELECT CAST('1023' AS DOUBLE) * (sum(batch_sum) / sum(batch_rows)) AS batch FROM row_counts WHERE batch_rows > 0L), CAST('0' AS DOUBLE)))) AS share_3,
    sum(part_4 / (part_0 + part_1 + part_2 + part_3 + part_4 + coalesce((SELECT CAST('1023' AS DOUBLE) * (sum(batch_sum) / sum(batch_rows)) AS batch FROM row_counts WHERE batch_rows > 0L), CAST('0' AS DOUBLE)))) AS share_4
  FROM (
    SELECT
      `user`, part, k0, k1, sum(CASE WHEN entry = 0L THEN effect ELSE CAST('0' AS DOUBLE) END) AS part_0,
      sum(CASE WHEN entry = 1L THEN effect ELSE CAST('0' AS DOUBLE) END) AS part_1,
      sum(CASE WHEN entry = 2L THEN effect ELSE CAST('0' AS DOUBLE) END) AS part_2,
      sum(CASE WHEN entry = 3L THEN effect ELSE CAST('0' AS DOUBLE) END) AS part_3,
      sum(CASE WHEN entry = 4L THEN effect ELSE CAST('0' AS DOUBLE) END) AS part_4
    FROM (
      SELECT
        r.`user`, r.part, r.k0, r.k1, r.entry,
        exp(- CASE WHEN (CAST(r.candidate AS DOUBLE) + coalesce(CASE WHEN r.own = 1L THEN CAST('4.285714285714286' AS DOUBLE) * (CAST(h.positives AS DOUBLE) / CAST((SELECT positives FROM batch_size) AS DOUBLE)) END, CAST('0' AS DOUBLE))) > CAST('0' AS DOUBLE) THEN ln((CAST(r.candidate AS DOUBLE) + coalesce(CASE WHEN r.own = 1L THEN CAST('4.285714285714286' AS DOUBLE) * (CAST(h.positives AS DOUBLE) / CAST((SELECT positives FROM batch_size) AS DOUBLE)) END, CAST('0' AS DOUBLE))) / (CAST(r.even AS DOUBLE) + coalesce(CASE WHEN r.own = 1L THEN CAST('4.285714285714286' AS DOUBLE) * CASE WHEN h.positives IS NOT NULL THEN CAST(1L AS DOUBLE) / CAST((SELECT items FROM batch_size) AS DOUBLE) END END, CAST('0' AS DOUBLE)))) END) AS effect
      FROM row_chances r
      LEFT JOIN batch_items h ON h.item = r.item
      WHERE r.own = 0L
    ) q
    GROUP BY `user`, part, k0, k1
  ) q
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
SELECT to_json(struct('inputs' AS counts, q.*)) AS value
FROM (
  SELECT '…' AS plan, 'users' AS data, path, length AS bytes, unix_micros(modificationTime) AS modified
  FROM counts_users
) q
UNION ALL
SELECT to_json(struct('inputs' AS counts, q.*)) AS value
FROM (
  SELECT '…' AS plan, 'rejections' AS data, path, length AS bytes, unix_micros(modificationTime) AS modified
  FROM counts_rejections
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
