/** The value of a record's own key. A name that came from outside, such as `constructor`, finds nothing of the prototype. */
export function ownValue<T>(record: Readonly<Record<string, T>> | null | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
