import type { Figure, MetricOutcome, MetricTable, Unit, Value } from '../../src/core/audit/metric.ts';
import type { Finding } from '../../src/core/policy/finding.ts';
import type { AuditView } from '../../src/protocol/auditView.ts';

/** An audit with findings, gauges and every chart. Scenarios: `noconfig`; `unlabelled`, a file without labels. */
export function fakeAudit(scenario: string): AuditView {
  const hasConfig = scenario !== 'noconfig';
  return {
    config: hasConfig ? { uri: 'file:///data/configs/spring.ratio.yaml', name: 'spring.ratio.yaml' } : null,
    stage: 'recall',
    split: 'train',
    sources: hasConfig ? { exposed_unclicked: 'exposed_unclicked', hot: 'popularity', random: 'global_random' } : {},
    sample: {
      layout: 'long',
      columns: {
        user: { name: 'user_id', negatives: null },
        item: { name: 'item_id', negatives: null },
        label: { name: 'label', negatives: null },
        source: { name: 'source', negatives: null },
        time: { name: 'ts', negatives: null },
      },
      rows: 19_191_123,
      fileRows: 19_191_123,
      files: 1,
      bytes: 1_420_000_000,
    },
    metrics: scenario === 'unlabelled' ? unlabelledMetrics : fakeMetrics,
    findings: hasConfig && scenario !== 'unlabelled' ? findings : [],
    rules: [
      { rule: 'data/duplicate', status: 'passed' },
      { rule: 'data/shortfall', status: 'passed' },
      { rule: 'data/user-skew', status: 'found', limits: { max: 0.3 } },
      { rule: 'data/never-exposed', status: 'not-run', because: { text: 'There are no negatives' } },
    ],
    notices: [],
  };
}

const figure = (id: string, label: string, unit: Unit, value: Value, more: Partial<Figure> = {}): Figure => ({
  id,
  label: { text: label },
  unit,
  value,
  ...more,
});

function table(
  id: string,
  columns: Readonly<Record<string, Unit>>,
  rows: MetricTable['rows'],
  more: Partial<MetricTable> = {},
): MetricTable {
  return {
    id,
    shape: 'list',
    columns: Object.entries(columns).map(([name, unit]) => ({ id: name, label: { text: name }, unit })),
    rows,
    ...more,
  };
}

function measured(metric: string, title: string, figures: Figure[], tables: MetricTable[]): MetricOutcome {
  return { metric, title: { text: title }, state: 'measured', figures, tables, notes: [] };
}

/** Negatives, input and entries; the negatives are the entries by their shares. */
function mixed(x: number): number[] {
  const entries = [x ** 0.14, x ** 0.35, x, x ** 0.4];
  const shares = [0.247, 0.43, 0.215, 0.108];
  return [entries.reduce((sum, value, k) => sum + value * (shares[k] ?? 0), 0), x, ...entries];
}

const ends = Array.from({ length: 101 }, (_, k) => 10 ** (-5 + k / 20));

const fakeMetrics: MetricOutcome[] = [
  measured(
    'rows',
    'Rows',
    [
      figure('rows', 'rows', 'count', 19_191_123),
      figure('positives', 'positives', 'count', 1_864_207),
      figure('positive_rate', 'positive rate', 'share', 0.0971, { low: 0.0969, high: 0.0973 }),
      figure('negatives_per_positive', 'negatives per positive', 'ratio', 9.29),
      figure('users', 'users', 'count', 312_408),
    ],
    [
      table('spread', { count: 'text', of: 'count', zero: 'count', p5: 'number', p50: 'number', p95: 'number' }, [
        ['negatives_per_positive', 1_864_207, 0, 7, 10, 10],
      ]),
    ],
  ),
  measured(
    'mix',
    'Mix of the negatives',
    [figure('total_variation', 'total variation from the config', 'share', 0.053)],
    [
      table(
        'entries',
        { entry: 'text', rows: 'count', share: 'share', low: 'share', high: 'share', configured: 'share' },
        [
          ['exposed_unclicked', 4_280_219, 0.247, 0.2468, 0.2472, 0.3],
          ['hot', 7_456_828, 0.43, 0.4298, 0.4303, 0.4],
          ['random', 3_728_414, 0.215, 0.2149, 0.2153, 0.2],
          ['<b>hard</b>', 1_861_455, 0.107, 0.1072, 0.1075, 0.1],
        ],
      ),
    ],
  ),
  measured(
    'group_sizes',
    'Negatives per positive',
    [figure('without', 'positives without negatives', 'count', 0)],
    [
      table(
        'sizes',
        { negatives: 'count', positives: 'count' },
        [
          [6, 3_728],
          [7, 186_420],
          [8, 260_988],
          [9, 219_977],
          [10, 1_193_094],
        ],
        { isForCharts: true },
      ),
    ],
  ),
  measured(
    'day_hours',
    'Rows by day and hour',
    [figure('empty', 'hours without rows in between', 'count', 3)],
    [
      table(
        'hours',
        { day: 'text', hour: 'number', rows: 'count', positives: 'count', from: 'text', to: 'text' },
        Array.from({ length: 14 * 24 }, (_, k): Value[] => {
          const [day, hour] = [`2026-03-${String(1 + Math.floor(k / 24)).padStart(2, '0')}`, k % 24];
          const rows = Math.round(4000 + 3600 * Math.sin((hour - 9) / 3.8));
          const at = `${day} ${String(hour).padStart(2, '0')}`;
          return [day, hour, rows, Math.round(rows / 10), `${at}:00:01`, `${at}:59:58`];
        }).filter(([day, hour]) => day !== '2026-03-10' || Number(hour) < 3 || Number(hour) > 5),
        { isForCharts: true },
      ),
      table('windows', { window: 'text', from: 'text', to: 'text' }, [
        ['train', '2026-03-01', '2026-03-11'],
        ['eval', '2026-03-12', '2026-03-14'],
      ]),
    ],
  ),
  measured(
    'popularity_by_entry',
    'Rows on the most popular items',
    [],
    [
      table(
        'curve',
        {
          hottest: 'share',
          positives: 'share',
          negatives: 'share',
          input: 'share',
          'entry exposed_unclicked': 'share',
          'entry hot': 'share',
          'entry random': 'share',
          'entry <b>hard</b>': 'share',
        },
        ends.map((x) => [x, x ** 0.12, ...mixed(x)]),
        { shape: 'curve' },
      ),
    ],
  ),
  measured(
    'divergence',
    'Distance to the input',
    [
      figure('js', 'JS divergence of the negatives', 'bits', 0.352),
      figure('js_by_chance', 'JS divergence by chance', 'bits', 0.163, { low: 0.161, high: 0.165 }),
    ],
    [],
  ),
  measured(
    'concentration',
    'Concentration on popular items',
    [figure('hot_ratio', 'hot ratio', 'ratio', 0.47)],
    [
      table('distributions', { of: 'text', top_share: 'share' }, [
        ['positives', 0.574],
        ['negatives', 0.267],
      ]),
    ],
  ),
  measured(
    'users',
    'Skew of the users',
    [figure('top_share', 'their share of the rows', 'share', 0.312), figure('gini', 'Gini', 'number', 0.71)],
    [
      table(
        'lorenz',
        { users: 'share', rows: 'share' },
        Array.from({ length: 101 }, (_, k) => [k / 100, (k / 100) ** 5]),
        { shape: 'curve' },
      ),
    ],
  ),
  {
    metric: 'duplicates',
    title: { text: 'Duplicates' },
    state: 'not-run',
    because: { text: 'There are no negatives' },
  },
];

const unlabelledMetrics: MetricOutcome[] = [
  measured('rows', 'Rows', [figure('rows', 'rows', 'count', 0)], []),
  ...['mix', 'group_sizes', 'popularity_by_entry'].map((metric): MetricOutcome => ({
    metric,
    title: { text: metric },
    state: 'not-run',
    because: { text: 'there is no label column' },
  })),
];

function finding(rule: string, severity: Finding['severity'], text: string, details: Finding['details']): Finding {
  return {
    rule,
    severity,
    message: { text: '{0}', args: [text] },
    stage: 'recall',
    range: { start: { line: 11, character: 4 }, end: { line: 11, character: 20 } },
    fixes: [],
    elsewhere: [],
    unnecessary: false,
    details,
  };
}

const example = (user: string, item: string): Finding['details'][number] => ({
  text: 'For example {0}',
  args: [`user_id = ${user}, item_id = ${item}`],
  row: { user_id: user, item_id: item },
});

const findings: Finding[] = [
  finding('data/user-skew', 'info', 'The top 1 % of the users own 31.2 % of the rows', [
    { text: 'Set max_per_user_per_day under positives to limit what one user contributes.' },
  ]),
  finding('data/contradiction', 'error', '<b>412</b> items are positive and negative in the same request', [
    example('7203685477590228993', '482019'),
    example('7203685478022917121', '7'),
  ]),
];
