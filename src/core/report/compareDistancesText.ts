import type { ComparedDistance } from '../sampling/compareDistances.ts';
import type { Stage } from '../schema/stage.ts';
import { message, render, type Message } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import { distanceText, distanceTitles, nearness } from './distance.ts';
import { inBatchSource } from './inBatchText.ts';
import type { TextOptions } from './inspectText.ts';
import { painter } from './paint.ts';
import { sourceGlyph } from './sourceGlyph.ts';
import { textTable, type Cell } from './textTable.ts';

/** Lines with the distances of both sides, as `recsample preview` measures them. Empty if there are none. */
export function distancesTable(
  distances: readonly ComparedDistance[],
  stage: Stage,
  { width, colour, translate }: Pick<TextOptions, 'width' | 'colour' | 'translate'>,
): string[] {
  if (distances.length === 0) return [];
  const text = (m: Message): string => render(m, translate);
  const exposures = distances.find(({ of }) => of === 'exposures');
  const cell = (distance: number | null, ofExposures: number | null | undefined): Cell => {
    const word = nearness(distance, ofExposures ?? null);
    return { text: word === null ? distanceText(distance) : `${text(word)} ${distanceText(distance)}`, align: 'right' };
  };
  const head: Cell[] = [
    { text: '' },
    { text: text(message('{0} in bits, 0 to 1', text(distanceTitles[stage]))) },
    { text: 'A', align: 'right' },
    { text: 'B', align: 'right' },
  ];
  const rows = distances.map(({ of, name, source, a, b }): Cell[] => {
    if (of === 'exposures')
      return [{ text: '' }, { text: text(message('exposures alone')) }, cell(a, null), cell(b, null)];
    return [
      { text: sourceGlyph(source ?? inBatchSource), tone: 'accent' },
      { text: printable(name ?? inBatchSource) },
      cell(a, exposures?.a),
      cell(b, exposures?.b),
    ];
  });
  return ['', ...textTable(head, rows, [1, 48, 16, 16], { width, paint: painter(colour) })];
}
