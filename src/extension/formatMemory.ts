import type * as vscode from 'vscode';
import { ownValue } from '../core/ownValue.ts';
import type { DatasetRef } from '../protocol/datasetRef.ts';

type Format = NonNullable<DatasetRef['format']>;
const KEY = 'recsample.formats';

/** The formats that the user opens files in although their names say others, by path, stored with the workspace. */
export class FormatMemory {
  constructor(private readonly state: vscode.Memento) {}

  get(path: string): Format | undefined {
    return ownValue(this.#all(), path);
  }

  /** Undefined: the format of the name again. */
  async set(path: string, format: Format | undefined): Promise<void> {
    const others = Object.entries(this.#all()).filter(([other]) => other !== path);
    await this.state.update(
      KEY,
      Object.fromEntries(format === undefined ? others : [...others, [path, format] as const]),
    );
  }

  #all(): Readonly<Record<string, Format>> {
    return this.state.get<Record<string, Format>>(KEY, {});
  }
}
