import type { ConfigDraft } from '../config/definition/config.ts';
import type { DatasetName } from '../config/definition/data.ts';
import type { ConfigDocument } from '../config/document.ts';
import type { StageView } from '../config/entries.ts';
import type { TextFix } from '../config/problem.ts';
import type { Span } from '../config/span.ts';
import type { Stage } from '../config/stage.ts';
import type { ConfigPath } from '../config/tree.ts';
import type { Message } from '../report/message.ts';
import type { Answers, DatasetFacts, Facts, Question } from './facts.ts';
import type { Severity } from './finding.ts';
import type { OptionDefinitions, OptionValues } from './options.ts';
import type { PolicyProblem } from './policyProblem.ts';
import type { RuleId } from './ruleId.ts';

/** What a rule needs: the document, the metadata of files, or counts over their rows. */
export type RuleKind = 'config' | 'schema' | 'data';

/** One rule: a file in `rules/<group>/`, a line in `rules/<group>.ts`. What it checks, how it explains itself, and cases that show it at work. */
export interface Rule<D extends OptionDefinitions = OptionDefinitions> {
  readonly id: RuleId;
  readonly kind: RuleKind;
  /** Under the preset `recommended`; `strict` makes warnings errors. */
  readonly severity: Severity;
  /** Stages that it is about; `document`: checked once for the whole config. */
  readonly stages: readonly Stage[] | 'document';
  /** Rules whose findings in the same stage are left out when this one finds something. */
  readonly supersedes?: readonly RuleId[];
  readonly options: D;
  /** What must be known before it can check. An empty list: it has nothing to check here. Rules of the kind config leave it out. */
  needs?(context: RuleContext<D>): readonly Need[];
  check(context: RuleContext<D>): Iterable<Report>;
  readonly docs: RuleDocs;
}

/** Something that must be known: the columns of a data set, whatever a look at its files gave (that they are missing, say), or the answer to a question. */
export type Need =
  { readonly dataset: DatasetName } | { readonly looked: DatasetName } | { readonly question: Question };

export interface RuleContext<D extends OptionDefinitions = OptionDefinitions> {
  readonly config: ConfigDraft;
  readonly document: ConfigDocument;
  /** Problems of reading the config and its policy, for the rules that report them. */
  readonly problems: readonly PolicyProblem[];
  /** All stages of the config. */
  readonly stages: readonly StageView[];
  /** The stage that is checked. Rules of `document` must not ask for it. */
  readonly stage: StageView;
  readonly options: OptionValues<D>;
  readonly facts: Facts;
  /** Where the config lies and what may be opened: absolute folders; null where the config is no file. */
  readonly folder: string | null;
  readonly root: string | null;
}

/** What a rule reports. The place is a path of the config, or a span of the text. */
export interface Report {
  readonly at: ConfigPath | Span;
  /** Which part of a pair: its value (the default) or its key. */
  readonly on?: 'key' | 'value';
  /** What was found, short enough for one line of a list. */
  readonly message: Message;
  readonly fixes?: readonly TextFix[];
  /** Other places that it is about, each with a fix of its own. Editors offer that fix and those above there too. */
  readonly elsewhere?: readonly { readonly at: ConfigPath; readonly fix: TextFix | null }[];
  /** Sentences below it: why, what to do, the numbers. */
  readonly details?: readonly Message[];
  /** Another severity than that of the rule; a policy that sets the severity of the rule wins. */
  readonly severity?: Severity;
  /** Where a rule of `document` finds something in one stage. */
  readonly stage?: Stage;
  /** True for what could be taken out: editors grey it. */
  readonly unnecessary?: boolean;
}

/** The page of a rule. Markdown; English, as all pages. */
export interface RuleDocs {
  /** One sentence without its full stop: what it says. */
  readonly summary: string;
  /** Why it matters, in one or a few paragraphs. */
  readonly why: string;
  /** Where the claim and the numbers come from, and how far that goes. */
  readonly source: string;
  /** Whole configs on the demo workspace. The wrong one is reported by this rule at `reportedAt`, and by `companions` only. */
  readonly wrong: WrongCase;
  readonly right: Case;
  /** More cases, run as tests. */
  readonly valid?: readonly Case[];
  readonly invalid?: readonly WrongCase[];
}

/** A config as a case: a text, and where the rule needs them, facts that differ from those of the demo workspace. */
export interface Case {
  readonly text: string;
  /** Data sets and answers that differ from those of the demo workspace. */
  readonly datasets?: Partial<Readonly<Record<DatasetName, DatasetFacts>>>;
  readonly answers?: Partial<Answers>;
  readonly options?: Readonly<Record<string, unknown>>;
}
export interface WrongCase extends Case {
  /** The text that is underlined; it occurs once, or the first occurrence after `after` counts. */
  readonly reportedAt: string;
  readonly after?: string;
  /** Other rules that rightly speak too. */
  readonly companions?: readonly RuleId[];
}

/** Gives a rule its types. */
export function defineRule<const D extends OptionDefinitions>(rule: Rule<D>): Rule<D> {
  return rule;
}
