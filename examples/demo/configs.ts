import { stages, type Stage } from '../../src/core/schema/stage.ts';
import { changed } from '../../src/core/policy/examples/example.ts';
import type { Rule } from '../../src/core/policy/rule.ts';
import { rules } from '../../src/core/policy/rules.ts';

/** A ratio config of the demo. */
export interface DemoConfig {
  /** Relative to the demo, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What the configs of the demo have in addition to the examples of the rules: columns of each side, teachers, days. */
const additions: Readonly<Record<Stage, Parameters<typeof changed>[1][]>> = {
  recall: [
    ['window: 7d, group_by: region', 'window: 7d, as_of: day, group_by: region'],
    [
      'pass_through: [city, category]',
      'pass_through: [city, category, activity, {column: device, from: impressions, side: context}, {column: item_ctr, from: impressions, side: item, max_age: 7d}]',
    ],
  ],
  coarse_ranking: [
    ['teacher: fine_score', 'teacher: teacher_score'],
    [
      'pass_through: [city]',
      'pass_through: [city, {column: device, from: impressions, side: context}, {column: item_ctr, from: impressions, side: item, max_age: 7d}, {column: channel, from: candidates}]',
    ],
  ],
  fine_ranking: [
    [
      '      calibration: weight\n',
      '      calibration: weight\n    teacher: {column: teacher_score, from: impressions, kind: probability, on: exposed}\n',
    ],
    [
      'pass_through: [position, city]',
      'pass_through: [position, city, {column: device, from: impressions, side: context}, {column: shown_price, from: impressions, side: exposure}]',
    ],
  ],
};

/** The good configs: one of each stage, and one with the histories of the users. */
export function goodConfigs(): readonly DemoConfig[] {
  return [
    ...stages.map((stage) => ({ path: `configs/${stage}.ratio.yaml`, text: changed(stage, ...additions[stage]) })),
    { path: 'configs/histories.ratio.yaml', text: changed('fine_ranking', ...histories) },
  ];
}

/** A second config of fine ranking, since CSV and some trainers have no lists. */
const histories: Parameters<typeof changed>[1][] = [
  [
    '# Fine ranking on the demo workspace: every exposure that was seen, with its own label; one unclicked in ten is kept.',
    '# Fine ranking with histories, for models such as DIN: each row has the last clicks of its user before the request.\n' +
      '# The log begins a week before the window, so that the first rows look back as far as the last.',
  ],
  ['train: {from: 2026-11-01', 'train: {from: 2026-11-08'],
  ['../out/fine_ranking.parquet', '../out/histories.parquet'],
  [
    'output: {layout: long, pass_through: [position, city]}',
    `output:
  layout: long
  pass_through: [position, city]
  sequences:
    clicks: {events: [click], length: 20, available_after: 1m, lookback: 7d, columns: [item, time, category]}
    skips: {events: [impressions], without: [click], length: 50, available_after: 30m, lookback: 7d}`,
  ],
];

/** One bad config for each rule about configs and about columns: the wrong example of the rule. */
export function badConfigs(): readonly DemoConfig[] {
  return rules
    .filter(({ kind }) => kind !== 'data')
    .map((rule) => ({ path: `bad/${rule.id.replace('/', '-')}.ratio.yaml`, text: badConfig(rule) }));
}

function badConfig({ id, docs }: Rule): string {
  return `# Wrong on purpose, for ${id}. ${docs.summary}.\n${docs.wrong.text}`;
}
