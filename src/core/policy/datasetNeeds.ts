import type { DatasetName } from '../config/definition/data.ts';
import { datasetsOf, stageOfSamples } from '../data/dataColumns.ts';
import type { KnownDataset } from '../data/columnKinds.ts';
import type { Need } from '../data/need.ts';
import type { RuleContext } from './rule.ts';

type Context = Pick<RuleContext, 'config' | 'facts'>;

/**
 * Needs of a rule that checks several data sets as far as each is known: each must have been probed. Spark tables are
 * left to the Spark job, and sample files that do not exist yet are skipped.
 */
export function datasetNeeds({ config, facts }: Context, names: readonly DatasetName[] = datasetsOf(config)): Need[] {
  return names
    .filter((name) => {
      const file = facts.dataset(name);
      return (
        !(file?.state === 'closed' && file.reason === 'table') &&
        !(file?.state === 'missing' && stageOfSamples(name) !== null)
      );
    })
    .map((probed) => ({ probed }));
}

/** The data sets of a config whose columns are known. */
export function knownDatasets({ config, facts }: Context): (readonly [DatasetName, KnownDataset])[] {
  return datasetsOf(config).flatMap((name) => {
    const file = facts.dataset(name);
    return file?.state === 'known' ? [[name, file] as const] : [];
  });
}
