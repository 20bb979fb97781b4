import type { Scale } from '../../../examples/demo/scale.ts';

/**
 * The README of a demo: that it is synthetic, how it was generated, and what it contains. `rows`: row counts by
 * relative path.
 */
export function readme(scale: Scale, seed: string, version: number, rows: ReadonlyMap<string, number>): string {
  const count = (prefix: string): string => {
    let sum = 0;
    for (const [path, n] of rows) if (path.startsWith(prefix)) sum += n;
    return sum.toLocaleString('en-US');
  };
  const embedding = scale.sampleEmbeddings ? ', `item_emb`' : '';
  return `# RecSample demo (synthetic)

**Everything here is synthetic.** No person, listing, click or price is real. The files show a made-up app for homes and local
experiences, so that RecSample can be tried on something that looks like the logs and samples of a real recommender.

Made by \`recsample demo\` (generator version ${version}): scale \`${scale.name}\`, seed ${JSON.stringify(seed)}. Equal arguments
give equal bytes on every machine, as long as the generator and its DuckDB have the same version;
\`.recsample-demo\` lists the SHA-256 of every file. Nothing in a demo is newer than its last day, 2026-11-21.

## What to do

Seven steps, less than a minute each. In VS Code, *RecSample: Open Tour* shows them next to the editor.

1. Open [out/recall.parquet](out/recall.parquet): each click is followed by its negatives.
2. Open [configs/recall.ratio.yaml](configs/recall.ratio.yaml), change \`global_random: 0.2\` to 0.3, and fix the error with the light bulb.
3. Click *Preview* above \`recall:\`. Select a row of the heaviest user and press Enter: it says why the item was drawn.
4. Drag *popularity* in the preview: draws, figures and curve follow, and so does the config.
5. Click *Generate* above \`recall:\`: the file has all users, and for those of the preview the same rows.
6. Click *Audit* when it is written: what is wrong, how sure that is, and which rows show it.
7. Open a folder with your logs and run *RecSample: New Ratio Config*.

## What is in this folder

| file | rows | one row is |
| --- | ---: | --- |
| \`data/impressions/dt=*/part-0.parquet\` | ${count('data/impressions/')} | an item shown to a user |
| \`data/candidates/dt=*/part-0.parquet\` | ${count('data/candidates/')} | an item that one recall channel returned for one request |
| \`data/items.parquet\` | ${count('data/items.parquet')} | an item of the corpus |
| \`data/users.parquet\` | ${count('data/users.parquet')} | a user |
| \`data/rejections.parquet\` | ${count('data/rejections.parquet')} | an owner refused a user who wanted to book |
| \`data/dislikes.parquet\` | ${count('data/dislikes.parquet')} | a user said "not for me" |
| \`data/actions.parquet\` | ${count('data/actions.parquet')} | a user opened a result of a search, or ordered |
| \`out/recall.parquet\` | ${count('out/recall.parquet')} | a positive or a negative of a finished recall sample |

\`configs/\` holds a ratio config for each stage (recall, coarse_ranking, fine_ranking) on these files, and \`histories\`, fine ranking with the last
clicks and skips of each user before the request: \`recsample lint configs --facts data\` finds nothing in them. \`recsample demo DIR --bad\` also writes \`bad/\`: one config for every rule about configs and about columns, which is reported by that
rule; its first line says which.

The same rows as text: \`data/rejections.csv\`, \`data/users.jsonl.gz\`, \`data/items.tsv.zst\` (without the embedding).

**Candidates are logged for a seeded sample of requests only**: one of every ${scale.requestsPerLogged} consecutive requests, at most ${scale.candidates} rows each, never
more than 2 million rows in all. Coarse-ranking groups are those requests.

## Columns

- All tables: \`user_id\`, \`item_id\`, \`request_id\` are 64-bit integers above 2^53. Times are UTC without a zone, in microseconds; \`dt\` is their day.
- Impressions: \`position\` counts from 1; \`is_viewed\` is false below the point where the user stopped scrolling; \`is_click\` is 0 or 1, and only viewed
  items are clicked; \`play_time\` is seconds spent after the click, 0 without one. \`device\` is the user's at the request. \`shown_price\` (of a night)
  and \`item_ctr\` (clicks an exposure on the days before) are the item's at that time and drift by day. \`teacher_score\` is a larger model's
  estimate of a click, NULL if it did not answer.
- Candidates: \`ts\` is the request's time; \`channel\` is i2i, u2i, hot, geo or new; \`recall_rank\` counts from 1 within channel and request; \`reached\` is the
  last stage that the item entered: recall, coarse, fine or exposed. \`coarse_score\` is NULL before coarse ranking, \`fine_score\` (an estimated
  probability of a click) before fine ranking. \`teacher_score\` is also there for one of ten candidates before fine ranking.
- Items: \`title\`, \`city\`, \`category\`, \`status\` (online, paused, removed), \`created_at\`, \`removed_at\` (NULL: still there), \`price\` (yuan a night),
  \`rating\` (NULL without reviews), \`reviews\`, \`item_emb\` (${scale.dimensions} floats of length about 1).
- Users: \`region\`, \`activity\` (high, medium, low, new), \`language\`, \`registered_on\`, \`birth_year\` (NULL if unknown).
- Rejections and dislikes: \`reason\`. About 2 % of the clicks end in a rejection.
- Actions: \`action\` is search_click (the item was not in an impression then) or order (minutes to three days after a visit).
- Recall sample: ${scale.clicksPerPositive === 1 ? 'every click' : `one of ${scale.clicksPerPositive} clicks`} before the last day with up to 10 negatives: \`label\`, \`source\`, \`positive_item\` (the group's positive), \`ts\`,
  \`draw\` (number of the draw that gave the row), \`log_q\`${embedding}; the others are copied from the items.

## 简体中文

**这里的一切都是合成数据**，没有真实的人、房源、点击或价格。由 \`recsample demo\`（生成器版本 ${version}）生成：规模 \`${scale.name}\`，随机种子 ${JSON.stringify(seed)}。
参数相同，且生成器及其 DuckDB 的版本相同，则在任何机器上生成的文件逐字节相同；\`.recsample-demo\` 列出每个文件的 SHA-256。

打开命令面板，运行“打开导览”：七步，每步不到一分钟。

- \`data/impressions\`：曝光日志，每次曝光一行（位置、是否看到、是否点击、停留秒数、设备、当天价格、物料近期点击率、教师模型得分），按天分区。
- \`data/candidates\`：漏斗日志，某个召回通道为某个请求返回的每个物料一行（召回通道、名次、到达的阶段、粗排得分、精排得分、教师模型得分）。
  **只记录按随机种子采样的部分请求**：每 ${scale.requestsPerLogged} 个连续请求取一个，每个请求最多 ${scale.candidates} 行，总数不超过 200 万行；粗排样本的组就是这些请求。
- \`data/items.parquet\`、\`data/users.parquet\`：物料库与用户。\`data/rejections.parquet\`：用户申请预订被房主拒绝；\`data/dislikes.parquet\`：用户表示不感兴趣；
  \`data/actions.parquet\`：用户点开搜索结果（当时没有对应的曝光）或下单。
- \`out/recall.parquet\`：一份召回的成品样本，每个正样本之后是它的负样本及其来源。
- \`data/rejections.csv\`、\`data/users.jsonl.gz\`、\`data/items.tsv.zst\`：同样的数据行，文本格式。
- \`configs/\`：各阶段（召回、粗排、精排）各一份配比配置；另有 \`histories\`：带行为序列的精排，每行附有用户在请求之前的点击与曝光未点击。\`recsample lint configs --facts data\` 不报告任何问题。
  \`recsample demo DIR --bad\` 还会写出 \`bad/\`：为每条关于配置和列的规则各写一份违反它的配置，首行注明规则。

时间均为 UTC；各类 ID 是大于 2^53 的 64 位整数。
`;
}
