const DAY = 86_400n * 10n ** 9n;

/** Nanoseconds since midnight, or since 1970 in UTC, of a time, date or timestamp as RecSample shows it; else null. */
export function nanosecondsOf(text: string): bigint | null {
  const found =
    /^(?:(?<year>\d{4,7})-(?<month>\d\d)-(?<day>\d\d)(?<bc> \(BC\))?)?(?<gap>[ T])?(?:(?<clock>\d\d:\d\d:\d\d)(?:\.(?<digits>\d{1,9}))?(?:\+00|Z)?)?$/.exec(
      text,
    )?.groups;
  if (!found || (found.year === undefined && found.clock === undefined)) return null;
  if ((found.gap !== undefined) !== (found.year !== undefined && found.clock !== undefined)) return null;
  const year = found.bc === undefined ? Number(found.year) : 1 - Number(found.year);
  const days = found.year === undefined ? 0n : daysBefore(year, Number(found.month)) + BigInt(found.day ?? 1) - 1n;
  const [hours = 0n, minutes = 0n, seconds = 0n] = (found.clock ?? '00:00:00').split(':').map(BigInt);
  if (minutes > 59n || seconds > 59n || hours * 3600n + minutes * 60n + seconds > 86_400n) return null;
  const fraction = BigInt((found.digits ?? '').padEnd(9, '0'));
  return days * DAY + ((hours * 60n + minutes) * 60n + seconds) * 10n ** 9n + fraction;
}

/** Days from 1970 to the first day of a month in the Gregorian calendar, which has a year 0. */
function daysBefore(year: number, month: number): bigint {
  const [y, m] = [BigInt(month > 2 ? year : year - 1), BigInt((month + 9) % 12)];
  const era = (y >= 0n ? y : y - 399n) / 400n;
  const yearOfEra = y - era * 400n;
  return era * 146_097n + yearOfEra * 365n + yearOfEra / 4n - yearOfEra / 100n + (153n * m + 2n) / 5n - 719_468n;
}
