import { readJson } from './repository.ts';

interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

/** The parts of package.json that the tests check. */
export interface Manifest {
  readonly name: string;
  readonly main: string;
  readonly l10n: string;
  readonly icon?: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
      readonly enablement?: string;
    }[];
    readonly viewsContainers: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly views: Readonly<
      Record<
        string,
        readonly { readonly id: string; readonly name: string; readonly when?: string; readonly icon?: string }[]
      >
    >;
    readonly viewsWelcome?: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
    readonly customEditors: readonly {
      readonly viewType: string;
      readonly selector: readonly { readonly filenamePattern: string }[];
      readonly priority?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly keybindings?: readonly { readonly command: string; readonly when?: string }[];
    readonly languages?: readonly {
      readonly id: string;
      readonly configuration?: string;
      readonly icon?: { readonly light: string; readonly dark: string };
    }[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly svg: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly grammars?: readonly { readonly language: string; readonly path: string }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly scope?: string; readonly markdownDescription?: string }>>;
    };
  };
}

export const manifest = readJson('package.json') as Manifest;

/** Every text anywhere in a JSON value. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return [];
}

/** Every `when` clause of the manifest. */
export function whenClauses({ contributes }: Manifest): readonly string[] {
  return [
    ...Object.values(contributes.menus).flat(),
    ...Object.values(contributes.views).flat(),
    ...(contributes.viewsWelcome ?? []),
    ...(contributes.keybindings ?? []),
  ]
    .flatMap(({ when }) => (when === undefined ? [] : [when]))
    .concat(contributes.commands.flatMap(({ enablement }) => (enablement === undefined ? [] : [enablement])));
}
