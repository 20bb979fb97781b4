import type { FactLevel, Question } from '../../core/data/facts.ts';
import { stages } from '../../core/schema/stage.ts';
import type { EngineClient } from '../../protocol/engine.ts';
import type { FactsCache } from '../../project/facts/factsCache.ts';
import { lintFile, type LintedConfig } from '../../project/lint/lintFile.ts';
import { policyTextWithin } from '../../project/lint/policyText.ts';
import type { Address } from './address.ts';
import { drawQuestions } from './entryDraws.ts';
import { historyQuestions } from './historySizes.ts';
import type { ConfigVersion, Snapshot } from './snapshot.ts';
import type { Workspace } from './workspace.ts';

/**
 * How to check a config: how much of its data to read, and whether files may be opened or only cached facts are used.
 */
export interface CheckRun {
  readonly level: FactLevel;
  readonly open: boolean;
  readonly signal?: AbortSignal;
}

/** Parses versions of configs and runs the rules on them. */
export interface Checker {
  /** Never waits for files if `open` is false. @throws FailureError `cancelled` */
  check(text: ConfigVersion, run: CheckRun): Promise<LintedConfig>;
  /** The highest level allowed: `none` in Restricted Mode and for documents that are not files. */
  highestLevel(address: Address): FactLevel;
}

/** Checks configs with the linter that the command line uses too. */
export class ConfigChecker implements Checker {
  constructor(
    private readonly workspace: Workspace,
    private readonly engine: EngineClient,
    private readonly cache: FactsCache,
  ) {}

  highestLevel(address: Address): FactLevel {
    return this.workspace.highestLevel(address);
  }

  check({ address, text, language }: ConfigVersion, { level, open, signal }: CheckRun): Promise<LintedConfig> {
    const root = this.workspace.rootOf(address);
    const { trusted } = this.workspace;
    return lintFile(
      { path: address.path, text, language },
      {
        level,
        root,
        trusted,
        cache: this.cache,
        engine: open && trusted ? this.engine : null,
        readText: policyTextWithin(root),
        ...(signal ? { signal } : {}),
        questions: (read, facts) => [
          ...groupQuestions(read),
          ...drawQuestions(read, facts),
          ...historyQuestions(read, facts),
        ],
      },
    );
  }
}

/** Lenses and the tree show the rows of each stage, which are computed from its groups. */
function groupQuestions({ config }: Snapshot['read']): Question[] {
  return stages.filter((stage) => config.stages?.[stage] !== undefined).map((stage) => ({ kind: 'groups', stage }));
}
