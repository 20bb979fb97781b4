// Compares command line parsers: messages about four mistakes, and CPU time to load the parser.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { readInput } from '../../src/cli/arguments.ts';
import { describeFailure, failureOf } from '../../src/core/message/failure.ts';
import { folder, load } from './alternatives.mjs';

const { Command } = await load('commander');
const { default: yargs } = await load('yargs');
const own = { format: { type: 'string', help: { text: '' } }, fix: { type: 'boolean', help: { text: '' } } };
const parsers = {
  ours: (args) => {
    const input = readInput(args, own, 'recsample lint --help');
    return { format: input.texts('format'), fix: input.flag('fix') };
  },
  parseArgs: (args) => parseArgs({ args, options: { format: { type: 'string' }, fix: { type: 'boolean' } } }).values,
  commander: (args) =>
    new Command()
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .option('--format <name>')
      .option('--fix')
      .parse(args, { from: 'user' })
      .opts(),
  yargs: (args) =>
    yargs(args)
      .options({ format: { type: 'string', requiresArg: true }, fix: { type: 'boolean' } })
      .strict()
      .fail((text) => {
        throw new Error(text);
      })
      .parse(),
};

for (const line of ['--formt json', '--format', '--format json --format sarif', '--fix=yes']) {
  console.log(line);
  for (const [name, parse] of Object.entries(parsers)) {
    try {
      console.log(`  ${name}:`, JSON.stringify(parse(line.split(' '))));
    } catch (error) {
      console.log(`  ${name}:`, name === 'ours' ? describeFailure(failureOf(error)) : error.message);
    }
  }
}

for (const name of ['node:util', 'commander', 'yargs']) {
  const script = `const u = process.cpuUsage(); await import('${name}'); const d = process.cpuUsage(u); console.log((d.user + d.system) / 1000)`;
  const times = Array.from({ length: 7 }, () =>
    Number(spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder }).stdout),
  );
  console.log(`${name}: ${times.sort((a, b) => a - b)[3]} ms of CPU time to load`);
}
