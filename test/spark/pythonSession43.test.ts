import { testPythonSession } from './pythonSession.ts';

testPythonSession('4.3');
