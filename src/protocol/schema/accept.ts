import * as v from 'valibot';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

/** Maximum characters of a reason in the log; it may quote received data. */
const REASON = 200;

/** Accepts any value and returns a `T`, or reports what does not match. */
export type Schema<T = unknown> = v.GenericSchema<unknown, T>;

/** The type that a schema returns. */
export type Output<S extends Schema> = v.InferOutput<S>;

/**
 * A request. `takes` and `gives` have no value: only their types are read, of its parameters and of its answer.
 * `params`: null if nobody outside of the process may send it.
 */
export interface RequestRow<P = unknown, R = unknown, S = Schema | null> {
  readonly params: S;
  readonly takes: P;
  readonly gives: R;
}

/** A row of a table of requests: `takes(schema).gives<Answer>()`. `more`: what else the table says about it. */
export const takes = <S extends Schema, const M extends object = object>(params: S, more?: M) => ({
  gives: <R>() => ({ ...more, params }) as RequestRow<Output<S>, R, S> & M,
});

/** Parameters and answers of a table of requests. */
export type RequestsOf<T extends Readonly<Record<string, RequestRow>>> = {
  [M in keyof T]: { params: T[M]['takes']; result: T[M]['gives'] };
};

/** Notification data that match the schemas. */
export type NotificationsOf<S extends Readonly<Record<string, Schema>>> = { [E in keyof S]: v.InferOutput<S[E]> };

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
 * Like `accept`, for a name that came with the message. `schema`: of the entry with this name, if there is one.
 * @throws FailureError `bad-request`
 */
export function acceptNamed(schema: Schema | null | undefined, name: string, received: unknown): unknown {
  if (!schema) throw fail('bad-request', message('There is no request {0}', name.slice(0, REASON)));
  return accept(schema, name, received);
}

/** The received value, or null if it does not match: an earlier version may have written the state. */
export function acceptState<S extends v.GenericSchema>(schema: S, received: unknown): v.InferOutput<S> | null {
  const read = v.safeParse(schema, received, { abortEarly: true });
  return read.success ? read.output : null;
}
