import { logText } from '../../src/core/report/drawnText.ts';
import { csvOf } from '../charts/chartFile.ts';
import { t } from '../strings.ts';
import type { StoryLane, StoryMark } from './storyLanes.ts';
import { whyText } from './why.ts';

/** A mark with its lane. */
export interface LaneMark {
  readonly lane: StoryLane;
  readonly mark: StoryMark;
}

/** All marks in the order of time; equal times in the order of the lanes. */
export function marksByTime(lanes: readonly StoryLane[]): LaneMark[] {
  return lanes
    .flatMap((lane, k) => lane.marks.map((mark) => ({ lane, mark, k })))
    .sort((a, b) => a.mark.at - b.mark.at || a.k - b.k);
}

export function laneName({ kind, name }: StoryLane): string {
  return kind === 'shown' ? t('exposures') : kind === 'positive' ? t('positives') : name;
}

/** The position of an exposure, or why a row was drawn. */
export function detailOf({ position, row, group }: StoryMark): string {
  if (row && group) return whyText(row, group);
  return position === null ? '' : t('position {0}', position);
}

/** The marks of the lanes as CSV, with the same names of columns in every language. `title`: null if the item has none. */
export function storyCsv(user: string, lanes: readonly StoryLane[], title: (item: string) => string | null): string {
  return csvOf([
    ['user', 'time', 'lane', 'item', 'title', 'position', 'group', 'draw', 'log_q', 'why'],
    ...marksByTime(lanes).map(({ lane, mark }) => [
      user,
      mark.time,
      lane.kind === 'shown' ? 'impressions' : lane.kind === 'positive' ? 'positive' : lane.name,
      mark.item,
      title(mark.item),
      mark.position,
      mark.group?.time ?? null,
      mark.row?.draw ?? null,
      mark.row?.logQ === null || mark.row === null ? null : logText(mark.row.logQ),
      detailOf(mark),
    ]),
  ]);
}
