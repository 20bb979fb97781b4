import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { message } from '../../src/core/message/message.ts';
import { auditHtml } from '../../src/core/report/auditHtml.ts';
import type { AuditReport } from '../../src/core/report/auditReport.ts';

const hostile = '<script>alert(1)</script>"\'`&amp;\u202Emoc';
const range = { start: { line: 3, character: 2 }, end: { line: 3, character: 9 } };

const report: AuditReport = {
  path: hostile,
  config: hostile,
  stage: 'recall',
  split: 'train',
  sample: { layout: 'long', columns: {}, rows: 1200, fileRows: 1200, files: 1, bytes: 4096 },
  metrics: [
    {
      metric: 'rows',
      title: message('Rows'),
      state: 'measured',
      figures: [
        { id: 'rows', label: message('rows'), unit: 'count', value: 1200 },
        { id: 'positive_rate', label: message('positive rate'), unit: 'share', value: 0.25, low: 0.2, high: 0.3 },
      ],
      tables: [
        {
          id: 'curve',
          shape: 'curve',
          columns: [
            { id: 'share', label: message('count'), unit: 'share' },
            { id: 'positives', label: message('positives'), unit: 'share' },
            { id: 'negatives', label: message('negatives'), unit: 'share' },
          ],
          rows: [
            [0.0001, 0.1, 0.05],
            [0.01, 0.4, null],
            [0.1, 0.7, 0.5],
            [1, 1, 1],
          ],
        },
        {
          id: 'list',
          shape: 'list',
          columns: [
            { id: 'label', label: message('label'), unit: 'text' },
            { id: 'rows', label: message('rows'), unit: 'count' },
          ],
          rows: [[hostile, 7]],
        },
      ],
      notes: [message('There is no label column')],
    },
    {
      metric: 'mix',
      title: message('Mix of the negatives'),
      state: 'not-run',
      because: message('There are no negatives'),
    },
  ],
  findings: [
    {
      rule: 'data/contradiction',
      severity: 'error',
      message: message('{0}: {1}', hostile, 12),
      stage: 'recall',
      range,
      fixes: [],
      elsewhere: [],
      unnecessary: false,
      details: [message('{0}: {1}', 'item_id', hostile)],
    },
  ],
  rules: [{ rule: 'data/duplicate', status: 'not-run', because: message('There are no negatives') }],
  notices: [],
};

const page = auditHtml(report, { language: 'en', translate: (text) => text });

suite('the HTML report of the audit', () => {
  test('shows texts of files and never runs or loads anything', () => {
    assert.equal(/<script/i.test(page), false);
    assert.equal(/\son[a-z]+=/i.test(page), false);
    assert.equal(/(src|href)="(?!#)/.test(page), false);
    assert.equal(/url\(|@import/.test(page), false);
    assert.equal(page.includes('\u202E'), false);
    assert.ok(page.includes('&#60;script&#62;alert(1)'));
    assert.ok(page.includes("default-src 'none'; style-src 'unsafe-inline'"));
  });

  test('holds the findings, the figures with their intervals, and what was not measured with the reason', () => {
    const text = page
      .replace(/<style>.*<\/style>/s, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
    for (const part of [
      'error',
      'data/contradiction',
      'rows 1,200',
      'positive rate 25.0 % 20.0 % to 30.0 %',
      'Not measured',
      'data/duplicate There are no negatives',
    ])
      assert.ok(text.includes(part), `${part} in ${text}`);
  });

  test('a curve is a picture with a sentence, lines that end where values are missing, and a table behind it', () => {
    const picture = /<svg class="chart" role="img"[^>]*>.*?<\/svg>/s.exec(page)?.[0] ?? '';
    assert.match(picture, /aria-label="Rows: positives, negatives by count"/);
    const paths = [...picture.matchAll(/ d="(M[^"h]*)"/g)].map((found) => found[1]);
    assert.equal(paths.length, 2);
    assert.equal(paths[0]?.match(/M/g)?.length, 1);
    assert.equal(paths[1]?.match(/M/g)?.length, 2);
    // Four decades: the places along the axis are in equal steps per decade.
    const places = [
      ...paths
        .slice(0, 1)
        .join('')
        .matchAll(/[ML](\d+\.\d)/g),
    ].map((found) => Number(found[1]));
    assert.deepEqual(places, [70, 280, 385, 490]);
    assert.match(page, /<details><summary>Values<\/summary>.*<td class="number">–<\/td>/s);
  });
});
