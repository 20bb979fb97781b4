const dayMs = 86_400_000;

/**
 * The time, in milliseconds since 1970, at which the clocks of a zone first show a text such as `2026-03-14` or
 * `2026-03-14T08:00:00.000000`, or at which they skip it. Null if the text or the zone is unknown.
 * @param earlier milliseconds by which the clocks show less than the text: a week of calendar days, whatever its hours
 */
export function instantOfWall(text: string, timezone: string, earlier = 0): number | null {
  const wall = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : `${text}Z`) - earlier;
  if (!(Math.abs(wall) + dayMs <= 8.64e15)) return null;
  try {
    // Try the offset before a clock change and the offset after it.
    const [a, b] = [wall - offsetAt(wall - dayMs, timezone), wall - offsetAt(wall + dayMs, timezone)];
    const first = [Math.min(a, b), Math.max(a, b)].find((at) => at + offsetAt(at, timezone) === wall);
    return first ?? Math.max(a, b);
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
  const wallTime = Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  );
  return wallTime - Math.floor(instant / 1000) * 1000;
}
