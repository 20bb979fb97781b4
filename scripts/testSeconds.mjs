// How long the long jobs of a test run take, so that the longest start first and the processors are busy to the end.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';
import { ScriptError } from './process.mjs';

/** Processor seconds as a run prints them: only the order matters. Files of tests that are not here take less. */
const seconds = {
  'types and rules': 31,
  format: 1,
  'test/engine/answers.test.ts': 18,
  'test/engine/arrowDamage.test.ts': 9,
  'test/engine/audit.test.ts': 16,
  'test/engine/auditCounts.test.ts': 22,
  'test/engine/auditStage.test.ts': 14,
  'test/engine/demoSafety.test.ts': 13,
  'test/engine/lifecycle.test.ts': 11,
  'test/engine/lint.test.ts': 25,
  'test/engine/lintHealthy.test.ts': 20,
  'test/engine/lintData.test.ts': 40,
  'test/engine/lintWithstand.test.ts': 15,
  'test/engine/sampleCapacity.test.ts': 28,
  'test/engine/sampleFolder.test.ts': 52,
  'test/engine/sampleFormats.test.ts': 26,
  'test/engine/sampleRows.test.ts': 13,
  'test/engine/sampleWithstand.test.ts': 14,
  'test/engine/sides.test.ts': 10,
  'test/engine/storyExclusions.test.ts': 10,
  'test/engine/withstand.test.ts': 18,
  'test/unit/halfTypedConfig.test.ts': 20,
  'test/cli/audit.test.ts': 26,
  'test/cli/docsDemo.test.ts': 12,
  'test/cli/sample.test.ts': 20,
  'test/cli/sampling.test.ts': 20,
  'test/cli/trial.test.ts': 20,
  'test/cli/trialRows.test.ts': 10,
  'test/faults/handover.test.ts': 10,
  'test/faults/sampleFile.test.ts': 10,
  'test/faults/sampleFolder.test.ts': 24,
  'test/sampling/files.test.ts': 21,
  'test/sampling/logs.test.ts': 27,
  'test/sampling/outputColumns.test.ts': 34,
  'test/sampling/reference.test.ts': 39,
  'test/spark/coarseStage.test.ts': 40,
  'test/spark/endlessWindow.test.ts': 13,
  'test/spark/extract.test.ts': 30,
  'test/spark/extractFolder.test.ts': 30,
  'test/spark/lock.test.ts': 15,
  'test/spark/pythonSession43.test.ts': 85,
  'test/spark/session.test.ts': 150,
  'test/spark/shortfall.test.ts': 10,
  'test/spark/sqlSessions.test.ts': 120,
  'test/spark/users.test.ts': 17,
  'test/spark/worlds.test.ts': 60,
  'test/training/snippets.test.ts': 28,
  'test/training/peerSamplers.test.ts': 24,
  'test/unit/hostileText.test.ts': 12,
  'test/webview/accessibility.test.ts': 60,
  'test/webview/inspector.test.ts': 40,
  'test/webview/preview.test.ts': 57,
  'test/workbench/host.test.ts': 81,
  'test/workbench/browser/inspector.test.ts': 165,
  'test/workbench/browser/preview.test.ts': 142,
  'test/workbench/browser/configs.test.ts': 141,
  'test/workbench/browser/previewCompare.test.ts': 50,
  'test/workbench/browser/restricted.test.ts': 32,
  'test/workbench/browser/chinese.test.ts': 30,
};

for (const file of Object.keys(seconds)) {
  if (file.endsWith('.ts') && !existsSync(path.join(root, file)))
    throw new ScriptError(`scripts/testSeconds.mjs names ${file}, which does not exist. Remove or rename its line.`);
}

/** True for a file that has a process of its own. @param name a file of tests, relative to the clone */
export const isLong = (name) => name in seconds;

/** Seconds of a file that shares a process. */
const smallSeconds = (name) => (/^test\/(unit|repo)\//.test(name) ? 1 : 3);

/** @param names a program that the run checks, or the files of a process, relative to the clone */
export const secondsOf = (names) =>
  names.reduce((sum, name) => sum + (seconds[name] ?? (names.length > 1 ? smallSeconds(name) : 5)), 0);
