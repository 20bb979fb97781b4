import { groupBy } from './groupBy.ts';
import { day, type Action, type ActionLog, type Shown } from './actionLog.ts';

export type Split = 'train' | 'eval';

/** What a split may know of a log, counted from its rows alone. */
export interface Outcomes {
  /** The last microsecond whose outcomes are known. */
  readonly known: number;
  /** Impressions up to then. */
  readonly shown: readonly Shown[];
  /** Impressions with a click or a visit, by number of the row. */
  readonly chosen: ReadonlySet<number>;
  /** Impressions with a click, by number of the row. */
  readonly clicked: ReadonlySet<number>;
  /** Visits that no impression explains. */
  readonly alone: readonly Action[];
  /** Items that a user chose, with or without an impression, from the start of the training window on. */
  readonly excluded: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A visit belongs to the newest impression of the user and item that is at most a day older. */
function impressionOf(visit: Action, shown: ReadonlyMap<string, readonly Shown[]>): Shown | undefined {
  return shown
    .get(`${visit.user} ${visit.item}`)
    ?.filter(({ time }) => time <= visit.time && visit.time - time <= day)
    .sort((a, b) => b.time - a.time)[0];
}

export function outcomesOf(log: ActionLog, split: Split): Outcomes {
  const newest = [...log.shown, ...log.visits].reduce((latest, { time }) => Math.max(latest, time), 0);
  const known = split === 'train' ? log.train.to : (log.knownUntil ?? newest);
  const shown = log.shown.filter(({ time }) => time <= known);
  const byPair = groupBy(shown, ({ user, item }) => `${user} ${item}`);
  const clicked = new Set(shown.filter((row) => row.clicked).map(({ row }) => row));
  const chosen = new Set(clicked);
  const alone: Action[] = [];
  for (const visit of log.visits.filter(({ time }) => time <= known)) {
    const own = impressionOf(visit, byPair);
    if (own) chosen.add(own.row);
    else alone.push(visit);
  }
  const excluded = new Map<string, Set<string>>();
  for (const { user, item, time } of [...shown.filter(({ row }) => chosen.has(row)), ...alone]) {
    if (time < log.train.from) continue;
    const own = excluded.get(user);
    if (own) own.add(item);
    else excluded.set(user, new Set([item]));
  }
  return { known, shown, chosen, clicked, alone, excluded };
}
