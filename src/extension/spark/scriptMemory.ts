import type * as vscode from 'vscode';
import type { Stage } from '../../core/schema/stage.ts';
import type { Split } from '../../protocol/preview.ts';

const KEY = 'recsample.sparkJobs';
/** Maximum number of jobs that are remembered; the oldest is dropped. */
const MAX_SCRIPTS = 50;

/** The stage that a file of a Spark job was written from. `config`: its URI. */
export interface ScriptOrigin {
  readonly config: string;
  readonly stage: Stage;
  readonly split: Split;
}

interface WrittenScript extends ScriptOrigin {
  /** Absolute path. */
  readonly file: string;
}

/** Files of Spark jobs that were written from this workspace, stored with it. */
export class ScriptMemory {
  constructor(private readonly state: vscode.Memento) {}

  /** Absolute paths, the latest first. Some may have been deleted. */
  get files(): readonly string[] {
    return [...new Set(this.#all().map(({ file }) => file))];
  }

  /** The file that the job of a stage was written to last. */
  fileOf(origin: ScriptOrigin): string | null {
    return this.#all().find((one) => isSame(one, origin))?.file ?? null;
  }

  async remember(origin: ScriptOrigin, file: string): Promise<void> {
    const others = this.#all().filter((one) => !isSame(one, origin) && one.file !== file);
    await this.state.update(KEY, [{ ...origin, file }, ...others].slice(0, MAX_SCRIPTS));
  }

  #all(): readonly WrittenScript[] {
    return this.state.get<readonly WrittenScript[]>(KEY, []);
  }
}

function isSame(a: ScriptOrigin, b: ScriptOrigin): boolean {
  return a.config === b.config && a.stage === b.stage && a.split === b.split;
}
