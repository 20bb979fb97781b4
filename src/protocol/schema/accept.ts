import * as v from 'valibot';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

/** Maximum characters of a reason in the log; it may quote received data. */
const REASON = 200;

/** Accepts any value and returns a `T`, or reports what does not match. */
export type Schema<T = unknown> = v.GenericSchema<unknown, T>;

/** The type that a schema returns. */
export type Output<S extends Schema> = v.InferOutput<S>;

/** Schemas of request parameters or notification data, by name. */
type Schemas = Readonly<Record<string, Schema>>;

/** Requests whose parameters match the schemas. */
export type RequestsOf<S extends Schemas, Results extends { readonly [M in keyof S]: unknown }> = {
  [M in keyof S]: { params: v.InferOutput<S[M]>; result: Results[M] };
};

/** Notification data that match the schemas. */
export type NotificationsOf<S extends Schemas> = { [E in keyof S]: v.InferOutput<S[E]> };

/**
 * Validates a received value against its schema.
 * @throws FailureError `bad-request`, which names `name` and the first field that does not match
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

/**
 * Like `accept`, for a name that came with the message. @throws FailureError `bad-request`, also if no schema has the
 * name
 */
export function acceptNamed(schemas: Schemas, name: string, received: unknown): unknown {
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (!schema) throw fail('bad-request', message('There is no request {0}', name.slice(0, REASON)));
  return accept(schema, name, received);
}

/** The received value, or null if it does not match: an earlier version may have written the state. */
export function acceptState<S extends v.GenericSchema>(schema: S, received: unknown): v.InferOutput<S> | null {
  const read = v.safeParse(schema, received, { abortEarly: true });
  return read.success ? read.output : null;
}
