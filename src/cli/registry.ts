import type { Command } from './command.ts';
import { auditCommand } from './commands/audit.ts';
import { compareCommand } from './commands/compare.ts';
import { demoCommand } from './commands/demo.ts';
import { diffCommand } from './commands/diff.ts';
import { explainCommand } from './commands/explain.ts';
import { handoverCommand } from './commands/handover.ts';
import { inferCommand } from './commands/infer.ts';
import { initCommand } from './commands/init.ts';
import { inspectCommand } from './commands/inspect.ts';
import { lintCommand } from './commands/lint.ts';
import { lockCommand } from './commands/lock.ts';
import { lspCommand } from './commands/lsp.ts';
import { previewCommand } from './commands/preview.ts';
import { sampleCommand } from './commands/sample.ts';
import { sparkCommand } from './commands/spark.ts';
import { trialCommand } from './commands/trial.ts';

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
