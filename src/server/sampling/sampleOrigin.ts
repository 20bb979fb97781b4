import { createHash } from 'node:crypto';
import path from 'node:path';
import type { SampleOrigin } from '../../protocol/sampling.ts';

/** A config that samples are drawn from. */
interface DrawnConfig {
  /** Of the product. */
  readonly version: string;
  /** Of the config, as it was read. */
  readonly text: string;
  /** Absolute: where the config lies, and the folder of its project. */
  readonly file: string;
  readonly root: string;
  /** Values given beside it, of variables that it has. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What the lock file of a sample file says of its config. */
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
