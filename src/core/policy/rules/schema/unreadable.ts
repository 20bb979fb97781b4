import { message, type Message } from '../../../message/message.ts';
import type { Failure, Place } from '../../../message/failure.ts';
import { pathFrom } from '../../../data/absolutePath.ts';
import { datasetPath, datasetsOf } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report } from '../../rule.ts';

export const unreadable = defineRule({
  id: 'schema/unreadable',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) => datasetNeeds(context),
  *check({ config, facts, root }): Iterable<Report> {
    for (const name of datasetsOf(config)) {
      const file = facts.dataset(name);
      const failure = file?.state === 'unreadable' ? file.failure : file?.state === 'known' ? file.damage : undefined;
      if (failure)
        yield { at: [...datasetPath(name), 'path'], message: failure.message, details: detailsOf(failure, root) };
    }
  },
  docs: {
    summary: 'The files of an entry of `data` cannot be read',
    why: `A file stops the pipeline if it is truncated, damaged, encrypted, empty, not in the format that its name says,
or not readable by you. The finding names the file, the position if it is known, and what to do.`,
    source: 'The reader of the format reports the error.',
    wrong: {
      text: changed('recall', ['../data/users.parquet', '../README.md']),
      datasets: {
        users: {
          state: 'unreadable',
          failure: {
            code: 'unsupported',
            message: message('The file name does not indicate a readable format'),
            place: { path: '/demo/README.md' },
          },
        },
      },
      reportedAt: '../README.md',
    },
    right: { text: changed('recall') },
  },
});

function detailsOf({ place, advice }: Failure, root: string | null): Message[] {
  return [
    ...(place?.path === undefined ? [] : [placed(root === null ? place.path : pathFrom(root, place.path), place)]),
    ...(advice ? [advice] : []),
  ];
}

function placed(path: string, { line, byte }: Place): Message {
  if (line !== undefined) return message('{0}, line {1}', path, line);
  return byte === undefined ? message('{0}', path) : message('{0}, byte {1}', path, byte);
}
