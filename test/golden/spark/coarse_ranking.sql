-- generator: recsample 1.2.3
-- stage: coarse_ranking
-- seed: demo
-- epoch: 0
-- split: train
-- config_sha256: …
-- plan_sha256: …
-- timezone: UTC
-- window: 2026-11-01T00:00:00.000000Z (1793491200000000) to 2026-11-20T23:59:59.999999Z (1795219199999999)
-- output: s3a://samples/coarse_ranking
-- work: s3a://samples/_work/coarse_ranking-…
--
-- 1. Settings (12)
-- 2. Inputs (11)
-- 3. Log (3)
-- 4. Candidates (2)
-- 5. Corpus (3)
-- 6. Copied columns of the candidates (1)
-- 7. Groups (11)
-- 8. Exclusion (4)
-- 9. Entry coarse_filtered: coarse_filtered (9)
-- 10. Entry exposed_unclicked: exposed_unclicked (9)
-- 11. Entry ranked_unexposed: ranked_unexposed (8)
-- 12. Rows (5)
-- 13. Newest values of items (6)
-- 14. Output (2)
-- 15. Counts for the lock file (5)
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
CREATE OR REPLACE TEMPORARY VIEW raw_candidates_files USING binaryFile OPTIONS (path 's3a://lake/data/candidates/dt=*/*.parquet', basePath 's3a://lake/data/candidates');
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/input_files' USING parquet
SELECT coalesce(found, CAST(raise_error('data.impressions, s3a://lake/data/impressions/dt=*/*.parquet: there are no files') AS INT)) AS found
FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM raw_impressions_files LIMIT 1) f) q
UNION ALL
SELECT coalesce(found, CAST(raise_error('data.items, s3a://lake/data/items.parquet: there are no files') AS INT)) AS found
FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM raw_items_files LIMIT 1) f) q
UNION ALL
SELECT coalesce(found, CAST(raise_error('data.candidates, s3a://lake/data/candidates/dt=*/*.parquet: there are no files') AS INT)) AS found
FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM raw_candidates_files LIMIT 1) f) q;

-- Columns that are missing would be read as NULL.
CREATE OR REPLACE TEMPORARY VIEW raw_impressions_columns USING parquet OPTIONS (path 's3a://lake/data/impressions/dt=*/*.parquet', basePath 's3a://lake/data/impressions', mergeSchema 'true', ignoreCorruptFiles 'true');
CREATE OR REPLACE TEMPORARY VIEW raw_items_columns USING parquet OPTIONS (path 's3a://lake/data/items.parquet', mergeSchema 'true', ignoreCorruptFiles 'true');
CREATE OR REPLACE TEMPORARY VIEW raw_candidates_columns USING parquet OPTIONS (path 's3a://lake/data/candidates/dt=*/*.parquet', basePath 's3a://lake/data/candidates', mergeSchema 'true', ignoreCorruptFiles 'true');
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/input_columns' USING parquet
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
SELECT CASE WHEN missing <> '' THEN CAST(raise_error(concat('data.candidates, s3a://lake/data/candidates/dt=*/*.parquet: the job was written for columns that are missing there: ', missing)) AS STRING) ELSE missing END AS missing
FROM (
  SELECT concat_ws(', ',
    CASE WHEN NOT array_contains(names, lower('user_id')) THEN 'user_id' END,
    CASE WHEN NOT array_contains(names, lower('item_id')) THEN 'item_id' END,
    CASE WHEN NOT array_contains(names, lower('request_id')) THEN 'request_id' END,
    CASE WHEN NOT array_contains(names, lower('ts')) THEN 'ts' END,
    CASE WHEN NOT array_contains(names, lower('channel')) THEN 'channel' END,
    CASE WHEN NOT array_contains(names, lower('recall_rank')) THEN 'recall_rank' END,
    CASE WHEN NOT array_contains(names, lower('reached')) THEN 'reached' END,
    CASE WHEN NOT array_contains(names, lower('coarse_score')) THEN 'coarse_score' END,
    CASE WHEN NOT array_contains(names, lower('teacher_score')) THEN 'teacher_score' END
  ) AS missing
  FROM (
    SELECT json_object_keys(lower(to_json(struct(r.*), map('ignoreNullFields', 'false')))) AS names
    FROM (SELECT 1 AS one) o
    LEFT JOIN (SELECT * FROM raw_candidates_columns WHERE false) r ON true
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
  item_ctr DOUBLE
) USING parquet OPTIONS (path 's3a://lake/data/impressions/dt=*/*.parquet', basePath 's3a://lake/data/impressions');

-- data.items
CREATE OR REPLACE TEMPORARY VIEW raw_items (
  item_id BIGINT,
  city STRING,
  status STRING,
  created_at TIMESTAMP_NTZ,
  removed_at TIMESTAMP_NTZ
) USING parquet OPTIONS (path 's3a://lake/data/items.parquet');

-- data.candidates
CREATE OR REPLACE TEMPORARY VIEW raw_candidates (
  user_id BIGINT,
  item_id BIGINT,
  request_id BIGINT,
  ts TIMESTAMP_NTZ,
  channel STRING,
  recall_rank INT,
  reached STRING,
  coarse_score DOUBLE,
  teacher_score DOUBLE
) USING parquet OPTIONS (path 's3a://lake/data/candidates/dt=*/*.parquet', basePath 's3a://lake/data/candidates');

-- ----------------------------------------------------------------------
-- 3. Log
-- ----------------------------------------------------------------------
-- Types, times in microseconds, events. docs/sampling.md: Which rows count.
CREATE OR REPLACE TEMPORARY VIEW log_rows AS
SELECT
  CAST(user_id AS BIGINT) AS `user`, CAST(item_id AS BIGINT) AS item, unix_micros(CAST(ts AS TIMESTAMP)) AS t,
  CAST(request_id AS BIGINT) AS request, `position`, coalesce(is_click <> 0L, false) AS event_0,
  coalesce((is_click <> 0L) IS NULL, false) AS event_1, device AS `copy device`, item_ctr AS `copy item_ctr`,
  device AS `pick device`, is_click AS `pick is_click`, is_viewed AS `pick is_viewed`,
  CASE WHEN NOT isnan(item_ctr) THEN item_ctr END AS `pick item_ctr`, item_id AS `pick item_id`
FROM raw_impressions;

-- Valid impressions. positive: the heaviest event that makes a positive:
-- 0 = click (weight 1).
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/log' USING parquet
SELECT
  *, coalesce('#' || CAST(request AS STRING), '@' || CAST(t AS STRING)) AS request_key,
  CASE WHEN t <= 1795219199999999L THEN CASE WHEN event_0 THEN 0L END END AS positive, event_1 AS `unknown`
FROM log_rows
WHERE (`user` IS NOT NULL)
  AND (item IS NOT NULL)
  AND (t IS NOT NULL);
CREATE OR REPLACE TEMPORARY VIEW log USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/log');

-- ----------------------------------------------------------------------
-- 4. Candidates
-- ----------------------------------------------------------------------
-- Valid candidates. NaN counts as NULL.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/candidates' USING parquet
SELECT
  c.`user`, '#' || CAST(c.request AS STRING) AS request_key, c.request, c.item, c.t, c.reached, c.channel,
  c.teacher
FROM (
  SELECT
    CAST(user_id AS BIGINT) AS `user`, CAST(request_id AS BIGINT) AS request, CAST(item_id AS BIGINT) AS item,
    unix_micros(CAST(ts AS TIMESTAMP)) AS t, coalesce(CAST(reached AS STRING), '') AS reached,
    coalesce(CAST(channel AS STRING), '') AS channel,
    CAST(CASE WHEN NOT isnan(teacher_score) THEN teacher_score END AS DOUBLE) AS teacher
  FROM raw_candidates
) c
WHERE (c.item IS NOT NULL)
  AND (c.request IS NOT NULL)
  AND (c.`user` IS NOT NULL);
CREATE OR REPLACE TEMPORARY VIEW candidates USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/candidates');

-- ----------------------------------------------------------------------
-- 5. Corpus
-- ----------------------------------------------------------------------
-- Items, the times between which they are eligible, and whether data.items.where lists them.
-- docs/sampling.md: Exclusion and eligibility.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/corpus' USING parquet
SELECT
  CAST(item_id AS BIGINT) AS item,
  coalesce(unix_micros(CAST(created_at AS TIMESTAMP)), -4611686018427387904L) AS created,
  coalesce(unix_micros(CAST(removed_at AS TIMESTAMP)), 4611686018427387904L) AS removed, city AS `copy city`
FROM raw_items
WHERE CAST(item_id AS BIGINT) IS NOT NULL;
CREATE OR REPLACE TEMPORARY VIEW corpus USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/corpus');

-- Two rows with one id are an error: it is unclear which one is right.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/check_corpus' USING parquet
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
-- 6. Copied columns of the candidates
-- ----------------------------------------------------------------------
-- One candidate of each request and item: the smallest rank, then the smallest channel.
-- docs/samples.md: Pass-through columns.
CREATE OR REPLACE TEMPORARY VIEW copied_candidates AS
SELECT
  `user`, request, item, `copy channel`
FROM (
  SELECT
    `user`, request, item, `copy channel`,
    row_number() OVER (PARTITION BY `user`, request, item ORDER BY rank NULLS LAST, channel NULLS FIRST, `pick channel` NULLS FIRST, `pick coarse_score` NULLS FIRST, `pick item_id` NULLS FIRST, `pick reached` NULLS FIRST, `pick recall_rank` NULLS FIRST, `pick request_id` NULLS FIRST, `pick teacher_score` NULLS FIRST, `pick ts` NULLS FIRST, `pick user_id` NULLS FIRST) AS place
  FROM (
    SELECT
      CAST(user_id AS BIGINT) AS `user`, CAST(request_id AS BIGINT) AS request, CAST(item_id AS BIGINT) AS item,
      CAST(recall_rank AS DOUBLE) AS rank, coalesce(CAST(channel AS STRING), '') AS channel,
      channel AS `copy channel`, channel AS `pick channel`,
      CASE WHEN NOT isnan(coarse_score) THEN coarse_score END AS `pick coarse_score`, item_id AS `pick item_id`,
      reached AS `pick reached`, recall_rank AS `pick recall_rank`, request_id AS `pick request_id`,
      CASE WHEN NOT isnan(teacher_score) THEN teacher_score END AS `pick teacher_score`,
      unix_micros(CAST(ts AS TIMESTAMP)) AS `pick ts`, user_id AS `pick user_id`
    FROM raw_candidates
  ) q
  WHERE (`user` IS NOT NULL)
    AND (request IS NOT NULL)
    AND (item IS NOT NULL)
) q
WHERE place = 1L;

-- ----------------------------------------------------------------------
-- 7. Groups
-- ----------------------------------------------------------------------
-- The requests of the candidates. Their time is the earliest of their candidates, else of their impressions.
-- docs/sampling.md: Groups, request.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/requests' USING parquet
SELECT
  `user`, request, request_key, t
FROM (
  SELECT
    c.`user`, c.request, c.request_key, coalesce(c.t, s.t) AS t
  FROM (
    SELECT
      `user`, request, request_key, min(t) AS t
    FROM candidates
    GROUP BY `user`, request, request_key
  ) c
  LEFT JOIN (
    SELECT
      `user`, request_key, min(t) AS t
    FROM log
    WHERE t <= 1795219199999999L
    GROUP BY `user`, request_key
  ) s ON (s.`user` = c.`user`) AND (s.request_key = c.request_key)
) q
WHERE (t IS NOT NULL)
  AND (t >= 1793491200000000L)
  AND (t <= 1795219199999999L);
CREATE OR REPLACE TEMPORARY VIEW requests USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/requests');

-- The requests with the two words of their keys.
CREATE OR REPLACE TEMPORARY VIEW keyed_requests AS
SELECT
  `user`, request, request_key, t, `copy device`, item, CAST(conv(substr(md5, 1, 8), 16, 10) AS BIGINT) AS k0,
  CAST(conv(substr(md5, 9, 8), 16, 10) AS BIGINT) AS k1
FROM (
  SELECT
    `user`, request, request_key, t, `copy device`, CAST(NULL AS BIGINT) AS item,
    md5(CASE WHEN request IS NULL THEN coalesce(CAST(`user` AS STRING), '') || chr(31) || coalesce(CAST(t AS STRING), '') ELSE coalesce(CAST(request AS STRING), '') END) AS md5
  FROM (
    SELECT
      q.`user`, q.request, q.request_key, q.t, x.`copy device`
    FROM requests q
    LEFT JOIN (
      SELECT
        `user`, request_key, `copy device`
      FROM (
        SELECT
          `user`, request_key, `copy device`,
          row_number() OVER (PARTITION BY `user`, request_key ORDER BY t NULLS FIRST, request NULLS FIRST, `position` NULLS FIRST, `pick device` NULLS FIRST, `pick is_click` NULLS FIRST, `pick is_viewed` NULLS FIRST, `pick item_ctr` NULLS FIRST, `pick item_id` NULLS FIRST) AS place
        FROM log
        WHERE t <= 1795219199999999L
      ) q
      WHERE place = 1L
    ) x ON (x.`user` = q.`user`) AND (x.request_key = q.request_key)
  ) q
) q;

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
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/split_users' USING parquet
SELECT
  `user`, CAST(floor(CAST(groups AS DOUBLE) / CAST(most AS DOUBLE)) AS BIGINT) + 1L AS parts
FROM (
  SELECT
    `user`, count(*) AS groups,
    greatest(4096L, CAST(floor(CAST((SELECT count(*) AS total FROM requests) AS DOUBLE) / CAST('200' AS DOUBLE)) AS BIGINT)) AS most
  FROM requests
  GROUP BY `user`
) q
WHERE groups > most;
CREATE OR REPLACE TEMPORARY VIEW split_users USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/split_users');

-- The groups and the quota of each entry. docs/sampling.md: Quotas.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/groups' USING parquet
SELECT /*+ BROADCAST(h) */
  g.`user`, g.k0, g.k1, g.t, g.item, g.request, g.request_key, g.`copy device`,
  least(g.t, coalesce(rt.t, g.t)) AS read_t,
  CASE WHEN h.parts IS NOT NULL THEN CAST(pmod(hash(g.request_key), CAST(h.parts AS INT)) AS BIGINT) ELSE 0L END AS part,
  40L AS quota_0, 10L AS quota_1, 10L AS quota_2
FROM keyed_requests g
LEFT JOIN split_users h ON h.`user` = g.`user`
LEFT JOIN read_times rt ON (rt.`user` = g.`user`) AND (rt.request_key = g.request_key);
CREATE OR REPLACE TEMPORARY VIEW groups USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/groups');

-- From here on, a group is its user and the two words of its key.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/check_groups' USING parquet
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

-- The positives of the groups: each item once, with its heaviest event.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/group_positives' USING parquet
SELECT
  `user`, part, k0, k1, t, item, CASE WHEN positive = 0L THEN CAST('1' AS DOUBLE) END AS weight
FROM (
  SELECT
    `user`, part, k0, k1, t, item, positive,
    row_number() OVER (PARTITION BY `user`, part, k0, k1, item ORDER BY positive NULLS FIRST, shown NULLS FIRST, request NULLS FIRST, `position` NULLS FIRST, `pick device` NULLS FIRST, `pick is_click` NULLS FIRST, `pick is_viewed` NULLS FIRST, `pick item_ctr` NULLS FIRST, `pick item_id` NULLS FIRST) AS place
  FROM (
    SELECT
      g.`user`, g.part, g.k0, g.k1, g.t, l.item, l.positive, l.request, l.`position`, l.`pick device`,
      l.`pick is_click`, l.`pick is_viewed`, l.`pick item_ctr`, l.`pick item_id`, l.t AS shown
    FROM groups g
    JOIN log l ON (l.`user` = g.`user`) AND (l.request_key = g.request_key)
    WHERE l.positive IS NOT NULL
  ) q
) q
WHERE place = 1L;
CREATE OR REPLACE TEMPORARY VIEW group_positives USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/group_positives');

-- ----------------------------------------------------------------------
-- 8. Exclusion
-- ----------------------------------------------------------------------
-- Items that a user has an excluding event on, with the last time of one.
-- docs/sampling.md: Exclusion and eligibility.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/excluded_0' USING parquet
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
CREATE OR REPLACE TEMPORARY VIEW excluded_0 USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/excluded_0');

-- Items that a user has an excluding event on, with the last time of one.
-- docs/sampling.md: Exclusion and eligibility.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/excluded_1' USING parquet
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
CREATE OR REPLACE TEMPORARY VIEW excluded_1 USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/excluded_1');

-- ----------------------------------------------------------------------
-- 9. Entry coarse_filtered: coarse_filtered
-- ----------------------------------------------------------------------
-- Candidates of each request, with the words of their items. The channels of an item count together.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/coarse_filtered__request' USING parquet
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
      SELECT
        `user`, request_key, item
      FROM candidates
      GROUP BY `user`, request_key, item
      HAVING max(CASE WHEN reached = 'recall' THEN 0L WHEN reached = 'coarse' THEN 1L WHEN reached = 'fine' THEN 2L WHEN reached = 'exposed' THEN 3L ELSE -1L END) = 1L
    ) q
  ) q
) s
LEFT JOIN split_users h ON h.`user` = s.`user`;
CREATE OR REPLACE TEMPORARY VIEW coarse_filtered__request USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/coarse_filtered__request');

-- Their channels, with the words of their names.
CREATE OR REPLACE TEMPORARY VIEW coarse_filtered__channels AS
SELECT
  `user`, request_key, item, part, channel, CAST(conv(substr(md5, 1, 8), 16, 10) AS BIGINT) AS c0
FROM (
  SELECT
    `user`, request_key, item, part, channel, md5(channel) AS md5
  FROM (
    SELECT DISTINCT
      c.`user`, c.request_key, c.item, c.channel, r.part
    FROM candidates c
    JOIN coarse_filtered__request r ON (r.`user` = c.`user`) AND (r.request_key = c.request_key) AND (r.item = c.item)
  ) q
) q;

-- Groups that draw something.
CREATE OR REPLACE TEMPORARY VIEW coarse_filtered__groups AS
SELECT
  `user`, part, k0, k1, t, request_key, quota_0 AS quota
FROM groups
WHERE quota_0 > 0L;

-- The acceptable candidates of the request in keyed order.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/coarse_filtered__request_rows' USING parquet
SELECT
  `user`, part, k0, k1, item,
  row_number() OVER (PARTITION BY `user`, part, k0, k1 ORDER BY round NULLS FIRST, turn NULLS FIRST, channel NULLS FIRST) AS place
FROM (
  SELECT
    `user`, part, k0, k1, item, channel, round, turn
  FROM (
    SELECT
      `user`, part, k0, k1, item, channel, round, turn,
      row_number() OVER (PARTITION BY `user`, part, k0, k1, item ORDER BY round NULLS FIRST, turn NULLS FIRST, channel NULLS FIRST) AS first
    FROM (
      SELECT z.`user`, z.part, z.k0, z.k1, z.item, z.channel, z.round, out.turn
      FROM (
        SELECT
          `user`, part, k0, k1, item, channel, round, ((k0 ^ c0) ^ 1353160321L) AS turn_1,
          (turn_1 ^ shiftright(turn_1, 16)) AS turn_2,
          (((turn_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(turn_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS turn_3,
          (turn_3 ^ shiftright(turn_3, 13)) AS turn_4,
          (((turn_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(turn_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS turn_5,
          (turn_5 ^ shiftright(turn_5, 16)) AS turn
        FROM (
          SELECT
            `user`, part, k0, k1, item, channel, c0,
            row_number() OVER (PARTITION BY `user`, part, k0, k1, channel ORDER BY a NULLS FIRST, b NULLS FIRST, item NULLS FIRST) AS round
          FROM (
            SELECT
              h.`user`, h.part, h.k0, h.k1, h.item, h.a, h.b, c.channel, c.c0
            FROM (
              SELECT z.`user`, z.part, z.k0, z.k1, z.item, z.request_key, out.a, out.b
              FROM (
                SELECT
                  `user`, part, k0, k1, item, request_key, ((k0 ^ i0) ^ 1353160321L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
                  (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
                  (a_3 ^ shiftright(a_3, 13)) AS a_4,
                  (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
                  (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ i1) ^ 3787214075L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
                  (((b_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(b_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS b_3,
                  (b_3 ^ shiftright(b_3, 13)) AS b_4,
                  (((b_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(b_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS b_5,
                  (b_5 ^ shiftright(b_5, 16)) AS b
                FROM (
                  SELECT
                    c.`user`, c.part, c.k0, c.k1, c.item, c.i0, c.i1, c.request_key
                  FROM (
                    SELECT
                      g.`user`, g.part, g.k0, g.k1, g.t, g.request_key, l.item, l.i0, l.i1
                    FROM coarse_filtered__groups g
                    JOIN coarse_filtered__request l ON (l.`user` = g.`user`) AND (l.part = g.part) AND (l.request_key = g.request_key)
                  ) c
                  JOIN corpus i ON (i.item = c.item) AND (i.created <= c.t) AND (c.t < i.removed)
                  ANTI JOIN excluded_0 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
                  ANTI JOIN group_positives o ON (o.`user` = c.`user`) AND (o.part = c.part) AND (o.k0 = c.k0) AND (o.k1 = c.k1) AND (o.item = c.item)
                ) q
              ) z
              LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
            ) h
            JOIN coarse_filtered__channels c ON (c.`user` = h.`user`) AND (c.part = h.part) AND (c.request_key = h.request_key) AND (c.item = h.item)
          ) q
        ) q
      ) z
      LATERAL VIEW inline(array(struct(z.turn))) out AS turn
    ) q
  ) q
  WHERE first = 1L
) q;
CREATE OR REPLACE TEMPORARY VIEW coarse_filtered__request_rows USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/coarse_filtered__request_rows');

-- Number of acceptable candidates of each group. Those of the user are not counted if those of the request are enough.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/coarse_filtered__sizes' USING parquet
SELECT
  g.`user`, g.part, g.k0, g.k1, g.quota, coalesce(r.candidates, 0L) AS request_size, 0L AS user_size
FROM coarse_filtered__groups g
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, count(*) AS candidates
  FROM coarse_filtered__request_rows
  GROUP BY `user`, part, k0, k1
) r ON (r.`user` = g.`user`) AND (r.part = g.part) AND (r.k0 = g.k0) AND (r.k1 = g.k1);
CREATE OR REPLACE TEMPORARY VIEW coarse_filtered__sizes USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/coarse_filtered__sizes');

-- The negatives of the entry, numbered from 0.
CREATE OR REPLACE TEMPORARY VIEW coarse_filtered__drawn AS
SELECT
  r.`user`, r.part, r.k0, r.k1, r.item, r.place - 1L AS draw
FROM coarse_filtered__request_rows r
JOIN coarse_filtered__sizes s ON (s.`user` = r.`user`) AND (s.part = r.part) AND (s.k0 = r.k0) AND (s.k1 = r.k1)
WHERE r.place <= s.quota;

-- ----------------------------------------------------------------------
-- 10. Entry exposed_unclicked: exposed_unclicked
-- ----------------------------------------------------------------------
-- Exposures without a positive event that count as seen and are mature.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__exposures AS
SELECT
  l.`user`, l.request_key, l.item
FROM log l
WHERE (l.positive IS NULL)
  AND (NOT l.`unknown`)
  AND (l.t >= 1793491200000000L)
  AND (l.t <= 1795219199999999L);

-- Candidates of each request, with the words of their items.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/exposed_unclicked__request' USING parquet
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
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__request USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/exposed_unclicked__request');

-- Groups that draw something.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__groups AS
SELECT
  `user`, part, k0, k1, t, request_key, quota_1 AS quota
FROM groups
WHERE quota_1 > 0L;

-- The acceptable candidates of the request in keyed order.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/exposed_unclicked__request_rows' USING parquet
SELECT
  `user`, part, k0, k1, item,
  row_number() OVER (PARTITION BY `user`, part, k0, k1 ORDER BY a NULLS FIRST, b NULLS FIRST, item NULLS FIRST) AS place
FROM (
  SELECT z.`user`, z.part, z.k0, z.k1, z.item, out.a, out.b
  FROM (
    SELECT
      `user`, part, k0, k1, item, ((k0 ^ i0) ^ 3448082622L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
      (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
      (a_3 ^ shiftright(a_3, 13)) AS a_4,
      (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
      (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ i1) ^ 894191535L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
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
        FROM exposed_unclicked__groups g
        JOIN exposed_unclicked__request l ON (l.`user` = g.`user`) AND (l.part = g.part) AND (l.request_key = g.request_key)
      ) c
      JOIN corpus i ON (i.item = c.item) AND (i.created <= c.t) AND (c.t < i.removed)
      ANTI JOIN excluded_1 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
      ANTI JOIN group_positives o ON (o.`user` = c.`user`) AND (o.part = c.part) AND (o.k0 = c.k0) AND (o.k1 = c.k1) AND (o.item = c.item)
    ) q
  ) z
  LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
) q;
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__request_rows USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/exposed_unclicked__request_rows');

-- Number of acceptable candidates of each group. Those of the user are not counted if those of the request are enough.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/exposed_unclicked__sizes' USING parquet
SELECT
  g.`user`, g.part, g.k0, g.k1, g.quota, coalesce(r.candidates, 0L) AS request_size, 0L AS user_size
FROM exposed_unclicked__groups g
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, count(*) AS candidates
  FROM exposed_unclicked__request_rows
  GROUP BY `user`, part, k0, k1
) r ON (r.`user` = g.`user`) AND (r.part = g.part) AND (r.k0 = g.k0) AND (r.k1 = g.k1);
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__sizes USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/exposed_unclicked__sizes');

-- The negatives of the entry, numbered from 0.
CREATE OR REPLACE TEMPORARY VIEW exposed_unclicked__drawn AS
SELECT
  r.`user`, r.part, r.k0, r.k1, r.item, r.place - 1L AS draw
FROM exposed_unclicked__request_rows r
JOIN exposed_unclicked__sizes s ON (s.`user` = r.`user`) AND (s.part = r.part) AND (s.k0 = r.k0) AND (s.k1 = r.k1)
WHERE r.place <= s.quota;

-- ----------------------------------------------------------------------
-- 11. Entry ranked_unexposed: ranked_unexposed
-- ----------------------------------------------------------------------
-- Candidates of each request, with the words of their items. The channels of an item count together.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/ranked_unexposed__request' USING parquet
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
      SELECT
        `user`, request_key, item
      FROM candidates
      GROUP BY `user`, request_key, item
      HAVING max(CASE WHEN reached = 'recall' THEN 0L WHEN reached = 'coarse' THEN 1L WHEN reached = 'fine' THEN 2L WHEN reached = 'exposed' THEN 3L ELSE -1L END) = 2L
    ) q
  ) q
) s
LEFT JOIN split_users h ON h.`user` = s.`user`;
CREATE OR REPLACE TEMPORARY VIEW ranked_unexposed__request USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/ranked_unexposed__request');

-- Groups that draw something.
CREATE OR REPLACE TEMPORARY VIEW ranked_unexposed__groups AS
SELECT
  `user`, part, k0, k1, t, request_key, quota_2 AS quota
FROM groups
WHERE quota_2 > 0L;

-- The acceptable candidates of the request in keyed order.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/ranked_unexposed__request_rows' USING parquet
SELECT
  `user`, part, k0, k1, item,
  row_number() OVER (PARTITION BY `user`, part, k0, k1 ORDER BY a NULLS FIRST, b NULLS FIRST, item NULLS FIRST) AS place
FROM (
  SELECT z.`user`, z.part, z.k0, z.k1, z.item, out.a, out.b
  FROM (
    SELECT
      `user`, part, k0, k1, item, ((k0 ^ i0) ^ 2980411484L) AS a_1, (a_1 ^ shiftright(a_1, 16)) AS a_2,
      (((a_2 & 65535L) * 2246822507L) + shiftleft(((shiftright(a_2, 16) * 2246822507L) & 65535L), 16)) & 4294967295L AS a_3,
      (a_3 ^ shiftright(a_3, 13)) AS a_4,
      (((a_4 & 65535L) * 3266489909L) + shiftleft(((shiftright(a_4, 16) * 3266489909L) & 65535L), 16)) & 4294967295L AS a_5,
      (a_5 ^ shiftright(a_5, 16)) AS a, ((k1 ^ i1) ^ 1184619227L) AS b_1, (b_1 ^ shiftright(b_1, 16)) AS b_2,
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
        FROM ranked_unexposed__groups g
        JOIN ranked_unexposed__request l ON (l.`user` = g.`user`) AND (l.part = g.part) AND (l.request_key = g.request_key)
      ) c
      JOIN corpus i ON (i.item = c.item) AND (i.created <= c.t) AND (c.t < i.removed)
      ANTI JOIN excluded_0 x ON (x.`user` = c.`user`) AND (x.part = c.part) AND (x.item = c.item)
      ANTI JOIN group_positives o ON (o.`user` = c.`user`) AND (o.part = c.part) AND (o.k0 = c.k0) AND (o.k1 = c.k1) AND (o.item = c.item)
    ) q
  ) z
  LATERAL VIEW inline(array(struct(z.a, z.b))) out AS a, b
) q;
CREATE OR REPLACE TEMPORARY VIEW ranked_unexposed__request_rows USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/ranked_unexposed__request_rows');

-- Number of acceptable candidates of each group. Those of the user are not counted if those of the request are enough.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/ranked_unexposed__sizes' USING parquet
SELECT
  g.`user`, g.part, g.k0, g.k1, g.quota, coalesce(r.candidates, 0L) AS request_size, 0L AS user_size
FROM ranked_unexposed__groups g
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, count(*) AS candidates
  FROM ranked_unexposed__request_rows
  GROUP BY `user`, part, k0, k1
) r ON (r.`user` = g.`user`) AND (r.part = g.part) AND (r.k0 = g.k0) AND (r.k1 = g.k1);
CREATE OR REPLACE TEMPORARY VIEW ranked_unexposed__sizes USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/ranked_unexposed__sizes');

-- The negatives of the entry, numbered from 0.
CREATE OR REPLACE TEMPORARY VIEW ranked_unexposed__drawn AS
SELECT
  r.`user`, r.part, r.k0, r.k1, r.item, r.place - 1L AS draw
FROM ranked_unexposed__request_rows r
JOIN ranked_unexposed__sizes s ON (s.`user` = r.`user`) AND (s.part = r.part) AND (s.k0 = r.k0) AND (s.k1 = r.k1)
WHERE r.place <= s.quota;

-- ----------------------------------------------------------------------
-- 12. Rows
-- ----------------------------------------------------------------------
-- The groups with the negatives of each entry, in the order of their draws.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/drawn_groups' USING parquet
SELECT
  g.`user`, g.part, g.t, g.request, g.request_key, g.read_t, g.`copy device`, o.members.item AS own_item,
  o.members.weight AS own_weight, o.members.eligible AS own_eligible, coalesce(o.positives, 0L) AS own_rows,
  g.quota_0, d0.drawn AS entry_0_items, coalesce(CAST(array_size(d0.drawn) AS BIGINT), 0L) AS entry_0_filled,
  w0.quota AS entry_0_quota, w0.request_size AS entry_0_request_size, w0.user_size AS entry_0_user_size,
  g.quota_1, d1.drawn AS entry_1_items, coalesce(CAST(array_size(d1.drawn) AS BIGINT), 0L) AS entry_1_filled,
  w1.quota AS entry_1_quota, w1.request_size AS entry_1_request_size, w1.user_size AS entry_1_user_size,
  g.quota_2, d2.drawn AS entry_2_items, coalesce(CAST(array_size(d2.drawn) AS BIGINT), 0L) AS entry_2_filled,
  w2.quota AS entry_2_quota, w2.request_size AS entry_2_request_size, w2.user_size AS entry_2_user_size
FROM (
  SELECT
    *
  FROM groups
  DISTRIBUTE BY `user`, part
) g
LEFT JOIN (
  SELECT
    `user`, part, k0, k1,
    sort_array(collect_list(struct(item AS item, weight AS weight, eligible AS eligible))) AS members,
    count(*) AS positives
  FROM (
    SELECT
      g.`user`, g.part, g.k0, g.k1, g.item, g.weight,
      coalesce((c.created <= g.t) AND (g.t < c.removed), false) AS eligible
    FROM group_positives g
    LEFT JOIN corpus c ON c.item = g.item
  ) q
  GROUP BY `user`, part, k0, k1
) o ON (o.`user` = g.`user`) AND (o.part = g.part) AND (o.k0 = g.k0) AND (o.k1 = g.k1)
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, members.item AS drawn
  FROM (
    SELECT
      `user`, part, k0, k1, sort_array(collect_list(struct(draw AS draw, item AS item))) AS members
    FROM coarse_filtered__drawn
    GROUP BY `user`, part, k0, k1
  ) q
) d0 ON (d0.`user` = g.`user`) AND (d0.part = g.part) AND (d0.k0 = g.k0) AND (d0.k1 = g.k1)
LEFT JOIN coarse_filtered__sizes w0 ON (w0.`user` = g.`user`) AND (w0.part = g.part) AND (w0.k0 = g.k0) AND (w0.k1 = g.k1)
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, members.item AS drawn
  FROM (
    SELECT
      `user`, part, k0, k1, sort_array(collect_list(struct(draw AS draw, item AS item))) AS members
    FROM exposed_unclicked__drawn
    GROUP BY `user`, part, k0, k1
  ) q
) d1 ON (d1.`user` = g.`user`) AND (d1.part = g.part) AND (d1.k0 = g.k0) AND (d1.k1 = g.k1)
LEFT JOIN exposed_unclicked__sizes w1 ON (w1.`user` = g.`user`) AND (w1.part = g.part) AND (w1.k0 = g.k0) AND (w1.k1 = g.k1)
LEFT JOIN (
  SELECT
    `user`, part, k0, k1, members.item AS drawn
  FROM (
    SELECT
      `user`, part, k0, k1, sort_array(collect_list(struct(draw AS draw, item AS item))) AS members
    FROM ranked_unexposed__drawn
    GROUP BY `user`, part, k0, k1
  ) q
) d2 ON (d2.`user` = g.`user`) AND (d2.part = g.part) AND (d2.k0 = g.k0) AND (d2.k1 = g.k1)
LEFT JOIN ranked_unexposed__sizes w2 ON (w2.`user` = g.`user`) AND (w2.part = g.part) AND (w2.k0 = g.k0) AND (w2.k1 = g.k1);
CREATE OR REPLACE TEMPORARY VIEW drawn_groups USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/drawn_groups');

-- The rows: positives, then the negatives of each entry. own: 1 for a positive. Negatives are eligible.
CREATE OR REPLACE TEMPORARY VIEW row_items AS
SELECT
  `user`, part, t, request, request_key, read_t, `copy device`, entry_0_filled, entry_0_quota,
  entry_0_request_size, entry_0_user_size, entry_1_filled, entry_1_quota, entry_1_request_size,
  entry_1_user_size, entry_2_filled, entry_2_quota, entry_2_request_size, entry_2_user_size, `rows`,
  CASE WHEN n < own_rows THEN 1L ELSE 0L END AS own,
  CASE WHEN n < own_rows THEN CAST(NULL AS BIGINT) WHEN n < (own_rows + entry_0_filled) THEN 0L WHEN n < (own_rows + entry_0_filled + entry_1_filled) THEN 1L WHEN n < (own_rows + entry_0_filled + entry_1_filled + entry_2_filled) THEN 2L END AS entry,
  CAST(CASE WHEN n < own_rows THEN CAST(NULL AS BIGINT) WHEN n < (own_rows + entry_0_filled) THEN n - own_rows WHEN n < (own_rows + entry_0_filled + entry_1_filled) THEN n - (own_rows + entry_0_filled) WHEN n < (own_rows + entry_0_filled + entry_1_filled + entry_2_filled) THEN n - (own_rows + entry_0_filled + entry_1_filled) END AS INT) AS draw,
  CASE WHEN n < own_rows THEN own_item[CAST(n AS INT)] WHEN n < (own_rows + entry_0_filled) THEN entry_0_items[CAST((n - own_rows) AS INT)] WHEN n < (own_rows + entry_0_filled + entry_1_filled) THEN entry_1_items[CAST((n - (own_rows + entry_0_filled)) AS INT)] WHEN n < (own_rows + entry_0_filled + entry_1_filled + entry_2_filled) THEN entry_2_items[CAST((n - (own_rows + entry_0_filled + entry_1_filled)) AS INT)] END AS item,
  CASE WHEN n < own_rows THEN own_weight[CAST(n AS INT)] ELSE CAST('1' AS DOUBLE) END AS weight,
  CASE WHEN n < own_rows THEN own_eligible[CAST(n AS INT)] ELSE true END AS eligible
FROM (
  SELECT
    `user`, part, t, request, request_key, read_t, `copy device`, own_item, own_weight, own_eligible, own_rows,
    entry_0_items, entry_0_filled, entry_0_quota, entry_0_request_size, entry_0_user_size, entry_1_items,
    entry_1_filled, entry_1_quota, entry_1_request_size, entry_1_user_size, entry_2_items, entry_2_filled,
    entry_2_quota, entry_2_request_size, entry_2_user_size,
    entry_0_filled + entry_1_filled + entry_2_filled AS `rows`,
    explode(sequence(0L, ((own_rows + (entry_0_filled + entry_1_filled + entry_2_filled)) - 1L))) AS n
  FROM (
    SELECT
      *
    FROM drawn_groups
    WHERE (own_rows + (entry_0_filled + entry_1_filled + entry_2_filled)) > 0L
    DISTRIBUTE BY `user`, part
  ) q
) q;

-- expected: the sum of n_s·q_s(item). even: the same if every pool were drawn uniformly.
-- docs/sampling.md: log q, log q correction.
CREATE OR REPLACE TEMPORARY VIEW row_chances AS
SELECT
  m.*,
  CASE WHEN m.entry = 0L THEN ln(CASE WHEN m.draw < least(m.entry_0_quota, m.entry_0_request_size) THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size) AS DOUBLE) / CAST(m.entry_0_user_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_size) AS DOUBLE) END) WHEN m.entry = 1L THEN ln(CASE WHEN m.draw < least(m.entry_1_quota, m.entry_1_request_size) THEN least(CAST('1' AS DOUBLE), CAST(m.entry_1_quota AS DOUBLE) / CAST(m.entry_1_request_size AS DOUBLE)) / CAST(least(m.entry_1_quota, m.entry_1_request_size) + least(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size), m.entry_1_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size) AS DOUBLE) / CAST(m.entry_1_user_size AS DOUBLE)) / CAST(least(m.entry_1_quota, m.entry_1_request_size) + least(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size), m.entry_1_user_size) AS DOUBLE) END) WHEN m.entry = 2L THEN ln(CASE WHEN m.draw < least(m.entry_2_quota, m.entry_2_request_size) THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size) AS DOUBLE) / CAST(m.entry_2_user_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_size) AS DOUBLE) END) ELSE CAST(NULL AS DOUBLE) END AS log_q,
  coalesce(CAST(m.entry_0_filled AS DOUBLE) * CASE WHEN m.eligible THEN CASE WHEN m.own = 1L THEN CASE WHEN (r0.`user` IS NOT NULL) OR false THEN CASE WHEN r0.`user` IS NOT NULL THEN CASE WHEN true THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size + 1L AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size + 1L) + least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L) AS DOUBLE) / CAST(m.entry_0_user_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size + 1L) + least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size + 1L), m.entry_0_user_size) AS DOUBLE) END WHEN (m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_size + 1L) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size) AS DOUBLE) / CAST(m.entry_0_user_size + 1L AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_size + 1L) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CASE WHEN ((r0.`user` IS NOT NULL) OR (false AND ((m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size)) > 0L))) AND (NOT (x0.`user` IS NOT NULL)) THEN CASE WHEN r0.`user` IS NOT NULL THEN least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota AS DOUBLE) / CAST(m.entry_0_request_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size) AS DOUBLE) / CAST(m.entry_0_user_size AS DOUBLE)) / CAST(least(m.entry_0_quota, m.entry_0_request_size) + least(m.entry_0_quota - least(m.entry_0_quota, m.entry_0_request_size), m.entry_0_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END END END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_1_filled AS DOUBLE) * CASE WHEN m.eligible THEN CASE WHEN m.own = 1L THEN CASE WHEN (r1.`user` IS NOT NULL) OR false THEN CASE WHEN r1.`user` IS NOT NULL THEN CASE WHEN true THEN least(CAST('1' AS DOUBLE), CAST(m.entry_1_quota AS DOUBLE) / CAST(m.entry_1_request_size + 1L AS DOUBLE)) / CAST(least(m.entry_1_quota, m.entry_1_request_size + 1L) + least(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size + 1L), m.entry_1_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size + 1L) AS DOUBLE) / CAST(m.entry_1_user_size AS DOUBLE)) / CAST(least(m.entry_1_quota, m.entry_1_request_size + 1L) + least(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size + 1L), m.entry_1_user_size) AS DOUBLE) END WHEN (m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_1_quota AS DOUBLE) / CAST(m.entry_1_request_size AS DOUBLE)) / CAST(least(m.entry_1_quota, m.entry_1_request_size) + least(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size), m.entry_1_user_size + 1L) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size) AS DOUBLE) / CAST(m.entry_1_user_size + 1L AS DOUBLE)) / CAST(least(m.entry_1_quota, m.entry_1_request_size) + least(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size), m.entry_1_user_size + 1L) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CASE WHEN ((r1.`user` IS NOT NULL) OR (false AND ((m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size)) > 0L))) AND (NOT (x1.`user` IS NOT NULL)) THEN CASE WHEN r1.`user` IS NOT NULL THEN least(CAST('1' AS DOUBLE), CAST(m.entry_1_quota AS DOUBLE) / CAST(m.entry_1_request_size AS DOUBLE)) / CAST(least(m.entry_1_quota, m.entry_1_request_size) + least(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size), m.entry_1_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size) AS DOUBLE) / CAST(m.entry_1_user_size AS DOUBLE)) / CAST(least(m.entry_1_quota, m.entry_1_request_size) + least(m.entry_1_quota - least(m.entry_1_quota, m.entry_1_request_size), m.entry_1_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END END END, CAST('0' AS DOUBLE)) + coalesce(CAST(m.entry_2_filled AS DOUBLE) * CASE WHEN m.eligible THEN CASE WHEN m.own = 1L THEN CASE WHEN (r2.`user` IS NOT NULL) OR false THEN CASE WHEN r2.`user` IS NOT NULL THEN CASE WHEN true THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size + 1L AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size + 1L) + least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L) AS DOUBLE) / CAST(m.entry_2_user_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size + 1L) + least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size + 1L), m.entry_2_user_size) AS DOUBLE) END WHEN (m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size)) > 0L THEN CASE WHEN false THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_size + 1L) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size) AS DOUBLE) / CAST(m.entry_2_user_size + 1L AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_size + 1L) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END ELSE CASE WHEN ((r2.`user` IS NOT NULL) OR (false AND ((m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size)) > 0L))) AND (NOT (x0.`user` IS NOT NULL)) THEN CASE WHEN r2.`user` IS NOT NULL THEN least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota AS DOUBLE) / CAST(m.entry_2_request_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_size) AS DOUBLE) ELSE least(CAST('1' AS DOUBLE), CAST(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size) AS DOUBLE) / CAST(m.entry_2_user_size AS DOUBLE)) / CAST(least(m.entry_2_quota, m.entry_2_request_size) + least(m.entry_2_quota - least(m.entry_2_quota, m.entry_2_request_size), m.entry_2_user_size) AS DOUBLE) END ELSE CAST('0' AS DOUBLE) END END END, CAST('0' AS DOUBLE)) AS expected
FROM row_items m
LEFT JOIN coarse_filtered__request r0 ON (r0.`user` = m.`user`) AND (r0.part = m.part) AND (r0.request_key = m.request_key) AND (r0.item = m.item)
LEFT JOIN exposed_unclicked__request r1 ON (r1.`user` = m.`user`) AND (r1.part = m.part) AND (r1.request_key = m.request_key) AND (r1.item = m.item)
LEFT JOIN ranked_unexposed__request r2 ON (r2.`user` = m.`user`) AND (r2.part = m.part) AND (r2.request_key = m.request_key) AND (r2.item = m.item)
LEFT JOIN excluded_0 x0 ON (x0.`user` = m.`user`) AND (x0.part = m.part) AND (x0.item = m.item)
LEFT JOIN excluded_1 x1 ON (x1.`user` = m.`user`) AND (x1.part = m.part) AND (x1.item = m.item);

-- The largest value of each candidate over its channels.
CREATE OR REPLACE TEMPORARY VIEW teacher_values AS
SELECT /*+ BROADCAST(h) */
  s.`user`, s.request_key, s.item, s.teacher,
  CASE WHEN h.parts IS NOT NULL THEN CAST(pmod(hash(s.request_key), CAST(h.parts AS INT)) AS BIGINT) ELSE 0L END AS part
FROM (
  SELECT
    `user`, request_key, item, max(teacher) AS teacher
  FROM candidates
  GROUP BY `user`, request_key, item
) s
LEFT JOIN split_users h ON h.`user` = s.`user`;

-- ----------------------------------------------------------------------
-- 13. Newest values of items
-- ----------------------------------------------------------------------
-- One log row for each time of an item. docs/samples.md: Pass-through columns.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/as_of_rows' USING parquet
SELECT
  item, t, `copy item_ctr`
FROM (
  SELECT
    item, t, `copy item_ctr`,
    row_number() OVER (PARTITION BY item, t ORDER BY `user` NULLS FIRST, request NULLS FIRST, `position` NULLS FIRST, `pick device` NULLS FIRST, `pick is_click` NULLS FIRST, `pick is_viewed` NULLS FIRST, `pick item_ctr` NULLS FIRST, `pick item_id` NULLS FIRST) AS place
  FROM log
) q
WHERE place = 1L;
CREATE OR REPLACE TEMPORARY VIEW as_of_rows USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/as_of_rows');

-- Times of the log, and those of rows that look for them.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/as_of_hours' USING parquet
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
CREATE OR REPLACE TEMPORARY VIEW as_of_hours USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/as_of_hours');

-- shown: the newest time of the item in the same hour, else in an earlier one.
INSERT OVERWRITE DIRECTORY 's3a://samples/_work/coarse_ranking-…/as_of_times' USING parquet
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
CREATE OR REPLACE TEMPORARY VIEW as_of_times USING parquet OPTIONS (path 's3a://samples/_work/coarse_ranking-…/as_of_times');

-- ----------------------------------------------------------------------
-- 14. Output
-- ----------------------------------------------------------------------
-- Positives and negatives. docs/sampling.md: log q, log q correction.
INSERT OVERWRITE DIRECTORY 's3a://samples/coarse_ranking' USING parquet
SELECT
  r.`user` AS user_id, r.item AS item_id, CAST(r.own AS TINYINT) AS label,
  CASE WHEN r.entry = 0L THEN 'coarse_filtered' WHEN r.entry = 1L THEN 'exposed_unclicked' WHEN r.entry = 2L THEN 'ranked_unexposed' END AS source,
  CASE WHEN r.entry = 0L THEN 'coarse_filtered' WHEN r.entry = 1L THEN 'exposed_unclicked' WHEN r.entry = 2L THEN 'ranked_unexposed' END AS entry,
  r.request, CAST(timestamp_micros(r.t) AS TIMESTAMP_NTZ) AS `time`, r.draw, r.log_q,
  CASE WHEN r.expected > CAST('0' AS DOUBLE) THEN ln(CAST(r.expected AS DOUBLE) / CAST(r.`rows` AS DOUBLE)) END AS log_q_mix,
  r.weight, CASE WHEN z.`user` IS NOT NULL THEN y.teacher END AS teacher, c.`copy city` AS city,
  r.`copy device` AS device, CASE WHEN (r.read_t - a.t) <= 604800000000L THEN a.`copy item_ctr` END AS item_ctr,
  k.`copy channel` AS channel
FROM row_chances r
LEFT JOIN teacher_values y ON (y.`user` = r.`user`) AND (y.request_key = r.request_key) AND (y.item = r.item) AND (y.part = r.part)
LEFT JOIN (
  SELECT /*+ BROADCAST(h) */
    s.`user`, s.request_key, s.item,
    CASE WHEN h.parts IS NOT NULL THEN CAST(pmod(hash(s.request_key), CAST(h.parts AS INT)) AS BIGINT) ELSE 0L END AS part
  FROM (
    SELECT DISTINCT
      l.`user`, l.request_key, l.item
    FROM log l
    WHERE l.t <= 1795219199999999L
  ) s
  LEFT JOIN split_users h ON h.`user` = s.`user`
) z ON (z.`user` = r.`user`) AND (z.request_key = r.request_key) AND (z.item = r.item) AND (z.part = r.part)
LEFT JOIN as_of_times s ON (s.item = r.item) AND (s.t = r.read_t)
LEFT JOIN as_of_rows a ON (a.item = r.item) AND (a.t = s.shown)
LEFT JOIN corpus c ON c.item = r.item
LEFT JOIN (
  SELECT /*+ BROADCAST(h) */
    s.`user`, s.request, s.item, s.`copy channel`,
    CASE WHEN h.parts IS NOT NULL THEN CAST(pmod(hash(('#' || CAST(s.request AS STRING))), CAST(h.parts AS INT)) AS BIGINT) ELSE 0L END AS part
  FROM copied_candidates s
  LEFT JOIN split_users h ON h.`user` = s.`user`
) k ON ((k.`user` = r.`user`) AND (k.part = r.part)) AND ((k.request = r.request) AND (k.item = r.item));
CREATE OR REPLACE TEMPORARY VIEW result USING parquet OPTIONS (path 's3a://samples/coarse_ranking');

-- ----------------------------------------------------------------------
-- 15. Counts for the lock file
-- ----------------------------------------------------------------------
-- All counts at once. Each row is a line of JSON with the name of its table.
CREATE OR REPLACE TEMPORARY VIEW counts_impressions USING binaryFile OPTIONS (path 's3a://lake/data/impressions/dt=*/*.parquet');
CREATE OR REPLACE TEMPORARY VIEW counts_items USING binaryFile OPTIONS (path 's3a://lake/data/items.parquet');
CREATE OR REPLACE TEMPORARY VIEW counts_candidates USING binaryFile OPTIONS (path 's3a://lake/data/candidates/dt=*/*.parquet');
CREATE OR REPLACE TEMPORARY VIEW counts_result USING binaryFile OPTIONS (path 's3a://samples/coarse_ranking');
INSERT OVERWRITE DIRECTORY 's3a://samples/coarse_ranking/_recsample_counts' USING text
-- What is known before the job runs. docs/samples.md: The lock file.
SELECT to_json(struct('job' AS counts, q.*)) AS value
FROM (
  SELECT * FROM (VALUES
    ('run', 'generator', 'recsample 1.2.3'),
    ('run', 'stage', 'coarse_ranking'),
    ('run', 'unit', 'request'),
    ('run', 'seed', 'demo'),
    ('run', 'epoch', '0'),
    ('run', 'split', 'train'),
    ('config', 'path', 'configs/coarse_ranking.ratio.yaml'),
    ('config', 'sha256', '…'),
    ('plan', 'sha256', '…'),
    ('entry', '0', 'coarse_filtered'),
    ('entry', '1', 'exposed_unclicked'),
    ('entry', '2', 'ranked_unexposed'),
    ('source', '0', 'coarse_filtered'),
    ('source', '1', 'exposed_unclicked'),
    ('source', '2', 'ranked_unexposed'),
    ('teacher', 'on', 'exposed'),
    ('data', 'impressions', '../data/impressions/dt=*/*.parquet'),
    ('data', 'items', '../data/items.parquet'),
    ('data', 'candidates', '../data/candidates/dt=*/*.parquet'),
    ('output', 'layout', 'long'),
    ('output', 'order', 'any'),
    ('setting', 'coarse_filtered.by', 'reached'),
    ('setting', 'coarse_filtered.by_channel', 'true'),
    ('setting', 'coarse_filtered.count', '40'),
    ('setting', 'coarse_filtered.exclude.events', '["click","click?"]'),
    ('setting', 'coarse_filtered.exclude.within', 'train'),
    ('setting', 'coarse_filtered.reached', 'coarse'),
    ('setting', 'coarse_filtered.source', 'coarse_filtered'),
    ('setting', 'data.candidates.columns.channel', 'channel'),
    ('setting', 'data.candidates.columns.item', 'item_id'),
    ('setting', 'data.candidates.columns.rank', 'recall_rank'),
    ('setting', 'data.candidates.columns.reached', 'reached'),
    ('setting', 'data.candidates.columns.request', 'request_id'),
    ('setting', 'data.candidates.columns.score', 'coarse_score'),
    ('setting', 'data.candidates.columns.teacher', 'teacher_score'),
    ('setting', 'data.candidates.columns.time', 'ts'),
    ('setting', 'data.candidates.columns.user', 'user_id'),
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
    ('setting', 'events.click', 'is_click'),
    ('setting', 'events.click?', 'unknown (is_click)'),
    ('setting', 'exposed_unclicked.before', 'false'),
    ('setting', 'exposed_unclicked.by_channel', 'false'),
    ('setting', 'exposed_unclicked.count', '10'),
    ('setting', 'exposed_unclicked.exclude.events', '["click","click?"]'),
    ('setting', 'exposed_unclicked.exclude.within', 'train'),
    ('setting', 'exposed_unclicked.scope', 'request'),
    ('setting', 'exposed_unclicked.seen', 'all'),
    ('setting', 'exposed_unclicked.source', 'exposed_unclicked'),
    ('setting', 'on_shortfall', 'keep'),
    ('setting', 'positives.events', '[{"name":"click","weight":1}]'),
    ('setting', 'positives.unknown', '[{"event":"click","name":"click?"}]'),
    ('setting', 'ranked_unexposed.by', 'reached'),
    ('setting', 'ranked_unexposed.by_channel', 'false'),
    ('setting', 'ranked_unexposed.count', '10'),
    ('setting', 'ranked_unexposed.exclude.events', '["click","click?"]'),
    ('setting', 'ranked_unexposed.exclude.within', 'train'),
    ('setting', 'ranked_unexposed.reached', 'fine'),
    ('setting', 'ranked_unexposed.source', 'ranked_unexposed'),
    ('setting', 'teacher.column', 'teacher'),
    ('setting', 'teacher.from', 'candidates'),
    ('setting', 'teacher.on', 'exposed'),
    ('setting', 'timezone', 'UTC'),
    ('setting', 'window.eval.from', '2026-11-21'),
    ('setting', 'window.eval.to', '2026-11-21'),
    ('setting', 'window.train.from', '2026-11-01'),
    ('setting', 'window.train.to', '2026-11-20'),
    ('read', 'impressions', 's3a://lake/data/impressions/dt=*/*.parquet'),
    ('read', 'items', 's3a://lake/data/items.parquet'),
    ('read', 'candidates', 's3a://lake/data/candidates/dt=*/*.parquet'),
    ('counts', 'version', '2')
  ) AS v (kind, name, value)
) q
UNION ALL
-- Users of the log and the candidates, the training cut, and the time until which outcomes are known.
SELECT to_json(struct('totals' AS counts, q.*)) AS value
FROM (
  SELECT
    '…' AS plan, version() AS engine, users,
    1795219199999999L AS cut, 1795219199999999L AS known_until
  FROM (
    SELECT
      count(DISTINCT `user`) AS users
    FROM (
      SELECT
        `user`
      FROM log
      UNION
      SELECT
        `user`
      FROM candidates
    ) q
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
-- Groups, and the quotas of each entry before refill.
SELECT to_json(struct('groups' AS counts, q.*)) AS value
FROM (
  SELECT
    count(*) AS groups, CAST(sum(quota_0) AS BIGINT) AS asked_0, CAST(sum(quota_1) AS BIGINT) AS asked_1,
    CAST(sum(quota_2) AS BIGINT) AS asked_2
  FROM groups
) q
UNION ALL
-- Rows by label, entry and bins of half a nat of their logs. sum: of whole millionths.
SELECT to_json(struct('rows' AS counts, q.*)) AS value
FROM (
  SELECT
    label, entry, q_bin, mix_bin, count(*) AS `rows`, count(q) AS q_rows,
    CAST(CAST(sum(CAST(floor((q * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE)) AS BIGINT)) AS BIGINT) AS STRING) AS q_sum,
    min(q) AS q_least, max(q) AS q_greatest, count(mix) AS mix_rows,
    CAST(CAST(sum(CAST(floor((mix * CAST('1000000' AS DOUBLE)) + CAST('0.5' AS DOUBLE)) AS BIGINT)) AS BIGINT) AS STRING) AS mix_sum,
    min(mix) AS mix_least, max(mix) AS mix_greatest, count(teacher) AS known
  FROM (
    SELECT
      label, entry, log_q AS q,
      CASE WHEN (- log_q * CAST('2' AS DOUBLE)) >= CAST('200' AS DOUBLE) THEN 199L WHEN (- log_q * CAST('2' AS DOUBLE)) > CAST('0' AS DOUBLE) THEN CAST(floor(- log_q * CAST('2' AS DOUBLE)) AS BIGINT) WHEN log_q IS NOT NULL THEN 0L END AS q_bin,
      log_q_mix AS mix,
      CASE WHEN (- log_q_mix * CAST('2' AS DOUBLE)) >= CAST('200' AS DOUBLE) THEN 199L WHEN (- log_q_mix * CAST('2' AS DOUBLE)) > CAST('0' AS DOUBLE) THEN CAST(floor(- log_q_mix * CAST('2' AS DOUBLE)) AS BIGINT) WHEN log_q_mix IS NOT NULL THEN 0L END AS mix_bin,
      teacher
    FROM (
      SELECT
        CAST(label AS INT) AS label, entry, log_q, log_q_mix, teacher
      FROM result
    ) q
  ) q
  GROUP BY label, entry, q_bin, mix_bin
) q
UNION ALL
-- Rows on which the teacher is trusted: their item is in the impressions of their request.
SELECT to_json(struct('taught' AS counts, q.*)) AS value
FROM (
  SELECT
    r.entry, count(*) AS `rows`
  FROM row_items r
  JOIN (
    SELECT /*+ BROADCAST(h) */
      s.`user`, s.request_key, s.item,
      CASE WHEN h.parts IS NOT NULL THEN CAST(pmod(hash(s.request_key), CAST(h.parts AS INT)) AS BIGINT) ELSE 0L END AS part
    FROM (
      SELECT DISTINCT
        l.`user`, l.request_key, l.item
      FROM log l
      WHERE l.t <= 1795219199999999L
    ) s
    LEFT JOIN split_users h ON h.`user` = s.`user`
  ) z ON (z.`user` = r.`user`) AND (z.part = r.part) AND (z.request_key = r.request_key) AND (z.item = r.item)
  GROUP BY r.entry
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
    CAST(sum(CASE WHEN (missing_2 > 0L) AND (size_2 >= quota_2) THEN missing_2 ELSE 0L END) AS BIGINT) AS enough_2
  FROM (
    SELECT
      quota_0 - entry_0_filled AS missing_0, quota_0, entry_0_request_size + entry_0_user_size AS size_0,
      quota_1 - entry_1_filled AS missing_1, quota_1, entry_1_request_size + entry_1_user_size AS size_1,
      quota_2 - entry_2_filled AS missing_2, quota_2, entry_2_request_size + entry_2_user_size AS size_2
    FROM drawn_groups
    WHERE ((quota_0 - entry_0_filled) > 0L) OR ((quota_1 - entry_1_filled) > 0L) OR ((quota_2 - entry_2_filled) > 0L)
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
  SELECT '…' AS plan, 'candidates' AS data, path, length AS bytes, unix_micros(modificationTime) AS modified
  FROM counts_candidates
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
