import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { examples } from '../../src/core/policy/examples/example.ts';
import { presetNames } from '../../src/core/policy/presets.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { fullConfig } from '../fixtures/fullConfig.ts';
import { lintCase, shown } from './lintCase.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../media/schemas/ratio-config.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true }).compile(
  schema,
);
const isValid = (text: string): boolean => validate(parse(text));

test('a config that uses the whole language is clean under every preset', () => {
  for (const preset of presetNames)
    assert.deepEqual(shown(lintCase({ text: fullConfig }, { level: 'none', preset }).findings), []);
});

describe('the JSON Schema of ratio configs', () => {
  test('takes the good configs', () => {
    for (const text of [...Object.values(examples), fullConfig])
      assert.ok(isValid(text), JSON.stringify(validate.errors?.slice(0, 3)));
  });

  test('takes variables in the place of values, and options of a named source', () => {
    assert.ok(isValid(fullConfig.replace('per_positive: 20', 'per_positive: ${n}')));
    assert.ok(
      !isValid(
        fullConfig.replace(
          '{source: same_attribute, match: [region], share: 0.05}',
          '{source: same_attribute, match: [region], exponent: 1, share: 0.05}',
        ),
      ),
    );
  });

  for (const id of ['config/type', 'config/version', 'config/missing-key'] as const) {
    test(`refuses the wrong example of ${id}`, () => {
      const rule = rules.find((each) => each.id === id);
      assert.ok(rule && !isValid(rule.docs.wrong.text));
    });
  }

  for (const [right, wrong] of [
    ['exponent: 0.75', 'exponnent: 0.75'],
    ['seed: winter-model', 'sed: winter-model'],
    ['exponent: 0.75', 'exponent: 1.75'],
  ] as const) {
    test(`refuses ${wrong}`, () => {
      assert.ok(fullConfig.includes(right) && !isValid(fullConfig.replace(right, wrong)));
    });
  }
});
