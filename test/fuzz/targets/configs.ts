import { parse, stringify } from 'yaml';
import { base64, type Case, type Step } from '../case.ts';
import type { Dice } from '../dice.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { mutateText } from '../mutateText.ts';
import { mutateValue } from '../mutateValue.ts';
import { activeUser, type Seeds } from '../seeds.ts';
import type { Target } from '../target.ts';

function lint(dice: Dice, name: string): Step[] {
  const format = dice.pick(['json', 'text', 'sarif']);
  const args = [
    'lint',
    name,
    '--root',
    '{world}',
    '--facts',
    dice.pick(['none', 'schema', 'schema', 'data']),
    '--format',
    format,
  ];
  const more: Step[] = [
    { kind: 'cli', args: ['preview', name, '--root', '{world}', '--users', activeUser, '--format', 'json'] },
    { kind: 'cli', args: ['lint', name, '--root', '{world}', '--facts', 'none', '--fix'], findings: true },
    { kind: 'cli', args: ['sample', name, '--root', '{world}', '--users', activeUser, '--out', 'out.jsonl'] },
  ];
  return [{ kind: 'cli', args, findings: true }, ...(dice.chance(0.25) ? [dice.pick(more)] : [])];
}

function config(dice: Dice, { configs }: Seeds): string {
  return configs[dice.pick(Object.keys(configs))] ?? '';
}

const file = (name: string, content: Uint8Array | string, steps: readonly Step[]): Case => ({
  files: { [name]: base64(typeof content === 'string' ? new TextEncoder().encode(content) : content) },
  steps,
});

/** Ratio configs as YAML: lines, words, nesting, aliases, bytes. */
const yaml: Target = {
  name: 'yaml',
  short: 60,
  shipped: 0.01,
  mutant(dice, seeds, rounds) {
    const steps = lint(dice, 'c.ratio.yaml');
    return file('c.ratio.yaml', mutateText(dice, config(dice, seeds), rounds), steps);
  },
};

/** Configs as JSON, and as YAML of a changed value: complete documents with wrong values. */
const json: Target = {
  name: 'json',
  short: 40,
  mutant(dice, seeds, rounds) {
    const asJson = dice.chance(0.6);
    const name = asJson ? 'c.ratio.json' : 'c.ratio.yaml';
    const steps = lint(dice, name);
    let value: unknown = parse(config(dice, seeds));
    const kept = dice.chance(0.5);
    for (let k = 0; k < rounds; k++) value = mutateValue(dice, value, kept);
    const text = asJson ? JSON.stringify(value, null, 2) : stringify(value);
    return file(name, dice.chance(0.2) ? mutateText(dice, text, 1) : text, steps);
  },
};

const policy = `extends: recommended
rules:
  shares-sum: error
  seed-missing: off
  popularity-exponent: [warning, {max: 1}]
  negatives-per-positive: {severity: info, options: {max: 100, min: 1}}
`;

/** Policy files that a config or the command line names. */
const policies: Target = {
  name: 'policies',
  short: 30,
  mutant(dice, seeds, rounds) {
    const named = config(dice, seeds).replace(/^policy: .*$/m, 'policy: p.policy.yaml');
    const args = [
      'lint',
      'c.ratio.yaml',
      '--root',
      '{world}',
      '--facts',
      'none',
      '--format',
      dice.pick(['json', 'text']),
    ];
    const asked = dice.chance(0.5) ? args : [...args, '--policy', 'p.policy.yaml'];
    return {
      files: {
        'c.ratio.yaml': base64(new TextEncoder().encode(named)),
        'p.policy.yaml': base64(mutateText(dice, policy, rounds)),
      },
      steps: [{ kind: 'cli', args: asked, findings: true }],
    };
  },
};

/** Lock files: as text, and as JSON with wrong values. */
const locks: Target = {
  name: 'locks',
  short: 60,
  shipped: 0.02,
  mutant(dice, { lock }, rounds) {
    let value: unknown = JSON.parse(lock);
    for (let k = 0; k < rounds; k++) value = mutateValue(dice, value, dice.chance(0.3));
    const content = dice.chance(0.4)
      ? mutateText(dice, lock, rounds)
      : new TextEncoder().encode(JSON.stringify(value, null, 2));
    return {
      files: { 'a.recsample.json': base64(new TextEncoder().encode(lock)), 'b.recsample.json': base64(content) },
      steps: [
        {
          kind: 'cli',
          args: ['diff', 'a.recsample.json', 'b.recsample.json', '--format', dice.pick(['text', 'json'])],
          findings: true,
          names: 'b.recsample.json',
        },
      ],
    };
  },
};

/** Samples from a damaged log. A file is written completely or not at all, and its lock file matches. */
const damagedLog: Target = {
  name: 'damaged-log',
  short: 8,
  mutant(dice, { configs, impressions }, rounds) {
    const text = (configs['recall.ratio.yaml'] ?? '').replace('../demo/data/impressions/dt=*/*.parquet', 'log.parquet');
    const bytes = dice.chance(0.2) ? impressions : mutateBytes(dice, impressions, rounds);
    return {
      files: { 'c.ratio.yaml': base64(new TextEncoder().encode(text)), 'log.parquet': base64(bytes) },
      steps: [
        {
          kind: 'cli',
          args: ['lint', 'c.ratio.yaml', '--root', '{world}', '--facts', 'data', '--format', 'json'],
          findings: true,
        },
        { kind: 'cli', args: ['sample', 'c.ratio.yaml', '--root', '{world}', '--out', 'out.parquet'] },
      ],
    };
  },
};

export const configTargets = [yaml, json, policies, locks, damagedLog];
