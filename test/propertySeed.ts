// Loaded before the tests by `npm test`: properties try the same cases in every run. Another `--seed` tries others.
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.RECSAMPLE_PROPERTY_SEED) });
