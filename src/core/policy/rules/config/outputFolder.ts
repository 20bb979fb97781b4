import { setValue } from '../../../config/edits.ts';
import { written } from '../../../config/written.ts';
import { datasetEntry, sampleName, samplePathKey } from '../../../data/dataColumns.ts';
import { message } from '../../../message/message.ts';
import { stages } from '../../../schema/stage.ts';
import { isSampleName } from '../../../table/sampleName.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

const column = ['output', 'partition_by', 'column'];
/** Names that every reader of folders decodes to themselves, and that none skips. */
const plainName = /^[\p{L}][\p{L}\p{N}_-]*$/u;

export const outputFolder = defineRule({
  id: 'config/output-folder',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    const { shards, partition_by: partition } = context.config.output ?? {};
    const name = partition?.column;
    if (shards === undefined && name === undefined) return;
    yield* files(context);
    if (name !== undefined && !plainName.test(name))
      yield {
        at: column,
        message: message('The partition column names folders, so it can only have letters, digits, _ and -: {0}', name),
      };
  },
  docs: {
    summary: '`shards` or `partition_by` write a folder, but the path of the samples is a file',
    why: `With \`output.shards\` or \`output.partition_by\`, a sample is a folder of files. A path such as
\`out/recall.parquet\` names one file, so readers that follow the config would look for that file. Name the folder
instead: \`out/recall\`.

The partition column is part of the names of folders, such as \`dt=20261120\`. Letters, digits, \`_\` and \`-\` mean the
same to all readers. Readers skip names that begin with \`_\` or \`.\`.`,
    source: 'How RecSample writes folders: partition folders follow Hive naming.',
    wrong: {
      text: changed('recall', ['output: {layout: long,', 'output: {layout: long, shards: 8,']),
      reportedAt: '../out/recall.parquet',
    },
    right: {
      text: changed(
        'recall',
        ['output: {layout: long,', 'output: {layout: long, shards: 8,'],
        ['../out/recall.parquet', '../out/recall'],
      ),
    },
  },
});

function* files({ config, document }: RuleContext): Iterable<Report> {
  for (const stage of stages) {
    const path = datasetEntry(config, sampleName(stage))?.path;
    if (path === undefined || !isSampleName(path) || /[*?[\]{}]/.test(path)) continue;
    const at = samplePathKey(stage);
    const name = path.replace(/(\.[^./\\]+)+$/, '');
    const text = document.locate(at).value;
    // A path with variables keeps them.
    const isPlain = text?.kind === 'scalar' && text.value === path;
    yield {
      at,
      stage,
      message: message('{0} is a file, but output.shards or output.partition_by writes a folder', path),
      fixes: isPlain
        ? [
            {
              title: message('Change to {0}', name),
              changes: setValue(document, at, written(name, document.language)),
              safe: false,
            },
          ]
        : [],
    };
  }
}
