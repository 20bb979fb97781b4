/** Bytes of a page of WebAssembly. */
const PAGE = 65536;
/** Bytes of a vector. A place of 0 stands for nothing, so nothing begins there. */
const ALIGNED = 16;

type Typed = Uint16Array | Uint32Array | Int32Array | Float64Array;

/** Columns in a memory of WebAssembly, one behind the other. */
export class Arena {
  #end = ALIGNED;

  constructor(private readonly memory: WebAssembly.Memory) {}

  /** The first byte behind everything. */
  get end(): number {
    return this.#end;
  }

  /** Forgets all from that byte on. */
  rewind(end: number): void {
    this.#end = end;
  }

  /** Makes room for so many bytes. When the memory grows, earlier views are left without one. @throws RangeError where there is none */
  reserve(bytes: number): void {
    const missing = this.#end + bytes - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
  }

  /** @returns the place of so many bytes, reserved or not */
  take(bytes: number): number {
    const place = Math.ceil(this.#end / ALIGNED) * ALIGNED;
    this.reserve(place - this.#end + bytes);
    this.#end = place + bytes;
    return place;
  }

  /** @returns the place of a copy; 0 of nothing */
  keep(values: Typed | null): number {
    if (!values) return 0;
    const place = this.take(values.byteLength);
    const Made = values.constructor as new (buffer: ArrayBuffer, place: number, length: number) => Typed;
    new Made(this.memory.buffer, place, values.length).set(values);
    return place;
  }

  // Globals of the module give places above 2^31 as negative numbers.
  uint32(place: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, place >>> 0, length);
  }
  int32(place: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, place >>> 0, length);
  }
  float64(place: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, place >>> 0, length);
  }
}
