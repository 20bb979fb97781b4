import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { run } from './demoFolder.ts';

/** Users of the tiny demo. */
export const users = ['7203685477535834021', '7203685477511425292'] as const;
export const [user] = users;

/** The output of a command that must succeed. */
export async function done(args: readonly string[], width?: number): Promise<string> {
  const { code, out, err } = await run(args, width);
  assert.equal(code, 0, err);
  return out;
}

/** Parses JSON output that must match its schema. */
export function valid(name: string, text: string): unknown {
  const json: unknown = JSON.parse(text);
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true, validateFormats: false }).compile(
    JSON.parse(readFileSync(new URL(`../../media/schemas/${name}.schema.json`, import.meta.url), 'utf8')) as object,
  );
  assert.ok(validate(json), JSON.stringify(validate.errors, null, 2));
  return json;
}

export interface PreviewOutput {
  readonly stage: string;
  readonly seed: string;
  readonly epoch: number;
  readonly users: readonly {
    readonly user: string;
    readonly groups: readonly {
      readonly key: string;
      readonly rows: readonly {
        readonly item: string;
        readonly label: number;
        readonly entry: string | null;
        readonly draw: number | null;
        readonly table?: { readonly before: string; readonly value: string | null };
      }[];
      readonly shortfall: Readonly<Record<string, unknown>>;
    }[];
  }[];
}

export async function previewed(...args: string[]): Promise<PreviewOutput> {
  return valid('preview', await done(['preview', ...args, '--format', 'json'])) as PreviewOutput;
}
