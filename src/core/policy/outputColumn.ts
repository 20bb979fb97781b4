import { columnNamed } from '../data/columnKinds.ts';
import { negativeName } from '../data/columnOwner.ts';
import { dataColumn, sampleName } from '../data/dataColumns.ts';
import type { OutputRole } from '../data/outputName.ts';
import type { RuleContext } from './rule.ts';

/** Name of a column that sampling writes, if the sample file of the stage has it; else null. */
export function outputColumn({ config, stage, facts }: RuleContext, role: OutputRole): string | null {
  const dataset = sampleName(stage.name);
  const file = facts.dataset(dataset);
  const name = dataColumn(config, dataset, role)?.name ?? role;
  return file?.state === 'known' &&
    [name, negativeName(name)].some((candidate) => columnNamed(file, candidate) !== undefined)
    ? name
    : null;
}
