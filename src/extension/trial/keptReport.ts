import type { TrialReport } from '../../core/trial/report.ts';
import type { TrialStart } from '../../protocol/trial.ts';

type Asked = Pick<TrialStart, 'configs' | 'options'>;

/** The last report of a panel, and whether it is still about what the panel asks for. */
export class KeptReport {
  #report: TrialReport | null = null;
  #asked = '';
  /** What the last run that began is about. A run that fails or is cancelled leaves the earlier report as it was. */
  #running = { asked: '' };

  get report(): TrialReport | null {
    return this.#report;
  }

  isStale(now: Asked): boolean {
    return this.#asked !== textOf(now);
  }

  /** Call before the texts of the configs are read. @returns what takes the report of this run */
  begin(asked: Asked): (report: TrialReport) => void {
    const own = { asked: textOf(asked) };
    this.#running = own;
    return (report) => {
      this.#report = report;
      this.#asked = own.asked;
    };
  }

  /** A text or the data changed: the report, and that of a run that goes on, are older. */
  markOutdated(): void {
    this.#asked = '';
    this.#running.asked = '';
  }
}

const textOf = ({ configs, options }: Asked): string => JSON.stringify([configs, options]);
