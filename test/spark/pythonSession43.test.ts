import { before } from 'node:test';
import { folder } from '../engine/fixture.ts';
import { sessionProgram, testPythonSession } from './pythonSession.ts';
import { skip, submit } from './realSpark.ts';

const session = testPythonSession('4.3');

before(async () => {
  if (skip !== false) return;
  session.read(await submit('4.3', folder, sessionProgram, await session.write()));
});
