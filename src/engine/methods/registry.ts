import type { EngineMethod } from '../../protocol/engine.ts';
import { answer } from './answer.ts';
import { audit } from './audit.ts';
import { badRows } from './badRows.ts';
import { cell } from './cell.ts';
import { close } from './close.ts';
import { copy } from './copy.ts';
import { count } from './count.ts';
import { demo } from './demo.ts';
import { digest } from './digest.ts';
import { explainPair } from './explainPair.ts';
import { facts } from './facts.ts';
import { handover } from './handover.ts';
import { manifest } from './manifest.ts';
import { metadata } from './metadata.ts';
import type { Method } from './method.ts';
import { open } from './open.ts';
import { page } from './page.ts';
import { preview } from './preview.ts';
import { profile } from './profile.ts';
import { sample } from './sample.ts';
import { sampleUsers } from './sampleUsers.ts';
import { settle } from './settle.ts';
import { sparkInputs } from './sparkInputs.ts';

/** Every method of the protocol. Each has its own file. */
export const methods: { readonly [M in EngineMethod]: Method<M> } = {
  answer,
  audit,
  badRows,
  cell,
  close,
  copy,
  count,
  demo,
  digest,
  explainPair,
  facts,
  handover,
  manifest,
  metadata,
  open,
  page,
  preview,
  profile,
  sample,
  sampleUsers,
  settle,
  sparkInputs,
};
