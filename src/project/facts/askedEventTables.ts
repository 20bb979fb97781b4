import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { clicksOf } from '../../core/data/dataColumns.ts';
import { compareTexts } from '../../core/sampling/compareTexts.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { durationOf } from '../../core/schema/form.ts';
import type { AskedLog } from '../../protocol/askedTable.ts';
import type { DataTables } from './dataTables.ts';

type Unit = StagePlan['unit'];

/** Milliseconds of `within` if the config has no such key. */
const DAY = 86_400_000;

/** The tables of events whose files are known, as the part of a log. */
export function askedEventTables(
  config: ConfigDraft,
  tables: DataTables,
  unit: Unit | undefined,
): Pick<AskedLog, 'clicks'> {
  const clicks = [...clicksOf(config)]
    .filter(({ name }) => tables.has(name, 'user', 'item') || tables.has(name, 'user', 'value', 'time'))
    .sort((a, b) => compareTexts(a.name, b.name))
    .map(({ name, within, unmatched = 'exclude' }) => ({
      ...(tables.has(name, 'item')
        ? tables.table(name, ['user', 'item'], ['request', 'time'] as const)
        : tables.table(name, ['user', 'value', 'time'])),
      name,
      within: (within === undefined ? DAY : (durationOf(within) ?? DAY)) * 1000,
      // Only the unit positive has groups of events.
      unmatched: !tables.has(name, 'item')
        ? 'ignore'
        : unmatched === 'positive' && unit !== 'positive'
          ? 'exclude'
          : unmatched,
    }));
  return clicks.length === 0 ? {} : { clicks };
}
