// How splitters of command lines read the commands that users write for Spark.
import { render } from '../../src/core/message/message.ts';
import { failureOf } from '../../src/core/message/failure.ts';
import { sparkProgram } from '../../src/core/spark/sparkCommand.ts';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { folder, load } from './alternatives.mjs';

const { parse } = await load('shell-quote');
// It can only be imported.
const stringArgv = pathToFileURL(path.join(folder, 'node_modules/string-argv/index.js')).href;
const { parseArgsStringToArgv } = await import(stringArgv);
const shlex = await load('shlex');
const splitters = {
  ours: (line) => {
    const { program, args } = sparkProgram(line, '{file}', '--command');
    return [program, ...args.slice(0, -2)];
  },
  'shell-quote': (line) => parse(line),
  'string-argv': (line) => parseArgsStringToArgv(line),
  shlex: (line) => shlex.split(line),
};

for (const line of [
  String.raw`C:\spark\bin\spark-sql.cmd --master local[4]`,
  `spark-sql --conf spark.driver.extraJavaOptions='-Da=1 -Db=2'`,
  `spark-sql --conf "open`,
  'spark-sql --jars s3a://lake/*.jar --conf a=$HOME --name a;b',
  'spark-sql --name a#b #c',
  `spark-sql --name ''`,
]) {
  console.log(line);
  for (const [name, split] of Object.entries(splitters)) {
    try {
      console.log(`  ${name}:`, JSON.stringify(split(line)));
    } catch (error) {
      console.log(`  ${name}: error:`, name === 'ours' ? render(failureOf(error).message) : error.message);
    }
  }
}
