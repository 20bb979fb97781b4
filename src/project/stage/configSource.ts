import { hasVariable } from '../../core/config/variables.ts';
import type { ConfigLanguage } from '../../core/config/document.ts';
import { readConfig, type ReadConfig } from '../../core/config/read.ts';

/** The text of a config, and where the config is. */
export interface ConfigSource {
  /** Absolute; null if the config is not a file on this machine. */
  readonly path: string | null;
  /** How failures name the config: an absolute path, a URI, or the path as given. */
  readonly name: string;
  readonly text: string;
  readonly language: ConfigLanguage;
  /** The folder that must contain the data: `projectRoot`. Null if the config is not a file. */
  readonly root: string | null;
  /** Values of `--set`. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A config whose text was read. */
export interface OpenConfig {
  readonly source: ConfigSource;
  readonly read: ReadConfig;
}

export function openConfig(source: ConfigSource): OpenConfig {
  const { text, language, variables } = source;
  return { source, read: readConfig(text, { language, ...(variables ? { set: variables } : {}) }) };
}

/** The values of `--set` that the config has a variable for. */
export function usedVariables({ source, read }: OpenConfig): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(source.variables ?? {}).filter(([name]) => hasVariable(read.document, name)),
  );
}

/** The names of `--set` that the config has no variable for. */
export function unusedVariables({ source, read }: OpenConfig): readonly string[] {
  return Object.keys(source.variables ?? {}).filter((name) => !hasVariable(read.document, name));
}
