/** Bytes of a WebAssembly page. */
const PAGE = 65536;
/** Pages that an address of 32 bits can reach. */
const MAX_PAGES = 65536;
/** Bytes of a vector. Address 0 means "nothing", so no column begins there. */
const ALIGNED = 16;

type Typed = Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Columns in a WebAssembly memory, one after the other. */
export class Arena {
  #end = ALIGNED;

  /** `mostPages`: the maximum of the memory */
  constructor(
    readonly memory: WebAssembly.Memory,
    private readonly mostPages = MAX_PAGES,
  ) {}

  /** The first byte after all columns. */
  get end(): number {
    return this.#end;
  }

  /** Frees everything from this byte on. */
  rewind(end: number): void {
    this.#end = end;
  }

  /**
   * Reserves bytes. If the memory grows, earlier views become invalid. It grows by at least a half, because each time
   * all modules that use it are updated and garbage is collected. Pages take no memory until they are written.
   * @throws RangeError if there is not enough memory
   */
  reserve(bytes: number): void {
    const pages = this.memory.buffer.byteLength / PAGE;
    const missing = Math.ceil((this.#end + bytes) / PAGE) - pages;
    if (missing > 0) this.memory.grow(Math.max(missing, Math.min(Math.ceil(pages / 2), this.mostPages - pages)));
  }

  /** @returns the address of this many bytes, reserved or not */
  take(bytes: number): number {
    const place = Math.ceil(this.#end / ALIGNED) * ALIGNED;
    this.reserve(place - this.#end + bytes);
    this.#end = place + bytes;
    return place;
  }

  /** @returns the address of a copy; 0 for null */
  keep(values: Typed | null): number {
    if (!values) return 0;
    const place = this.take(values.byteLength);
    const Made = values.constructor as new (buffer: ArrayBuffer, place: number, length: number) => Typed;
    new Made(this.memory.buffer, place, values.length).set(values);
    return place;
  }

  // Globals of the module return addresses above 2^31 as negative numbers.
  uint32(place: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, place >>> 0, length);
  }
  int16(place: number, length: number): Int16Array {
    return new Int16Array(this.memory.buffer, place >>> 0, length);
  }
  int32(place: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, place >>> 0, length);
  }
  float32(place: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, place >>> 0, length);
  }
  float64(place: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, place >>> 0, length);
  }
}
