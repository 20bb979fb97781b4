/**
 * The time, in milliseconds since 1970, at which the clocks of a zone first show a text such as `2026-03-14` or
 * `2026-03-14T08:00:00.000000`. Null if the text or the zone is unknown.
 */
export function instantOfWall(text: string, timezone: string): number | null {
  const wall = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : `${text}Z`);
  if (Number.isNaN(wall)) return null;
  try {
    // The offset before the time and at it differ only around a change of the clocks: the second step corrects it.
    const first = wall - offsetAt(wall, timezone);
    return wall - offsetAt(first, timezone);
  } catch {
    return null;
  }
}

/** Milliseconds by which the clocks of a zone are ahead of UTC. */
function offsetAt(instant: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const value = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  );
  return shown - Math.floor(instant / 1000) * 1000;
}
