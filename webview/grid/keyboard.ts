/** Actions of keys in the grid. Positions and rows are relative; `edge` goes to the end of the row or of the grid. */
export type GridAction =
  | { readonly kind: 'move'; readonly rows: number; readonly positions: number; readonly extend: boolean }
  | { readonly kind: 'page'; readonly down: boolean; readonly extend: boolean }
  | {
      readonly kind: 'edge';
      readonly row: 'first' | 'last' | null;
      readonly position: 'first' | 'last' | null;
      readonly extend: boolean;
    }
  /** `usual`: one cell as its value alone, several with headers. */
  | { readonly kind: 'copy'; readonly headers: boolean | 'usual' }
  | { readonly kind: 'select'; readonly what: 'all' | 'rows' | 'columns' }
  | {
      readonly kind:
        | 'nextGroup'
        | 'previousGroup'
        | 'goToRow'
        | 'detail'
        | 'profile'
        | 'filterByValue'
        | 'sort'
        | 'addSort'
        | 'story'
        | 'userRows'
        | 'pin'
        | 'menu'
        | 'closeDetail'
        | 'narrower'
        | 'wider'
        | 'fit';
    };

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** The action of a key press; null if the grid does not use the key. On a Mac, Command replaces Control. */
export function gridAction(event: Key): GridAction | null {
  const { key, shiftKey: extend } = event;
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey)
    return key === 'ArrowUp'
      ? { kind: 'previousGroup' }
      : key === 'ArrowDown'
        ? { kind: 'nextGroup' }
        : key === 'ArrowLeft'
          ? { kind: 'narrower' }
          : key === 'ArrowRight'
            ? { kind: 'wider' }
            : key === 'Enter'
              ? { kind: 'fit' }
              : null;
  switch (key) {
    case 'ArrowUp':
      return control
        ? { kind: 'edge', row: 'first', position: null, extend }
        : { kind: 'move', rows: -1, positions: 0, extend };
    case 'ArrowDown':
      return control
        ? { kind: 'edge', row: 'last', position: null, extend }
        : { kind: 'move', rows: 1, positions: 0, extend };
    case 'ArrowLeft':
      return control
        ? { kind: 'edge', row: null, position: 'first', extend }
        : { kind: 'move', rows: 0, positions: -1, extend };
    case 'ArrowRight':
      return control
        ? { kind: 'edge', row: null, position: 'last', extend }
        : { kind: 'move', rows: 0, positions: 1, extend };
    case 'Home':
      return { kind: 'edge', row: control ? 'first' : null, position: 'first', extend };
    case 'End':
      return { kind: 'edge', row: control ? 'last' : null, position: 'last', extend };
    case 'PageUp':
      return { kind: 'page', down: false, extend };
    case 'PageDown':
      return { kind: 'page', down: true, extend };
    case 'ContextMenu':
      return { kind: 'menu' };
    case 'Escape':
      return { kind: 'closeDetail' };
    case 'F10':
      return extend ? { kind: 'menu' } : null;
    case ' ':
      return extend
        ? { kind: 'select', what: 'rows' }
        : control
          ? { kind: 'select', what: 'columns' }
          : { kind: 'detail' };
    case 'Enter':
      return { kind: 'detail' };
  }
  const letter = key.toLowerCase();
  if (control) {
    if (letter === 'c') return { kind: 'copy', headers: extend ? false : 'usual' };
    if (letter === 'a' && !extend) return { kind: 'select', what: 'all' };
    if (letter === 'g' && !extend) return { kind: 'goToRow' };
    return null;
  }
  if (extend) return letter === 's' ? { kind: 'addSort' } : letter === 'h' ? { kind: 'userRows' } : null;
  return letter === 'f'
    ? { kind: 'filterByValue' }
    : letter === 's'
      ? { kind: 'sort' }
      : letter === 'p'
        ? { kind: 'pin' }
        : letter === 'h'
          ? { kind: 'story' }
          : letter === 'i'
            ? { kind: 'profile' }
            : null;
}
