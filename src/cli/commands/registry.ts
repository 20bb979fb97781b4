import type { Command } from '../command.ts';
import { auditCommand } from './audit.ts';
import { compareCommand } from './compare.ts';
import { demoCommand } from './demo.ts';
import { diffCommand } from './diff.ts';
import { explainCommand } from './explain.ts';
import { handoverCommand } from './handover.ts';
import { inferCommand } from './infer.ts';
import { initCommand } from './init.ts';
import { inspectCommand } from './inspect.ts';
import { lintCommand } from './lint.ts';
import { lockCommand } from './lock.ts';
import { lspCommand } from './lsp.ts';
import { previewCommand } from './preview.ts';
import { sampleCommand } from './sample.ts';
import { sparkCommand } from './spark.ts';
import { trialCommand } from './trial.ts';

/** Every subcommand, in the order of the help. */
export const commands: readonly Command[] = [
  inspectCommand,
  initCommand,
  lintCommand,
  previewCommand,
  explainCommand,
  compareCommand,
  trialCommand,
  sampleCommand,
  sparkCommand,
  lockCommand,
  auditCommand,
  inferCommand,
  diffCommand,
  handoverCommand,
  demoCommand,
  lspCommand,
];
