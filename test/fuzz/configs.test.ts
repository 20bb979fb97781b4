import { fuzzTests } from './fuzzTests.ts';
import { configTargets } from './targets/configs.ts';

fuzzTests(configTargets);
