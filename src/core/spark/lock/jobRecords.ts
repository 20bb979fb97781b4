import { JsonValue } from '../../json/jsonValue.ts';
import { fail, type FailureError } from '../../message/failure.ts';
import { message } from '../../message/message.ts';

/** Values of JSON by table. */
export class Records {
  constructor(
    private readonly records: ReadonlyMap<string, readonly unknown[]>,
    private readonly path: string,
  ) {}

  recordsOf(table: string): JsonValue[] {
    return (this.records.get(table) ?? []).map(
      (record, k) => new JsonValue(record, [table, k], (at, expected) => this.failure(at.join('.'), expected)),
    );
  }

  has(table: string): boolean {
    return this.records.has(table);
  }

  failure(at: string, expected: ReturnType<typeof message>): FailureError {
    return fail('wrong-format', message('The counts of the job are not valid: {0} is not {1}', at, expected), {
      place: { path: this.path },
      advice: message('Run the job again. It writes all counts.'),
    });
  }
}

/** The only row of a table. */
export function onlyRecord(all: Records, table: string): JsonValue {
  const [only] = all.recordsOf(table);
  if (!only) throw all.failure(table, message('a list with one element'));
  return only;
}

/** Facts about the job in its counts, by kind and name. */
export class JobFacts {
  readonly #byKind = new Map<string, Map<string, string>>();

  constructor(private readonly all: Records) {
    for (const fact of all.recordsOf('job')) {
      const kind = fact.at('kind').text();
      const ofKind = this.#byKind.get(kind) ?? new Map<string, string>();
      this.#byKind.set(kind, ofKind.set(fact.at('name').text(), fact.at('value').text()));
    }
  }

  textsOfKind(kind: string): ReadonlyMap<string, string> {
    return this.#byKind.get(kind) ?? new Map<string, string>();
  }

  text(kind: string, name: string): string {
    const value = this.textsOfKind(kind).get(name);
    if (value === undefined) throw this.all.failure('job', message('a list with {0}', `${kind}.${name}`));
    return value;
  }

  choice<T extends string>(kind: string, name: string, values: readonly T[]): T {
    const text = this.text(kind, name);
    const value = values.find((known) => known === text);
    if (value === undefined) throw this.all.failure(`${kind}.${name}`, message('one of {0}', values.join(', ')));
    return value;
  }
}
