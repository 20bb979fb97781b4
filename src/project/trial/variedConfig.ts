import { applyChanges, setValue } from '../../core/config/edits.ts';
import type { ConfigDocument } from '../../core/config/document.ts';
import { nodeAt, type ConfigPath } from '../../core/config/tree.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { openConfig, type OpenConfig } from '../stage/configSource.ts';

/** Keys at the top of a config. Other paths begin in the stage. */
const topKeys = new Set([
  'version',
  'seed',
  'epoch',
  'timezone',
  'vars',
  'data',
  'events',
  'window',
  'stages',
  'output',
]);

/**
 * The config with another value of one key.
 * @param path keys and indices from 0 with dots between them, from the stage on or from the top:
 *   `negatives.per_positive`
 * @param value as it would be written in the config
 * @throws FailureError if the key cannot be written
 */
export function variedConfig(config: OpenConfig, stage: Stage, path: string, value: string): OpenConfig {
  const steps = path.split('.');
  const { document } = config.read;
  const full = pathIn(document, topKeys.has(steps[0] ?? '') ? steps : ['stages', stage, ...steps]);
  const changes = steps.includes('') ? [] : setValue(document, full, value);
  if (changes.length === 0)
    throw fail('bad-request', message('--vary cannot set the key {0} in this config', path), {
      place: { path: config.source.name },
      advice: message('Write the keys from the stage on, such as {0}.', 'negatives.per_positive=4,8'),
    });
  return openConfig({ ...config.source, text: applyChanges(document.text, changes) });
}

/** The last key of a path, with the indices after it: `events.0` of `negatives.exclude.events.0`. */
export function lastKey(path: string): string {
  return /[^.]+(?:\.\d+)*$/.exec(path)?.[0] ?? path;
}

/** The steps, with numbers where the config has a list. */
function pathIn({ root }: ConfigDocument, steps: readonly string[]): ConfigPath {
  const path: (string | number)[] = [];
  for (const step of steps) path.push(/^\d+$/.test(step) && nodeAt(root, path)?.kind === 'list' ? Number(step) : step);
  return path;
}
