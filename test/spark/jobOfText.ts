const [beginning, end] = ['JOB = json.loads(r"""\n', '\n""")\n'] as const;

/** A step of a job in Python. */
interface PythonStep {
  readonly name: string;
  readonly needs: readonly string[];
  readonly statements?: readonly (readonly string[])[];
  readonly inputs?: readonly {
    readonly place: string;
    readonly options: Readonly<Record<string, string>>;
    readonly columns: readonly string[] | null;
  }[];
  readonly rows?: string;
  readonly folder?: string;
}

interface PythonJob {
  readonly about: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly publish: Readonly<Record<string, string>> | null;
  readonly sections: readonly { readonly title: string; readonly steps: readonly PythonStep[] }[];
}

/** A job in Python: its JSON as text and as value, and the program without it. */
export function jobOfText(text: string): { readonly json: string; readonly job: PythonJob; readonly program: string } {
  const [before = '', rest = ''] = text.split(beginning);
  const json = rest.slice(0, rest.indexOf(end));
  return { json, job: JSON.parse(json) as PythonJob, program: before + rest.slice(rest.indexOf(end)) };
}

export const stepsOf = ({ sections }: PythonJob): readonly PythonStep[] => sections.flatMap(({ steps }) => steps);
