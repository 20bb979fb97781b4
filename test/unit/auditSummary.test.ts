import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message } from '../../src/core/message/message.ts';
import { severities, type Finding } from '../../src/core/policy/finding.ts';
import type { AuditReport } from '../../src/core/report/auditReport.ts';
import { MAX_SUMMARY_LINES } from '../../src/core/report/auditSummary.ts';
import { auditText } from '../../src/core/report/auditText.ts';

/** Findings of all severities in turn, each with as many details. */
function reportOf(findings: number, details: number): AuditReport {
  return {
    path: 'out/recall.parquet',
    config: 'recall.ratio.yaml',
    stage: 'recall',
    split: 'train',
    sample: {
      layout: 'long',
      columns: {},
      rows: 1,
      fileRows: 1,
      files: 1,
      bytes: 1,
    } as unknown as AuditReport['sample'],
    metrics: [],
    findings: Array.from({ length: findings }, (_, k): Finding => ({
      rule: `data/rule-${k}`,
      severity: severities[2 - (k % 3)] ?? 'info',
      message: message('Finding number {0} has a message that is longer than a line of eighty cells may be', k),
      stage: 'recall',
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      fixes: [],
      elsewhere: [],
      unnecessary: false,
      details: Array.from({ length: details }, (__, n) => message('detail {0} of {1}', n, k)),
    })),
    rules: [
      { rule: 'data/mix', status: 'passed' },
      { rule: 'data/log-q', status: 'not-run', because: message('No lock file') },
    ],
    notices: [],
    baseline: { path: 'out/monday.parquet', fresh: [], resolved: [] },
  };
}

const textOf = (report: AuditReport, details = false, width = 80): string =>
  auditText(report, { width, colour: false, locale: 'en', translate: (text) => text, details });

test('the summary of many findings shows the worst ones, and counts what it leaves out', () => {
  for (const [findings, details] of [
    [1, 40],
    [5, 2],
    [8, 3],
    [200, 3],
  ] as const)
    for (const width of [80, 120]) {
      const text = textOf(reportOf(findings, details), false, width);
      const lines = text.trimEnd().split('\n');
      assert.ok(lines.length <= MAX_SUMMARY_LINES, text);
      const shown = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
      const left = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
      assert.equal(shown(/Finding number/g) + left(/(\d+) more findings?/), findings, text);
      assert.equal(shown(/detail \d/g) + left(/(\d+) more details?/), findings * details, text);
      assert.match(text, /With --details: /);
      assert.match(text, /1 data rule passed · 1 did not run: data\/log-q/);
      const order = [...text.matchAll(/^ {2}(error|warning|info): /gm)].map(([, severity]) =>
        severities.findIndex((one) => one === severity),
      );
      assert.deepEqual(
        order,
        [...order].sort((a, b) => a - b),
      );
    }
  const some = textOf(reportOf(4, 5));
  for (const k of [0, 1, 2, 3]) assert.match(some, new RegExp(`detail 0 of ${k}`), 'each finding has its first detail');
});

test('with --details the report holds every finding and detail, and why a rule did not run', () => {
  const text = textOf(reportOf(40, 3), true);
  assert.equal(text.match(/Finding number/g)?.length, 40);
  assert.equal(text.match(/detail \d of/g)?.length, 120);
  assert.match(text, /data\/log-q: No lock file/);
  assert.doesNotMatch(text, /--details/);
});
