import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

const dist = process.env.RECSAMPLE_DIST ?? path.join(import.meta.dirname, '../../dist');
/**
 * True: every error at every call. False: one error per call, and only one call of each run of calls with the same
 * name.
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

/**
 * Fails and kills a command at every call that changes its folder. Afterwards the folder must have either the old files
 * or the new ones, and nothing else.
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

    interface Fault {
      readonly at: number;
      readonly what: string;
    }
    /** @returns exit code; null if it was killed */
    async function run(target: string, version: 'old' | 'new', fault?: Fault, log?: string): Promise<number | null> {
      const env = {
        ...process.env,
        LC_ALL: 'C',
        TMPDIR: path.join(root, 'temporary'),
        LD_PRELOAD: shim,
        FAULT_BELOW: `${target}/`,
        UV_THREADPOOL_SIZE: '1',
        ...(fault ? { FAULT_AT: String(fault.at), FAULT_DO: fault.what } : {}),
        ...(log === undefined ? {} : { FAULT_LOG: log }),
      };
      return await new Promise((resolve) => {
        execFile(
          process.execPath,
          [path.join(dist, 'cli.cjs'), ...publication.args(target, version)],
          { cwd: path.join(root, 'demo'), env },
          (error) => {
            resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : null);
          },
        );
      });
    }
    /** A copy of the old files, always at the same path, because files may name their folder. */
    function copy(): string {
      const target = path.join(root, 'target');
      rmSync(target, { recursive: true, force: true });
      cpSync(path.join(root, 'old'), target, { recursive: true });
      return target;
    }

    before(async () => {
      root = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-faults-')));
      mkdirSync(path.join(root, 'temporary'));
      shim = path.join(root, 'shim.so');
      execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', shim, path.join(import.meta.dirname, 'shim.c'), '-ldl']);
      execFileSync(process.execPath, [path.join(dist, 'cli.cjs'), 'demo', path.join(root, 'demo'), '--scale', 'tiny']);
      publication.configs?.(path.join(root, 'demo'));
      mkdirSync(path.join(root, 'old'));
      if (publication.prepare) publication.prepare(path.join(root, 'old'), path.join(root, 'demo'));
      else assert.equal(await run(path.join(root, 'old'), 'old'), 0);
      const target = copy();
      old = snapshot(target);
      const log = path.join(root, 'calls');
      assert.equal(await run(target, 'new', undefined, log), 0);
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
        for (const [k, at] of numbersOfCalls().entries()) {
          for (const error of whole ? errors : [errors[k % errors.length] ?? 'EIO']) {
            const what = `${error} at ${at}, ${calls[at - 1] ?? ''}`;
            const target = copy();
            const code = await run(target, 'new', { at, what: String(numbers[error]) });
            assert.notEqual(code, null, what);
            await publication.next(target);
            // A reported failure must not have changed anything.
            assert.deepEqual(snapshot(target), code === 0 ? fresh : old, `${what}: exit code ${String(code)}`);
          }
        }
      });

    test('after a kill at any call there are only old or only new files', async () => {
      const kills = [...numbersOfCalls().map((at) => ({ at, what: 'before' })), { at: calls.length, what: 'after' }];
      for (const { at, what } of kills) {
        const said = `killed ${what} ${at}, ${calls[at - 1] ?? ''}`;
        const target = copy();
        assert.equal(await run(target, 'new', { at, what }), null, said);
        publication.interrupted?.(target);
        await publication.next(target);
        const left = snapshot(target);
        if (JSON.stringify(left) !== JSON.stringify(fresh)) assert.deepEqual(left, old, said);
      }
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
