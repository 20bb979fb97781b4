import { createHash } from 'node:crypto';
import path from 'node:path';
import type { SampleOrigin } from '../../protocol/sampling.ts';

/** The config that samples are drawn from. */
interface DrawnConfig {
  /** The version of RecSample. */
  readonly version: string;
  /** The text of the config, as it was read. */
  readonly text: string;
  /** Absolute paths of the config and of its project folder. */
  readonly file: string;
  readonly root: string;
  /** Values passed with `--set` for variables of the config. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The config section of a sample file's lock file. */
export function sampleOrigin({ version, text, file, root, variables = {} }: DrawnConfig): SampleOrigin {
  return {
    generator: `recsample ${version}`,
    config: {
      path: path.relative(root, file).replaceAll(path.sep, '/'),
      sha256: createHash('sha256').update(text).digest('hex'),
      variables,
    },
    folder: path.dirname(file),
  };
}
