import { everything } from '../../../src/core/table/filter.ts';
import { wire } from '../../../src/protocol/wire.ts';
import { wireName } from '../../../src/protocol/server.ts';
import { base64, type Step } from '../case.ts';
import type { Dice } from '../dice.ts';
import { mutateText } from '../mutateText.ts';
import { mutateValue } from '../mutateValue.ts';
import { activeUser } from '../seeds.ts';
import type { Target } from '../target.ts';

const ref = { id: 'a', path: '{folder}/f.parquet', roles: { city: { role: 'user' } } };
const view = {
  filter: {
    conditions: [
      { column: 'user_id', op: '>', values: ['3'] },
      { column: 'city', op: 'contains', values: ['1'] },
    ],
    expression: 'is_click = 1',
  },
  sort: [{ column: 'item_id', descending: true }],
};

/** Read requests by method. Writing requests are tested through the command line. */
const requests: Readonly<Record<string, unknown>> = {
  open: { ref },
  settle: { ref },
  facts: { ref },
  badRows: { ref, limit: 10 },
  metadata: { ref, columns: ['user_id', 'city'] },
  page: { ref, view, first: 0, count: 20, columns: [0, 1, 2] },
  count: { ref, view },
  cell: { ref, view: everything, row: 3, column: 1, offset: 0, limit: 100 },
  copy: { ref, view, first: 0, count: 10, columns: [0, 4], headers: true, format: 'csv' },
  profile: { ref, view, columns: [0, 4, 5], depth: 'whole' },
  digest: { ref, view, columns: [0, 1] },
  close: { id: 'a' },
};

function request(
  dice: Dice,
  rounds: number,
): { readonly method: string; readonly params: unknown; readonly garbage: boolean } {
  const method = dice.pick(Object.keys(requests));
  const garbage = dice.chance(0.4);
  let params = requests[method];
  for (let k = 0; k < rounds; k++)
    params = mutateValue(dice, params, !garbage, garbage ? [] : ['op', 'format', 'depth', 'role', 'path', 'within']);
  return { method, params, garbage };
}

/** Requests to the engine: hostile values with valid types, and wrong types. */
const engine: Target = {
  name: 'engine-requests',
  short: 50,
  mutant(dice, { parquet }, rounds) {
    const asked: Step[] = Array.from({ length: 4 }, () => ({ kind: 'call', ...request(dice, rounds) }));
    return {
      files: { 'f.parquet': base64(parquet[dice.pick(['plain', 'groups', 'types', 'nested'])] ?? new Uint8Array()) },
      steps: asked,
    };
  },
};

/**
 * Requests of an editor to the server: about a mutated config at random places, and mutated requests that the server
 * passes on.
 */
const server: Target = {
  name: 'server-requests',
  short: 10,
  mutant(dice, { configs, parquet }, rounds) {
    const name = dice.pick(Object.keys(configs));
    const uri = 'file://{world}/case/c.ratio.yaml';
    const bytes = mutateText(dice, configs[name] ?? '', rounds);
    const text = new TextDecoder().decode(bytes);
    const textDocument = { uri };
    const lines = text.split('\n');
    const position = { line: dice.below(lines.length), character: dice.below(40) };
    const end = { line: lines.length, character: 0 };
    const range = { start: { line: 0, character: 0 }, end };
    const config = { uri };
    const ours: Readonly<Record<string, unknown>> = {
      [wireName('sampler')]: { config, stage: 'recall' },
      [wireName('users')]: { config, stage: 'recall', choice: { kind: 'heaviest' }, limit: 5, without: [] },
      [wireName('preview')]: { config, stage: 'recall', users: [activeUser], groupLimit: 3 },
      [wireName('setKnobs')]: { config, stage: 'recall', values: [{ id: 'x', value: 0.5 }] },
      [wire.call]: { method: 'page', token: 't', params: { ref, view, first: 0, count: 5, columns: [0] } },
    };
    const method = dice.pick(Object.keys(ours));
    const garbage = dice.chance(0.4);
    const params = mutateValue(dice, ours[method], !garbage, ['method', 'stage', 'kind', 'uri', 'op', 'path']);
    const steps: Step[] = [
      {
        kind: 'server',
        method: 'textDocument/didOpen',
        params: { textDocument: { uri, languageId: 'ratio-yaml', version: 1, text } },
      },
      { kind: 'server', method: 'textDocument/hover', params: { textDocument, position } },
      { kind: 'server', method: 'textDocument/completion', params: { textDocument, position } },
      {
        kind: 'server',
        method: 'textDocument/codeAction',
        params: { textDocument, range, context: { diagnostics: [] } },
      },
      ...['codeLens', 'documentSymbol', 'foldingRange'].map((what): Step => ({
        kind: 'server',
        method: `textDocument/${what}`,
        params: { textDocument },
      })),
      { kind: 'server', method: 'textDocument/inlayHint', params: { textDocument, range } },
      { kind: 'server', method, params, garbage },
      { kind: 'server', method: 'textDocument/didClose', params: { textDocument } },
    ];
    return { files: { 'c.ratio.yaml': base64(bytes), 'f.parquet': base64(parquet.plain ?? new Uint8Array()) }, steps };
  },
};

export const messageTargets = [engine, server];
