import type { ConfigDocument } from '../config/document.ts';
import { insertPair, removePair, setValue } from '../config/edits.ts';
import type { StageView } from '../config/entries.ts';
import type { TextChange, TextFix } from '../config/problem.ts';
import { message } from '../message/message.ts';
import type { SourceName } from '../source/sources.ts';
import { amountAt, mixAt, namesOf, percent, type Part } from './shares.ts';

/** A stage, its text, and all of its parts. */
export interface Mix {
  readonly stage: StageView;
  readonly document: ConfigDocument;
  readonly parts: readonly Part[];
}

/** Shares are written with at most four decimals, which is more precise than any mix is known. */
const UNITS = 10_000;

/**
 * Lowers the share of some parts to `limit`, each in proportion, and raises the others in proportion. The shares then
 * sum to exactly 1. Returns an empty list for counts, because the others would have to be raised by whole numbers, and
 * if there are no others.
 */
export function lowerShareFix(limit: number, lowered: readonly Part[], mix: Mix): TextFix[] {
  const others = mix.parts.filter((part) => !lowered.includes(part));
  if (mix.stage.amounts !== 'shares' || others.length === 0) return [];
  // Round down, because these must not exceed the limit; the others take the rest.
  const down = Math.floor(limit * UNITS + 1e-6);
  const changes = rescaled(mix, [
    [lowered, down],
    [others, UNITS - down],
  ]);
  return changes === null
    ? []
    : [
        {
          title: message('Lower {0} to {1}; raise the others in proportion', namesOf(lowered), percent(down / UNITS)),
          changes,
          safe: false,
        },
      ];
}

/**
 * Adds an entry of a source with a share of the negatives. Shares of the others are lowered in proportion; counts stay.
 * Empty list if the name is taken.
 */
export function addEntryFix(name: SourceName, share: number, mix: Mix): TextFix[] {
  const { stage, document, parts } = mix;
  const at = mixAt(stage);
  if (!at || parts.length === 0 || document.has([...at, name])) return [];
  if (stage.amounts === 'counts') {
    if (stage.total === null) return [];
    const count = Math.max(1, Math.round((stage.total * share) / (1 - share)));
    return [
      {
        title: message('Add {0} with {1} per group', name, count),
        changes: insertPair(document, at, name, String(count)),
        safe: false,
      },
    ];
  }
  const units = Math.round(share * UNITS);
  const changes = rescaled(mix, [[parts, UNITS - units]]);
  if (changes === null) return [];
  return [
    {
      title: message('Give {0} of the negatives to {1}', percent(share), name),
      changes: [...changes, ...insertPair(document, at, name, String(units / UNITS))],
      safe: false,
    },
  ];
}

/**
 * Removes a part and raises the shares of the others in proportion; counts of the others stay. Empty list if no other
 * part is left.
 */
export function removeEntryFix(part: Part, mix: Mix): TextFix[] {
  const others = mix.parts.filter((other) => other !== part);
  if (others.length === 0) return [];
  const changes = mix.stage.amounts === 'shares' ? rescaled(mix, [[others, UNITS]]) : [];
  return changes === null
    ? []
    : [
        {
          title: message('Remove entry {0}', part.entry.name),
          changes: [...changes, ...removePair(mix.document, part.entry.path)],
          safe: false,
        },
      ];
}

/**
 * Sets the shares of groups of parts so that each group gets its number of units. Null if a part would get nothing, or
 * if a share is a variable, which may also be used elsewhere.
 */
function rescaled(
  { document }: Mix,
  groups: readonly (readonly [parts: readonly Part[], units: number])[],
): TextChange[] | null {
  const shares = groups.flatMap(([parts, units]) => apportioned(parts, units));
  if (shares.some(([{ entry }, units]) => units <= 0 || !isNumber(document, entry))) return null;
  return shares.flatMap(([{ entry }, units]) => setValue(document, amountAt(entry), String(units / UNITS)));
}

/**
 * Distributes whole units in proportion to the shares of the parts. They sum to exactly `units`: the largest remainders
 * are rounded up.
 */
function apportioned(parts: readonly Part[], units: number): [Part, number][] {
  const sum = parts.reduce((total, { share }) => total + share, 0);
  const exact = parts.map((part) => ({ part, units: (part.share / sum) * units }));
  const remaining = units - exact.reduce((total, item) => total + Math.floor(item.units), 0);
  const byRemainder = [...exact].sort(
    (a, b) => (b.units % 1) - (a.units % 1) || (a.part.entry.name < b.part.entry.name ? -1 : 1),
  );
  const raised = new Set(byRemainder.slice(0, remaining));
  return exact.map((item) => [item.part, Math.floor(item.units) + (raised.has(item) ? 1 : 0)]);
}

function isNumber(document: ConfigDocument, entry: Part['entry']): boolean {
  const { value } = document.locate(amountAt(entry));
  return value?.kind === 'scalar' && typeof value.value === 'number';
}
