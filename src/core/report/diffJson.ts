import { jsonText as json } from './jsonText.ts';
import type { DataDiff, EntryDiff, EntrySide, QDiff, RunDiff } from '../sampling/lock/diffRuns.ts';
import type { DiffSide } from './diffText.ts';

/** Difference of two runs as JSON text; `media/schemas/diff.schema.json` describes it. Never localised. */
export function diffJson(
  a: DiffSide,
  b: DiffSide,
  { same, unchanged, notCompared, facts, settings, data, counts, entries, logQMix }: RunDiff,
): string {
  const side = ({ name, locked }: DiffSide): string => json({ path: name, lock: locked });
  return `${[
    '{',
    `  "same": ${same},`,
    `  "a": ${side(a)},`,
    `  "b": ${side(b)},`,
    `  "unchanged": ${json(unchanged)},`,
    ...(notCompared.length === 0 ? [] : [`  "not_compared": ${json(notCompared)},`]),
    `  "facts": ${list(facts)},`,
    `  "settings": ${list(settings)},`,
    `  "data": ${list(data.map(dataJson))},`,
    `  "counts": ${list(counts)},`,
    `  "entries": ${list(entries.map(entryJson))},`,
    `  "log_q_mix": ${json({ positives: qJson(logQMix.positives), negatives: qJson(logQMix.negatives) })}`,
    '}',
  ].join('\n')}\n`;
}

function dataJson({ name, a, b, files }: DataDiff): unknown {
  return { name, a, b, files };
}

function entryJson({ name, source, a, b, logQ }: EntryDiff): unknown {
  const side = (one: EntrySide | null): unknown =>
    one && { asked: one.asked, drawn: one.drawn, share: one.share, shortfalls: one.shortfalls };
  return { name, source, a: side(a), b: side(b), log_q: qJson(logQ) };
}

function qJson(q: QDiff | null): unknown {
  const figures = (one: QDiff['a']): unknown =>
    one && { rows: one.rows, mean: one.mean, least: one.least, greatest: one.greatest };
  return q && { a: figures(q.a), b: figures(q.b), moved: q.moved };
}

function list(elements: readonly unknown[]): string {
  return elements.length === 0 ? '[]' : `[\n${elements.map((one) => `    ${json(one)}`).join(',\n')}\n  ]`;
}
