import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { formatCount, formatBytes } from '../core/table/format.ts';
import { message, render, type Translate } from '../core/message/message.ts';
import { printable } from '../core/message/printable.ts';
import { noWritableFormat, sampleFormatOfName, type SampleFormat } from '../core/table/sampleName.ts';
import type { ExportSummary } from '../protocol/engine.ts';
import type { CommandContext, CommandInput } from './command.ts';
import { parseOutPath } from './outputPath.ts';
import { usageError } from './usage.ts';

/** The file of `--export`. */
export interface ExportTarget {
  /** As the user gave it. */
  readonly named: string;
  /** Absolute. */
  readonly path: string;
  readonly format: SampleFormat;
  /** True if an apostrophe is put before formulas in a CSV file. */
  readonly guard: boolean;
}

/**
 * The file of `--export`; null without that option.
 * @throws FailureError for a name without a writable format, a file that exists, or options that exclude each other
 */
export function exportTarget(
  input: CommandInput,
  { directory }: Pick<CommandContext, 'directory'>,
  help: string,
): ExportTarget | null {
  const hint = message('See {0}.', help);
  const argument = input.text('export');
  if (argument === undefined) {
    for (const option of ['exact', 'force'])
      if (input.flag(option)) throw usageError(message('{0} needs {1}', `--${option}`, '--export'), hint);
    return null;
  }
  const named = parseOutPath(argument, '--export', help);
  for (const [option, isGiven] of [
    ['--rows', input.text('rows') !== undefined],
    ['--digest', input.flag('digest')],
    ['--group-by', input.text('group-by') !== undefined],
  ] as const)
    if (isGiven) throw usageError(message('{0} is for a report, and --export writes all rows to a file', option), hint);
  const format = sampleFormatOfName(named);
  if (format === null) throw usageError(noWritableFormat(basename(named)), hint);
  const path = resolve(directory, named);
  if (existsSync(path) && !input.flag('force'))
    throw usageError(
      message('{0} already exists', named),
      message('Choose another name, or replace the file with {0}.', '--force'),
    );
  return { named, path, format, guard: !input.flag('exact') };
}

/** What `--export` has written, as text or JSON. */
export function exportReport(
  input: CommandInput,
  { named }: ExportTarget,
  { rows, bytes, guarded }: ExportSummary,
  translate: Translate,
): string {
  if (input.text('format') === 'json') return `${JSON.stringify({ path: named, rows, bytes, guarded }, null, 2)}\n`;
  const lines = [
    message('{0}: {1} rows, {2}', named, formatCount(rows), formatBytes(bytes)),
    ...(guarded === 0
      ? []
      : [
          message(
            '{0} texts got an apostrophe, so that a spreadsheet does not run them as formulas. {1} writes them unchanged.',
            formatCount(guarded),
            '--exact',
          ),
        ]),
  ];
  return lines.map((line) => `${printable(render(line, translate))}\n`).join('');
}
