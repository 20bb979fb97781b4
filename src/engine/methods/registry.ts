import type { EngineMethod } from '../../protocol/engine.ts';
import type { SamplingRequest } from '../../protocol/sampling.ts';
import type { OpenDatasets } from '../answers/openDatasets.ts';
import type { Work } from '../database/connections.ts';
import { unevenPartitions } from '../files/unevenPartitions.ts';
import type { Sampling } from '../preview/openSamplingData.ts';
import { cell } from './cell.ts';
import { count } from './count.ts';
import type { Method } from './method.ts';
import { page } from './page.ts';

/** A method whose code is loaded with its first call: the first page of a file does not wait for it. */
const later =
  <M extends EngineMethod>(load: () => Promise<Method<M>>): Method<M> =>
  async (datasets, params, context) =>
    await (
      await load()
    )(datasets, params, context);

/** The same for a request about a stage. It uses the data that previews keep open. */
const sampled =
  <R extends SamplingRequest, A>(load: () => Promise<(request: R, sampling: Sampling, work: Work) => Promise<A>>) =>
  async (datasets: OpenDatasets, request: R, context: Work): Promise<A> => {
    const answer = await load();
    const data = await datasets.samplingData();
    return await data.use(request, context, async (sampling) => await answer(request, sampling, context));
  };

/** Every method of the protocol. Those that show a file are there from the start. */
export const methods: { readonly [M in EngineMethod]: Method<M> } = {
  answer: later(async () => (await import('./answer.ts')).answer),
  audit: later(async () => (await import('./audit.ts')).audit),
  badRows: async (datasets, { ref, limit }, context) =>
    await (await datasets.get(ref, context)).source.badRows(limit, context),
  cell,
  close: async (datasets, { id }) => {
    await datasets.close(id);
    return null;
  },
  copy: later(async () => (await import('./copy.ts')).copy),
  count,
  demo: async (_datasets, params, { signal = new AbortController().signal, progress = () => undefined }) => {
    const { writeDemo } = await import('../demo/write.ts');
    return await writeDemo(params, { signal, progress });
  },
  digest: later(async () => (await import('./digest.ts')).digest),
  exportRows: later(async () => (await import('../export/exportRows.ts')).exportRows),
  explainPair: sampled(async () => (await import('../preview/explain.ts')).explain),
  facts: async (datasets, { ref }, context) => await (await datasets.get(ref, context)).source.facts(context),
  groups: later(async () => (await import('./groups.ts')).groups),
  handover: async (datasets, request, context) => {
    const { exportForTrainer } = await import('../trainerExport/exportForTrainer.ts');
    return await exportForTrainer(request, datasets.options, context);
  },
  /** Opens the sample and its inputs together, infers, and frees them. */
  inferDraws: async (datasets, request, context) => {
    const { refsOfAudit } = await import('../audit/auditSample.ts');
    const { inferDraws } = await import('../audit/infer/inferDraws.ts');
    return await datasets.together(refsOfAudit(request), context, async (tables) => {
      const answer = await inferDraws(request, tables, context);
      await tables.checkCurrent();
      return answer;
    });
  },
  manifest: async (_datasets, { folder, named }) => {
    const { incompleteExtract, manifestFolder } = await import('../../core/spark/extract/extractFormat.ts');
    const { recordsIn } = await import('../files/sparkFolder.ts');
    return { records: await recordsIn(folder, manifestFolder, named, incompleteExtract) };
  },
  /** Value ranges from the footers, and partition columns with uneven values. */
  metadata: async (datasets, { ref, columns }, context) => {
    const { source, partitions } = await datasets.get(ref, context);
    return { ranges: await source.ranges(columns, context), unevenPartitions: unevenPartitions(partitions) };
  },
  /** Opens files in their current state and describes their content without reading all of it. */
  open: async (datasets, { ref }, context) =>
    (await datasets.get(ref, context, ref.fingerprint === undefined)).describe(ref),
  page,
  preview: sampled(async () => (await import('../preview/drawPreview.ts')).drawPreview),
  profile: later(async () => (await import('./profile.ts')).profile),
  realPaths: async (_datasets, { paths }) => {
    const { realPlace } = await import('../files/pathBelow.ts');
    return await Promise.all(paths.map(async (path) => await realPlace(path)));
  },
  rowGroup: async (datasets, { ref, file, index }, context) =>
    (await (await datasets.get(ref, context)).source.groupStatistics?.(file, index, context)) ?? { total: 0, list: [] },
  sample: async (datasets, request, context) => {
    const { drawFile } = await import('../write/drawFile.ts');
    const { wholeProgress } = await import('../write/wholeProgress.ts');
    return await drawFile(request, datasets.options, {
      ...context,
      progress: wholeProgress(context, request.output),
    });
  },
  sampleItems: sampled(async () => (await import('../preview/findItems.ts')).findItems),
  sampleUsers: sampled(async () => (await import('../preview/findUsers.ts')).findUsers),
  settle: async (datasets, { ref }, context) => {
    const dataset = await datasets.get(ref, context);
    await dataset.source.settle(context);
    return dataset.describe(ref);
  },
  skippedGroups: async (datasets, { ref, view }, context) =>
    (await (await datasets.get(ref, context)).source.skippedGroups?.(view.filter, context)) ?? { total: 0, list: [] },
  sparkInputs: sampled(async () => (await import('../write/sparkInputs.ts')).sparkInputsOf),
  timeline: later(async () => (await import('./timeline.ts')).timeline),
  trial: async (datasets, request, context) => {
    const { runTrial } = await import('../trial/runTrial.ts');
    return await runTrial(request, datasets.options, context);
  },
  userStory: sampled(async () => (await import('../preview/storyOfUser.ts')).storyOfUser),
};
