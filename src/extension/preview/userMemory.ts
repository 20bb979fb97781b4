import type * as vscode from 'vscode';

const KEY = 'recsample.previewUsers';
/** Maximum number of logs whose users are remembered; the least recently used is dropped. */
const MAX_LOGS = 50;

/** The users of previews, by their log, stored with the workspace. Two configs on the same log share them. */
export class UserMemory {
  constructor(private readonly state: vscode.Memento) {}

  /** `log`: absolute path of the impressions. */
  get(log: string): readonly string[] {
    return this.#all().find(([name]) => name === log)?.[1] ?? [];
  }

  async set(log: string, users: readonly string[]): Promise<void> {
    const others = this.#all().filter(([name]) => name !== log);
    await this.state.update(KEY, users.length === 0 ? others : [[log, users] as const, ...others].slice(0, MAX_LOGS));
  }

  #all(): readonly (readonly [log: string, users: readonly string[]])[] {
    return this.state.get<readonly (readonly [string, readonly string[]])[]>(KEY, []);
  }
}
