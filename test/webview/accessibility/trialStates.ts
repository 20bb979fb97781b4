import { testAccessibility } from '../accessibility.ts';
import type { OpenOptions } from '../browser.ts';

const trial = (parameters: NonNullable<OpenOptions['parameters']>, width = 1240): OpenOptions => ({
  path: 'trial',
  width,
  height: 520,
  parameters,
});

testAccessibility({
  trial: {
    options: trial({}),
    reach: async (page) => {
      await page.getByText('All gates passed').waitFor();
      await page.locator('rs-differences .frame').focus();
      await page.keyboard.press('ArrowDown');
      await page.getByText('Training loss by epoch').click();
      await page.locator('rs-lines svg path').first().waitFor();
    },
  },
  trialfired: {
    options: trial({ scenario: 'hostile' }, 720),
    reach: async (page) => {
      await page.getByText('Logged clicks mostly repeat').waitFor();
      await page.keyboard.press('t');
      await page.locator('rs-pareto table').waitFor();
    },
  },
  trialrunning: {
    options: trial({ held: 'run' }),
    reach: (page) => page.getByText('Nothing is written').waitFor(),
  },
});
