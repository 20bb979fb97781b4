import { Latest } from '../../src/core/queue/latest.ts';
import { COMPARED, idOfText, userOfText } from '../../src/core/sampling/idOfText.ts';
import type { PreviewRequests, SamplerParams } from '../../src/protocol/preview.ts';
import type { FoundItem, FoundUser, SamplingFacts } from '../../src/protocol/sampling.ts';
import { Observable } from '../observable.ts';
import { itemOfText } from './pairItems.ts';

/** Maximum number of items, and of users, proposed. */
const PROPOSED = 20;

/** Sends one of the requests that search. */
type Search = <M extends 'users' | 'items'>(
  method: M,
  params: PreviewRequests[M]['params'],
  signal?: AbortSignal,
) => Promise<PreviewRequests[M]['result']>;

/** Searches the data for the user and the item of a question about a pair, by id or title. */
export class PairSearch extends Observable {
  items: readonly FoundItem[] = [];
  users: readonly FoundUser[] = [];
  private readonly askingItems = new Latest(() => this.changed());
  private readonly askingUsers = new Latest(() => this.changed());

  constructor(private readonly search: Search) {
    super();
  }

  /** Proposes items for a text that is being typed. A failure appears when the question is asked. */
  proposeItems(params: SamplerParams, text: string): void {
    this.askingItems.ask(async (signal) => {
      this.items = await this.search('items', { ...params, text, limit: PROPOSED }, signal).catch(() => []);
    }, true);
  }

  proposeUsers(params: SamplerParams, text: string): void {
    this.askingUsers.ask(async (signal) => {
      const choice = { kind: 'search', text } as const;
      const answer = this.search('users', { ...params, choice, limit: PROPOSED, without: [] }, signal);
      this.users = await answer.catch(() => []);
    }, true);
  }

  /**
   * The item that a text names: an id, or the title, or a part of the title, of one item. A text that is none of them
   * is an id that the data do not have.
   * @throws FailureError `bad-filter` if several items have the title
   */
  async item(params: SamplerParams, text: string, facts: SamplingFacts | null): Promise<string> {
    if (facts && Object.hasOwn(facts.items, text)) return text;
    // The preview has only some items: another one may have the same title.
    const answer = await this.search('items', { ...params, text, limit: COMPARED, named: true });
    if (answer.length === 0) return itemOfText(text, facts);
    return idOfText(
      text,
      answer.map(({ item, title }) => ({ id: item, title })),
      'items',
    );
  }

  /** The same for a user. `known`: ids that need no search. */
  async user(params: SamplerParams, text: string, known: readonly string[]): Promise<string> {
    if (known.includes(text)) return text;
    return await userOfText(text, (kind) =>
      this.search('users', { ...params, choice: { kind, text }, limit: COMPARED, without: [] }),
    );
  }
}
