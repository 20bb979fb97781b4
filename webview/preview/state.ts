import { stages } from '../../src/core/schema/stage.ts';
import type { ConfigText, PreviewStart, PreviewState } from '../../src/protocol/preview.ts';

/**
 * The initial state of a preview: the saved state of the same config, else what it was opened for. The users are those
 * that the host remembers.
 */
export function beginningState(start: PreviewStart, kept: unknown): PreviewState {
  const state =
    [start.state, kept]
      .map(readState)
      .find(
        (candidate) =>
          candidate?.config.uri === start.config.uri && (candidate.extract ?? null) === (start.extract?.folder ?? null),
      ) ?? null;
  const users = start.users.length > 0 ? start.users : (state?.users ?? []);
  const fresh: PreviewState = {
    version: 1,
    config: start.config,
    stage: start.stage,
    seed: null,
    epoch: null,
    split: start.extract?.split ?? 'train',
    extract: start.extract?.folder ?? null,
    users,
    user: users[0] ?? null,
    mode: start.mode,
    other: null,
    swapped: false,
    columns: null,
  };
  if (!state) return fresh;
  return {
    ...state,
    extract: fresh.extract ?? null,
    users,
    user: state.user !== null && users.includes(state.user) ? state.user : fresh.user,
  };
}

/** The saved state; null if it is invalid or from another version. */
export function readState(kept: unknown): PreviewState | null {
  if (!isRecord(kept) || kept['version'] !== 1) return null;
  const config = readConfig(kept['config']);
  const stage = stages.find((name) => name === kept['stage']);
  if (!config || !stage) return null;
  const { mode, other, epoch } = kept;
  const otherConfig = isRecord(other) ? readConfig(other['config']) : null;
  return {
    version: 1,
    config,
    stage,
    seed: text(kept['seed']),
    epoch: typeof epoch === 'number' && Number.isSafeInteger(epoch) && epoch >= 0 ? epoch : null,
    split: kept['split'] === 'eval' ? 'eval' : 'train',
    extract: text(kept['extract']),
    users: Array.isArray(kept['users']) ? texts(kept['users']) : [],
    user: text(kept['user']),
    mode: mode === 'compare' || mode === 'explain' || mode === 'story' ? mode : 'preview',
    other: otherConfig ? { config: otherConfig, seed: isRecord(other) ? text(other['seed']) : null } : null,
    swapped: kept['swapped'] === true,
    columns: Array.isArray(kept['columns']) ? texts(kept['columns']) : null,
  };
}

function readConfig(kept: unknown): ConfigText | null {
  if (!isRecord(kept) || typeof kept['uri'] !== 'string') return null;
  const { at } = kept;
  return {
    uri: kept['uri'],
    ...(kept['saved'] === true ? { saved: true } : {}),
    ...(at === 'opened' || at === 'head' ? { at } : {}),
  };
}

const texts = (values: readonly unknown[]): string[] =>
  values.filter((value): value is string => typeof value === 'string');
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
