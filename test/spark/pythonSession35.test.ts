import { testPythonSession } from './pythonSession.ts';

testPythonSession('3.5');
