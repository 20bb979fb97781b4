import type { ListCounts } from '../audit/metrics/sequences.ts';
import { dataColumns, datasetPath, sampleName } from '../data/dataColumns.ts';
import type { QuestionKind } from '../data/facts.ts';
import type { Need } from '../data/need.ts';
import { sampleSequences } from '../data/sampleSequences.ts';
import { sequencesOf } from '../data/sequences.ts';
import type { ConfigPath } from '../config/tree.ts';
import { message } from '../message/message.ts';
import type { RuleContext } from './rule.ts';
import { sampleNeeds } from './sampleNeeds.ts';
import { shareOption } from './shareOption.ts';

/** As `sampleNeeds`, for a rule about the sequences of the file. Empty if it has none. */
export function sequenceNeeds(
  context: Pick<RuleContext, 'config' | 'stage' | 'facts'>,
  kind: QuestionKind,
  datasets: Parameters<typeof sampleNeeds>[2] = [],
): Need[] {
  const { config, stage, facts } = context;
  const file = facts.dataset(sampleName(stage.name));
  if (file?.state !== 'known') return [];
  const roles = Object.fromEntries(dataColumns(config, sampleName(stage.name)).map((column) => [column.role, column]));
  return sampleSequences(file.columns, roles, sequencesOf(config)).length === 0
    ? []
    : sampleNeeds(context, kind, datasets);
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

/** Where findings about the sequences are reported. */
export function sequencesAt({ stage }: Pick<RuleContext, 'stage'>): ConfigPath {
  return [...datasetPath(sampleName(stage.name)), 'path'];
}
