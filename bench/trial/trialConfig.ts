/** `negatives` and `training` of a config, as YAML. */
export interface Mix {
  readonly negatives: string;
  readonly training: string;
}

/** A recall config of a made log, as YAML: `log.csv` or another one, and `items.csv`. */
export function trialConfig({ negatives, training }: Mix, log = 'log'): string {
  return `version: 1
seed: 7
data:
  impressions: {path: ${log}.csv, columns: {user: user, item: item, time: time}}
  items: {path: items.csv, columns: {item: item}}
events: {click: click}
window: {train: {from: 2026-11-01, to: 2026-11-08}, eval: {from: 2026-11-09, to: 2026-11-10}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: ${negatives}
    training: ${training}
`;
}
