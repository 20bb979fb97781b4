import type { PreviewRequests, PreviewState, SamplerParams } from '../../src/protocol/preview.ts';
import type { FoundUser, Preview, UserChoice } from '../../src/protocol/sampling.ts';
import { isCancelled } from '../channel.ts';
import { t } from '../strings.ts';
import { randomWord } from './random.ts';

/** The parts of the panel that `ChosenUsers` uses. */
interface Panel {
  readonly state: PreviewState | null;
  readonly preview: Preview | null;
  readonly params: SamplerParams | null;
  request(method: 'users', params: PreviewRequests['users']['params']): Promise<readonly FoundUser[]>;
  act<M extends 'users' | 'pickUsers' | 'pickUser'>(
    method: M,
    params: PreviewRequests[M]['params'],
    then: (result: PreviewRequests[M]['result']) => void,
  ): void;
  say(text: string): void;
  /** Saves a change of the state without drawing. */
  keep(change: Partial<PreviewState>): void;
  /** Saves a change of the state and draws. */
  set(change: Partial<PreviewState>): void;
  /** Tells the host which users to remember. */
  remember(users: readonly string[]): void;
}

/** The users to draw for: add, remove, step through. The host remembers them. */
export class ChosenUsers {
  /** Facts from the search for users, until their draws arrive. */
  private readonly foundUsers = new Map<string, FoundUser>();
  /** True while the first users are looked for. */
  isProposing = false;

  constructor(private readonly model: Panel) {}

  factsOf(user: string): { readonly impressions: number; readonly positiveImpressions: number } | null {
    return this.model.preview?.users.find((each) => each.user === user) ?? this.foundUsers.get(user) ?? null;
  }

  add(choice: UserChoice): void {
    const { params, state } = this.model;
    if (params && state)
      this.model.act('users', { ...params, choice, limit: 1, without: state.users }, (found) => {
        if (found.length === 0) this.model.say(t('No other users found'));
        this.take(found);
      });
  }

  /**
   * Proposes users of a log for which the host remembers none: the heaviest, the coldest and a random one, in one
   * drawing. If they are not found, the buttons that add users report why.
   */
  async propose(): Promise<void> {
    const { params } = this.model;
    if (!params) return;
    this.isProposing = true;
    this.model.keep({});
    const users: FoundUser[] = [];
    const choices: UserChoice[] = [{ kind: 'heaviest' }, { kind: 'coldest' }, { kind: 'random', salt: randomWord() }];
    try {
      for (const choice of choices) {
        const without = users.map(({ user }) => user);
        users.push(...(await this.model.request('users', { ...params, choice, limit: 1, without })));
      }
    } catch (error) {
      // If the data cannot be read, those that were found are drawn, and the buttons report why.
      if (isCancelled(error)) users.length = 0;
    }
    this.isProposing = false;
    if (this.model.state?.users.length === 0) this.take(users);
    this.model.keep({});
  }

  addRandom(): void {
    this.add({ kind: 'random', salt: randomWord() });
  }
  pick(): void {
    const { params, state } = this.model;
    if (params && state)
      this.model.act('pickUsers', { ...params, without: state.users }, (found) => this.take(found ?? []));
  }

  /** Asks for a user and shows the story. If the question is dismissed, nothing changes. */
  pickStory(): void {
    const { params } = this.model;
    if (params)
      this.model.act('pickUser', params, (found) => {
        if (!found) return;
        this.foundUsers.set(found.user, found);
        this.showStory(found.user);
      });
  }

  /** Shows the story of a user, who is added if new. */
  showStory(user: string): void {
    const { state } = this.model;
    if (!state) return;
    if (state.users.includes(user)) this.model.keep({ user });
    else this.set([...state.users, user], user);
    this.model.keep({ mode: 'story' });
  }

  remove(user: string): void {
    const { state } = this.model;
    if (!state) return;
    const index = state.users.indexOf(user);
    const users = state.users.filter((each) => each !== user);
    this.set(users, state.user === user ? (users[Math.min(index, users.length - 1)] ?? null) : state.user);
  }

  choose(user: string): void {
    if (user !== this.model.state?.user) this.model.keep({ user });
  }

  /** Selects the next or the previous user. */
  step(step: 1 | -1): void {
    const { state } = this.model;
    if (!state || state.users.length === 0) return;
    const index = state.users.indexOf(state.user ?? '') + step;
    this.choose(state.users[Math.min(state.users.length - 1, Math.max(0, index))] ?? '');
  }

  private take(found: readonly FoundUser[]): void {
    const { state } = this.model;
    const added = found.filter(({ user }) => state?.users.includes(user) === false);
    if (!state || added.length === 0) return;
    for (const user of added) this.foundUsers.set(user.user, user);
    this.set([...state.users, ...added.map(({ user }) => user)], added[0]?.user ?? state.user);
  }

  private set(users: readonly string[], user: string | null): void {
    this.model.remember(users);
    this.model.set({ users, user });
  }
}
