import { isForeign, type LoggedList } from '../audit/loggedList.ts';
import type { ListCounts } from '../audit/metrics/sequences.ts';
import type { Lateness } from '../audit/lateness.ts';
import { dataColumns, datasetEntry, declaredSequences, datasetPath, sampleName } from '../data/dataColumns.ts';
import type { QuestionKind } from '../data/facts.ts';
import type { Need } from '../data/need.ts';
import { sampleSequences, type SampleSequence } from '../data/sampleSequences.ts';
import { sequencesOf } from '../data/sequences.ts';
import type { ConfigPath } from '../config/tree.ts';
import { message, type Message } from '../message/message.ts';
import { noRows } from './nothingIn.ts';
import type { RuleContext } from './rule.ts';
import { sampleNeeds } from './sampleNeeds.ts';
import { shareOption } from './shareOption.ts';

type Context = Pick<RuleContext, 'config' | 'stage' | 'facts'>;

/** As `sampleNeeds`, for a rule about the sequences of the file. Empty if it has none. */
export function sequenceNeeds(
  context: Context,
  kind: QuestionKind,
  datasets: Parameters<typeof sampleNeeds>[2] = [],
): Need[] {
  return fileSequences(context).length === 0 ? [] : sampleNeeds(context, kind, datasets);
}

/** Needs of a rule that compares sequences with the log, besides what they say by themselves. */
export function logNeeds(context: Context): Need[] {
  return [...sequenceNeeds(context, 'sequence-lists'), ...sequenceNeeds(context, 'sequence-log', ['impressions'])];
}

/** Needs of a rule about late steps: lists without times are compared with the log, if the config has one. */
export function lateNeeds(context: Context): Need[] {
  const isUntimed = fileSequences(context).some(({ time }) => time === null);
  return isUntimed && datasetEntry(context.config, 'impressions')
    ? logNeeds(context)
    : sequenceNeeds(context, 'sequence-lists');
}

function fileSequences({ config, stage, facts }: Context): readonly SampleSequence[] {
  const file = facts.dataset(sampleName(stage.name));
  if (file?.state !== 'known') return [];
  const roles = Object.fromEntries(dataColumns(config, sampleName(stage.name)).map((column) => [column.role, column]));
  const declared = declaredSequences(config, sampleName(stage.name));
  return sampleSequences(file.columns, roles, { planned: sequencesOf(config), declared });
}

/** Fewer rows are no pattern: one user, or one late event of the log. */
const MIN_ROWS = 5;

/** Whether more rows than the option `max` allows have a fault. */
export function areMany(rows: number, all: number, max: number): boolean {
  return rows >= MIN_ROWS && rows > max * all;
}

/** The option of `areMany`. */
export const maxOption = shareOption(
  0.001,
  message(
    'Maximum share of the rows. Fewer than five rows are not reported. Our choice: single rows may be errors of the log.',
  ),
);

/** The counts of the lists that the rules of sequences read; empty if they are not known. */
export function listCounts({ facts, stage }: Pick<RuleContext, 'facts' | 'stage'>): readonly ListCounts[] {
  const answer = facts.answer({ kind: 'sequence-lists', stage: stage.name });
  return answer && 'value' in answer ? answer.value.lists : [];
}

/** What the log says about the lists; empty if it is not known. */
export function loggedLists({ facts, stage }: Pick<RuleContext, 'facts' | 'stage'>): readonly LoggedList[] {
  const answer = facts.answer({ kind: 'sequence-log', stage: stage.name });
  return answer && 'value' in answer ? answer.value.lists : [];
}

/**
 * The late steps of each sequence: by the times of its steps, or else by first contacts in the log. Histories of another
 * log are left out, since first contacts say nothing about them.
 */
export function latenessOf(
  context: Pick<RuleContext, 'facts' | 'stage'>,
): { readonly name: string; readonly lateness: Lateness; readonly byContact: boolean }[] {
  const timed = listCounts(context).flatMap(({ name, times }) =>
    times ? [{ name, lateness: times, byContact: false }] : [],
  );
  const untimed = loggedLists(context).flatMap((list) =>
    list.contacts && !isForeign(list) ? [{ name: list.name, lateness: list.contacts, byContact: true }] : [],
  );
  return [...timed, ...untimed];
}

/** `comparesNothing` of a rule about late steps. */
export function comparesNoTimes(context: Pick<RuleContext, 'facts' | 'stage'>): Message | null {
  const { facts, stage } = context;
  const answer = facts.answer({ kind: 'sequence-lists', stage: stage.name });
  return answer && 'value' in answer ? noRows(...latenessOf(context).map(({ lateness }) => lateness.compared)) : null;
}

/** Where findings about the sequences are reported. */
export function sequencesAt({ stage }: Pick<RuleContext, 'stage'>): ConfigPath {
  return [...datasetPath(sampleName(stage.name)), 'path'];
}
