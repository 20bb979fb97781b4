import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { discover } from '../../src/engine/readers/discover.ts';
import { writtenInto } from '../../src/engine/files/lists.ts';

const folder = fc.constantFrom('a', 'b', 'dt=1', '_h', 'l');
const name = fc.constantFrom('p.parquet', 'q.parquet', 'x.csv', '_p.parquet', '.p.parquet', 'note.txt', 'l');
const folders = fc.array(folder, { maxLength: 2 }).map((names) => names.join('/'));
const file = fc.tuple(folders, name).map(([at, end]) => join(at, end));
const data = fc.tuple(folders, fc.constantFrom('p.parquet', 'q.parquet')).map(([at, end]) => join(at, end));
const glob = fc
  .tuple(
    fc.array(fc.constantFrom('a', '*', 'dt=*', '**', '{a,b}', '[!a]*', 'l'), { maxLength: 2 }),
    fc.constantFrom('*', '*.parquet', '?.parquet', '**', 'p.parquet'),
  )
  .map(([at, end]) => [...at, end].join('/'));
const world = fc.record({
  files: fc.array(data, { minLength: 2, maxLength: 5 }),
  /** Some of them are broken, lead out, or form a circle. */
  links: fc.array(fc.tuple(file, fc.oneof(folders, file)), { maxLength: 3 }),
  dataset: fc.oneof(folders, glob, glob, data),
  /** The path of an output may be that of a glob. */
  output: fc.oneof(file, glob),
});

function tried(make: () => void): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

function written(path: string, text: string): boolean {
  return tried(() => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  });
}

/** The files of a data set with their sizes; null if it cannot be read. */
async function filesOf(dataset: string): Promise<string | null> {
  return await discover(dataset).then(
    ({ files }) => files.map(({ realPath, bytes }) => `${realPath} ${bytes}`).join('\n'),
    () => null,
  );
}

test('an output is accepted if, and only if, the files of a data set stay the same', async () => {
  const seen = { accepted: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(world, async ({ files, links, dataset, output }) => {
      const root = mkdtempSync(join(tmpdir(), 'recsample-inside-'));
      try {
        for (const path of files) written(join(root, 'w', path), 'old');
        for (const [at, to] of links)
          tried(() => {
            mkdirSync(dirname(join(root, 'w', at)), { recursive: true });
            symlinkSync(join(root, 'w', to), join(root, 'w', at));
          });
        const path = join(root, 'w', dataset);
        const target = join(root, 'w', output);
        const before = await filesOf(path);
        // Nobody writes next to a data set that cannot be read.
        if (before === null) return;
        const found = await writtenInto(path, [`${target}.recsample.json`, target]);
        if (!written(target, 'newer')) return;
        written(`${target}.recsample.json`, '{}');
        assert.ok(statSync(target).size === 5);
        const isSame = (await filesOf(path)) === before;
        assert.equal(found === null, isSame);
        seen[isSame ? 'accepted' : 'refused']++;
      } finally {
        rmSync(root, { recursive: true });
      }
    }),
    { numRuns: 100 },
  );
  assert.ok(seen.accepted > 3 && seen.refused > 3, JSON.stringify(seen));
});
