import { MAX_STEPS } from '../../core/config/definition/sequences.ts';
import type { ConfigDocument } from '../../core/config/document.ts';
import { setValue } from '../../core/config/edits.ts';
import type { Entry, StageView } from '../../core/config/entries.ts';
import type { TextChange } from '../../core/config/problem.ts';
import { written } from '../../core/config/written.ts';
import { keyOf, type ConfigPath } from '../../core/config/tree.ts';
import { durationForm } from '../../core/schema/form.ts';
import { amountAt } from '../../core/policy/shares.ts';
import type { Knob } from '../../protocol/preview.ts';

type Place = Pick<Knob, 'kind' | 'entry' | 'source' | 'family'> & { readonly path: ConfigPath };

/**
 * The numbers of a stage that sliders change, in text order. Numbers that come from a variable or an alias are also
 * used elsewhere, so they get no slider.
 */
export function knobsOf(stage: StageView, document: ConfigDocument): Knob[] {
  const knobs = placesOf(stage, document).flatMap((place): (Knob & { readonly start: number })[] => {
    const { path, ...about } = place;
    const value = numberAt(document, place);
    return value
      ? [
          {
            id: idOf(path),
            ...about,
            unit: value.unit,
            value: value.value,
            ...limitsOf(about.kind, value.value),
            range: document.lines.range(value.span),
            start: value.span.start,
          },
        ]
      : [];
  });
  return knobs.sort((a, b) => a.start - b.start).map(({ start: _start, ...knob }) => knob);
}

/**
 * Text edits that set knobs to values, each clamped to the range that the language allows. Null if a knob does not
 * exist.
 */
export function knobChanges(
  values: readonly { readonly id: string; readonly value: number }[],
  stage: StageView,
  document: ConfigDocument,
): TextChange[] | null {
  const places = new Map(placesOf(stage, document).map((place) => [idOf(place.path), place]));
  const changes: TextChange[] = [];
  for (const { id, value } of values) {
    const place = places.get(id);
    const before = place && numberAt(document, place);
    if (!place || !before || !Number.isFinite(value)) return null;
    const after = allowed(place.kind, value);
    if (after !== before.value) changes.push(...setValue(document, place.path, textOf(after, before, document)));
  }
  return changes;
}

function placesOf(stage: StageView, document: ConfigDocument): Place[] {
  const { path, amounts, entries, countKeys } = stage;
  const negatives = [...path, 'negatives'];
  const ofStage = { entry: null, source: null, family: null } as const;
  return [
    ...(amounts === 'shares'
      ? countKeys.map((key): Place => ({ ...ofStage, kind: 'perGroup', path: [...negatives, key] }))
      : []),
    { ...ofStage, kind: 'downsample', path: [...negatives, 'downsample'] },
    // Exposures are taken from the log unchanged, so they have no amount to set.
    ...(stage.unit === 'impression' ? [] : entries.flatMap((entry) => placesOfEntry(entry, amounts))),
    ...keysAt(document, sequencesPath).flatMap((name): Place[] => [
      { ...ofStage, kind: 'length', entry: name, path: [...sequencesPath, name, 'length'] },
      { ...ofStage, kind: 'delay', entry: name, path: [...sequencesPath, name, 'available_after'] },
    ]),
  ];
}

function placesOfEntry(entry: Entry, amounts: StageView['amounts']): Place[] {
  const about = { entry: entry.name, source: entry.source?.name ?? null, family: entry.source?.family ?? null };
  return [
    { ...about, kind: amounts === 'shares' ? 'share' : 'count', path: amountAt(entry) },
    ...(entry.options['exponent'] === undefined
      ? []
      : [{ ...about, kind: 'exponent' as const, path: [...entry.path, 'exponent'] }]),
  ];
}

const sequencesPath = ['output', 'sequences'] as const;

/** The keys of a map; empty if there is none at the path. */
function keysAt(document: ConfigDocument, path: ConfigPath): string[] {
  const node = document.has(path) ? document.locate(path).value : null;
  return node?.kind === 'map' ? node.pairs.map(keyOf) : [];
}

/** A number of the text, or the number of a duration. */
interface TextNumber extends Pick<Knob, 'value' | 'unit'> {
  readonly span: { readonly start: number; readonly end: number };
}

function numberAt(document: ConfigDocument, { kind, path }: Pick<Place, 'kind' | 'path'>): TextNumber | null {
  if (!document.has(path)) return null;
  const { value: node } = document.locate(path);
  if (node?.kind !== 'scalar' || node.alias === true) return null;
  const { value, span } = node;
  if (kind !== 'delay') return Number.isFinite(value) ? { value: Number(value), unit: null, span } : null;
  const [, amount, unit = null] = durationForm.exec(String(value)) ?? [];
  return amount === undefined ? null : { value: Number(amount), unit, span };
}

/** A number with the unit of the number that it replaces. */
const textOf = (value: number, { unit }: TextNumber, { language }: ConfigDocument): string =>
  unit === null ? String(value) : written(`${value}${unit}`, language);

/** Stable as long as the keys of the text do not change. */
function idOf(path: ConfigPath): string {
  return JSON.stringify(path);
}

/** Upper ends for integer sliders: the first one above the value, so that the value can always grow. */
const ends = [20, 100, 500, 2000, 10_000, 100_000, 1_000_000];

/** Maximum number of a delay in any unit. */
const MAX_DELAY = 1_000_000;

function limitsOf(kind: Knob['kind'], value: number): Pick<Knob, 'min' | 'max' | 'step'> {
  switch (kind) {
    case 'perGroup':
    case 'count':
    case 'delay':
      return { min: kind === 'perGroup' ? 1 : 0, max: ends.find((end) => end > value) ?? value, step: 1 };
    case 'length':
      return { min: 1, max: Math.min(MAX_STEPS, ends.find((end) => end > value) ?? value), step: 1 };
    case 'share':
    case 'exponent':
      return { min: 0, max: Math.max(1, value), step: 0.01 };
    case 'downsample': {
      // A fraction of one in a thousand moves in steps of one thousandth.
      const step = Math.min(0.01, 10 ** Math.floor(Math.log10(Math.max(value, 1e-6))));
      return { min: step, max: 1, step };
    }
  }
}

/** Clamps and rounds a value: at most four decimals, six for the fraction of downsampled exposures. */
function allowed(kind: Knob['kind'], value: number): number {
  switch (kind) {
    case 'perGroup':
      return Math.max(1, Math.round(value));
    case 'length':
      return Math.min(MAX_STEPS, Math.max(1, Math.round(value)));
    case 'count':
      return Math.max(0, Math.round(value));
    case 'delay':
      return Math.min(MAX_DELAY, Math.max(0, Math.round(value)));
    case 'share':
    case 'exponent':
      return Number(Math.min(1, Math.max(0, value)).toFixed(4));
    case 'downsample':
      return Number(Math.min(1, Math.max(1e-6, value)).toFixed(6));
  }
}
