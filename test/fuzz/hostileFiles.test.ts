import { fuzzTests } from './fuzzTests.ts';
import { hostileFileTargets } from './targets/hostileFiles.ts';

fuzzTests(hostileFileTargets);
