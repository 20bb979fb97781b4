import type { ConfigLanguage } from '../../core/config/document.ts';
import { stageViews, type StageView } from '../../core/config/entries.ts';
import type { ReadConfig } from '../../core/config/read.ts';
import type { Range } from '../../core/config/span.ts';
import type { FactLevel, Facts } from '../../core/data/facts.ts';
import type { Finding, RuleStatus } from '../../core/policy/finding.ts';
import type { LintedConfig } from '../../project/lint/lintFile.ts';
import type { Address } from './address.ts';

/** One version of the text of a config. */
export interface ConfigVersion {
  readonly address: Address;
  readonly language: ConfigLanguage;
  /** Version of the client's document; null if the text comes from disk. */
  readonly version: number | null;
  readonly text: string;
}

/** A config at one version of its text, with the facts that its lint used. All features are functions of it. */
export interface Snapshot {
  readonly address: Address;
  readonly version: number | null;
  readonly read: ReadConfig;
  readonly stages: readonly StageView[];
  readonly facts: Facts;
  /** In text order. */
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleStatus[];
  /** How much of the data was read. */
  readonly level: FactLevel;
  /** Findings in the policy files that it depends on, by absolute path. */
  readonly policyFindings: ReadonlyMap<string, readonly Finding[]>;
  /** Absolute paths of the policy files that the lint tried to read. */
  readonly policyFiles: readonly string[];
}

export function snapshotOf({ address, version }: ConfigVersion, linted: LintedConfig, level: FactLevel): Snapshot {
  const { read, facts, findings, rules, policyFindings, policyFiles } = linted;
  return {
    address,
    version,
    read,
    facts,
    findings,
    rules,
    level,
    policyFindings,
    policyFiles,
    stages: stageViews(read.config),
  };
}

/** The range of the whole text. */
export function wholeRange({ read: { document } }: Snapshot): Range {
  return { start: { line: 0, character: 0 }, end: { line: document.lines.count, character: 0 } };
}
