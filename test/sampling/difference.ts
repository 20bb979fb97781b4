import type { Sampled, SampledBatch, SampledGroup, SampledRow } from './reference.ts';

/** `ln` differs in the last digit between engines. */
const tolerance = 1e-12;

/**
 * The first difference between two answers about the same users, in words; null if they agree in every column of every
 * row.
 */
export function difference(ours: Sampled, expected: Sampled): string | null {
  const users = lists(
    'users',
    ours.users.map(({ user }) => user),
    expected.users.map(({ user }) => user),
  );
  if (users !== null) return users;
  for (const [k, { user, groups }] of expected.users.entries()) {
    const here = inOrder(ours.users[k]?.groups ?? []);
    const there = inOrder(groups);
    const found =
      lists('groups', here.map(keyText), there.map(keyText)) ??
      there.map((group, g) => groupDifference(here[g], group)).find((text) => text !== null) ??
      null;
    if (found !== null) return `user ${user}: ${found}`;
  }
  return null;
}

/** Groups sorted by key. Only the unit impression has groups with equal keys; they are sorted by their rows. */
function inOrder(groups: readonly SampledGroup[]): readonly SampledGroup[] {
  const order = (group: SampledGroup): string => `${group.key}\n${JSON.stringify(group.rows)}`;
  return [...groups].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

const keyText = ({ key }: SampledGroup): string => key.replaceAll('\u001f', '|');

function groupDifference(ours: SampledGroup | undefined, expected: SampledGroup): string | null {
  if (!ours) return `no group ${keyText(expected)}`;
  const at = (text: string): string => `group ${keyText(expected)}: ${text}`;
  const rowTexts = (rows: readonly SampledRow[]): string[] =>
    rows.map(({ item, label, entry, draw }) => `${label} ${entry ?? ''} ${draw ?? ''} ${item}`);
  const found = lists('rows', rowTexts(ours.rows), rowTexts(expected.rows));
  if (found !== null) return at(found);
  for (const [k, row] of expected.rows.entries()) {
    const here = ours.rows[k];
    const field = here ? fieldDifference(here, row) : null;
    if (field !== null) return at(`row ${rowTexts([row])[0] ?? ''}: ${field}`);
  }
  if (ours.item !== expected.item || ours.time !== expected.time)
    return at(`${ours.item ?? ''} ${ours.time}, expected ${expected.item ?? ''} ${expected.time}`);
  const batch = batchDifference(ours.in_batch, expected.in_batch);
  if (batch !== null) return at(`in the batch: ${batch}`);
  const repeated = lists(
    'repeated draws',
    ...([ours.repeated, expected.repeated].map((one) => one.map(({ entry, item }) => `${entry} ${item}`)) as [
      string[],
      string[],
    ]),
  );
  if (repeated !== null) return at(repeated);
  const shortfalls = [ours, expected].map(({ shortfall }) =>
    JSON.stringify(
      Object.entries(shortfall)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([entry, { asked, drawn, cause }]) => [entry, asked, drawn, cause]),
    ),
  );
  return shortfalls[0] === shortfalls[1]
    ? null
    : at(`shortfalls ${shortfalls[0] ?? ''}, expected ${shortfalls[1] ?? ''}`);
}

function batchDifference(ours: SampledBatch | undefined, expected: SampledBatch | undefined): string | null {
  const text = (batch: SampledBatch | undefined): string =>
    JSON.stringify(batch && { ...batch, items: batch.items.map(({ item, count }) => [item, count]) });
  if (ours === undefined || expected === undefined || text(ours) !== text(expected))
    return text(ours) === text(expected) ? null : `${text(ours)}, expected ${text(expected)}`;
  const wrong = expected.items.find((one, k) => Math.abs((ours.items[k]?.log_q ?? NaN) - one.log_q) > tolerance);
  return wrong ? `log q of ${wrong.item}, expected ${wrong.log_q}` : null;
}

const numbers = [
  'log_q',
  'log_q_mix',
  'logq_correction',
  'log_q_batch',
  'logq_correction_batch',
  'weight',
  'keep_prob',
] as const;

function fieldDifference(ours: SampledRow, expected: SampledRow): string | null {
  if (ours.source !== expected.source) return `source ${ours.source ?? ''}, expected ${expected.source ?? ''}`;
  for (const field of numbers) {
    const [a, b] = [ours[field] ?? null, expected[field] ?? null];
    const close = a === null || b === null ? a === b : Math.abs(a - b) <= (field === 'weight' ? 0 : tolerance);
    if (!close) return `${field} ${a ?? 'none'}, expected ${b ?? 'none'}`;
  }
  return null;
}

function lists(what: string, ours: readonly string[], expected: readonly string[]): string | null {
  if (ours.length === expected.length && ours.every((text, k) => text === expected[k])) return null;
  const place = ours.findIndex((text, k) => text !== expected[k]);
  const at = place < 0 ? ours.length : place;
  return `${ours.length} ${what}, expected ${expected.length}; at ${at}: ${ours[at] ?? 'none'}, expected ${expected[at] ?? 'none'}`;
}
