/** A small world in which sampling refuses. Paths of files are relative to the config. */
export interface RefusedWorld {
  /** Which base config is changed. Default: `recall`. */
  readonly base?: keyof typeof bases;
  readonly change?: readonly (readonly [from: string, to: string])[];
  /** Files in addition to, or instead of, those of the base: texts, or queries for Parquet files. Null: no such file. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** The text of the config at which lint reports an error; `after`: the text before it. */
  readonly at: string;
  readonly after?: string;
  /** What `sample` says. */
  readonly says: RegExp;
  /** True if a preview shows what remains. */
  readonly previews?: true;
  /** True if a Spark job does not read the rows, so it cannot know. */
  readonly sparks?: true;
}

export const log = `user,item,ts,req,pos,seen,click,score,dt
u1,a,2026-01-01 10:00:00,r1,1,1,1,0.5,2026-01-01
u1,b,2026-01-01 10:00:00,r1,2,1,0,0.4,2026-01-01
u1,c,2026-01-01 10:00:00,r1,3,0,0,0.3,2026-01-01
u2,b,2026-01-01 11:00:00,r2,1,1,1,0.2,2026-01-01
u2,d,2026-01-01 11:00:00,r2,2,1,0,0.1,2026-01-01
u2,e,2026-01-02 11:00:00,r3,1,1,1,0.1,2026-01-02
u1,d,2026-01-02 12:00:00,r4,1,1,1,0.1,2026-01-02
u1,e,2026-01-02 12:00:00,r4,2,1,0,0.1,2026-01-02
`;
const items = `item,city,price
a,x,1
b,x,2
c,y,3
d,y,4
e,x,5
f,x,6
g,y,7
`;
const candidates = `req,item,user,ts,rank,score,reached,channel
r1,a,u1,2026-01-01 10:00:00,1,0.9,fine,i2i
r1,f,u1,2026-01-01 10:00:00,2,0.8,coarse,i2i
r1,g,u1,2026-01-01 10:00:00,3,0.7,coarse,hot
r2,b,u2,2026-01-01 11:00:00,1,0.9,fine,i2i
r2,g,u2,2026-01-01 11:00:00,2,0.5,coarse,hot
r3,e,u2,2026-01-02 11:00:00,1,0.9,fine,i2i
r3,f,u2,2026-01-02 11:00:00,2,0.5,coarse,hot
r4,d,u1,2026-01-02 12:00:00,1,0.9,fine,i2i
r4,g,u1,2026-01-02 12:00:00,2,0.5,coarse,hot
`;
export const mix = `      per_positive: 2
      exclude: {events: [click]}
      mix:
        popular: {source: popularity, share: 0.5, smoothing: 1}
        random: {source: global_random, share: 0.5}
`;

/** The rows without their last column. */
export const withoutDay = (rows: string): string => rows.replaceAll(/,[^,\n]*\n/g, '\n');

export const baseFiles: Readonly<Record<string, string>> = {
  'log.csv': log,
  'items.csv': items,
  'candidates.csv': candidates,
};

const head = `version: 1
seed: 1
data:
  impressions:
    path: log.csv
    columns: {user: user, item: item, time: ts, request: req, position: pos, viewed: seen}
  items:
    path: items.csv
    columns: {item: item, attributes: [city]}
  candidates:
    path: candidates.csv
    columns: {request: req, item: item, user: user, time: ts, rank: rank, score: score, reached: reached, channel: channel}
  samples:
    STAGE: {path: out.parquet, columns: {user: user, item: item, label: label}}
events:
  click: {column: click, op: "=", value: 1}
window:
  train: {from: 2026-01-01, to: 2026-01-01}
  eval: {from: 2026-01-02, to: 2026-01-02}
`;
export const bases = {
  recall: `${head.replace('STAGE', 'recall')}stages:
  recall:
    unit: positive
    positives:
      events: {click: 1}
    negatives:
      per_positive: 2
      exclude: {events: [click]}
      mix:
        popular: {source: popularity, share: 0.5, smoothing: 1}
        random: {source: global_random, share: 0.5}
`,
  coarse: `${head.replace('STAGE', 'coarse_ranking')}stages:
  coarse_ranking:
    unit: request
    positives:
      events: {click: 1}
    negatives:
      per_request:
        dropped: {source: coarse_filtered, count: 1}
        random: {source: global_random, count: 1}
`,
  fine: `${head.replace('STAGE', 'fine_ranking')}stages:
  fine_ranking:
    unit: impression
    positives:
      events: {click: 1}
    negatives:
      mix:
        exposed_unclicked: 1
`,
} as const;
