import type { InferOutput } from 'valibot';
import type { DatasetName } from '../core/config/definition/data.ts';
import type { CountKey } from '../core/config/entries.ts';
import type { Range } from '../core/config/span.ts';
import type { Stage } from '../core/schema/stage.ts';
import type { FactLevel } from '../core/data/facts.ts';
import type { Finding, RuleStatus, Severity } from '../core/policy/finding.ts';
import type { Failure } from '../core/message/failure.ts';
import type { Role } from '../core/table/role.ts';
import type { SourceFamily } from '../core/source/source.ts';
import type { serverParams } from './schema/language.ts';
import type { EngineSettings } from './wire.ts';

/** Notifications between client and language server in addition to LSP. Other clients do not need them. */
export const languageWire = {
  /** Server → client: `ConfigChanged`. */
  configChanged: 'recsample/configChanged',
  /**
   * Server → client, without parameters: data files changed or may be opened now, so earlier results are out of date.
   */
  dataChanged: 'recsample/dataChanged',
  /** Client → server: `TrustParams`. */
  trust: 'recsample/trust',
  /** Client → server, without parameters: data files may have changed without a watcher event. */
  refreshFacts: 'recsample/refreshFacts',
} as const;

/**
 * `initializationOptions` of the server. Every key is optional: other editors send what their users wrote, or nothing.
 */
export interface InitializationOptions extends Partial<EngineSettings> {
  /**
   * Language of messages: `en` or `zh-cn`. Overrides the `locale` of `initialize`. Every tag that begins with `zh`
   * means Chinese.
   */
  readonly locale?: string;
  /** False in Restricted Mode: no file is opened until the notification `trust`. Default: true. */
  readonly trusted?: boolean;
  /**
   * Address of a rule's page, with `{rule}` for the rule's id: `recsample-rule:/{rule}.md`. Default: the published
   * pages, if there are any.
   */
  readonly rulePage?: string;
  /** Commands that the client has registered. A lens or an action is offered only if its command is listed here. */
  readonly commands?: readonly string[];
}

/** Client commands that lenses and actions use, with their arguments. */
export const languageCommands = {
  /** `[uri: string]`: validate this config with its data and report the result. */
  validate: 'recsample.validate',
  /** `[uri: string, stage: string]`: preview what a stage draws for users. */
  preview: 'recsample.preview',
  /** `[uri: string, stage: string]`: write the sample file of a stage. */
  generate: 'recsample.generateSampleFile',
  /** `[path: string]`: inspect this file. */
  inspect: 'recsample.inspect',
  /** `[uri: string, range: Range]`: choose files for the path that this range of a config holds. */
  chooseFiles: 'recsample.chooseFiles',
  /** `[rule: string]`: show the page of this rule. */
  openRulePage: 'recsample.openRulePage',
  /** VS Code's own command: trigger completion. */
  suggest: 'editor.action.triggerSuggest',
} as const;

/** Commands that links of hovers may run. They only show something. */
export const hoverCommands: readonly string[] = [
  languageCommands.preview,
  languageCommands.inspect,
  languageCommands.openRulePage,
];

export type FindingCounts = Readonly<Record<Severity, number>>;

export interface ValidateResult {
  readonly uri: string;
  readonly findings: readonly Finding[];
  readonly counts: FindingCounts;
  readonly rules: readonly RuleStatus[];
  /** The level of data that was really read. */
  readonly level: FactLevel;
}

export interface ValidateAllResult {
  /** In the order of the request. */
  readonly files: readonly (
    | { readonly uri: string; readonly counts: FindingCounts; readonly checked: boolean }
    | { readonly uri: string; readonly failure: Failure }
  )[];
  readonly counts: FindingCounts;
}

/**
 * A config as shown in the tree and the glance. Ranges refer to the text that the server knows: the editor's text if it
 * is open.
 */
export interface ConfigSummary {
  readonly uri: string;
  /** In funnel order. */
  readonly stages: readonly StageSummary[];
  /** Published findings of the whole config, including those outside the stages. */
  readonly counts: FindingCounts;
  /** False if some rules lack data: then an empty list of findings does not mean that there are none. */
  readonly checked: boolean;
  /** The level of data that the findings are based on. */
  readonly level: FactLevel;
  /** The data sets named in the config that were probed and exist; for the list of samples. */
  readonly datasets: readonly DatasetSummary[];
}

export interface DatasetSummary {
  readonly name: DatasetName;
  /** Absolute path of a file or folder, or a glob. */
  readonly path: string;
  /** Roles that the config declares. `line`: 1-based line in the config. */
  readonly columns: readonly { readonly name: string; readonly role: Role; readonly line: number }[];
}

export interface StageSummary {
  readonly name: Stage;
  /** Null if it is missing or invalid. */
  readonly unit: 'positive' | 'request' | 'impression' | null;
  /** The count key that defines what `total` and the quotas are per; null if there is none. */
  readonly countKey: CountKey | null;
  /** Negatives per group, for all entries together; null if it is not known, and in the unit impression. */
  readonly total: number | null;
  /**
   * Rows of the sample file, if the positives were counted. `atMost`: positives are capped or downsampled, so there
   * will be fewer.
   */
  readonly rows: { readonly count: number; readonly atMost: boolean } | null;
  /** Range of the stage's key. */
  readonly range: Range;
  /** In text order. */
  readonly entries: readonly EntrySummary[];
  /** Findings of the stage, including its entries. */
  readonly counts: FindingCounts;
}

export interface EntrySummary {
  readonly name: string;
  /** Name of the source; null if the source does not exist. */
  readonly source: string | null;
  readonly family: SourceFamily | null;
  /** As written; null if the entry has a count or no valid share. */
  readonly share: number | null;
  /** Configured negatives per group; null if it is not known. */
  readonly quota: number | null;
  /** Expected and requested negatives in the training window, over all users; null if they were not drawn. */
  readonly draws: { readonly drawn: number; readonly requested: number } | null;
  /** Range of the entry's key. */
  readonly range: Range;
  /** Findings inside the entry. */
  readonly counts: FindingCounts;
}

/** The summary of a config changed. Sent right after its findings are published, so that both match. */
export interface ConfigChanged {
  readonly uri: string;
  /** Null if the server no longer keeps the config. */
  readonly summary: ConfigSummary | null;
}

export type TrustParams = InferOutput<typeof serverParams.trust>;
