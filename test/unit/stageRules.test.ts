import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { coarseMixing, recallCounting, recallMixing, withoutInBatch } from '../../src/core/policy/examples/mixes.ts';
import type { Finding } from '../../src/core/policy/finding.ts';
import { fixed, lintCase, shown } from './lintCase.ts';
import { render } from '../../src/core/message/message.ts';

/** One entry of a random mix: a source, its options, and its amount as an integer. */
interface Drawn {
  readonly source: string;
  readonly options: string;
  readonly parts: number;
}

const sources: readonly (readonly [source: string, options: readonly string[]])[] = [
  ['exposed_unclicked', ['', 'seen: viewed']],
  ['global_random', ['']],
  ['popularity', ['', 'smoothing: 1', 'group_by: region', 'exponent: 0', 'exponent: 1']],
  ['exposed_random', ['', 'weight: uniform']],
  ['same_attribute', ['match: [city]', 'match: [city], weight: popularity']],
  ['rejected', ['']],
  ['hard_rank', ['', 'ranks: [1, 100]', 'ranks: [200, 900]']],
];

/** Up to five entries with different sources, so that names without `source` cannot clash. */
const mixes: fc.Arbitrary<readonly Drawn[]> = fc
  .subarray([...sources], { minLength: 1, maxLength: 5 })
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map(([source, options]) =>
        fc.record({
          source: fc.constant(source),
          options: fc.constantFrom(...options),
          // 0 is a valid amount: an entry that draws nothing must not count.
          parts: fc.integer({ min: 0, max: 12 }),
        }),
      ),
    ),
  )
  .filter((mix) => mix.some(({ parts }) => parts > 0));
const replacements = fc.subarray([withoutInBatch, [', logq: shares', ''] as const]);

const total = (mix: readonly Drawn[]): number => mix.reduce((sum, { parts }) => sum + parts, 0);
const body = (options: string, ...more: readonly string[]): string =>
  [...more, options].filter((part) => part !== '').join(', ');
const asShare =
  (whole: number) =>
  ({ source, options, parts }: Drawn): string =>
    `${source}: {${body(options, `share: ${parts / whole}`)}}`;
const asCount = ({ source, options, parts }: Drawn): string => `${source}: {${body(options, `count: ${parts}`)}}`;
const renamed =
  (whole: number) =>
  ({ source, options, parts }: Drawn, k: number): string =>
    `entry_${String.fromCharCode(122 - k)}: {${body(options, `source: ${source}`, `share: ${parts / whole}`)}}`;

const stageRules = /^(?:recall|coarse|fine)\//;
const found = (text: string): Finding[] =>
  lintCase({ text }, { level: 'none' }).findings.filter(({ rule }) => stageRules.test(rule));
const told = (findings: readonly Finding[]): string[] =>
  findings.map(({ rule, severity, message }) => `${rule} ${severity} ${render(message)}`).sort();
const verdicts = (findings: readonly Finding[]): string[] =>
  findings.map(({ rule, severity }) => `${rule} ${severity}`).sort();

describe('rules of a mix', () => {
  test('the order of the entries changes nothing', () => {
    fc.assert(
      fc.property(mixes, replacements, fc.infiniteStream(fc.nat()), (mix, more, keys) => {
        const lines = mix.map(asShare(total(mix)));
        const shuffled = lines
          .map((line) => [keys.next().value, line] as const)
          .sort(([a], [b]) => Number(a) - Number(b))
          .map(([, line]) => line);
        assert.deepEqual(told(found(recallMixing(shuffled, ...more))), told(found(recallMixing(lines, ...more))));
      }),
      { numRuns: 150 },
    );
  });

  test('an entry with its own name and source gets the same findings', () => {
    fc.assert(
      fc.property(mixes, replacements, (mix, more) => {
        const whole = total(mix);
        assert.deepEqual(
          verdicts(found(recallMixing(mix.map(renamed(whole)), ...more))),
          verdicts(found(recallMixing(mix.map(asShare(whole)), ...more))),
        );
      }),
      { numRuns: 150 },
    );
  });

  test('counts and equal shares get the same verdicts', () => {
    fc.assert(
      fc.property(mixes, replacements, (mix, more) => {
        const whole = total(mix);
        const shares = recallMixing(mix.map(asShare(whole)), ...more, ['per_positive: 10', `per_positive: ${whole}`]);
        assert.deepEqual(told(found(recallCounting(mix.map(asCount), ...more))), told(found(shares)));
      }),
      { numRuns: 150 },
    );
  });

  test('a superseded rule is not reported with the rule that supersedes it', () => {
    fc.assert(
      fc.property(mixes, replacements, (mix, more) => {
        const rules = new Set(found(recallMixing(mix.map(asShare(total(mix))), ...more)).map(({ rule }) => rule));
        if (rules.has('recall/exposed-only'))
          assert.ok(!rules.has('recall/exposed-share') && !rules.has('recall/no-global'));
        if (rules.has('recall/hard-only')) assert.ok(!rules.has('recall/hard-share') && !rules.has('recall/no-global'));
      }),
      { numRuns: 100 },
    );
  });

  test('every fix ends its finding, and the shares still sum to 1', () => {
    fc.assert(
      fc.property(mixes, replacements, (mix, more) => {
        const text = recallMixing(mix.map(asShare(total(mix))), ...more);
        for (const finding of found(text)) {
          for (const fix of finding.fixes) {
            const after = lintCase({ text: fixed(text, fix) }, { level: 'none' }).findings;
            const same = (findings: readonly Finding[]): number =>
              findings.filter(({ rule }) => rule === finding.rule).length;
            assert.ok(
              same(after) < same(found(text)),
              `${finding.rule}: ${render(fix.title)}\n${fixed(text, fix)}\n${shown(after).join('\n')}`,
            );
            assert.deepEqual(
              after.filter(({ severity, rule }) => severity === 'error' && !stageRules.test(rule)),
              [],
              fixed(text, fix),
            );
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('limits of shares', () => {
  /** A limit in thousandths, split among entries, and the rest of 1000. */
  const cuts = fc
    .tuple(fc.integer({ min: 20, max: 900 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }))
    .filter(([limit, pieces]) => limit > pieces.reduce((sum, piece) => sum + piece, 0));
  const limited = [
    { rule: 'recall/exposed-share', source: 'exposed_unclicked', mixing: recallMixing },
    { rule: 'recall/hard-share', source: 'hard_rank', mixing: recallMixing },
    { rule: 'coarse/global-random', source: 'global_random', mixing: coarseMixing },
  ] as const;
  for (const { rule, source, mixing } of limited) {
    test(`${rule}: exactly the limit gives no finding, a thousandth more does, however it is split`, () => {
      fc.assert(
        fc.property(cuts, ([limit, pieces]) => {
          const text = (whole: number): string => {
            const cut = [...pieces, whole - pieces.reduce((sum, piece) => sum + piece, 0)];
            return mixing([
              ...cut.map((piece, k) => `e${k}: {source: ${source}, share: ${piece / 1000}}`),
              `same_attribute: {share: ${(1000 - whole) / 1000}, match: [city]}`,
            ]);
          };
          const own = (whole: number): number =>
            lintCase({ text: text(whole), options: { max: limit / 1000 } }, { level: 'none', rule }).findings.filter(
              (finding) => finding.rule === rule,
            ).length;
          assert.equal(own(limit), 0);
          assert.equal(own(limit + 1), 1);
        }),
        { numRuns: 60 },
      );
    });
  }
});
