import * as v from 'valibot';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

/** Characters of a reason for the log: it may quote what was received. */
const REASON = 200;

/** Accepts anything and gives a `T`, or says what does not fit. */
export type Schema<T = unknown> = v.GenericSchema<unknown, T>;

/** What a schema gives. */
export type Output<S extends Schema> = v.InferOutput<S>;

/** Schemas of the parameters of requests, or of the data of notifications, by their names. */
type Schemas = Readonly<Record<string, Schema>>;

/** Requests whose parameters are those of the schemas. */
export type RequestsOf<S extends Schemas, Results extends { readonly [M in keyof S]: unknown }> = {
  [M in keyof S]: { params: v.InferOutput<S[M]>; result: Results[M] };
};

/** Data of notifications by the schemas. */
export type NotificationsOf<S extends Schemas> = { [E in keyof S]: v.InferOutput<S[E]> };

/**
 * What was received under a name, as its schema allows it.
 * @throws FailureError `bad-request`, which names `name` and the first field that does not fit
 */
export function accept<S extends v.GenericSchema>(schema: S, name: string, received: unknown): v.InferOutput<S> {
  const read = v.safeParse(schema, received, { abortEarly: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  const field = v.getDotPath(issue) ?? 'params';
  throw fail(
    'bad-request',
    message('{0}: {1} has a value that is not allowed', name.slice(0, REASON), field.slice(0, REASON)),
    { cause: issue.message.slice(0, REASON) },
  );
}

/** The same for a name that came with the message. @throws FailureError `bad-request` also where no schema has the name */
export function acceptNamed(schemas: Schemas, name: string, received: unknown): unknown {
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (!schema) throw fail('bad-request', message('There is no request {0}', name.slice(0, REASON)));
  return accept(schema, name, received);
}

/** What was received, or null where it does not fit: for state that an earlier version may have written. */
export function acceptState<S extends v.GenericSchema>(schema: S, received: unknown): v.InferOutput<S> | null {
  const read = v.safeParse(schema, received, { abortEarly: true });
  return read.success ? read.output : null;
}
