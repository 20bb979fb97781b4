import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { examples } from '../../src/core/policy/examples/example.ts';
import { factLevels } from '../../src/core/data/facts.ts';
import { presetNames } from '../../src/core/policy/presets.ts';
import { misfit } from '../../src/core/policy/ruleSettings.ts';
import { ruleGroups } from '../../src/core/policy/ruleId.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { demoCounts, demoRecorded } from '../../src/core/policy/rules/data/mix.ts';
import { render } from '../../src/core/message/message.ts';
import { cellWidth } from '../../src/core/report/cells.ts';
import { casesOf } from '../rules/casesOf.ts';
import { fixed, lintCase, reportedRange, shown } from './lintCase.ts';

/** Characters of a message next to its rule that the Problems view shows in a window of 1440 pixels. */
const MAX_CELLS = 110;
const chinese = JSON.parse(
  readFileSync(new URL('../../l10n/bundle.l10n.zh-cn.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>;

/** Tests only rules with this prefix, as in `RULES=recall/ node --import tsx --test test/unit/rules.test.ts`. */
const only = process.env['RULES'] ?? '';
const chosen = rules.filter(({ id }) => id.startsWith(only));

if (only === '') {
  test('every file of a rule is in the registry, under its id, and has its cases', () => {
    const folder = new URL('../../src/core/policy/rules/', import.meta.url);
    for (const group of ruleGroups) {
      const caseFiles = new URL(`../rules/${group}/`, import.meta.url);
      assert.deepEqual(readdirSync(new URL(`${group}/`, folder)).sort(), readdirSync(caseFiles).sort());
      const made = readdirSync(new URL(`${group}/`, folder)).map((file) => {
        const text = readFileSync(new URL(`${group}/${file}`, folder), 'utf8');
        const found = [...text.matchAll(/^export const \w+ = defineRule\(\{\s+id: '([^']+)',$/gm)].map(([, id]) => id);
        const name = file.replace(/\.ts$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        assert.deepEqual(found, [`${group}/${name}`], `${file} exports one rule`);
        return `${group}/${name}`;
      });
      assert.deepEqual(
        made.sort(),
        rules
          .map(({ id }) => id)
          .filter((id) => id.startsWith(`${group}/`))
          .sort(),
      );
    }
  });
}

describe('the good examples', () => {
  for (const [stage, text] of Object.entries(examples)) {
    for (const preset of presetNames) {
      for (const level of factLevels) {
        test(`${stage}, ${preset}, ${level}`, () => {
          const answers = {
            'sample-mix': { by: 'source', counts: demoCounts(584), recorded: demoRecorded(584) },
          } as const;
          const { findings, rules: statuses } = lintCase({ text, answers }, { preset, level });
          assert.deepEqual(shown(findings), []);
          if (level === 'data')
            assert.deepEqual(
              statuses.filter(({ status }) => status === 'not-run'),
              [],
            );
        });
      }
    }
  }
});

for (const rule of chosen) {
  const { id, docs } = rule;
  const { wrong, right } = docs;
  const { valid, invalid } = await casesOf(rule);

  describe(id, () => {
    test('its documentation and options are valid', () => {
      assert.ok(id.startsWith(rule.kind === 'config' ? '' : `${rule.kind}/`), 'the kind is that of the group');
      for (const [name, option] of Object.entries(rule.options))
        assert.equal(misfit(option.fallback, option), null, `the default of ${name} is within its bounds`);
      for (const other of rule.supersedes ?? [])
        assert.ok(
          rules.some(({ id }) => id === other),
          `${other} is a rule`,
        );
      for (const text of [docs.summary, docs.why, docs.source])
        assert.ok(text.trim() === text && text.length > 20 && !/to be written/i.test(text), 'the page is written');
      assert.ok(!docs.summary.endsWith('.'), 'the summary is a sentence without its full stop');
    });

    test('the wrong example is reported once at its place, only with its companion rules', () => {
      const { findings } = lintCase(wrong, { rule: id });
      const own = findings.filter((finding) => finding.rule === id);
      assert.equal(own.length, 1, shown(findings).join('\n'));
      assert.deepEqual(own[0]?.range, reportedRange(wrong), shown(own).join('\n'));
      assert.deepEqual(
        [...new Set(findings.map((finding) => finding.rule).filter((other) => other !== id))].sort(),
        [...(wrong.companions ?? [])].sort(),
        shown(findings).join('\n'),
      );
    });

    test('the right example is silent under every preset', () => {
      for (const preset of presetNames) assert.deepEqual(shown(lintCase(right, { rule: id, preset }).findings), []);
    });

    test('its messages fit the width of a list of problems, in English and in Chinese', () => {
      for (const one of [wrong, ...invalid]) {
        for (const { message } of lintCase(one, { rule: id }).findings.filter((finding) => finding.rule === id)) {
          for (const text of [render(message), render(message, (english) => chinese[english] ?? english)])
            assert.ok(cellWidth(text) <= MAX_CELLS, `${cellWidth(text)} cells: ${text}`);
        }
      }
    });

    valid.forEach((one, k) => {
      test(`valid ${k + 1}`, () => {
        assert.deepEqual(
          shown(lintCase(one, { rule: id }).findings.filter((finding) => finding.rule === id)),
          [],
          one.text,
        );
      });
    });

    invalid.forEach((one, k) => {
      test(`invalid ${k + 1}`, () => {
        const { findings } = lintCase(one, { rule: id });
        const at = reportedRange(one);
        const own = findings.filter((finding) => finding.rule === id);
        assert.ok(
          own.some(({ range }) => JSON.stringify(range) === JSON.stringify(at)),
          `${JSON.stringify(at)}\n${shown(findings).join('\n')}\n${one.text}`,
        );
        assert.deepEqual(
          [...new Set(findings.map((finding) => finding.rule).filter((other) => other !== id))].sort(),
          [...(one.companions ?? [])].sort(),
          `${shown(findings).join('\n')}\n${one.text}`,
        );
      });
    });

    [wrong, ...invalid].forEach((one, k) => {
      test(`the fixes of case ${k + 1} end the finding and break nothing`, () => {
        const before = lintCase(one, { rule: id }).findings;
        for (const finding of before.filter((each) => each.rule === id)) {
          for (const fix of [...finding.fixes, ...finding.elsewhere.flatMap((place) => place.fix ?? [])]) {
            const text = fixed(one.text, fix);
            const after = lintCase({ ...one, text }, { rule: id }).findings;
            const count = (list: typeof after, name: string): number =>
              list.filter((each) => each.rule === name).length;
            const told = `${render(fix.title)}\n${text}\n${shown(after).join('\n')}`;
            assert.ok(count(after, id) < count(before, id), `the finding is still there: ${told}`);
            const brings: readonly string[] = one.fixBrings ?? [];
            for (const other of new Set(after.map((each) => each.rule)))
              assert.ok(
                brings.includes(other) || count(after, other) <= count(before, other),
                `${other} is new: ${told}`,
              );
          }
        }
      });
    });
  });
}
