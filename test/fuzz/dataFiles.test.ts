import { fuzzTests } from './fuzzTests.ts';
import { dataFileTargets } from './targets/dataFiles.ts';

fuzzTests(dataFileTargets);
