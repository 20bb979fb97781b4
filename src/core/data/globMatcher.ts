import { valueAt } from '../valueAt.ts';

/** A state consumes a code point, or forks to other states without consuming one. The last state ends the pattern. */
type State =
  | { readonly kind: 'take'; readonly accepts: (codePoint: number) => boolean }
  | { readonly kind: 'fork'; readonly targets: number[] };

const SLASH = 0x2f;
const inName = (codePoint: number): boolean => codePoint !== SLASH;
const any = (): boolean => true;

/** The states that are possible after the first characters of a path. */
export type GlobPlace = readonly number[];

/** A group of alternatives in braces that is not yet closed. */
interface Group {
  /** Fork to each alternative. */
  readonly alternatives: number[];
  /** Fork where each alternative except the last leaves the group. */
  readonly exits: number[][];
}

/**
 * Matches paths against a glob. Follows all ways through the pattern at once, so time is bounded by path × pattern. A
 * backtracking expression takes minutes for `*a*a*a*a*a*ab`.
 */
export class GlobMatcher {
  readonly #states: State[] = [];
  /** The last step at which each state was reached. */
  readonly #reached: Float64Array;
  #step = 0;

  /** @throws RangeError for a range with a descending order */
  constructor(pattern: string) {
    this.#compile(Array.from(pattern));
    this.#reached = new Float64Array(this.#states.length + 1);
  }

  /** True if the whole path matches. */
  test(path: string): boolean {
    return this.isEnd(this.advance(this.start(), path));
  }

  /** The states at the beginning of a path. */
  start(): GlobPlace {
    this.#step++;
    return this.#follow([0]);
  }

  /** The states after reading `text`. Without states, no continuation matches. */
  advance(place: GlobPlace, text: string): GlobPlace {
    let current = place;
    for (const letter of text) {
      const codePoint = letter.codePointAt(0) ?? 0;
      const next: number[] = [];
      for (const at of current) {
        const state = this.#states[at];
        if (state?.kind === 'take' && state.accepts(codePoint)) next.push(at + 1);
      }
      this.#step++;
      current = this.#follow(next);
      if (current.length === 0) break;
    }
    return current;
  }

  /** True if a path may end here. */
  isEnd(place: GlobPlace): boolean {
    return place.includes(this.#states.length);
  }

  /** The states reachable through forks: those that consume a code point, and the end. Each occurs once. */
  #follow(from: number[]): number[] {
    const reachable: number[] = [];
    for (let at = from.pop(); at !== undefined; at = from.pop()) {
      if (this.#reached[at] === this.#step) continue;
      this.#reached[at] = this.#step;
      const state = this.#states[at];
      // Not spread: there may be more alternatives than a call accepts arguments.
      if (state?.kind === 'fork') for (const target of state.targets) from.push(target);
      else reachable.push(at);
    }
    return reachable;
  }

  #compile(letters: readonly string[]): void {
    const groups: Group[] = [];
    for (let k = 0; k < letters.length; k++) {
      const letter = letters[k] ?? '';
      const group = groups.at(-1);
      if (letter === '*' && letters[k + 1] === '*') {
        k++;
        if (letters[k + 1] === '/') {
          k++;
          this.#folders();
        } else this.#repeat(any);
      } else if (letter === '*') this.#repeat(inName);
      else if (letter === '?') this.#take(inName);
      else if (letter === '[') {
        const end = letters.indexOf(']', k + 2);
        this.#take(end < 0 ? letterOnly(letter) : classOf(letters.slice(k + 1, end)));
        if (end >= 0) k = end;
      } else if (letter === '{') {
        const alternatives = this.#fork();
        alternatives.push(this.#states.length);
        groups.push({ alternatives, exits: [] });
      } else if (letter === '}' && group) {
        groups.pop();
        this.#close(group);
      } else if (letter === ',' && group) {
        group.exits.push(this.#fork());
        group.alternatives.push(this.#states.length);
      } else this.#take(letterOnly(letter));
    }
    for (let group = groups.pop(); group; group = groups.pop()) this.#close(group);
  }

  #take(accepts: (codePoint: number) => boolean): void {
    this.#states.push({ kind: 'take', accepts });
  }

  /** Adds a fork. The caller may add more targets. */
  #fork(...targets: number[]): number[] {
    this.#states.push({ kind: 'fork', targets });
    return targets;
  }

  #close({ exits }: Group): void {
    for (const exit of exits) exit.push(this.#states.length);
  }

  /** Any number of code points. */
  #repeat(accepts: (codePoint: number) => boolean): void {
    const start = this.#states.length;
    const targets = this.#fork(start + 1);
    this.#take(accepts);
    this.#fork(start);
    targets.push(this.#states.length);
  }

  /** Any number of names, each with its slash. */
  #folders(): void {
    const start = this.#states.length;
    const targets = this.#fork(start + 1);
    this.#take(inName);
    this.#repeat(inName);
    this.#take(letterOnly('/'));
    this.#fork(start);
    targets.push(this.#states.length);
  }
}

function letterOnly(letter: string): (codePoint: number) => boolean {
  const accepted = letter.codePointAt(0);
  return (codePoint) => codePoint === accepted;
}

/** A character class, given the characters between its brackets. `-` at either end is literal. */
function classOf(letters: readonly string[]): (codePoint: number) => boolean {
  const negated = letters[0] === '!' || letters[0] === '^';
  const points = (negated ? letters.slice(1) : letters).map((letter) => letter.codePointAt(0) ?? 0);
  const ranges: [low: number, high: number][] = [];
  for (let k = 0; k < points.length; k++) {
    const low = valueAt(points, k);
    const isRange = points[k + 1] === 0x2d && k + 2 < points.length;
    const high = isRange ? valueAt(points, k + 2) : low;
    if (high < low) throw new RangeError('a range goes downwards');
    ranges.push([low, high]);
    if (isRange) k += 2;
  }
  return (codePoint) => ranges.some(([low, high]) => low <= codePoint && codePoint <= high) !== negated;
}
