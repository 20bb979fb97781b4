import { readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Stage } from '../../src/core/schema/stage.ts';
import { EngineSupervisor } from '../../src/server/engine/supervisor.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { PreviewService } from '../../src/server/sampling/previewService.ts';
import { markdownTable } from '../table.ts';

/** Number of users per preview, by task. */
const sizes = { '1': 1, '10': 10, '50': 50 } as const;
export const tasks: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(sizes).map(([name, users]) => [name, `a preview of ${users === 1 ? 'one user' : `${users} users`}`]),
);

const REPEATS = 40;
const file = {
  recall: 'recall.ratio.yaml',
  coarse_ranking: 'coarse_ranking.ratio.yaml',
  fine_ranking: 'fine_ranking.ratio.yaml',
} as const satisfies Record<Stage, string>;
/**
 * The text that a slider of the stage replaces, and the new text for a number from 0 to 9. Fine ranking has one amount.
 */
const slider: Readonly<Record<Stage, readonly [before: RegExp, after: (k: number) => string]>> = {
  recall: [/popularity: \{share: [\d.]+/, (k) => `popularity: {share: 0.${30 + k}`],
  coarse_ranking: [/count: \d+/, (k) => `count: ${1 + k}`],
  fine_ranking: [/downsample: [\d.]+/, (k) => `downsample: 0.${30 + k}`],
};

const text = (uri: string): string => readFileSync(uri, 'utf8');

/**
 * Measures what the panel waits for: from the text of a config to the answer of an engine in its own process. First the
 * first preview of a new engine, then previews that differ in one thing. Milliseconds, as a Markdown table.
 * @param demo a demo workspace
 */
export async function benchPreview(
  demo: string,
  only: readonly string[] | null,
  progress: (text: string) => void,
): Promise<string> {
  const rows: string[][] = [];
  for (const stage of Object.keys(file) as Stage[]) {
    for (const [name, size] of Object.entries(sizes)) {
      if (only !== null && !only.includes(name)) continue;
      progress(`${stage}, ${name}`);
      rows.push(...(await benchStage(demo, stage, size)));
    }
  }
  return markdownTable(
    ['stage', 'users', 'what is new', 'median ms', 'p95 ms', 'rows'],
    ['left', 'right', 'left', 'right', 'right', 'right'],
    rows,
  );
}

async function benchStage(demo: string, stage: Stage, size: number): Promise<string[][]> {
  const config = path.join(demo, 'configs', file[stage]);
  const written = text(config);
  let now = written;
  const engine = new EngineSupervisor({
    launch: { module: path.resolve(import.meta.dirname, '../../dist/engine.mjs'), execArgv: [] },
    log: () => undefined,
    changed: () => undefined,
    now: () => performance.now(),
  });
  const samplers = new PreviewService({
    text: () =>
      Promise.resolve({ address: { uri: config, path: config }, text: now, version: 1, language: 'yaml' as const }),
    rootOf: () => demo,
    trusted: () => true,
    engine,
    cache: new FactsCache(),
  });
  const call = { signal: new AbortController().signal, progress: () => undefined };
  const params = { config: { uri: config }, stage };
  const timed = async (users: readonly string[], seed?: string): Promise<{ ms: number; rows: number }> => {
    const start = performance.now();
    const { preview } = await samplers.preview(
      { ...params, ...(seed === undefined ? {} : { seed }), users, groupLimit: 200 },
      call,
    );
    return { ms: performance.now() - start, rows: preview.totals.positives + preview.totals.negatives };
  };
  try {
    const candidates = (
      await samplers.users({ ...params, choice: { kind: 'random', salt: 1 }, limit: size * 3, without: [] }, call)
    ).map(({ user }) => user);
    const selected = candidates.slice(0, size);
    const others = [candidates.slice(size, 2 * size), candidates.slice(2 * size)];
    // Finding users has opened the data, so the first preview needs a new engine.
    engine.restart();
    const first = await timed(selected);
    await timed(selected);
    const repeated = async (
      one: (k: number) => Promise<{ ms: number; rows: number }>,
    ): Promise<[string, string, string]> => {
      const all: { ms: number; rows: number }[] = [];
      for (let k = 0; k < REPEATS; k++) all.push(await one(k));
      const ms = all.map((each) => each.ms).sort((a, b) => a - b);
      return [
        (ms[REPEATS >> 1] ?? 0).toFixed(0),
        (ms[Math.floor(REPEATS * 0.95)] ?? 0).toFixed(0),
        String(all[0]?.rows ?? 0),
      ];
    };
    const [before, after] = slider[stage];
    const share = await repeated(async (k) => {
      now = written.replace(before, after(k % 10));
      if (now === written && k % 10 === 0) now = written.replace(before, after(1));
      return await timed(selected);
    });
    now = written;
    const seed = await repeated(async (k) => await timed(selected, `seed ${k}`));
    const users = await repeated(async (k) => await timed(others[k % 2] ?? selected));
    return [
      [stage, String(size), 'everything: the first preview', first.ms.toFixed(0), '', String(first.rows)],
      [stage, String(size), 'an amount, as by a slider', ...share],
      [stage, String(size), 'the seed', ...seed],
      [stage, String(size), 'the users, known ones', ...users],
    ];
  } finally {
    engine.dispose();
  }
}
