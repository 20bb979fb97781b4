import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

const dist = process.env.RECSAMPLE_DIST ?? path.join(import.meta.dirname, '../../dist');
/**
 * True: every error at every call, and a kill at every rename. False: one error per call, only one call of each run of
 * calls with the same name, and kills at two renames.
 */
const whole = process.env.RECSAMPLE_FAULTS === 'all';
const errors = ['ENOSPC', 'EIO', 'EACCES'] as const;
/** Calls of which a run counts as one in the short run. */
const repeated = new Set(['open', 'write', 'pwrite', 'writev', 'close']);
/** Error numbers of this system. */
const numbers: Readonly<Record<string, number>> = constants.errno;

/** A command that replaces the content of a folder. */
export interface Publication {
  readonly name: string;
  /** Arguments of the command that writes into `target`, in a copy of the demo. */
  args(target: string, version: 'old' | 'new'): readonly string[];
  /** Writes further configs. @param demo the folder of the demo */
  configs?(demo: string): void;
  /** Writes the old files if no command does. @param demo the folder of the demo */
  prepare?(target: string, demo: string): void;
  /** The next run, which removes what a killed run left. */
  next(target: string): Promise<void>;
  /** Calls of the short run, by name; default: all. */
  readonly calls?: readonly string[];
  /** True: inject only kills, no errors. */
  readonly onlyKills?: boolean;
  /** What must hold right after a kill, before the next run. */
  interrupted?(target: string): void;
}

/** A run of manyRuns.cjs. */
interface Run {
  readonly code: number;
  /** Whether its fault happened. */
  readonly happened: boolean;
}

/** SHA-256 by path below a folder. */
type Snapshot = Readonly<Record<string, string>>;

function snapshot(folder: string, below = ''): Snapshot {
  const entries = readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap(
    (entry): [string, string][] => {
      const name = path.join(below, entry.name);
      if (entry.isDirectory()) return [[`${name}/`, ''], ...Object.entries(snapshot(folder, name))];
      return [
        [
          name,
          createHash('sha256')
            .update(readFileSync(path.join(folder, name)))
            .digest('hex'),
        ],
      ];
    },
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The files of a folder, whatever the name of the unfinished one is. */
const withoutNames = (files: Snapshot): [string, string][] =>
  Object.entries(files).map(([name, digest]) => [name.replaceAll(/unfinished-[^/]*/g, 'unfinished'), digest]);

/**
 * Fails and kills a command at every call that changes its folder. Afterwards the folder must have either the old files
 * or the new ones, and nothing else. The errors happen in one process, one after another. A kill leaves the folder as it
 * is before the call, so one run copies it there; the kills at the first and last rename, and at the end, are real.
 */
export function faultTests(publication: Publication): void {
  const lacking =
    process.platform !== 'linux'
      ? 'faults are injected on Linux only'
      : compiler() === undefined
        ? 'gcc is not on PATH'
        : false;
  assert.ok(lacking === false || process.env.CI !== 'true' || process.platform !== 'linux', String(lacking));
  describe(`${publication.name}: the old files or the new ones`, { skip: lacking }, () => {
    let root = '';
    let shim = '';
    let old: Snapshot = {};
    let fresh: Snapshot = {};
    let calls: readonly string[] = [];

    const cli = path.join(dist, 'cli.cjs');
    /** Runs a program with faults. @returns exit code; null if it was killed */
    async function runNode(target: string, args: readonly string[], faults: NodeJS.ProcessEnv): Promise<number | null> {
      const env = {
        ...process.env,
        LC_ALL: 'C',
        TMPDIR: path.join(root, 'temporary'),
        LD_PRELOAD: shim,
        FAULT_BELOW: `${target}/`,
        UV_THREADPOOL_SIZE: '1',
        ...faults,
      };
      return await new Promise((resolve) => {
        execFile(process.execPath, args, { cwd: path.join(root, 'demo'), env }, (error) => {
          resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : null);
        });
      });
    }
    const run = (target: string, version: 'old' | 'new', faults: NodeJS.ProcessEnv = {}): Promise<number | null> =>
      runNode(target, [cli, ...publication.args(target, version)], faults);

    /** The folder that the command writes, always at the same path, because files may name their folder. */
    const emptied = (): string => {
      const target = path.join(root, 'target');
      rmSync(target, { recursive: true, force: true });
      return target;
    };
    /** A copy of the old files. */
    const copy = (): string => {
      const target = emptied();
      cpSync(path.join(root, 'old'), target, { recursive: true });
      return target;
    };
    /** What a run left in another folder. */
    const moved = (files: string): string => {
      const target = emptied();
      renameSync(path.join(root, files), target);
      return target;
    };

    before(async () => {
      root = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-faults-')));
      mkdirSync(path.join(root, 'temporary'));
      shim = path.join(root, 'shim.so');
      execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', shim, path.join(import.meta.dirname, 'shim.c'), '-ldl']);
      execFileSync(process.execPath, [cli, 'demo', path.join(root, 'demo'), '--scale', 'tiny']);
      publication.configs?.(path.join(root, 'demo'));
      mkdirSync(path.join(root, 'old'));
      if (publication.prepare) publication.prepare(path.join(root, 'old'), path.join(root, 'demo'));
      else assert.equal(await run(path.join(root, 'old'), 'old'), 0);
      const target = copy();
      old = snapshot(target);
      const log = path.join(root, 'calls');
      assert.equal(await run(target, 'new', { FAULT_LOG: log }), 0);
      fresh = snapshot(target);
      assert.notDeepEqual(fresh, old);
      calls = readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' ', 1)[0] ?? '');
      assert.ok(calls.includes('rename') && calls.includes('write') && calls.includes('open'), calls.join());
    });
    after(() => {
      rmSync(root, { recursive: true, force: true });
    });

    const numbersOfCalls = (): number[] =>
      calls.flatMap((name, k) =>
        whole || ((publication.calls?.includes(name) ?? true) && (name !== calls[k - 1] || !repeated.has(name)))
          ? [k + 1]
          : [],
      );

    if (publication.onlyKills !== true)
      test('after an error at any call the old files are unchanged', async () => {
        const faults = numbersOfCalls().flatMap((at, k) =>
          (whole ? errors : [errors[k % errors.length] ?? 'EIO']).map((error) => ({ at, error })),
        );
        const results = path.join(root, 'results');
        mkdirSync(results);
        const asked = {
          cli,
          args: publication.args(emptied(), 'new'),
          old: path.join(root, 'old'),
          target: emptied(),
          results,
          faults: faults.map(({ at, error }) => ({ at, error: numbers[error] })),
        };
        const program = path.join(import.meta.dirname, 'manyRuns.cjs');
        assert.equal(await runNode(asked.target, [program, JSON.stringify(asked)], {}), 0);
        const runs = JSON.parse(readFileSync(path.join(results, 'runs.json'), 'utf8')) as readonly Run[];
        assert.equal(runs.length, faults.length);
        for (const [k, { code, happened }] of runs.entries()) {
          const { at, error } = faults[k] ?? assert.fail();
          const what = `${error} at ${at}, ${calls[at - 1] ?? ''}`;
          assert.ok(happened, what);
          const target = moved(`results/${k}`);
          await publication.next(target);
          // A reported failure must not have changed anything.
          assert.deepEqual(snapshot(target), code === 0 ? fresh : old, `${what}: exit code ${code}`);
        }
      });

    test('after a kill at any call there are only old or only new files', async () => {
      const kills = numbersOfCalls();
      const copies = path.join(root, 'copies');
      mkdirSync(copies);
      assert.equal(await run(copy(), 'new', { FAULT_COPIES: copies, FAULT_COPY_AT: kills.join() }), 0);
      // A kill leaves what the copies show. The whole run compares all renames.
      const renames = kills.filter((at) => calls[at - 1] === 'rename');
      for (const at of renames.filter((_, k) => whole || k === 0 || k === renames.length - 1)) {
        const target = copy();
        assert.equal(await run(target, 'new', { FAULT_AT: String(at), FAULT_DO: 'before' }), null);
        assert.deepEqual(withoutNames(snapshot(target)), withoutNames(snapshot(path.join(copies, String(at)))));
      }
      const check = async (target: string, said: string): Promise<void> => {
        publication.interrupted?.(target);
        await publication.next(target);
        const left = snapshot(target);
        if (JSON.stringify(left) !== JSON.stringify(fresh)) assert.deepEqual(left, old, said);
      };
      for (const at of kills) await check(moved(`copies/${at}`), `killed before ${at}, ${calls[at - 1] ?? ''}`);
      const target = copy();
      assert.equal(await run(target, 'new', { FAULT_AT: String(calls.length), FAULT_DO: 'after' }), null);
      await check(target, 'killed at the end');
    });
  });
}

/** Path of gcc. */
function compiler(): string | undefined {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, 'gcc'))
    .find((file) => existsSync(file));
}
