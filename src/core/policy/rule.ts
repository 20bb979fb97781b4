import type { ConfigDraft } from '../config/definition/config.ts';
import type { DatasetName } from '../config/definition/data.ts';
import type { ConfigDocument } from '../config/document.ts';
import type { StageView } from '../config/entries.ts';
import type { TextFix } from '../config/problem.ts';
import type { Span } from '../config/span.ts';
import type { Stage } from '../schema/stage.ts';
import type { ConfigPath } from '../config/tree.ts';
import type { Message } from '../message/message.ts';
import type { Answers, DatasetFacts, Facts } from '../data/facts.ts';
import type { Need } from '../data/need.ts';
import type { PlanProblem } from '../config/planProblem.ts';
import type { FindingDetail, Severity } from './finding.ts';
import type { OptionDefinitions, OptionValues } from './options.ts';
import type { PolicyProblem } from './policyProblem.ts';
import type { RuleId } from './ruleId.ts';

/** The problems of a stage's plan, after its data were looked up. */
export type PlannedProblems = (stage: Stage, split: 'train' | 'eval') => readonly PlanProblem[];

/** Input that a rule needs: the document, the metadata of files, or counts over their rows. */
export type RuleKind = 'config' | 'schema' | 'data';

/**
 * One rule: a file in `rules/<group>/`, a line in `rules/<group>.ts`. It has a check and a documentation page with
 * two examples. Its other cases are in `test/rules`.
 */
export interface Rule<D extends OptionDefinitions = OptionDefinitions> {
  readonly id: RuleId;
  readonly kind: RuleKind;
  /** Severity under the preset `recommended`; `strict` turns warnings into errors. */
  readonly severity: Severity;
  /** Stages that the rule checks; `document`: it checks the whole config once. */
  readonly stages: readonly Stage[] | 'document';
  /** Rules whose findings in the same stage are dropped if this rule finds something. */
  readonly supersedes?: readonly RuleId[];
  /** True if the rows of a sample file are enough: an audit without a config checks the rule too. */
  readonly alone?: true;
  readonly options: D;
  /**
   * Facts that the check needs. An empty list means that there is nothing to check here. Rules of the kind `config`
   * leave it out.
   */
  needs?(context: RuleContext<D>): readonly Need[];
  /**
   * Why the facts are not enough to compare anything, although the rule has all that it needs: it then counts as not
   * run. Null: something is compared. Every rule of the kind `data` needs it, so that none passes unseen.
   */
  comparesNothing?(context: RuleContext<D>): Message | null;
  check(context: RuleContext<D>): Iterable<Report>;
  readonly docs: RuleDocs;
}

export interface RuleContext<D extends OptionDefinitions = OptionDefinitions> {
  readonly config: ConfigDraft;
  readonly document: ConfigDocument;
  /** Problems of reading the config and its policy, for the rules that report them. */
  readonly problems: readonly PolicyProblem[];
  readonly stages: readonly StageView[];
  /** The stage being checked. Rules of `document` must not read it. */
  readonly stage: StageView;
  /** The split of the sample file, as an audit knows it; train otherwise. */
  readonly split: 'train' | 'eval';
  readonly options: OptionValues<D>;
  readonly facts: Facts;
  /** What the plan of a stage leaves out with these facts, and why. */
  readonly planned: PlannedProblems;
  /** Folder of the config, and root of the readable files. Absolute folders; null if the config is not a file. */
  readonly folder: string | null;
  readonly root: string | null;
}

/** A report of a rule. Its place is a path of the config, or a span of the text. */
export interface Report {
  readonly at: ConfigPath | Span;
  /** The part of a pair: its value (the default) or its key. */
  readonly on?: 'key' | 'value';
  /** The finding, short enough for one line of a list. */
  readonly message: Message;
  readonly fixes?: readonly TextFix[];
  /** Other places that it is about, each with its own fix. Editors also offer that fix, and those above, there. */
  readonly elsewhere?: readonly { readonly at: ConfigPath; readonly fix: TextFix | null }[];
  /** Further sentences: the reason, advice, numbers. */
  readonly details?: readonly FindingDetail[];
  /** Overrides the severity of the rule; a policy that sets the severity of the rule takes precedence. */
  readonly severity?: Severity;
  /** The stage, if a rule of `document` finds something in one stage. */
  readonly stage?: Stage;
  /** True for text that can be removed: editors grey it out. */
  readonly unnecessary?: boolean;
  /** Parts of the config: if another finding there is an error, it already explains this one, which is dropped. */
  readonly unless?: readonly ConfigPath[];
}

/** The page of a rule. Markdown in English, like all pages. */
export interface RuleDocs {
  /** What the rule reports: one sentence without its full stop. */
  readonly summary: string;
  /** Why it matters, in one or a few paragraphs. */
  readonly why: string;
  /** Source of the claim and the numbers, and the limits of that source. */
  readonly source: string;
  /**
   * Whole configs on the demo workspace. Only this rule, at `reportedAt`, and the rules in `companions` report the
   * wrong one.
   */
  readonly wrong: WrongCase;
  readonly right: Case;
}

/** A config as a test case: its text, and facts that differ from those of the demo workspace if the rule needs them. */
export interface Case {
  readonly text: string;
  /** Data sets and answers that differ from those of the demo workspace. */
  readonly datasets?: Partial<Readonly<Record<DatasetName, DatasetFacts>>>;
  readonly answers?: Partial<Answers>;
  /** What the plan leaves out. */
  readonly planned?: readonly PlanProblem[];
  readonly options?: Readonly<Record<string, unknown>>;
}
export interface WrongCase extends Case {
  /** The underlined text. It must occur once; with `after`, the first occurrence after that text counts. */
  readonly reportedAt: string;
  readonly after?: string;
  /** Other rules that also report this config, correctly. */
  readonly companions?: readonly RuleId[];
  /** Rules that report what a fix costs, correctly. */
  readonly fixBrings?: readonly RuleId[];
}

/** Infers the types of a rule. */
export function defineRule<const D extends OptionDefinitions>(rule: Rule<D>): Rule<D> {
  return rule;
}
