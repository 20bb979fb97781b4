import type { Answers } from '../../../src/core/data/facts.ts';
import type { Rate } from '../../../src/core/statistics/rate.ts';
import type { Impression, Item, Pair, Sample, World } from './world.ts';

// The expected answers, computed row by row in plain loops. It shares only the terms of the reference with the engine.

const same = <T>(a: T | null, b: T | null): boolean => a !== null && a === b;
type Counts<K extends keyof Answers> = Omit<Answers[K], 'examples'>;

export interface LogOptions {
  /** Events of the stage, by name. */
  readonly events: readonly ('click' | 'long_play' | 'purchase')[];
  readonly onlyHome: boolean;
}

/** Whether an event holds for an impression. An unknown value means that it does not hold for sure. */
function holds(event: LogOptions['events'][number], shown: Impression, clicks: readonly Pair[]): boolean {
  switch (event) {
    case 'click':
      return shown.click === true;
    case 'long_play':
      return shown.play !== null && shown.play >= 2.5;
    case 'purchase':
      return clicks.some(
        (click) => same(click.user, shown.user) && same(click.request, shown.request) && same(click.item, shown.item),
      );
  }
}

/** Whether a missing value leaves an event open. A row in the table of purchases has none. */
function isUnknown(event: LogOptions['events'][number], { click, play }: Impression): boolean {
  return event === 'click' ? click === null : event === 'long_play' && play === null;
}

function log(
  { impressions, clicks }: World,
  { events, onlyHome }: LogOptions,
): { readonly shown: Impression; readonly held: readonly string[] }[] {
  return impressions
    .filter(({ feed }) => !onlyHome || feed === 'home')
    .map((shown) => ({ shown, held: events.filter((event) => holds(event, shown, clicks)) }));
}

const inside = ({ from, to }: Pick<World, 'from' | 'to'>, { time }: Pick<Impression, 'time'>): boolean =>
  time !== null && time.from >= from.from && time.from <= to.to;

export function groups(
  world: World,
  options: LogOptions,
  unit: 'positive' | 'request' | 'impression',
): Answers['groups'] {
  const all = log(world, options).filter(
    ({ shown }) => shown.user !== null && shown.item !== null && shown.time !== null,
  );
  const rows = all.filter(({ shown }) => inside(world, shown));
  const clicked = (some: typeof rows): typeof rows => some.filter(({ held }) => held.length > 0);
  const different = (values: readonly unknown[]): number => new Set(values.map((value) => JSON.stringify(value))).size;
  const events = Object.fromEntries(
    options.events.map((event) => [event, rows.filter(({ held }) => held.includes(event)).length]),
  );
  const labelled = rows.filter(
    ({ shown, held }) => held.length > 0 || !options.events.some((event) => isUnknown(event, shown)),
  );
  if (unit === 'impression') return { positives: clicked(rows).length, groups: labelled.length, events };
  if (unit === 'positive') {
    // Weights are equal, so the first name decides which event it is.
    const positives = different(
      clicked(rows).map(({ shown: { user, item, time, request }, held: [event] }) => [
        user,
        item,
        String(time?.from),
        request,
        event,
      ]),
    );
    return { positives, groups: positives, events };
  }
  // Candidates have no times here, so a request has the time of its first impression.
  const begins = ({ user, request }: Pair): number =>
    Math.min(
      ...all
        .filter(({ shown }) => same(shown.user, user) && same(shown.request, request))
        .map(({ shown }) => Number(shown.time?.from)),
    );
  const own = world.candidates.filter(
    (pair) =>
      pair.user !== null &&
      pair.item !== null &&
      pair.request !== null &&
      inside(world, { time: { from: begins(pair), to: begins(pair) } }),
  );
  const positives = clicked(all).filter(({ shown }) =>
    own.some((pair) => same(pair.user, shown.user) && same(pair.request, shown.request)),
  );
  return {
    positives: different(positives.map(({ shown: { user, request, item } }) => [user, request, item])),
    groups: different(own.map(({ user, request }) => [user, request])),
    events,
  };
}

/**
 * Rows of one impression: of the same request and item (and position, if every impression is a row), else of the same
 * user, item and time.
 */
export type KeyColumn = 'user' | 'request' | 'item' | 'time' | 'position' | 'positive' | 'source' | 'label';
const cell = (sample: Sample, column: KeyColumn): string | null => {
  const value = column === 'time' ? (sample.time?.from ?? null) : sample[column];
  return value === null ? null : String(value);
};

function byKey(samples: readonly Sample[], key: readonly KeyColumn[], nullable: readonly KeyColumn[] = []): Sample[][] {
  const found: { readonly cells: readonly (string | null)[]; readonly rows: Sample[] }[] = [];
  for (const sample of samples) {
    const cells = key.map((column) => cell(sample, column));
    if (key.some((column, k) => cells[k] === null && !nullable.includes(column))) continue;
    const known = found.find((one) => one.cells.every((value, k) => value === cells[k]));
    if (known) known.rows.push(sample);
    else found.push({ cells, rows: [sample] });
  }
  return found.map(({ rows }) => rows);
}

export function contradictions(
  { samples, rejections }: World,
  key: readonly KeyColumn[],
  free: readonly string[],
): Counts<'contradictions'> {
  const bound = (sample: Sample): boolean =>
    sample.label === false &&
    !(sample.source !== null && free.includes(sample.source)) &&
    !rejections.some((no) => same(no.user, sample.user) && same(no.item, sample.item));
  return {
    rows: samples.length,
    pairs: byKey(samples, key).filter((rows) => rows.some(({ label }) => label === true) && rows.some(bound)).length,
  };
}

export function duplicates({ samples }: World, key: readonly KeyColumn[]): Counts<'duplicates'> {
  return {
    rows: samples.length,
    repeated: byKey(samples, key, ['source', 'label']).reduce((sum, rows) => sum + rows.length - 1, 0),
  };
}

export function unknownItems({ samples, items, impressions, candidates, rejections }: World): Counts<'unknown-items'> {
  const counts = { rows: samples.length, absent: 0, gone: 0, early: 0, late: 0 };
  for (const sample of samples) {
    if (sample.item === null) continue;
    const own = items.filter(({ item }) => same(item, sample.item));
    const isSeen = [...impressions, ...candidates, ...rejections].some(
      (seen) => same(seen.user, sample.user) && same(seen.item, sample.item),
    );
    if (own.length === 0) counts[isSeen ? 'gone' : 'absent']++;
    else if (sample.time !== null && !isSeen) {
      const { from, to } = sample.time;
      if (begins(own) > to) counts.early++;
      else if (ends(own) <= from) counts.late++;
    }
  }
  return counts;
}
const begins = (own: readonly Item[]): number => Math.min(...own.map(({ created }) => created?.from ?? -Infinity));
const ends = (own: readonly Item[]): number => Math.max(...own.map(({ removed }) => removed?.to ?? Infinity));

export function neverExposed(world: World, options: LogOptions, key: 'request' | 'user'): Counts<'never-exposed'> {
  const { samples, impressions } = world;
  const unexposed = samples.filter(
    (sample) =>
      sample[key] !== null &&
      sample.item !== null &&
      !impressions.some((shown) => same(shown[key], sample[key]) && same(shown.item, sample.item)),
  ).length;
  if (key === 'user') return { rows: samples.length, unexposed, lostClicks: 0 };
  const held = (request: string | null): boolean => samples.some((sample) => same(sample.request, request));
  const shown = impressions.filter(({ request, time }) => held(request) && time);
  const timesOf = (request: string | null): number[] =>
    shown.flatMap((one) => (same(one.request, request) && one.time ? [one.time.from] : []));
  const first = Math.min(...shown.map(({ request }) => Math.max(...timesOf(request))));
  const last = Math.max(...shown.map(({ request }) => Math.min(...timesOf(request))));
  const lost = log(world, options).filter(
    ({ shown, held: events }) =>
      events.length > 0 &&
      inside(world, shown) &&
      shown.request !== null &&
      shown.time !== null &&
      shown.time.from >= first &&
      shown.time.from <= last &&
      !held(shown.request),
  );
  return { rows: samples.length, unexposed, lostClicks: lost.length };
}

export function userShares({ samples }: World): Answers['user-shares'] {
  const counts = [...new Set(samples.flatMap(({ user }) => user ?? []))]
    .map((user) => samples.filter((sample) => sample.user === user).length)
    .sort((a, b) => b - a);
  const topUsers = Math.ceil(counts.length / 100);
  return {
    rows: samples.filter(({ user }) => user !== null).length,
    users: counts.length,
    topUsers,
    topRows: counts.slice(0, topUsers).reduce((sum, n) => sum + n, 0),
  };
}

/** `sources`: those whose entries exclude the events of the stage. */
/** `sources`: those that exclude the choices of their users. */
export function falseNegatives(
  world: World,
  options: LogOptions,
  sources: readonly string[],
): Counts<'false-negatives'> {
  const chosen = log(world, options).filter(
    ({ shown, held }) => held.length > 0 && shown.time !== null && shown.time.from >= world.from.from,
  );
  const judged = world.samples.flatMap(({ user, item, label, source, time, request }) => {
    if (label !== false || user === null || item === null || time === null) return [];
    if (world.rejections.some((pair) => same(pair.user, user) && same(pair.item, item))) return [];
    const choices = chosen.filter(({ shown }) => same(shown.user, user) && same(shown.item, item));
    const times = choices.flatMap(({ shown }) => (shown.time === null ? [] : [shown.time.from]));
    const kind = times.some((at) => at < time.from)
      ? 'earlier'
      : choices.some(({ shown }) => same(shown.request, request))
        ? 'sameRequest'
        : times.some((at) => at > time.to)
          ? 'later'
          : 'never';
    return [{ user, source, kind } as const];
  });
  const rate = (rows: typeof judged, kind: 'earlier' | 'sameRequest' | 'later'): Rate => {
    const count = (some: typeof judged): number => some.filter((row) => row.kind === kind).length;
    const hits = count(rows);
    const byUser = [...new Set(rows.map(({ user }) => user))].map((who) => rows.filter(({ user }) => user === who));
    const share = hits / rows.length;
    const squares = byUser.reduce((sum, own) => sum + (count(own) - share * own.length) ** 2, 0);
    // Without a difference between rows, those of a user count as equal.
    const found =
      hits === 0 || hits === rows.length
        ? byUser.reduce((sum, own) => sum + own.length ** 2, 0) / rows.length
        : squares / (rows.length * share * (1 - share));
    return { rows: rows.length, hits, design: rows.length === 0 ? 1 : Math.round(1e6 * Math.max(1, found)) / 1e6 };
  };
  const rates = (rows: typeof judged): Counts<'false-negatives'>['all'] => ({
    rows: rows.length,
    earlier: rate(rows, 'earlier'),
    sameRequest: rate(rows, 'sameRequest'),
    later: rate(rows, 'later'),
  });
  const entries = [...new Set(judged.map(({ source }) => source))].map((entry) => ({
    entry,
    excludes: entry !== null && sources.includes(entry),
    ...rates(judged.filter(({ source }) => source === entry)),
  }));
  return {
    all: rates(judged),
    entries: entries.sort((a, b) => b.rows - a.rows || ((a.entry ?? '~') < (b.entry ?? '~') ? -1 : 1)),
  };
}
