import type {
  CompareAnswer,
  PreviewRequests,
  PreviewState,
  SamplerParams,
  SamplerSummary,
} from '../../src/protocol/preview.ts';
import type { Preview, PreviewUser } from '../../src/protocol/sampling.ts';
import { otherParams } from './sides.ts';

/** Groups per user in the first answer; the rest is requested on demand. */
const groupsAtOnce = 200;

/** The draws for the chosen users. */
export interface DrawnUsers {
  readonly sampler: SamplerSummary;
  readonly preview: Preview;
  /** Null if there is no comparison. */
  readonly comparison: CompareAnswer | null;
}

type Request = <M extends 'preview' | 'compare'>(
  method: M,
  params: PreviewRequests[M]['params'],
  signal: AbortSignal,
) => Promise<PreviewRequests[M]['result']>;

/** Asks the host to draw for the chosen users, with one config or two. */
export class UserDrawing {
  /** Log users for whom all groups were requested. */
  readonly #whole = new Set<string>();

  constructor(private readonly request: Request) {}

  wantWhole(user: string): void {
    this.#whole.add(user);
  }

  async draw(state: PreviewState, params: SamplerParams, signal: AbortSignal): Promise<DrawnUsers> {
    const { users } = state;
    if (state.mode === 'compare') {
      const other = otherParams(state);
      const comparison = await this.request(
        'compare',
        state.swapped ? { a: params, b: other, users, own: 'a' } : { a: other, b: params, users, own: 'b' },
        signal,
      );
      const { sampler, preview } = state.swapped ? comparison.a : comparison.b;
      return { sampler, preview, comparison };
    }
    const { sampler, preview } = await this.request('preview', { ...params, users, groupLimit: groupsAtOnce }, signal);
    return { sampler, preview: await this.#completed(preview, params, signal), comparison: null };
  }

  /** Adds all groups for the users for whom they were requested. */
  async #completed(preview: Preview, params: SamplerParams, signal: AbortSignal): Promise<Preview> {
    const expandedUsers = preview.users
      .filter(({ user, groups, groupCount }) => this.#whole.has(user) && groups.length < groupCount)
      .map(({ user }) => user);
    if (expandedUsers.length === 0) return preview;
    const fullPreview = (await this.request('preview', { ...params, users: expandedUsers, groupLimit: null }, signal))
      .preview;
    const { passed } = preview;
    const fullUsers = new Map(
      fullPreview.users.map((user) => [user.user, withSourceOffset(user, passed?.sources.length ?? 0)]),
    );
    return {
      ...preview,
      ...(passed && fullPreview.passed
        ? { passed: { ...passed, sources: [...passed.sources, ...fullPreview.passed.sources] } }
        : {}),
      users: preview.users.map((user) => fullUsers.get(user.user) ?? user),
      facts: { ...preview.facts, items: { ...preview.facts.items, ...fullPreview.facts.items } },
    };
  }
}

/** A user of another answer, whose source rows are appended after `count` others. */
function withSourceOffset(user: PreviewUser, count: number): PreviewUser {
  if (count === 0) return user;
  return {
    ...user,
    groups: user.groups.map((group) => ({
      ...group,
      rows: group.rows.map((row) =>
        row.passed
          ? {
              ...row,
              passed: row.passed.map((cell) =>
                cell.source === null ? cell : { ...cell, source: cell.source + count },
              ),
            }
          : row,
      ),
    })),
  };
}
