import { message } from '../../../core/message/message.ts';
import type { NullReason } from '../../../core/sampling/passedValues.ts';
import { f64At, u8At } from '../../../core/valueAt.ts';
import type { AskedFeatures } from '../../../protocol/askedTable.ts';
import type { Work } from '../../database/connections.ts';
import { keyOf, Versions } from '../../features/versions.ts';
import { itemNumbers, type SampledTables } from '../../inputs/sampledTables.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import { listed, separator, textsOf, type FoundRow, type RowPlace, type SourceReader } from './sourceRows.ts';

/** Finds the versions of a table of features that drawn rows read. @param asked undefined for an unknown table */
export function featureReader(asked: AskedFeatures | undefined): SourceReader {
  if (asked === undefined) return { key: () => null, read: async () => await Promise.resolve(new Map()) };
  const roles = keyOf(asked);
  return {
    key: ({ user, item, request, readTime }) => {
      if (roles.includes('request') && request === null) return null;
      const parts = { user, item: String(item), request: request ?? '' };
      return [...roles.map((role) => parts[role]), String(readTime)].join(separator);
    },
    read: async (sampled, columns, places, work) => await versionRows(asked, sampled, columns, places, work),
  };
}

/** The newest version of each place, or why it has none. */
async function versionRows(
  asked: AskedFeatures,
  sampled: SampledTables,
  columns: readonly string[],
  places: readonly RowPlace[],
  work: Work,
): Promise<ReadonlyMap<string, FoundRow>> {
  const reader = featureReader(asked);
  const roles = keyOf(asked);
  const only = {
    user: () => `CAST("user" AS VARCHAR) IN (${listed(places.map(({ user }) => user))})`,
    item: () => `item IN (SELECT item FROM ${itemNumbers} WHERE number IN (${listed(places.map(({ item }) => item))}))`,
    request: () => `CAST(request AS VARCHAR) IN (${listed(places.flatMap(({ request }) => request ?? []))})`,
  };
  const versions = new Versions(asked, columns, sampled, roles.map((role) => only[role]()).join(' AND ') || 'true');
  const wanted = places
    .map(
      ({ user, item, request, readTime }, k) =>
        `(${k}, ${quoteLiteral(user)}, ${item}, ${quoteLiteral(request ?? '')}, ${BigInt(readTime)})`,
    )
    .join(', ');
  const same = {
    user: 'CAST(v."user" AS VARCHAR) = p.user_text',
    item: 'v.item = n.item',
    request: 'CAST(v.request AS VARCHAR) = p.request_text',
  };
  const on = roles.map((role) => same[role]);
  const texts = textsOf(sampled.tables.table(asked.ref), columns, 'v');
  const of = roles.length === 0 ? 'true' : on.join(' AND ');
  const numbered = `(SELECT p.*, n.item FROM (VALUES ${wanted}) p(place, user_text, number, request_text, t) JOIN ${itemNumbers} n ON n.number = p.number)`;
  const rows = await sampled.tables.columnar(
    `WITH timeline AS (${versions.sql})
    SELECT CAST(p.place AS UINTEGER), CAST(v.e AS DOUBLE), coalesce(v.gone OR v.ended <= p.t, false), v.r IS NOT NULL,
      EXISTS (SELECT 1 FROM timeline v, (SELECT p.item) n WHERE ${of}), ${texts.join(', ')}
    FROM ${numbered} p LEFT JOIN LATERAL (
      SELECT v.* FROM timeline v, (SELECT p.item) n WHERE ${of} AND v.r <= p.t ORDER BY v.r DESC LIMIT 1
    ) v ON true`,
    message('Reading the pass-through columns'),
    work,
  );
  const [numbers, events, gone, found, any] = [
    rows.unsigned(0),
    rows.numbers(1),
    rows.flags(2),
    rows.flags(3),
    rows.flags(4),
  ];
  const values = texts.map((_, k) => rows.texts(5 + k));
  const result = new Map<string, FoundRow>();
  for (const [row, number] of numbers.entries()) {
    const place = places[number];
    const key = place && reader.key(place);
    if (!place || key === null || key === undefined) continue;
    const time = f64At(events, row);
    const age = place.readTime - time;
    const reason = ((): NullReason | null => {
      if (u8At(found, row) === 0) return u8At(any, row) === 1 ? 'not-yet' : 'no-row';
      if (u8At(gone, row) === 1) return 'gone';
      return age > (asked.time.maxAge ?? Infinity) ? 'too-old' : null;
    })();
    const ids = { user: place.user, item: null, request: place.request };
    result.set(key, {
      values: values.map((texts) => (reason === null ? (texts[row] ?? null) : null)),
      time: Number.isNaN(time) || time < -(2 ** 61) ? null : time,
      reason,
      key: Object.fromEntries(roles.map((role) => [role, ids[role]])),
    });
  }
  return result;
}
