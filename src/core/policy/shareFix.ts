import type { ConfigDocument } from '../config/document.ts';
import { insertPair, removePair, setValue } from '../config/edits.ts';
import type { StageView } from '../config/entries.ts';
import type { TextChange, TextFix } from '../config/problem.ts';
import { message } from '../report/message.ts';
import type { SourceName } from '../sampling/sources.ts';
import { amountAt, mixAt, namesOf, percent, type Part } from './shares.ts';

/** A stage, its text, and all of its parts. */
export interface Mix {
  readonly stage: StageView;
  readonly document: ConfigDocument;
  readonly parts: readonly Part[];
}

/** Shares are written with at most four decimals: one in ten thousand is finer than any mix is known. */
const UNITS = 10_000;

/**
 * Lowers the share of some parts to `limit`, each in proportion, and raises the others in proportion, so that shares still sum to 1 to
 * the last digit. Nothing (an empty list) for counts, where the others would have to be raised by whole numbers, and where there are
 * no others.
 */
export function loweredTo(limit: number, lowered: readonly Part[], mix: Mix): TextFix[] {
  const others = mix.parts.filter((part) => !lowered.includes(part));
  if (mix.stage.amounts !== 'shares' || others.length === 0) return [];
  // Down for those that must not be above the limit; the others take what is left.
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
 * Adds an entry of a source with a share of the negatives; the shares of the others are lowered in proportion, counts stay. Nothing
 * where the name is taken.
 */
export function adding(name: SourceName, share: number, mix: Mix): TextFix[] {
  const { stage, document, parts } = mix;
  const at = mixAt(stage);
  if (!at || parts.length === 0 || document.has([...at, name])) return [];
  if (stage.amounts === 'counts') {
    if (stage.total === null) return [];
    const count = Math.max(1, Math.round((stage.total * share) / (1 - share)));
    return [
      {
        title: message('Add {0} to the others, {1} per group', name, count),
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

/** Takes out a part and raises the shares of the others in proportion; counts of the others stay. Nothing where no other is left. */
export function takingOut(part: Part, mix: Mix): TextFix[] {
  const others = mix.parts.filter((other) => other !== part);
  if (others.length === 0) return [];
  const changes = mix.stage.amounts === 'shares' ? rescaled(mix, [[others, UNITS]]) : [];
  return changes === null
    ? []
    : [
        {
          title: message('Take out {0}', part.entry.name),
          changes: [...changes, ...removePair(mix.document, part.entry.path)],
          safe: false,
        },
      ];
}

/** Shares for groups of parts that get so many units each. Null where one would be left with nothing, or is a variable, which may be used elsewhere too. */
function rescaled(
  { document }: Mix,
  groups: readonly (readonly [parts: readonly Part[], units: number])[],
): TextChange[] | null {
  const shares = groups.flatMap(([parts, units]) => apportioned(parts, units));
  if (shares.some(([{ entry }, units]) => units <= 0 || !isNumber(document, entry))) return null;
  return shares.flatMap(([{ entry }, units]) => setValue(document, amountAt(entry), String(units / UNITS)));
}

/** Whole units by the shares of the parts, in sum exactly `units`: the largest remainders are rounded up. */
function apportioned(parts: readonly Part[], units: number): [Part, number][] {
  const sum = parts.reduce((total, { share }) => total + share, 0);
  const exact = parts.map((part) => ({ part, units: (part.share / sum) * units }));
  const rest = units - exact.reduce((total, one) => total + Math.floor(one.units), 0);
  const byRemainder = [...exact].sort(
    (a, b) => (b.units % 1) - (a.units % 1) || (a.part.entry.name < b.part.entry.name ? -1 : 1),
  );
  const raised = new Set(byRemainder.slice(0, rest));
  return exact.map((one) => [one.part, Math.floor(one.units) + (raised.has(one) ? 1 : 0)]);
}

function isNumber(document: ConfigDocument, entry: Part['entry']): boolean {
  const { value } = document.locate(amountAt(entry));
  return value?.kind === 'scalar' && typeof value.value === 'number';
}
