const dayMilliseconds = 86_400_000;

/**
 * The time, in milliseconds since 1970, at which the clocks of a zone first show a text such as `2026-03-14` or
 * `2026-03-14T08:00:00.000000`. If they skip it, the time as if they went forward later. Null if the text or the zone is
 * unknown.
 */
export function instantOfWall(text: string, timezone: string): number | null {
  const wall = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : `${text}Z`);
  if (Number.isNaN(wall)) return null;
  try {
    // The offsets of the day before and after: they differ only if the clocks change between.
    const before = offsetAt(wall - dayMilliseconds, timezone);
    const after = offsetAt(wall + dayMilliseconds, timezone);
    const first = wall - Math.max(before, after);
    const second = wall - Math.min(before, after);
    return [first, second].find((instant) => instant + offsetAt(instant, timezone) === wall) ?? wall - before;
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
