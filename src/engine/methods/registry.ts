import type { EngineMethod } from '../../protocol/engine.ts';
import { badRows } from './badRows.ts';
import { cell } from './cell.ts';
import { close } from './close.ts';
import { count } from './count.ts';
import { metadata } from './metadata.ts';
import type { Method } from './method.ts';
import { open } from './open.ts';
import { page } from './page.ts';
import { settle } from './settle.ts';

/** A method whose code is loaded with its first call: the first page of a file does not wait for it. */
const later =
  <M extends EngineMethod>(load: () => Promise<Method<M>>): Method<M> =>
  async (datasets, params, context) =>
    await (
      await load()
    )(datasets, params, context);

/** Every method of the protocol. Each has its own file. Those that show a file are there from the start. */
export const methods: { readonly [M in EngineMethod]: Method<M> } = {
  answer: later(async () => (await import('./answer.ts')).answer),
  audit: later(async () => (await import('./audit.ts')).audit),
  badRows,
  cell,
  close,
  copy: later(async () => (await import('./copy.ts')).copy),
  count,
  demo: later(async () => (await import('./demo.ts')).demo),
  digest: later(async () => (await import('./digest.ts')).digest),
  exportRows: later(async () => (await import('./exportRows.ts')).exportRows),
  explainPair: later(async () => (await import('./explainPair.ts')).explainPair),
  facts: later(async () => (await import('./facts.ts')).facts),
  groups: later(async () => (await import('./groups.ts')).groups),
  handover: later(async () => (await import('./handover.ts')).handover),
  inferDraws: later(async () => (await import('./inferDraws.ts')).inferDraws),
  manifest: later(async () => (await import('./manifest.ts')).manifest),
  metadata,
  open,
  page,
  preview: later(async () => (await import('./preview.ts')).preview),
  profile: later(async () => (await import('./profile.ts')).profile),
  realPaths: later(async () => (await import('./realPaths.ts')).realPaths),
  rowGroup: later(async () => (await import('./rowGroup.ts')).rowGroup),
  sample: later(async () => (await import('./sample.ts')).sample),
  sampleItems: later(async () => (await import('./sampleItems.ts')).sampleItems),
  sampleUsers: later(async () => (await import('./sampleUsers.ts')).sampleUsers),
  settle,
  skippedGroups: later(async () => (await import('./skippedGroups.ts')).skippedGroups),
  sparkInputs: later(async () => (await import('./sparkInputs.ts')).sparkInputs),
  timeline: later(async () => (await import('./timeline.ts')).timeline),
  trial: later(async () => (await import('./trial.ts')).trial),
  userStory: later(async () => (await import('./userStory.ts')).userStory),
};
