// Loaded before the tests by `npm test`: properties try the same cases in every run. Another `--seed` tries others. Threads, which tests start, inherit it: they know no TypeScript.
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.RECSAMPLE_PROPERTY_SEED) });
