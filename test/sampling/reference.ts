import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { RowOrder } from '../../src/core/sampling/placement.ts';
import { exactJson, type World } from './world.ts';

const folder = join(import.meta.dirname, '..', 'reference');
const python = process.env['RECSAMPLE_PYTHON'] ?? 'python3';

/** A row in the form of the reference and the reports. */
export interface SampledRow {
  readonly item: string;
  readonly label: number;
  readonly source: string | null;
  readonly entry: string | null;
  readonly draw: number | null;
  readonly log_q: number | null;
  readonly log_q_mix: number | null;
  readonly weight: number;
  readonly keep_prob?: number;
  /** With `training.logq`; the other two also need `training.in_batch`. */
  readonly logq_correction?: number | null;
  readonly log_q_batch?: number | null;
  readonly logq_correction_batch?: number | null;
  /** With a teacher, in the units request and impression. */
  readonly teacher?: number | null;
  /** With `output.events`, by event. */
  readonly labels?: Readonly<Record<string, 0 | 1 | null>>;
  /** With `output.graded`. */
  readonly grade?: number;
  /** Values of `output.pass_through`, by name. */
  readonly passed?: readonly unknown[];
}
export interface SampledBatch {
  readonly batch: number;
  readonly others: number;
  readonly masked: number;
  readonly distinct: number;
  readonly false_negatives: number;
  readonly items: readonly { readonly item: string; readonly count: number; readonly log_q: number }[];
}
export interface SampledGroup {
  readonly key: string;
  readonly item: string | null;
  readonly time: string;
  readonly rows: readonly SampledRow[];
  readonly shortfall: Readonly<
    Record<string, { readonly asked: number; readonly drawn: number; readonly cause: string }>
  >;
  /** Draws that `distinct` drops. */
  readonly repeated: readonly { readonly entry: string; readonly item: string }[];
  /** Set if the config has in-batch negatives. */
  readonly in_batch?: SampledBatch;
}
export interface Sampled {
  readonly users: readonly { readonly user: string; readonly groups: readonly SampledGroup[] }[];
}
/** All users of a world; and what was left out, collapsed, dropped or downsampled, by name. */
export interface Expected extends Sampled {
  readonly counts: Readonly<Record<string, number>>;
  /** With `training.logq`; null without negatives. */
  readonly effective?: { readonly entries: Readonly<Record<string, number>>; readonly in_batch: number | null } | null;
  /** With a teacher: rows on which it is trusted, and those with a value; null: positives. */
  readonly teacher?: readonly { readonly entry: string | null; readonly trusted: number; readonly known: number }[];
  /** With an order: all rows of the file: user, item, label, entry, draw, group id. */
  readonly ordered?: readonly (readonly (string | number | null)[])[];
}

/** The Python reference, one process for many worlds. */
export class Reference {
  readonly #child = spawn(python, ['-B', join(folder, 'main.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor() {
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async sample({ config, stage, split, tables }: World, order?: RowOrder): Promise<Expected> {
    const rows = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, table.rows]));
    this.#child.stdin.write(`${exactJson({ config, stage, split, order, tables: rows })}\n`);
    const value: unknown = (await this.#lines.next()).value;
    const answer = JSON.parse(String(value)) as Expected | { readonly error: string };
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  }

  async close(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.stdin.end();
    await closed;
  }
}

/** Runs the reference on the golden vectors: its output and exit code. */
export function selfTest(vectors: string): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(python, ['-B', join(folder, 'selftest.py'), vectors], {
    encoding: 'utf8',
  });
  return { code: status, output: `${stdout}${stderr}` };
}
