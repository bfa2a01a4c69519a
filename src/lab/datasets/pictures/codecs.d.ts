/** What has no types of its own, or such that need those of browsers. */

/** esbuild puts the bytes of such a file into the bundle. */
declare module '*.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}

declare namespace WebAssembly {
  /** Compiled, and nothing that could be looked at. */
  interface Module {
    readonly compiled?: never;
  }
  interface Instance {
    readonly exports: object;
  }
  const Module: new (bytes: Uint8Array) => Module;
  const Instance: new (module: Module, imports: object) => Instance;
}

declare module '@jsquash/jpeg/codec/dec/mozjpeg_dec.js' {
  const factory: import('./decoder').Factory;
  export default factory;
}

declare module '@jsquash/webp/codec/dec/webp_dec.js' {
  const factory: import('./decoder').Factory;
  export default factory;
}

declare module 'omggif' {
  export class GifReader {
    readonly width: number;
    readonly height: number;
    constructor(bytes: Uint8Array);
    numFrames(): number;
    /** @param pixels RGBA of the whole picture */
    decodeAndBlitFrameRGBA(frame: number, pixels: Uint8Array): void;
  }
}
