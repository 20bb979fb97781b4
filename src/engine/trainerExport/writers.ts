import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { Trainer } from '../../protocol/handover.ts';
import { refuseWithoutPool, writeGraphLearn } from './graphLearn.ts';
import type { GraphLearnTrainer } from './graphLearnNodes.ts';
import type { ExportedFiles, ExportJob } from './exportJob.ts';
import { writeRecBole } from './recBole.ts';

/** Writes the files of one trainer. */
interface Writer {
  /**
   * Runs before any row is drawn.
   * @throws FailureError if the trainer has no files for such a plan
   */
  check(plan: StagePlan): void;
  write(job: ExportJob): Promise<ExportedFiles>;
}

const graphLearn = (trainer: GraphLearnTrainer): Writer => ({
  check: refuseWithoutPool,
  write: async (job) => await writeGraphLearn(job, trainer),
});

/** Every supported trainer. */
export const writers: { readonly [T in Trainer]: Writer } = {
  easyrec: graphLearn({ listSeparator: '|', textIds: false }),
  torcheasyrec: graphLearn({ listSeparator: '\u001d', textIds: true }),
  recbole: { check: () => undefined, write: writeRecBole },
};
