import { fuzzTests } from './fuzzTests.ts';
import { messageTargets } from './targets/messages.ts';

fuzzTests(messageTargets);
