import type { SampledTables } from './sampledTables.ts';

/** SQL of user, key and time of each request that has a time: from the candidates, else from the impressions. */
export function requestSql(sampled: SampledTables): string {
  const shown = `SELECT "user", ${requestKeySql(sampled)} AS key, min(time) AS time FROM ${sampled.exposures()} GROUP BY ALL`;
  const candidates = sampled.candidates();
  if (candidates === null) return shown;
  const { user, time } = sampled.data.candidates?.columns ?? {};
  const own = `SELECT ${user ? '"user", ' : ''}${numberSql('request')} AS key, ${time ? 'min(time)' : 'CAST(NULL AS TIMESTAMP)'} AS time FROM ${candidates} GROUP BY ALL`;
  return `SELECT ${user ? 'c' : 's'}."user" AS "user", c.key AS key, coalesce(c.time, s.time) AS time FROM (${own}) c ${user ? 'LEFT' : 'INNER'} JOIN (${shown}) s ON s.key = c.key${user ? ' AND s."user" = c."user"' : ''} WHERE coalesce(c.time, s.time) IS NOT NULL`;
}

/** SQL of the request key of a log row; equals `requestKey`. */
export function requestKeySql({
  data: {
    log: {
      impressions: { columns },
    },
  },
}: SampledTables): string {
  const time = `concat('@', epoch_us(time))`;
  return columns.request ? `coalesce(${numberSql('request')}, ${time})` : time;
}

function numberSql(request: string): string {
  return `('#' || CAST(${request} AS VARCHAR))`;
}
