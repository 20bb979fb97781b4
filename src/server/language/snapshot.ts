import type { ConfigLanguage } from '../../core/config/document.ts';
import { stageViews, type StageView } from '../../core/config/entries.ts';
import type { ReadConfig } from '../../core/config/read.ts';
import type { FactLevel, Facts } from '../../core/data/facts.ts';
import type { Finding, RuleStatus } from '../../core/policy/finding.ts';
import type { LintedConfig } from '../lint/lintFile.ts';
import type { Address } from './address.ts';

/** One version of the text of a config. */
export interface ConfigText {
  readonly address: Address;
  readonly language: ConfigLanguage;
  /** Of the client's document; null where the text is that of the disk. */
  readonly version: number | null;
  readonly text: string;
}

/** A config at one version of its text, with what was known of it when it was linted. All features are functions of it. */
export interface Snapshot {
  readonly address: Address;
  readonly version: number | null;
  readonly read: ReadConfig;
  readonly stages: readonly StageView[];
  readonly facts: Facts;
  /** In the order of the text. */
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleStatus[];
  /** How far its data were looked at. */
  readonly level: FactLevel;
  /** What is wrong with the policy files that it stands on, by their absolute paths. */
  readonly policyFindings: ReadonlyMap<string, readonly Finding[]>;
  /** Absolute paths of the policy files that were looked for. */
  readonly policyFiles: readonly string[];
}

/** True where every rule ran: only then no findings mean that there are none. */
export function isChecked({ rules }: Pick<Snapshot, 'rules'>): boolean {
  return rules.every(({ status }) => status !== 'not-run');
}

export function snapshotOf({ address, version }: ConfigText, linted: LintedConfig, level: FactLevel): Snapshot {
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
