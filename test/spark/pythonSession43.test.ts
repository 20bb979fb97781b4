import { before } from 'node:test';
import { folder } from '../engine/fixture.ts';
import { sessionProgram, testPythonSession } from './pythonSession.ts';
import { skip, submit } from './realSpark.ts';

const session = testPythonSession('4.3');

before(async () => {
  if (skip !== false) return;
  const cluster = { version: '4.3', args: await session.write(), isInterpreted: true } as const;
  session.read(await submit('submit', folder, sessionProgram, [], cluster));
});
