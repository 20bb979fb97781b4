import * as vscode from 'vscode';
import type { EngineSettings } from '../protocol/wire.ts';
import { settings } from './ids.ts';

/** The user's settings, read again on each call. */
export function engineSettings(): EngineSettings {
  const configuration = vscode.workspace.getConfiguration();
  return {
    memoryLimit: configuration.get<string>(settings.memoryLimit, ''),
    threads: configuration.get<number>(settings.threads, 0),
  };
}

export interface SearchSettings {
  /** Globs to skip. */
  readonly exclude: readonly string[];
  readonly maxFiles: number;
}

export function searchSettings(): SearchSettings {
  const configuration = vscode.workspace.getConfiguration();
  return {
    exclude: configuration.get<string[]>(settings.exclude, []),
    maxFiles: configuration.get<number>(settings.maxFiles, 1000),
  };
}
