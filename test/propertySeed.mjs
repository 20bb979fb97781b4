// `npm test` loads this before the tests, so that property tests try the same cases in every run. Another `--seed`
// tries other cases. Threads that tests start inherit it and cannot load TypeScript, so this file is JavaScript.
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.RECSAMPLE_PROPERTY_SEED) });
