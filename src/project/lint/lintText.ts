import { FactsCache } from '../facts/factsCache.ts';
import type { ConfigSource } from '../stage/configSource.ts';
import { lintFile, type LintedConfig } from './lintFile.ts';
import { policyTextWithin } from './policyText.ts';

/** Lints the text of a config and its policy, without its data. @throws FailureError only `cancelled` */
export function lintText(
  { path, text, language, root, variables }: ConfigSource,
  signal?: AbortSignal,
): Promise<LintedConfig> {
  return lintFile(
    { path, text, language },
    {
      level: 'none',
      root,
      trusted: true,
      engine: null,
      cache: new FactsCache(),
      readText: policyTextWithin(root),
      ...(variables ? { set: variables } : {}),
      ...(signal ? { signal } : {}),
    },
  );
}
