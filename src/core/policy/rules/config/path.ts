import { removePair } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { datasetEntry, datasetPath, datasetsOf } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { problemReports } from '../../problemReports.ts';
import { refusedPath } from '../../../data/refusedPath.ts';
import { defineRule, type Report } from '../../rule.ts';

export const path = defineRule({
  id: 'config/path',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    const { config, document, facts, folder, root } = context;
    yield* problemReports('config/path', context);
    for (const name of datasetsOf(config)) {
      const { path: text, table } = datasetEntry(config, name) ?? {};
      const at = [...datasetPath(name), 'path'];
      if (text !== undefined && table !== undefined) {
        const tablePath = [...datasetPath(name), 'table'];
        yield {
          at: tablePath,
          on: 'key',
          message: message('data.{0} can have either path or table, not both', name),
          fixes: [{ title: message('Remove {0}', 'table'), changes: removePair(document, tablePath), safe: false }],
        };
      }
      if (text === undefined) continue;
      const refused = refusedPath(text, { folder, root });
      const file = facts.dataset(name);
      if (refused) yield { at, message: refused };
      else if (file?.state === 'refused') yield { at, message: file.failure.message };
    }
  },
  docs: {
    summary:
      'A path is not allowed: an address, a network path, a device, or outside the workspace. Or a policy cannot be read',
    why: `A config is often written by somebody else. Opening a folder must not make the editor read files elsewhere on
the machine, wait for a network drive or hang on a device. So RecSample rejects such paths before it looks for any file:
addresses (\`s3://…\`, \`file:…\`), network paths, devices, pipes, and paths outside the workspace. It also rejects
paths that leave the workspace through a symbolic link. For tables that only the cluster can read, use \`table\` instead
of \`path\`.

The same limits apply to policy files. The rule also reports a policy file that does not exist, cannot be read or
extends itself. The finding is where the config names the file.`,
    source: 'A safety rule of RecSample. Policies can extend each other at most ten levels deep.',
    wrong: {
      text: changed('recall', ['../data/items.parquet', '../../elsewhere/items.parquet']),
      reportedAt: '../../elsewhere/items.parquet',
    },
    right: { text: changed('recall') },
  },
});
