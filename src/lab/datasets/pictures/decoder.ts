/** Pictures from the bytes of files, without TensorFlow: the same on every engine. */
import * as l10n from '@vscode/l10n';
import { decodeBmp } from './bmp';
import { cutShort, damaged, headOf, NotUsable, type Head, type Picture } from './formats';
import { decodePng } from './png';

/** A picture of more pixels would take 400 MB and more while it is read. */
const MOST_MEGAPIXELS = 100;

/** Warnings of libjpeg's about what changes no pixel. */
const HARMLESS = /extraneous bytes|Adobe|progression/i;

/** What emscripten makes of a C++ library. */
interface Codec {
  decode(
    bytes: Uint8Array,
    keepOrientation?: boolean,
  ): { data: Uint8ClampedArray; width: number; height: number } | null;
}
export type Factory = (options: {
  noInitialRun: boolean;
  /** What it writes to stderr. */
  printErr: (text: string) => void;
  instantiateWasm: (imports: object, done: (instance: WebAssembly.Instance) => void) => object;
}) => Promise<Codec>;

type CodecName = 'jpeg' | 'webp';

interface Parts {
  readonly factory: Factory;
  readonly wasm: Uint8Array;
}

const PARTS: Readonly<Record<CodecName, () => Promise<Parts>>> = {
  jpeg: async () => ({
    factory: (await import('@jsquash/jpeg/codec/dec/mozjpeg_dec.js')).default,
    wasm: (await import('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm')).default,
  }),
  webp: async () => ({
    factory: (await import('@jsquash/webp/codec/dec/webp_dec.js')).default,
    wasm: (await import('@jsquash/webp/codec/dec/webp_dec.wasm')).default,
  }),
};
/** Imported once: in a bundle an import copies what is imported, of bytes each as a property, which takes 140 ms. */
const parts: Partial<Record<CodecName, Promise<Parts>>> = {};

/** Holds the decoders that are needed, and the memory that they take, until nobody has it any more. */
export class Decoder {
  private readonly modules = new Map<string, WebAssembly.Module>();
  private readonly codecs = new Map<string, Codec>();
  /** What the libraries have written to stderr: how often, and the last line. */
  private complaints = 0;
  private complaint = '';

  /** @throws NotUsable, with the reason */
  async decode(bytes: Buffer): Promise<{ readonly picture: Picture; readonly head: Head }> {
    const head = headOf(bytes);
    if (head.width * head.height > MOST_MEGAPIXELS * 1e6) {
      const size = `${head.width} × ${head.height}`;
      throw new NotUsable(l10n.t('{0} pixels, more than {1} million', size, MOST_MEGAPIXELS));
    }
    return { picture: await this.pictureIn(bytes, head), head };
  }

  private async pictureIn(bytes: Buffer, { format }: Head): Promise<Picture> {
    if (format === 'png') return decodePng(bytes);
    if (format === 'bmp') return decodeBmp(bytes);
    if (format === 'gif') return await decodeGif(bytes);
    return await this.decodeWith(format, bytes);
  }

  private async decodeWith(name: CodecName, bytes: Buffer): Promise<Picture> {
    const codec = this.codecs.get(name) ?? (await this.start(name));
    const before = this.complaints;
    let decoded: ReturnType<Codec['decode']>;
    try {
      decoded = name === 'jpeg' ? codec.decode(bytes, false) : codec.decode(bytes);
    } catch (error) {
      if (!hasEnded(error)) throw error;
      this.codecs.delete(name); // it has ended itself
      throw this.refusal(before);
    }
    // libjpeg fills what is missing with grey, and says so; libwebp gives nothing.
    if (decoded === null || this.complaints > before) throw this.refusal(before);
    const { data: pixels, width, height } = decoded;
    return { width, height, pixels, opaque: name === 'jpeg' };
  }

  private refusal(before: number): NotUsable {
    if (this.complaints === before) return damaged(l10n.t('its parts do not fit together, or it is an animation'));
    return /premature end/i.test(this.complaint) ? cutShort() : damaged(this.complaint);
  }

  private async start(name: CodecName): Promise<Codec> {
    const { factory, wasm } = await (parts[name] ??= PARTS[name]());
    const module = this.modules.get(name) ?? new WebAssembly.Module(wasm);
    this.modules.set(name, module);
    const codec = await factory({
      noInitialRun: true,
      printErr: (text) => {
        if (HARMLESS.test(text)) return;
        this.complaints += 1;
        this.complaint = text;
      },
      instantiateWasm: (imports, done) => {
        const instance = new WebAssembly.Instance(module, imports);
        done(instance);
        return instance.exports;
      },
    });
    this.codecs.set(name, codec);
    return codec;
  }
}

/** The library has called "exit", or touched memory that is not there. */
function hasEnded(error: unknown): boolean {
  const { name } = error as { readonly name?: unknown };
  return name === 'ExitStatus' || name === 'RuntimeError';
}

/** The first frame of an animation. */
async function decodeGif(bytes: Buffer): Promise<Picture> {
  const { GifReader } = await import('omggif');
  try {
    const reader = new GifReader(bytes);
    const { width, height } = reader;
    if (reader.numFrames() === 0) throw damaged(l10n.t('a GIF without a picture'));
    const pixels = new Uint8Array(4 * width * height);
    reader.decodeAndBlitFrameRGBA(0, pixels);
    return { width, height, pixels, opaque: false };
  } catch (error) {
    if (error instanceof NotUsable) throw error;
    throw damaged(error instanceof Error ? error.message : String(error));
  }
}
