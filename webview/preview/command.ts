import { quoteForShell } from '../../src/core/report/quoteForShell.ts';
import { writtenId } from '../../src/core/sampling/idList.ts';
import type { ConfigText, PreviewState } from '../../src/protocol/preview.ts';
import { otherParams } from './sides.ts';

/** The command line that prints what the panel shows. */
export function previewCommand(state: PreviewState): string {
  return [
    'recsample',
    'preview',
    pathOf(state.config),
    '--stage',
    state.stage,
    ...splitOf(state),
    ...(state.extract ? ['--extract', state.extract] : []),
    ...usersOf(state),
    ...seedOf('--seed', state.seed),
    ...epochOf(state),
  ]
    .map(quoteForShell)
    .join(' ');
}

/**
 * The command line of a comparison. Null if no command can express it: the command line reads saved files, so two sides
 * of one config can differ only in their seeds. `own`: the seed in the config of this side; written out if B would use
 * A's seed otherwise.
 */
export function compareCommand(state: PreviewState, own: string | null): string | null {
  const other = otherParams(state);
  // recsample compare reads the files of the configs.
  if (state.extract) return null;
  if (state.config.at !== undefined || other.config.at !== undefined) return null;
  const sides = [
    { path: pathOf(other.config), seed: other.seed ?? null },
    { path: pathOf(state.config), seed: state.seed },
  ];
  const [a, b] = state.swapped ? [...sides].reverse() : sides;
  if (!a || !b || (a.path === b.path && a.seed === b.seed)) return null;
  const seedOfB = b.seed ?? (a.seed === null ? null : own);
  if (a.seed !== null && seedOfB === null) return null;
  return [
    'recsample',
    'compare',
    a.path,
    ...(a.path === b.path ? [] : [b.path]),
    '--stage',
    state.stage,
    ...splitOf(state),
    ...usersOf(state),
    ...seedOf('--seed', a.seed),
    ...(a.seed === seedOfB ? [] : seedOf('--seed-b', seedOfB)),
    ...epochOf(state),
  ]
    .map(quoteForShell)
    .join(' ');
}

const usersOf = ({ users }: PreviewState): string[] => users.flatMap((user) => ['--users', writtenId(user)]);
const seedOf = (flag: string, seed: string | null): string[] => (seed === null ? [] : [flag, seed]);
const splitOf = ({ split }: PreviewState): string[] => (split === 'train' ? [] : ['--split', split]);
const epochOf = ({ epoch }: PreviewState): string[] => (epoch === null ? [] : ['--epoch', String(epoch)]);

/** The path of a file on this machine; other addresses unchanged. */
function pathOf({ uri }: ConfigText): string {
  if (!uri.startsWith('file:///')) return uri;
  const path = decodeURIComponent(uri.slice('file://'.length));
  return /^\/[a-z]:/i.test(path) ? path.slice(1) : path;
}
