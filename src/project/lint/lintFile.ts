import path from 'node:path';
import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { ConfigLanguage } from '../../core/config/document.ts';
import { readConfig, type ReadConfig } from '../../core/config/read.ts';
import type { FactLevel, Facts, Question } from '../../core/data/facts.ts';
import type { Finding, RuleStatus } from '../../core/policy/finding.ts';
import { questionsOf } from '../../core/policy/questions.ts';
import { policyOfConfig, type ResolvedPolicy } from '../../core/policy/resolvePolicy.ts';
import type { Rule } from '../../core/policy/rule.ts';
import { rules } from '../../core/policy/rules.ts';
import { lintSteps } from '../../core/policy/run.ts';
import type { CallContext, EngineClient } from '../../protocol/engine.ts';
import type { FactsCache } from '../facts/factsCache.ts';
import { gatherFacts } from '../questions/gatherFacts.ts';
import { plannedProblems } from '../stage/plannedProblems.ts';
import { YieldTimer } from './yieldTimer.ts';
import type { PolicyText } from './policyText.ts';

/** A config to lint. */
export interface LintedFile {
  /** Absolute; null if it is not a file on this machine. */
  readonly path: string | null;
  readonly text: string;
  readonly language: ConfigLanguage;
}

export interface LintOptions extends Partial<CallContext> {
  readonly level: FactLevel;
  /** Values of `--set`. */
  readonly set?: Readonly<Record<string, string>>;
  /** A policy that replaces the config's own: `policyByName`. */
  readonly policy?: ResolvedPolicy;
  /**
   * The folder that must contain data and policies: `rootOf`. Null if the config is not a file; then nothing is opened.
   */
  readonly root: string | null;
  /** A data file that the user named: it may be outside of the root. Absolute. */
  readonly given?: string;
  /** If false, no data file is opened. */
  readonly trusted: boolean;
  /** If null, only cached facts about files are used, and the lint does not wait for files. */
  readonly engine: EngineClient | null;
  /** Reads a policy file: an open document, or `policyTextWithin(root)`. */
  readonly readText: (path: string) => PolicyText;
  readonly cache: FactsCache;
  /**
   * Questions in addition to those of the rules, for example the groups of the stages for lenses. `facts`: the columns
   * of the data.
   */
  readonly questions?: (read: ReadConfig, facts: Facts) => readonly Question[];
  /** Default: all rules. */
  readonly rules?: readonly Rule[];
  /** The split of the sample file. Default: train. */
  readonly split?: 'train' | 'eval';
  /** Changes the config after it was read, for example to lint another sample file. Positions stay those of the text. */
  readonly adapt?: (config: ConfigDraft) => ConfigDraft;
}

export interface LintedConfig {
  readonly read: ReadConfig;
  /** In text order. */
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleStatus[];
  readonly facts: Facts;
  /** The name of the policy that applied. */
  readonly policy: string;
  /** Findings in the policy files that were read, by absolute path. */
  readonly policyFindings: ReadonlyMap<string, readonly Finding[]>;
  /**
   * Absolute paths of the policy files that the lint tried to read. A file watcher lints again when one of them
   * changes.
   */
  readonly policyFiles: readonly string[];
}

/**
 * Lints one config: reads it and its policy, gathers the facts that the level allows, and runs the rules. Problems of
 * the config, its policy or its data appear as findings, or as the reason why a rule did not run.
 * @throws FailureError only `cancelled`
 */
export async function lintFile(file: LintedFile, options: LintOptions): Promise<LintedConfig> {
  const { root, level, engine, trusted, cache, signal, progress } = options;
  const yields = new YieldTimer(signal);
  await yields.yieldIfDue();
  const written = readConfig(file.text, { language: file.language, ...(options.set ? { set: options.set } : {}) });
  const read = options.adapt ? { ...written, config: options.adapt(written.config) } : written;
  await yields.yieldIfDue();
  const folder = file.path === null ? null : path.dirname(file.path);
  const resolved = options.policy ?? policyOfConfig(read, { folder, root, readText: options.readText });
  const input = {
    read,
    rules: options.rules ?? rules,
    policy: resolved.policy,
    policyProblems: resolved.problems,
    folder,
    root,
    ...(options.split ? { split: options.split } : {}),
  };
  const facts = await gatherFacts(
    read.config,
    {
      level,
      place: { folder, root, ...(options.given === undefined ? {} : { given: options.given }) },
      trusted,
      engine,
      cache,
      ...(signal ? { signal } : {}),
      ...(progress ? { progress } : {}),
    },
    (schema) => [...questionsOf({ ...input, facts: schema }), ...(options.questions?.(read, schema) ?? [])],
  );
  await yields.yieldIfDue();
  const planned = plannedProblems(read.config, facts, { folder, root });
  const result = await yields.runSteps(lintSteps({ ...input, facts, planned }));
  return {
    read,
    facts,
    ...result,
    policy: resolved.policy.name,
    policyFindings: new Map(resolved.files.map(({ path: name, findings }) => [name, findings])),
    policyFiles: resolved.requested,
  };
}
