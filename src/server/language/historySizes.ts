import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { stageViews, type StageView } from '../../core/config/entries.ts';
import type { ReadConfig } from '../../core/config/read.ts';
import type { Facts, HistoryLengths, Question } from '../../core/data/facts.ts';
import { sequencesOf, type Sequence } from '../../core/data/sequences.ts';
import { message, type Message } from '../../core/message/message.ts';
import { drawnDatasets } from '../../core/policy/drawnStage.ts';
import { listBytes, valuesPerGroup } from '../../core/sampling/listBytes.ts';
import type { SampleLayout } from '../../core/schema/sampleLayout.ts';
import { formatBytes, formatPercent } from '../../core/table/format.ts';
import { countedGroups, sampleRows, shortNumber } from './sampleRows.ts';

/** The questions whose answers `historySizes` shows: one for each stage with known data. */
export function historyQuestions({ config }: ReadConfig, facts: Facts): Question[] {
  const isKnown = drawnDatasets(config).every((name) => facts.dataset(name)?.state === 'known');
  if (!isKnown || sequencesOf(config).length === 0) return [];
  return stageViews(config).map(({ name }) => ({ kind: 'history-lengths', stage: name }));
}

/** A sequence with the measured lengths of its histories in a stage. */
type MeasuredSequence = HistoryLengths & Pick<Sequence, 'length' | 'columns'>;

/** The sequences of a config whose histories were measured for a stage. */
export function measuredSequences(stage: StageView, config: ConfigDraft, facts: Facts): MeasuredSequence[] {
  const answer = facts.answer({ kind: 'history-lengths', stage: stage.name });
  if (!answer || !('value' in answer)) return [];
  return sequencesOf(config).flatMap(({ name, length, columns }) => {
    const lengths = answer.value.sequences.find((sequence) => sequence.name === name);
    return lengths && lengths.groups > 0 ? [{ ...lengths, length, columns }] : [];
  });
}

/** `≈ 24 of 50 steps, 3 % empty`. */
export function lengthText({ length, groups, steps, empty }: MeasuredSequence): Message {
  return message('≈ {0} of {1} steps, {2} empty', shortNumber(steps / groups), length, formatPercent(empty / groups));
}

/** How long the histories of a stage are on average, and about how large its lists are in a Parquet file. */
export function historySizes(stage: StageView, config: ConfigDraft, facts: Facts): Message[] {
  const sequences = measuredSequences(stage, config, facts);
  const texts = sequences.map((sequence) => message('{0}: {1}', sequence.name, lengthText(sequence)));
  const rows = sampleRows(stage, facts)?.count;
  const groups = countedGroups(stage, facts)?.groups;
  if (rows === undefined || groups === undefined || sequences.length === 0) return texts;
  const { layout = 'long', order = 'user' } = config.output ?? {};
  const values = valuesPerGroup(sequences.map((counts) => ({ ...counts, columns: counts.columns.length })));
  const bytesOf = (other: SampleLayout): number =>
    listBytes(values, { rows, groups }, { layout: other, format: 'parquet', order });
  const bytes = bytesOf(layout);
  const smaller =
    layout === 'user' || bytes === 0 || 2 * bytesOf('request') > bytes
      ? []
      : [message('layout request: ≈ {0}', formatBytes(bytesOf('request')))];
  return [...texts, message('lists ≈ {0}', formatBytes(bytes)), ...smaller];
}
