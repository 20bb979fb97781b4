import type { EntryTotals } from '../sampling/drawn.ts';
import { requestedIn, requestedOf } from '../sampling/requested.ts';
import { distanceText, nearness } from './distance.ts';
import { formatCount, formatPercent } from '../table/format.ts';
import type { TextOptions } from './textWriter.ts';
import { message, render, type Message } from '../message/message.ts';
import { painter } from './paint.ts';
import { causeNames, causesIn } from './reasons.ts';
import { sourceGlyph } from './sourceGlyph.ts';
import { shareBar } from './sparkline.ts';
import { printable } from '../message/printable.ts';
import { textTable, type Cell } from './textTable.ts';

const BAR_CELLS = 16;

/** Result of an entry. `distance`: only if it was measured. */
type MixEntry = Omit<EntryTotals, 'distance'> & Partial<Pick<EntryTotals, 'distance'>>;

/**
 * Lines of the table of a mix: requested (before refill), drawn and missing negatives of each entry.
 * @param ofExposures distance of the exposures, for comparison with the distances of the entries
 */
export function mixTable(
  entries: readonly MixEntry[],
  { width, colour, translate }: Pick<TextOptions, 'width' | 'colour' | 'translate'>,
  ofExposures: number | null = null,
): string[] {
  const text = (m: Message): string => render(m, translate);
  const sumOf = (amountOf: (entry: MixEntry) => number): number =>
    entries.reduce((all, entry) => all + amountOf(entry), 0);
  const [asked, drawn] = [requestedIn(entries), sumOf((entry) => entry.drawn)];
  const shareText = (x: number, all: number): string => formatPercent(all === 0 ? 0 : x / all);
  const measured = entries.some(({ distance }) => distance !== undefined);
  const head: Cell[] = [
    { text: '' },
    { text: text(message('entry')) },
    { text: text(message('asked')), align: 'right' },
    { text: text(message('drawn')), align: 'right' },
    { text: text(message('share asked')), align: 'right' },
    { text: text(message('share drawn')), align: 'right' },
    { text: '' },
    ...(measured ? [{ text: text(message('distance')), align: 'right' as const }] : []),
    { text: text(message('shortfall')) },
  ];
  const rows = entries.map((entry): Cell[] => [
    { text: sourceGlyph(entry.source), tone: 'accent' },
    { text: printable(entry.name) },
    { text: formatCount(requestedOf(entry)), align: 'right' },
    { text: formatCount(entry.drawn), align: 'right' },
    { text: shareText(requestedOf(entry), asked), align: 'right' },
    { text: shareText(entry.drawn, drawn), align: 'right' },
    { text: shareBar(drawn === 0 ? 0 : entry.drawn / drawn, BAR_CELLS) },
    ...(measured ? [{ text: measuredText(entry.distance ?? null, ofExposures, text), align: 'right' as const }] : []),
    gaps(entry, text),
  ]);
  return textTable(head, rows, [1, 28, 12, 12, 12, 12, BAR_CELLS, ...(measured ? [16] : []), Infinity], {
    width,
    paint: painter(colour),
  });
}

function measuredText(distance: number | null, ofExposures: number | null, text: (m: Message) => string): string {
  const word = nearness(distance, ofExposures);
  return word === null ? distanceText(distance) : `${text(word)} ${distanceText(distance)}`;
}

/** The rows that an entry lacks, that it draws for other entries, and that `distinct` dropped. */
function gaps(entry: MixEntry, text: (m: Message) => string): Cell {
  const { asked, refilled = 0, repeated = 0 } = entry;
  const missing = shortfall(entry, text);
  const parts = [
    ...(missing.text === '' ? [] : [missing.text]),
    ...(refilled === 0 ? [] : [text(message('{0} after refill', formatCount(asked)))]),
    ...(repeated === 0 ? [] : [text(message('{0} dropped by distinct', formatCount(repeated)))]),
  ];
  return { ...missing, text: parts.join(' · ') };
}

function shortfall({ shortfalls, shortGroups }: MixEntry, text: (m: Message) => string): Cell {
  const causes = causesIn(shortfalls);
  if (causes.length === 0) return { text: '' };
  const missing = causes
    .map((cause) => text(message('{0}: {1}', text(causeNames[cause]), formatCount(shortfalls[cause]))))
    .join(', ');
  return {
    text: text(
      shortGroups === 1
        ? message('{0} · in 1 group', missing)
        : message('{0} · in {1} groups', missing, formatCount(shortGroups)),
    ),
    tone: 'warning',
  };
}
