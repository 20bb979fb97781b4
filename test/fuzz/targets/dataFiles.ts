import { base64, type Case, type Step } from '../case.ts';
import type { Dice } from '../dice.ts';
import { hostileTexts } from '../hostile.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { mutateText } from '../mutateText.ts';
import type { Target } from '../target.ts';

const filters = [
  'user_id > 3',
  "city = 'city 1'",
  'is_click = 1 and not (item_id < 9007199254740999)',
  'score is null',
  'i between 3 and 9',
  "city like '%1' or price >= -3.5",
  'd18 > 3 and d38 < 100',
  'k = 3',
];

function inspect(dice: Dice, name: string, more: Partial<Extract<Step, { kind: 'cli' }>> = {}): Step[] {
  const json: Step = {
    kind: 'cli',
    args: ['inspect', name, '--digest', '--format', 'json', '--rows', '20'],
    names: name,
    ...more,
  };
  const filtered: Step = { kind: 'cli', args: ['inspect', name, '--where', dice.pick(filters)] };
  return dice.chance(0.3) ? [json, filtered] : [json];
}

const one = (name: string, content: Uint8Array, steps: readonly Step[]): Case => ({
  files: { [name]: base64(content) },
  steps,
});

/** Bytes of Parquet files of every compression, encoding and type. */
const parquet: Target = {
  name: 'parquet',
  short: 70,
  shipped: 0.02,
  mutant(dice, { parquet: files }, rounds) {
    const content = files[dice.pick(Object.keys(files))] ?? new Uint8Array();
    const steps = inspect(dice, 'f.parquet');
    return one('f.parquet', mutateBytes(dice, content, rounds), steps);
  },
};

/** Bytes of Arrow files and streams of every type and compression. */
const arrow: Target = {
  name: 'arrow',
  short: 60,
  shipped: 0.02,
  mutant(dice, { arrow: files }, rounds) {
    const name = dice.pick(Object.keys(files));
    const content = files[name] ?? new Uint8Array();
    return one(name, mutateBytes(dice, content, rounds), inspect(dice, name));
  },
};

/** CSV, TSV and JSON Lines: structure, hostile texts and bytes. */
const text: Target = {
  name: 'text',
  short: 40,
  shipped: 0.02,
  mutant(dice, { text: files }, rounds) {
    const name = dice.pick(Object.keys(files));
    const content = files[name] ?? '';
    const steps = inspect(dice, name);
    return one(
      name,
      dice.chance(0.5)
        ? mutateText(dice, content, rounds)
        : mutateBytes(dice, new TextEncoder().encode(content), rounds),
      steps,
    );
  },
};

/** A format with a checksum: accepted content must have the digest of the original. */
function withChecksum(target: string, ending: string, short: number): Target {
  return {
    name: target,
    short,
    shipped: 0.02,
    mutant(dice, { compressed: files, digests }, rounds) {
      const name = dice.pick(Object.keys(files).filter((one) => one.endsWith(ending)));
      const digest = digests[name];
      const steps: Step[] = [
        {
          kind: 'cli',
          args: ['inspect', name, '--digest', '--format', 'json'],
          names: name,
          ...(digest === undefined ? {} : { digest }),
        },
      ];
      return one(name, mutateBytes(dice, files[name] ?? new Uint8Array(), Math.min(rounds, 2)), steps);
    },
  };
}

/** Names that a file system accepts: no slash, no NUL, not too long. */
const names = hostileTexts
  .map((name) => name.replaceAll('/', '∕').replaceAll('\0', '').slice(0, 60))
  .filter((name) => name !== '' && name !== '.' && name !== '..');

/** Partitioned folders with odd names, mutated files and links in circles. */
const folders: Target = {
  name: 'folders',
  short: 25,
  mutant(dice, { parquet: files }, rounds) {
    const contents = Object.values(files);
    const odd = (): string =>
      dice.pick([
        `dt=${dice.pick(names)}`,
        dice.pick(names),
        'dt=2026-11-01',
        'dt=2026-11-02/hour=3',
        'dt=1/dt=2',
        '=x',
        'dt=',
        '_temporary',
        '.hidden',
      ]);
    const paths = Array.from(
      { length: 1 + dice.below(5) },
      () => `s/${odd()}/${dice.pick(['part-0.parquet', `${dice.pick(names)}.parquet`, '_SUCCESS', 'part.csv'])}`,
    );
    const same = dice.pick(contents);
    const made = paths.map(
      (path) => [path, base64(dice.chance(0.3) ? mutateBytes(dice, dice.pick(contents), rounds) : same)] as const,
    );
    const links = dice.chance(0.3)
      ? {
          's/a': dice.pick(['.', '..', '/dev', 'b', '../s', '/proc/self']),
          's/b': dice.pick(['a', '.', 'missing', '../../demo']),
        }
      : {};
    const asked = dice.pick(['s', 's', 's/**/*.parquet', 's/*/*', 's/dt=*/*.parquet', 's/[', `s/${dice.pick(names)}`]);
    return {
      files: Object.fromEntries(made),
      links,
      steps: [{ kind: 'cli', args: ['inspect', '--digest', '--format', 'json', '--', asked] }],
    };
  },
};

export const dataFileTargets = [
  parquet,
  arrow,
  text,
  withChecksum('gzip', '.gz', 60),
  withChecksum('zstd', '.zst', 60),
  folders,
];
