import type { StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import type { ShownSequence } from '../../src/core/sampling/shownHistories.ts';
import type { PreviewGroup, PreviewRow, PreviewUser, UserStory } from '../../src/protocol/sampling.ts';

/** One exposure, event, positive, negative or step on its lane. */
export interface StoryMark {
  readonly item: string;
  /** ISO 8601, to the microsecond. */
  readonly time: string;
  /** Milliseconds since 1970, for the position on the axis. */
  readonly at: number;
  /** Index among marks of the same time: the index of the exposure, else the next free one on the lane. */
  readonly slot: number;
  /** The exposure: request and position. */
  readonly position: string | null;
  /** True for an exposure with an event, and for a positive. */
  readonly isStrong: boolean;
  /** The group that it belongs to; null for exposures, events and steps. */
  readonly group: PreviewGroup | null;
  readonly row: PreviewRow | null;
  /** Index of a step in the user's steps of its sequence. */
  readonly step: number | null;
}

export interface StoryLane {
  readonly kind: 'shown' | 'event' | 'positive' | 'entry' | 'step';
  /** Name of the event, entry or sequence; empty for the others. */
  readonly name: string;
  /** The source of an entry. */
  readonly source: string | null;
  readonly marks: readonly StoryMark[];
}

/**
 * The lanes of a user: exposures, each event, positives, the negatives of each entry, and the steps of each sequence.
 * The marks of a lane are in the order of time.
 */
export function storyLanes(
  story: UserStory,
  user: PreviewUser | null,
  plan: StagePlan | null,
  sequences: readonly ShownSequence[] = [],
): StoryLane[] {
  const places = new Map<string, number>();
  const counts = new Map<number, number>();
  for (const { item, time } of story.exposures) {
    // The axis counts milliseconds, so exposures within the same millisecond need separate slots.
    const at = Date.parse(time);
    const slot = counts.get(at) ?? 0;
    counts.set(at, slot + 1);
    places.set(placeKey(item, time), slot);
  }
  const exposures = story.exposures.map(({ item, time, position, isChosen }): MarkInput => ({
    item,
    time,
    position,
    isStrong: isChosen,
  }));
  const groups = user?.groups ?? [];
  const drawnRows = groups.flatMap((group) => group.rows.map((row) => ({ group, row })));
  const lane = (
    kind: StoryLane['kind'],
    name: string,
    source: string | null,
    inputs: readonly MarkInput[],
  ): StoryLane => ({
    kind,
    name,
    source,
    marks: sortedMarks(inputs, places),
  });
  const inputOf = ({ group, row }: { group: PreviewGroup; row: PreviewRow }): MarkInput => ({
    item: row.item,
    time: group.time,
    isStrong: row.label === 1,
    group,
    row,
  });
  const names = [
    ...new Set([
      ...(plan?.entries ?? []).map(({ name }) => name),
      ...drawnRows.flatMap(({ row }) => (row.label === 1 ? [] : [nameOf(row)])),
    ]),
  ];
  return [
    lane('shown', '', null, exposures),
    ...story.kinds.map((kind) =>
      lane(
        'event',
        kind,
        null,
        story.events.filter(({ event }) => event === kind).map(({ item, time }) => ({ item, time, isStrong: true })),
      ),
    ),
    lane('positive', '', null, drawnRows.filter(({ row }) => row.label === 1).map(inputOf)),
    ...names.map((name) => {
      const rows = drawnRows.filter(({ row }) => row.label === 0 && nameOf(row) === name);
      const source = plan?.entries.find((entry) => entry.name === name)?.source ?? rows[0]?.row.source ?? name;
      return lane('entry', name, source, rows.map(inputOf));
    }),
    ...sequences.map(({ name }, k) =>
      lane(
        'step',
        name,
        null,
        (user?.steps?.[k] ?? []).map(({ item, time }, step) => ({ item, time, isStrong: false, step })),
      ),
    ),
  ];
}

/** Position of a mark: index of its lane, and index within the lane. */
export interface MarkPlace {
  readonly lane: number;
  readonly place: number;
}

/** Position of the same mark after the lanes were drawn again; null if the mark is gone. */
export function samePlace(
  before: readonly StoryLane[],
  place: MarkPlace,
  after: readonly StoryLane[],
): MarkPlace | null {
  const laneBefore = before[place.lane];
  const mark = laneBefore?.marks[place.place];
  const lane = after.findIndex(({ kind, name }) => kind === laneBefore?.kind && name === laneBefore.name);
  const index = after[lane]?.marks.findIndex(({ item, time }) => item === mark?.item && time === mark.time) ?? -1;
  return index < 0 ? null : { lane, place: index };
}

/**
 * The place of the next or the previous positive, seen from any mark: a negative is at the positives of its group, and
 * a mark of no group is at its time. It may be outside of the lane.
 */
export function positiveFrom(positives: readonly StoryMark[], mark: StoryMark, step: 1 | -1): number {
  const index = positives.indexOf(mark);
  if (index >= 0) return index + step;
  const places = positives.flatMap(({ group }, place) => (group !== null && group === mark.group ? [place] : []));
  const from = places.at(step === 1 ? -1 : 0);
  if (from !== undefined) return from + step;
  const order = ({ at, slot }: StoryMark): number => at - mark.at || slot - mark.slot;
  if (step < 0) return positives.findLastIndex((one) => order(one) <= 0);
  const next = positives.findIndex((one) => order(one) >= 0);
  return next < 0 ? positives.length : next;
}

interface MarkInput {
  readonly item: string;
  readonly time: string;
  readonly position?: string | null;
  readonly isStrong: boolean;
  readonly group?: PreviewGroup;
  readonly row?: PreviewRow;
  readonly step?: number;
}

const nameOf = ({ entry, source }: PreviewRow): string => entry ?? source ?? '';
const placeKey = (item: string, time: string): string => `${time} ${item}`;

function sortedMarks(inputs: readonly MarkInput[], places: ReadonlyMap<string, number>): StoryMark[] {
  const next = new Map<number, number>();
  const marks = inputs.map(
    ({ item, time, position = null, isStrong, group = null, row = null, step = null }): StoryMark => {
      const at = Date.parse(time);
      const laneSlots = places.get(placeKey(item, time));
      const free = next.get(at) ?? 0;
      if (laneSlots === undefined) next.set(at, free + 1);
      return { item, time, at, slot: laneSlots ?? free, position, isStrong, group, row, step };
    },
  );
  return marks.sort((a, b) => a.at - b.at || a.slot - b.slot);
}
