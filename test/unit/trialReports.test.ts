import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { cellWidth } from '../../src/core/report/cells.ts';
import { labelPlaces, spreadLabels } from '../../src/core/report/labelPlaces.ts';
import { tickDigits } from '../../src/core/report/trialCharts.ts';
import { trialHtml } from '../../src/core/report/trialHtml.ts';
import { trialJson } from '../../src/core/report/trialJson.ts';
import { trialText } from '../../src/core/report/trialText.ts';
import { translator, type Locale } from '../../src/core/message/translator.ts';
import type { TrialReport } from '../../src/core/trial/report.ts';
import { hostileTrial, madeTrial } from '../madeTrial.ts';

const text = (report: TrialReport, locale: Locale): string =>
  trialText(report, { width: 80, colour: false, locale, translate: translator(locale) });
const [usual, hostile] = [madeTrial(), hostileTrial()];

test('the text: no line is wider than 80 cells, in both languages; gates come before differences', () => {
  for (const locale of ['en', 'zh-cn'] as const)
    for (const report of [usual, hostile])
      for (const line of text(report, locale).split('\n')) assert.ok(cellWidth(line) <= 80, line);
  const english = text(usual, 'en');
  assert.match(english, /^Trial of spring, summer, cold-start\n/);
  assert.match(
    english,
    /✓ All gates passed[\s\S]*Id-only probe[\s\S]*cold-start minus spring[\s\S]*Tail recall@100 .* higher\n/,
  );
  assert.doesNotMatch(english, /winner/i);
  const fired = text(hostile, 'en');
  assert.match(fired, /! Logged clicks mostly repeat what was shown; the order of configs is not\n {2}evidence\n/);
  assert.doesNotMatch(fired, /higher|lower|no clear difference/);
  assert.ok(!fired.includes('\u001B'), 'names of files cannot colour the terminal');
});

test('the JSON matches its schema, and equal runs write equal bytes', () => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true, strictTuples: false }).compile(
    JSON.parse(readFileSync(new URL('../../media/schemas/trial.schema.json', import.meta.url), 'utf8')) as object,
  );
  for (const report of [usual, hostile]) {
    const parsed = JSON.parse(trialJson(report)) as {
      limits: string;
      gates: { fired: boolean; says: string | null }[];
    };
    assert.ok(validate(parsed), JSON.stringify(validate.errors));
    assert.match(parsed.limits, /^Id-only probe/);
    for (const { fired, says } of parsed.gates) assert.equal(says !== null, fired);
  }
  assert.equal(trialJson(madeTrial()), trialJson(usual));
});

test('the page needs no other file and no script, and names of files are text', () => {
  for (const locale of ['en', 'zh-cn'] as const) {
    const page = trialHtml(hostile, { language: locale, translate: translator(locale) });
    assert.doesNotMatch(page, /<script|<link|<img|https?:|<b>|\son\w+=/i);
    assert.ok(page.includes('&#60;b&#62;a&#60;/b&#62;') && !page.includes('\u001B'));
    assert.match(page, /default-src 'none'/);
    assert.ok(!page.includes('dot clear'), 'no mark is a verdict that a gate took away');
  }
  const page = trialHtml(usual, { language: 'en', translate: (one) => one });
  assert.match(page, /dot clear/);
  assert.equal(page.match(/class="interval"/g)?.length, 26);
  assert.equal(page.match(/<svg class="chart/g)?.length, 3);
});

test('labels of a chart cover neither each other nor a mark, wherever the marks are', () => {
  const bounds = { left: 44, right: 404, top: 12, bottom: 200 };
  const clouds = [
    Array.from({ length: 8 }, (_, k) => ({ x: 200 + k, y: 100 - k })),
    Array.from({ length: 8 }, (_, k) => ({ x: 320, y: 30 + 3 * k })),
    [{ x: 50, y: 20 }],
  ];
  for (const cloud of clouds) {
    const marks = cloud.map((mark, k) => ({ ...mark, label: `config-${k}` }));
    const boxes = labelPlaces(marks, bounds).map(({ x, y, anchor }) => {
      const left = anchor === 'start' ? x : x - 56;
      return { left, right: left + 56, top: y - 10, bottom: y + 3 };
    });
    boxes.forEach((box, k) => {
      assert.ok(box.left >= 44 && box.right <= 404 && box.top >= 12 && box.bottom <= 200, JSON.stringify(box));
      for (const other of [
        ...boxes.slice(k + 1),
        ...marks.map(({ x, y }) => ({ left: x, right: x, top: y, bottom: y })),
      ])
        assert.ok(
          box.left >= other.right || other.left >= box.right || box.top >= other.bottom || other.top >= box.bottom,
          JSON.stringify([box, other]),
        );
    });
  }
});

test('ticks of charts have the digits that they need, and labels of a column do not cover each other', () => {
  assert.equal(tickDigits({ ticks: [0, 0.25, 0.5] }, 1), 2);
  assert.equal(tickDigits({ ticks: [-2, 0, 2] }, 1), 1);
  assert.equal(tickDigits({ ticks: [0.0405, 0.041] }, 3), 4);
  const places = spreadLabels([
    { arm: 0, y: 100 },
    { arm: 1, y: 98 },
    { arm: 2, y: 20 },
  ]);
  assert.deepEqual(
    places.map(({ arm, y }) => [arm, y]),
    [
      [2, 20],
      [1, 98],
      [0, 112],
    ],
  );
});
