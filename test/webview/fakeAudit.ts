import type { AuditView } from '../../src/protocol/auditView.ts';

/** An audit with findings, a curve, intervals, and a metric that did not run. `config`: whether a config is known. */
export function fakeAudit(hasConfig: boolean): AuditView {
  const percentiles = Array.from({ length: 50 }, (_, k) => 10 ** (-4 + (4 * k) / 49));
  return {
    config: hasConfig ? { uri: 'file:///data/configs/spring.ratio.yaml', name: 'spring.ratio.yaml' } : null,
    stage: 'recall',
    split: 'train',
    sample: { layout: 'long', columns: {}, rows: 19_191_123, fileRows: 19_191_123, files: 1, bytes: 1_420_000_000 },
    metrics: [
      {
        metric: 'rows',
        title: { text: 'Rows' },
        state: 'measured',
        figures: [
          { id: 'rows', label: { text: 'rows' }, unit: 'count', value: 19_191_123 },
          { id: 'rate', label: { text: 'positive rate' }, unit: 'share', value: 0.0971, low: 0.0969, high: 0.0973 },
        ],
        tables: [
          {
            id: 'curve',
            shape: 'curve',
            columns: [
              { id: 'hottest', label: { text: 'hottest items' }, unit: 'share' },
              { id: 'positives', label: { text: 'positives' }, unit: 'share' },
              { id: 'negatives', label: { text: 'negatives' }, unit: 'share' },
            ],
            rows: percentiles.map((x) => [x, x ** 0.12, x ** 0.3]),
          },
        ],
        notes: [],
      },
      {
        metric: 'mix',
        title: { text: 'Mix of the negatives' },
        state: 'measured',
        figures: [],
        tables: [
          {
            id: 'entries',
            shape: 'list',
            columns: [
              { id: 'entry', label: { text: 'entry' }, unit: 'text' },
              { id: 'share', label: { text: 'share' }, unit: 'share' },
            ],
            rows: [
              ['exposed_unclicked', 0.247],
              ['<b>popularity</b>', 0.43],
            ],
          },
        ],
        notes: [{ text: 'The shares of the config are those before shortfalls and refill' }],
      },
      {
        metric: 'duplicates',
        title: { text: 'Duplicates' },
        state: 'not-run',
        because: { text: 'There are no negatives' },
      },
    ],
    findings: hasConfig
      ? [
          finding('data/user-skew', 'info', 'The top 1 % of the users own 31.2 % of the rows'),
          finding('data/contradiction', 'error', '<b>412</b> items are positive and negative in the same request'),
        ]
      : [],
    rules: [
      { rule: 'data/duplicate', status: 'passed' },
      { rule: 'data/shortfall', status: 'passed' },
      { rule: 'data/never-exposed', status: 'not-run', because: { text: 'There are no negatives' } },
    ],
    notices: [],
  };
}

function finding(rule: string, severity: 'error' | 'info', text: string): AuditView['findings'][number] {
  return {
    rule,
    severity,
    message: { text: '{0}', args: [text] },
    stage: 'recall',
    range: { start: { line: 11, character: 4 }, end: { line: 11, character: 20 } },
    fixes: [],
    elsewhere: [],
    unnecessary: false,
    details: [{ text: '{0}', args: ['user_id = 7203685477590228993, item_id = 482019'] }],
  };
}
