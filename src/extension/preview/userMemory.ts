import type * as vscode from 'vscode';

const KEY = 'recsample.previewUsers';
/** Data sets of which users are remembered; the one that was not used for longest makes room. */
const MOST = 50;

/** The users of previews, by the log that they are from, kept with the workspace. Two configs on one log share them. */
export class UserMemory {
  constructor(private readonly state: vscode.Memento) {}

  /** `log`: absolute path of the impressions. */
  get(log: string): readonly string[] {
    return this.#all().find(([name]) => name === log)?.[1] ?? [];
  }

  async set(log: string, users: readonly string[]): Promise<void> {
    const others = this.#all().filter(([name]) => name !== log);
    await this.state.update(KEY, users.length === 0 ? others : [[log, users] as const, ...others].slice(0, MOST));
  }

  #all(): readonly (readonly [log: string, users: readonly string[]])[] {
    return this.state.get<readonly (readonly [string, readonly string[]])[]>(KEY, []);
  }
}
