import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { eventOfUnknown } from '../../core/config/eventConditions.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { AskedChoices, AskedExclude } from '../../protocol/answers.ts';
import type { DataTables } from '../facts/dataTables.ts';

/** The choices that make a negative of the stage false. @throws FailureError if the refusals cannot be compared */
export function choicesOf(config: ConfigDraft, plan: StagePlan, tables: DataTables): AskedChoices {
  const distinct = new Map<string, AskedExclude>();
  const positives = plan.positives.events.map(({ name }) => name);
  const indexOf = (exclude: StagePlan['entries'][number]['exclude']): number | null => {
    if (exclude === null) return null;
    const { within, lookback } = exclude;
    // An exposure is not a choice, nor is an event that may not have happened.
    const choiceEvents = exclude.events.filter(
      (name) => name !== 'impressions' && eventOfUnknown(name, config) === null,
    );
    const events = choiceEvents.length === 0 ? positives : choiceEvents;
    const key = JSON.stringify({ events, within, lookback });
    if (!distinct.has(key)) distinct.set(key, { events, within, lookback });
    return [...distinct.keys()].indexOf(key);
  };
  const indexByRole = (role: 'name' | 'source'): Readonly<Record<string, number>> => {
    const names = new Map<string, number | null>();
    for (const entry of plan.entries) {
      const index = indexOf(entry.exclude);
      const before = names.get(entry[role]);
      // Entries of one source may differ. Then the file does not say what excluded a row.
      names.set(entry[role], before === undefined || before === index ? index : null);
    }
    return Object.fromEntries([...names].flatMap(([name, index]) => (index === null ? [] : [[name, index]])));
  };
  const hasOwnerRefusals = config.data?.rejections?.kind === 'by_owner' && tables.has('rejections', 'user', 'item');
  const byName = { entry: indexByRole('name'), source: indexByRole('source') };
  return {
    excludes: [...distinct.values()],
    byName,
    positives,
    from: plan.window.train?.from ?? null,
    ...(hasOwnerRefusals ? { rejections: tables.table('rejections', ['user', 'item']) } : {}),
  };
}
