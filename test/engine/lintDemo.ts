import { readFileSync } from 'node:fs';
import { before } from 'node:test';
import { join } from 'node:path';
import { Lines } from '../../src/core/config/lines.ts';
import type { FactLevel } from '../../src/core/data/facts.ts';
import { policyByName } from '../../src/core/policy/resolvePolicy.ts';
import type { PresetName } from '../../src/core/policy/presets.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { lintFile, type LintedConfig, type LintOptions } from '../../src/project/lint/lintFile.ts';
import { policyTextWithin } from '../../src/project/lint/policyText.ts';
import { tinyDemo } from '../fixtures/tinyDemo.ts';
import { engine, folder } from './fixture.ts';

/** A tiny demo workspace with the bad configs. Each file of tests has its own. */
export const demo = join(folder, 'demo');
export function writeDemoBefore(): void {
  before(async () => {
    await tinyDemo(demo, { bad: true });
  });
}

/** The config of a stage of the demo, with paths relative to the demo folder. */
export const demoConfig = (stage: string): string =>
  readFileSync(join(demo, 'configs', `${stage}.ratio.yaml`), 'utf8')
    .replaceAll('../data', 'data')
    .replaceAll('../out', 'out');

export interface Linting extends Partial<
  Pick<LintOptions, 'engine' | 'trusted' | 'signal' | 'progress' | 'cache' | 'set' | 'questions'>
> {
  readonly level?: FactLevel;
  readonly preset?: PresetName;
  /** The workspace; default: the demo. */
  readonly root?: string;
  /** Relative to the workspace. */
  readonly path?: string;
}

/** Lints a text as a config of a workspace with the real engine, like the command line and the language server. */
export function lintOn(
  text: string,
  { level = 'data', preset, root = demo, path = 'configs/case.ratio.yaml', ...rest }: Linting = {},
): Promise<LintedConfig> {
  const file = join(root, path);
  const readText = policyTextWithin(root);
  return lintFile(
    { path: file, text, language: path.endsWith('.json') ? 'json' : 'yaml' },
    {
      level,
      root,
      trusted: true,
      engine,
      cache: new FactsCache(),
      readText,
      ...(preset === undefined ? {} : { policy: policyByName(preset, { folder: root, root, readText }) }),
      ...rest,
    },
  );
}

const linted = new Map<string, Promise<LintedConfig>>();
/** Lints a text on the unchanged demo, once for each text in a file of tests. Most rules have the same right example. */
export function lintOnce(text: string): Promise<LintedConfig> {
  const known = linted.get(text) ?? lintOn(text);
  linted.set(text, known);
  return known;
}

/**
 * Findings without those about draws: the example of another rule may ask for more than the tiny demo has, or for another
 * mix than that of its sample file.
 */
export function besidesDraws(findings: LintedConfig['findings']): LintedConfig['findings'] {
  return findings.filter(({ rule }) => !['data/shortfall', 'data/mix', 'data/impossible-draw'].includes(rule));
}

/** The text that a finding underlines. */
export function underlined(text: string, { range }: LintedConfig['findings'][number]): string {
  const lines = new Lines(text);
  return text.slice(lines.offset(range.start), lines.offset(range.end));
}

/** Rules that did not run because something is unknown, with the reasons. */
export function notRun({ rules }: Pick<LintedConfig, 'rules'>): string[] {
  return rules
    .filter(({ status, nothingToCompare }) => status === 'not-run' && nothingToCompare !== true)
    .map(({ rule, because }) => `${rule}: ${because?.text ?? ''}`);
}

/** Rules that had all that they need, and nothing to compare. */
export function comparedNothing({ rules }: Pick<LintedConfig, 'rules'>): string[] {
  return rules.flatMap(({ rule, nothingToCompare }) => (nothingToCompare === true ? [rule] : []));
}

/** Of them, those of the sample file of the demo: another tool wrote it, and it has few users. */
export const nothingInDemo: readonly string[] = [
  'data/mix',
  'data/log-q',
  'data/declared-q',
  'data/exponent',
  'data/impossible-draw',
  'data/missing-choices',
  'data/split-overlap',
  'data/digest',
  'data/user-skew',
];
