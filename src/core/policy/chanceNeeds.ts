import { dataColumns, sampleName } from '../data/dataColumns.ts';
import type { Answers } from '../data/facts.ts';
import { message, type Message } from '../message/message.ts';
import type { Need } from '../data/need.ts';
import { drawnDatasets, isDrawable } from './drawnStage.ts';
import { nothingIn } from './nothingIn.ts';
import type { RuleContext } from './rule.ts';
import { sampleNeeds } from './sampleNeeds.ts';

/** Why the negatives of a file cannot be compared by entry. */
export const unnamed = message('no column of the file names the entry or the source of a negative');

type Context = Pick<RuleContext, 'config' | 'facts' | 'stage'>;

/** Needs of a rule about the chances of drawn rows: no counts if the file does not identify its groups and entries. */
export function chanceNeeds(context: RuleContext): Need[] {
  const { config, stage, document } = context;
  const needs = isDrawable(stage, document) ? sampleNeeds(context, 'chances') : [];
  if (needs.length === 0) return [];
  if (unidentified(context)) return [{ dataset: sampleName(stage.name) }];
  return [...drawnDatasets(config).map((dataset): Need => ({ dataset })), ...needs];
}

/** Why no draw of the file was compared with its chances; null if it was. `compared`: counts of rows. */
export function chancesUnknown(
  context: Context,
  compared: (answer: Answers['chances']) => readonly number[],
): Message | null {
  return (
    unidentified(context) ??
    nothingIn('chances', (answer) =>
      answer.foreign === 'config'
        ? message('another config wrote the file, so its probabilities are not those of this config')
        : answer.users === 0
          ? message('the file has no rows')
          : compared(answer).some((rows) => rows > 0)
            ? null
            : message('no negative of the file can be compared with its probability'),
    )(context)
  );
}

/** Why the draws of a file cannot be repeated. Null: it identifies its groups and entries. */
function unidentified({ config, stage }: Context): Message | null {
  const roles = dataColumns(config, sampleName(stage.name)).map(({ role }) => role);
  const has = (role: string): boolean => roles.includes(role);
  const isGrouped =
    has('user') && (stage.unit === 'positive' ? has('positive_item') && has('time') : has('request') || has('time'));
  if (!isGrouped) return message('the columns of the sample file do not distinguish one group from another');
  return stage.entries.length === 1 || has('entry') || has('source') ? null : unnamed;
}
